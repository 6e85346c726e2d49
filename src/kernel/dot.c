/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/dot.h"

#include "kernel/clones.h"

#include <stdbool.h>
#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are, which changes no result. */
typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

/* sum += a b, rounded once, by every CPU: those without such an instruction (before 2013) take the
 * C library's function.  Written out, because both compilers then see one instruction in it. */
INLINE void add_product(lanes *sum, const lanes *a, const lanes *b)
{
    lanes s = *sum, x = *a, y = *b;
    s[0] = __builtin_fma(x[0], y[0], s[0]);
    s[1] = __builtin_fma(x[1], y[1], s[1]);
    s[2] = __builtin_fma(x[2], y[2], s[2]);
    s[3] = __builtin_fma(x[3], y[3], s[3]);
    s[4] = __builtin_fma(x[4], y[4], s[4]);
    s[5] = __builtin_fma(x[5], y[5], s[5]);
    s[6] = __builtin_fma(x[6], y[6], s[6]);
    s[7] = __builtin_fma(x[7], y[7], s[7]);
    *sum = s;
}

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

INLINE void spread(double x, lanes *ret)
{
    *ret = (lanes){x, x, x, x, x, x, x, x};
}

INLINE double join(const lanes *at)
{
    lanes sum = *at;
    double low = (sum[0] + sum[4]) + (sum[2] + sum[6]);
    double high = (sum[1] + sum[5]) + (sum[3] + sum[7]);
    return low + high;
}

/* The first n of eight values, and 0 behind them; those behind may be read. */
INLINE void load_masked(const double *p, size_t n, lanes *ret)
{
    lane_bits numbers = {0, 1, 2, 3, 4, 5, 6, 7}, v;
    memcpy(&v, p, sizeof v);
    *ret = (lanes)(v & (lane_bits)(numbers < (int64_t)n));
}

INLINE void load_last(const double *p, size_t n, bool has_more, lanes *ret)
{
    if (has_more)
        load_masked(p, n, ret);
    else
        load_some(p, n, ret);
}

INLINE double dot(const double *x, const double *w, size_t n)
{
    lanes sum = {0}, a, b;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        load(x + i, &a);
        load(w + i, &b);
        add_product(&sum, &a, &b);
    }
    if (i < n) {
        load_some(x + i, n - i, &a);
        load_some(w + i, n - i, &b);
        add_product(&sum, &a, &b);
    }
    return join(&sum);
}

/* Four at a time, so that no addition waits for the one before; each is summed as it would be
 * alone. */
struct four {
    lanes a, b, c, d;
};

INLINE void join_four(const struct four *sums, double out[4])
{
    out[0] = join(&sums->a);
    out[1] = join(&sums->b);
    out[2] = join(&sums->c);
    out[3] = join(&sums->d);
}

INLINE void add_four(struct four *sums, const struct four *x, const lanes *y)
{
    add_product(&sums->a, &x->a, y);
    add_product(&sums->b, &x->b, y);
    add_product(&sums->c, &x->c, y);
    add_product(&sums->d, &x->d, y);
}

/* Four rows; where has_more, seven values behind each may be read. */
struct rows {
    const double *at;
    size_t stride;
    bool has_more;
};

INLINE void load_rows(const struct rows *rows, size_t i, struct four *ret)
{
    load(rows->at + i, &ret->a);
    load(rows->at + rows->stride + i, &ret->b);
    load(rows->at + 2 * rows->stride + i, &ret->c);
    load(rows->at + 3 * rows->stride + i, &ret->d);
}

INLINE void load_last_of_rows(const struct rows *rows, size_t i, size_t n, struct four *ret)
{
    load_last(rows->at + i, n, rows->has_more, &ret->a);
    load_last(rows->at + rows->stride + i, n, rows->has_more, &ret->b);
    load_last(rows->at + 2 * rows->stride + i, n, rows->has_more, &ret->c);
    load_last(rows->at + 3 * rows->stride + i, n, rows->has_more, &ret->d);
}

/* Four rows with one. */
INLINE void dot_four(const struct rows *rows, const double *y, size_t n, double out[4])
{
    struct four sums = {{0}, {0}, {0}, {0}}, x;
    lanes w;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        load_rows(rows, i, &x);
        load(y + i, &w);
        add_four(&sums, &x, &w);
    }
    if (i < n) {
        load_last_of_rows(rows, i, n - i, &x);
        load_some(y + i, n - i, &w);
        add_four(&sums, &x, &w);
    }
    join_four(&sums, out);
}

/* Four rows with two: as many sums as keep both units busy that multiply and add. */
INLINE void dot_eight(const struct rows *rows, const double *y, size_t n, double out[2][4])
{
    struct four sums = {{0}, {0}, {0}, {0}}, more = sums, x;
    lanes w, v;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        load_rows(rows, i, &x);
        load(y + i, &w);
        load(y + n + i, &v);
        add_four(&sums, &x, &w);
        add_four(&more, &x, &v);
    }
    if (i < n) {
        load_last_of_rows(rows, i, n - i, &x);
        load_some(y + i, n - i, &w);
        load_some(y + n + i, n - i, &v);
        add_four(&sums, &x, &w);
        add_four(&more, &x, &v);
    }
    join_four(&sums, out[0]);
    join_four(&more, out[1]);
}

/* Four outputs of a row, then one by one. */
INLINE void dot_row(const double *x, const double *w, size_t outputs, size_t n, const double *bias,
                    double *out)
{
    size_t k = 0;
    for (; k + 4 <= outputs; k += 4) {
        struct rows weights = {w + k * n, n, k + 4 < outputs && n >= 7};
        dot_four(&weights, x, n, out + k);
    }
    for (; k < outputs; k++)
        out[k] = dot(x, w + k * n, n);
    for (k = 0; k < outputs; k++)
        out[k] += bias ? bias[k] : 0;
}

INLINE void store_column(const double four[4], double bias, double *out, size_t out_stride)
{
    for (size_t r = 0; r < 4; r++)
        out[r * out_stride] = four[r] + bias;
}

/* All outputs of four rows, two by two. */
INLINE void dot_rows(const struct rows *rows, const double *w, size_t outputs, size_t n,
                     const double *bias, double *out, size_t out_stride)
{
    double results[2][4];
    size_t k = 0;
    for (; k + 2 <= outputs; k += 2) {
        dot_eight(rows, w + k * n, n, results);
        store_column(results[0], bias ? bias[k] : 0, out + k, out_stride);
        store_column(results[1], bias ? bias[k + 1] : 0, out + k + 1, out_stride);
    }
    if (k < outputs) {
        dot_four(rows, w + k * n, n, results[0]);
        store_column(results[0], bias ? bias[k] : 0, out + k, out_stride);
    }
}

BRN_CLONES static void rows_of_dots(const double *x, size_t rows, size_t x_stride, const double *w,
                                    size_t outputs, size_t n, const double *bias, double *out,
                                    size_t out_stride)
{
    size_t r = 0;
    for (; r + 4 <= rows; r += 4) {
        bool has_more = r + 4 < rows && n >= 7; /* the next row is behind them */
        struct rows four = {x + r * x_stride, x_stride, has_more};
        dot_rows(&four, w, outputs, n, bias, out + r * out_stride, out_stride);
    }
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

enum { ROWS = 4, WIDTHS = 2 }; /* in flight, so that no addition waits for the one before */

/* Eight results, of which some are stored. */
INLINE void store_biased(const lanes *sums, size_t some, const double *bias, double *out)
{
    lanes sum = *sums, b = {0};
    if (bias && some == 8)
        load(bias, &b);
    else if (bias)
        load_some(bias, some, &b);
    sum += b;
    memcpy(out, &sum, some == 8 ? sizeof sum : some * sizeof *out);
}

/* One feature of each row, times its weights. */
INLINE void add_feature(const double *x, size_t rows, size_t x_stride, const double *w,
                        size_t widths, lanes sum[ROWS][WIDTHS])
{
    lanes weights[WIDTHS];
    BRN_UNROLL for (size_t k = 0; k < widths; k++)
    {
        load(w + 8 * k, &weights[k]);
    }
    BRN_UNROLL for (size_t r = 0; r < rows; r++)
    {
        BRN_UNROLL for (size_t k = 0; k < widths; k++)
        {
            lanes value;
            spread(x[r * x_stride], &value);
            add_product(&sum[r][k], &value, &weights[k]);
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
    for (size_t i = 0; i < l->n; i++)
        add_feature(x + i, rows, x_stride, l->w + i * l->outputs + k, widths, sum);
    BRN_UNROLL for (size_t r = 0; r < rows; r++)
    {
        BRN_UNROLL for (size_t j = 0; j < widths; j++)
        {
            store_biased(&sum[r][j], some, l->bias ? l->bias + k + 8 * j : NULL,
                         out + r * out_stride + k + 8 * j);
        }
    }
}

INLINE void layer_rows(const struct layer *l, const double *x, size_t rows, size_t x_stride,
                       double *out, size_t out_stride)
{
    size_t k = 0, left;
    for (; k + 16 <= l->outputs; k += 16)
        layer_block(l, x, rows, x_stride, k, 2, 8, out, out_stride);
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
