/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/predictions.h"

#include <math.h>

/* ---- comparing ---- */

/* By how much; NaN equals NaN, and nothing else. */
static double difference_of(double x, double y)
{
    if (isnan(x) && isnan(y))
        return 0;
    if (isnan(x) || isnan(y))
        return (double)INFINITY;
    return x == y ? 0 : fabs(x - y);
}

static void compare_numbers(struct brn_parity *p, double x, double y, double bound)
{
    double difference = difference_of(x, y);
    if (!(isnan(x) && isnan(y)) && memcmp(&x, &y, sizeof x) != 0)
        p->differing++;
    if (!(difference <= bound))
        p->outside++;
    if (difference > p->max_difference)
        p->max_difference = difference;
}

static double bound_at(const struct brn_column *bound, int64_t row)
{
    double value = 0;
    return bound && brn_column_number(bound, row, &value) ? value : 0;
}

static void compare_value(struct brn_parity *p, const struct brn_column *const at[3], int64_t row)
{
    double x, y;
    struct brn_slice s, t;
    if (brn_column_number(at[0], row, &x) && brn_column_number(at[1], row, &y)) {
        compare_numbers(p, x, y, bound_at(at[2], row));
    } else if (!brn_column_text(at[0], row, &s) || !brn_column_text(at[1], row, &t) ||
               !brn_slice_equal(s, t)) {
        p->differing++;
        p->outside++;
    }
}

/* The two columns, and the bound's or NULL. */
static void compare_column(struct brn_parity *p, const struct brn_column *const at[3],
                           bool counts_refused)
{
    for (int64_t row = 0; row < at[0]->length; row++) {
        bool has_a = brn_column_is_valid(at[0], row), has_b = brn_column_is_valid(at[1], row);
        if (has_a && has_b) {
            compare_value(p, at, row);
        } else if (has_a != has_b) {
            p->refused_once += counts_refused;
            p->differing++;
            p->outside++;
        } else {
            p->refused += counts_refused;
        }
    }
}

static bool same_shape(const struct brn_table *a, const struct brn_table *b)
{
    return a->column_count == b->column_count && a->rows == b->rows;
}

brine_status brn_tables_compare(const struct brn_table *a, const struct brn_table *b,
                                const struct brn_table *bound, struct brn_parity *ret_parity,
                                brine_error *err)
{
    if (!same_shape(a, b) || (bound && !same_shape(a, bound)))
        return brn_fail(err, BRINE_INPUT, "%lld rows x %zu against %lld rows x %zu",
                        (long long)a->rows, a->column_count,
                        (long long)(same_shape(a, b) ? bound : b)->rows,
                        (same_shape(a, b) ? bound : b)->column_count);
    struct brn_parity p = {.rows = (uint64_t)a->rows, .columns = a->column_count};
    for (size_t i = 0; i < a->column_count; i++) {
        const struct brn_column *const at[3] = {&a->columns[i], &b->columns[i],
                                                bound ? &bound->columns[i] : NULL};
        compare_column(&p, at, i == 0);
    }
    *ret_parity = p;
    return BRINE_OK;
}

static brine_status predict_one(const struct brine_model *model, brine_method method,
                                const struct brn_table *rows, struct brn_arena *arena,
                                struct brn_table *ret_table, brine_error *err)
{
    struct brn_work work;
    brn_work_init(&work, 0);
    brine_status status =
        brn_model_predict(model, method, rows, 0, true, &work, arena, ret_table, err);
    brn_work_free(&work);
    return status;
}

static brine_status compare_method(const struct brine_model *const models[2],
                                   const struct brn_table *rows, struct brn_parity *p,
                                   brine_error *err)
{
    struct brn_arena arena;
    struct brn_table tables[2];
    brn_arena_init(&arena, 0);
    brine_status status = predict_one(models[0], p->method, rows, &arena, &tables[0], err);
    if (status == BRINE_OK)
        status = predict_one(models[1], p->method, rows, &arena, &tables[1], err);
    brine_method method = p->method;
    if (status == BRINE_OK)
        status = brn_tables_compare(&tables[0], &tables[1], NULL, p, err);
    p->method = method;
    brn_arena_free(&arena);
    return status;
}

brine_status brn_predictions_compare(const struct brine_model *a, const struct brine_model *b,
                                     const struct brn_table *rows,
                                     struct brn_parities *ret_parities, brine_error *err)
{
    struct brn_parities all = {0};
    for (int m = 0; m < BRINE_METHOD_INVERSE_TRANSFORM; m++) {
        brine_method method = (brine_method)m;
        if (!brn_model_outputs(a, method) || !brn_model_outputs(b, method))
            continue;
        struct brn_parity p = {.method = method};
        BRN_TRY(compare_method((const struct brine_model *const[]){a, b}, rows, &p, err));
        all.of[all.count++] = p;
    }
    if (!all.count)
        return brn_fail(err, BRINE_UNSUPPORTED, "the two models have no method in common");
    *ret_parities = all;
    return BRINE_OK;
}

/* ---- generated rows ---- */

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* -1 to 1 times 1, 10, 100 or 1000; one in thirty-two is missing. */
static double next_number(uint64_t *state)
{
    static const double scales[] = {1, 10, 100, 1000};
    uint64_t bits = next_random(state);
    double unit = (double)(bits >> 11) * 0x1p-52 - 1;
    return bits % 32 == 5 ? (double)NAN : unit * scales[bits / 32 % 4];
}

static brine_status generate_numbers(struct brn_column *column, size_t count, uint64_t *state,
                                     struct brn_arena *arena, brine_error *err)
{
    double *values = BRN_NEW(arena, double, count);
    if (!values)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        values[i] = next_number(state);
    column->type = BRN_TYPE_FLOAT64;
    column->values = values;
    return BRINE_OK;
}

static brine_status generate_texts(struct brn_column *column, const struct brn_dictionary *from,
                                   size_t count, uint64_t *state, struct brn_arena *arena,
                                   brine_error *err)
{
    struct brn_slice *slices = BRN_NEW(arena, struct brn_slice, count);
    if (!slices)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        size_t code = next_random(state) % from->count;
        char *text = brn_value_text(from->values[code], arena);
        if (!text)
            return brn_fail_memory(err);
        slices[i] = brn_slice_of(text);
    }
    column->type = BRN_TYPE_LITERAL;
    column->slices = slices;
    return BRINE_OK;
}

brine_status brn_rows_generate(const struct brine_model *model, size_t count,
                               struct brn_arena *arena, struct brn_table *ret_rows,
                               brine_error *err)
{
    size_t features;
    const struct brn_feature *feature = brn_model_features(model, &features);
    struct brn_column *columns = BRN_NEW(arena, struct brn_column, features + 1);
    uint64_t state = 20131001;
    if (!columns)
        return brn_fail_memory(err);
    for (size_t i = 0; i < features; i++) {
        columns[i] = (struct brn_column){.name = feature[i].name, .length = (int64_t)count};
        const struct brn_dictionary *texts = feature[i].as_text ? feature[i].categories : NULL;
        BRN_TRY(texts && texts->count
                    ? generate_texts(&columns[i], texts, count, &state, arena, err)
                    : generate_numbers(&columns[i], count, &state, arena, err));
    }
    *ret_rows = (struct brn_table){(int64_t)count, features, columns};
    return BRINE_OK;
}
