/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_gather.h - the walk of many rows down one tree with AVX-512's gathers.
 *
 * Whether gathers beat sixteen scalar walks abreast depends on the processor (twice as fast on
 * Sapphire Rapids, a third slower on Zen 4), so it is measured, not looked up:
 * estimators/shared_walk.c.  The results are the same bits. */
#ifndef BRN_KERNEL_TREE_GATHER_H
#define BRN_KERNEL_TREE_GATHER_H

#include "kernel/tree.h"

enum { BRN_GATHER_ROWS = 64 };

/* Whether the machine has the instructions. */
bool brn_gather_is_there(void);

/* As brn_forest_add, for forests of the narrow layout and a multiple of BRN_GATHER_ROWS rows. */
void brn_forest_add_gathering(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                              double *sums, size_t sum_stride);

/* As brn_tree_leaves, for the same forests and rows. */
void brn_tree_leaves_gathering(const struct brn_forest *forest, size_t tree,
                               const struct brn_forest_rows *rows, uint32_t *ret_leaves);

#endif
