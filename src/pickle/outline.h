/* SPDX-License-Identifier: Apache-2.0
 *
 * outline.h - a graph as a person looks at it: attributes of an object instead of its state's
 * pairs, values instead of the calls that make them, one line a value. */
#ifndef BRN_PICKLE_OUTLINE_H
#define BRN_PICKLE_OUTLINE_H

#include "base/buffer.h"
#include "pickle/node.h"

struct brn_outline_child {
    const struct brn_node *node;
    const struct brn_node *key; /* of an attribute or a dict; else NULL */
    size_t index;               /* when there is no key */
    bool is_attribute, is_argument;
};

/* The i-th thing below n that is worth a line; false from the count on.  Arrays, scalars and what
 * brn_outline_summary() says in full have none. */
bool brn_outline_child(const struct brn_node *n, size_t i, struct brn_outline_child *ret_child);
size_t brn_outline_count(const struct brn_node *n);

/* (name, object) and (name, object, …), as pipelines hold their steps: the object, or NULL. */
const struct brn_node *brn_outline_named_step(const struct brn_node *n);

/* Appends one line: "float64 (3,) [0.5, 1, 2]", "['a', 'b']", "dict of 20,000", "'lbfgs'", and of
 * an object the class's own name. */
void brn_outline_summary(const struct brn_node *n, struct brn_buffer *out);

/* Of an object: the module of its class, and its _sklearn_version when it tells one. */
void brn_outline_origin(const struct brn_node *n, struct brn_buffer *out);

#endif
