/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/dot.h"

#include "kernel/clones.h"

#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are, which changes no result. */
typedef double lanes __attribute__((vector_size(64)));

static inline __attribute__((always_inline)) double dot(const double *a, const double *b, size_t n)
{
    lanes sum = {0}, x, y;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        memcpy(&x, a + i, sizeof x);
        memcpy(&y, b + i, sizeof y);
        sum += x * y;
    }
    if (i < n) {
        x = y = (lanes){0};
        memcpy(&x, a + i, (n - i) * sizeof *a);
        memcpy(&y, b + i, (n - i) * sizeof *b);
        sum += x * y;
    }
    double low = (sum[0] + sum[4]) + (sum[2] + sum[6]);
    double high = (sum[1] + sum[5]) + (sum[3] + sum[7]);
    return low + high;
}

BRN_CLONES void brn_dot_rows(const double *x, size_t rows, size_t x_stride, const double *w,
                             size_t outputs, size_t n, const double *bias, double *out,
                             size_t out_stride)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < outputs; k++)
            out[r * out_stride + k] = dot(x + r * x_stride, w + k * n, n) + (bias ? bias[k] : 0);
}

/* ---- weights by feature ---- */

void brn_dot_by_feature(const double *w, size_t outputs, size_t n, double *ret)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < outputs; k++)
            ret[i * outputs + k] = w[k * n + i];
    for (size_t k = 0; k < BRN_DOT_SPARE; k++)
        ret[n * outputs + k] = 0;
}

enum { ROWS = 4 }; /* in flight, so that an addition need not wait for the one before */

/* Eight outputs of up to ROWS rows; behind the last output of a feature stand the next one's. */
static inline __attribute__((always_inline)) void layer_block(const double *x, size_t rows,
                                                              size_t x_stride, const double *w,
                                                              size_t n, size_t outputs,
                                                              double sums[ROWS][8])
{
    lanes sum[ROWS] = {{0}}, weights;
    for (size_t i = 0; i < n; i++) {
        memcpy(&weights, w + i * outputs, sizeof weights);
        for (size_t r = 0; r < rows; r++)
            sum[r] += x[r * x_stride + i] * weights;
    }
    for (size_t r = 0; r < rows; r++)
        memcpy(sums[r], &sum[r], sizeof sum[r]);
}

static inline __attribute__((always_inline)) void
layer_rows(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs, size_t n,
           const double *bias, double *out, size_t out_stride)
{
    double sums[ROWS][8];
    for (size_t k = 0; k < outputs; k += 8) {
        size_t some = outputs - k < 8 ? outputs - k : 8;
        layer_block(x, rows, x_stride, w + k, n, outputs, sums);
        for (size_t r = 0; r < rows; r++)
            for (size_t j = 0; j < some; j++)
                out[r * out_stride + k + j] = sums[r][j] + (bias ? bias[k + j] : 0);
    }
}

BRN_CLONES void brn_dot_layer(const double *x, size_t rows, size_t x_stride, const double *w,
                              size_t outputs, size_t n, const double *bias, double *out,
                              size_t out_stride)
{
    size_t r = 0;
    for (; r + ROWS <= rows; r += ROWS)
        layer_rows(x + r * x_stride, ROWS, x_stride, w, outputs, n, bias, out + r * out_stride,
                   out_stride);
    for (; r < rows; r++)
        layer_rows(x + r * x_stride, 1, x_stride, w, outputs, n, bias, out + r * out_stride,
                   out_stride);
}

static double compressed_dot(const uint32_t *columns, const double *values, size_t count,
                             const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * w[(size_t)columns[i]];
    return sum;
}

static inline __attribute__((always_inline)) void compressed_row(const uint32_t *columns,
                                                                 const double *values, size_t count,
                                                                 const double *w, size_t outputs,
                                                                 const double *bias, double *out)
{
    for (size_t k = 0; k < outputs; k += 8) {
        lanes sum = {0}, weights;
        for (size_t i = 0; i < count; i++) {
            memcpy(&weights, w + (size_t)columns[i] * outputs + k, sizeof weights);
            sum += values[i] * weights;
        }
        for (size_t j = 0; j < 8 && k + j < outputs; j++)
            out[k + j] = sum[j] + (bias ? bias[k + j] : 0);
    }
}

BRN_CLONES void brn_dot_compressed(const size_t *starts, const uint32_t *columns,
                                   const double *values, size_t rows, const double *w,
                                   size_t outputs, const double *bias, double *out,
                                   size_t out_stride)
{
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *at = columns + starts[r];
        const double *value = values + starts[r];
        size_t count = starts[r + 1] - starts[r];
        if (outputs == 1)
            out[r * out_stride] = compressed_dot(at, value, count, w) + (bias ? bias[0] : 0);
        else
            compressed_row(at, value, count, w, outputs, bias, out + r * out_stride);
    }
}
