/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_old_init.h - what GradientBoosting* started from before scikit-learn 0.21: small objects
 * of sklearn.ensemble.gradient_boosting whose answer is the same for every row. */
#ifndef BRN_ESTIMATORS_SHARED_OLD_INIT_H
#define BRN_ESTIMATORS_SHARED_OLD_INIT_H

#include "model/estimator.h"

/* Fills scores raw scores from the node of init_.  Another estimator than those is refused. */
brine_status brn_old_init(struct brn_build *build, const struct brn_node *init, double *ret_first,
                          size_t scores);

#endif
