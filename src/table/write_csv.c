/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV as pandas writes it: LF, quotes where they are needed, a missing value is an empty field.  An
 * empty text is "", and NaN is nan, so that all three read back as what they were. */
#include "table/cell.h"
#include "table/format.h"

#include <stdlib.h>

struct csv_writer {
    struct brn_sink *sink;
    struct brn_buffer text;
    bool has_header;
};

brine_status brn_csv_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err)
{
    (void)is_vector;
    struct csv_writer *w = calloc(1, sizeof *w);
    if (!w)
        return brn_fail_memory(err);
    w->sink = sink;
    *ret_state = w;
    return BRINE_OK;
}

static bool needs_quotes(struct brn_slice text)
{
    if (text.n == 0)
        return true;
    for (size_t i = 0; i < text.n; i++)
        if (strchr(",\"\r\n", text.p[i]) && text.p[i])
            return true;
    return false;
}

static void put_text(struct brn_buffer *out, struct brn_slice text)
{
    if (!needs_quotes(text)) {
        brn_buffer_slice(out, text);
        return;
    }
    brn_buffer_byte(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            brn_buffer_byte(out, '"');
        brn_buffer_byte(out, (char)text.p[i]);
    }
    brn_buffer_byte(out, '"');
}

static void put_cell(struct brn_buffer *out, const struct brn_column *c, int64_t row)
{
    struct brn_cell cell;
    brn_cell_read(c, row, &cell);
    if (cell.kind == BRN_CELL_BOOL)
        brn_buffer_text(out, cell.boolean ? "True" : "False");
    else if (cell.kind == BRN_CELL_NUMBER)
        brn_buffer_slice(out, cell.text);
    else if (cell.kind == BRN_CELL_TEXT)
        put_text(out, cell.text);
}

static void put_header(struct csv_writer *w, const struct brn_table *table)
{
    char room[32];
    for (size_t i = 0; i < table->column_count; i++) {
        const char *title = brn_column_title(table, i, room);
        if (i)
            brn_buffer_byte(&w->text, ',');
        if (*title || table->column_count == 1)
            put_text(&w->text, brn_slice_of(title));
    }
    brn_buffer_byte(&w->text, '\n');
    w->has_header = true;
}

static brine_status flush(struct csv_writer *w, brine_error *err)
{
    if (w->text.failed)
        return brn_fail_memory(err);
    brine_status status = brn_sink_write(w->sink, brn_buffer_view(&w->text), err);
    w->text.size = 0;
    return status;
}

brine_status brn_csv_write(void *state, const struct brn_table *table, brine_error *err)
{
    struct csv_writer *w = state;
    if (!w->has_header)
        put_header(w, table);
    for (int64_t row = 0; row < table->rows; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (i)
                brn_buffer_byte(&w->text, ',');
            put_cell(&w->text, &table->columns[i], row);
        }
        brn_buffer_byte(&w->text, '\n');
        if (w->text.size > 1 << 16)
            BRN_TRY(flush(w, err));
    }
    return flush(w, err);
}

brine_status brn_csv_finish(void *state, brine_error *err)
{
    return flush(state, err);
}

void brn_csv_destroy(void *state)
{
    struct csv_writer *w = state;
    brn_buffer_free(&w->text);
    free(w);
}
