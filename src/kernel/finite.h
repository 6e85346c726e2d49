/* SPDX-License-Identifier: Apache-2.0
 *
 * finite.h - whether any of many numbers is NaN or infinite. */
#ifndef BRN_KERNEL_FINITE_H
#define BRN_KERNEL_FINITE_H

#include <stdbool.h>
#include <stddef.h>

bool brn_all_finite(const double *values, size_t n);

#endif
