/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_frame.h"

static const double WHOLE = 0x1p53; /* beyond it float64 skips integers */

static const struct {
    const char *name;
    enum brn_cast cast;
    double low, high;
} casts[] = {
    {"float", BRN_CAST_FLOAT, 0, 0},
    {"float64", BRN_CAST_FLOAT, 0, 0},
    {"double", BRN_CAST_FLOAT, 0, 0},
    {"int", BRN_CAST_INT, -0x1p53, 0x1p53},
    {"long", BRN_CAST_INT, -0x1p53, 0x1p53}, /* what protocols 0 to 2 call it */
    {"int64", BRN_CAST_INT, -0x1p53, 0x1p53},
    {"int32", BRN_CAST_INT, -0x1p31, 0x1p31 - 1},
    {"int16", BRN_CAST_INT, -0x1p15, 0x1p15 - 1},
    {"int8", BRN_CAST_INT, -128, 127},
    {"uint64", BRN_CAST_INT, 0, 0x1p53},
    {"uint32", BRN_CAST_INT, 0, 0x1p32 - 1},
    {"uint16", BRN_CAST_INT, 0, 0x1p16 - 1},
    {"uint8", BRN_CAST_INT, 0, 255},
    {"bool", BRN_CAST_BOOL, 0, 0},
    {"bool_", BRN_CAST_BOOL, 0, 0},
    {"str", BRN_CAST_TEXT, 0, 0},
    {"str_", BRN_CAST_TEXT, 0, 0},
    {"unicode", BRN_CAST_TEXT, 0, 0},
    {"U", BRN_CAST_TEXT, 0, 0},
    {"object", BRN_CAST_OBJECT, 0, 0},
    {"object_", BRN_CAST_OBJECT, 0, 0},
    {"category", BRN_CAST_CATEGORY, 0, 0},
    {"datetime64[D]", BRN_CAST_DAY, 0, 0},
    {"datetime64[s]", BRN_CAST_SECOND, 0, 0},
};

static void by_name(struct brn_slice name, struct brn_frame_type *type)
{
    type->cast = BRN_CAST_OTHER;
    for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++)
        if (brn_slice_is(name, casts[i].name)) {
            type->cast = casts[i].cast;
            type->low = casts[i].low;
            type->high = casts[i].high;
        }
}

/* numpy.dtype('<f8') and kin. */
static void by_dtype(const struct brn_dtype *dtype, struct brn_frame_type *type)
{
    double span = dtype->itemsize < 8 ? (double)((uint64_t)1 << (8 * dtype->itemsize)) : 2 * WHOLE;
    bool is_signed = dtype->kind == 'i';
    type->cast = BRN_CAST_OTHER;
    if (dtype->kind == 'f' && dtype->itemsize == 8)
        type->cast = BRN_CAST_FLOAT;
    else if (dtype->kind == 'b')
        type->cast = BRN_CAST_BOOL;
    else if (dtype->kind == 'O')
        type->cast = BRN_CAST_OBJECT;
    else if (dtype->kind == 'U' && dtype->itemsize == 0)
        type->cast = BRN_CAST_TEXT;
    else if (is_signed || dtype->kind == 'u')
        *type = (struct brn_frame_type){.cast = BRN_CAST_INT,
                                        .low = is_signed ? -span / 2 : 0,
                                        .high = is_signed ? span / 2 - 1 : span - 1};
}

static brine_status by_object(struct brn_build *build, const struct brn_node *node,
                              struct brn_frame_type *type)
{
    const struct brn_node *class = brn_node_class(node);
    struct brn_dtype dtype;
    type->cast = BRN_CAST_OTHER;
    if (brn_node_is_global(class, "pandas.core.dtypes.dtypes", "CategoricalDtype")) {
        const struct brn_node *categories = brn_node_attribute(node, "categories");
        type->cast = BRN_CAST_CATEGORY;
        if (categories->kind != BRN_NIL && categories->kind != BRN_NONE)
            BRN_TRY(brn_frame_values(build, categories, &type->categories));
    } else if (brn_node_is_global(class, "pandas.core.arrays.string_", "StringDtype") ||
               brn_node_is_global(class, "pandas", "StringDtype")) {
        type->cast = BRN_CAST_OBJECT;
    } else if (brn_node_is_global(class, "dill._dill", "_load_type") ||
               brn_node_is_global(class, "dill.dill", "_load_type")) {
        by_name(brn_node_text(brn_node_item(node->as.object->args, 0)), type);
    } else if (brn_node_is_global(class, "numpy", "dtype")) {
        BRN_TRY(brn_node_dtype(node, build->scratch, &dtype, build->err));
        by_dtype(&dtype, type);
    }
    return BRINE_OK;
}

brine_status brn_frame_type(struct brn_build *build, const struct brn_node *dtype,
                            struct brn_frame_type *ret_type)
{
    static const char *const modules[] = {"builtins", "__builtin__", "numpy"};
    struct brn_frame_type type = {.cast = BRN_CAST_NONE};
    if (dtype && dtype->kind == BRN_GLOBAL) {
        type.cast = BRN_CAST_OTHER;
        for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
            if (brn_slice_is(dtype->as.global.module, modules[i]))
                by_name(dtype->as.global.name, &type);
    } else if (dtype && brn_node_text(dtype).p) {
        by_name(brn_node_text(dtype), &type);
    } else if (dtype && dtype->kind == BRN_OBJECT) {
        BRN_TRY(by_object(build, dtype, &type));
    } else if (dtype && dtype->kind != BRN_NONE && dtype->kind != BRN_NIL) {
        type.cast = BRN_CAST_OTHER;
    }
    *ret_type = type;
    return BRINE_OK;
}

/* ---- values ---- */

/* pandas.core.indexes.base._new_Index(class, {"data": array, "name": …}); pandas.indexes.base
 * before 0.20. */
static const struct brn_node *index_data(const struct brn_node *node)
{
    const struct brn_node *callable =
        brn_is(node, BRN_OBJECT) ? node->as.object->callable : &brn_nil;
    bool is_index = brn_node_is_global(callable, "pandas.core.indexes.base", "_new_Index") ||
                    brn_node_is_global(callable, "pandas.indexes.base", "_new_Index");
    return is_index ? brn_node_get(brn_node_item(node->as.object->args, 1), "data") : &brn_nil;
}

brine_status brn_frame_values(struct brn_build *build, const struct brn_node *node,
                              struct brn_values *ret_values)
{
    const struct brn_node *data = index_data(node);
    return brn_decode_values(build, data->kind == BRN_NIL ? node : data, ret_values);
}

bool brn_frame_form(const struct brn_values *values, enum brn_form *ret_form)
{
    size_t texts = 0, numbers = 0;
    double ignored;
    for (size_t i = 0; i < values->count; i++) {
        texts += values->at[i].kind == BRN_VALUE_TEXT;
        numbers += brn_value_number(values->at[i], &ignored);
    }
    bool is_numeric = texts == 0 && strchr("biuf", values->kind) && values->kind;
    bool is_textual = values->kind == 'U' || values->kind == 'S';
    if (!texts && (numbers || is_numeric))
        *ret_form = BRN_FORM_NUMBER;
    else if ((texts && !numbers) || is_textual)
        *ret_form = BRN_FORM_DOCUMENT;
    else
        return false;
    return true;
}

struct brn_schema *brn_frame_schema(struct brn_build *build, const struct brn_schema *in,
                                    const enum brn_form *forms)
{
    const char **names = BRN_BUILD_NEW(build, const char *, in->count);
    for (size_t i = 0; names && i < in->count; i++)
        names[i] = brn_schema_name(in, i);
    return names ? brn_schema_formed(build->arena, in->count, names, forms, NULL) : NULL;
}
