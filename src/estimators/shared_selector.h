/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_selector.h - a mask of columns, reckoned once, when the model is read; and rows through
 * it. sklearn/feature_selection/_base.py. */
#ifndef BRN_ESTIMATORS_SHARED_SELECTOR_H
#define BRN_ESTIMATORS_SHARED_SELECTOR_H

#include "model/estimator.h"

/* What every selector has, at the start of its own struct. */
struct brn_selector {
    bool *mask; /* by feature, all false at first; filled between brn_selector_mask and _keep */
    size_t width, kept;
    size_t *places;  /* of the kept columns among the inputs */
    size_t *targets; /* of an input among the kept, or SIZE_MAX */
    bool takes_any;  /* NaN and infinities */
    bool is_compressed;
    int32_t *columns; /* of the inputs */
};

/* A mask of width features, which attribute says. */
brine_status brn_selector_mask(struct brn_instance *me, struct brn_build *build, size_t width,
                               const char *attribute);

/* The same from a row of numbers. */
brine_status brn_selector_mask_for(struct brn_instance *me, struct brn_build *build,
                                   const struct brn_matrix *values, const char *attribute);

/* The mask is whole. */
brine_status brn_selector_keep(struct brn_instance *me, struct brn_build *build);

/* Sets takes_any as the tag "allow_nan" of the estimator behind the selector, and as what
 * set_output makes of it. */
brine_status brn_selector_judge(struct brn_instance *me, struct brn_build *build,
                                const struct brn_node *estimator);

brine_status brn_selector_bind(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build);
brn_run brn_selector_transform;

/* ---- ranks ---- */

/* A value and where it stood: sorting is stable. */
struct brn_ranked {
    double value;
    size_t place;
};

/* sign * values, ascending, in scratch memory; NULL: memory is out. */
struct brn_ranked *brn_ranking(struct brn_build *build, const double *values, size_t count,
                               double sign);

#endif
