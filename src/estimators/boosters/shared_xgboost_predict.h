/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_xgboost_predict.h - margins and predictions of a Booster, in float32 as XGBoost's CPU
 * predictor makes them (src/predictor/cpu_predictor.cc, src/gbm/gbtree.cc, src/gbm/gblinear.cc). */
#ifndef BRN_ESTIMATORS_BOOSTERS_XGBOOST_PREDICT_H
#define BRN_ESTIMATORS_BOOSTERS_XGBOOST_PREDICT_H

#include "estimators/boosters/shared_xgboost.h"

/* From margin to prediction, the objective's PredTransform. */
enum brn_xgboost_link {
    BRN_XGBOOST_IDENTITY,
    BRN_XGBOOST_LOGISTIC,
    BRN_XGBOOST_EXP,
    BRN_XGBOOST_SOFTMAX, /* multi:softprob: probabilities of the classes */
    BRN_XGBOOST_ARGMAX,  /* multi:softmax: the number of the class */
    BRN_XGBOOST_HINGE
};

/* How a model is asked: by whom. */
struct brn_xgboost_use {
    bool in_place;         /* inplace_predict, which does not look for infinities */
    int64_t trees_a_group; /* the first ones alone, or 0: all */
    double missing;        /* this value is missing, besides NaN */
};

/* Bound to its input; in the model's arena. */
struct brn_xgboost_predictor {
    enum brn_xgboost_link link;
    size_t groups, feature_count;
    double *bases;  /* by group: the margin without trees */
    bool sum_first; /* the trees' sum is made on its own, then added to the base */
    bool refuses_infinite, refuses_nan;
    double missing;
    float most_exponent;             /* sigmoid's; INFINITY: none */
    const struct brn_forest *forest; /* NULL: there is no tree, or the booster is linear */
    const double *weights;           /* of a linear one */
    const uint8_t *is_categorical;   /* by feature, or NULL */
    int32_t *columns;
};

brine_status brn_xgboost_bind(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_xgboost *model, const struct brn_xgboost_use *use,
                              const struct brn_schema *in, struct brn_xgboost_predictor **ret);

/* groups margins a row, stride apart; float32 values. */
brine_status brn_xgboost_margins(const struct brn_xgboost_predictor *p, const struct brn_tile *in,
                                 struct brn_work *work, double *margins, size_t stride);

/* The row's predictions in the place of its margins.  Their number is that of the groups, or one
 * for ARGMAX. */
void brn_xgboost_transform(const struct brn_xgboost_predictor *p, double *row);

/* Columns of the prediction. */
static inline size_t brn_xgboost_width(const struct brn_xgboost_predictor *p)
{
    return p->link == BRN_XGBOOST_ARGMAX ? 1 : p->groups;
}

/* Margins are exact but where base_score goes through a logarithm; links but IDENTITY, ARGMAX and
 * HINGE go through expf. */
enum brn_equality brn_xgboost_equality(const struct brn_xgboost_predictor *p);

#endif
