/* SPDX-License-Identifier: Apache-2.0 */
#include "table/copy.h"

#include "table/type.h"

uint8_t *brn_copy_bits(const uint8_t *bits, int64_t offset, int64_t length, struct brn_arena *arena)
{
    uint8_t *copy = BRN_NEW(arena, uint8_t, (size_t)length / 8 + 1);
    if (copy && offset % 8 == 0 && length)
        memcpy(copy, bits + offset / 8, ((size_t)length + 7) / 8);
    for (int64_t i = 0; copy && offset % 8 && i < length; i++)
        if (bits[(i + offset) / 8] >> ((i + offset) % 8) & 1)
            copy[i / 8] |= (uint8_t)(1 << i % 8);
    return copy;
}

void *brn_copy_fixed(const struct brn_column *c, struct brn_arena *arena)
{
    size_t size = brn_types[c->type].size, length = (size_t)c->length;
    uint8_t *values = brn_arena_alloc(arena, length + 1, size, 64);
    if (values && length && !c->stride)
        memcpy(values, brn_column_at(c, 0), length * size);
    for (int64_t row = 0; values && c->stride && row < c->length; row++)
        memcpy(values + (size_t)row * size, brn_column_at(c, row), size);
    return values;
}

static size_t text_bytes(const struct brn_column *c)
{
    struct brn_slice text;
    size_t bytes = 0;
    for (int64_t row = 0; row < c->length; row++)
        if (brn_column_text(c, row, &text))
            bytes += text.n;
    return bytes;
}

static void store_offset(void *offsets, enum brn_type type, int64_t i, size_t value)
{
    if (type == BRN_TYPE_UTF8)
        ((int32_t *)offsets)[i] = (int32_t)value;
    else
        ((int64_t *)offsets)[i] = (int64_t)value;
}

uint8_t *brn_copy_texts(const struct brn_column *c, struct brn_arena *arena, void **ret_offsets)
{
    struct brn_slice text;
    size_t at = 0;
    uint8_t *bytes = BRN_NEW(arena, uint8_t, text_bytes(c) + 1);
    *ret_offsets =
        brn_arena_alloc(arena, (size_t)c->length + 1, c->type == BRN_TYPE_UTF8 ? 4 : 8, 64);
    if (!bytes || !*ret_offsets)
        return NULL;
    for (int64_t row = 0; row < c->length; row++) {
        store_offset(*ret_offsets, c->type, row, at);
        if (!brn_column_text(c, row, &text) || text.n == 0)
            continue;
        memcpy(bytes + at, text.p, text.n);
        at += text.n;
    }
    store_offset(*ret_offsets, c->type, c->length, at);
    return bytes;
}

/* Texts stay slices, of bytes in the arena. */
static bool copy_literals(const struct brn_column *c, struct brn_arena *arena,
                          struct brn_column *ret)
{
    struct brn_slice *slices = BRN_NEW(arena, struct brn_slice, (size_t)c->length);
    uint8_t *bytes = BRN_NEW(arena, uint8_t, text_bytes(c) + 1);
    if (!slices || !bytes)
        return false;
    for (int64_t row = 0; row < c->length; row++) {
        if (!brn_column_text(c, row, &slices[row]))
            continue;
        if (slices[row].n)
            memcpy(bytes, slices[row].p, slices[row].n);
        slices[row].p = bytes;
        bytes += slices[row].n;
    }
    ret->slices = slices;
    ret->quoted = c->quoted ? brn_copy_bits(c->quoted, c->offset, c->length, arena) : NULL;
    return !c->quoted || ret->quoted;
}

static bool copy_column(const struct brn_column *c, struct brn_arena *arena,
                        struct brn_column *ret);

static bool copy_dictionary(const struct brn_column *c, struct brn_arena *arena,
                            struct brn_column *ret)
{
    struct brn_column codes = *c, *values = BRN_NEW(arena, struct brn_column, 1);
    codes.type = c->index_type;
    ret->values = brn_copy_fixed(&codes, arena);
    ret->dictionary = values;
    return values && ret->values && copy_column(c->dictionary, arena, values);
}

static bool copy_values(const struct brn_column *c, struct brn_arena *arena, struct brn_column *ret)
{
    void *offsets;
    switch (c->type) {
    case BRN_TYPE_NULL:
        return true;
    case BRN_TYPE_LITERAL:
        return copy_literals(c, arena, ret);
    case BRN_TYPE_DICTIONARY:
        return copy_dictionary(c, arena, ret);
    case BRN_TYPE_BOOL:
        ret->values = brn_copy_bits(c->values, c->offset, c->length, arena);
        break;
    case BRN_TYPE_UTF8:
    case BRN_TYPE_LARGE_UTF8:
        ret->values = brn_copy_texts(c, arena, &offsets);
        ret->offsets = offsets;
        break;
    default:
        ret->values = brn_copy_fixed(c, arena);
    }
    return ret->values != NULL;
}

static bool copy_column(const struct brn_column *c, struct brn_arena *arena, struct brn_column *ret)
{
    *ret = (struct brn_column){.type = c->type, .index_type = c->index_type, .length = c->length};
    if (c->name && !(ret->name = brn_arena_text(arena, brn_slice_of(c->name))))
        return false;
    if (c->validity && c->type != BRN_TYPE_NULL &&
        !(ret->validity = brn_copy_bits(c->validity, c->offset, c->length, arena)))
        return false;
    return copy_values(c, arena, ret);
}

/* Numbers in numpy's row order, at least two a row. */
static bool is_matrix(const struct brn_table *table)
{
    const struct brn_column *first = table->columns;
    size_t size = table->column_count > 1 ? brn_types[first->type].size : 0;
    bool is = size > 0 && first->stride == (int64_t)(size * table->column_count);
    for (size_t i = 0; is && i < table->column_count; i++)
        is = brn_column_is_beside(&table->columns[i], first, i, size) && !table->columns[i].name &&
             table->columns[i].type != BRN_TYPE_DICTIONARY;
    return is;
}

static bool copy_matrix(const struct brn_table *table, struct brn_arena *arena,
                        struct brn_column *ret)
{
    const struct brn_column *first = table->columns;
    size_t size = brn_types[first->type].size, stride = (size_t)first->stride;
    uint8_t *values = brn_arena_alloc(arena, (size_t)table->rows + 1, stride, 64);
    if (!values)
        return false;
    if (table->rows)
        memcpy(values, brn_column_at(first, 0), (size_t)table->rows * stride);
    for (size_t i = 0; i < table->column_count; i++)
        ret[i] = (struct brn_column){.type = first->type,
                                     .length = first->length,
                                     .values = values + i * size,
                                     .stride = first->stride};
    return true;
}

static bool copy_columns(const struct brn_table *table, struct brn_arena *arena,
                         struct brn_column *ret)
{
    bool ok = true;
    for (size_t i = 0; ok && i < table->column_count; i++)
        ok = copy_column(&table->columns[i], arena, &ret[i]);
    return ok;
}

brine_status brn_table_copy(const struct brn_table *table, struct brn_arena *arena,
                            struct brn_table *ret_table, brine_error *err)
{
    struct brn_column *columns = BRN_NEW(arena, struct brn_column, table->column_count);
    bool ok = columns && (is_matrix(table) ? copy_matrix : copy_columns)(table, arena, columns);
    if (!ok && arena->over_limit)
        return brn_fail(err, BRINE_LIMIT, "the table needs more memory than its budget");
    if (!ok)
        return brn_fail_memory(err);
    *ret_table = (struct brn_table){table->rows, table->column_count, columns};
    return BRINE_OK;
}
