/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static uint64_t level_bit(const struct brn_json_writer *w)
{
    return (uint64_t)1 << (w->depth - 1);
}

static void new_line(struct brn_json_writer *w)
{
    if (!w->indent)
        return;
    brn_buffer_byte(w->out, '\n');
    for (uint32_t i = 0; i < w->depth * w->indent; i++)
        brn_buffer_byte(w->out, ' ');
}

/* In front of a key, or of a value that has none. */
static void begin_item(struct brn_json_writer *w)
{
    if (w->after_key || w->depth == 0) {
        w->after_key = false;
        return;
    }
    if (w->has_items & level_bit(w))
        brn_buffer_byte(w->out, ',');
    w->has_items |= level_bit(w);
    new_line(w);
}

static void begin_container(struct brn_json_writer *w, char bracket)
{
    begin_item(w);
    brn_buffer_byte(w->out, bracket);
    assert(w->depth < 64);
    w->depth++;
    w->has_items &= ~level_bit(w);
}

static void end_container(struct brn_json_writer *w, char bracket)
{
    assert(w->depth > 0 && !w->after_key);
    bool has_items = w->has_items & level_bit(w);
    w->depth--;
    if (has_items)
        new_line(w);
    brn_buffer_byte(w->out, bracket);
}

void brn_json_begin_object(struct brn_json_writer *w)
{
    begin_container(w, '{');
}

void brn_json_end_object(struct brn_json_writer *w)
{
    end_container(w, '}');
}

void brn_json_begin_array(struct brn_json_writer *w)
{
    begin_container(w, '[');
}

void brn_json_end_array(struct brn_json_writer *w)
{
    end_container(w, ']');
}

static void put_control(struct brn_buffer *out, uint8_t c)
{
    static const char from[] = "\b\f\n\r\t", to[] = "bfnrt", digits[] = "0123456789abcdef";
    const char *known = c ? strchr(from, c) : NULL;
    brn_buffer_byte(out, '\\');
    if (known) {
        brn_buffer_byte(out, to[known - from]);
        return;
    }
    brn_buffer_text(out, "u00");
    brn_buffer_byte(out, digits[c >> 4]);
    brn_buffer_byte(out, digits[c & 15]);
}

static const uint8_t *plain_run(const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p >= 0x20 && *p != '"' && *p != '\\') {
        size_t n = brn_utf8_length(p, end);
        if (n == 0)
            break;
        p += n;
    }
    return p;
}

static void put_string(struct brn_buffer *out, struct brn_slice text)
{
    const uint8_t *p = text.p, *end = text.n ? text.p + text.n : p;
    brn_buffer_byte(out, '"');
    while (p < end) {
        const uint8_t *run = p;
        p = plain_run(p, end);
        brn_buffer_add(out, run, (size_t)(p - run));
        if (p == end)
            break;
        if (*p >= 0x80)
            brn_buffer_text(out, "\xef\xbf\xbd");
        else if (*p < 0x20)
            put_control(out, *p);
        else
            brn_buffer_add(out, *p == '"' ? "\\\"" : "\\\\", 2);
        p++;
    }
    brn_buffer_byte(out, '"');
}

void brn_json_key_slice(struct brn_json_writer *w, struct brn_slice key)
{
    assert(!w->after_key);
    begin_item(w);
    put_string(w->out, key);
    brn_buffer_text(w->out, w->indent ? ": " : ":");
    w->after_key = true;
}

void brn_json_key(struct brn_json_writer *w, const char *key)
{
    brn_json_key_slice(w, brn_slice_of(key));
}

void brn_json_null(struct brn_json_writer *w)
{
    begin_item(w);
    brn_buffer_text(w->out, "null");
}

void brn_json_bool(struct brn_json_writer *w, bool value)
{
    begin_item(w);
    brn_buffer_text(w->out, value ? "true" : "false");
}

void brn_json_int(struct brn_json_writer *w, int64_t value)
{
    char text[BRN_NUMBER_TEXT];
    begin_item(w);
    brn_buffer_add(w->out, text, brn_format_int64(value, text));
}

void brn_json_uint(struct brn_json_writer *w, uint64_t value)
{
    char text[BRN_NUMBER_TEXT];
    begin_item(w);
    brn_buffer_add(w->out, text, brn_format_uint64(value, text));
}

void brn_json_double(struct brn_json_writer *w, double value)
{
    char text[BRN_NUMBER_TEXT];
    if (!isfinite(value)) {
        brn_json_null(w);
        return;
    }
    begin_item(w);
    brn_buffer_add(w->out, text, brn_format_double(value, text));
}

void brn_json_number(struct brn_json_writer *w, struct brn_slice text)
{
    begin_item(w);
    brn_buffer_slice(w->out, text);
}

void brn_json_slice(struct brn_json_writer *w, struct brn_slice text)
{
    begin_item(w);
    put_string(w->out, text);
}

void brn_json_string(struct brn_json_writer *w, const char *text)
{
    brn_json_slice(w, brn_slice_of(text));
}

void brn_json_printf(struct brn_json_writer *w, const char *format, ...)
{
    struct brn_buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *room = n < 0 ? NULL : (char *)brn_buffer_reserve(&text, (size_t)n + 1);
    if (!room) {
        w->out->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(room, (size_t)n + 1, format, arguments);
    va_end(arguments);
    brn_json_slice(w, (struct brn_slice){text.data, (size_t)n});
    brn_buffer_free(&text);
}
