/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bootstrap.h"

#include <math.h>
#include <stdlib.h>

/* The finisher of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit out.
 */
static uint64_t scramble(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

uint32_t brn_draw(uint64_t seed, uint64_t resample, uint64_t draw, uint32_t bound)
{
    uint64_t key = scramble(seed + 0x9e3779b97f4a7c15u) ^ resample;
    uint64_t bits = scramble(scramble(key) + (draw + 1) * 0x9e3779b97f4a7c15u);
    return (uint32_t)(((bits >> 32) * bound) >> 32);
}

void brn_resample_weights(const struct brn_resampling *plan, uint32_t r, uint32_t *cluster_counts,
                          double *ret_weights)
{
    memset(cluster_counts, 0, plan->clusters * sizeof *cluster_counts);
    for (uint32_t d = 0; d < plan->clusters; d++)
        cluster_counts[brn_draw(plan->seed, r, d, plan->clusters)]++;
    for (size_t i = 0; i < plan->rows; i++)
        ret_weights[i] = cluster_counts[plan->cluster ? plan->cluster[i] : i];
}

static double replicate(const struct brn_statistic *s, const double *weights, double *gathered)
{
    if (!s->rows)
        return s->metric->compute(s->sample, weights);
    for (size_t i = 0; i < s->sample->rows; i++)
        gathered[i] = weights[s->rows[i]];
    return s->metric->compute(s->sample, gathered);
}

static brine_status prepare(const struct brn_resampling *plan, struct brn_statistic *statistics,
                            size_t count, struct brn_arena *arena, brine_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct brn_statistic *s = &statistics[i];
        s->replicates = BRN_NEW(arena, double, (size_t)plan->resamples + 1);
        if (!s->replicates)
            return brn_fail_memory(err);
        s->point = s->metric->compute(s->sample, NULL);
    }
    return BRINE_OK;
}

brine_status brn_bootstrap(const struct brn_resampling *plan, struct brn_statistic *statistics,
                           size_t count, struct brn_arena *arena, brine_error *err)
{
    uint32_t *counts = BRN_NEW(arena, uint32_t, (size_t)plan->clusters + 1);
    double *weights = BRN_NEW(arena, double, plan->rows + 1);
    double *gathered = BRN_NEW(arena, double, plan->rows + 1);
    if (!counts || !weights || !gathered)
        return brn_fail_memory(err);
    BRN_TRY(prepare(plan, statistics, count, arena, err));
    for (uint32_t r = 0; r < plan->resamples; r++) {
        brn_resample_weights(plan, r, counts, weights);
        for (size_t i = 0; i < count; i++)
            statistics[i].replicates[r] = replicate(&statistics[i], weights, gathered);
    }
    return BRINE_OK;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

double brn_percentile(const double *sorted, size_t n, double fraction)
{
    double place = fraction * (double)(n - 1), below = floor(place);
    size_t i = (size_t)below;
    double next = i + 1 < n ? sorted[i + 1] : sorted[i];
    return sorted[i] + (place - below) * (next - sorted[i]);
}

brine_status brn_interval_of(const struct brn_resampling *plan,
                             const struct brn_statistic *statistic,
                             const struct brn_statistic *minus, struct brn_interval *ret_interval,
                             brine_error *err)
{
    double *values = malloc((plan->resamples + (size_t)1) * sizeof *values);
    size_t n = 0;
    if (!values)
        return brn_fail_memory(err);
    for (uint32_t r = 0; r < plan->resamples; r++) {
        double v = statistic->replicates[r] - (minus ? minus->replicates[r] : 0);
        if (!isnan(v))
            values[n++] = v;
    }
    qsort(values, n, sizeof *values, by_value);
    bool enough = n > 0 && 2 * n >= plan->resamples;
    *ret_interval = (struct brn_interval){
        .lower = enough ? brn_percentile(values, n, (1 - plan->level) / 2) : __builtin_nan(""),
        .upper = enough ? brn_percentile(values, n, 1 - (1 - plan->level) / 2) : __builtin_nan(""),
        .undefined = plan->resamples - (uint32_t)n};
    free(values);
    return BRINE_OK;
}
