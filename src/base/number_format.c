/* SPDX-License-Identifier: Apache-2.0
 *
 * The shortest decimal that reads back, nearest to the value where several are as short:
 * R. Giulietti, "The Schubfach way to render doubles" (2020).  The layout is CPython's
 * (Python/pystrtod.c, format_float_short with 'r'): an exponent below 1e-4 and from 1e16 on. */
#include "base/number.h"
#include "base/powers.h"

static int floor_log10_pow2(int e, bool three_quarters)
{
    return (e * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

static int floor_log2_pow10(int e)
{
    return (e * 1741647) >> 19;
}

/* 10^k, scaled to 128 bits and rounded up where it is not exact. */
static struct brn_power scaled_power(int k)
{
    struct brn_power power = brn_powers_of_five[k - BRN_POWER_FIRST];
    if (k < -27 || k > 55) {
        power.low++;
        power.high += power.low == 0;
    }
    return power;
}

/* The product's integer part; its lowest bit is set when the product is not an integer. */
static uint64_t multiply_to_odd(struct brn_power power, uint64_t factor)
{
    __uint128_t low = (__uint128_t)power.low * factor;
    __uint128_t sum = (__uint128_t)power.high * factor + (uint64_t)(low >> 64);
    return (uint64_t)(sum >> 64) | ((uint64_t)sum > 1);
}

struct decimal {
    uint64_t digits;
    int exponent;
};

/* c · 2^q, c != 0.  is_edge: c is the smallest of its binade, so that the neighbour below is
 * nearer. */
static struct decimal shortest(uint64_t c, int q, bool is_edge)
{
    int k = floor_log10_pow2(q, is_edge);
    int h = q + floor_log2_pow10(-k) + 1;
    struct brn_power power = scaled_power(-k);
    uint64_t at = multiply_to_odd(power, 4 * c << h);
    uint64_t lower = multiply_to_odd(power, (4 * c - 2 + is_edge) << h) + (c & 1);
    uint64_t upper = multiply_to_odd(power, (4 * c + 2) << h) - (c & 1);
    uint64_t s = at / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above)
            return (struct decimal){tens + above, k + 1};
    }
    bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above)
        return (struct decimal){s + above, k};
    uint64_t middle = 4 * s + 2;
    return (struct decimal){s + (at > middle || (at == middle && (s & 1))), k};
}

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536"
    "37383940414243444546474849505152535455565758596061626364656667686970717273"
    "74757677787980818283848586878889909192939495969798"
    "99";

/* The digits end at end; returns where they begin. */
static char *digits_before(uint64_t value, char *end)
{
    for (; value >= 100; value /= 100)
        memcpy(end -= 2, pairs + 2 * (value % 100), 2);
    if (value >= 10)
        memcpy(end -= 2, pairs + 2 * value, 2);
    else
        *--end = (char)('0' + value);
    return end;
}

static char *put(char *to, const char *from, size_t n)
{
    memcpy(to, from, n);
    return to + n;
}

static char *put_zeros(char *to, int n)
{
    memset(to, '0', (size_t)n);
    return to + n;
}

static char *put_exponent(char *to, int exponent)
{
    char room[8], *end = room + sizeof room;
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    char *begin = digits_before(size, end);
    if (size < 10)
        *--begin = '0';
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    return put(to, begin, (size_t)(end - begin));
}

/* n digits with the point behind the first `point` of them, which may lie outside of them. */
static char *layout(char *to, const char *digits, int n, int point)
{
    if (point > 16 || point <= -4) {
        *to++ = *digits;
        if (n > 1) {
            *to++ = '.';
            to = put(to, digits + 1, (size_t)n - 1);
        }
        return put_exponent(to, point - 1);
    }
    if (point <= 0) {
        to = put_zeros(put(to, "0.", 2), -point);
        return put(to, digits, (size_t)n);
    }
    if (point >= n)
        return put(put_zeros(put(to, digits, (size_t)n), point - n), ".0", 2);
    to = put(to, digits, (size_t)point);
    *to++ = '.';
    return put(to, digits + point, (size_t)(n - point));
}

static size_t finish(const char *begin, char *end)
{
    *end = '\0';
    return (size_t)(end - begin);
}

static size_t format_decimal(struct decimal decimal, bool is_negative, char *out)
{
    char room[24], *end = room + sizeof room, *to = out;
    char *begin = digits_before(decimal.digits, end);
    int point = (int)(end - begin) + decimal.exponent;
    while (end - begin > 1 && end[-1] == '0')
        end--;
    if (is_negative)
        *to++ = '-';
    return finish(out, layout(to, begin, (int)(end - begin), point));
}

static size_t format_special(bool is_nan, bool is_negative, char *out)
{
    const char *text = is_nan ? "nan" : is_negative ? "-inf" : "inf";
    return finish(out, put(out, text, strlen(text)));
}

/* mantissa bits and exponent as IEEE 754 stores them, of a format with that many mantissa bits. */
static size_t format_bits(uint64_t mantissa, int exponent, int mantissa_bits, int bias,
                          bool is_negative, char *out)
{
    struct decimal decimal = {0, 0};
    uint64_t c = exponent ? mantissa | (uint64_t)1 << mantissa_bits : mantissa;
    int q = (exponent ? exponent : 1) - bias - mantissa_bits;
    if (q <= 0 && q >= -mantissa_bits && (c & (((uint64_t)1 << -q) - 1)) == 0)
        decimal.digits = c >> -q; /* a small integer */
    else if (c)
        decimal = shortest(c, q, mantissa == 0 && exponent > 1);
    return format_decimal(decimal, is_negative, out);
}

size_t brn_format_double(double value, char out[BRN_NUMBER_TEXT])
{
    uint64_t bits, mask = ((uint64_t)1 << 52) - 1;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff);
    if (exponent == 0x7ff)
        return format_special(bits & mask, bits >> 63, out);
    return format_bits(bits & mask, exponent, 52, 1023, bits >> 63, out);
}

size_t brn_format_float(float value, char out[BRN_NUMBER_TEXT])
{
    uint32_t bits, mask = ((uint32_t)1 << 23) - 1;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 23 & 0xff);
    if (exponent == 0xff)
        return format_special(bits & mask, bits >> 31, out);
    return format_bits(bits & mask, exponent, 23, 127, bits >> 31, out);
}

static size_t format_integer(uint64_t magnitude, bool is_negative, char *out)
{
    char room[24], *end = room + sizeof room;
    char *begin = digits_before(magnitude, end);
    if (is_negative)
        *--begin = '-';
    return finish(out, put(out, begin, (size_t)(end - begin)));
}

size_t brn_format_uint64(uint64_t value, char out[BRN_NUMBER_TEXT])
{
    return format_integer(value, false, out);
}

size_t brn_format_int64(int64_t value, char out[BRN_NUMBER_TEXT])
{
    return format_integer(value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, out);
}
