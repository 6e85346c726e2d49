/* SPDX-License-Identifier: Apache-2.0
 *
 * table.h - rows in columns: a checked view of Arrow C Data, and of what files hold.
 *
 * A column from a file of text (CSV, JSON Lines) is LITERAL: slices of what was written, for the
 * model to take as number or text by its own need, because types come from the model and never from
 * guessing. */
#ifndef BRN_TABLE_TABLE_H
#define BRN_TABLE_TABLE_H

#include "base/arena.h"
#include "base/error.h"

enum brn_type {
    BRN_TYPE_NULL, /* every value is missing */
    BRN_TYPE_BOOL, /* Arrow bitmap */
    BRN_TYPE_INT8,
    BRN_TYPE_INT16,
    BRN_TYPE_INT32,
    BRN_TYPE_INT64,
    BRN_TYPE_UINT8,
    BRN_TYPE_UINT16,
    BRN_TYPE_UINT32,
    BRN_TYPE_UINT64,
    BRN_TYPE_FLOAT16,
    BRN_TYPE_FLOAT32,
    BRN_TYPE_FLOAT64,
    BRN_TYPE_UTF8,       /* int32 offsets */
    BRN_TYPE_LARGE_UTF8, /* int64 offsets */
    BRN_TYPE_DICTIONARY, /* values are integer codes (index_type) into dictionary */
    BRN_TYPE_LITERAL,    /* slices; from text files */
};

struct brn_column {
    const char *name; /* NULL when the table has no names */
    enum brn_type type, index_type;
    int64_t length;
    int64_t offset;          /* of its first row in validity and values */
    const uint8_t *validity; /* bitmap, bit set: there is a value; NULL: all there */
    const void *values;      /* fixed-width values, or the bytes of texts; stride 0: packed */
    int64_t stride;          /* bytes between values when not packed (numpy's matrices), else 0 */
    const void *offsets;     /* of UTF8 and LARGE_UTF8 */
    const struct brn_slice *slices; /* of LITERAL */
    const uint8_t *quoted; /* of LITERAL: bitmap, the field was quoted (CSV) or a string (JSON); of
                              a missing one, it is JSON's null */
    const struct brn_column *dictionary;
};

struct brn_table {
    int64_t rows;
    size_t column_count;
    struct brn_column *columns;
};

/* c stands places behind first in one matrix, row by row; size is that of a value, in bytes. */
static inline bool brn_column_is_beside(const struct brn_column *c, const struct brn_column *first,
                                        size_t places, size_t size)
{
    return c->type == first->type && !c->validity && c->stride == first->stride &&
           c->offset == first->offset && c->length == first->length &&
           (const uint8_t *)c->values == (const uint8_t *)first->values + places * size;
}

static inline bool brn_column_is_valid(const struct brn_column *c, int64_t row)
{
    int64_t i = row + c->offset;
    return c->type != BRN_TYPE_NULL && (!c->validity || (c->validity[i / 8] >> (i % 8) & 1));
}

/* A numeric, bool or LITERAL value as float64: false when it is none (texts that are no number).  A
 * missing value is NaN, and true.  Literals: numbers, and true/false/t/f/yes/no in any case. */
bool brn_column_number(const struct brn_column *c, int64_t row, double *ret_value);

/* The text of a UTF8, DICTIONARY of text or LITERAL value; false for other types and missing
 * values. */
bool brn_column_text(const struct brn_column *c, int64_t row, struct brn_slice *ret_text);

/* The column of that name, or NULL. */
const struct brn_column *brn_table_column(const struct brn_table *table, const char *name);

/* Rows [first, first + rows) of a table, in the arena (columns are views). */
brine_status brn_table_slice(const struct brn_table *table, int64_t first, int64_t rows,
                             struct brn_arena *arena, struct brn_table *ret_table,
                             brine_error *err);

/* A checked view of an Arrow struct; borrowed, the columns in the arena. */
brine_status brn_table_import(const struct ArrowSchema *schema, const struct ArrowArray *array,
                              struct brn_arena *arena, struct brn_table *ret_table,
                              brine_error *err);

/* A deep copy as Arrow (LITERAL becomes UTF8).  End: the release callbacks. */
brine_status brn_table_export(const struct brn_table *table, struct ArrowSchema *ret_schema,
                              struct ArrowArray *ret_array, brine_error *err);

/* ---- files ---- */

struct brn_read_options {
    char delimiter;             /* of CSV; 0: ',' */
    const char *const *missing; /* fields of CSV, without quotes, that mean missing as empty ones
                                   do: ended by NULL; NULL: there are none */
    uint64_t max_line;          /* bytes of one record; 0: 64 MiB */
    uint64_t max_columns;       /* 0: 1,000,000 */
    int64_t batch_rows;         /* 0: as many as make about 1 MiB */
};

struct brn_table_reader;

/* By content and suffix: .csv .txt .tsv .jsonl .ndjson .npy .npz, each also as .gz (and any codec
 * of io/).  A text without a known suffix, and standard input ("-"), is CSV, or JSON Lines when it
 * begins with {".  Parquet and ';' files are refused with what to do. */
brine_status brn_table_open(const char *path, const struct brn_read_options *options,
                            struct brn_table_reader **ret_reader, brine_error *err);

/* The same of borrowed bytes; name stands for the path, in its suffix and in errors. */
brine_status brn_table_open_bytes(struct brn_slice bytes, const char *name,
                                  const struct brn_read_options *options,
                                  struct brn_table_reader **ret_reader, brine_error *err);

/* The next rows; *ret_table is valid until the next call, and has no rows at the end.  Every batch
 * has the same columns in the same order (JSON Lines: the keys of the first object; a later new key
 * is an error, a lacking one is missing). */
brine_status brn_table_next(struct brn_table_reader *reader, struct brn_table *ret_table,
                            brine_error *err);
void brn_table_close(struct brn_table_reader *reader);

/* The whole file in memory, in the arena. */
brine_status brn_table_read(const char *path, const struct brn_read_options *options,
                            struct brn_arena *arena, struct brn_table *ret_table, brine_error *err);

struct brn_table_writer;

/* By suffix: .csv .jsonl .npy .npz (each also .gz where that makes sense); "-" is CSV on standard
 * output. is_vector: one column that .npy writes with one dimension and .jsonl as a bare value.
 * Numbers are printed so that they read back bit-equal. */
brine_status brn_table_create(const char *path, bool is_vector,
                              struct brn_table_writer **ret_writer, brine_error *err);
brine_status brn_table_write(struct brn_table_writer *writer, const struct brn_table *table,
                             brine_error *err);
brine_status brn_table_commit(struct brn_table_writer *writer, brine_error *err); /* ends it */
void brn_table_abandon(struct brn_table_writer *writer); /* ends it; nothing is left */

#endif
