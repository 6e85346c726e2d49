/* SPDX-License-Identifier: Apache-2.0
 *
 * npy.h - numpy's array file (numpy/lib/format.py, versions 1.0 to 3.0). */
#ifndef BRN_TABLE_NPY_H
#define BRN_TABLE_NPY_H

#include "io/stream.h"
#include "table/table.h"

enum { BRN_NPY_MAX_DIMENSIONS = 32, BRN_NPY_MAX_HEADER = 1 << 20 };

struct brn_npy {
    char kind;        /* numpy's: b i u f S U */
    size_t item_size; /* bytes */
    bool swap;        /* the items' bytes stand in the other order than the machine's */
    bool fortran;
    size_t dimensions;
    uint64_t shape[BRN_NPY_MAX_DIMENSIONS];
    enum brn_type type; /* of columns: LARGE_UTF8 for S and U */
};

/* Magic, version and header; the stream stands at the data then.  Object, structured and other
 * dtypes are refused by name. */
brine_status brn_npy_read_header(struct brn_stream *stream, struct brn_npy *ret_npy,
                                 brine_error *err);

/* prod(shape), or false when it does not fit with the item size. */
bool brn_npy_size(const struct brn_npy *npy, uint64_t *ret_items, uint64_t *ret_bytes);

/* The next n bytes of items, in the machine's byte order, behind what out holds. */
brine_status brn_npy_read_items(struct brn_stream *stream, const struct brn_npy *npy, uint64_t n,
                                struct brn_buffer *out, brine_error *err);

/* A reader of the array behind the header, as a table without names. */
struct brn_npy_rows;
brine_status brn_npy_rows_open(struct brn_stream *stream, const struct brn_npy *npy,
                               const struct brn_read_options *options,
                               struct brn_npy_rows **ret_rows, brine_error *err);
brine_status brn_npy_rows_next(struct brn_npy_rows *rows, struct brn_table *ret_table,
                               brine_error *err);
void brn_npy_rows_close(struct brn_npy_rows *rows);

/* Rows of row_bytes each that make a batch: what was asked for, or about BRN_BATCH_BYTES. */
uint64_t brn_batch_rows(const struct brn_read_options *options, uint64_t row_bytes, uint64_t left);

#endif
