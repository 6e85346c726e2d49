/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_ubjson.h"

#include "base/json.h"
#include "base/number.h"
#include "base/reader.h"

enum { MAX_NESTING = 64 };

struct reading {
    struct brn_reader in;
    struct brn_arena *arena;
    struct brn_ubjson *open; /* the innermost array or object under way */
    uint32_t depth;
    bool out_of_memory;
};

static uint64_t load_be(const uint8_t *p, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

/* Bytes of a number of this type, 0 when there is no such type. */
static size_t width_of(char type)
{
    switch (type) {
    case 'i':
    case 'U':
    case 'C':
        return 1;
    case 'I':
        return 2;
    case 'l':
    case 'd':
        return 4;
    case 'L':
    case 'D':
        return 8;
    default:
        return 0;
    }
}

static bool is_real(char type)
{
    return type == 'd' || type == 'D';
}

static int64_t integer_at(char type, const uint8_t *p)
{
    size_t width = width_of(type);
    uint64_t bits = load_be(p, width);
    uint64_t sign = type == 'U' || !width ? 0 : UINT64_C(1) << (8 * width - 1);
    return (int64_t)((bits ^ sign) - sign);
}

static double real_at(char type, const uint8_t *p)
{
    uint64_t bits = load_be(p, width_of(type));
    uint32_t half = (uint32_t)bits;
    double value;
    float single;
    if (type == 'D') {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    memcpy(&single, &half, sizeof single);
    return (double)single;
}

/* ---- reading ---- */

/* 'L' and an int64, which is not negative. */
static uint64_t read_length(struct reading *r)
{
    if (brn_read_u8(&r->in) != 'L')
        brn_reader_fail(&r->in, BRINE_FORMAT, "a length is no 'L'");
    struct brn_slice bytes = brn_read(&r->in, 8);
    uint64_t length = bytes.n ? load_be(bytes.p, 8) : 0;
    if (length > INT64_MAX)
        brn_reader_fail(&r->in, BRINE_FORMAT, "a length is negative");
    return brn_reader_ok(&r->in) ? length : 0;
}

static struct brn_slice read_string(struct reading *r)
{
    return brn_read(&r->in, read_length(r));
}

static void open_container(struct reading *r, struct brn_ubjson *value)
{
    value->parent = r->open;
    r->open = value;
    if (++r->depth > MAX_NESTING)
        brn_reader_fail(&r->in, BRINE_LIMIT, "values are nested more than %d deep", MAX_NESTING);
}

static void read_typed(struct reading *r, struct brn_ubjson *value)
{
    value->kind = BRN_UBJSON_TYPED;
    value->type = (char)brn_read_u8(&r->in);
    size_t width = width_of(value->type);
    if (width == 0)
        brn_reader_fail(&r->in, BRINE_FORMAT, "an array of an unknown type");
    if (brn_read_u8(&r->in) != '#')
        brn_reader_fail(&r->in, BRINE_FORMAT, "a typed array has no length");
    uint64_t count = read_length(r);
    if (width && count > brn_reader_left(&r->in) / width)
        brn_reader_short(&r->in, count);
    value->bytes = brn_read(&r->in, brn_reader_ok(&r->in) ? count * width : 0);
    value->count = (size_t)count;
}

static void read_array(struct reading *r, struct brn_ubjson *value)
{
    uint8_t mark = brn_reader_left(&r->in) ? *r->in.at : 0;
    if (mark == '$') {
        (void)brn_read_u8(&r->in);
        read_typed(r, value);
        return;
    }
    value->kind = BRN_UBJSON_ARRAY;
    value->left = -1;
    if (mark == '#') {
        (void)brn_read_u8(&r->in);
        value->left = (int64_t)read_length(r);
        if ((uint64_t)value->left > brn_reader_left(&r->in))
            brn_reader_short(&r->in, (uint64_t)value->left);
    }
    open_container(r, value);
}

static void read_number(struct reading *r, struct brn_ubjson *value, char type)
{
    struct brn_slice bytes = brn_read(&r->in, width_of(type));
    if (!bytes.n)
        return;
    value->kind = is_real(type) ? BRN_UBJSON_REAL : BRN_UBJSON_INTEGER;
    if (is_real(type))
        value->real = real_at(type, bytes.p);
    else
        value->integer = integer_at(type, bytes.p);
}

static void read_value(struct reading *r, struct brn_ubjson *value, uint8_t mark)
{
    if (mark == '{') {
        value->kind = BRN_UBJSON_OBJECT;
        value->left = -1;
        open_container(r, value);
    } else if (mark == '[') {
        read_array(r, value);
    } else if (mark == 'S') {
        value->kind = BRN_UBJSON_STRING;
        value->bytes = read_string(r);
    } else if (mark == 'T' || mark == 'F') {
        value->kind = BRN_UBJSON_BOOL;
        value->integer = mark == 'T';
    } else if (width_of((char)mark)) {
        read_number(r, value, (char)mark);
    } else if (mark != 'Z') {
        brn_reader_fail(&r->in, BRINE_FORMAT, "there is no value with the mark 0x%02x", mark);
    }
}

/* A value for the container under way, whose key (of an object) is read already. */
static struct brn_ubjson *add_value(struct reading *r, struct brn_slice key)
{
    struct brn_ubjson *value = BRN_NEW(r->arena, struct brn_ubjson, 1);
    struct brn_ubjson *in = r->open;
    if (!value) {
        r->out_of_memory = true;
        return NULL;
    }
    value->key = key;
    if (!in)
        return value;
    if (in->last)
        in->last->next = value;
    else
        in->first = value;
    in->last = value;
    in->count++;
    if (in->left > 0)
        in->left--;
    return value;
}

static bool ends_here(struct reading *r)
{
    const struct brn_ubjson *in = r->open;
    uint8_t end = in->kind == BRN_UBJSON_OBJECT ? '}' : ']';
    if (in->left >= 0)
        return in->left == 0;
    if (!brn_reader_left(&r->in) || *r->in.at != end)
        return false;
    (void)brn_read_u8(&r->in);
    return true;
}

static void close_container(struct reading *r)
{
    r->open = r->open->parent;
    r->depth--;
}

static void read_next(struct reading *r)
{
    if (ends_here(r)) {
        close_container(r);
        return;
    }
    struct brn_slice key = {NULL, 0};
    if (r->open->kind == BRN_UBJSON_OBJECT)
        key = read_string(r);
    uint8_t mark = brn_read_u8(&r->in);
    struct brn_ubjson *value = brn_reader_ok(&r->in) ? add_value(r, key) : NULL;
    if (value)
        read_value(r, value, mark);
}

brine_status brn_ubjson_read(struct brn_slice document, struct brn_arena *arena,
                             const struct brn_ubjson **ret_value, brine_error *err)
{
    struct reading r = {.arena = arena};
    brn_reader_init(&r.in, document);
    uint8_t mark = brn_read_u8(&r.in);
    struct brn_ubjson *root = add_value(&r, (struct brn_slice){NULL, 0});
    if (!root)
        return brn_fail_memory(err);
    read_value(&r, root, mark);
    while (r.open && brn_reader_ok(&r.in) && !r.out_of_memory)
        read_next(&r);
    if (r.out_of_memory)
        return brn_fail_memory(err);
    if (brn_reader_left(&r.in) && brn_reader_ok(&r.in))
        brn_reader_fail(&r.in, BRINE_FORMAT, "%llu bytes stand behind the document",
                        (unsigned long long)brn_reader_left(&r.in));
    if (!brn_reader_ok(&r.in))
        return brn_fail_at(err, r.in.error.status, r.in.error.offset, "%s", r.in.error.message);
    *ret_value = root;
    return BRINE_OK;
}

/* ---- JSON text ---- */

static struct brn_slice keep(struct reading *r, struct brn_slice text)
{
    char *copy = brn_arena_text(r->arena, text);
    r->out_of_memory |= !copy;
    return (struct brn_slice){(const uint8_t *)copy, copy ? text.n : 0};
}

static void take_scalar(struct reading *r, const struct brn_json *json, struct brn_ubjson *value)
{
    if (json->kind == BRN_JSON_BOOL) {
        value->kind = BRN_UBJSON_BOOL;
        value->integer = json->boolean;
    } else if (json->kind == BRN_JSON_STRING) {
        value->kind = BRN_UBJSON_STRING;
        value->bytes = keep(r, json->text);
    } else if (json->kind == BRN_JSON_NUMBER) {
        bool fits = json->is_integer && (json->is_negative || json->integer <= INT64_MAX);
        value->kind = fits ? BRN_UBJSON_INTEGER : BRN_UBJSON_REAL;
        value->integer = fits ? (int64_t)json->integer : 0;
        value->real = json->number;
    }
}

static void take_event(struct reading *r, const struct brn_json *json, struct brn_ubjson **root)
{
    if (json->kind == BRN_JSON_ARRAY_END || json->kind == BRN_JSON_OBJECT_END) {
        if (r->open)
            r->open = r->open->parent;
        return;
    }
    bool in_object = r->open && r->open->kind == BRN_UBJSON_OBJECT;
    struct brn_slice key = in_object ? keep(r, json->key) : (struct brn_slice){NULL, 0};
    struct brn_ubjson *value = add_value(r, key);
    if (!value)
        return;
    *root = *root ? *root : value;
    take_scalar(r, json, value);
    if (json->kind != BRN_JSON_ARRAY && json->kind != BRN_JSON_OBJECT)
        return;
    value->kind = json->kind == BRN_JSON_ARRAY ? BRN_UBJSON_ARRAY : BRN_UBJSON_OBJECT;
    value->parent = r->open;
    r->open = value;
}

brine_status brn_ubjson_read_json(struct brn_slice document, struct brn_arena *arena,
                                  const struct brn_ubjson **ret_value, brine_error *err)
{
    struct reading r = {.arena = arena};
    struct brn_ubjson *root = NULL;
    struct brn_json json;
    uint8_t nesting[MAX_NESTING];
    brn_json_init(&json, document, nesting, MAX_NESTING);
    json.allow_nan = true;
    while (!r.out_of_memory && brn_json_next(&json) != BRN_JSON_END)
        take_event(&r, &json, &root);
    brine_error error = json.error;
    brn_json_free(&json);
    if (r.out_of_memory)
        return brn_fail_memory(err);
    if (error.status != BRINE_OK)
        return brn_fail_at(err, error.status, error.offset, "%s", error.message);
    *ret_value = root;
    return BRINE_OK;
}

/* ---- looking ---- */

const struct brn_ubjson *brn_ubjson_get(const struct brn_ubjson *object, const char *key)
{
    if (!object || object->kind != BRN_UBJSON_OBJECT)
        return NULL;
    for (const struct brn_ubjson *v = object->first; v; v = v->next)
        if (brn_slice_is(v->key, key))
            return v;
    return NULL;
}

struct brn_slice brn_ubjson_text(const struct brn_ubjson *value)
{
    return value && value->kind == BRN_UBJSON_STRING ? value->bytes : (struct brn_slice){NULL, 0};
}

bool brn_ubjson_integer(const struct brn_ubjson *value, int64_t *ret_value)
{
    if (value && value->kind == BRN_UBJSON_STRING)
        return brn_parse_int64(value->bytes, ret_value);
    if (!value || (value->kind != BRN_UBJSON_INTEGER && value->kind != BRN_UBJSON_BOOL))
        return false;
    *ret_value = value->integer;
    return true;
}

size_t brn_ubjson_count(const struct brn_ubjson *array)
{
    bool is_array = array && (array->kind == BRN_UBJSON_TYPED || array->kind == BRN_UBJSON_ARRAY);
    return is_array ? array->count : 0;
}

static bool is_array_of(const struct brn_ubjson *array, size_t count)
{
    return array && (array->kind == BRN_UBJSON_TYPED || array->kind == BRN_UBJSON_ARRAY) &&
           array->count == count;
}

static brine_status no_array(brine_error *err, const char *what, size_t count)
{
    return brn_fail(err, BRINE_MODEL, "is no array of %zu %s", count, what);
}

brine_status brn_ubjson_integers(const struct brn_ubjson *array, size_t count,
                                 struct brn_arena *arena, int64_t **ret_values, brine_error *err)
{
    if (!is_array_of(array, count) || is_real(array->type))
        return no_array(err, "whole numbers", count);
    int64_t *values = BRN_NEW(arena, int64_t, count);
    const struct brn_ubjson *v = array->first;
    if (!values)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (array->kind == BRN_UBJSON_TYPED) {
            values[i] = integer_at(array->type, array->bytes.p + i * width_of(array->type));
            continue;
        }
        if (v->kind != BRN_UBJSON_INTEGER && v->kind != BRN_UBJSON_BOOL)
            return no_array(err, "whole numbers", count);
        values[i] = v->integer;
        v = v->next;
    }
    *ret_values = values;
    return BRINE_OK;
}

brine_status brn_ubjson_reals(const struct brn_ubjson *array, size_t count, struct brn_arena *arena,
                              double **ret_values, brine_error *err)
{
    if (!is_array_of(array, count) || (array->kind == BRN_UBJSON_TYPED && !is_real(array->type)))
        return no_array(err, "numbers", count);
    double *values = BRN_NEW(arena, double, count);
    const struct brn_ubjson *v = array->first;
    if (!values)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (array->kind == BRN_UBJSON_TYPED) {
            values[i] = real_at(array->type, array->bytes.p + i * width_of(array->type));
            continue;
        }
        if (v->kind != BRN_UBJSON_REAL && v->kind != BRN_UBJSON_INTEGER)
            return no_array(err, "numbers", count);
        values[i] = (double)(v->kind == BRN_UBJSON_REAL ? (float)v->real : (float)v->integer);
        v = v->next;
    }
    *ret_values = values;
    return BRINE_OK;
}
