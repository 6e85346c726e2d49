/* SPDX-License-Identifier: Apache-2.0 */
#include "table/copy.h"
#include "table/format.h"
#include "table/window.h"

#include <stdlib.h>

struct brn_table_reader {
    const struct brn_table_format *format;
    struct brn_table_source source;
    void *state;
};

/* What people have and brine does not read, and the way out. */
static const struct {
    const char *magic;
    size_t size;
    const char *words;
} refused[] = {
    {"PAR1", 4,
     "a Parquet file, which brine does not read: write CSV, e.g. "
     "duckdb -c \"COPY (FROM 'x.parquet') TO 'x.csv'\""},
    {"ARROW1", 6, "an Arrow file, which brine does not read: write CSV or .npy"},
    {"\x89HDF", 4, "an HDF5 file, which brine does not read: write CSV or .npy"},
    {"\x80", 1, "a pickle, and no table: write CSV, e.g. frame.to_csv(\"x.csv\", index=False)"},
    {"[{", 2, "a JSON array: write one object a line, e.g. jq -c '.[]' x.json > x.jsonl"},
    {"[\n", 2, "a JSON array: write one object a line, e.g. jq -c '.[]' x.json > x.jsonl"},
    {"SQLite format 3", 15, "an SQLite database: write CSV, e.g. sqlite3 -csv -header"},
    {"\xff\xfe", 2, "UTF-16 text: convert it to UTF-8, e.g. with iconv"},
    {"\xfe\xff", 2, "UTF-16 text: convert it to UTF-8, e.g. with iconv"},
};

static bool begins_with(struct brn_slice head, const char *magic, size_t n)
{
    return head.n >= n && memcmp(head.p, magic, n) == 0;
}

static brine_status check_refused(struct brn_slice head, const char *name, brine_error *err)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (begins_with(head, refused[i].magic, refused[i].size))
            return brn_fail(err, BRINE_UNSUPPORTED, "%s is %s", name, refused[i].words);
    return BRINE_OK;
}

/* A workbook is a zip archive, as .npz is. */
static bool is_workbook(struct brn_slice head, const char *name)
{
    static const char *const suffixes[] = {".xlsx", ".xlsm", ".xlsb", ".ods"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (n > strlen(suffixes[i]) && strcmp(name + n - strlen(suffixes[i]), suffixes[i]) == 0)
            return begins_with(head, "PK", 2);
    return false;
}

/* Binary formats by content, texts by suffix; a text without a known one is CSV, unless it begins
 * as no header can. */
static brine_status find_format(struct brn_slice head, const char *name,
                                const struct brn_table_format **ret, brine_error *err)
{
    const struct brn_table_format *named = brn_format_of_name(name);
    if (is_workbook(head, name))
        return brn_fail(err, BRINE_UNSUPPORTED, "%s is a workbook: save it as \"CSV UTF-8\"", name);
    for (size_t i = 0; brn_table_formats[i]; i++) {
        *ret = brn_table_formats[i];
        if ((*ret)->magic && begins_with(head, (*ret)->magic, (*ret)->magic_size))
            return BRINE_OK;
    }
    BRN_TRY(check_refused(head, name, err));
    if (named && named->magic)
        return brn_fail(err, BRINE_FORMAT, "%s is not what its suffix says: no %s file", name,
                        named->name);
    *ret = named ? named : begins_with(head, "{\"", 2) ? &brn_format_jsonl : &brn_format_csv;
    return BRINE_OK;
}

static void set_defaults(struct brn_read_options *options, const struct brn_table_format *format)
{
    if (!options->delimiter)
        options->delimiter = format->delimiter;
    if (!options->max_line)
        options->max_line = BRN_MAX_LINE;
    if (!options->max_columns)
        options->max_columns = BRN_MAX_COLUMNS;
}

static const struct brn_io_limits limits = {.max_ratio = 1000};

static brine_status open_format(struct brn_table_reader *reader, brine_error *err)
{
    struct brn_slice head;
    BRN_TRY(brn_stream_peek(reader->source.stream, &head, err));
    BRN_TRY(find_format(head, brn_stream_name(reader->source.stream), &reader->format, err));
    set_defaults(&reader->source.options, reader->format);
    return reader->format->open(&reader->source, &reader->state, err);
}

/* Takes the stream. */
static brine_status open_stream(struct brn_stream *stream, const struct brn_read_options *options,
                                struct brn_table_reader **ret_reader, brine_error *err)
{
    struct brn_table_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        brn_stream_close(stream);
        return brn_fail_memory(err);
    }
    reader->source.stream = stream;
    if (options)
        reader->source.options = *options;
    brine_status status = open_format(reader, err);
    if (status == BRINE_OK)
        *ret_reader = reader;
    else
        brn_table_close(reader);
    return status;
}

brine_status brn_table_open(const char *path, const struct brn_read_options *options,
                            struct brn_table_reader **ret_reader, brine_error *err)
{
    struct brn_stream *stream;
    BRN_TRY(brn_stream_open(path, &limits, &stream, err));
    return open_stream(stream, options, ret_reader, err);
}

brine_status brn_table_open_bytes(struct brn_slice bytes, const char *name,
                                  const struct brn_read_options *options,
                                  struct brn_table_reader **ret_reader, brine_error *err)
{
    struct brn_stream *stream;
    BRN_TRY(brn_stream_open_bytes(bytes, name, brn_stream_detect(bytes), &limits, &stream, err));
    return open_stream(stream, options, ret_reader, err);
}

brine_status brn_table_next(struct brn_table_reader *reader, struct brn_table *ret_table,
                            brine_error *err)
{
    return reader->format->next(reader->state, ret_table, err);
}

void brn_table_close(struct brn_table_reader *reader)
{
    if (!reader)
        return;
    if (reader->state)
        reader->format->close(reader->state);
    brn_stream_close(reader->source.stream);
    free(reader);
}

brine_status brn_table_read(const char *path, const struct brn_read_options *options,
                            struct brn_arena *arena, struct brn_table *ret_table, brine_error *err)
{
    struct brn_read_options whole = options ? *options : (struct brn_read_options){0};
    struct brn_table_reader *reader;
    struct brn_table table;
    whole.batch_rows = INT64_MAX;
    BRN_TRY(brn_table_open(path, &whole, &reader, err));
    brine_status status = brn_table_next(reader, &table, err);
    if (status == BRINE_OK)
        status = brn_table_copy(&table, arena, ret_table, err);
    brn_table_close(reader);
    return status;
}
