/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/metric.h"

#include <math.h>
#include <stdlib.h>

static double weight_of(const double *weight, size_t row)
{
    return weight ? weight[row] : 1;
}

static double weight_sum(const struct brn_sample *s, const double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++)
        sum += weight_of(weight, i);
    return sum;
}

/* ---- ranking: from the highest score down, equal scores together ---- */

struct group {
    double positives, negatives;
};

/* The rows of the next score below; *at counts down from rows. */
static struct group next_group(const struct brn_sample *s, const double *weight, size_t *at)
{
    struct group g = {0, 0};
    double score = s->score[s->order[*at - 1]];
    for (; *at > 0 && s->score[s->order[*at - 1]] == score; --*at) {
        uint32_t row = s->order[*at - 1];
        double w = weight_of(weight, row);
        g.positives += s->truth[row] * w;
        g.negatives += (1 - s->truth[row]) * w;
    }
    return g;
}

static double average_precision(const struct brn_sample *s, const double *weight)
{
    double positives = 0, negatives = 0, sum = 0;
    for (size_t at = s->rows; at > 0;) {
        struct group g = next_group(s, weight, &at);
        positives += g.positives;
        negatives += g.negatives;
        if (g.positives > 0)
            sum += g.positives * (positives / (positives + negatives));
    }
    return positives > 0 ? sum / positives : __builtin_nan("");
}

static double roc_auc(const struct brn_sample *s, const double *weight)
{
    double positives = 0, negatives = 0, area = 0;
    for (size_t at = s->rows; at > 0;) {
        struct group g = next_group(s, weight, &at);
        area += g.negatives * (positives + g.positives / 2);
        positives += g.positives;
        negatives += g.negatives;
    }
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : __builtin_nan("");
}

/* ---- probabilities ---- */

static double brier(const struct brn_sample *s, const double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++) {
        double d = s->score[i] - s->truth[i];
        sum += weight_of(weight, i) * d * d;
    }
    return sum / weight_sum(s, weight);
}

static double probability_of_truth(const struct brn_sample *s, size_t row)
{
    if (s->proba)
        return s->proba[row * s->classes + (size_t)s->truth[row]];
    return s->truth[row] != 0 ? s->score[row] : 1 - s->score[row];
}

/* Clipped to [eps, 1 - eps] of float64, as sklearn.metrics.log_loss does. */
static double log_loss(const struct brn_sample *s, const double *weight)
{
    const double eps = 2.220446049250313e-16;
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++) {
        double p = probability_of_truth(s, i);
        sum -= weight_of(weight, i) * log(p < eps ? eps : p > 1 - eps ? 1 - eps : p);
    }
    return sum / weight_sum(s, weight);
}

/* A bin of ece: what its rows promise and what they keep. */
struct bin {
    double promised, kept;
};

static bool is_in_bin(double score, uint32_t bin, uint32_t bins)
{
    double place = floor(score * bins);
    return place == bin || (place >= bins && bin == bins - 1);
}

static double ece_equal_width(const struct brn_sample *s, const double *weight)
{
    double sum = 0;
    for (uint32_t b = 0; b < s->bins; b++) {
        struct bin bin = {0, 0};
        for (size_t i = 0; i < s->rows; i++)
            if (is_in_bin(s->score[i], b, s->bins)) {
                bin.promised += weight_of(weight, i) * s->score[i];
                bin.kept += weight_of(weight, i) * s->truth[i];
            }
        sum += fabs(bin.kept - bin.promised);
    }
    return sum / weight_sum(s, weight);
}

/* Bins as numpy.array_split parts the rows by ascending score: the first (n mod bins) have one row
 * more. A row that was drawn several times may be in two bins. */
static double ece_equal_mass(const struct brn_sample *s, const double *weight)
{
    double n = weight_sum(s, weight), sum = 0, filled = 0;
    double size = floor(n / s->bins), extra = n - size * s->bins;
    struct bin bin = {0, 0};
    uint32_t b = 0;
    for (size_t i = 0; i < s->rows; i++) {
        uint32_t row = s->order[i];
        for (double left = weight_of(weight, row); left > 0;) {
            double room = size + (b < extra ? 1 : 0) - filled, take = left < room ? left : room;
            bin.promised += take * s->score[row];
            bin.kept += take * s->truth[row];
            filled += take;
            left -= take;
            if (take == room) {
                sum += fabs(bin.kept - bin.promised);
                bin = (struct bin){0, 0};
                filled = 0;
                b++;
            }
        }
    }
    return (sum + fabs(bin.kept - bin.promised)) / n;
}

static double ece(const struct brn_sample *s, const double *weight)
{
    return s->equal_width ? ece_equal_width(s, weight) : ece_equal_mass(s, weight);
}

/* ---- decisions ---- */

static double accuracy(const struct brn_sample *s, const double *weight)
{
    double right = 0;
    for (size_t i = 0; i < s->rows; i++)
        right += s->decision[i] == s->truth[i] ? weight_of(weight, i) : 0;
    return right / weight_sum(s, weight);
}

/* Of one class; *ret_there: the class is predicted or true somewhere. */
static double f1_of(const struct brn_sample *s, const double *weight, double class, bool *ret_there)
{
    double both = 0, predicted = 0, true_ones = 0;
    for (size_t i = 0; i < s->rows; i++) {
        double w = weight_of(weight, i);
        predicted += s->decision[i] == class ? w : 0;
        true_ones += s->truth[i] == class ? w : 0;
        both += s->decision[i] == class && s->truth[i] == class ? w : 0;
    }
    *ret_there = predicted + true_ones > 0;
    return *ret_there ? 2 * both / (predicted + true_ones) : 0;
}

static double f1(const struct brn_sample *s, const double *weight)
{
    bool there;
    double sum = 0, count = 0;
    if (s->classes == 2)
        return f1_of(s, weight, 1, &there);
    for (size_t c = 0; c < s->classes; c++) {
        sum += f1_of(s, weight, (double)c, &there);
        count += there;
    }
    return count > 0 ? sum / count : __builtin_nan("");
}

/* ---- numbers ---- */

static double squared_error(const struct brn_sample *s, const double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++) {
        double d = s->score[i] - s->truth[i];
        sum += weight_of(weight, i) * d * d;
    }
    return sum;
}

static double rmse(const struct brn_sample *s, const double *weight)
{
    return sqrt(squared_error(s, weight) / weight_sum(s, weight));
}

static double mae(const struct brn_sample *s, const double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < s->rows; i++)
        sum += weight_of(weight, i) * fabs(s->score[i] - s->truth[i]);
    return sum / weight_sum(s, weight);
}

static double r2(const struct brn_sample *s, const double *weight)
{
    double n = weight_sum(s, weight), mean = 0, spread = 0;
    for (size_t i = 0; i < s->rows; i++)
        mean += weight_of(weight, i) * s->truth[i] / n;
    for (size_t i = 0; i < s->rows; i++)
        spread += weight_of(weight, i) * (s->truth[i] - mean) * (s->truth[i] - mean);
    return spread > 0 ? 1 - squared_error(s, weight) / spread : __builtin_nan("");
}

const struct brn_metric brn_metrics[] = {
    {"average_precision", BRN_DIRECTION_MAX, BRN_NEEDS_BINARY | BRN_NEEDS_ORDER, average_precision,
     "sum over falling thresholds of (recall's gain x precision), as "
     "sklearn.metrics.average_precision_score"},
    {"roc_auc", BRN_DIRECTION_MAX, BRN_NEEDS_BINARY | BRN_NEEDS_ORDER, roc_auc,
     "share of (positive, negative) pairs in the right order, ties half, as "
     "sklearn.metrics.roc_auc_score"},
    {"brier", BRN_DIRECTION_MIN, BRN_NEEDS_BINARY | BRN_NEEDS_PROBABILITY, brier,
     "mean of (probability - outcome)^2, as sklearn.metrics.brier_score_loss"},
    {"log_loss", BRN_DIRECTION_MIN, BRN_NEEDS_CLASSES | BRN_NEEDS_PROBABILITY, log_loss,
     "mean of -ln(probability of what came), as sklearn.metrics.log_loss"},
    {"ece", BRN_DIRECTION_MIN, BRN_NEEDS_BINARY | BRN_NEEDS_ORDER | BRN_NEEDS_PROBABILITY, ece,
     "expected calibration error: mean over bins, by rows, of |rate - mean probability|"},
    {"accuracy", BRN_DIRECTION_MAX, BRN_NEEDS_CLASSES | BRN_NEEDS_DECISION, accuracy,
     "share of right decisions, as sklearn.metrics.accuracy_score"},
    {"f1", BRN_DIRECTION_MAX, BRN_NEEDS_CLASSES | BRN_NEEDS_DECISION, f1,
     "harmonic mean of precision and recall (macro over more than two classes), as "
     "sklearn.metrics.f1_score"},
    {"rmse", BRN_DIRECTION_MIN, BRN_NEEDS_NUMBERS, rmse,
     "root of the mean squared error, as sklearn.metrics.root_mean_squared_error"},
    {"mae", BRN_DIRECTION_MIN, BRN_NEEDS_NUMBERS, mae,
     "mean absolute error, as sklearn.metrics.mean_absolute_error"},
    {"r2", BRN_DIRECTION_MAX, BRN_NEEDS_NUMBERS, r2,
     "1 - squared error / spread about the mean, as sklearn.metrics.r2_score"},
    {NULL, BRN_DIRECTION_MAX, 0, NULL, NULL},
};

const struct brn_metric *brn_metric_find(struct brn_slice name)
{
    for (const struct brn_metric *m = brn_metrics; m->name; m++)
        if (brn_slice_is(name, m->name))
            return m;
    return NULL;
}

bool brn_metric_fits(const struct brn_metric *metric, const struct brn_sample *sample,
                     const char **ret_why)
{
    unsigned needs = metric->needs;
    const char *why = NULL;
    if ((needs & BRN_NEEDS_BINARY) && sample->classes != 2)
        why = "it needs two classes";
    else if ((needs & BRN_NEEDS_CLASSES) && sample->classes < 2)
        why = "it needs classes";
    else if ((needs & BRN_NEEDS_NUMBERS) && sample->classes != 0)
        why = "it is for regression";
    else if ((needs & BRN_NEEDS_PROBABILITY) && !sample->is_probability)
        why = "the scores are no probabilities";
    else if ((needs & BRN_NEEDS_DECISION) && !sample->decision)
        why = "there are no decisions";
    if (ret_why)
        *ret_why = why;
    return !why;
}

/* ---- sorting ---- */

struct keyed {
    double score;
    uint32_t row;
};

static int by_score(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

uint32_t *brn_sort_scores(const double *score, size_t rows, struct brn_arena *arena)
{
    uint32_t *order = BRN_NEW(arena, uint32_t, rows + 1);
    struct keyed *keys = malloc((rows + 1) * sizeof *keys);
    if (order && keys) {
        for (size_t i = 0; i < rows; i++)
            keys[i] = (struct keyed){score[i], (uint32_t)i};
        qsort(keys, rows, sizeof *keys, by_score);
        for (size_t i = 0; i < rows; i++)
            order[i] = keys[i].row;
    }
    bool ok = keys != NULL;
    free(keys);
    return ok ? order : NULL;
}
