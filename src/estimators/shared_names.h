/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_names.h - the names that scikit-learn gives to columns without any. */
#ifndef BRN_ESTIMATORS_SHARED_NAMES_H
#define BRN_ESTIMATORS_SHARED_NAMES_H

#include "model/estimator.h"

/* The class in small letters and a number: "pca0", "pca1"… (ClassNamePrefixFeaturesOutMixin). NULL:
 * memory is out. */
const char *const *brn_class_names(struct brn_build *build, const struct brn_instance *me,
                                   size_t count);

#endif
