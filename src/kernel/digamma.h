/* SPDX-License-Identifier: Apache-2.0
 *
 * digamma.h - the derivative of the logarithm of the gamma function, for positive arguments. */
#ifndef BRN_KERNEL_DIGAMMA_H
#define BRN_KERNEL_DIGAMMA_H

/* Within a few rounding errors of the larger of its terms; NaN for x <= 0. */
double brn_digamma(double x);

#endif
