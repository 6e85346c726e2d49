/* SPDX-License-Identifier: Apache-2.0
 *
 * npy.h - the header of a .npy file that joblib 0.8 or 0.9 put beside its pickle
 * (numpy/lib/format.py, versions 1.0 to 3.0). */
#ifndef BRN_PICKLE_NPY_H
#define BRN_PICKLE_NPY_H

#include "pickle/numpy.h"

struct brn_npy {
    struct brn_array array; /* dtype, shape and count; no strides, no data */
    bool fortran;
    struct brn_slice data; /* all that stands behind the header */
};

/* Fields of a record are packed: numpy writes padding as fields without a name. */
brine_status brn_npy_header(struct brn_slice file, struct brn_arena *arena, struct brn_npy *ret_npy,
                            brine_error *err);

#endif
