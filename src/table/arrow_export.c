/* SPDX-License-Identifier: Apache-2.0
 *
 * A table as Arrow.  A consumer may take single children away and release them later than their
 * parent (Arrow C Data Interface, "Moving child arrays"): they share one arena, which the last one
 * frees. */
#include "table/type.h"

#include <stdatomic.h>
#include <stdlib.h>

struct holder {
    struct brn_arena arena;
    atomic_size_t users;
};

struct exporter {
    struct holder *holder;
    brine_error *err;
};

static struct holder *new_holder(void)
{
    struct holder *h = calloc(1, sizeof *h);
    if (h) {
        brn_arena_init(&h->arena, 0);
        atomic_init(&h->users, 0);
    }
    return h;
}

static void leave(struct holder *h)
{
    if (atomic_fetch_sub(&h->users, 1) > 1)
        return;
    brn_arena_free(&h->arena);
    free(h);
}

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    schema->release = NULL;
    leave(schema->private_data);
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    array->release = NULL;
    leave(array->private_data);
}

/* ---- schema ---- */

static brine_status export_field(const struct exporter *ex, const struct brn_column *c,
                                 struct ArrowSchema *ret)
{
    struct brn_arena *arena = &ex->holder->arena;
    enum brn_type type = c->type == BRN_TYPE_LITERAL      ? BRN_TYPE_LARGE_UTF8
                         : c->type == BRN_TYPE_DICTIONARY ? c->index_type
                                                          : c->type;
    *ret = (struct ArrowSchema){
        .format = brn_types[type].arrow,
        .name = brn_arena_text(arena, brn_slice_of(c->name ? c->name : "")),
        .flags = ARROW_FLAG_NULLABLE,
        .release = release_schema,
        .private_data = ex->holder,
    };
    atomic_fetch_add(&ex->holder->users, 1);
    if (!ret->name)
        return brn_fail_memory(ex->err);
    if (c->type != BRN_TYPE_DICTIONARY)
        return BRINE_OK;
    struct ArrowSchema *values = BRN_NEW(arena, struct ArrowSchema, 1);
    if (!values)
        return brn_fail_memory(ex->err);
    ret->dictionary = values;
    return export_field(ex, c->dictionary, values);
}

static brine_status export_schema(const struct exporter *ex, const struct brn_table *table,
                                  struct ArrowSchema *ret)
{
    struct brn_arena *arena = &ex->holder->arena;
    *ret = (struct ArrowSchema){
        .format = "+s", .name = "", .release = release_schema, .private_data = ex->holder};
    atomic_fetch_add(&ex->holder->users, 1);
    struct ArrowSchema *fields = BRN_NEW(arena, struct ArrowSchema, table->column_count);
    ret->children = BRN_NEW(arena, struct ArrowSchema *, table->column_count);
    if (!fields || !ret->children)
        return brn_fail_memory(ex->err);
    for (size_t i = 0; i < table->column_count; i++) {
        ret->children[i] = &fields[i];
        ret->n_children++;
        BRN_TRY(export_field(ex, &table->columns[i], &fields[i]));
    }
    return BRINE_OK;
}

/* ---- array ---- */

static uint8_t *copy_bits(struct brn_arena *arena, const uint8_t *bits, int64_t offset,
                          int64_t length)
{
    uint8_t *copy = BRN_NEW(arena, uint8_t, (size_t)length / 8 + 1);
    for (int64_t i = 0; copy && i < length; i++)
        if (bits[(i + offset) / 8] >> ((i + offset) % 8) & 1)
            copy[i / 8] |= (uint8_t)(1 << i % 8);
    return copy;
}

static int64_t count_nulls(const struct brn_column *c)
{
    int64_t nulls = 0;
    for (int64_t row = 0; row < c->length; row++)
        nulls += !brn_column_is_valid(c, row);
    return nulls;
}

/* The codes of a DICTIONARY column as a plain column. */
static struct brn_column codes_of(const struct brn_column *c)
{
    struct brn_column codes = *c;
    if (c->type == BRN_TYPE_DICTIONARY)
        codes.type = c->index_type;
    return codes;
}

static brine_status export_fixed(const struct exporter *ex, const struct brn_column *c,
                                 const void **buffers)
{
    size_t size = brn_types[c->type].size, length = (size_t)c->length;
    uint8_t *values = brn_arena_alloc(&ex->holder->arena, length + 1, size, 64);
    if (!values)
        return brn_fail_memory(ex->err);
    for (int64_t row = 0; row < c->length; row++)
        memcpy(values + (size_t)row * size, brn_column_at(c, row), size);
    buffers[1] = values;
    return BRINE_OK;
}

static int64_t text_bytes(const struct brn_column *c)
{
    struct brn_slice text;
    int64_t bytes = 0;
    for (int64_t row = 0; row < c->length; row++)
        if (brn_column_text(c, row, &text))
            bytes += (int64_t)text.n;
    return bytes;
}

static void store_offset(void *offsets, enum brn_type type, int64_t i, int64_t value)
{
    if (type == BRN_TYPE_UTF8)
        ((int32_t *)offsets)[i] = (int32_t)value;
    else
        ((int64_t *)offsets)[i] = value;
}

static brine_status export_texts(const struct exporter *ex, const struct brn_column *c,
                                 const void **buffers)
{
    struct brn_arena *arena = &ex->holder->arena;
    struct brn_slice text;
    int64_t at = 0;
    uint8_t *bytes = BRN_NEW(arena, uint8_t, (size_t)text_bytes(c) + 1);
    void *offsets =
        brn_arena_alloc(arena, (size_t)c->length + 1, c->type == BRN_TYPE_UTF8 ? 4 : 8, 64);
    if (!bytes || !offsets)
        return brn_fail_memory(ex->err);
    for (int64_t row = 0; row < c->length; row++) {
        store_offset(offsets, c->type, row, at);
        if (!brn_column_text(c, row, &text) || text.n == 0)
            continue;
        memcpy(bytes + at, text.p, text.n);
        at += (int64_t)text.n;
    }
    store_offset(offsets, c->type, c->length, at);
    buffers[1] = offsets;
    buffers[2] = bytes;
    return BRINE_OK;
}

static brine_status export_values(const struct exporter *ex, const struct brn_column *c,
                                  const void **buffers)
{
    struct brn_arena *arena = &ex->holder->arena;
    switch (c->type) {
    case BRN_TYPE_NULL:
        return BRINE_OK;
    case BRN_TYPE_BOOL:
        buffers[1] = copy_bits(arena, c->values, c->offset, c->length);
        return buffers[1] ? BRINE_OK : brn_fail_memory(ex->err);
    case BRN_TYPE_UTF8:
    case BRN_TYPE_LARGE_UTF8:
    case BRN_TYPE_LITERAL:
        return export_texts(ex, c, buffers);
    default:
        return export_fixed(ex, c, buffers);
    }
}

static brine_status export_column(const struct exporter *ex, const struct brn_column *column,
                                  struct ArrowArray *ret)
{
    struct brn_arena *arena = &ex->holder->arena;
    struct brn_column c = codes_of(column);
    *ret = (struct ArrowArray){
        .length = c.length,
        .null_count = count_nulls(&c),
        .n_buffers = c.type == BRN_TYPE_LITERAL ? 3 : brn_types[c.type].buffers,
        .buffers = BRN_NEW(arena, const void *, 3),
        .release = release_array,
        .private_data = ex->holder,
    };
    atomic_fetch_add(&ex->holder->users, 1);
    if (!ret->buffers)
        return brn_fail_memory(ex->err);
    if (c.validity && c.type != BRN_TYPE_NULL) {
        ret->buffers[0] = copy_bits(arena, c.validity, c.offset, c.length);
        if (!ret->buffers[0])
            return brn_fail_memory(ex->err);
    }
    BRN_TRY(export_values(ex, &c, ret->buffers));
    if (column->type != BRN_TYPE_DICTIONARY)
        return BRINE_OK;
    struct ArrowArray *values = BRN_NEW(arena, struct ArrowArray, 1);
    if (!values)
        return brn_fail_memory(ex->err);
    ret->dictionary = values;
    return export_column(ex, column->dictionary, values);
}

static brine_status export_array(const struct exporter *ex, const struct brn_table *table,
                                 struct ArrowArray *ret)
{
    struct brn_arena *arena = &ex->holder->arena;
    *ret = (struct ArrowArray){.length = table->rows,
                               .n_buffers = 1,
                               .buffers = BRN_NEW(arena, const void *, 1),
                               .release = release_array,
                               .private_data = ex->holder};
    atomic_fetch_add(&ex->holder->users, 1);
    struct ArrowArray *arrays = BRN_NEW(arena, struct ArrowArray, table->column_count);
    ret->children = BRN_NEW(arena, struct ArrowArray *, table->column_count);
    if (!arrays || !ret->children || !ret->buffers)
        return brn_fail_memory(ex->err);
    for (size_t i = 0; i < table->column_count; i++) {
        ret->children[i] = &arrays[i];
        ret->n_children++;
        BRN_TRY(export_column(ex, &table->columns[i], &arrays[i]));
    }
    return BRINE_OK;
}

brine_status brn_table_export(const struct brn_table *table, struct ArrowSchema *ret_schema,
                              struct ArrowArray *ret_array, brine_error *err)
{
    struct exporter ex = {new_holder(), err};
    struct ArrowSchema schema = {.release = NULL};
    struct ArrowArray array = {.release = NULL};
    if (!ex.holder)
        return brn_fail_memory(err);
    brine_status status = export_schema(&ex, table, &schema);
    if (status == BRINE_OK)
        status = export_array(&ex, table, &array);
    if (status == BRINE_OK) {
        *ret_schema = schema;
        *ret_array = array;
        return BRINE_OK;
    }
    if (array.release)
        array.release(&array);
    schema.release(&schema);
    return status;
}
