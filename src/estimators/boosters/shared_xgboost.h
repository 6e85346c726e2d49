/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_xgboost.h - a Booster's model as its bytes hold it, whatever their format.
 *
 * Two formats: the binary one of releases until 1.5 (src/learner.cc, LearnerIO::LoadModel of a
 * stream), since 1.0 behind "CONFIG-offset:"; and UBJSON since 1.6, {"Config", "Model"}. */
#ifndef BRN_ESTIMATORS_BOOSTERS_XGBOOST_H
#define BRN_ESTIMATORS_BOOSTERS_XGBOOST_H

#include "estimators/boosters/shared_booster_tree.h"

enum brn_xgboost_booster { BRN_XGBOOST_TREES, BRN_XGBOOST_DART, BRN_XGBOOST_LINEAR };

/* Thresholds of nodes are the file's: x < threshold. */
struct brn_xgboost_tree {
    struct brn_booster_tree tree;
    int64_t group; /* the sum that it is added to; 0 when its leaves are vectors */
};

struct brn_xgboost {
    const char *version; /* "1.7.6", "1.2", "0.90 or older" */
    brn_version release;
    const char *objective;
    enum brn_xgboost_booster booster;
    double *base_scores; /* one, or one a group; float32 values */
    size_t base_count;
    bool base_is_margin; /* before 1.0: transformed already */
    int64_t feature_count, class_count, target_count;
    size_t groups;          /* sums of a row */
    int64_t parallel_trees; /* of one round and group */
    struct brn_xgboost_tree *trees;
    size_t tree_count;
    double *tree_weights;    /* of dart, by tree; float32 values */
    double *weights;         /* of gblinear: group by group of each feature, then the biases */
    int64_t best_iteration;  /* -1: none */
    struct brn_slice *names; /* of features, or NULL */
    uint32_t category_limit; /* no set has a category that is not below it; 0: no sets */
    bool has_category_names; /* 3.1: categories are found by their values */
    uint8_t *is_categorical; /* by feature: some tree asks for its category */
};

/* Everything in the scratch arena, checked but for the trees' links and features. */
brine_status brn_xgboost_read(struct brn_build *build, struct brn_slice bytes,
                              struct brn_xgboost **ret_model);

/* Features, classes, targets and base scores; the readers call it before they rely on them. */
brine_status brn_xgboost_check_counts(struct brn_build *build, struct brn_xgboost *model);

/* The two formats. */
brine_status brn_xgboost_read_binary(struct brn_build *build, struct brn_slice bytes,
                                     struct brn_xgboost *model);
brine_status brn_xgboost_read_ubjson(struct brn_build *build, struct brn_slice bytes,
                                     struct brn_xgboost *model);

#endif
