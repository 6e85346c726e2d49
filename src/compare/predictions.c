/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/predictions.h"

#include <math.h>

/* ---- comparing ---- */

/* Two numbers; NaN equals NaN. */
static void compare_numbers(struct brn_parity *p, double x, double y)
{
    if (isnan(x) && isnan(y))
        return;
    p->differing += memcmp(&x, &y, sizeof x) != 0;
    double difference = isnan(x) || isnan(y) ? (double)INFINITY : x == y ? 0 : fabs(x - y);
    if (difference > p->max_difference)
        p->max_difference = difference;
}

static void compare_value(struct brn_parity *p, const struct brn_column *a,
                          const struct brn_column *b, int64_t row)
{
    double x, y;
    struct brn_slice s, t;
    if (brn_column_number(a, row, &x) && brn_column_number(b, row, &y))
        compare_numbers(p, x, y);
    else
        p->differing +=
            !brn_column_text(a, row, &s) || !brn_column_text(b, row, &t) || !brn_slice_equal(s, t);
}

static void compare_column(struct brn_parity *p, const struct brn_column *a,
                           const struct brn_column *b, bool counts_refused)
{
    for (int64_t row = 0; row < a->length; row++) {
        bool has_a = brn_column_is_valid(a, row), has_b = brn_column_is_valid(b, row);
        if (has_a && has_b)
            compare_value(p, a, b, row);
        else if (counts_refused && !has_a && !has_b)
            p->refused++;
        else if (has_a != has_b) {
            p->refused_once += counts_refused;
            p->differing++;
        }
    }
}

static brine_status compare_tables(struct brn_parity *p, const struct brn_table *a,
                                   const struct brn_table *b, brine_error *err)
{
    if (a->column_count != b->column_count || a->rows != b->rows)
        return brn_fail(err, BRINE_MODEL, "%s has %zu columns in one model and %zu in the other",
                        brine_method_name(p->method), a->column_count, b->column_count);
    p->rows = (uint64_t)a->rows;
    p->columns = a->column_count;
    for (size_t i = 0; i < a->column_count; i++)
        compare_column(p, &a->columns[i], &b->columns[i], i == 0);
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
    if (status == BRINE_OK)
        status = compare_tables(p, &tables[0], &tables[1], err);
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
