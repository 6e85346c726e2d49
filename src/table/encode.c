/* SPDX-License-Identifier: Apache-2.0 */
#include "table/encode.h"

#include "base/utf8.h"
#include "table/type.h"

#include <stdio.h>
#include <zlib.h>

static const char NATIVE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';

static brine_status emit(struct brn_encoder *e, struct brn_slice bytes, brine_error *err)
{
    e->bytes += bytes.n;
    for (size_t at = 0; at < bytes.n; at += 1 << 30) {
        size_t n = bytes.n - at < 1 << 30 ? bytes.n - at : 1 << 30;
        e->crc = (uint32_t)crc32(e->crc, bytes.p + at, (uInt)n);
    }
    return brn_sink_write(e->sink, bytes, err);
}

brine_status brn_encoder_begin(struct brn_encoder *e, struct brn_sink *sink, bool is_vector,
                               brine_error *err)
{
    static const uint8_t room[BRN_NPY_HEADER];
    *e = (struct brn_encoder){.sink = sink, .is_vector = is_vector, .type = BRN_TYPE_FLOAT64};
    return brn_sink_write(sink, (struct brn_slice){room, sizeof room}, err);
}

void brn_encoder_free(struct brn_encoder *e)
{
    brn_buffer_free(&e->batch);
    brn_buffer_free(&e->texts);
    brn_buffer_free(&e->lengths);
}

/* ---- type ---- */

static bool is_quoted(const struct brn_column *c, int64_t row)
{
    int64_t i = row + c->offset;
    return c->quoted && c->quoted[i / 8] >> (i % 8) & 1;
}

/* Whether a column that no step gave a type holds numbers, as scikit-learn would have found it. */
static bool holds_numbers(const struct brn_column *c)
{
    double value;
    for (int64_t row = 0; row < c->length; row++)
        if (brn_column_is_valid(c, row) &&
            (is_quoted(c, row) || !brn_column_number(c, row, &value)))
            return false;
    return true;
}

static enum brn_type base_type(const struct brn_column *c)
{
    enum brn_type type = c->type == BRN_TYPE_DICTIONARY ? c->dictionary->type : c->type;
    if (c->type == BRN_TYPE_LITERAL && holds_numbers(c))
        return BRN_TYPE_FLOAT64;
    return type == BRN_TYPE_LITERAL || type == BRN_TYPE_UTF8 ? BRN_TYPE_LARGE_UTF8 : type;
}

static brine_status set_type(struct brn_encoder *e, const struct brn_table *table, brine_error *err)
{
    bool mixed = false, text = false;
    e->columns = table->column_count;
    e->has_type = true;
    if (table->column_count)
        e->type = base_type(&table->columns[0]);
    for (size_t i = 0; i < table->column_count; i++) {
        enum brn_type type = base_type(&table->columns[i]);
        mixed |= type != e->type;
        text |= type == BRN_TYPE_LARGE_UTF8;
    }
    if (mixed && text)
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "an array cannot hold texts and numbers: write CSV or .jsonl");
    if (mixed || e->type == BRN_TYPE_NULL)
        e->type = BRN_TYPE_FLOAT64;
    return BRINE_OK;
}

/* ---- cells ---- */

static brine_status fail_missing(const struct brn_encoder *e, const struct brn_column *c,
                                 int64_t row, brine_error *err)
{
    return brn_fail_row(
        err, e->rows + (uint64_t)row, c->name,
        "the value is missing, which an array of %s cannot say: write CSV or .jsonl",
        brn_types[e->type].name);
}

static void put_code_points(struct brn_encoder *e, struct brn_slice text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.n; i++)
        count += (text.p[i] & 0xc0) != 0x80;
    if (count > e->longest)
        e->longest = count;
    uint64_t n = text.n;
    brn_buffer_slice(&e->texts, text);
    brn_buffer_add(&e->lengths, &n, sizeof n);
}

/* The stored bytes of a value whose column, or whose column's dictionary, is of the array's type.
 */
static const void *stored(const struct brn_encoder *e, const struct brn_column *c, int64_t row)
{
    if (!brn_column_is_valid(c, row))
        return NULL;
    if (c->type == BRN_TYPE_DICTIONARY)
        return stored(e, c->dictionary, brn_column_code(c, row));
    return c->type == e->type && brn_types[e->type].size ? brn_column_at(c, row) : NULL;
}

static brine_status put_number(struct brn_encoder *e, const struct brn_column *c, int64_t row,
                               brine_error *err)
{
    double value = 0;
    float single;
    const void *as_it_is = stored(e, c, row);
    if (as_it_is) {
        brn_buffer_add(&e->batch, as_it_is, brn_types[e->type].size);
        return BRINE_OK;
    }
    bool known = brn_column_is_valid(c, row);
    if (!brn_column_number(c, row, &value))
        return brn_fail_row(err, e->rows + (uint64_t)row, c->name,
                            "the value is text in an array of numbers: write CSV or .jsonl");
    if (e->type == BRN_TYPE_FLOAT64) {
        brn_buffer_add(&e->batch, &value, sizeof value);
    } else if (e->type == BRN_TYPE_FLOAT32) {
        single = (float)value;
        brn_buffer_add(&e->batch, &single, sizeof single);
    } else if (e->type == BRN_TYPE_FLOAT16 && !known) {
        brn_buffer_add(&e->batch, &(uint16_t){0x7e00}, 2);
    } else if (e->type == BRN_TYPE_BOOL && known) {
        brn_buffer_byte(&e->batch, value > 0);
    } else {
        return fail_missing(e, c, row, err);
    }
    return BRINE_OK;
}

static brine_status put_cell(struct brn_encoder *e, const struct brn_column *c, int64_t row,
                             brine_error *err)
{
    struct brn_slice text;
    if (e->type != BRN_TYPE_LARGE_UTF8)
        return put_number(e, c, row, err);
    if (!brn_column_text(c, row, &text))
        return fail_missing(e, c, row, err);
    put_code_points(e, text);
    return BRINE_OK;
}

static brine_status flush(struct brn_encoder *e, brine_error *err)
{
    if (e->batch.failed || e->texts.failed || e->lengths.failed)
        return brn_fail_memory(err);
    brine_status status = emit(e, brn_buffer_view(&e->batch), err);
    e->batch.size = 0;
    return status;
}

brine_status brn_encoder_write(struct brn_encoder *e, const struct brn_table *table,
                               brine_error *err)
{
    if (!e->has_type)
        BRN_TRY(set_type(e, table, err));
    for (int64_t row = 0; row < table->rows; row++) {
        for (size_t i = 0; i < table->column_count; i++)
            BRN_TRY(put_cell(e, &table->columns[i], row, err));
        if (e->batch.size > 1 << 16)
            BRN_TRY(flush(e, err));
    }
    e->rows += (uint64_t)table->rows;
    return flush(e, err);
}

/* ---- end ---- */

static void put_item(struct brn_encoder *e, struct brn_slice text)
{
    const uint8_t *p = text.p, *end = text.p + text.n;
    uint64_t count = 0;
    for (; p < end && count < e->longest; count++) {
        size_t n = brn_utf8_length(p, end);
        uint32_t code = n < 2 ? *p : *p & (0xffu >> (n + 1));
        for (size_t i = 1; i < n; i++)
            code = code << 6 | (p[i] & 0x3f);
        brn_buffer_add(&e->batch, &code, sizeof code);
        p += n ? n : 1;
    }
    for (; count < e->longest; count++)
        brn_buffer_add(&e->batch, "\0\0\0", 4);
}

static brine_status put_texts(struct brn_encoder *e, brine_error *err)
{
    const uint8_t *at = e->texts.data;
    for (size_t i = 0; i < e->lengths.size / sizeof(uint64_t); i++) {
        uint64_t n;
        memcpy(&n, e->lengths.data + i * sizeof n, sizeof n);
        if (n)
            put_item(e, (struct brn_slice){at, (size_t)n});
        else
            put_item(e, (struct brn_slice){(const uint8_t *)"", 0});
        at += n;
        if (e->batch.size > 1 << 16)
            BRN_TRY(flush(e, err));
    }
    return flush(e, err);
}

/* numpy/lib/format.py, version 1.0: the whole header is a multiple of 64, padded with spaces. */
static void make_header(const struct brn_encoder *e, uint8_t header[BRN_NPY_HEADER])
{
    char text[BRN_NPY_HEADER], descr[32], shape[64];
    if (e->type == BRN_TYPE_LARGE_UTF8)
        snprintf(descr, sizeof descr, "%cU%llu", NATIVE, (unsigned long long)e->longest);
    else
        snprintf(descr, sizeof descr, "%c%s", brn_types[e->type].size <= 1 ? '|' : NATIVE,
                 brn_types[e->type].numpy);
    if (e->is_vector && e->columns <= 1)
        snprintf(shape, sizeof shape, "(%llu,)", (unsigned long long)e->rows);
    else
        snprintf(shape, sizeof shape, "(%llu, %zu)", (unsigned long long)e->rows, e->columns);
    int n = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                     descr, shape);
    memset(header, ' ', BRN_NPY_HEADER);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    memcpy(header + 10, text, (size_t)n);
    header[BRN_NPY_HEADER - 1] = '\n';
}

brine_status brn_encoder_end(struct brn_encoder *e, uint8_t ret_header[BRN_NPY_HEADER],
                             brine_error *err)
{
    if (e->type == BRN_TYPE_LARGE_UTF8 && e->longest == 0)
        e->longest = 1; /* numpy has no empty text type */
    if (e->type == BRN_TYPE_LARGE_UTF8)
        BRN_TRY(put_texts(e, err));
    make_header(e, ret_header);
    return BRINE_OK;
}
