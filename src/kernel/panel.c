/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/panel.h"

#include "kernel/clones.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are. */
typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

/* A value of every row of a panel.  Four names, because gcc keeps an array in memory. */
struct wide {
    lanes a, b, c, d;
};

_Static_assert(sizeof(struct wide) == BRN_PANEL * sizeof(double), "a panel is four times eight");

#define INLINE static inline __attribute__((always_inline))

void brn_panel_fill(const double *rows_major, size_t rows, size_t columns, double *panels)
{
    memset(panels, 0, brn_panel_count(rows) * columns * BRN_PANEL * sizeof *panels);
    for (size_t r = 0; r < rows; r++) {
        double *panel = panels + r / BRN_PANEL * columns * BRN_PANEL + r % BRN_PANEL;
        for (size_t f = 0; f < columns; f++)
            panel[f * BRN_PANEL] = rows_major[r * columns + f];
    }
}

INLINE void add_products(struct wide *sum, const struct wide *y, double x)
{
    sum->a += y->a * x;
    sum->b += y->b * x;
    sum->c += y->c * x;
    sum->d += y->d * x;
}

BRN_CLONES
static void dot(const double *panel, const double *x, size_t columns, double *out)
{
    struct wide sum = {{0}, {0}, {0}, {0}};
    for (size_t f = 0; f < columns; f++)
        add_products(&sum, (const struct wide *)panel + f, x[f]);
    memcpy(out, &sum, sizeof sum);
}

INLINE void add_squares(struct wide *sum, const struct wide *y, double x)
{
    lanes a = x - y->a, b = x - y->b, c = x - y->c, d = x - y->d;
    sum->a += a * a;
    sum->b += b * b;
    sum->c += c * c;
    sum->d += d * d;
}

BRN_CLONES
static void squared(const double *panel, const double *x, size_t columns, double *out)
{
    struct wide sum = {{0}, {0}, {0}, {0}};
    for (size_t f = 0; f < columns; f++)
        add_squares(&sum, (const struct wide *)panel + f, x[f]);
    memcpy(out, &sum, sizeof sum);
}

INLINE void add_distances(struct wide *sum, const struct wide *y, double x)
{
    sum->a += (lanes)((lane_bits)(x - y->a) & INT64_MAX);
    sum->b += (lanes)((lane_bits)(x - y->b) & INT64_MAX);
    sum->c += (lanes)((lane_bits)(x - y->c) & INT64_MAX);
    sum->d += (lanes)((lane_bits)(x - y->d) & INT64_MAX);
}

BRN_CLONES
static void manhattan(const double *panel, const double *x, size_t columns, double *out)
{
    struct wide sum = {{0}, {0}, {0}, {0}};
    for (size_t f = 0; f < columns; f++)
        add_distances(&sum, (const struct wide *)panel + f, x[f]);
    memcpy(out, &sum, sizeof sum);
}

BRN_CLONES
static void chebyshev(const double *panel, const double *x, size_t columns, double *out)
{
    double most[BRN_PANEL] = {0};
    for (size_t f = 0; f < columns; f++)
        for (size_t i = 0; i < BRN_PANEL; i++) {
            double d = fabs(x[f] - panel[f * BRN_PANEL + i]);
            most[i] = d > most[i] ? d : most[i];
        }
    memcpy(out, most, sizeof most);
}

INLINE void take_less(lanes *least, lane_bits *place, const lanes *values, int64_t first)
{
    lane_bits places = first + (lane_bits){0, 1, 2, 3, 4, 5, 6, 7};
    lane_bits less = *values < *least;
    *place = (less & places) | (~less & *place);
    *least = (lanes)((less & (lane_bits)*values) | (~less & (lane_bits)*least));
}

/* Each lane keeps the first of its least ones; of these the least, and of equal ones the first. */
BRN_CLONES
static size_t least(const double *values)
{
    struct wide v;
    memcpy(&v, values, sizeof v);
    lanes lowest = (lanes){0} + (double)INFINITY;
    lane_bits place = {0};
    take_less(&lowest, &place, &v.a, 0);
    take_less(&lowest, &place, &v.b, 8);
    take_less(&lowest, &place, &v.c, 16);
    take_less(&lowest, &place, &v.d, 24);
    int64_t best = 0;
    for (int64_t i = 1; i < 8; i++) {
        bool less = lowest[i] < lowest[best];
        bool first = lowest[i] == lowest[best] && place[i] < place[best];
        best = less || first ? i : best;
    }
    return (size_t)place[best];
}

/* The clones are reached through plain functions: clang 14 exports none. */

void brn_panel_dot(const double *panel, const double *x, size_t columns, double p, double *out)
{
    (void)p;
    dot(panel, x, columns, out);
}

void brn_panel_squared(const double *panel, const double *x, size_t columns, double p, double *out)
{
    (void)p;
    squared(panel, x, columns, out);
}

void brn_panel_manhattan(const double *panel, const double *x, size_t columns, double p,
                         double *out)
{
    (void)p;
    manhattan(panel, x, columns, out);
}

void brn_panel_chebyshev(const double *panel, const double *x, size_t columns, double p,
                         double *out)
{
    (void)p;
    chebyshev(panel, x, columns, out);
}

size_t brn_panel_least(const double *values)
{
    return least(values);
}

/* ---- rarer ones, by the plain loop ---- */

void brn_panel_minkowski(const double *panel, const double *x, size_t columns, double p,
                         double *out)
{
    double sum[BRN_PANEL] = {0};
    for (size_t f = 0; f < columns; f++)
        for (size_t i = 0; i < BRN_PANEL; i++)
            sum[i] += pow(fabs(x[f] - panel[f * BRN_PANEL + i]), p);
    memcpy(out, sum, sizeof sum);
}

void brn_panel_hamming(const double *panel, const double *x, size_t columns, double p, double *out)
{
    double sum[BRN_PANEL] = {0};
    (void)p;
    for (size_t f = 0; f < columns; f++)
        for (size_t i = 0; i < BRN_PANEL; i++)
            sum[i] += x[f] != panel[f * BRN_PANEL + i];
    memcpy(out, sum, sizeof sum);
}

void brn_panel_canberra(const double *panel, const double *x, size_t columns, double p, double *out)
{
    double sum[BRN_PANEL] = {0};
    (void)p;
    for (size_t f = 0; f < columns; f++)
        for (size_t i = 0; i < BRN_PANEL; i++) {
            double y = panel[f * BRN_PANEL + i], size = fabs(x[f]) + fabs(y);
            if (size > 0)
                sum[i] += fabs(x[f] - y) / size;
        }
    memcpy(out, sum, sizeof sum);
}

void brn_panel_braycurtis(const double *panel, const double *x, size_t columns, double p,
                          double *out)
{
    double part[BRN_PANEL] = {0}, whole[BRN_PANEL] = {0};
    (void)p;
    for (size_t f = 0; f < columns; f++)
        for (size_t i = 0; i < BRN_PANEL; i++) {
            double y = panel[f * BRN_PANEL + i];
            part[i] += fabs(x[f] - y);
            whole[i] += fabs(x[f]) + fabs(y);
        }
    for (size_t i = 0; i < BRN_PANEL; i++)
        out[i] = whole[i] > 0 ? part[i] / whole[i] : 0;
}
