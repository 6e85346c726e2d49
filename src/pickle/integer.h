/* SPDX-License-Identifier: Apache-2.0
 *
 * integer.h - whole numbers of any size, as pickles write them: text to two's complement and back.
 */
#ifndef BRN_PICKLE_INTEGER_H
#define BRN_PICKLE_INTEGER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/slice.h"

/* Without the white space that Python's int() ignores at both ends. */
struct brn_slice brn_integer_trim(struct brn_slice text);

enum brn_integer_form {
    BRN_INTEGER_BAD,
    BRN_INTEGER_PLAIN,   /* sign and decimal digits, as picklers write it */
    BRN_INTEGER_PYTHON,  /* only int(text, 0) takes it: 0x1f, 0o17, 0b1, 1_000 */
    BRN_INTEGER_C_OCTAL, /* leading zeros: strtol() reads octal, int(text, 0) refuses */
};

struct brn_integer {
    bool negative;
    unsigned base;
    struct brn_slice digits; /* without sign and prefix; underscores still in it */
};

/* What kind of number the (trimmed) text is. */
enum brn_integer_form brn_integer_scan(struct brn_slice text, struct brn_integer *ret_integer);

/* The same for int(text), which is decimal whatever zeros lead; false when it is no number. */
bool brn_integer_scan_decimal(struct brn_slice text, struct brn_integer *ret_integer);

/* The value when it fits int64_t; false otherwise. */
bool brn_integer_value(const struct brn_integer *integer, int64_t *ret_value);

/* Its value in two's complement, little-endian, as short as possible (0 is one zero byte), in the
 * arena. Empty with p NULL when memory is out.  Quadratic: the caller has limited the digits. */
struct brn_slice brn_integer_bytes(const struct brn_integer *integer, struct brn_arena *arena);

/* Without redundant sign bytes; at least one byte stays. */
struct brn_slice brn_integer_shortest(struct brn_slice bytes);

/* Two's complement of at most eight bytes; 0 when empty. */
int64_t brn_integer_small(struct brn_slice bytes);

/* Appends the decimal text of two's complement bytes of any length.  Quadratic in the length. */
void brn_integer_decimal(struct brn_slice bytes, struct brn_buffer *out);

#endif
