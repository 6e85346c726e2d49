/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements of arrays as C numbers and text. */
#include "base/reader.h"
#include "base/utf8.h"
#include "pickle/numpy.h"
#include "pickle/text.h"

bool brn_array_is_contiguous(const struct brn_array *a)
{
    uint64_t stride = a->dtype.has_objects ? 1 : a->dtype.itemsize;
    for (uint32_t i = a->dimensions; a->count && i-- > 0;) {
        if (a->shape[i] != 1 && a->strides[i] != stride)
            return false;
        stride *= a->shape[i];
    }
    return true;
}

static uint64_t element_offset(const struct brn_array *a, uint64_t i)
{
    uint64_t offset = 0;
    for (uint32_t k = a->dimensions; k-- > 0;) {
        offset += i % a->shape[k] * a->strides[k];
        i /= a->shape[k];
    }
    return offset;
}

const uint8_t *brn_array_element(const struct brn_array *array, uint64_t i)
{
    return array->data.p + element_offset(array, i);
}

/* The same for a loop, which has asked once whether the array is contiguous. */
static const uint8_t *element_at(const struct brn_array *a, bool contiguous, uint64_t i)
{
    return contiguous ? a->data.p + i * a->dtype.itemsize : brn_array_element(a, i);
}

/* ---- one number ---- */

static uint64_t load(const uint8_t *p, uint32_t size, bool swapped)
{
    uint64_t v = brn_load_le(p, size);
    return swapped ? __builtin_bswap64(v) >> (64 - 8 * size) : v;
}

static int64_t sign_extend(uint64_t v, uint32_t size)
{
    unsigned unused = 64 - 8 * size;
    return (int64_t)(v << unused) >> unused;
}

static double half(uint64_t bits)
{
    double sign = bits & 0x8000 ? -1 : 1, fraction = (double)(bits & 0x3ff);
    int exponent = (int)(bits >> 10 & 0x1f);
    if (exponent == 31)
        return fraction != 0 ? __builtin_nan("") : sign * __builtin_inf();
    if (exponent == 0)
        return sign * fraction * 0x1p-24;
    return sign * (1024 + fraction) * __builtin_ldexp(1, exponent - 25);
}

static double real(uint64_t bits, uint32_t size)
{
    float narrow;
    double wide;
    uint32_t low = (uint32_t)bits;
    if (size == 2)
        return half(bits);
    if (size == 4) {
        memcpy(&narrow, &low, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&wide, &bits, sizeof wide);
    return wide;
}

double brn_dtype_number(const struct brn_dtype *dtype, const uint8_t *p)
{
    uint64_t bits = load(p, dtype->itemsize, dtype->swapped);
    switch (dtype->kind) {
    case 'f':
        return real(bits, dtype->itemsize);
    case 'i':
        return (double)sign_extend(bits, dtype->itemsize);
    case 'b':
        return bits != 0;
    default:
        return (double)bits;
    }
}

/* ---- whole arrays ---- */

static brine_status refuse(const struct brn_array *a, const char *wanted, brine_error *err)
{
    if (a->dtype.has_objects)
        return brn_fail(err, BRINE_UNSUPPORTED, "an array of objects where %s are needed", wanted);
    return brn_fail(err, BRINE_UNSUPPORTED, "an array of dtype %c%u where %s are needed",
                    a->dtype.kind, a->dtype.itemsize, wanted);
}

static bool is_kind(const struct brn_array *a, const char *kinds)
{
    return a->dtype.kind && strchr(kinds, a->dtype.kind) && a->dtype.itemsize <= 8 &&
           !a->dtype.has_objects;
}

static void *room_for(const struct brn_array *a, struct brn_arena *arena, size_t size)
{
    return a->count > SIZE_MAX / size ? NULL : brn_arena_alloc(arena, (size_t)a->count, size, size);
}

static bool is_native_double(const struct brn_array *a)
{
    return a->dtype.kind == 'f' && a->dtype.itemsize == 8 && !a->dtype.swapped;
}

brine_status brn_array_doubles(const struct brn_array *array, struct brn_arena *arena,
                               double **ret_values, brine_error *err)
{
    if (!is_kind(array, "biuf"))
        return refuse(array, "numbers", err);
    double *values = room_for(array, arena, sizeof *values);
    if (!values)
        return brn_fail_memory(err);
    bool contiguous = brn_array_is_contiguous(array);
    if (is_native_double(array) && contiguous && array->count)
        memcpy(values, array->data.p, (size_t)array->count * sizeof *values);
    else
        for (uint64_t i = 0; i < array->count; i++)
            values[i] = brn_dtype_number(&array->dtype, element_at(array, contiguous, i));
    *ret_values = values;
    return BRINE_OK;
}

int64_t brn_dtype_integer(const struct brn_dtype *dtype, const uint8_t *p)
{
    uint64_t bits = load(p, dtype->itemsize, dtype->swapped);
    return dtype->kind == 'i' ? sign_extend(bits, dtype->itemsize) : (int64_t)bits;
}

/* ---- text ---- */

static brine_status text_of_bytes(const struct brn_dtype *dtype, const uint8_t *p,
                                  struct brn_slice *ret_text, brine_error *err)
{
    struct brn_slice s = {p, dtype->itemsize};
    while (s.n && s.p[s.n - 1] == 0)
        s.n--;
    if (brn_text_valid(s) != s.n)
        return brn_fail(err, BRINE_UNSUPPORTED, "bytes in an array that are no UTF-8 text");
    *ret_text = s;
    return BRINE_OK;
}

static brine_status text_of_utf32(const struct brn_dtype *dtype, const uint8_t *p,
                                  struct brn_arena *arena, struct brn_slice *ret_text,
                                  brine_error *err)
{
    size_t characters = dtype->itemsize / 4, n = 0;
    while (characters && brn_load_le(p + 4 * (characters - 1), 4) == 0)
        characters--;
    uint8_t *out = brn_arena_alloc(arena, characters, 4, 1);
    if (!out)
        return brn_fail_memory(err);
    for (size_t i = 0; i < characters; i++) {
        uint64_t c = load(p + 4 * i, 4, dtype->swapped);
        if (c > 0x10ffff)
            return brn_fail(err, BRINE_FORMAT, "a character in an array that is beyond Unicode");
        n += brn_utf8_encode((uint32_t)c, out + n);
    }
    *ret_text = (struct brn_slice){out, n};
    return BRINE_OK;
}

brine_status brn_dtype_text(const struct brn_dtype *dtype, const uint8_t *p,
                            struct brn_arena *arena, struct brn_slice *ret_text, brine_error *err)
{
    if (dtype->kind == 'S')
        return text_of_bytes(dtype, p, ret_text, err);
    if (dtype->kind == 'U')
        return text_of_utf32(dtype, p, arena, ret_text, err);
    return brn_fail(err, BRINE_UNSUPPORTED, "an array of dtype %c where text is needed",
                    dtype->kind);
}
