/* SPDX-License-Identifier: Apache-2.0
 *
 * number.h - numbers to text and back, the same in every locale. */
#ifndef BRN_NUMBER_H
#define BRN_NUMBER_H

#include "base/slice.h"

enum { BRN_NUMBER_TEXT = 32 }; /* room for any number's text and its NUL */

/* Correctly rounded.  The whole of text must be a number: optional sign, decimal digits with optional
 * point and exponent, or nan, inf, infinity in any case.  False otherwise. */
bool brn_parse_double(struct brn_slice text, double *ret_value);

/* The whole of text must be a decimal integer in range. */
bool brn_parse_int64(struct brn_slice text, int64_t *ret_value);

/* The shortest text that reads back bit-equal, as Python's repr() writes it ("0.1", "1e-07", "nan",
 * "inf", "1.0").  Returns its length. */
size_t brn_format_double(double value, char out[BRN_NUMBER_TEXT]);

/* The same for a float32, shortest in float32. */
size_t brn_format_float(float value, char out[BRN_NUMBER_TEXT]);

size_t brn_format_int64(int64_t value, char out[BRN_NUMBER_TEXT]);

#endif
