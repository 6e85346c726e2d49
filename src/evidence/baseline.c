/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/baseline.h"

#include "base/number.h"
#include "evidence/bootstrap.h"

#include <math.h>
#include <stdlib.h>

struct learning {
    const struct brn_baseline_part *part;
    const struct brn_baseline_data *data;
    struct brn_arena *arena;
    double prior;
    double *score; /* of the test rows */
    bool is_probability;
    brine_error *err;
};

static double mean(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

static brine_status score_prior(struct learning *l)
{
    for (size_t i = 0; i < l->data->test->rows; i++)
        l->score[i] = l->prior;
    return BRINE_OK;
}

/* Several classes: train's shares of them, and the most frequent one. */
static brine_status score_shares(const struct brn_baseline_data *data, struct brn_arena *arena,
                                 struct brn_sample *s, brine_error *err)
{
    double *shares = BRN_NEW(arena, double, data->classes + 1), most = 0;
    double *proba = BRN_NEW(arena, double, s->rows * data->classes + 1);
    double *decision = BRN_NEW(arena, double, s->rows + 1);
    if (!shares || !proba || !decision)
        return brn_fail_memory(err);
    for (size_t i = 0; i < data->train->rows; i++)
        shares[(size_t)data->train_truth[i]] += 1 / (double)data->train->rows;
    for (size_t c = 1; c < data->classes; c++)
        most = shares[c] > shares[(size_t)most] ? (double)c : most;
    for (size_t i = 0; i < s->rows; i++) {
        memcpy(proba + i * data->classes, shares, data->classes * sizeof *shares);
        decision[i] = most;
    }
    s->proba = proba;
    s->decision = decision;
    s->is_probability = true;
    return BRINE_OK;
}

/* ---- rate-by ---- */

enum { MAX_KEYS = 8 };

static struct brn_slice trim(const char *begin, const char *end)
{
    while (begin < end && *begin == ' ')
        begin++;
    while (end > begin && end[-1] == ' ')
        end--;
    return (struct brn_slice){(const uint8_t *)begin, (size_t)(end - begin)};
}

brine_status brn_key_parse(const char *expression, struct brn_arena *arena,
                           struct brn_key_expression *ret_expression, brine_error *err)
{
    static const char head[] = "floor(";
    const char *last = expression + strlen(expression) - 1, *slash = strchr(expression, '/');
    struct brn_key_expression e = {expression, 0};
    if (strncmp(expression, head, sizeof head - 1) != 0) {
        *ret_expression = e;
        return BRINE_OK;
    }
    if (!slash || *last != ')')
        return brn_fail(err, BRINE_FORMAT, "\"%s\": floor(COLUMN / n) is needed", expression);
    if (!brn_parse_double(trim(slash + 1, last), &e.divisor) || !(e.divisor > 0) ||
        !isfinite(e.divisor))
        return brn_fail(err, BRINE_FORMAT, "\"%s\": n is a number above 0", expression);
    e.column = brn_arena_text(arena, trim(expression + sizeof head - 1, slash));
    if (!e.column)
        return brn_fail_memory(err);
    *ret_expression = e;
    return BRINE_OK;
}

struct keys {
    struct brn_key_expression expressions[MAX_KEYS];
    const struct brn_column *columns[MAX_KEYS];
    size_t count;
};

static struct brn_slice key_part(const struct keys *k, size_t i, int64_t row, char *digits)
{
    double number;
    if (k->expressions[i].divisor == 0)
        return brn_column_key(k->columns[i], row, digits);
    if (!brn_column_number(k->columns[i], row, &number) || isnan(number))
        return (struct brn_slice){NULL, 0};
    size_t n = brn_format_double(floor(number / k->expressions[i].divisor), digits);
    return (struct brn_slice){(const uint8_t *)digits, n};
}

static void row_key(const struct keys *k, int64_t row, struct brn_buffer *out)
{
    char digits[BRN_NUMBER_TEXT];
    out->size = 0;
    for (size_t i = 0; i < k->count; i++) {
        struct brn_slice part = key_part(k, i, row, digits);
        uint64_t length = part.p ? part.n : UINT64_MAX;
        brn_buffer_add(out, &length, sizeof length);
        brn_buffer_slice(out, part);
    }
}

static brine_status bind_keys(struct learning *l, struct keys *k,
                              const struct brn_partition *partition)
{
    for (size_t i = 0; i < k->count; i++)
        BRN_TRY(brn_partition_column(partition, k->expressions[i].column, &k->columns[i], l->err));
    return BRINE_OK;
}

struct rates {
    struct brn_map keys;
    double *sums, *counts;
};

static brine_status learn_rates(struct learning *l, const struct keys *k, struct rates *rates,
                                struct brn_buffer *key)
{
    size_t rows = l->data->train->rows;
    brn_map_init(&rates->keys, l->arena);
    rates->sums = BRN_NEW(l->arena, double, rows + 1);
    rates->counts = BRN_NEW(l->arena, double, rows + 1);
    if (!rates->sums || !rates->counts)
        return brn_fail_memory(l->err);
    for (size_t i = 0; i < rows; i++) {
        row_key(k, (int64_t)i, key);
        uint32_t number = brn_map_find(&rates->keys, brn_buffer_view(key));
        if (number == BRN_MAP_NONE) {
            char *copy = brn_arena_text(l->arena, brn_buffer_view(key));
            struct brn_slice kept = {(const uint8_t *)copy, key->size};
            number = copy && !key->failed ? brn_map_add(&rates->keys, kept) : BRN_MAP_NONE;
        }
        if (number == BRN_MAP_NONE)
            return brn_fail_memory(l->err);
        rates->sums[number] += l->data->train_truth[i];
        rates->counts[number]++;
    }
    return BRINE_OK;
}

static brine_status score_rates(struct learning *l, struct keys *k, struct brn_buffer *key)
{
    struct rates rates;
    double smoothing = l->part->smoothing.value;
    BRN_TRY(bind_keys(l, k, l->data->train));
    BRN_TRY(learn_rates(l, k, &rates, key));
    BRN_TRY(bind_keys(l, k, l->data->test));
    for (size_t i = 0; i < l->data->test->rows; i++) {
        row_key(k, (int64_t)i, key);
        uint32_t number = brn_map_find(&rates.keys, brn_buffer_view(key));
        l->score[i] = number == BRN_MAP_NONE ? l->prior
                                             : (rates.sums[number] + smoothing * l->prior) /
                                                   (rates.counts[number] + smoothing);
    }
    return key->failed ? brn_fail_memory(l->err) : BRINE_OK;
}

static brine_status score_rate_by(struct learning *l)
{
    struct keys k = {.count = l->part->columns.count};
    struct brn_buffer key = {0};
    if (k.count > MAX_KEYS)
        return brn_fail(l->err, BRINE_LIMIT, "rate-by takes at most %d columns", MAX_KEYS);
    for (size_t i = 0; i < k.count; i++)
        BRN_TRY(brn_key_parse(l->part->columns.at[i], l->arena, &k.expressions[i], l->err));
    brine_status status = score_rates(l, &k, &key);
    brn_buffer_free(&key);
    return status;
}

/* ---- single-feature ---- */

enum { DEFAULT_BINS = 8 };

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The values that are there, ascending. */
static double *sorted_present(const double *values, size_t n, struct brn_arena *arena,
                              size_t *ret_count)
{
    double *sorted = BRN_NEW(arena, double, n + 1);
    size_t count = 0;
    for (size_t i = 0; sorted && i < n; i++)
        if (!isnan(values[i]))
            sorted[count++] = values[i];
    if (sorted)
        qsort(sorted, count, sizeof *sorted, by_value);
    *ret_count = count;
    return sorted;
}

/* The first edge that value does not exceed (numpy.searchsorted, left); bins is the missing's
 * place. */
static size_t bin_of(double value, const double *edges, size_t bins)
{
    size_t at = 0;
    if (isnan(value))
        return bins;
    while (at + 1 < bins && edges[at] < value)
        at++;
    return at;
}

/* Train's rate in each of bins quantile bins, and among the missing. */
static brine_status score_binned(struct learning *l, const double *train, const double *test,
                                 size_t bins)
{
    size_t present;
    double *sorted = sorted_present(train, l->data->train->rows, l->arena, &present);
    double *edges = BRN_NEW(l->arena, double, bins + 1);
    double *sums = BRN_NEW(l->arena, double, bins + 1),
           *counts = BRN_NEW(l->arena, double, bins + 1);
    if (!sorted || !edges || !sums || !counts)
        return brn_fail_memory(l->err);
    for (size_t b = 0; present && b + 1 < bins; b++)
        edges[b] = brn_percentile(sorted, present, (double)(b + 1) / (double)bins);
    for (size_t i = 0; i < l->data->train->rows; i++) {
        size_t b = bin_of(train[i], edges, bins);
        sums[b] += l->data->train_truth[i];
        counts[b]++;
    }
    for (size_t i = 0; i < l->data->test->rows; i++) {
        size_t b = bin_of(test[i], edges, bins);
        l->score[i] = counts[b] > 0 ? sums[b] / counts[b] : l->prior;
    }
    return BRINE_OK;
}

/* The sign of the covariance with the truth, over the rows where the value is there. */
static double orientation(const double *values, const double *truth, size_t n)
{
    double count = 0, x = 0, y = 0, xy = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i])) {
            count++;
            x += values[i];
            y += truth[i];
        }
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            xy += (values[i] - x / count) * (truth[i] - y / count);
    return xy < 0 ? -1 : 1;
}

/* The value itself, so turned that more means more; a missing one stands at train's median. */
static brine_status score_raw(struct learning *l, const double *train, const double *test)
{
    size_t present;
    double *sorted = sorted_present(train, l->data->train->rows, l->arena, &present);
    if (!sorted)
        return brn_fail_memory(l->err);
    double median = present ? brn_percentile(sorted, present, 0.5) : 0;
    double sign = orientation(train, l->data->train_truth, l->data->train->rows);
    for (size_t i = 0; i < l->data->test->rows; i++)
        l->score[i] = sign * (isnan(test[i]) ? median : test[i]);
    l->is_probability = false;
    return BRINE_OK;
}

static brine_status score_single(struct learning *l)
{
    double *train, *test;
    BRN_TRY(brn_partition_numbers(l->data->train, l->part->column, l->arena, &train, l->err));
    BRN_TRY(brn_partition_numbers(l->data->test, l->part->column, l->arena, &test, l->err));
    const struct brn_json_value *bins = l->part->bins;
    if (bins && bins->kind == BRN_JSON_STRING) /* none */
        return score_raw(l, train, test);
    return score_binned(l, train, test, bins ? (size_t)bins->integer : DEFAULT_BINS);
}

/* ---- all ---- */

static const struct {
    const char *name;
    brine_status (*score)(struct learning *l);
    const char *definition;
} kinds[] = {
    {"prior", score_prior, "train's rate for every row"},
    {"rate-by", score_rate_by, "train's smoothed rate in each combination of the columns"},
    {"single-feature", score_single,
     "train's rate in the quantile bins of one column (bins none: its value, oriented on train)"},
};

static brine_status score_kind(const struct brn_baseline_part *baseline,
                               const struct brn_baseline_data *data, struct brn_arena *arena,
                               struct brn_sample *s, brine_error *err)
{
    struct learning l = {baseline,
                         data,
                         arena,
                         mean(data->train_truth, data->train->rows),
                         BRN_NEW(arena, double, s->rows + 1),
                         data->classes == 2,
                         err};
    size_t k = 0;
    while (k + 1 < sizeof kinds / sizeof kinds[0] && strcmp(kinds[k].name, baseline->name) != 0)
        k++;
    if (!l.score)
        return brn_fail_memory(err);
    BRN_TRY(kinds[k].score(&l));
    s->score = l.score;
    s->is_probability = l.is_probability;
    s->order = brn_sort_scores(l.score, s->rows, arena);
    return s->order ? BRINE_OK : brn_fail_memory(err);
}

brine_status brn_baseline_score(const struct brn_baseline_part *baseline,
                                const struct brn_baseline_data *data, struct brn_arena *arena,
                                struct brn_sample *ret_sample, brine_error *err)
{
    struct brn_sample s = {.rows = data->test->rows, .classes = data->classes, .bins = 15};
    if (data->classes <= 2)
        BRN_TRY(score_kind(baseline, data, arena, &s, err));
    else if (strcmp(baseline->name, "prior") == 0)
        BRN_TRY(score_shares(data, arena, &s, err));
    else
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "with more than two classes, prior and model files are the baselines");
    *ret_sample = s;
    return BRINE_OK;
}

const char *brn_baseline_definition(const struct brn_baseline_part *baseline)
{
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        if (strcmp(kinds[k].name, baseline->name) == 0)
            return kinds[k].definition;
    return "another model on the same rows";
}
