/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays and dtypes in words. */
#include "pickle/numpy.h"

#include <inttypes.h>
#include <stdio.h>

void brn_dtype_describe(const struct brn_dtype *dtype, char *out, size_t size)
{
    static const struct {
        char kind;
        const char *name;
        unsigned unit; /* bits, characters or bytes a byte of itemsize stands for; 0: no number */
    } names[] = {{'b', "bool", 0},  {'i', "int", 8},        {'u', "uint", 8},
                 {'f', "float", 8}, {'c', "complex", 8},    {'O', "object", 0},
                 {'S', "S", 1},     {'M', "datetime64", 0}, {'m', "timedelta64", 0},
                 {'V', "V", 1},     {'T', "StringDType", 0}};
    const char *order = dtype->swapped ? ">" : "";
    if (dtype->field_count) {
        snprintf(out, size, "record of %zu fields", dtype->field_count);
        return;
    }
    if (dtype->kind == 'U') {
        snprintf(out, size, "%sU%u", dtype->swapped ? ">" : "<", dtype->itemsize / 4);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].kind == dtype->kind && names[i].unit)
            snprintf(out, size, "%s%s%u", order, names[i].name, dtype->itemsize * names[i].unit);
        else if (names[i].kind == dtype->kind)
            snprintf(out, size, "%s%s", order, names[i].name);
}

void brn_array_describe(const struct brn_node *n, char *out, size_t size)
{
    struct brn_arena arena;
    struct brn_array array;
    brine_error err;
    brn_arena_init(&arena, 0);
    if (brn_node_array(n, &arena, &array, &err) != BRINE_OK) {
        snprintf(out, size, "%s", err.message);
        brn_arena_free(&arena);
        return;
    }
    brn_dtype_describe(&array.dtype, out, size);
    size_t at = strlen(out);
    for (uint32_t i = 0; i < array.dimensions && at < size; i++) {
        int more = snprintf(out + at, size - at, "%s%" PRIu64, i ? ", " : " (", array.shape[i]);
        at += more > 0 ? (size_t)more : 0;
    }
    if (at < size)
        snprintf(out + at, size - at, "%s",
                 array.dimensions == 0   ? " ()"
                 : array.dimensions == 1 ? ",)"
                                         : ")");
    brn_arena_free(&arena);
}
