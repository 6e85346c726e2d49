/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/dot.h"

#include "kernel/clones.h"

#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are, which changes no result. */
typedef double lanes __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

/* Less than eight values, and 0 behind them. */
INLINE void load_some(const double *p, size_t n, lanes *ret)
{
    lanes v = {0};
    switch (n) {
    case 7:
        v[6] = p[6];
        __attribute__((fallthrough));
    case 6:
        v[5] = p[5];
        __attribute__((fallthrough));
    case 5:
        v[4] = p[4];
        __attribute__((fallthrough));
    case 4:
        v[3] = p[3];
        __attribute__((fallthrough));
    case 3:
        v[2] = p[2];
        __attribute__((fallthrough));
    case 2:
        v[1] = p[1];
        __attribute__((fallthrough));
    default:
        v[0] = p[0];
    }
    *ret = v;
}

INLINE void load(const double *p, lanes *ret)
{
    memcpy(ret, p, sizeof *ret);
}

INLINE double join(const lanes *at)
{
    lanes sum = *at;
    double low = (sum[0] + sum[4]) + (sum[2] + sum[6]);
    double high = (sum[1] + sum[5]) + (sum[3] + sum[7]);
    return low + high;
}

/* A product of two pointers. */
struct pair {
    const double *a, *b;
};

INLINE double dot(struct pair p, size_t n)
{
    lanes sum = {0}, a, b;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        load(p.a + i, &a);
        load(p.b + i, &b);
        sum += a * b;
    }
    if (i < n) {
        load_some(p.a + i, n - i, &a);
        load_some(p.b + i, n - i, &b);
        sum += a * b;
    }
    return join(&sum);
}

/* Four at a time, so that no addition waits for the one before; each is summed as it would be
 * alone.  What two of them share is loaded once. */
INLINE void dot_four(struct pair p, struct pair q, struct pair r, struct pair s, size_t n,
                     double out[4])
{
    lanes sums[4] = {{0}}, a, b, c, d, e, f, g, h;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        load(p.a + i, &a), load(p.b + i, &b);
        load(q.a + i, &c), load(q.b + i, &d);
        load(r.a + i, &e), load(r.b + i, &f);
        load(s.a + i, &g), load(s.b + i, &h);
        sums[0] += a * b;
        sums[1] += c * d;
        sums[2] += e * f;
        sums[3] += g * h;
    }
    if (i < n) {
        load_some(p.a + i, n - i, &a), load_some(p.b + i, n - i, &b);
        load_some(q.a + i, n - i, &c), load_some(q.b + i, n - i, &d);
        load_some(r.a + i, n - i, &e), load_some(r.b + i, n - i, &f);
        load_some(s.a + i, n - i, &g), load_some(s.b + i, n - i, &h);
        sums[0] += a * b;
        sums[1] += c * d;
        sums[2] += e * f;
        sums[3] += g * h;
    }
    for (size_t k = 0; k < 4; k++)
        out[k] = join(&sums[k]);
}

/* Four outputs of a row, then one by one. */
INLINE void dot_row(const double *x, const double *w, size_t outputs, size_t n, const double *bias,
                    double *out)
{
    size_t k = 0;
    for (; k + 4 <= outputs; k += 4) {
        const double *at = w + k * n;
        dot_four((struct pair){x, at}, (struct pair){x, at + n}, (struct pair){x, at + 2 * n},
                 (struct pair){x, at + 3 * n}, n, out + k);
    }
    for (; k < outputs; k++)
        out[k] = dot((struct pair){x, w + k * n}, n);
    for (k = 0; k < outputs; k++)
        out[k] += bias ? bias[k] : 0;
}

/* One output of four rows. */
INLINE void dot_column(const double *x, size_t x_stride, const double *w, size_t n, double bias,
                       double *out, size_t out_stride)
{
    double four[4];
    dot_four((struct pair){x, w}, (struct pair){x + x_stride, w},
             (struct pair){x + 2 * x_stride, w}, (struct pair){x + 3 * x_stride, w}, n, four);
    for (size_t r = 0; r < 4; r++)
        out[r * out_stride] = four[r] + bias;
}

BRN_CLONES static void rows_of_dots(const double *x, size_t rows, size_t x_stride, const double *w,
                                    size_t outputs, size_t n, const double *bias, double *out,
                                    size_t out_stride)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4)
        for (size_t k = 0; k < outputs; k++)
            dot_column(x + r * x_stride, x_stride, w + k * n, n, bias ? bias[k] : 0,
                       out + r * out_stride + k, out_stride);
    for (; r < rows; r++)
        dot_row(x + r * x_stride, w, outputs, n, bias, out + r * out_stride);
}

void brn_dot_rows(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                  size_t n, const double *bias, double *out, size_t out_stride)
{
    rows_of_dots(x, rows, x_stride, w, outputs, n, bias, out, out_stride);
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

/* gcc keeps arrays in registers only where it unrolls their loops, which -O2 alone does not. */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 8")
#else
#define UNROLL
#endif

enum { ROWS = 4, WIDTHS = 2 }; /* in flight, so that no addition waits for the one before */

INLINE void add_bias(const double *values, size_t count, const double *bias, double *out)
{
    for (size_t j = 0; j < count; j++)
        out[j] = values[j] + (bias ? bias[j] : 0);
}

/* One feature of each row, times its weights. */
INLINE void add_feature(const double *x, size_t rows, size_t x_stride, const double *w,
                        size_t widths, lanes sum[ROWS][WIDTHS])
{
    lanes weights[WIDTHS];
    UNROLL for (size_t k = 0; k < widths; k++)
    {
        load(w + 8 * k, &weights[k]);
    }
    UNROLL for (size_t r = 0; r < rows; r++)
    {
        UNROLL for (size_t k = 0; k < widths; k++)
        {
            sum[r][k] += x[r * x_stride] * weights[k];
        }
    }
}

struct layer {
    const double *w; /* by feature */
    size_t outputs, n;
    const double *bias;
};

/* Up to ROWS rows and WIDTHS times eight outputs from k on; behind the last output of a feature
 * stand the next one's, which are not stored. */
INLINE void layer_block(const struct layer *l, const double *x, size_t rows, size_t x_stride,
                        size_t k, size_t widths, size_t some, double *out, size_t out_stride)
{
    lanes sum[ROWS][WIDTHS] = {{{0}}};
    double values[ROWS][WIDTHS * 8];
    for (size_t i = 0; i < l->n; i++)
        add_feature(x + i, rows, x_stride, l->w + i * l->outputs + k, widths, sum);
    UNROLL for (size_t r = 0; r < rows; r++)
    {
        UNROLL for (size_t j = 0; j < widths; j++)
        {
            memcpy(values[r] + 8 * j, &sum[r][j], sizeof sum[r][j]);
        }
    }
    for (size_t r = 0; r < rows; r++)
        add_bias(values[r], some, l->bias ? l->bias + k : NULL, out + r * out_stride + k);
}

INLINE void layer_rows(const struct layer *l, const double *x, size_t rows, size_t x_stride,
                       double *out, size_t out_stride)
{
    size_t k = 0, left;
    for (; k + 16 <= l->outputs; k += 16)
        layer_block(l, x, rows, x_stride, k, 2, 16, out, out_stride);
    for (; k < l->outputs; k += 8) {
        left = l->outputs - k;
        layer_block(l, x, rows, x_stride, k, 1, left < 8 ? left : 8, out, out_stride);
    }
}

BRN_CLONES static void rows_of_layer(const struct layer *l, const double *x, size_t rows,
                                     size_t x_stride, double *out, size_t out_stride)
{
    size_t r = 0;
    for (; r + ROWS <= rows; r += ROWS)
        layer_rows(l, x + r * x_stride, ROWS, x_stride, out + r * out_stride, out_stride);
    for (; r < rows; r++)
        layer_rows(l, x + r * x_stride, 1, x_stride, out + r * out_stride, out_stride);
}

void brn_dot_layer(const double *x, size_t rows, size_t x_stride, const double *w, size_t outputs,
                   size_t n, const double *bias, double *out, size_t out_stride)
{
    const struct layer layer = {w, outputs, n, bias};
    rows_of_layer(&layer, x, rows, x_stride, out, out_stride);
}

INLINE double compressed_dot(const uint32_t *columns, const double *values, size_t count,
                             const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * w[(size_t)columns[i]];
    return sum;
}

INLINE void compressed_row(const uint32_t *columns, const double *values, size_t count,
                           const double *w, size_t outputs, const double *bias, double *out)
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

BRN_CLONES static void rows_of_compressed(const size_t *starts, const uint32_t *columns,
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

void brn_dot_compressed(const size_t *starts, const uint32_t *columns, const double *values,
                        size_t rows, const double *w, size_t outputs, const double *bias,
                        double *out, size_t out_stride)
{
    rows_of_compressed(starts, columns, values, rows, w, outputs, bias, out, out_stride);
}
