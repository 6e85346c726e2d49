/* SPDX-License-Identifier: Apache-2.0
 *
 * bootstrap.h - intervals by resampling rows, or whole clusters of rows.
 *
 * Draw number d of resample number r is a function of (seed, r, d) alone (a counter, not a stream),
 * so that the result depends neither on the number of threads nor on the order of work.  Every
 * statistic sees the same resamples: a difference of two is paired. */
#ifndef BRN_EVIDENCE_BOOTSTRAP_H
#define BRN_EVIDENCE_BOOTSTRAP_H

#include "evidence/metric.h"

struct brn_resampling {
    uint64_t seed;
    size_t rows;
    const uint32_t *cluster; /* by row: number of its cluster; NULL: every row is its own */
    uint32_t clusters;       /* as many are drawn, with replacement */
    uint32_t resamples;
    double level; /* 0.95 */
};

/* A metric of a sample whose row i is row rows[i] of the whole (NULL: row i). */
struct brn_statistic {
    const struct brn_metric *metric;
    const struct brn_sample *sample;
    const uint32_t *rows;
    double point;       /* on the rows as they are */
    double *replicates; /* resamples of them */
};

struct brn_interval {
    double lower, upper;
    uint32_t undefined; /* resamples on which the metric was not defined; left out */
};

/* Uniform over [0, bound). */
uint32_t brn_draw(uint64_t seed, uint64_t resample, uint64_t draw, uint32_t bound);

/* How often each row is drawn in resample number r; cluster_counts has room for the clusters. */
void brn_resample_weights(const struct brn_resampling *plan, uint32_t r, uint32_t *cluster_counts,
                          double *ret_weights);

/* Fills point and replicates of all statistics; memory from the arena. */
brine_status brn_bootstrap(const struct brn_resampling *plan, struct brn_statistic *statistics,
                           size_t count, struct brn_arena *arena, brine_error *err);

/* The percentile interval of a statistic, or of its difference to another on the same resamples
 * (minus may be NULL).  Percentiles as numpy.percentile (linear).  Both ends are NaN when fewer
 * than half of the resamples are defined. */
brine_status brn_interval_of(const struct brn_resampling *plan,
                             const struct brn_statistic *statistic,
                             const struct brn_statistic *minus, struct brn_interval *ret_interval,
                             brine_error *err);

/* As numpy.percentile(values, 100 * fraction) of n >= 1 ascending values. */
double brn_percentile(const double *sorted, size_t n, double fraction);

#endif
