/* SPDX-License-Identifier: Apache-2.0
 *
 * metric.h - distances between rows, as sklearn/metrics/_dist_metrics has them: summed in the order
 * of the features.  A reduced distance is as good for comparing and cheaper (the square of the
 * Euclidean one). */
#ifndef BRN_KERNEL_METRIC_H
#define BRN_KERNEL_METRIC_H

#include "kernel/panel.h"

enum brn_metric_kind {
    BRN_METRIC_EUCLIDEAN,
    BRN_METRIC_MANHATTAN,
    BRN_METRIC_CHEBYSHEV,
    BRN_METRIC_MINKOWSKI,
    BRN_METRIC_HAMMING,
    BRN_METRIC_CANBERRA,
    BRN_METRIC_BRAYCURTIS,
    BRN_METRIC_COSINE, /* of rows that have been divided by their length */
};

struct brn_metric {
    enum brn_metric_kind kind;
    double p; /* of MINKOWSKI */
    size_t columns;
};

/* Reduced distances of x and the rows of a panel; out has BRN_PANEL values. */
void brn_metric_panel(const struct brn_metric *metric, const double *panel, const double *x,
                      double *out);

/* The distance of two rows. */
double brn_metric_distance(const struct brn_metric *metric, const double *a, const double *b);

/* A reduced distance as a distance, and back. */
double brn_metric_expand(const struct brn_metric *metric, double reduced);
double brn_metric_reduce(const struct brn_metric *metric, double distance);

/* |d|^p for the metric's p, of those that have one (EUCLIDEAN, MANHATTAN, MINKOWSKI). */
double brn_metric_power(const struct brn_metric *metric, double d);

#endif
