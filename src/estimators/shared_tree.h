/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tree.h - from pickled trees to a forest that the kernels walk.
 *
 * A source is one tree as the file holds it: sklearn.tree._tree.Tree with its record array of
 * nodes, or a TreePredictor of HistGradientBoosting.  Adding it to a plan checks everything that
 * the kernels rely on (links, that every node is reached once, features, values, sets) and lowers
 * it in one linear pass. */
#ifndef BRN_ESTIMATORS_SHARED_TREE_H
#define BRN_ESTIMATORS_SHARED_TREE_H

#include "kernel/tree.h"
#include "model/estimator.h"

/* A field of the record array; itemsize 0: the writer had no such field. */
struct brn_tree_field {
    uint32_t offset, itemsize;
    char kind;
    bool swapped;
};

struct brn_tree_source {
    struct brn_array nodes;
    uint32_t node_count;
    struct brn_tree_field left, right, feature, threshold, missing_left; /* of both kinds of tree */
    struct brn_tree_field samples; /* of a Tree alone: training rows that reached the node */
    struct brn_tree_field is_leaf, is_categorical, set, value; /* of a TreePredictor alone */
    struct brn_array sets;
    const struct brn_category_set *left_sets; /* of another library: what goes left, as it is */
    size_t left_set_count;
    const double *values; /* of a Tree: value_count a node; may be unaligned */
    size_t value_count;
    size_t outputs, classes; /* of a Tree: value_count is their product */
    size_t feature_count;    /* of a Tree, as it says itself */
};

/* A node of class sklearn.tree._tree.Tree.  The source lives while the model is built; paths of
 * errors start behind "tree_". */
brine_status brn_tree_open(struct brn_build *build, const struct brn_node *tree,
                           const struct brn_tree_source **ret_source);

/* A node of class TreePredictor. */
brine_status brn_predictor_open(struct brn_build *build, const struct brn_node *predictor,
                                const struct brn_tree_source **ret_source);

/* A field of node < node_count, which the source must have. */
int64_t brn_tree_integer(const struct brn_tree_source *source, uint32_t node,
                         const struct brn_tree_field *field);

/* The nodes on the way to each one, the root and itself included.  Children must stand behind their
 * parents, as scikit-learn's builders write them.  node_count values, in the scratch memory. */
brine_status brn_tree_depths(struct brn_build *build, const struct brn_tree_source *source,
                             const uint32_t **ret_depths);

/* ---- the plan ---- */

/* Writes the width values of a leaf from those of the source (one, for a TreePredictor).  Returns
 * false when they cannot be a leaf's. */
typedef bool brn_leaf_values(const void *context, const double *values, double *ret_leaf);

struct brn_tree_draft;

/* What categorical nodes of one feature do with a category: the known ones, of 0 to 255. */
struct brn_tree_categories {
    const struct brn_category_set *known; /* by feature */
    const uint8_t *is_categorical;        /* by feature */
    uint32_t limit; /* of a forest whose sources have left_sets: its category_limit */
};

/* Sets that one node takes. */
static inline size_t brn_category_blocks(uint32_t limit)
{
    return (size_t)limit / 256 + 1;
}

struct brn_forest_plan {
    struct brn_build *build;
    struct brn_forest *forest;
    size_t feature_count;
    bool single; /* of the forest */
    brn_leaf_values *leaf_values;
    const void *context;
    struct brn_tree_categories categories;
    const size_t *features; /* of the tree that is added, where it numbers those of the rows in its
                               own way; NULL: the same.  tree_features of them */
    size_t tree_features;

    void *nodes; /* of the forest, while it is made */
    struct brn_tree *trees;
    double *leaves;
    struct brn_category_set *sets;
    size_t node_count, node_capacity, tree_capacity, leaf_count, leaf_capacity, set_count,
        set_capacity;
    struct brn_tree_draft *draft; /* the tree under way, by the source's numbers */
    uint32_t *order;              /* the source's number of each new node */
    size_t draft_capacity;
    double *leaf;     /* one leaf's values, under way */
    uint32_t *recent; /* leaves with like values share them: a small cache, by hash */
};

/* Room for the sources, all known before any is added.  leaf_width values a leaf; wide: float64
 * thresholds whatever the size.  In the model's arena. */
brine_status brn_forest_begin(struct brn_forest_plan *plan, struct brn_build *build,
                              const struct brn_tree_source *const *sources, size_t count,
                              size_t feature_count, size_t leaf_width, bool wide);

/* Sums of the tree go to column and those behind it. */
brine_status brn_forest_add_tree(struct brn_forest_plan *plan, const struct brn_tree_source *source,
                                 size_t column);

/* The forest is complete. */
struct brn_forest *brn_forest_end(struct brn_forest_plan *plan);

/* ---- rows ---- */

/* The tile's columns as rows for the forest of a sklearn.tree: rounded to float32 as
 * check_array(dtype=float32) does, and refused where it refuses (tree/_classes.py,
 * _validate_X_predict).  In the work's memory. */
brine_status brn_forest_single_rows(const struct brn_forest *forest, struct brn_work *work,
                                    const struct brn_tile *tile, const int32_t *columns,
                                    size_t count, enum brn_missing missing,
                                    struct brn_forest_rows *ret_rows);

#endif
