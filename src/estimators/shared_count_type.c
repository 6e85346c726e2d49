/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_count_type.h"

static const struct {
    const char *name;
    struct brn_count_type type;
} types[] = {
    {"float64", {0, false}}, {"float", {0, false}}, {"float32", {0, true}}, {"int64", {8, false}},
    {"int", {8, false}},     {"int_", {8, false}},  {"int32", {4, false}},  {"intc", {4, false}},
};

static bool find_name(struct brn_slice name, struct brn_count_type *ret_type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (brn_slice_is(name, types[i].name)) {
            *ret_type = types[i].type;
            return true;
        }
    return false;
}

static bool find_dtype(const struct brn_dtype *dtype, struct brn_count_type *ret_type)
{
    bool wide = dtype->itemsize == 8;
    *ret_type = dtype->kind == 'i' ? (struct brn_count_type){(uint8_t)dtype->itemsize, false}
                                   : (struct brn_count_type){0, !wide};
    return (dtype->kind == 'i' || dtype->kind == 'f') && (wide || dtype->itemsize == 4);
}

brine_status brn_count_type_read(struct brn_build *build, const struct brn_node *node,
                                 struct brn_count_type *ret_type)
{
    struct brn_dtype dtype;
    brine_error ignored;
    bool is_name = brn_is(node, BRN_GLOBAL) || brn_node_text(node).p;
    struct brn_slice name = brn_is(node, BRN_GLOBAL) ? node->as.global.name : brn_node_text(node);
    if (is_name && find_name(name, ret_type))
        return BRINE_OK;
    if (!is_name && brn_node_dtype(node, build->scratch, &dtype, &ignored) == BRINE_OK &&
        find_dtype(&dtype, ret_type))
        return BRINE_OK;
    return brn_unsupported(build, "dtype", "is neither float64, float32, int64 nor int32");
}
