/* SPDX-License-Identifier: Apache-2.0
 *
 * sum.h - numpy's order of summation, for results that must equal scikit-learn's to the bit. */
#ifndef BRN_KERNEL_SUM_H
#define BRN_KERNEL_SUM_H

#include <stddef.h>

/* The sum of n contiguous values as np.add.reduce makes it along a contiguous axis (numpy,
 * loops_utils.h.src, pairwise_sum: one by one below 8 values, eight lanes up to 128, halves above).
 */
double brn_sum_numpy(const double *values, size_t n);

#endif
