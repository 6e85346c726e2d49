/* SPDX-License-Identifier: Apache-2.0
 *
 * dtype.h - numpy's type strings, as dtypes and .npy headers write them. */
#ifndef BRN_PICKLE_DTYPE_H
#define BRN_PICKLE_DTYPE_H

#include "pickle/numpy.h"

/* "f8", "<i4", "|S5", "U3", "M8[ns]", "O", "V16"…; false when it is none of them. */
bool brn_dtype_parse(struct brn_slice text, struct brn_dtype *ret_dtype);

#endif
