/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/metric.h"

#include <math.h>

static brn_panel_sum *const sums[] = {
    [BRN_METRIC_EUCLIDEAN] = brn_panel_squared,     [BRN_METRIC_MANHATTAN] = brn_panel_manhattan,
    [BRN_METRIC_CHEBYSHEV] = brn_panel_chebyshev,   [BRN_METRIC_MINKOWSKI] = brn_panel_minkowski,
    [BRN_METRIC_HAMMING] = brn_panel_hamming,       [BRN_METRIC_CANBERRA] = brn_panel_canberra,
    [BRN_METRIC_BRAYCURTIS] = brn_panel_braycurtis, [BRN_METRIC_COSINE] = brn_panel_dot,
};

void brn_metric_panel(const struct brn_metric *metric, const double *panel, const double *x,
                      double *out)
{
    sums[metric->kind](panel, x, metric->columns, metric->p, out);
    if (metric->kind == BRN_METRIC_HAMMING)
        for (size_t i = 0; i < BRN_PANEL; i++)
            out[i] /= (double)metric->columns;
    if (metric->kind == BRN_METRIC_COSINE)
        for (size_t i = 0; i < BRN_PANEL; i++) {
            double d = 1 - out[i];
            out[i] = d < 0 ? 0 : d > 2 ? 2 : d;
        }
}

double brn_metric_distance(const struct brn_metric *metric, const double *a, const double *b)
{
    _Alignas(64) double panel[BRN_PANEL] = {0};
    double out[BRN_PANEL], sum = 0, whole = 0;
    struct brn_metric one = *metric;
    if (metric->kind == BRN_METRIC_EUCLIDEAN) { /* hot: of a ball's centre */
        for (size_t f = 0; f < metric->columns; f++)
            sum += (a[f] - b[f]) * (a[f] - b[f]);
        return sqrt(sum);
    }
    one.columns = 1;
    for (size_t f = 0; f < metric->columns; f++) {
        panel[0] = b[f];
        brn_metric_panel(&one, panel, a + f, out);
        if (metric->kind == BRN_METRIC_CHEBYSHEV)
            sum = out[0] > sum ? out[0] : sum;
        else if (metric->kind == BRN_METRIC_BRAYCURTIS)
            sum += fabs(a[f] - b[f]);
        else
            sum += out[0];
        whole += fabs(a[f]) + fabs(b[f]);
    }
    if (metric->kind == BRN_METRIC_BRAYCURTIS)
        return whole > 0 ? sum / whole : 0;
    return metric->kind == BRN_METRIC_HAMMING ? sum / (double)metric->columns
                                              : brn_metric_expand(metric, sum);
}

double brn_metric_expand(const struct brn_metric *metric, double reduced)
{
    if (metric->kind == BRN_METRIC_EUCLIDEAN)
        return sqrt(reduced);
    return metric->kind == BRN_METRIC_MINKOWSKI ? pow(reduced, 1 / metric->p) : reduced;
}

double brn_metric_reduce(const struct brn_metric *metric, double distance)
{
    if (metric->kind == BRN_METRIC_EUCLIDEAN)
        return distance * distance;
    return metric->kind == BRN_METRIC_MINKOWSKI ? pow(distance, metric->p) : distance;
}

double brn_metric_power(const struct brn_metric *metric, double d)
{
    if (metric->kind == BRN_METRIC_EUCLIDEAN)
        return d * d;
    return metric->kind == BRN_METRIC_MINKOWSKI ? pow(d, metric->p) : d;
}
