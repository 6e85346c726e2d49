/* SPDX-License-Identifier: Apache-2.0
 *
 * panel.h - training rows laid out for being compared with one row at a time.
 *
 * A panel is BRN_PANEL rows, feature by feature: value f of row i of the panel is panel[f *
 * BRN_PANEL + i].  A row of input is held against all of a panel at once, each of them summed in
 * the order of the features, so that a result is that of the plain loop (scikit-learn's trees,
 * libsvm's sparse form) and depends neither on the CPU nor on how many rows are asked.  The last
 * panel is filled up with zeros. */
#ifndef BRN_KERNEL_PANEL_H
#define BRN_KERNEL_PANEL_H

#include <stddef.h>

enum { BRN_PANEL = 32 };

/* Panels that rows take, and the values of one panel. */
static inline size_t brn_panel_count(size_t rows)
{
    return rows / BRN_PANEL + (rows % BRN_PANEL != 0);
}

/* Lays out rows x columns; panels has brn_panel_count(rows) * columns * BRN_PANEL values. */
void brn_panel_fill(const double *rows_major, size_t rows, size_t columns, double *panels);

/* What is summed over the features, of x and each row y of the panel (aligned to 64 bytes); out has
 * BRN_PANEL values, at any alignment. */
typedef void brn_panel_sum(const double *panel, const double *x, size_t columns, double p,
                           double *out);

brn_panel_sum brn_panel_dot;        /* x y */
brn_panel_sum brn_panel_squared;    /* (x - y)^2 */
brn_panel_sum brn_panel_manhattan;  /* |x - y| */
brn_panel_sum brn_panel_chebyshev;  /* the largest |x - y| */
brn_panel_sum brn_panel_minkowski;  /* |x - y|^p */
brn_panel_sum brn_panel_hamming;    /* x != y */
brn_panel_sum brn_panel_canberra;   /* |x - y| / (|x| + |y|), where that is not 0 */
brn_panel_sum brn_panel_braycurtis; /* sum |x - y| / sum |x + y| */

/* The first of the least of BRN_PANEL values; NaN is not among them, and 0 is the answer where none
 * is less than infinity. */
size_t brn_panel_least(const double *values);

#endif
