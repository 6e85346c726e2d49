/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_lightgbm_predict.h - raw scores and predictions of a LightGBM model, in float64
 * (src/boosting/gbdt_prediction.cpp, include/LightGBM/tree.h, src/objective/). */
#ifndef BRN_ESTIMATORS_BOOSTERS_LIGHTGBM_PREDICT_H
#define BRN_ESTIMATORS_BOOSTERS_LIGHTGBM_PREDICT_H

#include "estimators/boosters/shared_lightgbm.h"

struct brn_lightgbm_predictor;

/* rounds: the first ones alone; <= 0: all.  In the model's arena. */
brine_status brn_lightgbm_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_lightgbm *model, int64_t rounds,
                               const struct brn_schema *in, struct brn_lightgbm_predictor **ret);

/* Columns of the prediction. */
size_t brn_lightgbm_width(const struct brn_lightgbm_predictor *p);

/* The objective gives the probability of the second class, or those of all. */
bool brn_lightgbm_is_proba(const struct brn_lightgbm_predictor *p);

/* Raw scores of all rows, width columns; and predictions, as many.  stride apart. */
brine_status brn_lightgbm_scores(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                                 struct brn_work *work, double *values, size_t stride);
brine_status brn_lightgbm_run(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                              struct brn_work *work, double *values, size_t stride);

enum brn_equality brn_lightgbm_equality(const struct brn_lightgbm_predictor *p);

#endif
