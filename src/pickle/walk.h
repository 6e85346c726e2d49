/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h - going through a graph without recursion.
 *
 * Graphs share nodes and may be cyclic; a walk enters each node once. */
#ifndef BRN_PICKLE_WALK_H
#define BRN_PICKLE_WALK_H

#include "base/buffer.h"
#include "pickle/node.h"

/* How a node hangs on the one above it. */
enum brn_place {
    BRN_AT_ROOT,
    BRN_AT_ATTRIBUTE, /* of an object's state: .key */
    BRN_AT_KEY,       /* value in a dict: [key] */
    BRN_AT_INDEX,     /* item of a list, tuple or set: [index] */
    BRN_AT_ARGUMENT,  /* of the call that makes an object: .args[index] */
    BRN_AT_PART,      /* no place of its own: callable, argument tuple, state, key of a dict */
};

struct brn_walk_frame {
    const struct brn_node *node;
    enum brn_place place;
    const struct brn_node *key;        /* of ATTRIBUTE and KEY */
    size_t index;                      /* of INDEX and ARGUMENT */
    size_t next;                       /* child to look at */
    bool is_state, is_args, is_nested; /* what a PART is of the object above it */
    uint32_t tag;                      /* the walker's own; copied from the frame above */
};

struct brn_walk {
    struct brn_arena *arena;
    uint8_t *seen; /* by node index */
    struct brn_walk_frame *frames;
    size_t count, capacity;
    bool failed; /* memory is out */
};

/* The arena holds what the walk needs, until it is freed. */
void brn_walk_init(struct brn_walk *walk, const struct brn_graph *graph, struct brn_arena *arena);

/* Starts below root; what earlier starts have seen is not entered again. */
void brn_walk_start(struct brn_walk *walk, const struct brn_node *root);

/* Enters the next node in depth-first order and returns its frame (valid until the next call), or
 * NULL at the end and when memory is out.  Its ancestors are the frames below it. */
struct brn_walk_frame *brn_walk_next(struct brn_walk *walk);

/* The place of the node that was entered last: "steps[1][1].coef_"; "" for the root.  Long paths
 * lose their middle. */
void brn_walk_path(const struct brn_walk *walk, char *out, size_t size);

/* The last component of that path: ".coef_", "[1]", "['a']"; "" for ROOT and PART. */
void brn_walk_component(const struct brn_walk_frame *frame, struct brn_buffer *out);

/* What a node holds, in one numbering: of an OBJECT its callable, arguments, keywords, nested
 * pickle, states, items and pairs; of a DICT key, value, key, value….  NULL from the count on. */
const struct brn_node *brn_node_child(const struct brn_node *n, size_t i);

/* The deepest nesting below root, edges back to a node that is still open not counted.  False when
 * the scratch arena is out of memory. */
bool brn_walk_depth(const struct brn_graph *graph, const struct brn_node *root,
                    struct brn_arena *scratch, uint32_t *ret_depth);

#endif
