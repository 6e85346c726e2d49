/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 4180: quotes, doubled quotes and line breaks in them, CRLF or LF, a header.  A field that is
 * empty is missing; one that is empty and quoted is an empty text. */
#include "base/map.h"
#include "base/utf8.h"
#include "table/format.h"
#include "table/literals.h"
#include "table/window.h"

#include <stdlib.h>

struct csv {
    struct brn_window window;
    struct brn_read_options options;
    struct brn_literals literals;
    uint64_t rows_before; /* of the batch */
    int64_t blank_row;    /* an empty line of a table of several columns: right at the end alone */
    bool is_special[256]; /* ends a run of plain characters */
};

enum field_end { FIELD_ENDS, RECORD_ENDS, NEEDS_MORE, IS_WRONG };

struct field {
    struct brn_slice text;      /* between the quotes */
    bool is_quoted, is_doubled; /* is_doubled: holds doubled quotes */
    const char *wrong;          /* with IS_WRONG */
};

static bool is_end(const struct csv *csv, const uint8_t *p)
{
    return p == csv->window.data + csv->window.end;
}

/* p stands behind a field's text; on return behind what ends the field. */
static enum field_end end_field(const struct csv *csv, const uint8_t **p, struct field *field)
{
    const uint8_t *at = *p;
    if (*at == (uint8_t)csv->options.delimiter && !is_end(csv, at)) {
        *p = at + 1;
        return FIELD_ENDS;
    }
    if (*at == '\r' && !is_end(csv, at)) {
        at++;
        if (*at != '\n') {
            field->wrong = "a carriage return stands without a line feed: quote it, or convert the "
                           "line ends";
            return IS_WRONG;
        }
    }
    if (is_end(csv, at)) {
        *p = at;
        return csv->window.is_last ? RECORD_ENDS : NEEDS_MORE;
    }
    if (*at != '\n') {
        field->wrong = "something stands behind a closing quote";
        return IS_WRONG;
    }
    *p = at + 1;
    return RECORD_ENDS;
}

static enum field_end quoted_field(const struct csv *csv, const uint8_t **p, struct field *field)
{
    const uint8_t *end = csv->window.data + csv->window.end, *begin = *p + 1, *at = begin;
    field->is_quoted = true;
    for (;; at += 2) {
        at = memchr(at, '"', (size_t)(end - at));
        if (!at || (at + 1 == end && !csv->window.is_last)) {
            field->wrong = "a quoted field has no closing quote";
            return csv->window.is_last ? IS_WRONG : NEEDS_MORE;
        }
        if (at + 1 == end || at[1] != '"')
            break;
        field->is_doubled = true;
    }
    field->text = (struct brn_slice){begin, (size_t)(at - begin)};
    *p = at + 1;
    return end_field(csv, p, field);
}

static inline enum field_end next_field(const struct csv *csv, const uint8_t **p,
                                        struct field *field)
{
    *field = (struct field){.is_quoted = false};
    if (**p == '"' && !is_end(csv, *p))
        return quoted_field(csv, p, field);
    const uint8_t *at = *p;
    while (!csv->is_special[*at])
        at++;
    field->text = (struct brn_slice){*p, (size_t)(at - *p)};
    *p = at;
    return end_field(csv, p, field);
}

/* "" to " */
static brine_status undouble(struct csv *csv, struct brn_slice *text, brine_error *err)
{
    uint8_t *copy = BRN_NEW(&csv->literals.texts, uint8_t, text->n);
    size_t n = 0;
    if (!copy)
        return brn_fail_memory(err);
    for (size_t i = 0; i < text->n; i++) {
        copy[n++] = text->p[i];
        i += text->p[i] == '"';
    }
    *text = (struct brn_slice){copy, n};
    return BRINE_OK;
}

static const char *column_name(const struct csv *csv, size_t column)
{
    return column < csv->literals.count ? csv->literals.columns[column].name : NULL;
}

static uint64_t row_number(const struct csv *csv)
{
    return csv->rows_before + (uint64_t)csv->literals.rows;
}

/* ---- header ---- */

static brine_status check_delimiter(const struct csv *csv, brine_error *err)
{
    static const struct {
        char delimiter;
        const char *name, *option;
    } others[] = {{';', "';'", "';'"}, {'\t', "a tab", "tab"}, {'|', "'|'", "'|'"}};
    const char *name = column_name(csv, 0);
    for (size_t i = 0; csv->literals.count == 1 && i < sizeof others / sizeof others[0]; i++)
        if (others[i].delimiter != csv->options.delimiter && strchr(name, others[i].delimiter))
            return brn_fail(err, BRINE_FORMAT,
                            "%s has one column, with %s in its name: pass --delimiter %s",
                            brn_stream_name(csv->window.stream), others[i].name, others[i].option);
    return BRINE_OK;
}

static brine_status check_names(struct csv *csv, brine_error *err)
{
    struct brn_map names;
    brn_map_init(&names, &csv->literals.texts);
    for (size_t i = 0; i < csv->literals.count; i++) {
        struct brn_slice name = brn_slice_of(csv->literals.columns[i].name);
        if (brn_utf8_valid(name) != name.n)
            return brn_fail(err, BRINE_FORMAT, "the name of column %zu is not UTF-8", i + 1);
        if (name.n == 0)
            continue;
        size_t before = names.count;
        if (brn_map_add(&names, name) == BRN_MAP_NONE)
            return brn_fail_memory(err);
        if (names.count == before)
            return brn_fail(err, BRINE_FORMAT, "the header names the column %.80s twice",
                            csv->literals.columns[i].name);
    }
    return check_delimiter(csv, err);
}

/* The fields of the first record; NEEDS_MORE when it is not all there. */
static brine_status parse_header(struct csv *csv, enum field_end *ret_end, brine_error *err)
{
    const uint8_t *p = csv->window.data + csv->window.begin;
    struct field field;
    do {
        *ret_end = next_field(csv, &p, &field);
        if (*ret_end == NEEDS_MORE)
            return BRINE_OK;
        if (*ret_end == IS_WRONG)
            return brn_fail(err, BRINE_FORMAT, "the header of %s: %s",
                            brn_stream_name(csv->window.stream), field.wrong);
        if (csv->literals.count == csv->options.max_columns)
            return brn_fail(err, BRINE_LIMIT, "%s has more than %llu columns",
                            brn_stream_name(csv->window.stream),
                            (unsigned long long)csv->options.max_columns);
        if (field.is_doubled)
            BRN_TRY(undouble(csv, &field.text, err));
        BRN_TRY(brn_literals_add_column(&csv->literals, field.text, err));
    } while (*ret_end != RECORD_ENDS);
    csv->window.begin = (size_t)(p - csv->window.data);
    return check_names(csv, err);
}

static void skip_bom(struct csv *csv)
{
    if (csv->window.end >= 3 && memcmp(csv->window.data, "\xef\xbb\xbf", 3) == 0)
        csv->window.begin = 3;
}

static brine_status fail_long(const struct csv *csv, brine_error *err)
{
    brn_fail(err, BRINE_LIMIT,
             "a record of %s is longer than the limit of %llu bytes: is a quote open?",
             brn_stream_name(csv->window.stream), (unsigned long long)csv->options.max_line);
    if (err)
        err->row = row_number(csv);
    return BRINE_LIMIT;
}

static brine_status read_header(struct csv *csv, brine_error *err)
{
    enum field_end end = NEEDS_MORE;
    for (size_t size = BRN_BATCH_BYTES; end == NEEDS_MORE;
         size = brn_window_grow(size, csv->options.max_line, false)) {
        if (size == 0)
            return fail_long(csv, err);
        csv->literals.count = 0;
        BRN_TRY(brn_window_fill(&csv->window, size, err));
        skip_bom(csv);
        if (csv->window.begin == csv->window.end)
            return brn_fail(err, BRINE_FORMAT, "%s is empty: its first line must name the columns",
                            brn_stream_name(csv->window.stream));
        BRN_TRY(parse_header(csv, &end, err));
    }
    return BRINE_OK;
}

/* ---- rows ---- */

static brine_status fail_count(const struct csv *csv, size_t fields, brine_error *err)
{
    return brn_fail_table_row(err, row_number(csv), NULL,
                              "the row has %zu field%s and the header %zu", fields,
                              fields == 1 ? "" : "s", csv->literals.count);
}

static bool means_missing(const struct csv *csv, struct brn_slice text)
{
    for (const char *const *word = csv->options.missing; word && *word; word++)
        if (brn_slice_is(text, *word))
            return true;
    return false;
}

static inline brine_status store(struct csv *csv, size_t column, struct field *field,
                                 brine_error *err)
{
    if (!field->is_quoted && (field->text.n == 0 || means_missing(csv, field->text)))
        return BRINE_OK;
    if (field->is_doubled)
        BRN_TRY(undouble(csv, &field->text, err));
    brn_literals_set(&csv->literals, column, field->text, field->is_quoted);
    return BRINE_OK;
}

/* Whether the record was an empty line, which says nothing in a table of several columns. */
static bool is_blank(const struct csv *csv, size_t fields, const struct field *field)
{
    return fields == 1 && csv->literals.count > 1 && field->text.n == 0 && !field->is_quoted;
}

static brine_status end_row(struct csv *csv, size_t fields, const struct field *last,
                            brine_error *err)
{
    if (is_blank(csv, fields, last)) {
        if (csv->blank_row < 0)
            csv->blank_row = (int64_t)row_number(csv);
        return BRINE_OK;
    }
    if (csv->blank_row >= 0)
        return brn_fail_table_row(err, (uint64_t)csv->blank_row, NULL,
                                  "the row is empty, and others stand behind it");
    if (fields != csv->literals.count)
        return fail_count(csv, fields, err);
    csv->literals.rows++;
    return BRINE_OK;
}

/* One record at *p.  NEEDS_MORE takes it back. */
static brine_status parse_row(struct csv *csv, const uint8_t **p, enum field_end *ret_end,
                              brine_error *err)
{
    const uint8_t *at = *p;
    struct field field;
    size_t column = 0;
    BRN_TRY(brn_literals_reserve(&csv->literals, err));
    for (;; column++) {
        *ret_end = next_field(csv, &at, &field);
        if (*ret_end > RECORD_ENDS)
            break;
        if (column < csv->literals.count)
            BRN_TRY(store(csv, column, &field, err));
        if (*ret_end == RECORD_ENDS)
            break;
    }
    if (*ret_end == NEEDS_MORE) {
        brn_literals_drop_row(&csv->literals);
        return BRINE_OK;
    }
    if (*ret_end == IS_WRONG)
        return brn_fail_table_row(err, row_number(csv), column_name(csv, column), "%s",
                                  field.wrong);
    *p = at;
    return end_row(csv, column + 1, &field, err);
}

static brine_status check_utf8(struct csv *csv, struct brn_slice text, brine_error *err)
{
    int64_t row;
    size_t column;
    if (brn_utf8_valid(text) == text.n)
        return BRINE_OK;
    brn_literals_table(&csv->literals);
    if (!brn_literals_find_invalid(&csv->literals, &row, &column))
        return brn_fail(err, BRINE_FORMAT, "%s is not UTF-8", brn_stream_name(csv->window.stream));
    return brn_fail_table_row(err, csv->rows_before + (uint64_t)row, column_name(csv, column),
                              "the text is not UTF-8: convert the file, e.g. with iconv");
}

/* Whole records of the window, as many as batch_rows allows. */
static brine_status parse_rows(struct csv *csv, brine_error *err)
{
    const uint8_t *begin = csv->window.data + csv->window.begin, *p = begin;
    int64_t most = csv->options.batch_rows ? csv->options.batch_rows : INT64_MAX;
    enum field_end end = RECORD_ENDS;
    while (end == RECORD_ENDS && csv->literals.rows < most && !is_end(csv, p))
        BRN_TRY(parse_row(csv, &p, &end, err));
    BRN_TRY(check_utf8(csv, (struct brn_slice){begin, (size_t)(p - begin)}, err));
    csv->window.begin = (size_t)(p - csv->window.data);
    return BRINE_OK;
}

/* Whether a batch can be handed out: it is full, or all there is. */
static bool is_enough(const struct csv *csv)
{
    int64_t rows = csv->literals.rows, wanted = csv->options.batch_rows;
    return csv->window.is_last || (rows > 0 && (wanted == 0 || rows >= wanted));
}

static brine_status next_csv(void *state, struct brn_table *ret_table, brine_error *err)
{
    struct csv *csv = state;
    csv->rows_before += (uint64_t)csv->literals.rows;
    brn_literals_clear(&csv->literals);
    size_t size = csv->options.batch_rows == INT64_MAX ? SIZE_MAX / 4 : BRN_BATCH_BYTES;
    for (;;) {
        BRN_TRY(brn_window_fill(&csv->window, size, err));
        int64_t blank = csv->blank_row;
        BRN_TRY(parse_rows(csv, err));
        if (is_enough(csv))
            break;
        size = brn_window_grow(size, csv->options.max_line, csv->literals.rows > 0);
        if (size == 0)
            return fail_long(csv, err);
        /* the window will move: again from the batch's first row */
        csv->window.begin = 0;
        csv->blank_row = blank;
        brn_literals_clear(&csv->literals);
    }
    *ret_table = brn_literals_table(&csv->literals);
    return BRINE_OK;
}

static void close_csv(void *state)
{
    struct csv *csv = state;
    brn_window_free(&csv->window);
    brn_literals_free(&csv->literals);
    free(csv);
}

static brine_status open_csv(const struct brn_table_source *source, void **ret_state,
                             brine_error *err)
{
    struct csv *csv = calloc(1, sizeof *csv);
    if (!csv)
        return brn_fail_memory(err);
    csv->window.stream = source->stream;
    csv->options = source->options;
    csv->blank_row = -1;
    csv->is_special['\n'] = csv->is_special['\r'] = true;
    csv->is_special[(uint8_t)csv->options.delimiter] = true;
    brn_literals_init(&csv->literals);
    brine_status status = read_header(csv, err);
    if (status == BRINE_OK)
        *ret_state = csv;
    else
        close_csv(csv);
    return status;
}

const struct brn_table_format brn_format_csv = {
    .name = "CSV",
    .suffixes = {".csv", ".txt"},
    .delimiter = ',',
    .open = open_csv,
    .next = next_csv,
    .close = close_csv,
    .create = brn_csv_create,
    .write = brn_csv_write,
    .finish = brn_csv_finish,
    .destroy = brn_csv_destroy,
};

const struct brn_table_format brn_format_tsv = {
    .name = "TSV",
    .suffixes = {".tsv"},
    .delimiter = '\t',
    .open = open_csv,
    .next = next_csv,
    .close = close_csv,
};
