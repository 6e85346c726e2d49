/* SPDX-License-Identifier: Apache-2.0
 *
 * opcode.h - the one table of opcodes: the machine runs it, the disassembler prints from it.
 *
 * Names, codes, argument kinds, protocols and stack effects are those of CPython 3.13,
 * Lib/pickletools.py. */
#ifndef BRN_PICKLE_OPCODE_H
#define BRN_PICKLE_OPCODE_H

#include "base/reader.h"
#include "pickle/machine.h"

/* What follows the opcode's byte.  Bytes are borrowed from the reader. */
struct brn_argument {
    struct brn_slice bytes;  /* of counted, line and fixed arguments, without length or newline */
    struct brn_slice second; /* the second line of a pair */
    uint64_t number;         /* of whole numbers; signed ones are sign-extended */
};

/* How a disassembler shows it. */
enum brn_argument_form {
    BRN_FORM_NONE,
    BRN_FORM_UNSIGNED,
    BRN_FORM_SIGNED,
    BRN_FORM_FLOAT,  /* eight bytes, big-endian */
    BRN_FORM_LONG,   /* two's complement, little-endian */
    BRN_FORM_LATIN1, /* Python 2's str */
    BRN_FORM_BYTES,
    BRN_FORM_BYTEARRAY,
    BRN_FORM_UTF8,
    BRN_FORM_INT_LINE,  /* decimal; 00 and 01 are bools */
    BRN_FORM_LONG_LINE, /* decimal, with an optional L */
    BRN_FORM_FLOAT_LINE,
    BRN_FORM_QUOTED_LINE,  /* repr() of Python 2's str */
    BRN_FORM_UNICODE_LINE, /* raw-unicode-escape */
    BRN_FORM_PLAIN_LINE,
    BRN_FORM_LINE_PAIR,
};

struct brn_argument_kind {
    const char *name; /* pickletools' */
    enum brn_argument_form form;
    uint8_t width;     /* bytes of the number or of the count in front */
    bool signed_count; /* a negative count is refused */
    void (*read)(struct brn_reader *reader, const struct brn_argument_kind *kind,
                 struct brn_argument *ret_argument);
};

struct brn_opcode {
    const char *name; /* NULL: no such opcode */
    uint8_t code, protocol;
    const struct brn_argument_kind *argument;
    /* Stack effect as pickletools tells it, a letter an item: a any, b int or bool, B bytes, d
     * dict, f float, i int, l list, m mark, n None, o bool, s str, S bytes or str, t tuple, u
     * buffer, y bytearray, e set, z frozenset, * the items above the mark. */
    const char *before, *after;
    bool marked;   /* takes the topmost mark and all above it */
    uint8_t needs; /* items that must be there, for marked ones below the mark */
    uint8_t makes; /* enum brn_node_kind that run pushes, where one function serves several */
    brine_status (*run)(struct brn_machine *machine, const struct brn_argument *argument);
};

extern const struct brn_opcode brn_opcodes[256];

/* The opcode at the place of a reader without error, and its argument; NULL with the reader's error
 * set when there is none.  The reader then stands behind it. */
const struct brn_opcode *brn_opcode_read(struct brn_reader *reader,
                                         struct brn_argument *ret_argument);

#endif
