/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_legacy_one_hot.h - OneHotEncoder of whole numbers, as it was before 0.20 and as legacy
 * mode goes on in 0.20 and 0.21.  sklearn/preprocessing/data.py, 0.19: _transform.
 *
 * Selected features give a column for each value that fit has seen; the others follow as they are.
 */
#ifndef BRN_ESTIMATORS_SHARED_LEGACY_ONE_HOT_H
#define BRN_ESTIMATORS_SHARED_LEGACY_ONE_HOT_H

#include "model/estimator.h"

/* The fields that an encoder fills, then what is made of them. */
struct brn_legacy_one_hot {
    const struct brn_node *n_values;  /* the parameter: 'auto' leaves out values never seen */
    const struct brn_node *selection; /* 'all', or which features are encoded */
    struct brn_values limits;         /* n_values_: values of each selected feature, from 0 */
    struct brn_values active;         /* active_features_: columns that fit has seen */
    bool refuse_unknown;

    size_t selected_count, other_count, width;
    size_t *starts;             /* of each selected feature's values in column */
    int32_t *column;            /* output of each value of each selected feature, or -1 */
    int32_t *selected, *others; /* places in the tile */
};

brine_status brn_legacy_one_hot_prepare(struct brn_instance *me, struct brn_build *build,
                                        struct brn_legacy_one_hot *l);

/* *ret_out: the schema of transform, dense. */
brine_status brn_legacy_one_hot_bind(struct brn_instance *me, const struct brn_schema *in,
                                     struct brn_build *build, struct brn_legacy_one_hot *l,
                                     struct brn_schema **ret_out);

brine_status brn_legacy_one_hot_run(const struct brn_legacy_one_hot *l, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work);

#endif
