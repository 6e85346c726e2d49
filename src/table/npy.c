/* SPDX-License-Identifier: Apache-2.0 */
#include "table/npy.h"

#include "base/utf8.h"
#include "table/format.h"
#include "table/type.h"
#include "table/window.h"

#include <stdlib.h>

struct brn_npy_rows {
    struct brn_stream *stream; /* borrowed */
    struct brn_npy npy;
    struct brn_read_options options;
    uint64_t row_count, column_count, at; /* at: rows handed out so far */
    struct brn_buffer items;              /* of the batch, or (Fortran order) of the whole array */
    struct brn_arena batch;               /* bitmaps and texts */
    struct brn_column *columns;
};

static void swap_bytes(uint8_t *p, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++, p += size)
        for (size_t low = 0, high = size - 1; low < high; low++, high--) {
            uint8_t byte = p[low];
            p[low] = p[high];
            p[high] = byte;
        }
}

brine_status brn_npy_read_items(struct brn_stream *stream, const struct brn_npy *npy, uint64_t n,
                                struct brn_buffer *out, brine_error *err)
{
    size_t begin = out->size;
    while (out->size - begin < n) {
        uint64_t left = n - (out->size - begin);
        size_t piece = left < BRN_BATCH_BYTES ? (size_t)left : BRN_BATCH_BYTES, got = 0;
        uint8_t *to = brn_buffer_reserve(out, piece);
        if (!to)
            return brn_fail_memory(err);
        BRN_TRY(brn_stream_read(stream, to, piece, &got, err));
        out->size += got;
        if (got < piece)
            return brn_fail_at(err, BRINE_FORMAT, brn_stream_offset(stream),
                               "%s ends early: %llu bytes of the array are missing",
                               brn_stream_name(stream), (unsigned long long)(left - got));
    }
    size_t unit = npy->kind == 'U' ? 4 : npy->item_size;
    if (npy->swap)
        swap_bytes(out->data + begin, (size_t)n / unit, unit);
    return BRINE_OK;
}

uint64_t brn_batch_rows(const struct brn_read_options *options, uint64_t row_bytes, uint64_t left)
{
    uint64_t rows = options->batch_rows ? (uint64_t)options->batch_rows
                                        : BRN_BATCH_BYTES / (row_bytes ? row_bytes : 1);
    if (rows == 0)
        rows = 1;
    return rows < left ? rows : left;
}

/* ---- texts and booleans, which numpy lays out otherwise than Arrow ---- */

struct strided {
    const uint8_t *first;
    size_t step;
};

static bool append_code_points(const uint8_t *item, size_t n, uint8_t *to, size_t *size)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t code;
        memcpy(&code, item + 4 * i, 4);
        if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return false;
        *size += brn_utf8_encode(code, to + *size);
    }
    return true;
}

/* numpy pads with zeros, and takes those at the end for padding. */
static size_t item_length(const uint8_t *item, size_t size, size_t unit)
{
    static const uint8_t zero[4];
    while (size && memcmp(item + size - unit, zero, unit) == 0)
        size -= unit;
    return size;
}

static bool append_text(const struct brn_npy_rows *r, const uint8_t *item, uint8_t *to,
                        size_t *size)
{
    size_t unit = r->npy.kind == 'U' ? 4 : 1, n = item_length(item, r->npy.item_size, unit);
    if (unit == 4)
        return append_code_points(item, n / 4, to, size);
    if (brn_utf8_valid((struct brn_slice){item, n}) != n)
        return false;
    memcpy(to + *size, item, n);
    *size += n;
    return true;
}

static brine_status fail_text(const struct brn_npy_rows *r, uint64_t row, size_t column,
                              brine_error *err)
{
    return brn_fail_table_row(err, r->at + row, NULL, "the text in column %zu is no valid Unicode",
                              column);
}

static brine_status set_texts(struct brn_npy_rows *r, size_t column, struct strided from,
                              uint64_t rows, brine_error *err)
{
    struct brn_column *c = &r->columns[column];
    uint64_t bytes;
    size_t size = 0;
    int64_t *offsets = BRN_NEW(&r->batch, int64_t, rows + 1);
    if (__builtin_mul_overflow(rows, r->npy.item_size, &bytes))
        return brn_fail_memory(err);
    uint8_t *text = BRN_NEW(&r->batch, uint8_t, bytes + 1);
    if (!offsets || !text)
        return brn_fail_memory(err);
    for (uint64_t i = 0; i < rows; i++) {
        if (!append_text(r, from.first + i * from.step, text, &size))
            return fail_text(r, i, column, err);
        offsets[i + 1] = (int64_t)size;
    }
    c->offsets = offsets;
    c->values = text;
    return BRINE_OK;
}

static brine_status set_bits(struct brn_npy_rows *r, size_t column, struct strided from,
                             uint64_t rows, brine_error *err)
{
    uint8_t *bits = BRN_NEW(&r->batch, uint8_t, rows / 8 + 1);
    if (!bits)
        return brn_fail_memory(err);
    for (uint64_t i = 0; i < rows; i++)
        if (from.first[i * from.step])
            bits[i / 8] |= (uint8_t)(1u << i % 8);
    r->columns[column].values = bits;
    return BRINE_OK;
}

/* scikit-learn takes float32 of the other byte order for no float32, and computes in float64. */
static brine_status set_widened(struct brn_npy_rows *r, size_t column, struct strided from,
                                uint64_t rows, brine_error *err)
{
    double *values = BRN_NEW(&r->batch, double, rows);
    if (!values)
        return brn_fail_memory(err);
    for (uint64_t i = 0; i < rows; i++) {
        float value;
        memcpy(&value, from.first + i * from.step, sizeof value);
        values[i] = (double)value;
    }
    r->columns[column].type = BRN_TYPE_FLOAT64;
    r->columns[column].values = values;
    return BRINE_OK;
}

/* ---- batches ---- */

static brine_status set_column(struct brn_npy_rows *r, size_t column, struct strided from,
                               uint64_t rows, brine_error *err)
{
    struct brn_column *c = &r->columns[column];
    *c = (struct brn_column){.type = r->npy.type, .length = (int64_t)rows};
    if (r->npy.type == BRN_TYPE_LARGE_UTF8)
        return set_texts(r, column, from, rows, err);
    if (r->npy.type == BRN_TYPE_BOOL)
        return set_bits(r, column, from, rows, err);
    if (r->npy.type == BRN_TYPE_FLOAT32 && r->npy.swap)
        return set_widened(r, column, from, rows, err);
    c->values = from.first;
    c->stride = from.step == r->npy.item_size ? 0 : (int64_t)from.step;
    return BRINE_OK;
}

/* Rows [at, at + rows) from the items; C order holds the batch alone, Fortran order the array. */
static brine_status set_columns(struct brn_npy_rows *r, uint64_t rows, brine_error *err)
{
    static const uint8_t nothing[8];
    const uint8_t *base = r->items.size ? r->items.data : nothing;
    size_t item = r->npy.item_size, width = (size_t)r->column_count;
    brn_arena_free(&r->batch);
    for (size_t i = 0; i < width; i++) {
        struct strided from = {base + i * item, width * item};
        if (r->npy.fortran)
            from = (struct strided){base + (i * r->row_count + r->at) * item, item};
        BRN_TRY(set_column(r, i, from, rows, err));
    }
    return BRINE_OK;
}

static brine_status check_end(struct brn_npy_rows *r, brine_error *err)
{
    uint8_t byte;
    size_t got = 0;
    BRN_TRY(brn_stream_read(r->stream, &byte, 1, &got, err));
    if (got == 0)
        return BRINE_OK;
    return brn_fail_at(err, BRINE_FORMAT, brn_stream_offset(r->stream) - 1,
                       "something stands behind the array in %s", brn_stream_name(r->stream));
}

static brine_status load_items(struct brn_npy_rows *r, uint64_t rows, brine_error *err)
{
    if (r->npy.fortran && r->at)
        return BRINE_OK;
    r->items.size = 0;
    uint64_t wanted = r->npy.fortran ? r->row_count : rows;
    return brn_npy_read_items(r->stream, &r->npy, wanted * r->column_count * r->npy.item_size,
                              &r->items, err);
}

brine_status brn_npy_rows_next(struct brn_npy_rows *r, struct brn_table *ret_table,
                               brine_error *err)
{
    uint64_t left = r->row_count - r->at;
    uint64_t rows = brn_batch_rows(&r->options, r->column_count * r->npy.item_size, left);
    if (left)
        BRN_TRY(load_items(r, rows, err));
    if (rows == left)
        BRN_TRY(check_end(r, err));
    BRN_TRY(set_columns(r, rows, err));
    r->at += rows;
    *ret_table = (struct brn_table){(int64_t)rows, (size_t)r->column_count, r->columns};
    return BRINE_OK;
}

void brn_npy_rows_close(struct brn_npy_rows *rows)
{
    if (!rows)
        return;
    brn_buffer_free(&rows->items);
    brn_arena_free(&rows->batch);
    free(rows->columns);
    free(rows);
}

static brine_status check_shape(const struct brn_npy_rows *r, brine_error *err)
{
    uint64_t items, bytes;
    const char *name = brn_stream_name(r->stream);
    if (r->npy.dimensions < 1 || r->npy.dimensions > 2)
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "%s has %zu dimensions: a table has two, rows and columns, or one", name,
                        r->npy.dimensions);
    if (!brn_npy_size(&r->npy, &items, &bytes) || r->row_count > INT64_MAX)
        return brn_fail(err, BRINE_FORMAT, "the shape of %s is larger than any memory", name);
    if (r->column_count == 0)
        return brn_fail(err, BRINE_FORMAT, "%s has no columns", name);
    if (r->column_count > r->options.max_columns)
        return brn_fail(err, BRINE_LIMIT, "%s has more than %llu columns", name,
                        (unsigned long long)r->options.max_columns);
    return BRINE_OK;
}

brine_status brn_npy_rows_open(struct brn_stream *stream, const struct brn_npy *npy,
                               const struct brn_read_options *options,
                               struct brn_npy_rows **ret_rows, brine_error *err)
{
    struct brn_npy_rows *r = calloc(1, sizeof *r);
    if (!r)
        return brn_fail_memory(err);
    *r = (struct brn_npy_rows){.stream = stream, .npy = *npy, .options = *options};
    r->row_count = npy->shape[0];
    r->column_count = npy->dimensions == 2 ? npy->shape[1] : 1;
    r->npy.fortran = npy->fortran && r->column_count > 1;
    brn_arena_init(&r->batch, 0);
    brine_status status = check_shape(r, err);
    if (status == BRINE_OK) {
        r->columns = calloc((size_t)r->column_count + 1, sizeof *r->columns);
        status = r->columns ? BRINE_OK : brn_fail_memory(err);
    }
    if (status == BRINE_OK)
        *ret_rows = r;
    else
        brn_npy_rows_close(r);
    return status;
}

/* ---- the format ---- */

static brine_status open_npy(const struct brn_table_source *source, void **ret_state,
                             brine_error *err)
{
    struct brn_npy npy;
    struct brn_npy_rows *rows;
    BRN_TRY(brn_npy_read_header(source->stream, &npy, err));
    BRN_TRY(brn_npy_rows_open(source->stream, &npy, &source->options, &rows, err));
    *ret_state = rows;
    return BRINE_OK;
}

static brine_status next_npy(void *state, struct brn_table *ret_table, brine_error *err)
{
    return brn_npy_rows_next(state, ret_table, err);
}

static void close_npy(void *state)
{
    brn_npy_rows_close(state);
}

const struct brn_table_format brn_format_npy = {
    .name = ".npy",
    .suffixes = {".npy"},
    .magic = "\x93NUMPY",
    .magic_size = 6,
    .open = open_npy,
    .next = next_npy,
    .close = close_npy,
    .is_binary_output = true,
    .create = brn_npy_create,
    .write = brn_npy_write,
    .finish = brn_npy_finish,
    .destroy = brn_npy_destroy,
};
