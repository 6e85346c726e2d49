/* SPDX-License-Identifier: Apache-2.0
 *
 * exponential.h - exp of many values at once; the same bits on every CPU. */
#ifndef BRN_KERNEL_EXPONENTIAL_H
#define BRN_KERNEL_EXPONENTIAL_H

#include <stddef.h>

/* values[i] = exp(values[i] * factor), within 2 ulp of the exact value of the rounded product; NaN,
 * infinities, overflow and underflow as exp has them. */
void brn_exp_each(double *values, size_t n, double factor);

#endif
