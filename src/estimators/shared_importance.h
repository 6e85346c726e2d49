/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_importance.h - how important a fitted estimator finds its features: coef_, or
 * feature_importances_ reckoned from trees, read from the pickled object without decoding it. */
#ifndef BRN_ESTIMATORS_SHARED_IMPORTANCE_H
#define BRN_ESTIMATORS_SHARED_IMPORTANCE_H

#include "model/estimator.h"

/* sklearn/feature_selection/_base.py: _get_feature_importances(estimator, getter, "norm", order).
 * getter NULL: "auto".  Values are in scratch memory.  What is not known is refused by its name. */
brine_status brn_importances(struct brn_build *build, const struct brn_instance *me,
                             const struct brn_node *estimator, const char *getter, double order,
                             double **ret_values, size_t *ret_count);

/* The class's name, and whether it is one of scikit-learn's. */
struct brn_slice brn_importance_class(const struct brn_node *estimator, bool *ret_is_sklearn);

#endif
