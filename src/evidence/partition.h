/* SPDX-License-Identifier: Apache-2.0
 *
 * partition.h - one file of rows: its table, its digest, its fingerprint; and columns taken from
 * it. */
#ifndef BRN_EVIDENCE_PARTITION_H
#define BRN_EVIDENCE_PARTITION_H

#include "base/digest.h"
#include "table/table.h"

/* Sum of the rows' 128-bit hashes modulo 2^128: the same for any order of the rows, and additive,
 * so that fingerprint(train) + fingerprint(test) is that of both. */
struct brn_fingerprint {
    uint64_t low, high;
};

struct brn_partition {
    const char *name; /* "train" or "test" */
    const char *path;
    struct brn_digest digest; /* SHA-256 of the file's bytes */
    struct brn_fingerprint fingerprint;
    struct brn_table table;
    size_t rows;
};

/* Reads the whole file; everything is in the arena. */
brine_status brn_partition_read(const char *name, const char *path, struct brn_arena *arena,
                                struct brn_partition *ret_partition, brine_error *err);

struct brn_fingerprint brn_fingerprint_add(struct brn_fingerprint a, struct brn_fingerprint b);
void brn_fingerprint_hex(struct brn_fingerprint fingerprint, char out[33]);

/* The values of a column as numbers (NaN: missing); BRINE_INPUT with row and column when one is
 * none. */
brine_status brn_partition_numbers(const struct brn_partition *partition, const char *column,
                                   struct brn_arena *arena, double **ret_numbers, brine_error *err);

/* The values as seconds since 1970 (calendar.h), or as numbers when they are numbers. */
brine_status brn_partition_times(const struct brn_partition *partition, const char *column,
                                 struct brn_arena *arena, double **ret_times, brine_error *err);

/* The value as a text that is equal for equal values: the text itself, or a number's shortest; ""
 * with p NULL for missing.  digits has room for a number. */
struct brn_slice brn_column_key(const struct brn_column *column, int64_t row, char *digits);

/* The column, or BRINE_INPUT that names it and the file. */
brine_status brn_partition_column(const struct brn_partition *partition, const char *column,
                                  const struct brn_column **ret_column, brine_error *err);

#endif
