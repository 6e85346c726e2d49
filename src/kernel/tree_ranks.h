/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_ranks.h - small trees over many rows: each split is decided for 64 rows at once.
 *
 * Boosted trees ask few different questions of a feature.  So a feature's value is first replaced
 * by its rank, the number of the ensemble's thresholds that lie below it: x <= threshold number j
 * exactly when rank(x) <= j.  A rank is a byte, and 64 rows are 64 bytes: one comparison of bytes
 * then decides a split for all of them, whatever the float64 values were.  From the root down, each
 * node's mask says which rows reach it; the leaves' masks give each row the number of its leaf.
 *
 * The idea of bit vectors for small trees is QuickScorer's (Lucchese et al., SIGIR 2015); here the
 * masks are over rows instead of leaves, because rows are many. */
#ifndef BRN_KERNEL_TREE_RANKS_H
#define BRN_KERNEL_TREE_RANKS_H

#include "kernel/tree.h"

enum {
    BRN_RANK_ROWS = 64,
    BRN_RANK_MOST_LEAVES = 64,
    BRN_RANK_MOST_NODES = 2 * BRN_RANK_MOST_LEAVES, /* with node 0 */
    BRN_RANK_MOST_THRESHOLDS = 254,                 /* of a feature */
    BRN_RANK_MOST_SCALES = 256,
    BRN_RANK_MISSING = 255,
};

/* Ranks and categories are bytes, less 128: signed bytes are what every machine compares. */
static inline int8_t brn_rank_byte(uint32_t rank)
{
    return (int8_t)((int32_t)rank - 128);
}

/* The thresholds of a feature in rising order, filled up with +inf. */
struct brn_rank_scale {
    double thresholds[BRN_RANK_MOST_THRESHOLDS + 2];
    uint32_t
        first_step;   /* of the search: the largest power of two that is not above their number */
    uint32_t feature; /* column of the rows */
    bool is_categorical; /* the byte is the category itself */
};

/* Offsets are in bytes, of masks of BRN_RANK_ROWS each. */
struct brn_rank_split {
    uint16_t column;     /* of its scale's ranks */
    uint16_t node, left; /* right is behind left */
    int8_t rank;         /* right when the row's byte is greater */
    int8_t missing_left; /* -1: missing goes left */
    bool is_categorical; /* left when set has the category */
    uint32_t set;
};

struct brn_rank_tree {
    const struct brn_rank_split *splits; /* in the order of the nodes */
    const uint16_t *leaves;              /* offsets of their nodes */
    const double *values;                /* leaf_width a leaf */
    uint32_t split_count, leaf_count, column;
};

struct brn_rank_forest {
    enum brn_tree_layout layout; /* of the rows: float32 when narrow */
    const struct brn_rank_scale *scales;
    size_t scale_count;
    const struct brn_rank_tree *trees;
    size_t tree_count, leaf_width;
    const struct brn_category_set *sets;
    uint32_t category_limit; /* as in the forest; below 255 */
    bool single;
};

/* As brn_forest_add. */
void brn_rank_forest_add(const struct brn_rank_forest *forest, const struct brn_forest_rows *rows,
                         double *sums, size_t sum_stride);

#endif
