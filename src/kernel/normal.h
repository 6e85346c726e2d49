/* SPDX-License-Identifier: Apache-2.0
 *
 * normal.h - the standard normal distribution. */
#ifndef BRN_KERNEL_NORMAL_H
#define BRN_KERNEL_NORMAL_H

/* The probability below x. */
double brn_normal_cdf(double x);

/* The x below which the probability is p: Moshier's rational approximations (Cephes, ndtri), which
 * scipy.special.ndtri has, too; peak relative error 7e-16.  NaN outside [0, 1]. */
double brn_normal_quantile(double p);

#endif
