/* SPDX-License-Identifier: Apache-2.0
 *
 * A table as Arrow.  A consumer may take single children away and release them later than their
 * parent (Arrow C Data Interface, "Moving child arrays"): they share one arena, which the last one
 * frees. */
#include "table/copy.h"
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

/* The one who releases still counts as a user here, which the analyzer cannot see. */
static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    schema->release = NULL;
    leave(schema->private_data); /* NOLINT(clang-analyzer-unix.Malloc) */
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    array->release = NULL;
    leave(array->private_data); /* NOLINT(clang-analyzer-unix.Malloc) */
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

static brine_status export_values(const struct exporter *ex, const struct brn_column *c,
                                  const void **buffers)
{
    struct brn_arena *arena = &ex->holder->arena;
    void *offsets = NULL;
    switch (c->type) {
    case BRN_TYPE_NULL:
        return BRINE_OK;
    case BRN_TYPE_BOOL:
        buffers[1] = brn_copy_bits(c->values, c->offset, c->length, arena);
        break;
    case BRN_TYPE_UTF8:
    case BRN_TYPE_LARGE_UTF8:
    case BRN_TYPE_LITERAL:
        buffers[2] = brn_copy_texts(c, arena, &offsets);
        buffers[1] = offsets;
        break;
    default:
        buffers[1] = brn_copy_fixed(c, arena);
    }
    return buffers[1] ? BRINE_OK : brn_fail_memory(ex->err);
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
        ret->buffers[0] = brn_copy_bits(c.validity, c.offset, c.length, arena);
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
