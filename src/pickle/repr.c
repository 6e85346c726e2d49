/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/repr.h"
#include "base/number.h"
#include "base/utf8.h"
#include "pickle/integer.h"
#include "pickle/text.h"

#include <inttypes.h>

static const struct {
    uint32_t first, last;
} escaped[] = {
#include "pickle/printable.inc"
};

static bool is_printable(uint32_t c)
{
    size_t low = 0, high = sizeof escaped / sizeof escaped[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > escaped[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low == sizeof escaped / sizeof escaped[0] || c < escaped[low].first;
}

/* Single quotes, unless only double ones save the escaping. */
static char quote_for(struct brn_slice s)
{
    bool has_single = s.n && memchr(s.p, '\'', s.n), has_double = s.n && memchr(s.p, '"', s.n);
    return has_single && !has_double ? '"' : '\'';
}

/* What repr() of text and of bytes escape alike; false when c is none of it. */
static bool put_common_escape(uint32_t c, char quote, struct brn_buffer *out)
{
    static const char from[] = "\t\n\r", to[] = "tnr";
    const char *found = c && c < 0x80 ? strchr(from, (int)c) : NULL;
    if (found)
        brn_buffer_printf(out, "\\%c", to[found - from]);
    else if (c == '\\' || (quote && c == (uint32_t)quote))
        brn_buffer_printf(out, "\\%c", (char)c);
    else if (c < 0x20 || c == 0x7f)
        brn_buffer_printf(out, "\\x%02x", c);
    else
        return false;
    return true;
}

static void put_character(uint32_t c, char quote, struct brn_buffer *out)
{
    uint8_t bytes[4];
    if (put_common_escape(c, quote, out))
        return;
    if (is_printable(c))
        brn_buffer_add(out, bytes, brn_utf8_encode(c, bytes));
    else if (c < 0x100)
        brn_buffer_printf(out, "\\x%02x", c);
    else
        brn_buffer_printf(out, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

void brn_repr_text(struct brn_slice text, struct brn_buffer *out)
{
    char quote = quote_for(text);
    brn_buffer_byte(out, quote);
    while (text.n)
        put_character(brn_text_next(&text), quote, out);
    brn_buffer_byte(out, quote);
}

void brn_repr_name(struct brn_slice text, struct brn_buffer *out)
{
    bool is_text = brn_text_valid(text) == text.n;
    while (text.n && is_text)
        put_character(brn_text_next(&text), '\0', out);
    for (size_t i = 0; i < text.n; i++)
        put_character(text.p[i], '\0', out);
}

void brn_repr_latin1(struct brn_slice bytes, struct brn_buffer *out)
{
    char quote = quote_for(bytes);
    brn_buffer_byte(out, quote);
    for (size_t i = 0; i < bytes.n; i++)
        put_character(bytes.p[i], quote, out);
    brn_buffer_byte(out, quote);
}

/* escaped_quote is the quote that gets a backslash. */
static void put_bytes(struct brn_slice bytes, char quote, char escaped_quote,
                      struct brn_buffer *out)
{
    brn_buffer_printf(out, "b%c", quote);
    for (size_t i = 0; i < bytes.n; i++) {
        if (put_common_escape(bytes.p[i], escaped_quote, out))
            continue;
        if (bytes.p[i] < 0x80)
            brn_buffer_byte(out, (char)bytes.p[i]);
        else
            brn_buffer_printf(out, "\\x%02x", bytes.p[i]);
    }
    brn_buffer_byte(out, quote);
}

void brn_repr_bytes(struct brn_slice bytes, struct brn_buffer *out)
{
    char quote = quote_for(bytes);
    put_bytes(bytes, quote, quote, out);
}

/* Objects/bytearrayobject.c, bytearray_repr: a single quote is escaped even between double ones. */
void brn_repr_bytearray(struct brn_slice bytes, struct brn_buffer *out)
{
    brn_buffer_text(out, "bytearray(");
    put_bytes(bytes, quote_for(bytes), '\'', out);
    brn_buffer_byte(out, ')');
}

void brn_repr_double(double value, struct brn_buffer *out)
{
    char text[BRN_NUMBER_TEXT];
    brn_buffer_add(out, text, brn_format_double(value, text));
}

/* The longest front of at most limit bytes that does not cut a character. */
static struct brn_slice cut_text(struct brn_slice s, size_t limit)
{
    if (limit == 0 || s.n <= limit)
        return s;
    while (limit && (s.p[limit] & 0xc0) == 0x80)
        limit--;
    return (struct brn_slice){s.p, limit};
}

static void put_cut(struct brn_slice whole, size_t limit,
                    void (*put)(struct brn_slice, struct brn_buffer *), struct brn_buffer *out)
{
    struct brn_slice front = cut_text(whole, limit);
    put(front, out);
    if (front.n < whole.n)
        brn_buffer_text(out, "…");
}

static void put_long(struct brn_slice bytes, size_t limit, struct brn_buffer *out)
{
    if (limit && bytes.n > 64)
        brn_buffer_printf(out, "an integer of %zu bytes", bytes.n);
    else
        brn_integer_decimal(bytes, out);
}

void brn_repr_atom(const struct brn_node *n, size_t limit, struct brn_buffer *out)
{
    switch ((enum brn_node_kind)n->kind) {
    case BRN_NONE:
        brn_buffer_text(out, "None");
        break;
    case BRN_BOOL:
        brn_buffer_text(out, n->as.boolean ? "True" : "False");
        break;
    case BRN_INT:
        brn_buffer_printf(out, "%" PRId64, n->as.integer);
        break;
    case BRN_LONG:
        put_long(n->as.bytes, limit, out);
        break;
    case BRN_FLOAT:
        brn_repr_double(n->as.real, out);
        break;
    case BRN_TEXT:
        put_cut(n->as.bytes, limit, brn_repr_text, out);
        break;
    case BRN_STRING:
        put_cut(n->as.bytes, limit, brn_repr_latin1, out);
        break;
    case BRN_BYTES:
        put_cut(n->as.bytes, limit, brn_repr_bytes, out);
        break;
    case BRN_BYTEARRAY:
        put_cut(n->as.bytes, limit, brn_repr_bytearray, out);
        break;
    case BRN_GLOBAL:
        brn_repr_name(n->as.global.module, out);
        brn_buffer_byte(out, '.');
        brn_repr_name(n->as.global.name, out);
        break;
    default:
        break;
    }
}
