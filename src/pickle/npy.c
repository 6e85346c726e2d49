/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/npy.h"
#include "base/reader.h"
#include "pickle/dtype.h"

enum { MAX_HEADER = 1 << 20 };

/* A cursor over the header's Python literal; false and no movement when it is something else. */
struct literal {
    struct brn_slice left;
};

static void skip_space(struct literal *l)
{
    while (l->left.n && memchr(" \t\n\r", l->left.p[0], 4))
        l->left = (struct brn_slice){l->left.p + 1, l->left.n - 1};
}

static bool take(struct literal *l, const char *text)
{
    size_t n = strlen(text);
    skip_space(l);
    if (l->left.n < n || memcmp(l->left.p, text, n) != 0)
        return false;
    l->left = (struct brn_slice){l->left.p + n, l->left.n - n};
    return true;
}

/* A quoted string without escapes, as numpy writes type strings and field names. */
static bool take_string(struct literal *l, struct brn_slice *ret)
{
    skip_space(l);
    if (l->left.n && (l->left.p[0] == 'u' || l->left.p[0] == 'b'))
        l->left = (struct brn_slice){l->left.p + 1, l->left.n - 1};
    if (l->left.n < 2 || (l->left.p[0] != '\'' && l->left.p[0] != '"'))
        return false;
    const uint8_t *begin = l->left.p + 1, *end = memchr(begin, l->left.p[0], l->left.n - 1);
    if (!end || memchr(begin, '\\', (size_t)(end - begin)))
        return false;
    *ret = (struct brn_slice){begin, (size_t)(end - begin)};
    l->left = (struct brn_slice){end + 1, l->left.n - ret->n - 2};
    return true;
}

/* Digits, and Python 2's L behind them. */
static bool take_number(struct literal *l, uint64_t *ret)
{
    uint64_t value = 0;
    size_t i = 0;
    skip_space(l);
    for (; i < l->left.n && l->left.p[i] >= '0' && l->left.p[i] <= '9'; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(l->left.p[i] - '0'), &value))
            return false;
    l->left = (struct brn_slice){l->left.p + i, l->left.n - i};
    take(l, "L");
    *ret = value;
    return i > 0;
}

static bool take_shape(struct literal *l, uint64_t shape[BRN_MAX_DIMENSIONS], uint32_t *ret_count,
                       uint64_t *ret_product)
{
    *ret_count = 0;
    *ret_product = 1;
    if (!take(l, "("))
        return false;
    while (!take(l, ")")) {
        if (*ret_count == BRN_MAX_DIMENSIONS || !take_number(l, &shape[*ret_count]) ||
            __builtin_mul_overflow(*ret_product, shape[*ret_count], ret_product))
            return false;
        ++*ret_count;
        if (!take(l, ",") && !take(l, ")"))
            return false;
        else if (l->left.p[-1] == ')')
            return true;
    }
    return true;
}

/* The type of a field, which may be a sub-array: its shape stands behind it. */
static bool take_field_type(struct literal *l, struct brn_arena *arena, struct brn_dtype *ret)
{
    struct brn_slice text;
    uint64_t shape[BRN_MAX_DIMENSIONS], count, bytes;
    uint32_t dimensions;
    if (!take_string(l, &text) || !brn_dtype_parse(text, ret))
        return false;
    if (!take(l, ","))
        return true;
    if (!take_shape(l, shape, &dimensions, &count))
        return false;
    struct brn_dtype *base = BRN_NEW(arena, struct brn_dtype, 1);
    if (!base || __builtin_mul_overflow(count, ret->itemsize, &bytes) || bytes > INT32_MAX)
        return false;
    *base = *ret;
    *ret = (struct brn_dtype){.kind = 'V',
                              .has_objects = base->has_objects,
                              .itemsize = (uint32_t)bytes,
                              .base = base,
                              .base_count = (uint32_t)count};
    return true;
}

/* [('name', '<f8'), …] */
static bool take_record(struct literal *l, struct brn_arena *arena, struct brn_dtype *ret)
{
    size_t capacity = 0;
    *ret = (struct brn_dtype){.kind = 'V'};
    while (!take(l, "]")) {
        struct brn_dtype_field field = {.offset = ret->itemsize};
        if (!take(l, "(") || !take_string(l, &field.name) || !take(l, ",") ||
            !take_field_type(l, arena, &field.type) || !take(l, ")"))
            return false;
        if (__builtin_add_overflow(ret->itemsize, field.type.itemsize, &ret->itemsize))
            return false;
        ret->has_objects |= field.type.has_objects;
        take(l, ",");
        if (field.name.n == 0)
            continue;
        if (!BRN_ARENA_RESERVE(arena, ret->fields, ret->field_count, capacity))
            return false;
        ret->fields[ret->field_count++] = field;
    }
    return true;
}

static bool take_dtype(struct literal *l, struct brn_arena *arena, struct brn_dtype *ret)
{
    struct brn_slice text;
    if (take(l, "["))
        return take_record(l, arena, ret);
    return take_string(l, &text) && brn_dtype_parse(text, ret);
}

static bool take_member(struct literal *l, struct brn_arena *arena, struct brn_npy *npy)
{
    struct brn_slice key;
    if (!take_string(l, &key) || !take(l, ":"))
        return false;
    if (brn_slice_is(key, "descr"))
        return take_dtype(l, arena, &npy->array.dtype);
    if (brn_slice_is(key, "shape"))
        return take_shape(l, npy->array.shape, &npy->array.dimensions, &npy->array.count);
    if (!brn_slice_is(key, "fortran_order"))
        return false;
    npy->fortran = take(l, "True");
    return npy->fortran || take(l, "False");
}

/* numpy asks for exactly these three keys. */
static bool parse_header(struct literal *l, struct brn_arena *arena, struct brn_npy *npy)
{
    int members = 0;
    if (!take(l, "{"))
        return false;
    while (!take(l, "}")) {
        if (!take_member(l, arena, npy))
            return false;
        members++;
        take(l, ",");
    }
    skip_space(l);
    return members == 3 && l->left.n == 0 && npy->array.dtype.kind;
}

brine_status brn_npy_header(struct brn_slice file, struct brn_arena *arena, struct brn_npy *ret_npy,
                            brine_error *err)
{
    struct brn_reader r;
    struct brn_npy npy = {0};
    brn_reader_init(&r, file);
    struct brn_slice magic = brn_read(&r, 6);
    uint8_t major = brn_read_u8(&r);
    brn_read_u8(&r);
    uint32_t length = major == 1 ? brn_read_u16le(&r) : brn_read_u32le(&r);
    if (length > MAX_HEADER)
        brn_reader_fail(&r, BRINE_FORMAT, "a .npy header of %u bytes", length);
    struct literal l = {brn_read(&r, length)};
    if (!brn_reader_ok(&r) || !brn_slice_is(magic, "\x93NUMPY") || major < 1 || major > 3 ||
        !parse_header(&l, arena, &npy))
        return brn_fail_at(err, BRINE_FORMAT, brn_reader_offset(&r),
                           "a .npy header that is not understood");
    npy.data = (struct brn_slice){r.at, (size_t)(r.end - r.at)};
    *ret_npy = npy;
    return BRINE_OK;
}
