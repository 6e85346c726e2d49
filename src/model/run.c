/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - a model over a table, tile by tile. */
#include "model/model_private.h"

#include <pthread.h>

/* One call of brn_model_run. */
struct run {
    const struct brine_model *model;
    brine_method method;
    const struct brn_table *table;
    const struct brn_matching *matching;
    uint64_t first_row;
    bool single;
    const double *matrix; /* the table, when it is a tile already; else NULL */
    size_t matrix_stride;
    struct brn_work *work;
    const struct brn_results *results;
};

/* Fewer rows when rows are wide, so that a tile stays in the second-level cache. */
static size_t tile_rows(const struct brine_model *model)
{
    enum { TILE_BYTES = 512 << 10, MOST = 1024, LEAST = 64 };
    size_t width = (size_t)model->input->layout->numbers + 1;
    size_t rows = TILE_BYTES / (8 * width);
    return rows > MOST ? MOST : rows < LEAST ? LEAST : rows;
}

/* Where the outputs of rows from first on are to go: straight into the caller's results. */
static struct brn_tile result_tile(const struct run *run, int64_t first, size_t rows)
{
    const struct brn_tile_layout *layout = run->model->results[run->method]->layout;
    const struct brn_results *to = run->results;
    size_t numbers = (size_t)layout->numbers, codes = (size_t)layout->codes;
    return (struct brn_tile){
        .rows = rows,
        .first_row = run->first_row + (uint64_t)first,
        .numbers = numbers ? to->numbers + (size_t)first * numbers : NULL,
        .number_stride = numbers,
        .codes = codes ? to->codes + (size_t)first * codes : NULL,
        .code_stride = codes,
        .single = run->single,
    };
}

/* Texts that a step makes are no results, but have their places; and what has no places is still
 * somewhere. */
static brine_status take_rest(const struct run *run, struct brn_tile *out)
{
    size_t count = (size_t)run->model->results[run->method]->layout->documents;
    out->document_stride = count;
    out->documents = brn_work_take(run->work, out->rows * count, sizeof *out->documents);
    if (!out->numbers)
        out->numbers = brn_work_take(run->work, 0, sizeof *out->numbers);
    if (!out->codes)
        out->codes = brn_work_take(run->work, 0, sizeof *out->codes);
    return out->documents && out->numbers && out->codes ? BRINE_OK
                                                        : brn_fail_memory(run->work->err);
}

/* A tile of rows that stay where they are: no step writes to its input. */
static brine_status overlay_tile(const struct run *run, int64_t first, const struct brn_tile *like,
                                 struct brn_tile *in)
{
    struct brn_tile empty = *like;
    empty.rows = 0;
    BRN_TRY(brn_work_tile(run->work, run->model->input, &empty, in));
    in->rows = like->rows;
    in->numbers = (double *)(uintptr_t)(run->matrix + (size_t)first * run->matrix_stride);
    in->number_stride = run->matrix_stride;
    return BRINE_OK;
}

static brine_status fill_tile(const struct run *run, int64_t first, const struct brn_tile *like,
                              struct brn_tile *in)
{
    BRN_TRY(brn_work_tile(run->work, run->model->input, like, in));
    return brn_source_fill(run->model, run->table, run->matching, first, in, run->work);
}

static brine_status input_tile(const struct run *run, int64_t first, const struct brn_tile *like,
                               struct brn_tile *in)
{
    *in = (struct brn_tile){0};
    BRN_TRY((run->matrix ? overlay_tile : fill_tile)(run, first, like, in));
    in->number_names = run->model->number_names;
    in->code_names = run->model->code_names;
    in->document_names = run->model->document_names;
    return BRINE_OK;
}

static brine_status run_tile(const struct run *run, int64_t first, size_t rows)
{
    struct brn_work_mark mark = brn_work_mark(run->work);
    struct brn_tile in, out = result_tile(run, first, rows);
    brn_work_forget_texts(run->work);
    brine_status status = take_rest(run, &out);
    if (status == BRINE_OK)
        status = input_tile(run, first, &out, &in);
    if (status == BRINE_OK)
        status = brn_run_expanded(run->model->root, run->method, &in, &out, run->work);
    brn_work_release(run->work, mark);
    if (status == BRINE_OK && run->results->is_single)
        *run->results->is_single = out.single;
    return status;
}

/* Steps may need more room a row than the input tells; fewer rows at once then do. */
static brine_status run_some(const struct run *run, int64_t first, size_t rows)
{
    size_t done = 0, part = rows;
    brine_status status = BRINE_OK;
    while (status == BRINE_OK && done < rows) {
        size_t count = rows - done < part ? rows - done : part;
        status = run_tile(run, first + (int64_t)done, count);
        if (status == BRINE_OK)
            done += count;
        if (status == BRINE_NOMEM && part > 1) {
            part /= 2;
            status = BRINE_OK;
        }
    }
    return status;
}

/* A tile with a refused row, one row at a time. */
static brine_status run_rows(const struct run *run, int64_t first, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        int64_t row = first + (int64_t)r;
        brine_status status = run_tile(run, row, 1);
        if (status != BRINE_OK && status != BRINE_INPUT)
            return status;
        run->results->refused[row] = status == BRINE_INPUT;
    }
    return BRINE_OK;
}

/* Rows from begin to end. */
static brine_status run_range(const struct run *run, int64_t begin, int64_t end)
{
    size_t most = tile_rows(run->model);
    for (int64_t first = begin; first < end; first += (int64_t)most) {
        size_t left = (size_t)(end - first), rows = left < most ? left : most;
        brine_status status = run_some(run, first, rows);
        if (status == BRINE_INPUT && run->results->refused)
            status = run_rows(run, first, rows);
        else if (run->results->refused)
            memset(run->results->refused + first, 0, rows);
        if (status != BRINE_OK)
            return status;
    }
    return BRINE_OK;
}

/* ---- several threads ---- */

enum { ROWS_A_THREAD = 2048 }; /* fewer are not worth a thread's start */

/* One thread's rows; what it says of the results is its own until all have ended. */
struct share {
    struct run run;
    struct brn_results results;
    bool is_single;
    brine_error err;
    int64_t begin, end;
    brine_status status;
    pthread_t thread;
    bool is_started;
};

static void *run_share(void *argument)
{
    struct share *share = argument;
    share->status = run_range(&share->run, share->begin, share->end);
    return NULL;
}

static void make_share(const struct run *run, size_t i, size_t count, struct share *share)
{
    int64_t rows = run->table->rows;
    *share = (struct share){
        .run = *run,
        .results = *run->results,
        .begin = rows * (int64_t)i / (int64_t)count,
        .end = rows * (int64_t)(i + 1) / (int64_t)count,
    };
    share->results.is_single = &share->is_single;
    share->run.results = &share->results;
    share->run.work = i ? &run->work->crew[i - 1] : run->work;
    share->run.work->err = &share->err;
}

/* Of several errors the first row's counts, as it would on one thread. */
static brine_status join_shares(const struct run *run, struct share *shares, size_t count)
{
    brine_status status = BRINE_OK;
    bool is_single = false; /* that of a share whose rows are all refused */
    for (size_t i = count; i-- > 0;) {
        if (shares[i].is_started)
            pthread_join(shares[i].thread, NULL);
        is_single = is_single || shares[i].is_single;
        if (shares[i].status == BRINE_OK)
            continue;
        status = shares[i].status;
        *run->work->err = shares[i].err;
    }
    if (run->results->is_single)
        *run->results->is_single = is_single;
    return status;
}

/* The calling thread has the first rows, and those of threads that cannot be started. */
static brine_status run_shares(const struct run *run, struct share *shares, size_t count)
{
    brine_error *err = run->work->err;
    for (size_t i = 0; i < count; i++) {
        make_share(run, i, count, &shares[i]);
        shares[i].is_started =
            i > 0 && pthread_create(&shares[i].thread, NULL, run_share, &shares[i]) == 0;
    }
    for (size_t i = 0; i < count; i++)
        if (!shares[i].is_started)
            run_share(&shares[i]);
    run->work->err = err;
    return join_shares(run, shares, count);
}

static brine_status run_all(const struct run *run)
{
    size_t count = (size_t)run->table->rows / ROWS_A_THREAD;
    if (count > run->work->crew_size + 1)
        count = run->work->crew_size + 1;
    if (count < 2)
        return run_range(run, 0, run->table->rows);
    struct brn_work_mark mark = brn_work_mark(run->work);
    struct share *shares = brn_work_take(run->work, count, sizeof *shares);
    brine_status status = shares ? run_shares(run, shares, count) : brn_fail_memory(run->work->err);
    brn_work_release(run->work, mark);
    return status;
}

brine_status brn_model_run(const struct brine_model *model, brine_method method,
                           const struct brn_table *table, const struct brn_matching *matching,
                           uint64_t first_row, struct brn_work *work,
                           const struct brn_results *results, brine_error *err)
{
    brine_error ignored;
    if (!brn_model_outputs(model, method))
        return brn_fail(err, BRINE_USAGE, "the model has no method %s", brine_method_name(method));
    work->err = err ? err : &ignored;
    struct run run = {.model = model,
                      .method = method,
                      .table = table,
                      .matching = matching,
                      .first_row = first_row,
                      .single = brn_source_is_single(model, table, matching),
                      .work = work,
                      .results = results};
    run.matrix = brn_source_matrix(model, table, matching, &run.matrix_stride);
    return run_all(&run);
}
