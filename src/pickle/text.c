/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/text.h"
#include "base/utf8.h"

static size_t ascii_prefix(struct brn_slice s)
{
    size_t i = 0;
    uint64_t word;
    for (; i + 8 <= s.n; i += 8) {
        memcpy(&word, s.p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < s.n && s.p[i] < 0x80)
        i++;
    return i;
}

static bool is_surrogate(struct brn_slice s)
{
    return s.n >= 3 && s.p[0] == 0xed && s.p[1] >= 0xa0 && s.p[1] <= 0xbf && (s.p[2] >> 6) == 2;
}

size_t brn_text_valid(struct brn_slice bytes)
{
    size_t at = ascii_prefix(bytes);
    while (at < bytes.n) {
        struct brn_slice rest = {bytes.p + at, bytes.n - at};
        size_t valid = is_surrogate(rest) ? 3 : brn_utf8_valid(rest);
        if (valid == 0)
            break;
        at += valid;
    }
    return at;
}

uint32_t brn_text_next(struct brn_slice *s)
{
    uint8_t lead = s->p[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t c = length == 1 ? lead : lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (s->p[i] & 0x3f);
    *s = (struct brn_slice){s->p + length, s->n - length};
    return c;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* count hexadecimal digits at the front of in; false when there are fewer. */
static bool hex(struct brn_slice in, size_t count, uint32_t *ret_value)
{
    uint32_t value = 0;
    if (in.n < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(in.p[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *ret_value = value;
    return true;
}

static bool needs_decoding(struct brn_slice in)
{
    return ascii_prefix(in) < in.n || memchr(in.p, '\\', in.n);
}

/* One character or escape at in->p; the code point, or UINT32_MAX when the escape is bad.  A
 * backslash takes the next byte with it, so that only an odd number of them starts an escape. */
static uint32_t next_raw_unicode(struct brn_slice *in, uint8_t *ret_second)
{
    *ret_second = 0;
    uint8_t c = in->p[0];
    *in = (struct brn_slice){in->p + 1, in->n - 1};
    if (c != '\\' || in->n == 0)
        return c;
    uint8_t letter = in->p[0];
    *in = (struct brn_slice){in->p + 1, in->n - 1};
    size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    uint32_t value;
    if (digits == 0) {
        *ret_second = letter;
        return c;
    }
    if (!hex(*in, digits, &value) || value > 0x10ffff)
        return UINT32_MAX;
    *in = (struct brn_slice){in->p + digits, in->n - digits};
    return value;
}

enum brn_text_result brn_text_raw_unicode(struct brn_slice in, struct brn_arena *arena,
                                          struct brn_slice *ret_text)
{
    *ret_text = in;
    if (in.n == 0 || !needs_decoding(in))
        return BRN_TEXT_OK;
    /* A byte becomes two at most; an escape of six or ten bytes four at most. */
    uint8_t *out = brn_arena_alloc(arena, in.n, 2, 1), second;
    size_t n = 0;
    if (!out)
        return BRN_TEXT_NO_MEMORY;
    while (in.n) {
        uint32_t c = next_raw_unicode(&in, &second);
        if (c == UINT32_MAX)
            return BRN_TEXT_BAD;
        n += brn_utf8_encode(c, out + n);
        if (second)
            n += brn_utf8_encode(second, out + n);
    }
    *ret_text = (struct brn_slice){out, n};
    return BRN_TEXT_OK;
}

/* Up to three octal digits at the front of in. */
static uint8_t octal(struct brn_slice *in)
{
    unsigned value = 0;
    for (int i = 0; i < 3 && in->n && in->p[0] >= '0' && in->p[0] <= '7'; i++) {
        value = value * 8 + (in->p[0] - '0');
        *in = (struct brn_slice){in->p + 1, in->n - 1};
    }
    return (uint8_t)value;
}

/* Behind a backslash: writes what the escape stands for; -1 when it is bad, else the bytes written.
 */
static int unescape_one(struct brn_slice *in, uint8_t *out)
{
    static const char letters[] = "\\'\"bftnrva", values[] = "\\'\"\b\f\t\n\r\v\a";
    uint32_t value;
    if (in->n == 0)
        return -1;
    uint8_t c = in->p[0];
    if (c >= '0' && c <= '7') {
        out[0] = octal(in);
        return 1;
    }
    *in = (struct brn_slice){in->p + 1, in->n - 1};
    if (c == '\n')
        return 0;
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter) {
        out[0] = (uint8_t)values[letter - letters];
        return 1;
    }
    if (c == 'x') {
        if (!hex(*in, 2, &value))
            return -1;
        *in = (struct brn_slice){in->p + 2, in->n - 2};
        out[0] = (uint8_t)value;
        return 1;
    }
    out[0] = '\\';
    out[1] = c;
    return 2;
}

enum brn_text_result brn_text_unescape(struct brn_slice in, struct brn_arena *arena,
                                       struct brn_slice *ret_bytes)
{
    *ret_bytes = in;
    if (in.n == 0 || !memchr(in.p, '\\', in.n))
        return BRN_TEXT_OK;
    uint8_t *out = brn_arena_alloc(arena, in.n, 1, 1);
    size_t n = 0;
    if (!out)
        return BRN_TEXT_NO_MEMORY;
    while (in.n) {
        uint8_t c = in.p[0];
        in = (struct brn_slice){in.p + 1, in.n - 1};
        int written = 1;
        if (c == '\\')
            written = unescape_one(&in, out + n);
        else
            out[n] = c;
        if (written < 0)
            return BRN_TEXT_BAD;
        n += (size_t)written;
    }
    *ret_bytes = (struct brn_slice){out, n};
    return BRN_TEXT_OK;
}

enum brn_text_result brn_text_latin1(struct brn_slice text, struct brn_arena *arena,
                                     struct brn_slice *ret_bytes)
{
    *ret_bytes = text;
    if (ascii_prefix(text) == text.n)
        return BRN_TEXT_OK;
    uint8_t *out = brn_arena_alloc(arena, text.n, 1, 1);
    size_t n = 0;
    if (!out)
        return BRN_TEXT_NO_MEMORY;
    while (text.n) {
        uint32_t c = brn_text_next(&text);
        if (c > 0xff)
            return BRN_TEXT_BAD;
        out[n++] = (uint8_t)c;
    }
    *ret_bytes = (struct brn_slice){out, n};
    return BRN_TEXT_OK;
}

void brn_text_escape(struct brn_slice bytes, char *out, size_t size)
{
    static const char hex_digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < bytes.n && at + 5 <= size; i++) {
        uint8_t c = bytes.p[i];
        if (c >= 0x20 && c < 0x7f) {
            out[at++] = (char)c;
            continue;
        }
        out[at++] = '\\';
        out[at++] = 'x';
        out[at++] = hex_digits[c >> 4];
        out[at++] = hex_digits[c & 15];
    }
    out[at] = '\0';
}
