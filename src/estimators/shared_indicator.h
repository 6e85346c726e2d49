/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_indicator.h - MissingIndicator: which values are missing, on its own or in an imputer. */
#ifndef BRN_ESTIMATORS_SHARED_INDICATOR_H
#define BRN_ESTIMATORS_SHARED_INDICATOR_H

#include "model/estimator.h"

struct brn_indicator {
    struct brn_values features; /* numbers of the columns that have an indicator */
    const struct brn_node *missing_node, *sparse_node;
    const char *which; /* "missing-only" or "all" */
    bool error_on_new;

    struct brn_value missing;
    bool *is_indicated;     /* by column of the input */
    struct brn_mark *marks; /* by column of the input */
    size_t width;
    int32_t *numbers; /* places of the columns that are numbers, for the check of infinities */
    size_t number_count;
};

extern const struct brn_estimator brn_missing_indicator;

#endif
