/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_integer_labels.h - predictions that are whole numbers: clusters, and 1 or -1 of outlier
 * detectors. */
#ifndef BRN_ESTIMATORS_SHARED_INTEGER_LABELS_H
#define BRN_ESTIMATORS_SHARED_INTEGER_LABELS_H

#include "model/estimator.h"

/* me->out[PREDICT]: code i stands for values[i]. */
brine_status brn_bind_integer_labels(struct brn_build *build, struct brn_instance *me,
                                     const int64_t *values, size_t count);

/* Code 0 is -1, an outlier; code 1 is 1. */
brine_status brn_bind_outlier_labels(struct brn_build *build, struct brn_instance *me);

/* Code i is i, below count. */
brine_status brn_bind_cluster_labels(struct brn_build *build, struct brn_instance *me,
                                     size_t count);

#endif
