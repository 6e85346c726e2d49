/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/argument_text.h"
#include "base/number.h"
#include "pickle/integer.h"
#include "pickle/repr.h"
#include "pickle/text.h"

#include <inttypes.h>

typedef void put_argument(const struct brn_argument *a, struct brn_buffer *out);

static void put_nothing(const struct brn_argument *a, struct brn_buffer *out)
{
    (void)a, (void)out;
}

static void put_unsigned(const struct brn_argument *a, struct brn_buffer *out)
{
    brn_buffer_printf(out, "%" PRIu64, a->number);
}

static void put_signed(const struct brn_argument *a, struct brn_buffer *out)
{
    brn_buffer_printf(out, "%" PRId64, (int64_t)a->number);
}

static void put_float(const struct brn_argument *a, struct brn_buffer *out)
{
    uint64_t bits = __builtin_bswap64(brn_load_le(a->bytes.p, 8));
    double value;
    memcpy(&value, &bits, sizeof value);
    brn_repr_double(value, out);
}

/* Decimal digits cost the square of their number; an opcode that the reader refused for that is
 * shown all the same. */
static bool is_too_long(struct brn_slice number, struct brn_buffer *out)
{
    enum { MOST_BYTES = 100000 };
    if (number.n <= MOST_BYTES)
        return false;
    brn_buffer_printf(out, "<an integer of %zu bytes>", number.n);
    return true;
}

static void put_long(const struct brn_argument *a, struct brn_buffer *out)
{
    if (!is_too_long(a->bytes, out))
        brn_integer_decimal(a->bytes, out);
}

static void put_latin1(const struct brn_argument *a, struct brn_buffer *out)
{
    brn_repr_latin1(a->bytes, out);
}

static void put_bytes(const struct brn_argument *a, struct brn_buffer *out)
{
    brn_repr_bytes(a->bytes, out);
}

static void put_bytearray(const struct brn_argument *a, struct brn_buffer *out)
{
    brn_repr_bytearray(a->bytes, out);
}

static void put_utf8(const struct brn_argument *a, struct brn_buffer *out)
{
    if (brn_text_valid(a->bytes) == a->bytes.n)
        brn_repr_text(a->bytes, out);
    else
        brn_repr_bytes(a->bytes, out);
}

/* ---- lines ---- */

static void put_integer_line(struct brn_slice line, struct brn_buffer *out)
{
    struct brn_integer integer;
    struct brn_arena arena;
    if (is_too_long(line, out))
        return;
    /* int(line), where the machine reads int(line, 0). */
    if (!brn_integer_scan_decimal(brn_integer_trim(line), &integer)) {
        brn_repr_bytes(line, out);
        return;
    }
    brn_arena_init(&arena, 0);
    struct brn_slice bytes = brn_integer_bytes(&integer, &arena);
    if (bytes.p)
        brn_integer_decimal(bytes, out);
    else
        out->failed = true;
    brn_arena_free(&arena);
}

static void put_int_line(const struct brn_argument *a, struct brn_buffer *out)
{
    if (brn_slice_is(a->bytes, "00") || brn_slice_is(a->bytes, "01"))
        brn_buffer_text(out, a->bytes.p[1] == '1' ? "True" : "False");
    else
        put_integer_line(a->bytes, out);
}

static void put_long_line(const struct brn_argument *a, struct brn_buffer *out)
{
    struct brn_slice line = a->bytes;
    line.n -= line.n && line.p[line.n - 1] == 'L';
    put_integer_line(line, out);
}

static void put_float_line(const struct brn_argument *a, struct brn_buffer *out)
{
    double value;
    if (brn_parse_double(brn_integer_trim(a->bytes), &value))
        brn_repr_double(value, out);
    else
        brn_repr_bytes(a->bytes, out);
}

/* Escapes undone, then shown as text where it is UTF-8, as bytes where it is not. */
static void put_decoded(struct brn_slice line,
                        enum brn_text_result (*decode)(struct brn_slice, struct brn_arena *,
                                                       struct brn_slice *),
                        struct brn_buffer *out)
{
    struct brn_arena arena;
    struct brn_slice text;
    brn_arena_init(&arena, 0);
    enum brn_text_result result = decode(line, &arena, &text);
    if (result == BRN_TEXT_NO_MEMORY)
        out->failed = true;
    else if (result == BRN_TEXT_OK && brn_text_valid(text) == text.n)
        brn_repr_text(text, out);
    else
        brn_repr_bytes(line, out);
    brn_arena_free(&arena);
}

static void put_quoted(const struct brn_argument *a, struct brn_buffer *out)
{
    struct brn_slice s = a->bytes;
    if (s.n >= 2)
        s = (struct brn_slice){s.p + 1, s.n - 2};
    put_decoded(s, brn_text_unescape, out);
}

static void put_unicode_line(const struct brn_argument *a, struct brn_buffer *out)
{
    put_decoded(a->bytes, brn_text_raw_unicode, out);
}

static void put_plain_line(const struct brn_argument *a, struct brn_buffer *out)
{
    put_decoded(a->bytes, brn_text_unescape, out);
}

static void put_pair(const struct brn_argument *a, struct brn_buffer *out)
{
    struct brn_buffer both = {0};
    brn_buffer_slice(&both, a->bytes);
    brn_buffer_byte(&both, ' ');
    brn_buffer_slice(&both, a->second);
    out->failed |= both.failed;
    if (!both.failed)
        put_decoded(brn_buffer_view(&both), brn_text_unescape, out);
    brn_buffer_free(&both);
}

void brn_argument_text(const struct brn_argument_kind *kind, const struct brn_argument *argument,
                       struct brn_buffer *out)
{
    static put_argument *const puts_of[] = {
        [BRN_FORM_NONE] = put_nothing,
        [BRN_FORM_UNSIGNED] = put_unsigned,
        [BRN_FORM_SIGNED] = put_signed,
        [BRN_FORM_FLOAT] = put_float,
        [BRN_FORM_LONG] = put_long,
        [BRN_FORM_LATIN1] = put_latin1,
        [BRN_FORM_BYTES] = put_bytes,
        [BRN_FORM_BYTEARRAY] = put_bytearray,
        [BRN_FORM_UTF8] = put_utf8,
        [BRN_FORM_INT_LINE] = put_int_line,
        [BRN_FORM_LONG_LINE] = put_long_line,
        [BRN_FORM_FLOAT_LINE] = put_float_line,
        [BRN_FORM_QUOTED_LINE] = put_quoted,
        [BRN_FORM_UNICODE_LINE] = put_unicode_line,
        [BRN_FORM_PLAIN_LINE] = put_plain_line,
        [BRN_FORM_LINE_PAIR] = put_pair,
    };
    puts_of[kind->form](argument, out);
}

uint64_t brn_argument_index(const struct brn_argument *argument)
{
    struct brn_integer integer;
    int64_t value = 0;
    if (brn_integer_scan_decimal(brn_integer_trim(argument->bytes), &integer))
        (void)brn_integer_value(&integer, &value);
    return (uint64_t)value;
}
