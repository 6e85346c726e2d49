/* SPDX-License-Identifier: Apache-2.0
 *
 * One JSON value a row: a bare one for a vector, else an array.  Missing values and NaN are null;
 * infinities have no JSON and are refused. */
#include "base/json.h"
#include "table/cell.h"
#include "table/format.h"

#include <stdlib.h>

struct jsonl_writer {
    struct brn_sink *sink;
    struct brn_buffer text;
    bool is_vector;
    uint64_t rows;
};

brine_status brn_jsonl_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                              brine_error *err)
{
    struct jsonl_writer *w = calloc(1, sizeof *w);
    if (!w)
        return brn_fail_memory(err);
    w->sink = sink;
    w->is_vector = is_vector;
    *ret_state = w;
    return BRINE_OK;
}

static bool is_nan(struct brn_slice text)
{
    return brn_slice_is(text, "nan");
}

static brine_status put_cell(struct jsonl_writer *w, struct brn_json_writer *json,
                             const struct brn_column *c, int64_t row, brine_error *err)
{
    struct brn_cell cell;
    brn_cell_read(c, row, &cell);
    if (cell.kind == BRN_CELL_TEXT) {
        brn_json_slice(json, cell.text);
    } else if (cell.kind == BRN_CELL_BOOL) {
        brn_json_bool(json, cell.boolean);
    } else if (cell.kind == BRN_CELL_MISSING || is_nan(cell.text)) {
        brn_json_null(json);
    } else if (cell.is_finite) {
        brn_json_number(json, cell.text);
    } else {
        return brn_fail_row(err, w->rows + (uint64_t)row, c->name,
                            "the value is infinite, which JSON cannot say: write CSV or .npy");
    }
    return BRINE_OK;
}

static brine_status put_row(struct jsonl_writer *w, const struct brn_table *table, int64_t row,
                            brine_error *err)
{
    struct brn_json_writer json = {.out = &w->text};
    bool bare = w->is_vector && table->column_count == 1;
    if (!bare)
        brn_json_begin_array(&json);
    for (size_t i = 0; i < table->column_count; i++)
        BRN_TRY(put_cell(w, &json, &table->columns[i], row, err));
    if (!bare)
        brn_json_end_array(&json);
    brn_buffer_byte(&w->text, '\n');
    return BRINE_OK;
}

static brine_status flush(struct jsonl_writer *w, brine_error *err)
{
    if (w->text.failed)
        return brn_fail_memory(err);
    brine_status status = brn_sink_write(w->sink, brn_buffer_view(&w->text), err);
    w->text.size = 0;
    return status;
}

brine_status brn_jsonl_write(void *state, const struct brn_table *table, brine_error *err)
{
    struct jsonl_writer *w = state;
    for (int64_t row = 0; row < table->rows; row++) {
        BRN_TRY(put_row(w, table, row, err));
        if (w->text.size > 1 << 16)
            BRN_TRY(flush(w, err));
    }
    w->rows += (uint64_t)table->rows;
    return flush(w, err);
}

brine_status brn_jsonl_finish(void *state, brine_error *err)
{
    return flush(state, err);
}

void brn_jsonl_destroy(void *state)
{
    struct jsonl_writer *w = state;
    brn_buffer_free(&w->text);
    free(w);
}
