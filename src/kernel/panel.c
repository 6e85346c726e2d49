/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/panel.h"

#include "kernel/clones.h"

#include <math.h>
#include <string.h>

/* Eight lanes; the compiler splits them over what registers there are. */
typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

enum { WIDE = BRN_PANEL / 8 };

void brn_panel_fill(const double *rows_major, size_t rows, size_t columns, double *panels)
{
    memset(panels, 0, brn_panel_count(rows) * columns * BRN_PANEL * sizeof *panels);
    for (size_t r = 0; r < rows; r++) {
        double *panel = panels + r / BRN_PANEL * columns * BRN_PANEL + r % BRN_PANEL;
        for (size_t f = 0; f < columns; f++)
            panel[f * BRN_PANEL] = rows_major[r * columns + f];
    }
}

BRN_CLONES
static void dot(const double *panel, const double *x, size_t columns, double *out)
{
    lanes sum[WIDE] = {{0}};
    for (size_t f = 0; f < columns; f++) {
        const lanes *y = (const lanes *)(panel + f * BRN_PANEL);
        for (size_t k = 0; k < WIDE; k++)
            sum[k] += y[k] * x[f];
    }
    memcpy(out, sum, sizeof sum);
}

BRN_CLONES
static void squared(const double *panel, const double *x, size_t columns, double *out)
{
    lanes sum[WIDE] = {{0}};
    for (size_t f = 0; f < columns; f++) {
        const lanes *y = (const lanes *)(panel + f * BRN_PANEL);
        for (size_t k = 0; k < WIDE; k++) {
            lanes d = x[f] - y[k];
            sum[k] += d * d;
        }
    }
    memcpy(out, sum, sizeof sum);
}

BRN_CLONES
static void manhattan(const double *panel, const double *x, size_t columns, double *out)
{
    lanes sum[WIDE] = {{0}};
    for (size_t f = 0; f < columns; f++) {
        const lanes *y = (const lanes *)(panel + f * BRN_PANEL);
        for (size_t k = 0; k < WIDE; k++)
            sum[k] += (lanes)((lane_bits)(x[f] - y[k]) & INT64_MAX);
    }
    memcpy(out, sum, sizeof sum);
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
