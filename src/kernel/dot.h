/* SPDX-License-Identifier: Apache-2.0
 *
 * dot.h - sums of products in one fixed order: eight lanes, joined in a fixed tree, at any batch
 * size and on any CPU.  Within 4 n eps sum |a_i b_i| of the exact value, as BLAS is. */
#ifndef BRN_KERNEL_DOT_H
#define BRN_KERNEL_DOT_H

#include <stddef.h>

/* out[r * out_stride + k] = dot(x + r * x_stride, w + k * n) + (bias ? bias[k] : 0). */
void brn_dot_rows(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                  size_t n, const double *bias, double *out, size_t out_stride);

#endif
