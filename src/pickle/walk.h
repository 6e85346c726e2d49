/* SPDX-License-Identifier: Apache-2.0
 *
 * walk.h - going through a graph without recursion: depth, sizes, trees.
 *
 * Graphs share nodes and may be cyclic; every walk here sees a node once. */
#ifndef BRN_PICKLE_WALK_H
#define BRN_PICKLE_WALK_H

#include "pickle/node.h"

/* What a node holds, in one numbering: of an OBJECT its callable, arguments, keywords, states,
 * items, pairs and nested pickle; of a DICT key, value, key, value….  NULL from the count on. */
const struct brn_node *brn_node_child(const struct brn_node *n, size_t i);

/* The deepest nesting below root, edges back to a node that is still open not counted.  False when
 * the scratch arena is out of memory. */
bool brn_walk_depth(const struct brn_graph *graph, const struct brn_node *root,
                    struct brn_arena *scratch, uint32_t *ret_depth);

#endif
