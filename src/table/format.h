/* SPDX-License-Identifier: Apache-2.0
 *
 * format.h - what a file format of tables is to the reader and the writer: a row in formats.c. */
#ifndef BRN_TABLE_FORMAT_H
#define BRN_TABLE_FORMAT_H

#include "io/stream.h"
#include "table/sink.h"
#include "table/table.h"

/* What a reading format gets; the stream is the caller's. */
struct brn_table_source {
    struct brn_stream *stream;
    struct brn_read_options options; /* 0 replaced by its default, but for batch_rows */
};

struct brn_table_format {
    const char *name;
    const char *suffixes[4]; /* with their dot, ended by NULL */
    const char *magic;       /* first bytes of the content, or NULL: text */
    size_t magic_size;
    char delimiter; /* of a CSV with these suffixes */

    brine_status (*open)(const struct brn_table_source *source, void **ret_state, brine_error *err);
    /* As brn_table_next(). */
    brine_status (*next)(void *state, struct brn_table *ret_table, brine_error *err);
    void (*close)(void *state);

    /* Columns and types of every table are those of the first. */
    bool is_binary_output; /* cannot be gzipped, nor go to a pipe */
    brine_status (*create)(struct brn_sink *sink, bool is_vector, void **ret_state,
                           brine_error *err);
    brine_status (*write)(void *state, const struct brn_table *table, brine_error *err);
    brine_status (*finish)(void *state, brine_error *err); /* before the sink is committed */
    void (*destroy)(void *state);
};

extern const struct brn_table_format brn_format_csv, brn_format_tsv, brn_format_jsonl,
    brn_format_npy, brn_format_npz;

/* The writing half of each, in write_NAME.c. */
brine_status brn_csv_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err);
brine_status brn_csv_write(void *state, const struct brn_table *table, brine_error *err);
brine_status brn_csv_finish(void *state, brine_error *err);
void brn_csv_destroy(void *state);
brine_status brn_jsonl_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                              brine_error *err);
brine_status brn_jsonl_write(void *state, const struct brn_table *table, brine_error *err);
brine_status brn_jsonl_finish(void *state, brine_error *err);
void brn_jsonl_destroy(void *state);
brine_status brn_npy_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err);
brine_status brn_npy_write(void *state, const struct brn_table *table, brine_error *err);
brine_status brn_npy_finish(void *state, brine_error *err);
void brn_npy_destroy(void *state);
brine_status brn_npz_create(struct brn_sink *sink, bool is_vector, void **ret_state,
                            brine_error *err);
brine_status brn_npz_write(void *state, const struct brn_table *table, brine_error *err);
brine_status brn_npz_finish(void *state, brine_error *err);
void brn_npz_destroy(void *state);

/* All formats, ended by NULL. */
extern const struct brn_table_format *const brn_table_formats[];

/* By the name's suffix, behind which one of a codec's is passed over; NULL when it is not known. */
const struct brn_table_format *brn_format_of_name(const char *path);

/* Whether the name ends in .gz. */
bool brn_name_is_gzip(const char *path);

/* BRINE_FORMAT about a row of a text file; column may be NULL. */
brine_status brn_fail_table_row(brine_error *err, uint64_t row, const char *column,
                                const char *format, ...) BRN_PRINTF(4, 5);

#endif
