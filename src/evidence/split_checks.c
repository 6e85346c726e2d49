/* SPDX-License-Identifier: Apache-2.0
 *
 * split_checks.c - is the split what the contract says?  Order and gap in time, groups, copied
 * rows. */
#include "evidence/evidence.h"

#include "base/number.h"
#include "contract/calendar.h"

#include <math.h>

enum { SECONDS_A_DAY = 86400 };

/* ---- time ---- */

struct span {
    double first, last;
};

static struct span span_of(const double *times, size_t n)
{
    struct span s = {(double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < n; i++) {
        s.first = fmin(s.first, times[i]);
        s.last = fmax(s.last, times[i]);
    }
    return s;
}

static size_t rows_before(const double *times, size_t n, double limit, bool inclusive)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += times[i] < limit || (inclusive && times[i] == limit);
    return count;
}

static void add_order(struct brn_evidence *e, const struct brn_quality *rule, const char *column,
                      size_t early, const char *what)
{
    struct brn_check *row =
        brn_check_add(&e->checks, "leakage.time-order", early ? brn_fail_or_warn(rule) : BRN_PASS,
                      "rows of test that are not later than every row of train, or on the wrong "
                      "side of the cutoff",
                      "%s", column);
    row->value = brn_some((double)early);
    row->n = brn_some((double)e->test.rows);
    row->threshold = brn_some(0);
    row->finding = early ? brn_check_text(&e->checks, "%zu rows %s", early, what)
                         : "every row of test is later than every row of train";
    row->advice = early ? "split by time: fit on the past, judge on what came later" : NULL;
}

static void add_gap(struct brn_evidence *e, const struct brn_quality *rule, const char *column,
                    double days, double wanted)
{
    bool ok = days >= wanted;
    struct brn_check *row =
        brn_check_add(&e->checks, "leakage.gap", ok ? BRN_PASS : brn_fail_or_warn(rule),
                      "first time of test minus last time of train, in days", "%s", column);
    row->value = brn_some(days);
    row->threshold = brn_some(wanted);
    row->finding = brn_check_text(&e->checks, "%g days lie between train and test, %g are needed",
                                  days, wanted);
    row->advice = ok ? NULL : "leave out the rows whose labels were not known yet";
}

/* Rows on the wrong side of split.cutoff. */
static size_t beyond_cutoff(const struct brn_evidence *e, const double *train, const double *test)
{
    const char *text = e->contract->brine.evaluation.split.cutoff;
    double cutoff;
    if (!text || (!brn_parse_time(brn_slice_of(text), &cutoff) &&
                  !brn_parse_double(brn_slice_of(text), &cutoff)))
        return 0;
    return e->train.rows - rows_before(train, e->train.rows, cutoff, false) +
           rows_before(test, e->test.rows, cutoff, false);
}

static brine_status check_time(struct brn_evidence *e, brine_error *err)
{
    const struct brn_split_part *split = &e->contract->brine.evaluation.split;
    const struct brn_quality *rule = brn_declared_check(e->contract, BRN_CHECK_TIME_ORDER);
    const char *column = rule ? rule->check.time : split->time;
    double *train, *test, gap = fmax(split->gap_days.value, rule ? rule->check.gap_days.value : 0);
    if (!column)
        return BRINE_OK;
    BRN_TRY(brn_partition_times(&e->train, column, &e->arena, &train, err));
    BRN_TRY(brn_partition_times(&e->test, column, &e->arena, &test, err));
    struct span past = span_of(train, e->train.rows), later = span_of(test, e->test.rows);
    size_t early = rows_before(test, e->test.rows, past.last, true);
    size_t beyond = beyond_cutoff(e, train, test);
    add_order(e, rule, column, early ? early : beyond,
              early ? "of test are not later than the last of train"
                    : "are on the wrong side of the declared cutoff");
    add_gap(e, rule, column, (later.first - past.last) / SECONDS_A_DAY, gap);
    return BRINE_OK;
}

/* ---- keys of rows ---- */

struct key_columns {
    const struct brn_column **at;
    size_t count;
};

static void write_key(const struct key_columns *columns, int64_t row, struct brn_buffer *out)
{
    char digits[BRN_NUMBER_TEXT];
    double number;
    out->size = 0;
    for (size_t i = 0; i < columns->count; i++) {
        struct brn_slice key = brn_column_key(columns->at[i], row, digits);
        if (key.p && brn_column_number(columns->at[i], row, &number)) /* 1 and 1.0 are equal */
            key = (struct brn_slice){(const uint8_t *)digits, brn_format_double(number, digits)};
        uint64_t length = key.p ? key.n : UINT64_MAX;
        brn_buffer_add(out, &length, sizeof length);
        brn_buffer_slice(out, key);
    }
}

static brine_status collect_keys(const struct key_columns *columns, size_t rows,
                                 struct brn_map *ret_keys, struct brn_buffer *key)
{
    for (size_t i = 0; i < rows; i++) {
        write_key(columns, (int64_t)i, key);
        if (brn_map_find(ret_keys, brn_buffer_view(key)) != BRN_MAP_NONE)
            continue;
        char *copy = brn_arena_text(ret_keys->arena, brn_buffer_view(key));
        if (key->failed || !copy ||
            brn_map_add(ret_keys, (struct brn_slice){(uint8_t *)copy, key->size}) == BRN_MAP_NONE)
            return BRINE_NOMEM;
    }
    return BRINE_OK;
}

static brine_status bind(const struct brn_partition *p, const char *const *names, size_t count,
                         struct brn_arena *arena, struct key_columns *ret_columns, brine_error *err)
{
    *ret_columns =
        (struct key_columns){BRN_NEW(arena, const struct brn_column *, count + 1), count};
    if (!ret_columns->at)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        BRN_TRY(brn_partition_column(p, names[i], &ret_columns->at[i], err));
    return BRINE_OK;
}

/* Rows of test whose values in the columns stand in train, too. */
static brine_status count_shared(struct brn_evidence *e, const char *const *names, size_t count,
                                 size_t *ret_shared, brine_error *err)
{
    struct key_columns train, test;
    struct brn_arena arena;
    struct brn_buffer key = {0};
    struct brn_map keys;
    brn_arena_init(&arena, 0);
    brn_map_init(&keys, &arena);
    *ret_shared = 0;
    brine_status status = bind(&e->train, names, count, &arena, &train, err);
    if (status == BRINE_OK)
        status = bind(&e->test, names, count, &arena, &test, err);
    if (status == BRINE_OK && collect_keys(&train, e->train.rows, &keys, &key) != BRINE_OK)
        status = brn_fail_memory(err);
    for (size_t i = 0; status == BRINE_OK && i < e->test.rows; i++) {
        write_key(&test, (int64_t)i, &key);
        *ret_shared += brn_map_find(&keys, brn_buffer_view(&key)) != BRN_MAP_NONE;
    }
    brn_buffer_free(&key);
    brn_arena_free(&arena);
    return status;
}

/* ---- groups ---- */

static brine_status check_groups(struct brn_evidence *e, brine_error *err)
{
    const struct brn_quality *rule = brn_declared_check(e->contract, BRN_CHECK_GROUP_OVERLAP);
    const char *column = rule ? rule->check.key : e->contract->brine.evaluation.split.group;
    double most = rule ? rule->check.max.value : 0;
    size_t shared;
    if (!column)
        return BRINE_OK;
    BRN_TRY(count_shared(e, &column, 1, &shared, err));
    bool ok = (double)shared <= most;
    struct brn_check *row =
        brn_check_add(&e->checks, "leakage.group-overlap", ok ? BRN_PASS : brn_fail_or_warn(rule),
                      "rows of test whose group is in train too", "%s", column);
    row->value = brn_some((double)shared);
    row->n = brn_some((double)e->test.rows);
    row->threshold = brn_some(most);
    row->finding = brn_check_text(&e->checks, "%zu rows of test have a %s that train has, too",
                                  shared, column);
    row->advice = ok ? NULL : "put each group wholly on one side";
    return BRINE_OK;
}

/* ---- copied rows ---- */

static size_t list_features(const struct brn_evidence *e, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < e->subject.feature_count; i++) {
        const struct brn_contract_column *c = brn_evidence_feature(e, i);
        if (e->subject.features[i].is_used)
            names[count++] = c ? c->name : e->subject.features[i].name;
    }
    return count;
}

static brine_status check_duplicates(struct brn_evidence *e, brine_error *err)
{
    const struct brn_quality *rule = brn_declared_check(e->contract, BRN_CHECK_DUPLICATE_ROWS);
    const struct brn_contract_column *label = brn_contract_role(e->contract, BRN_ROLE_LABEL);
    const char **names = BRN_NEW(&e->arena, const char *, e->subject.feature_count + 2);
    size_t shared, with_label, count = names ? list_features(e, names) : 0;
    if (!names)
        return brn_fail_memory(err);
    BRN_TRY(count_shared(e, names, count, &shared, err));
    names[count] = label ? label->name : NULL;
    BRN_TRY(count_shared(e, names, count + (label != NULL), &with_label, err));
    bool over_label = rule && rule->check.over == BRN_OVER_FEATURES_AND_LABEL;
    double fraction = (double)(over_label ? with_label : shared) / (double)e->test.rows;
    double most = rule ? rule->check.max_fraction.value : 0.001;
    bool ok = fraction <= most;
    struct brn_check *row =
        brn_check_add(&e->checks, "leakage.duplicate-rows",
                      ok     ? BRN_PASS
                      : rule ? brn_fail_or_warn(rule)
                             : BRN_WARN,
                      "share of test's rows whose features (or features and label) stand in train",
                      "%s", over_label ? "features and label" : "features");
    row->value = brn_some(fraction);
    row->n = brn_some((double)e->test.rows);
    row->threshold = brn_some(most);
    row->finding =
        brn_check_text(&e->checks,
                       "%zu rows of test have the features of a row of train, %zu of them "
                       "its label, too",
                       shared, with_label);
    row->advice = ok ? NULL : "take the copies out of test, and find out where they came from";
    return BRINE_OK;
}

brine_status brn_check_split(struct brn_evidence *e, brine_error *err)
{
    BRN_TRY(check_time(e, err));
    BRN_TRY(check_groups(e, err));
    return check_duplicates(e, err);
}
