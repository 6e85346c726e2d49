/* SPDX-License-Identifier: Apache-2.0
 *
 * number.h - numbers to text and back, the same in every locale. */
#ifndef BRN_NUMBER_H
#define BRN_NUMBER_H

#include "base/slice.h"

enum { BRN_NUMBER_TEXT = 32 }; /* room for any number's text and its NUL */

/* Correctly rounded.  The whole of text must be a number: optional sign, decimal digits with
 * optional point and exponent, or nan, inf, infinity in any case.  False otherwise. */
bool brn_parse_double(struct brn_slice text, double *ret_value);

/* The whole of text must be a decimal integer in range. */
bool brn_parse_int64(struct brn_slice text, int64_t *ret_value);

/* The shortest text that reads back bit-equal, as Python's repr() writes it ("0.1", "1e-07", "nan",
 * "inf", "1.0").  Returns its length. */
size_t brn_format_double(double value, char out[BRN_NUMBER_TEXT]);

/* The same for a float32, shortest in float32. */
size_t brn_format_float(float value, char out[BRN_NUMBER_TEXT]);

size_t brn_format_int64(int64_t value, char out[BRN_NUMBER_TEXT]);
size_t brn_format_uint64(uint64_t value, char out[BRN_NUMBER_TEXT]);

/* ---- for parsers that find a number in a longer text ---- */

/* (-1)^is_negative · digits · 10^exponent, as written. */
struct brn_decimal {
    uint64_t digits;  /* the first 19 significant ones */
    int32_t exponent; /* clamped far outside the range of float64 */
    bool is_negative;
    bool is_cut;                /* there were more significant digits */
    bool is_integer;            /* neither point nor exponent */
    const uint8_t *begin, *end; /* of the digits and point in the text, without sign and exponent */
    const uint8_t *point;       /* or NULL */
};

/* Reads an optional '-' or '+', digits, point and exponent from p on.  The byte behind them, or
 * NULL when there is no digit or an exponent has none. */
const uint8_t *brn_decimal_scan(const uint8_t *p, const uint8_t *end, struct brn_decimal *d);

/* Correctly rounded; infinite above the range. */
double brn_decimal_double(const struct brn_decimal *decimal);

#endif
