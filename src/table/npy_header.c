/* SPDX-License-Identifier: Apache-2.0
 *
 * The header is a Python dict in text, of three known keys; it is read by this small parser and by
 * nothing that could evaluate it. */
#include "base/reader.h"
#include "table/npy.h"

#include <stdlib.h>

struct text {
    const uint8_t *p, *end;
};

static void skip_space(struct text *t)
{
    while (t->p < t->end && (*t->p == ' ' || *t->p == '\n' || *t->p == '\t'))
        t->p++;
}

static bool take(struct text *t, char c)
{
    skip_space(t);
    if (t->p == t->end || *t->p != (uint8_t)c)
        return false;
    t->p++;
    return true;
}

static bool take_word(struct text *t, const char *word)
{
    size_t n = strlen(word);
    skip_space(t);
    if ((size_t)(t->end - t->p) < n || memcmp(t->p, word, n) != 0)
        return false;
    t->p += n;
    return true;
}

/* In either quotes, without escapes: none of the texts needs one. */
static bool take_string(struct text *t, struct brn_slice *ret)
{
    skip_space(t);
    if (t->p == t->end || (*t->p != '\'' && *t->p != '"'))
        return false;
    const uint8_t *begin = t->p + 1, *close = memchr(begin, *t->p, (size_t)(t->end - begin));
    if (!close)
        return false;
    *ret = (struct brn_slice){begin, (size_t)(close - begin)};
    t->p = close + 1;
    return true;
}

static bool take_number(struct text *t, uint64_t *ret)
{
    skip_space(t);
    const uint8_t *begin = t->p;
    *ret = 0;
    for (; t->p < t->end && *t->p >= '0' && *t->p <= '9'; t->p++)
        if (__builtin_mul_overflow(*ret, 10, ret) ||
            __builtin_add_overflow(*ret, (uint64_t)(*t->p - '0'), ret))
            return false;
    if (t->p < t->end && *t->p == 'L') /* written by Python 2 */
        t->p++;
    return t->p > begin;
}

static bool take_shape(struct text *t, struct brn_npy *npy)
{
    if (!take(t, '('))
        return false;
    npy->dimensions = 0;
    while (!take(t, ')')) {
        if (npy->dimensions == BRN_NPY_MAX_DIMENSIONS ||
            !take_number(t, &npy->shape[npy->dimensions]))
            return false;
        npy->dimensions++;
        if (!take(t, ',') && (t->p == t->end || *t->p != ')'))
            return false;
    }
    return true;
}

static bool take_bool(struct text *t, bool *ret)
{
    *ret = take_word(t, "True");
    return *ret || take_word(t, "False");
}

struct header {
    struct brn_slice descr;
    bool is_structured, has_shape, has_order;
};

static bool take_descr(struct text *t, struct header *h)
{
    if (take_string(t, &h->descr))
        return true;
    h->is_structured = take(t, '[');
    return h->is_structured;
}

/* A structured descr ends the parsing: it is refused anyway. */
static bool take_members(struct text *t, struct header *h, struct brn_npy *npy)
{
    struct brn_slice key;
    if (!take(t, '{'))
        return false;
    while (!take(t, '}')) {
        bool ok = take_string(t, &key) && take(t, ':');
        if (ok && brn_slice_is(key, "descr"))
            ok = take_descr(t, h);
        else if (ok && brn_slice_is(key, "shape"))
            ok = h->has_shape = take_shape(t, npy);
        else if (ok && brn_slice_is(key, "fortran_order"))
            ok = h->has_order = take_bool(t, &npy->fortran);
        else
            ok = false;
        if (!ok || h->is_structured)
            return ok;
        if (!take(t, ',') && (t->p == t->end || *t->p != '}'))
            return false;
    }
    return h->descr.n && h->has_shape && h->has_order;
}

/* ---- dtype ---- */

static const struct {
    const char *descr; /* without the byte order */
    enum brn_type type;
} types[] = {
    {"b1", BRN_TYPE_BOOL},    {"i1", BRN_TYPE_INT8},    {"i2", BRN_TYPE_INT16},
    {"i4", BRN_TYPE_INT32},   {"i8", BRN_TYPE_INT64},   {"u1", BRN_TYPE_UINT8},
    {"u2", BRN_TYPE_UINT16},  {"u4", BRN_TYPE_UINT32},  {"u8", BRN_TYPE_UINT64},
    {"f2", BRN_TYPE_FLOAT16}, {"f4", BRN_TYPE_FLOAT32}, {"f8", BRN_TYPE_FLOAT64},
};

static brine_status fail_dtype(struct brn_slice descr, const char *name, brine_error *err)
{
    if (memchr(descr.p, 'O', descr.n))
        return brn_fail(
            err, BRINE_UNSUPPORTED,
            "%s holds Python objects, that is a pickle: save it as numbers or text, e.g. "
            "x.astype(float) or x.astype(str)",
            name);
    return brn_fail(err, BRINE_UNSUPPORTED,
                    "%s has the dtype '%.*s': save it as numbers, booleans or text", name,
                    (int)(descr.n < 40 ? descr.n : 40), (const char *)descr.p);
}

static bool find_text_type(struct brn_slice body, struct brn_npy *npy)
{
    struct text digits = {body.p + 1, body.p + body.n};
    uint64_t size;
    if (body.n < 2 || !strchr("SaU", body.p[0]) || !take_number(&digits, &size) ||
        digits.p != digits.end || size == 0 || size > BRN_NPY_MAX_HEADER)
        return false;
    npy->kind = body.p[0] == 'U' ? 'U' : 'S';
    npy->item_size = npy->kind == 'U' ? size * 4 : size;
    npy->type = BRN_TYPE_LARGE_UTF8;
    return true;
}

static bool find_type(struct brn_slice body, struct brn_npy *npy)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (brn_slice_is(body, types[i].descr)) {
            npy->kind = (char)body.p[0];
            npy->item_size = (size_t)(body.p[1] - '0');
            npy->type = types[i].type;
            return true;
        }
    return find_text_type(body, npy);
}

static brine_status set_dtype(struct brn_slice descr, struct brn_npy *npy, const char *name,
                              brine_error *err)
{
    struct brn_slice body = descr;
    char order = (char)body.p[0];
    bool has_order = strchr("<>=|", order) != NULL && order;
    if (has_order)
        body = (struct brn_slice){body.p + 1, body.n - 1};
    if (body.n == 0 || !find_type(body, npy))
        return fail_dtype(descr, name, err);
    char other = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '>' : '<';
    npy->swap = order == other && (npy->kind == 'U' || npy->item_size > 1) && npy->kind != 'S';
    return BRINE_OK;
}

/* ---- */

static brine_status read_exactly(struct brn_stream *stream, uint8_t *to, size_t n, brine_error *err)
{
    size_t got = 0;
    BRN_TRY(brn_stream_read(stream, to, n, &got, err));
    if (got == n)
        return BRINE_OK;
    return brn_fail_at(err, BRINE_FORMAT, brn_stream_offset(stream), "the header of %s ends early",
                       brn_stream_name(stream));
}

static brine_status header_size(struct brn_stream *stream, size_t *ret, brine_error *err)
{
    uint8_t front[8], size[4];
    BRN_TRY(read_exactly(stream, front, sizeof front, err));
    if (memcmp(front, "\x93NUMPY", 6) != 0)
        return brn_fail_at(err, BRINE_FORMAT, 0, "%s is no .npy file", brn_stream_name(stream));
    if (front[6] < 1 || front[6] > 3)
        return brn_fail_at(err, BRINE_UNSUPPORTED, 6, "%s has the .npy version %d.%d",
                           brn_stream_name(stream), front[6], front[7]);
    size_t bytes = front[6] == 1 ? 2 : 4;
    BRN_TRY(read_exactly(stream, size, bytes, err));
    *ret = (size_t)brn_load_le(size, bytes);
    if (*ret > BRN_NPY_MAX_HEADER)
        return brn_fail_at(err, BRINE_LIMIT, 8, "the header of %s has %zu bytes",
                           brn_stream_name(stream), *ret);
    return BRINE_OK;
}

static brine_status parse_header(const uint8_t *bytes, size_t n, const char *name,
                                 struct brn_npy *npy, brine_error *err)
{
    struct text t = {bytes, bytes + n};
    struct header h = {.descr = {NULL, 0}};
    bool ok = take_members(&t, &h, npy);
    if (ok && h.is_structured)
        return brn_fail(err, BRINE_UNSUPPORTED,
                        "%s holds records: save a plain matrix, or CSV for columns with names",
                        name);
    if (!ok)
        return brn_fail_at(err, BRINE_FORMAT, 10 + (uint64_t)(t.p - bytes),
                           "the header of %s is not as numpy writes it", name);
    return set_dtype(h.descr, npy, name, err);
}

brine_status brn_npy_read_header(struct brn_stream *stream, struct brn_npy *ret_npy,
                                 brine_error *err)
{
    size_t size = 0;
    struct brn_npy npy = {.kind = 0};
    BRN_TRY(header_size(stream, &size, err));
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        return brn_fail_memory(err);
    brine_status status = read_exactly(stream, bytes, size, err);
    if (status == BRINE_OK)
        status = parse_header(bytes, size, brn_stream_name(stream), &npy, err);
    free(bytes);
    if (status == BRINE_OK)
        *ret_npy = npy;
    return status;
}

bool brn_npy_size(const struct brn_npy *npy, uint64_t *ret_items, uint64_t *ret_bytes)
{
    *ret_items = 1;
    for (size_t i = 0; i < npy->dimensions; i++)
        if (__builtin_mul_overflow(*ret_items, npy->shape[i], ret_items))
            return false;
    return !__builtin_mul_overflow(*ret_items, npy->item_size, ret_bytes) &&
           *ret_bytes <= INT64_MAX;
}
