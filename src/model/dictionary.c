/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "model/schema.h"

#include <math.h>

void brn_dictionary_init(struct brn_dictionary *d, struct brn_arena *arena)
{
    *d = (struct brn_dictionary){.arena = arena};
    brn_map_init(&d->texts, arena);
}

bool brn_value_is_missing(struct brn_value v)
{
    return v.kind == BRN_VALUE_NONE || (v.kind == BRN_VALUE_FLOAT && isnan(v.as.real));
}

bool brn_value_number(struct brn_value v, double *ret_number)
{
    switch (v.kind) {
    case BRN_VALUE_BOOL:
        *ret_number = v.as.boolean;
        return true;
    case BRN_VALUE_INT:
        *ret_number = (double)v.as.integer;
        return true;
    case BRN_VALUE_FLOAT:
        *ret_number = v.as.real;
        return true;
    case BRN_VALUE_NONE:
    case BRN_VALUE_TEXT:
        break;
    }
    return false;
}

bool brn_value_equal(struct brn_value a, struct brn_value b)
{
    double x, y;
    if (a.kind == BRN_VALUE_TEXT && b.kind == BRN_VALUE_TEXT)
        return brn_slice_equal(a.as.text, b.as.text);
    if (a.kind == BRN_VALUE_INT && b.kind == BRN_VALUE_INT)
        return a.as.integer == b.as.integer;
    if (brn_value_is_missing(a) || brn_value_is_missing(b))
        return a.kind == b.kind;
    return brn_value_number(a, &x) && brn_value_number(b, &y) && x == y;
}

int32_t brn_dictionary_text(const struct brn_dictionary *d, struct brn_slice text)
{
    uint32_t number = brn_map_find(&d->texts, text);
    return number == BRN_MAP_NONE ? BRN_CODE_UNKNOWN : d->text_codes[number];
}

int32_t brn_dictionary_number(const struct brn_dictionary *d, double value)
{
    double other;
    for (size_t i = 0; i < d->count; i++)
        if (brn_value_number(d->values[i], &other) && other == value)
            return (int32_t)i;
    return BRN_CODE_UNKNOWN;
}

static int32_t find_other(const struct brn_dictionary *d, struct brn_value value)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->values[i].kind != BRN_VALUE_TEXT && brn_value_equal(d->values[i], value))
            return (int32_t)i;
    return BRN_CODE_UNKNOWN;
}

static int32_t append(struct brn_dictionary *d, struct brn_value value)
{
    if (d->count >= INT32_MAX || !BRN_ARENA_RESERVE(d->arena, d->values, d->count, d->capacity))
        return BRN_CODE_UNKNOWN;
    d->values[d->count] = value;
    return (int32_t)d->count++;
}

static int32_t append_text(struct brn_dictionary *d, struct brn_value value)
{
    if (!BRN_ARENA_RESERVE(d->arena, d->text_codes, d->texts.count, d->text_capacity))
        return BRN_CODE_UNKNOWN;
    uint32_t number = brn_map_add(&d->texts, value.as.text);
    if (number == BRN_MAP_NONE)
        return BRN_CODE_UNKNOWN;
    int32_t code = append(d, value);
    d->text_codes[number] = code;
    return code;
}

int32_t brn_dictionary_add(struct brn_dictionary *d, struct brn_value value)
{
    if (brn_value_is_missing(value))
        return BRN_CODE_MISSING;
    bool is_text = value.kind == BRN_VALUE_TEXT;
    int32_t code = is_text ? brn_dictionary_text(d, value.as.text) : find_other(d, value);
    if (code != BRN_CODE_UNKNOWN)
        return code;
    return is_text ? append_text(d, value) : append(d, value);
}

char *brn_value_text(struct brn_value v, struct brn_arena *arena)
{
    char number[BRN_NUMBER_TEXT];
    switch (v.kind) {
    case BRN_VALUE_NONE:
        return brn_arena_text(arena, brn_slice_of("None"));
    case BRN_VALUE_BOOL:
        return brn_arena_text(arena, brn_slice_of(v.as.boolean ? "True" : "False"));
    case BRN_VALUE_INT:
        brn_format_int64(v.as.integer, number);
        return brn_arena_text(arena, brn_slice_of(number));
    case BRN_VALUE_FLOAT:
        if (v.single)
            brn_format_float((float)v.as.real, number);
        else
            brn_format_double(v.as.real, number);
        return brn_arena_text(arena, brn_slice_of(number));
    case BRN_VALUE_TEXT:
        break;
    }
    return brn_arena_text(arena, v.as.text);
}
