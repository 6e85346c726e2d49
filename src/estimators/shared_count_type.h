/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_count_type.h - the dtype parameter of vectorizers and hashers. */
#ifndef BRN_ESTIMATORS_SHARED_COUNT_TYPE_H
#define BRN_ESTIMATORS_SHARED_COUNT_TYPE_H

#include "model/estimator.h"

struct brn_count_type {
    uint8_t integer_bytes; /* 4 or 8; 0: floats */
    bool is_single;
};

/* numpy.float64, numpy.int32, float, numpy.dtype("f4"), "int64"…; others are refused. */
brine_status brn_count_type_read(struct brn_build *build, const struct brn_node *node,
                                 struct brn_count_type *ret_type);

#endif
