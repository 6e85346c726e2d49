/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_lightgbm.h - LightGBM's model text (src/boosting/gbdt_model_text.cpp, src/io/tree.cpp):
 * "key=value" lines, then blocks of "Tree=N". */
#ifndef BRN_ESTIMATORS_BOOSTERS_LIGHTGBM_H
#define BRN_ESTIMATORS_BOOSTERS_LIGHTGBM_H

#include "estimators/boosters/shared_booster_tree.h"
#include "estimators/shared_categories.h"

/* What missing is, by node (include/LightGBM/tree.h). */
enum brn_lightgbm_missing { BRN_LIGHTGBM_NONE, BRN_LIGHTGBM_ZERO, BRN_LIGHTGBM_NAN };

/* Linear leaves of a tree: constant + sum of coefficients times features. */
struct brn_lightgbm_linear {
    double *constants; /* by leaf */
    size_t *starts;    /* by leaf, and the end of the last: places in features and coefficients */
    int64_t *features;
    double *coefficients;
};

/* A split's number is its node's; leaf k is node split_count + k.  Nodes: threshold and feature are
 * the file's, missing_left is its default-left bit. */
struct brn_lightgbm_tree {
    struct brn_booster_tree tree;
    uint8_t *missing_types; /* by split */
    size_t split_count, leaf_count;
    int64_t *category_bounds; /* category_count + 1 places in category_words */
    uint32_t *category_words;
    size_t category_count;
    struct brn_lightgbm_linear *linear; /* or NULL */
};

struct brn_lightgbm {
    int64_t format; /* 4 of "v4" */
    int64_t class_count, trees_a_round, feature_count;
    bool averages;              /* rf: the sum is divided by the rounds */
    struct brn_slice objective; /* "binary sigmoid:1"; empty: none */
    struct brn_slice *names;    /* of features */
    uint8_t *is_categorical;    /* by feature: its training values are listed, not bounded */
    struct brn_categories **categories; /* by feature: a DataFrame's, whose places are the codes;
                                           NULL: there are none */
    struct brn_lightgbm_tree *trees;
    size_t tree_count;
};

/* In the scratch arena; the text must live as long.  Numbers of features are checked, links are
 * not. */
brine_status brn_lightgbm_read(struct brn_build *build, struct brn_slice text,
                               struct brn_lightgbm **ret_model);

#endif
