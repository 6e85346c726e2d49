/* SPDX-License-Identifier: Apache-2.0
 *
 * path.h - where in the object a node stands: "steps[1][1].func". */
#ifndef BRN_SCAN_PATH_H
#define BRN_SCAN_PATH_H

#include "pickle/walk.h"

/* How a node holds another. */
enum brn_edge_kind {
    BRN_EDGE_ITEM,     /* of a list, tuple, set; of an object that APPENDs: [i] */
    BRN_EDGE_KEY,      /* a dict's key */
    BRN_EDGE_VALUE,    /* of a dict: ["key"]; of an object's state: .key */
    BRN_EDGE_STATE,    /* what BUILD set */
    BRN_EDGE_ARGUMENT, /* the tuple that a call was given */
    BRN_EDGE_KEYWORDS,
    BRN_EDGE_CALLABLE,
    BRN_EDGE_NESTED, /* joblib's object array: the pickle that stands in its place */
};

struct brn_edge {
    enum brn_edge_kind kind;
    const struct brn_node *to;  /* NULL: there are not so many */
    const struct brn_node *key; /* of VALUE, else NULL */
    size_t index;
};

/* The i-th thing that the node holds, in the numbering of brn_node_child(). */
struct brn_edge brn_node_edge(const struct brn_node *n, size_t i);

/* From where each node was first reached, breadth first. */
struct brn_paths {
    const struct brn_node **from; /* by node index */
    uint32_t *edge;
};

/* In the arena, twelve bytes a node.  BRINE_LIMIT or BRINE_NOMEM when that is too much. */
brine_status brn_paths_find(const struct brn_graph *graph, struct brn_arena *arena,
                            struct brn_paths *ret_paths, brine_error *err);

/* The node of that index, or NULL when the root does not reach it. */
const struct brn_node *brn_paths_node(const struct brn_paths *paths, uint32_t index);

/* In the arena; "" for the root and for what it does not reach.  Long paths keep their end. */
const char *brn_path_text(const struct brn_paths *paths, const struct brn_node *node,
                          struct brn_arena *arena);

/* The same for a node that holder holds, whoever reached it first. */
const char *brn_path_text_below(const struct brn_paths *paths, const struct brn_node *holder,
                                const struct brn_node *node, struct brn_arena *arena);

#endif
