/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.h - decision trees laid out for walking, and the walks.
 *
 * Nodes stand breadth-first with siblings side by side, so that a node holds one link: to its left
 * child, and the right one is behind it.  A leaf links to the place in front of itself and has NaN
 * for a threshold: as nothing is <= NaN, every further step stays on it.  A walk therefore makes as
 * many steps as the tree is deep, without a branch, and many walks are made abreast to hide the
 * latency of memory: eight trees for one row, sixteen rows for one tree.  The payload of the leaf's
 * NaN is the number of its values.
 *
 * Node 0 of a tree is not used and its root is node 1: siblings then share a cache line.
 *
 * Two layouts.  Narrow nodes have float32 thresholds, because scikit-learn's trees compare float32
 * features (tree/_tree.pyx, _apply_dense); the float64 threshold t of the file may be replaced by
 * the largest float32 that is <= t without changing any comparison.  Wide nodes have float64
 * thresholds and take categories too (ensemble/_hist_gradient_boosting/_predictor.pyx).
 *
 * The kernels rely on what estimators/shared_tree.c has checked: links, features and leaves in
 * range, depths right.  They cannot fail and allocate nothing.  Sums are made in the order of the
 * trees, whatever walk is taken: a row's result is the same alone and in any batch. */
#ifndef BRN_KERNEL_TREE_H
#define BRN_KERNEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum brn_tree_layout { BRN_TREE_NARROW, BRN_TREE_WIDE };

struct brn_narrow_node {
    float threshold;
    uint32_t link; /* left child: 23 bits, missing goes left: 1, feature: 8 */
};

struct brn_wide_node {
    double threshold; /* of a categorical node: the number of its set */
    uint32_t left;
    uint32_t test; /* categorical: 1 bit, missing goes left: 1, feature: 24 */
};

enum {
    BRN_NARROW_MAX_FEATURES = 1 << 8,
    BRN_NARROW_MAX_NODES = 1 << 23, /* of one tree, with node 0 */
    BRN_NARROW_MAX_LEAVES = 1 << 23,
    BRN_WIDE_MAX_FEATURES = 1 << 24,
};

/* The categories 0 to 255 that go left; of a forest with a category_limit L: 0 to L, in as many
 * sets side by side as that takes, where L stands for all that are not below it. */
struct brn_category_set {
    uint32_t words[8];
};

struct brn_tree {
    size_t first;        /* its node 0 in nodes */
    uint32_t node_count; /* without node 0 */
    uint32_t depth;      /* steps from the root to its deepest leaf */
    uint32_t column;     /* of the sums to which it adds its leaf's values */
};

struct brn_rank_forest;

struct brn_forest {
    enum brn_tree_layout layout;
    const void *nodes; /* struct brn_narrow_node or brn_wide_node */
    const struct brn_tree *trees;
    size_t tree_count;
    const double *leaves; /* leaf_width values a leaf */
    size_t leaf_width;
    const struct brn_category_set *sets; /* wide layout; NULL: no categorical nodes */
    uint32_t category_limit;             /* 0: categories are bytes, as in HistGradientBoosting */
    bool single;  /* XGBoost: each sum is rounded to float32 after each tree; leaves are float32 */
    bool gathers; /* narrow layout: many rows at once by gathers, tree_gather.h */
    const struct brn_rank_forest *ranks; /* the same trees for many rows, or NULL: tree_ranks.h */
};

/* Rows of features: float32 for narrow nodes, float64 for wide ones. */
struct brn_forest_rows {
    const void *values;
    size_t count, stride; /* stride in values */
    bool has_missing;     /* some value may be NaN */
};

static inline double brn_leaf_sum(double sum, double value, bool single)
{
    /* two float32 added in float64 and rounded to float32 are added in float32 */
    return single ? (double)(float)(sum + value) : sum + value;
}

/* sums[r * sum_stride + column...] += the values of the leaf that row r reaches, for each tree in
 * order. */
void brn_forest_add(const struct brn_forest *forest, const struct brn_forest_rows *rows,
                    double *sums, size_t sum_stride);

/* The leaf of one tree that each row reaches. */
void brn_tree_leaves(const struct brn_forest *forest, size_t tree,
                     const struct brn_forest_rows *rows, uint32_t *ret_leaves);

#endif
