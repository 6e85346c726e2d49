/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_columns.h - column selectors as ColumnTransformer takes them: a position or a name, a list
 * or slice of these, or a mask.  sklearn/compose/_column_transformer.py, _get_column_indices. */
#ifndef BRN_ESTIMATORS_SHARED_COLUMNS_H
#define BRN_ESTIMATORS_SHARED_COLUMNS_H

#include "model/estimator.h"

struct brn_selection {
    size_t *columns;
    size_t count;
};

/* Positions in the input of me; names are looked up in me->feature_names.  Errors have no path. */
brine_status brn_columns_select(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_node *selector, struct brn_selection *ret);

#endif
