/* SPDX-License-Identifier: Apache-2.0
 *
 * dot.h - sums of products in a fixed order at any batch size and on any CPU: within
 * 4 n eps sum |a_i b_i| of the exact value, as BLAS is.
 *
 * Dense rows: a product and its addition are rounded once (fused), as in BLAS.  Weights by output:
 * eight lanes, joined in a fixed tree.  Weights by feature (layers): one by one in the order of the
 * features.  Compressed rows likewise, each rounded by itself as in SciPy; what is 0 adds nothing.
 */
#ifndef BRN_KERNEL_DOT_H
#define BRN_KERNEL_DOT_H

#include <stddef.h>
#include <stdint.h>

/* out[r * out_stride + k] = dot(x + r * x_stride, w + k * n) + (bias ? bias[k] : 0). */
void brn_dot_rows(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                  size_t n, const double *bias, double *out, size_t out_stride);

/* Weights by feature are n x outputs and this many values more, which are read, not used. */
enum { BRN_DOT_SPARE = 8 };

/* w (outputs x n) as weights by feature. */
void brn_dot_by_feature(const double *w, size_t outputs, size_t n, double *ret);

/* As brn_dot_rows, with weights by feature; outputs > 1. */
void brn_dot_layer(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                   size_t n, const double *bias, double *out, size_t out_stride);

/* The same of compressed rows: row r has values from starts[r] to starts[r + 1], at columns. */
void brn_dot_compressed(const size_t *starts, const uint32_t *columns, const double *values,
                        size_t rows, const double *w, size_t outputs, const double *bias,
                        double *out, size_t out_stride);

#endif
