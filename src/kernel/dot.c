/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/dot.h"

#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are, which changes no result. */
typedef double lanes __attribute__((vector_size(64)));

static double dot(const double *a, const double *b, size_t n)
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

void brn_dot_rows(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                  size_t n, const double *bias, double *out, size_t out_stride)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < outputs; k++)
            out[r * out_stride + k] = dot(x + r * x_stride, w + k * n, n) + (bias ? bias[k] : 0);
}
