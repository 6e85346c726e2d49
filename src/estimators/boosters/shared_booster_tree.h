/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_booster_tree.h - trees of other libraries on their way to shared_tree.h. */
#ifndef BRN_ESTIMATORS_BOOSTERS_BOOSTER_TREE_H
#define BRN_ESTIMATORS_BOOSTERS_BOOSTER_TREE_H

#include "estimators/shared_tree.h"

/* x <= threshold goes left, and a missing value as said; a categorical node sends left what is in
 * the tree's set. */
struct brn_booster_node {
    int64_t left, right, feature;
    double threshold, value; /* value: of a leaf, unless the tree has vectors */
    uint64_t set;
    uint8_t missing_left, is_leaf, is_categorical;
};

struct brn_booster_tree {
    struct brn_booster_node *nodes; /* the root first */
    size_t count;
    double *vectors; /* NULL, or width values a node */
    size_t width;
    const struct brn_category_set *sets;
    size_t set_count;
};

/* Leaves out the nodes that are not reached from the root (XGBoost keeps what it pruned), numbered
 * anew.  Refuses links that leave the tree or meet twice. */
brine_status brn_booster_tree_compact(struct brn_build *build, struct brn_booster_tree *tree);

/* The tree as a source for a plan; it borrows the tree's arrays. */
brine_status brn_booster_tree_source(struct brn_build *build, const struct brn_booster_tree *tree,
                                     const struct brn_tree_source **ret_source);

/* The largest threshold that sends left what x < threshold does, for every float32 x; false when
 * there is none. */
bool brn_threshold_below(float threshold, double *ret_threshold);

/* A brn_leaf_values for booster trees: context is the number of values, a size_t. */
brn_leaf_values brn_booster_leaf;

/* Whether any of the rows' values is NaN. */
bool brn_booster_has_missing(const struct brn_forest_rows *rows, size_t columns,
                             enum brn_tree_layout layout);

#endif
