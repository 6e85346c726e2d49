/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/served.h"

#include <time.h>

uint64_t brn_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

/* One method's values for all rows. */
struct values {
    bool is_there;
    double *numbers;
    int32_t *codes;
};

struct running {
    const struct brn_served *served;
    const struct brn_table *table;
    const struct brn_matching *matching;
    struct brn_deadline *deadline;
    struct brn_work *work;
    struct values values[BRINE_METHOD_COUNT];
};

bool brn_deadline_is_passed(struct brn_deadline *deadline)
{
    deadline->is_passed = deadline->is_passed || (deadline->at && brn_now_ns() > deadline->at);
    return deadline->is_passed;
}

struct brn_table brn_table_piece(const struct brn_table *table, int64_t first,
                                 struct brn_column *columns)
{
    int64_t left = table->rows - first, rows = left < BRN_PIECE_ROWS ? left : BRN_PIECE_ROWS;
    for (size_t c = 0; c < table->column_count; c++) {
        columns[c] = table->columns[c];
        columns[c].offset += first;
        columns[c].length = rows;
    }
    return (struct brn_table){rows, table->column_count, columns};
}

static brine_status run_piece(const struct running *r, brine_method method, int64_t first,
                              struct brn_column *columns, const struct brn_outputs *o,
                              brine_error *err)
{
    struct brn_table rows = brn_table_piece(r->table, first, columns);
    const struct values *v = &r->values[method];
    struct brn_results results = {.numbers = v->numbers + (size_t)first * o->numbers,
                                  .codes = v->codes + (size_t)first * o->codes};
    if (brn_deadline_is_passed(r->deadline))
        return brn_fail(err, BRINE_LIMIT, "the deadline passed at work");
    return brn_model_run(r->served->model, method, &rows, r->matching, (uint64_t)first, r->work,
                         &results, err);
}

static brine_status take_values(struct running *r, const struct brn_outputs *o, struct values *v,
                                brine_error *err)
{
    size_t rows = (size_t)r->table->rows, numbers, codes;
    if (__builtin_mul_overflow(rows, o->numbers, &numbers) ||
        __builtin_mul_overflow(rows, o->codes, &codes))
        return brn_fail(err, BRINE_LIMIT, "the answer is larger than one may be; send fewer rows");
    v->numbers = brn_work_take(r->work, numbers + 1, sizeof *v->numbers);
    v->codes = brn_work_take(r->work, codes + 1, sizeof *v->codes);
    v->is_there = true;
    if (!v->numbers || !v->codes)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    return BRINE_OK;
}

static brine_status run_method(struct running *r, brine_method method, brine_error *err)
{
    const struct brn_outputs *o = brn_model_outputs(r->served->model, method);
    struct values *v = &r->values[method];
    if (v->is_there)
        return BRINE_OK;
    BRN_TRY(take_values(r, o, v, err));
    struct brn_column *columns =
        brn_work_take(r->work, r->table->column_count + 1, sizeof *columns);
    if (!columns)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    for (int64_t first = 0; first < r->table->rows; first += BRN_PIECE_ROWS)
        BRN_TRY(run_piece(r, method, first, columns, o, err));
    return BRINE_OK;
}

/* A single column's place. */
static const int32_t first_place[] = {0};

static brine_status decide(const struct running *r, struct brn_output *o, brine_error *err)
{
    const struct brn_served *s = r->served;
    int32_t *codes = brn_work_take(r->work, o->rows + 1, sizeof *codes);
    if (!codes)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    for (size_t i = 0; i < o->rows; i++)
        codes[i] =
            (int32_t)(o->numbers[i * o->stride + (size_t)*o->places] >= s->threshold ? s->positive
                                                                                     : s->negative);
    o->codes = codes;
    o->numbers = NULL;
    o->stride = 1;
    o->places = first_place;
    return BRINE_OK;
}

static brine_status fill_output(const struct running *r, const struct brn_served_output *wanted,
                                struct brn_output *o, brine_error *err)
{
    const struct values *v = &r->values[wanted->method];
    const struct brn_outputs *from = brn_model_outputs(r->served->model, wanted->method);
    *o = (struct brn_output){
        .name = wanted->name,
        .datatype = wanted->datatype,
        .rows = (size_t)r->table->rows,
        .width = wanted->width,
        .is_vector = wanted->is_vector,
        .numbers = v->numbers,
        .codes = v->codes,
        .stride = wanted->labels && wanted->kind == BRN_SERVED_METHOD ? from->codes : from->numbers,
        .places = from->places,
        .labels = wanted->labels,
    };
    if (wanted->kind != BRN_SERVED_METHOD)
        o->places += r->served->positive;
    return wanted->kind == BRN_SERVED_DECISION ? decide(r, o, err) : BRINE_OK;
}

brine_status brn_served_run(const struct brn_served *served, const struct brn_table *table,
                            const struct brn_matching *matching,
                            const struct brn_served_output *const *wanted, size_t count,
                            struct brn_deadline *deadline, struct brn_work *work,
                            struct brn_output *ret_outputs, brine_error *err)
{
    struct running r = {served, table, matching, deadline, work, {{false, NULL, NULL}}};
    for (size_t i = 0; i < count; i++) {
        BRN_TRY(run_method(&r, wanted[i]->method, err));
        BRN_TRY(fill_output(&r, wanted[i], &ret_outputs[i], err));
    }
    return BRINE_OK;
}
