/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_ensemble.h - rows that the field tables of all ensembles of one kind of estimator have. */
#ifndef BRN_ESTIMATORS_SHARED_ENSEMBLE_H
#define BRN_ESTIMATORS_SHARED_ENSEMBLE_H

#include "model/estimator.h"

#define BRN_ENSEMBLE_TEMPLATES                                                                  \
    BRN_FIELD_IGNORE("estimator", "the unfitted template of estimators_"),                      \
        BRN_FIELD_IGNORE("estimator_", "the unfitted template of estimators_"),                 \
        BRN_FIELD_IGNORE("base_estimator", "the unfitted template of estimators_, until 1.3"),  \
        BRN_FIELD_IGNORE("base_estimator_", "the unfitted template of estimators_, until 1.3"), \
        BRN_FIELD_IGNORE("_estimator", "the unfitted template of estimators_, in 1.2 and 1.3"), \
        BRN_FIELD_IGNORE("estimator_params", "names copied from here to the estimators")

#endif
