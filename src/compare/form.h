/* SPDX-License-Identifier: Apache-2.0
 *
 * form.h - what a node is, however its pickler spelt it.
 *
 * Protocols 0 to 2 write bytes as _codecs.encode(text, "latin1"), sets as set([…]) and instances
 * through copyreg._reconstructor (CPython 3.13, Lib/pickle.py and Lib/copyreg.py); modules were
 * renamed (numpy.core, copy_reg).  Here all spellings of one thing look alike. */
#ifndef BRN_COMPARE_FORM_H
#define BRN_COMPARE_FORM_H

#include "pickle/node.h"

struct brn_form {
    enum brn_node_kind kind;       /* of what would be made: BYTES for _codecs.encode(…) */
    struct brn_slice text;         /* TEXT; LONG's bytes.  BYTES and BYTEARRAY: brn_node_bytes() */
    const struct brn_items *items; /* TUPLE LIST DICT SET FROZENSET PERSISTENT */
    /* OBJECT: */
    bool is_new;                  /* made by __new__: NEWOBJ and kin; otherwise by a call */
    const struct brn_node *class; /* or the function called */
    const struct brn_items *args; /* NULL when they are no tuple */
    size_t args_skipped;          /* of args, those that are not for the constructor */
};

void brn_form_of(const struct brn_node *n, struct brn_form *ret_form);

/* An OBJECT as the call that it is, whatever it stands for. */
void brn_form_of_call(const struct brn_node *n, struct brn_form *ret_form);

/* Two GLOBALs that are one thing, renames apart. */
bool brn_form_same_global(const struct brn_node *a, const struct brn_node *b);

#endif
