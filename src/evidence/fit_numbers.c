/* SPDX-License-Identifier: Apache-2.0
 *
 * fit_numbers.c - SimpleImputer, StandardScaler, MinMaxScaler.
 * sklearn/impute/_base.py, sklearn/preprocessing/_data.py (1.2 to 1.9). */
#include "evidence/fit.h"

#include <math.h>
#include <stdlib.h>

/* The values of a column under one hypothesis. */
struct values {
    double *at;
    size_t count;
};

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Those of the column that was read last that are not missing. */
static struct values present(struct brn_fit *fit, enum brn_hypothesis h, double missing)
{
    size_t begin, end;
    brn_fit_rows(fit, h, &begin, &end);
    struct values v = {fit->values, 0};
    for (size_t i = begin; i < end; i++)
        if (!isnan(fit->numbers[i]) && fit->numbers[i] != missing)
            v.at[v.count++] = fit->numbers[i];
    return v;
}

/* ---- statistics; each may sort the values ---- */

static double mean_of(struct values *v)
{
    long double sum = 0;
    for (size_t i = 0; i < v->count; i++)
        sum += (long double)v->at[i];
    return v->count ? (double)(sum / (long double)v->count) : __builtin_nan("");
}

static double variance_of(struct values *v)
{
    long double mean = (long double)mean_of(v), sum = 0;
    for (size_t i = 0; i < v->count; i++)
        sum += ((long double)v->at[i] - mean) * ((long double)v->at[i] - mean);
    return v->count ? (double)(sum / (long double)v->count) : __builtin_nan("");
}

static double median_of(struct values *v)
{
    if (v->count == 0)
        return __builtin_nan("");
    qsort(v->at, v->count, sizeof *v->at, by_value);
    double low = v->at[(v->count - 1) / 2], high = v->at[v->count / 2];
    return low == high ? low : (low + high) / 2;
}

/* The smallest of the most frequent ones. */
static double mode_of(struct values *v)
{
    double best = __builtin_nan("");
    size_t most = 0;
    qsort(v->at, v->count, sizeof *v->at, by_value);
    for (size_t i = 0, run; i < v->count; i += run) {
        for (run = 1; i + run < v->count && v->at[i + run] == v->at[i];)
            run++;
        if (run > most) {
            most = run;
            best = v->at[i];
        }
    }
    return best;
}

static double count_of(struct values *v)
{
    return (double)v->count;
}

static double minimum_of(struct values *v)
{
    double least = __builtin_nan("");
    for (size_t i = 0; i < v->count; i++)
        least = fmin(least, v->at[i]);
    return least;
}

static double maximum_of(struct values *v)
{
    double most = __builtin_nan("");
    for (size_t i = 0; i < v->count; i++)
        most = fmax(most, v->at[i]);
    return most;
}

typedef double statistic(struct values *v);

/* Compares stored[i] with the statistic of column i, for all of them.  A mean near 0 is measured by
 * the column's spread. */
static void compare_columns(struct brn_fit *fit, const double *stored, size_t count,
                            statistic *compute, double missing)
{
    if (count != fit->input->train.column_count) {
        fit->component->why = "its statistics are not one for each of its input columns";
        return;
    }
    for (size_t c = 0; c < count && brn_fit_read(fit, c); c++) {
        double expected[BRN_HYPOTHESES], scale = 0;
        for (int h = 0; h < BRN_HYPOTHESES; h++) {
            struct values v = present(fit, (enum brn_hypothesis)h, missing);
            if (compute == mean_of)
                scale = fmax(scale, sqrt(variance_of(&v)));
            expected[h] = compute(&v);
        }
        brn_fit_compare(fit, stored[c], expected, scale);
    }
}

/* ---- SimpleImputer ---- */

static const struct {
    const char *strategy, *what;
    statistic *compute;
} strategies[] = {
    {"mean", "means", mean_of},
    {"median", "medians", median_of},
    {"most_frequent", "most frequent values", mode_of},
};

/* indicator_.features_: the columns that had a missing value. */
static void compare_indicator(struct brn_fit *fit, double missing)
{
    const struct brn_node *indicator = brn_node_attribute(fit->object, "indicator_");
    size_t count, columns = fit->input->train.column_count;
    double *features = brn_fit_array(fit, brn_node_attribute(indicator, "features_"), &count);
    if (!features || !brn_node_is_text(brn_node_attribute(indicator, "features"), "missing-only"))
        return;
    for (size_t c = 0; c < columns && brn_fit_read(fit, c); c++) {
        double expected[BRN_HYPOTHESES], stored = 0;
        for (int h = 0; h < BRN_HYPOTHESES; h++) {
            size_t begin, end;
            struct values v = present(fit, (enum brn_hypothesis)h, missing);
            brn_fit_rows(fit, (enum brn_hypothesis)h, &begin, &end);
            expected[h] = v.count < end - begin;
        }
        for (size_t i = 0; i < count; i++)
            stored = features[i] == (double)c ? 1 : stored;
        brn_fit_compare(fit, stored, expected, 0);
    }
}

brine_status brn_fit_simple_imputer(struct brn_fit *fit)
{
    const struct brn_node *strategy = brn_node_attribute(fit->object, "strategy");
    size_t count, one;
    double *statistics = brn_fit_array(fit, brn_node_attribute(fit->object, "statistics_"), &count);
    double *code = brn_fit_array(fit, brn_node_attribute(fit->object, "missing_values"), &one);
    double missing = code ? code[0] : __builtin_nan("");
    if (!statistics)
        fit->component->why = "its statistics_ are no numbers";
    for (size_t s = 0; statistics && s < sizeof strategies / sizeof strategies[0]; s++)
        if (brn_node_is_text(strategy, strategies[s].strategy)) {
            fit->component->what = strategies[s].what;
            compare_columns(fit, statistics, count, strategies[s].compute, missing);
        }
    compare_indicator(fit, missing);
    return BRINE_OK;
}

/* ---- scalers ---- */

/* n_samples_seen_: one number, or one for each column when values were missing. */
static void compare_counts(struct brn_fit *fit)
{
    size_t count, begin, end;
    double expected[BRN_HYPOTHESES];
    double *seen = brn_fit_array(fit, brn_node_attribute(fit->object, "n_samples_seen_"), &count);
    if (!seen)
        return;
    for (size_t i = 0; i < count; i++)
        fit->component->rows_seen = fmax(fit->component->rows_seen, seen[i]);
    if (count == fit->input->train.column_count && count > 1) {
        compare_columns(fit, seen, count, count_of, __builtin_nan(""));
        return;
    }
    for (int h = 0; h < BRN_HYPOTHESES; h++) {
        brn_fit_rows(fit, (enum brn_hypothesis)h, &begin, &end);
        expected[h] = (double)(end - begin);
    }
    brn_fit_compare(fit, seen[0], expected, 0);
}

static void compare_attribute(struct brn_fit *fit, const char *attribute, statistic *compute)
{
    size_t count;
    double *stored = brn_fit_array(fit, brn_node_attribute(fit->object, attribute), &count);
    if (stored)
        compare_columns(fit, stored, count, compute, __builtin_nan(""));
}

brine_status brn_fit_standard_scaler(struct brn_fit *fit)
{
    fit->component->what = "means, variances and the row count";
    compare_counts(fit);
    compare_attribute(fit, "mean_", mean_of);
    compare_attribute(fit, "var_", variance_of);
    return BRINE_OK;
}

brine_status brn_fit_min_max_scaler(struct brn_fit *fit)
{
    fit->component->what = "minima, maxima and the row count";
    compare_counts(fit);
    compare_attribute(fit, "data_min_", minimum_of);
    compare_attribute(fit, "data_max_", maximum_of);
    return BRINE_OK;
}
