/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Lines: one object a line.  The first one's members are the columns. */
#include "base/json.h"
#include "base/map.h"
#include "table/format.h"
#include "table/literals.h"
#include "table/window.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_NESTING = 64 };

struct jsonl {
    struct brn_window window;
    struct brn_read_options options;
    struct brn_literals literals;
    struct brn_map names; /* column by name */
    uint64_t rows_before; /* of the batch */
    int64_t *last_row;    /* by column: the row that named it last, to see a member twice */
    struct brn_json json;
    uint8_t nesting[MAX_NESTING];
};

static uint64_t row_number(const struct jsonl *j)
{
    return j->rows_before + (uint64_t)j->literals.rows;
}

/* The next line with something in it; false when the window has no whole one. */
static bool next_line(struct jsonl *j, const uint8_t **at, struct brn_slice *ret_line)
{
    const uint8_t *end = j->window.data + j->window.end;
    while (*at < end) {
        const uint8_t *begin = *at, *newline = memchr(begin, '\n', (size_t)(end - begin));
        if (!newline && !j->window.is_last)
            return false;
        *at = newline ? newline + 1 : end;
        *ret_line = (struct brn_slice){begin, (size_t)((newline ? newline : end) - begin)};
        for (const uint8_t *p = begin; p < *at; p++)
            if (!strchr(" \t\r\n", *p) || *p == 0)
                return true;
    }
    return false;
}

static brine_status fail_json(struct jsonl *j, brine_error *err)
{
    const brine_error *e = &j->json.error;
    if (e->status == BRINE_NOMEM)
        return brn_fail_memory(err);
    return brn_fail_table_row(err, row_number(j), NULL, "%s (at character %llu of the line)",
                              e->message, (unsigned long long)e->offset + 1);
}

static brine_status begin_object(struct jsonl *j, struct brn_slice line, brine_error *err)
{
    struct brn_buffer key = j->json.scratch[0], text = j->json.scratch[1];
    brn_json_init(&j->json, line, j->nesting, MAX_NESTING);
    j->json.scratch[0] = key;
    j->json.scratch[1] = text;
    j->json.allow_nan = true; /* as Python's json writes them */
    brn_json_next(&j->json);
    if (j->json.kind == BRN_JSON_OBJECT)
        return BRINE_OK;
    if (j->json.error.status != BRINE_OK)
        return fail_json(j, err);
    return brn_fail_table_row(err, row_number(j), NULL,
                              "a line is no object: write {\"column\": value, ...}");
}

static brine_status end_object(struct jsonl *j, brine_error *err)
{
    if (j->json.error.status == BRINE_OK)
        brn_json_next(&j->json);
    return j->json.error.status == BRINE_OK ? BRINE_OK : fail_json(j, err);
}

/* ---- columns ---- */

static brine_status add_column(struct jsonl *j, brine_error *err)
{
    if (j->literals.count == j->options.max_columns)
        return brn_fail(err, BRINE_LIMIT, "%s has more than %llu columns",
                        brn_stream_name(j->window.stream),
                        (unsigned long long)j->options.max_columns);
    BRN_TRY(brn_literals_add_column(&j->literals, j->json.key, err));
    const char *name = j->literals.columns[j->literals.count - 1].name;
    struct brn_slice key = {(const uint8_t *)name, j->json.key.n};
    uint32_t number = brn_map_add(&j->names, key);
    if (number == BRN_MAP_NONE)
        return brn_fail_memory(err);
    if (number + 1 < j->literals.count)
        return brn_fail_table_row(err, 0, name, "the member stands twice in the line");
    return BRINE_OK;
}

static brine_status add_columns(struct jsonl *j, struct brn_slice line, brine_error *err)
{
    BRN_TRY(begin_object(j, line, err));
    while (brn_json_next(&j->json) != BRN_JSON_OBJECT_END) {
        if (j->json.kind == BRN_JSON_END)
            return fail_json(j, err);
        BRN_TRY(add_column(j, err));
        brn_json_skip(&j->json);
    }
    BRN_TRY(end_object(j, err));
    j->last_row = calloc(j->literals.count + 1, sizeof *j->last_row);
    return j->last_row ? BRINE_OK : brn_fail_memory(err);
}

static void skip_bom(struct brn_slice *line)
{
    if (line->n >= 3 && memcmp(line->p, "\xef\xbb\xbf", 3) == 0)
        *line = (struct brn_slice){line->p + 3, line->n - 3};
}

static brine_status fail_long(const struct jsonl *j, brine_error *err)
{
    brn_fail(err, BRINE_LIMIT, "a line of %s is longer than the limit of %llu bytes",
             brn_stream_name(j->window.stream), (unsigned long long)j->options.max_line);
    if (err)
        err->row = row_number(j);
    return BRINE_LIMIT;
}

/* The first line is read twice: for its names now, for its values with the others. */
static brine_status read_names(struct jsonl *j, brine_error *err)
{
    struct brn_slice line;
    for (size_t size = BRN_BATCH_BYTES;; size = brn_window_grow(size, j->options.max_line, false)) {
        if (size == 0)
            return fail_long(j, err);
        BRN_TRY(brn_window_fill(&j->window, size, err));
        const uint8_t *at = j->window.data;
        if (next_line(j, &at, &line))
            break;
        if (j->window.is_last)
            return brn_fail(err, BRINE_FORMAT, "%s is empty: its first line must name the columns",
                            brn_stream_name(j->window.stream));
    }
    skip_bom(&line);
    j->window.begin = (size_t)(line.p - j->window.data);
    return add_columns(j, line, err);
}

/* ---- rows ---- */

/* The members mostly stand in the order of the first line. */
static uint32_t find_column(const struct jsonl *j, uint32_t guess)
{
    if (guess < j->names.count && brn_slice_equal(j->names.entries[guess].key, j->json.key))
        return guess;
    return brn_map_find(&j->names, j->json.key);
}

static brine_status copy_text(struct jsonl *j, struct brn_slice *text, brine_error *err)
{
    const uint8_t *begin = j->window.data, *end = begin + j->window.end;
    if (text->p >= begin && text->p < end)
        return BRINE_OK;
    char *copy = brn_arena_text(&j->literals.texts, *text);
    if (!copy)
        return brn_fail_memory(err);
    text->p = (const uint8_t *)copy;
    return BRINE_OK;
}

static brine_status store(struct jsonl *j, uint32_t column, brine_error *err)
{
    struct brn_json *json = &j->json;
    struct brn_slice text = json->text;
    switch (json->kind) {
    case BRN_JSON_NULL:
        brn_literals_set_null(&j->literals, column);
        return BRINE_OK;
    case BRN_JSON_BOOL:
        text = brn_slice_of(json->boolean ? "true" : "false");
        break;
    case BRN_JSON_STRING:
        BRN_TRY(copy_text(j, &text, err));
        break;
    case BRN_JSON_NUMBER:
        break;
    default:
        return brn_fail_table_row(err, row_number(j), j->literals.columns[column].name,
                                  "the value is an array or an object: a column holds numbers, "
                                  "texts and booleans");
    }
    brn_literals_set(&j->literals, column, text, json->kind == BRN_JSON_STRING);
    return BRINE_OK;
}

static brine_status fail_member(const struct jsonl *j, const char *words, brine_error *err)
{
    char name[64];
    struct brn_slice key = j->json.key;
    if (key.n >= sizeof name)
        key.n = sizeof name - 1;
    snprintf(name, sizeof name, "%.*s", BRN_S(key));
    return brn_fail_table_row(err, row_number(j), name, "%s", words);
}

static brine_status parse_member(struct jsonl *j, uint32_t guess, uint32_t *ret_column,
                                 brine_error *err)
{
    uint32_t column = find_column(j, guess);
    int64_t turn = (int64_t)row_number(j) + 1;
    if (column == BRN_MAP_NONE)
        return fail_member(j, "the first line, whose members are the columns, has no such member",
                           err);
    if (j->last_row[column] == turn)
        return fail_member(j, "the member stands twice in the line", err);
    j->last_row[column] = turn;
    *ret_column = column;
    return store(j, column, err);
}

static brine_status parse_row(struct jsonl *j, struct brn_slice line, brine_error *err)
{
    uint32_t column = UINT32_MAX;
    BRN_TRY(brn_literals_reserve(&j->literals, err));
    BRN_TRY(begin_object(j, line, err));
    while (brn_json_next(&j->json) != BRN_JSON_OBJECT_END) {
        if (j->json.kind == BRN_JSON_END)
            return fail_json(j, err);
        BRN_TRY(parse_member(j, column + 1, &column, err));
    }
    BRN_TRY(end_object(j, err));
    j->literals.rows++;
    return BRINE_OK;
}

static brine_status parse_rows(struct jsonl *j, brine_error *err)
{
    const uint8_t *at = j->window.data + j->window.begin;
    int64_t most = j->options.batch_rows ? j->options.batch_rows : INT64_MAX;
    struct brn_slice line;
    while (j->literals.rows < most && next_line(j, &at, &line))
        BRN_TRY(parse_row(j, line, err));
    j->window.begin = (size_t)(at - j->window.data);
    return BRINE_OK;
}

static bool is_enough(const struct jsonl *j)
{
    int64_t rows = j->literals.rows, wanted = j->options.batch_rows;
    bool at_end = j->window.is_last && j->window.begin == j->window.end;
    return at_end || (rows > 0 && (wanted == 0 || rows >= wanted));
}

static void restart_batch(struct jsonl *j)
{
    j->window.begin = 0;
    memset(j->last_row, 0, j->literals.count * sizeof *j->last_row);
    brn_literals_clear(&j->literals);
}

static brine_status next_jsonl(void *state, struct brn_table *ret_table, brine_error *err)
{
    struct jsonl *j = state;
    j->rows_before += (uint64_t)j->literals.rows;
    brn_literals_clear(&j->literals);
    size_t size = j->options.batch_rows == INT64_MAX ? SIZE_MAX / 4 : BRN_BATCH_BYTES;
    for (;;) {
        BRN_TRY(brn_window_fill(&j->window, size, err));
        BRN_TRY(parse_rows(j, err));
        if (is_enough(j))
            break;
        size = brn_window_grow(size, j->options.max_line, j->literals.rows > 0);
        if (size == 0)
            return fail_long(j, err);
        restart_batch(j);
    }
    *ret_table = brn_literals_table(&j->literals);
    return BRINE_OK;
}

static void close_jsonl(void *state)
{
    struct jsonl *j = state;
    brn_window_free(&j->window);
    brn_literals_free(&j->literals);
    brn_json_free(&j->json);
    free(j->last_row);
    free(j);
}

static brine_status open_jsonl(const struct brn_table_source *source, void **ret_state,
                               brine_error *err)
{
    struct jsonl *j = calloc(1, sizeof *j);
    if (!j)
        return brn_fail_memory(err);
    j->window.stream = source->stream;
    j->options = source->options;
    brn_literals_init(&j->literals);
    brn_map_init(&j->names, &j->literals.names);
    brine_status status = read_names(j, err);
    if (status == BRINE_OK)
        *ret_state = j;
    else
        close_jsonl(j);
    return status;
}

const struct brn_table_format brn_format_jsonl = {
    .name = "JSON Lines",
    .suffixes = {".jsonl", ".ndjson"},
    .open = open_jsonl,
    .next = next_jsonl,
    .close = close_jsonl,
    .create = brn_jsonl_create,
    .write = brn_jsonl_write,
    .finish = brn_jsonl_finish,
    .destroy = brn_jsonl_destroy,
};
