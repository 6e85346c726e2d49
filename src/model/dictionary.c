/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "model/schema.h"

#include <math.h>

void brn_dictionary_init(struct brn_dictionary *d, struct brn_arena *arena)
{
    *d = (struct brn_dictionary){.arena = arena};
    brn_map_init(&d->texts, arena);
    brn_map_init(&d->numbers, arena);
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

/* Equal numbers have equal bytes: of the float64, or of an integer that no float64 holds. */
struct number_key {
    uint8_t bytes[sizeof(double) + 1];
    size_t n;
};

static struct number_key key_of_double(double value)
{
    struct number_key key = {.n = sizeof value};
    value += 0.0; /* -0 is 0 */
    memcpy(key.bytes, &value, sizeof value);
    return key;
}

static bool is_wide(int64_t value)
{
    return value > (int64_t)1 << 53 || value < -((int64_t)1 << 53);
}

static struct number_key key_of(struct brn_value value)
{
    double number = 0;
    if (value.kind != BRN_VALUE_INT || !is_wide(value.as.integer)) {
        brn_value_number(value, &number);
        return key_of_double(number);
    }
    struct number_key key = {.n = sizeof key.bytes};
    memcpy(key.bytes, &value.as.integer, sizeof value.as.integer);
    return key;
}

static int32_t find_key(const struct brn_dictionary *d, const struct number_key *key)
{
    uint32_t number = brn_map_find(&d->numbers, (struct brn_slice){key->bytes, key->n});
    return number == BRN_MAP_NONE ? BRN_CODE_UNKNOWN : d->number_codes[number];
}

int32_t brn_dictionary_number(const struct brn_dictionary *d, double value)
{
    struct number_key key = key_of_double(value);
    return find_key(d, &key);
}

int32_t brn_dictionary_value(const struct brn_dictionary *d, struct brn_value value)
{
    double number = 0;
    if (value.kind == BRN_VALUE_TEXT)
        return brn_dictionary_text(d, value.as.text);
    if (!brn_value_number(value, &number))
        return BRN_CODE_UNKNOWN;
    struct number_key key = key_of(value);
    return find_key(d, &key);
}

static int32_t append(struct brn_dictionary *d, struct brn_value value)
{
    if (d->count >= INT32_MAX || !BRN_ARENA_RESERVE(d->arena, d->values, d->count, d->capacity))
        return BRN_CODE_UNKNOWN;
    d->values[d->count] = value;
    return (int32_t)d->count++;
}

/* Under a key that is new to map. */
static int32_t append_under(struct brn_dictionary *d, struct brn_map *map, int32_t *codes,
                            struct brn_slice key, struct brn_value value)
{
    uint32_t number = brn_map_add(map, key);
    if (number == BRN_MAP_NONE)
        return BRN_CODE_UNKNOWN;
    return codes[number] = append(d, value);
}

static int32_t add_text(struct brn_dictionary *d, struct brn_value value)
{
    int32_t code = brn_dictionary_text(d, value.as.text);
    if (code != BRN_CODE_UNKNOWN)
        return code;
    if (!BRN_ARENA_RESERVE(d->arena, d->text_codes, d->texts.count, d->text_capacity))
        return BRN_CODE_UNKNOWN;
    return append_under(d, &d->texts, d->text_codes, value.as.text, value);
}

static int32_t add_number(struct brn_dictionary *d, struct brn_value value)
{
    struct number_key key = key_of(value);
    int32_t code = find_key(d, &key);
    if (code != BRN_CODE_UNKNOWN)
        return code;
    uint8_t *bytes = BRN_NEW(d->arena, uint8_t, key.n);
    if (!bytes ||
        !BRN_ARENA_RESERVE(d->arena, d->number_codes, d->numbers.count, d->number_capacity))
        return BRN_CODE_UNKNOWN;
    memcpy(bytes, key.bytes, key.n);
    return append_under(d, &d->numbers, d->number_codes, (struct brn_slice){bytes, key.n}, value);
}

int32_t brn_dictionary_add(struct brn_dictionary *d, struct brn_value value)
{
    if (brn_value_is_missing(value))
        return BRN_CODE_MISSING;
    return value.kind == BRN_VALUE_TEXT ? add_text(d, value) : add_number(d, value);
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
