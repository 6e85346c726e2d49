/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include "base/powers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

const struct brn_power brn_powers_of_five[] = {
#include "base/powers.inc"
};

enum { MAX_DIGITS = 19, FAR = 1 << 20 /* an exponent beyond all doubt */ };

static bool is_digit(const uint8_t *p, const uint8_t *end)
{
    return p < end && (unsigned)(*p - '0') < 10;
}

/* Eight digits at once: sums of neighbours, then of pairs, then of fours. */
static bool take_eight(const uint8_t *p, const uint8_t *end, uint64_t *value)
{
    if (end - p < 8)
        return false;
    uint64_t v;
    memcpy(&v, p, sizeof v);
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        v = __builtin_bswap64(v);
    uint64_t above = v + 0x4646464646464646u, below = v - 0x3030303030303030u;
    if ((above | below) & 0x8080808080808080u)
        return false;
    v = below * 10 + (below >> 8);
    v = ((v & 0x000000ff000000ffu) * 0x000f424000000064u +
         (v >> 16 & 0x000000ff000000ffu) * 0x0000271000000001u) >>
        32;
    *value = *value * 100000000 + (uint32_t)v;
    return true;
}

static const uint8_t *take_digits(const uint8_t *p, const uint8_t *end, uint64_t *value)
{
    while (take_eight(p, end, value))
        p += 8;
    for (; is_digit(p, end); p++)
        *value = *value * 10 + (uint64_t)(*p - '0');
    return p;
}

/* More than 19 digits stand there: leading zeros do not count, and of the rest the first 19 stay.
 */
static void cut_digits(struct brn_decimal *d)
{
    const uint8_t *p = d->begin;
    while (p < d->end && (*p == '0' || *p == '.'))
        p++;
    int taken = 0;
    d->digits = 0;
    for (; p < d->end && taken < MAX_DIGITS; p++)
        if (*p != '.') {
            d->digits = d->digits * 10 + (uint64_t)(*p - '0');
            taken++;
        }
    /* what is left out shifts the point */
    const uint8_t *point = d->point ? d->point : d->end;
    if (p < d->end) {
        d->is_cut = true;
        int64_t shift = p <= point ? point - p : -(p - point - 1);
        d->exponent = shift > FAR ? FAR : shift < -FAR ? -FAR : (int32_t)shift;
    }
}

static const uint8_t *scan_exponent(const uint8_t *p, const uint8_t *end, struct brn_decimal *d)
{
    int32_t value = 0;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (!is_digit(p, end))
        return NULL;
    for (; is_digit(p, end); p++)
        if (value < FAR)
            value = value * 10 + (*p - '0');
    d->exponent += negative ? -value : value;
    d->is_integer = false;
    return p;
}

const uint8_t *brn_decimal_scan(const uint8_t *p, const uint8_t *end, struct brn_decimal *d)
{
    *d = (struct brn_decimal){.is_integer = true};
    if (p < end && (*p == '-' || *p == '+'))
        d->is_negative = *p++ == '-';
    d->begin = p;
    p = take_digits(p, end, &d->digits);
    ptrdiff_t count = p - d->begin;
    if (p < end && *p == '.') {
        d->point = p;
        p = take_digits(p + 1, end, &d->digits);
        ptrdiff_t behind = p - d->point - 1;
        count += behind;
        d->exponent = behind > FAR ? -FAR : -(int32_t)behind;
        d->is_integer = false;
    }
    d->end = p;
    if (count == 0)
        return NULL;
    if (count > MAX_DIGITS)
        cut_digits(d);
    return p < end && (*p == 'e' || *p == 'E') ? scan_exponent(p + 1, end, d) : p;
}

static double assemble(uint64_t mantissa, int32_t biased_exponent)
{
    uint64_t bits = mantissa | (uint64_t)biased_exponent << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The two high words of w · 5^q, as exact as rounding needs. */
static __uint128_t product(uint64_t w, int32_t q)
{
    const struct brn_power *power = &brn_powers_of_five[q - BRN_POWER_FIRST];
    __uint128_t first = (__uint128_t)w * power->high;
    if ((uint64_t)(first >> 64 & 0x1ff) == 0x1ff) /* a carry from below could reach the mantissa */
        first += (__uint128_t)w * power->low >> 64;
    return first;
}

static double subnormal(uint64_t mantissa, int32_t shift)
{
    if (shift >= 64)
        return 0;
    mantissa >>= shift;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    return assemble(mantissa, 0); /* 2^52 carries into the exponent, as it should */
}

/* floor(q · log2(10)); the multiple of 2^16 keeps what is shifted from being negative. */
static int32_t floor_log2_pow10(int32_t q)
{
    return ((217706 * q + (2048 << 16)) >> 16) - 2048;
}

/* w · 10^q rounded to even.  D. Lemire, "Number Parsing at a Gigabyte per Second" (2021), and
 * N. Mushtak, D. Lemire, "Fast Number Parsing Without Fallback" (2022). */
static double scale(uint64_t w, int32_t q)
{
    if (w == 0 || q < BRN_POWER_FIRST)
        return 0;
    if (q > 308)
        return (double)INFINITY;
    int lz = __builtin_clzll(w);
    __uint128_t p = product(w << lz, q);
    uint64_t high = (uint64_t)(p >> 64), low = (uint64_t)p;
    int top = (int)(high >> 63);
    uint64_t mantissa = high >> (top + 9);
    int32_t exponent = floor_log2_pow10(q) + 63 + top - lz + 1023;
    if (exponent <= 0)
        return subnormal(mantissa, 1 - exponent);
    /* halfway, and exactly so: to even, that is down */
    if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << (top + 9) == high)
        mantissa &= ~(uint64_t)1;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >> 53) {
        mantissa >>= 1;
        exponent++;
    }
    return exponent >= 2047 ? (double)INFINITY
                            : assemble(mantissa & (((uint64_t)1 << 52) - 1), exponent);
}

/* More than 19 digits, and the rest decides: at most 768 of them can matter, then whether any is
 * not zero.  strtod() sees digits and an exponent alone, in which no locale has a say. */
static double scale_long(const struct brn_decimal *d)
{
    enum { ENOUGH = 800 };
    char text[ENOUGH + 32];
    int n = 0;
    bool rest = false;
    const uint8_t *p = d->begin;
    while (*p == '0' || *p == '.')
        p++;
    for (; p < d->end; p++) {
        if (*p == '.')
            continue;
        if (n < ENOUGH)
            text[n++] = (char)*p;
        else
            rest |= *p != '0';
    }
    int exponent = d->exponent - (n - MAX_DIGITS);
    if (rest) {
        text[n++] = '1';
        exponent--;
    }
    snprintf(text + n, 32, "e%d", exponent);
    return strtod(text, NULL);
}

static double magnitude(const struct brn_decimal *d)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->digits >> 53 == 0 && d->exponent >= -22 && d->exponent <= 22 && !d->is_cut)
        return d->exponent < 0 ? (double)d->digits / exact[-d->exponent]
                               : (double)d->digits * exact[d->exponent];
    double value = scale(d->digits, d->exponent);
    return d->is_cut && value != scale(d->digits + 1, d->exponent) ? scale_long(d) : value;
}

double brn_decimal_double(const struct brn_decimal *decimal)
{
    double value = magnitude(decimal);
    return decimal->is_negative ? -value : value;
}

static bool parse_special(struct brn_slice text, double *ret_value)
{
    static const struct {
        const char *name;
        double value;
    } specials[] = {
        {"nan", (double)NAN}, {"inf", (double)INFINITY}, {"infinity", (double)INFINITY}};
    bool sign = text.n && (text.p[0] == '-' || text.p[0] == '+');
    bool negative = sign && text.p[0] == '-';
    size_t n = text.n - sign;
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        if (n == strlen(specials[i].name) &&
            strncasecmp((const char *)text.p + sign, specials[i].name, n) == 0) {
            *ret_value = negative ? -specials[i].value : specials[i].value;
            return true;
        }
    return false;
}

bool brn_parse_double(struct brn_slice text, double *ret_value)
{
    struct brn_decimal decimal;
    if (text.n == 0)
        return false;
    const uint8_t *end = text.p + text.n;
    if (brn_decimal_scan(text.p, end, &decimal) != end)
        return parse_special(text, ret_value);
    *ret_value = brn_decimal_double(&decimal);
    return true;
}

bool brn_parse_int64(struct brn_slice text, int64_t *ret_value)
{
    if (text.n == 0)
        return false;
    const uint8_t *p = text.p, *end = text.p + text.n;
    bool negative = *p == '-';
    int64_t value = 0;
    if (*p == '-' || *p == '+')
        p++;
    if (p == end)
        return false;
    for (; is_digit(p, end); p++) {
        int digit = *p - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    if (p == end)
        *ret_value = value;
    return p == end;
}
