/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_outputs.h - the outputs of transformers that make new features. */
#ifndef BRN_ESTIMATORS_SHARED_OUTPUTS_H
#define BRN_ESTIMATORS_SHARED_OUTPUTS_H

#include "model/estimator.h"

/* me->out[TRANSFORM]: count numbers, named "pca0", "pca1"… after the class
 * (sklearn/base.py: ClassNamePrefixFeaturesOutMixin). */
brine_status brn_bind_prefixed(struct brn_build *build, struct brn_instance *me, size_t count);

/* The rows as numbers without gaps, count a row, in work memory; each less its center, where there
 * is one (a value a feature), rounded to float32 when rounds. */
double *brn_centered_rows(struct brn_work *work, const struct brn_tile *in, const int32_t *columns,
                          size_t count, const double *center, bool rounds);

#endif
