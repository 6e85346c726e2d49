/* SPDX-License-Identifier: Apache-2.0
 *
 * drift_checks.c - the drift rules that the contract declares, train against test.
 *
 * PSI = sum over bins of (q - p) ln(q / p), bins at train's quantiles, one more for the missing,
 * shares not below the floor.  With no drift PSI * N M / (N + M) is about chi-square with (bins -
 * 1) degrees of freedom, so that an alarm asks for an effect and for more than chance. */
#include "evidence/evidence.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_BINS = 1000 };

struct histogram {
    double counts[MAX_BINS + 1]; /* the last used: the missing */
    double total;
};

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Inner edges at the quantiles of the values that are there, each once; returns how many. */
static size_t make_edges(const double *values, size_t n, size_t bins, double *edges,
                         double *scratch)
{
    size_t present = 0, count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            scratch[present++] = values[i];
    qsort(scratch, present, sizeof *scratch, by_value);
    for (size_t b = 1; present && b < bins; b++) {
        double edge = brn_percentile(scratch, present, (double)b / (double)bins);
        if (count == 0 || edge > edges[count - 1])
            edges[count++] = edge;
    }
    return count;
}

static void count_values(const double *values, size_t n, const double *edges, size_t edge_count,
                         struct histogram *h)
{
    *h = (struct histogram){.total = (double)n};
    for (size_t i = 0; i < n; i++) {
        size_t bin = 0;
        if (isnan(values[i]))
            bin = edge_count + 1;
        else
            while (bin < edge_count && values[i] > edges[bin])
                bin++;
        h->counts[bin]++;
    }
}

static double psi(const struct histogram *reference, const struct histogram *now, size_t bins,
                  double floor_share)
{
    double sum = 0;
    for (size_t b = 0; b < bins; b++) {
        double p = fmax(reference->counts[b] / reference->total, floor_share);
        double q = fmax(now->counts[b] / now->total, floor_share);
        sum += (q - p) * log(q / p);
    }
    return sum;
}

/* The standard normal's quantile, by bisection of erfc; and with it that of chi-square (Wilson,
 * Hilferty 1931), good to a percent. */
static double normal_quantile(double p)
{
    double low = -40, high = 40;
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;
        *(0.5 * erfc(-middle / sqrt(2.0)) < p ? &low : &high) = middle;
    }
    return low;
}

static double chi_square_quantile(double p, double freedom)
{
    double k = 2 / (9 * freedom), x = 1 - k + normal_quantile(p) * sqrt(k);
    return freedom * x * x * x;
}

static void tell(struct brn_evidence *e, const struct brn_quality *rule, const char *column,
                 double value, size_t bins)
{
    const struct brn_check_spec *spec = &rule->check;
    double above = spec->alarm_above.given ? spec->alarm_above.value : 0.2;
    double quantile = spec->alarm_quantile.given ? spec->alarm_quantile.value : 0.999;
    double n = (double)e->train.rows, m = (double)e->test.rows;
    double chance = chi_square_quantile(quantile, (double)(bins - 1)) * (1 / n + 1 / m);
    bool alarm = value > above && value > chance;
    struct brn_check *row = brn_check_add(
        &e->checks, "drift.feature", alarm ? brn_fail_or_warn(rule) : BRN_PASS,
        "PSI of test against train, bins at train's quantiles and one for the missing", "%s",
        column);
    row->value = brn_some(value);
    row->threshold = brn_some(fmax(above, chance));
    row->n = brn_some(m);
    row->finding = brn_check_text(&e->checks,
                                  "%s: PSI %.3f; the alarm is at %.3g and above what chance gives, "
                                  "%.2g",
                                  column, value, above, chance);
    row->advice = alarm ? "look at what changed; judge on rows like those to come" : NULL;
}

static brine_status check_rule(struct brn_evidence *e, const struct brn_quality *rule,
                               const char *column, brine_error *err)
{
    const struct brn_check_spec *spec = &rule->check;
    size_t wanted = spec->bin_count.given ? (size_t)spec->bin_count.value : 10;
    double *train, *test, *scratch, edges[MAX_BINS] = {0};
    struct histogram reference, now;
    if (wanted < 2 || wanted > MAX_BINS - 1)
        return brn_fail(err, BRINE_FORMAT, "drift of %s: 2 to %d bins", column, MAX_BINS - 1);
    BRN_TRY(brn_partition_numbers(&e->train, column, &e->arena, &train, err));
    BRN_TRY(brn_partition_numbers(&e->test, column, &e->arena, &test, err));
    scratch = BRN_NEW(&e->arena, double, e->train.rows + 1);
    if (!scratch)
        return brn_fail_memory(err);
    size_t edge_count = make_edges(train, e->train.rows, wanted, edges, scratch);
    count_values(train, e->train.rows, edges, edge_count, &reference);
    count_values(test, e->test.rows, edges, edge_count, &now);
    double floor_share = spec->floor.given ? spec->floor.value : 0.0001;
    tell(e, rule, column, psi(&reference, &now, edge_count + 2, floor_share), edge_count + 2);
    return BRINE_OK;
}

brine_status brn_check_drift(struct brn_evidence *e, brine_error *err)
{
    const struct brn_contract_column *columns = e->contract->data->columns.at;
    for (size_t i = 0; i < e->contract->data->columns.count; i++) {
        const struct brn_quality *rules = columns[i].quality.at;
        for (size_t j = 0; j < columns[i].quality.count; j++)
            if (rules[j].check.check == BRN_CHECK_DRIFT)
                BRN_TRY(check_rule(e, &rules[j], columns[i].name, err));
    }
    return BRINE_OK;
}
