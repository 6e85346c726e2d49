/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_dummy.h - the one answer of a Dummy estimator, for those that start from it. */
#ifndef BRN_ESTIMATORS_SHARED_DUMMY_H
#define BRN_ESTIMATORS_SHARED_DUMMY_H

#include "model/estimator.h"

/* predict_proba of a DummyClassifier or predict of a DummyRegressor: *ret_count values, the same
 * for every row.  NULL when the child is neither. */
const double *brn_dummy_answer(const struct brn_instance *child, size_t *ret_count);

#endif
