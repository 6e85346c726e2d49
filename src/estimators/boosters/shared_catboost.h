/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_catboost.h - CatBoost's binary model: "CBM1", a length, and a FlatBuffer
 * (catboost/libs/model/flatbuffers/model.fbs, features.fbs; model.cpp). */
#ifndef BRN_ESTIMATORS_BOOSTERS_CATBOOST_H
#define BRN_ESTIMATORS_BOOSTERS_CATBOOST_H

#include "estimators/boosters/shared_booster_tree.h"

/* What the trees ask: a float feature's value > border. */
struct brn_catboost_split {
    uint32_t column; /* of the features, as the input has them */
    float border;
    bool missing_above; /* NaN is above every border */
};

struct brn_catboost {
    size_t feature_count, dimension; /* of the input; of a leaf */
    struct brn_slice *names;         /* of the features, or NULL */
    struct brn_catboost_split *splits;
    size_t split_count;
    struct brn_booster_tree *trees; /* x <= threshold goes left; leaves are vectors */
    size_t tree_count;
    double scale, *biases;    /* dimension of them: scale * sum + bias */
    struct brn_slice loss;    /* "Logloss", "MultiClass"…; empty when it is not said */
    struct brn_values labels; /* of a classifier; not present when they are not said */
};

/* In the scratch arena. */
brine_status brn_catboost_read(struct brn_build *build, struct brn_slice bytes,
                               struct brn_catboost **ret_model);

#endif
