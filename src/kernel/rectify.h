/* SPDX-License-Identifier: Apache-2.0
 *
 * rectify.h - the activation of networks that is 0 for negative values (np.maximum(x, 0)). */
#ifndef BRN_KERNEL_RECTIFY_H
#define BRN_KERNEL_RECTIFY_H

#include <stddef.h>

/* NaN stays NaN, and -0 stays -0. */
void brn_rectify(double *values, size_t n);

#endif
