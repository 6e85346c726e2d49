/* SPDX-License-Identifier: Apache-2.0
 *
 * run.c - a model over a table, tile by tile. */
#include "model/model_private.h"

/* One call of brn_model_run. */
struct run {
    const struct brine_model *model;
    brine_method method;
    const struct brn_table *table;
    const struct brn_matching *matching;
    uint64_t first_row;
    bool single;
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

/* Texts that a step makes are no results, but have their places. */
static brine_status take_documents(const struct run *run, struct brn_tile *out)
{
    size_t count = (size_t)run->model->results[run->method]->layout->documents;
    out->document_stride = count;
    out->documents = brn_work_take(run->work, out->rows * count, sizeof *out->documents);
    return out->documents ? BRINE_OK : brn_fail_memory(run->work->err);
}

static brine_status run_tile(const struct run *run, int64_t first, size_t rows)
{
    struct brn_work_mark mark = brn_work_mark(run->work);
    struct brn_tile in, out = result_tile(run, first, rows);
    brn_work_forget_texts(run->work);
    brine_status status = brn_work_tile(run->work, run->model->input, &out, &in);
    in.number_names = run->model->number_names;
    in.code_names = run->model->code_names;
    in.document_names = run->model->document_names;
    if (status == BRINE_OK)
        status = take_documents(run, &out);
    if (status == BRINE_OK)
        status = brn_source_fill(run->model, run->table, run->matching, first, &in, run->work);
    if (status == BRINE_OK)
        status = brn_run_expanded(run->model->root, run->method, &in, &out, run->work);
    brn_work_release(run->work, mark);
    if (status == BRINE_OK && run->results->is_single)
        *run->results->is_single = out.single;
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

static brine_status run_all(const struct run *run)
{
    size_t most = tile_rows(run->model);
    for (int64_t first = 0; first < run->table->rows; first += (int64_t)most) {
        size_t left = (size_t)(run->table->rows - first), rows = left < most ? left : most;
        brine_status status = run_tile(run, first, rows);
        if (status == BRINE_INPUT && run->results->refused)
            status = run_rows(run, first, rows);
        else if (run->results->refused)
            memset(run->results->refused + first, 0, rows);
        if (status != BRINE_OK)
            return status;
    }
    return BRINE_OK;
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
    return run_all(&run);
}
