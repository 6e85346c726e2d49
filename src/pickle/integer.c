/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/integer.h"
#include "base/reader.h"

#include <stdlib.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct brn_slice brn_integer_trim(struct brn_slice text)
{
    for (; text.n && is_space(text.p[0]); text.p++)
        text.n--;
    while (text.n && is_space(text.p[text.n - 1]))
        text.n--;
    return text;
}

static unsigned digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10u : 99;
}

static unsigned base_of_prefix(struct brn_slice s)
{
    static const struct {
        char letter;
        unsigned base;
    } prefixes[] = {{'x', 16}, {'o', 8}, {'b', 2}};
    if (s.n < 3 || s.p[0] != '0')
        return 10;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if ((s.p[1] | 0x20) == prefixes[i].letter)
            return prefixes[i].base;
    return 10;
}

/* Digits of the base; single underscores between them (and behind a prefix) are Python's. */
static bool are_digits(struct brn_slice s, unsigned base, bool *ret_underscores)
{
    bool after_digit = base != 10;
    *ret_underscores = false;
    for (size_t i = 0; i < s.n; i++) {
        bool underscore = s.p[i] == '_';
        if (underscore ? !after_digit : digit_of(s.p[i]) >= base)
            return false;
        *ret_underscores |= underscore;
        after_digit = !underscore;
    }
    return s.n && s.p[s.n - 1] != '_';
}

static bool all_zeros(struct brn_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '0' && s.p[i] != '_')
            return false;
    return true;
}

enum brn_integer_form brn_integer_scan(struct brn_slice text, struct brn_integer *ret_integer)
{
    bool sign = text.n && (text.p[0] == '-' || text.p[0] == '+'), underscores;
    ret_integer->negative = sign && text.p[0] == '-';
    struct brn_slice s = {text.p + sign, text.n - sign};
    unsigned base = base_of_prefix(s);
    if (base != 10)
        s = (struct brn_slice){s.p + 2, s.n - 2};
    ret_integer->base = base;
    ret_integer->digits = s;
    if (!are_digits(s, base, &underscores))
        return BRN_INTEGER_BAD;
    if (base == 10 && s.n > 1 && s.p[0] == '0' && !all_zeros(s)) {
        ret_integer->base = 8;
        return are_digits(s, 8, &underscores) && !underscores ? BRN_INTEGER_C_OCTAL
                                                              : BRN_INTEGER_BAD;
    }
    return base != 10 || underscores ? BRN_INTEGER_PYTHON : BRN_INTEGER_PLAIN;
}

bool brn_integer_scan_decimal(struct brn_slice text, struct brn_integer *ret_integer)
{
    bool sign = text.n && (text.p[0] == '-' || text.p[0] == '+'), underscores;
    ret_integer->negative = sign && text.p[0] == '-';
    ret_integer->base = 10;
    ret_integer->digits = (struct brn_slice){text.p + sign, text.n - sign};
    return are_digits(ret_integer->digits, 10, &underscores);
}

bool brn_integer_value(const struct brn_integer *integer, int64_t *ret_value)
{
    int64_t value = 0;
    for (size_t i = 0; i < integer->digits.n; i++) {
        if (integer->digits.p[i] == '_')
            continue;
        int64_t digit = digit_of(integer->digits.p[i]);
        if (__builtin_mul_overflow(value, (int64_t)integer->base, &value) ||
            __builtin_add_overflow(value, integer->negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

/* value = value * factor + more, over size little-endian bytes. */
static void multiply_add(uint8_t *value, size_t size, uint64_t factor, uint64_t more)
{
    __uint128_t carry = more;
    for (size_t i = 0; i < size; i += 4) {
        carry += (__uint128_t)brn_load_le(value + i, 4) * factor;
        for (size_t k = 0; k < 4; k++)
            value[i + k] = (uint8_t)(carry >> (8 * k));
        carry >>= 32;
    }
}

static void negate(uint8_t *value, size_t size)
{
    unsigned carry = 1;
    for (size_t i = 0; i < size; i++) {
        carry += (uint8_t)~value[i];
        value[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

struct brn_slice brn_integer_bytes(const struct brn_integer *integer, struct brn_arena *arena)
{
    size_t size = (integer->digits.n / 2 + 8) & ~(size_t)3; /* four bits a digit, and the sign */
    uint8_t *value = brn_arena_alloc(arena, size, 1, 4);
    if (!value)
        return (struct brn_slice){NULL, 0};
    uint64_t chunk = 0, factor = 1;
    for (size_t i = 0; i < integer->digits.n; i++) {
        if (integer->digits.p[i] == '_')
            continue;
        chunk = chunk * integer->base + digit_of(integer->digits.p[i]);
        factor *= integer->base;
        if (factor > UINT64_MAX / 16 / 16) {
            multiply_add(value, size, factor, chunk);
            chunk = 0, factor = 1;
        }
    }
    multiply_add(value, size, factor, chunk);
    if (integer->negative)
        negate(value, size);
    return brn_integer_shortest((struct brn_slice){value, size});
}

struct brn_slice brn_integer_shortest(struct brn_slice bytes)
{
    while (bytes.n > 1) {
        uint8_t last = bytes.p[bytes.n - 1], sign = (bytes.p[bytes.n - 2] & 0x80) ? 0xff : 0;
        if (last != sign)
            break;
        bytes.n--;
    }
    return bytes;
}

int64_t brn_integer_small(struct brn_slice bytes)
{
    if (bytes.n == 0)
        return 0;
    uint64_t value = brn_load_le(bytes.p, bytes.n);
    unsigned unused = 64 - 8 * (unsigned)bytes.n;
    return (int64_t)(value << unused) >> unused;
}

/* value /= 10^9; the remainder. */
static uint32_t divide(uint32_t *value, size_t *size)
{
    uint64_t rest = 0;
    for (size_t i = *size; i-- > 0;) {
        rest = rest << 32 | value[i];
        value[i] = (uint32_t)(rest / 1000000000);
        rest %= 1000000000;
    }
    while (*size && value[*size - 1] == 0)
        --*size;
    return (uint32_t)rest;
}

/* The magnitude in 32-bit words; NULL when memory is out. */
static uint32_t *magnitude(struct brn_slice bytes, bool negative, size_t *ret_size)
{
    size_t size = bytes.n / 4 + 1;
    uint32_t *words = calloc(size, sizeof *words);
    if (!words)
        return NULL;
    for (size_t i = 0; i < 4 * size; i++) {
        uint8_t b = i < bytes.n ? bytes.p[i] : (negative ? 0xff : 0);
        words[i / 4] |= (uint32_t)b << (8 * (i % 4));
    }
    uint64_t carry = 1;
    for (size_t i = 0; negative && i < size; i++) {
        carry += (uint32_t)~words[i];
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    *ret_size = size;
    return words;
}

void brn_integer_decimal(struct brn_slice bytes, struct brn_buffer *out)
{
    bool negative = bytes.n && (bytes.p[bytes.n - 1] & 0x80);
    size_t size, parts = 0;
    uint32_t *words = magnitude(bytes, negative, &size);
    uint32_t *digits = calloc(bytes.n / 3 + 2, sizeof *digits);
    if (!words || !digits) {
        out->failed = true;
    } else {
        do
            digits[parts++] = divide(words, &size);
        while (size);
        brn_buffer_printf(out, "%s%u", negative ? "-" : "", digits[--parts]);
        while (parts)
            brn_buffer_printf(out, "%09u", digits[--parts]);
    }
    free(words);
    free(digits);
}
