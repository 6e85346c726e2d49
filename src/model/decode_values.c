/* SPDX-License-Identifier: Apache-2.0
 *
 * decode_values.c - numbers, texts and arrays of an estimator, from nodes into the model's arena.
 */
#include "model/estimator.h"

#include <math.h>

static brine_status is_not(struct brn_build *build, const struct brn_node *node, const char *wanted)
{
    char what[120];
    brn_node_describe(node, what, sizeof what);
    return brn_fail(build->err, BRINE_MODEL, "is %s, not %s", what, wanted);
}

static brine_status copy_text(struct brn_build *build, struct brn_slice text,
                              struct brn_slice *ret_copy)
{
    char *copy = brn_arena_text(build->arena, text);
    if (!copy)
        return brn_fail_memory(build->err);
    *ret_copy = (struct brn_slice){(const uint8_t *)copy, text.n};
    return BRINE_OK;
}

static brine_status integer_value(struct brn_build *build, const struct brn_dtype *dtype,
                                  const uint8_t *p, struct brn_value *ret_value)
{
    size_t n = dtype->itemsize;
    int64_t integer = n > 0 && n <= 8 ? brn_dtype_integer(dtype, p) : 0;
    if (n > 8 || (dtype->kind == 'u' && integer < 0))
        return brn_unsupported(build, "", "an integer beyond 63 bits");
    *ret_value = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = integer}};
    return BRINE_OK;
}

/* Text of 'S' is borrowed from the file, which goes before the model does. */
static brine_status element_text(struct brn_build *build, const struct brn_array *array,
                                 const uint8_t *p, struct brn_slice *ret_text)
{
    struct brn_slice text;
    BRN_TRY(brn_dtype_text(&array->dtype, p, build->scratch, &text, build->err));
    return copy_text(build, text, ret_text);
}

static brine_status array_value(struct brn_build *build, const struct brn_array *array, uint64_t i,
                                struct brn_value *ret_value)
{
    const uint8_t *p = brn_array_element(array, i);
    double number = 0;
    switch (array->dtype.kind) {
    case 'b':
        *ret_value = (struct brn_value){.kind = BRN_VALUE_BOOL, .as = {.boolean = *p != 0}};
        return BRINE_OK;
    case 'i':
    case 'u':
        return integer_value(build, &array->dtype, p, ret_value);
    case 'f':
        if (array->dtype.itemsize > 8)
            return brn_unsupported(build, "", "a float of %u bytes", array->dtype.itemsize);
        number = brn_dtype_number(&array->dtype, p);
        *ret_value = (struct brn_value){
            .kind = BRN_VALUE_FLOAT, .as = {.real = number}, .single = array->dtype.itemsize == 4};
        return BRINE_OK;
    case 'U':
    case 'S':
        ret_value->kind = BRN_VALUE_TEXT;
        return element_text(build, array, p, &ret_value->as.text);
    default:
        return brn_unsupported(build, "", "values of numpy's kind '%c'", array->dtype.kind);
    }
}

static bool is_numpy_scalar(const struct brn_node *node)
{
    const struct brn_node *c = brn_is(node, BRN_OBJECT) ? node->as.object->callable : &brn_nil;
    return brn_node_is_global(c, "numpy.core.multiarray", "scalar") ||
           brn_node_is_global(c, "numpy._core.multiarray", "scalar");
}

brine_status brn_decode_value(struct brn_build *build, const struct brn_node *node,
                              struct brn_value *ret_value)
{
    struct brn_array scalar;
    switch (node->kind) {
    case BRN_NONE:
        *ret_value = (struct brn_value){.kind = BRN_VALUE_NONE};
        return BRINE_OK;
    case BRN_BOOL:
        *ret_value =
            (struct brn_value){.kind = BRN_VALUE_BOOL, .as = {.boolean = node->as.boolean}};
        return BRINE_OK;
    case BRN_INT:
        *ret_value = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = node->as.integer}};
        return BRINE_OK;
    case BRN_FLOAT:
        *ret_value = (struct brn_value){.kind = BRN_VALUE_FLOAT, .as = {.real = node->as.real}};
        return BRINE_OK;
    case BRN_TEXT:
    case BRN_STRING:
        ret_value->kind = BRN_VALUE_TEXT;
        return copy_text(build, brn_node_text(node), &ret_value->as.text);
    default:
        if (!is_numpy_scalar(node))
            return is_not(build, node, "a plain value");
        BRN_TRY(brn_node_scalar(node, build->scratch, &scalar, build->err));
        return array_value(build, &scalar, 0, ret_value);
    }
}

brine_status brn_decode_int(struct brn_build *build, const struct brn_node *node,
                            int64_t *ret_value)
{
    struct brn_value value;
    if (!brn_is(node, BRN_INT) && !is_numpy_scalar(node))
        return is_not(build, node, "a whole number");
    BRN_TRY(brn_decode_value(build, node, &value));
    if (value.kind != BRN_VALUE_INT)
        return is_not(build, node, "a whole number");
    *ret_value = value.as.integer;
    return BRINE_OK;
}

static brine_status array_of(struct brn_build *build, const struct brn_node *node,
                             struct brn_array *ret_array)
{
    if (brn_node_is_array(node))
        return brn_node_array(node, build->scratch, ret_array, build->err);
    return brn_node_scalar(node, build->scratch, ret_array, build->err);
}

brine_status brn_decode_number(struct brn_build *build, const struct brn_node *node,
                               double *ret_value)
{
    struct brn_array array;
    BRN_TRY(array_of(build, node, &array));
    if (array.count != 1 || !strchr("biuf", array.dtype.kind) || array.dtype.itemsize > 8)
        return is_not(build, node, "one number");
    *ret_value = brn_dtype_number(&array.dtype, brn_array_element(&array, 0));
    return BRINE_OK;
}

brine_status brn_decode_text(struct brn_build *build, const struct brn_node *node,
                             const char **ret_text)
{
    struct brn_value value;
    BRN_TRY(brn_decode_value(build, node, &value));
    if (value.kind != BRN_VALUE_TEXT)
        return is_not(build, node, "text");
    *ret_text = (const char *)value.as.text.p;
    return BRINE_OK;
}

brine_status brn_decode_matrix(struct brn_build *build, const struct brn_node *node,
                               struct brn_matrix *ret_matrix)
{
    struct brn_array array;
    struct brn_matrix m = {.present = true};
    if (brn_is(node, BRN_NONE)) /* an attribute that was switched off, e.g. mean_ */
        return BRINE_OK;
    BRN_TRY(array_of(build, node, &array));
    if (array.dimensions > 2 || !strchr("biuf", array.dtype.kind))
        return brn_fail(
            build->err, BRINE_MODEL,
            "is an array of %u dimensions of numpy's kind '%c', not a matrix of numbers",
            array.dimensions, array.dtype.kind);
    m.dimensions = array.dimensions;
    m.kind = array.dtype.kind;
    m.itemsize = (uint8_t)array.dtype.itemsize;
    m.rows = array.dimensions == 2 ? array.shape[0] : 1;
    m.columns = array.dimensions == 2 ? array.shape[1] : array.count;
    BRN_TRY(brn_array_doubles(&array, build->arena, &m.values, build->err));
    *ret_matrix = m;
    return BRINE_OK;
}

static brine_status decode_items(struct brn_build *build, const struct brn_node *const *nodes,
                                 struct brn_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        brine_status status = brn_decode_value(build, nodes[i], &values->at[i]);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "[%zu]", i);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status decode_elements(struct brn_build *build, const struct brn_array *array,
                                    struct brn_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        BRN_TRY(array_value(build, array, i, &values->at[i]));
    return BRINE_OK;
}

brine_status brn_decode_values(struct brn_build *build, const struct brn_node *node,
                               struct brn_values *ret_values)
{
    struct brn_values values = {.present = true, .kind = 'l'};
    struct brn_array array = {0};
    bool is_array = brn_node_is_array(node);
    if (is_array) {
        BRN_TRY(brn_node_array(node, build->scratch, &array, build->err));
        values.kind = array.dtype.kind;
        values.count = array.count;
    } else if (brn_is(node, BRN_LIST) || brn_is(node, BRN_TUPLE)) {
        values.count = node->as.items.count;
    } else {
        return is_not(build, node, "a list of values");
    }
    values.at = BRN_BUILD_NEW(build, struct brn_value, values.count);
    if (!values.at)
        return brn_fail_memory(build->err);
    *ret_values = values;
    if (is_array && array.dtype.kind != 'O')
        return decode_elements(build, &array, &values);
    return decode_items(build, is_array ? array.objects : node->as.items.at, &values);
}

brine_status brn_labels(struct brn_build *build, const struct brn_values *classes,
                        struct brn_dictionary **ret_labels)
{
    struct brn_dictionary *labels = BRN_BUILD_NEW(build, struct brn_dictionary, 1);
    if (!labels)
        return brn_fail_memory(build->err);
    brn_dictionary_init(labels, build->arena);
    for (size_t i = 0; i < classes->count; i++) {
        int32_t code = brn_dictionary_add(labels, classes->at[i]);
        if (code == BRN_CODE_UNKNOWN)
            return brn_fail_memory(build->err);
        if (code != (int32_t)i)
            return brn_fail(build->err, BRINE_MODEL, "class %zu is missing or stands there twice",
                            i);
    }
    *ret_labels = labels;
    return BRINE_OK;
}
