/* SPDX-License-Identifier: Apache-2.0
 *
 * finite.h - whether any of many numbers is NaN or infinite, and their rounding to float32. */
#ifndef BRN_KERNEL_FINITE_H
#define BRN_KERNEL_FINITE_H

#include <stdbool.h>
#include <stddef.h>

bool brn_all_finite(const double *values, size_t n);

/* ret[i] = (float)values[i]; whether all of those are finite. */
bool brn_round_to_single(const double *values, size_t n, float *ret);

#endif
