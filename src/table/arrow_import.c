/* SPDX-License-Identifier: Apache-2.0
 *
 * A caller's Arrow struct as a table, after everything that the kernels will rely on was checked.
 */
#include "base/utf8.h"
#include "table/type.h"

#include <stdio.h>

struct importer {
    struct brn_arena *arena;
    brine_error *err;
    const char *name; /* of the column at hand */
};

static brine_status fail(const struct importer *in, brine_status status, const char *what)
{
    const char *name = in->name ? in->name : "without a name";
    brn_fail(in->err, status, "column %s of the Arrow table: %s", name, what);
    if (in->err)
        snprintf(in->err->column, sizeof in->err->column, "%s", in->name ? in->name : "");
    return status;
}

static brine_status find_type(const struct importer *in, const char *format,
                              enum brn_type *ret_type)
{
    for (int t = 0; format && t < BRN_TYPE_COUNT; t++)
        if (brn_types[t].arrow && strcmp(brn_types[t].arrow, format) == 0) {
            *ret_type = (enum brn_type)t;
            return BRINE_OK;
        }
    return fail(in, BRINE_UNSUPPORTED,
                "cast its type to a number, bool, text or a dictionary of these");
}

static bool is_set(const uint8_t *bits, int64_t i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

static brine_status check_shape(const struct importer *in, const struct ArrowArray *array,
                                const struct brn_column *c)
{
    int64_t end;
    if (array->length < 0 || array->offset < 0 || c->length < 0 ||
        __builtin_add_overflow(array->offset, array->length, &end) || c->offset > end - c->length)
        return fail(in, BRINE_USAGE, "its length or offset is wrong");
    if (array->n_buffers != brn_types[c->type].buffers || (array->n_buffers && !array->buffers))
        return fail(in, BRINE_USAGE, "it has another number of buffers than its format");
    return BRINE_OK;
}

static brine_status set_validity(const struct importer *in, const struct ArrowArray *array,
                                 struct brn_column *c)
{
    if (c->type == BRN_TYPE_NULL)
        return BRINE_OK;
    c->validity = array->null_count == 0 ? NULL : array->buffers[0];
    if (array->null_count > 0 && !c->validity)
        return fail(in, BRINE_USAGE, "it counts nulls and has no bitmap of them");
    return BRINE_OK;
}

/* Offsets rise, and what lies between them is UTF-8. */
static brine_status check_texts(const struct importer *in, const struct brn_column *c)
{
    if (c->length == 0)
        return BRINE_OK;
    if (!c->offsets)
        return fail(in, BRINE_USAGE, "a buffer is missing");
    for (int64_t row = 0; row < c->length; row++) {
        int64_t i = row + c->offset, begin, end;
        bool large = c->type == BRN_TYPE_LARGE_UTF8;
        begin = large ? ((const int64_t *)c->offsets)[i] : ((const int32_t *)c->offsets)[i];
        end = large ? ((const int64_t *)c->offsets)[i + 1] : ((const int32_t *)c->offsets)[i + 1];
        if (begin < 0 || end < begin || (end > begin && !c->values))
            return fail(in, BRINE_USAGE, "its text offsets do not rise");
        struct brn_slice text = {(const uint8_t *)c->values + begin, (size_t)(end - begin)};
        if (end > begin && brn_column_is_valid(c, row) && brn_utf8_valid(text) != text.n) {
            fail(in, BRINE_INPUT, "a text is not UTF-8");
            if (in->err)
                in->err->row = (uint64_t)row;
            return BRINE_INPUT;
        }
    }
    return BRINE_OK;
}

static brine_status check_codes(const struct importer *in, const struct brn_column *c)
{
    for (int64_t row = 0; row < c->length; row++) {
        if (!brn_column_is_valid(c, row))
            continue;
        int64_t code = brn_column_code(c, row);
        if (code < 0 || code >= c->dictionary->length)
            return fail(in, BRINE_USAGE, "a code lies outside of its dictionary");
    }
    return BRINE_OK;
}

static brine_status import_column(struct importer *in, const struct ArrowSchema *schema,
                                  const struct ArrowArray *array, int64_t offset, int64_t length,
                                  struct brn_column *ret);

static brine_status set_dictionary(struct importer *in, const struct ArrowSchema *schema,
                                   const struct ArrowArray *array, struct brn_column *c)
{
    struct brn_column *values = BRN_NEW(in->arena, struct brn_column, 1);
    if (!values)
        return brn_fail_memory(in->err);
    if (!array->dictionary || schema->dictionary->dictionary)
        return fail(in, BRINE_USAGE, "its dictionary is missing or has one itself");
    if (!brn_types[c->type].is_index)
        return fail(in, BRINE_USAGE, "the codes of its dictionary are not integers");
    BRN_TRY(import_column(in, schema->dictionary, array->dictionary, 0, array->dictionary->length,
                          values));
    c->index_type = c->type;
    c->type = BRN_TYPE_DICTIONARY;
    c->dictionary = values;
    return check_codes(in, c);
}

static brine_status import_column(struct importer *in, const struct ArrowSchema *schema,
                                  const struct ArrowArray *array, int64_t offset, int64_t length,
                                  struct brn_column *ret)
{
    *ret = (struct brn_column){.name = schema->name, .length = length};
    BRN_TRY(find_type(in, schema->format, &ret->type));
    if (__builtin_add_overflow(offset, array->offset, &ret->offset))
        return fail(in, BRINE_USAGE, "its length or offset is wrong");
    BRN_TRY(check_shape(in, array, ret));
    BRN_TRY(set_validity(in, array, ret));
    bool is_text = ret->type == BRN_TYPE_UTF8 || ret->type == BRN_TYPE_LARGE_UTF8;
    if (is_text)
        ret->offsets = array->buffers[1];
    if (brn_types[ret->type].buffers)
        ret->values = array->buffers[is_text ? 2 : 1];
    if (is_text)
        return check_texts(in, ret);
    if (length && brn_types[ret->type].buffers && !ret->values)
        return fail(in, BRINE_USAGE, "a buffer is missing");
    return schema->dictionary ? set_dictionary(in, schema, array, ret) : BRINE_OK;
}

static brine_status check_root(const struct ArrowSchema *schema, const struct ArrowArray *array,
                               brine_error *err)
{
    if (!schema || !array || !schema->release || !array->release)
        return brn_fail(err, BRINE_USAGE, "the Arrow table is missing or was released");
    if (!schema->format || strcmp(schema->format, "+s") != 0)
        return brn_fail(err, BRINE_USAGE, "the Arrow table is not a struct: pass a record batch");
    if (schema->n_children != array->n_children || schema->n_children < 0 || array->length < 0 ||
        array->offset < 0 || (schema->n_children && (!schema->children || !array->children)))
        return brn_fail(err, BRINE_USAGE, "the Arrow table's schema and array do not agree");
    for (int64_t i = 0; array->null_count && array->n_buffers == 1 && array->buffers &&
                        array->buffers[0] && i < array->length;
         i++)
        if (!is_set(array->buffers[0], i + array->offset))
            return brn_fail_row(err, (uint64_t)i, NULL, "a whole row of the Arrow table is null");
    return BRINE_OK;
}

brine_status brn_table_import(const struct ArrowSchema *schema, const struct ArrowArray *array,
                              struct brn_arena *arena, struct brn_table *ret_table,
                              brine_error *err)
{
    struct importer in = {arena, err, NULL};
    BRN_TRY(check_root(schema, array, err));
    size_t count = (size_t)schema->n_children;
    struct brn_column *columns = BRN_NEW(arena, struct brn_column, count);
    if (!columns)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (!schema->children[i] || !array->children[i])
            return brn_fail(err, BRINE_USAGE, "the Arrow table's schema and array do not agree");
        in.name = schema->children[i]->name;
        BRN_TRY(import_column(&in, schema->children[i], array->children[i], array->offset,
                              array->length, &columns[i]));
    }
    *ret_table = (struct brn_table){array->length, count, columns};
    return BRINE_OK;
}
