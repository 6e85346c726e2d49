/* SPDX-License-Identifier: Apache-2.0
 *
 * interpolate.h - piecewise linear functions as numpy.interp computes them (numpy,
 * core/src/multiarray/compiled_base.c: arr_interp). */
#ifndef BRN_KERNEL_INTERPOLATE_H
#define BRN_KERNEL_INTERPOLATE_H

#include <stddef.h>

/* f at x, through the points (xs[i], ys[i]), xs ascending, count at least 1; the outermost ys
 * beyond. */
double brn_interpolate(double x, const double *xs, const double *ys, size_t count);

#endif
