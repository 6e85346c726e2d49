/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void brn_buffer_free(struct brn_buffer *b)
{
    free(b->data);
    *b = (struct brn_buffer){.limit = b->limit};
}

static bool over_limit(const struct brn_buffer *b, size_t wanted)
{
    return wanted < b->size || (b->limit && wanted > b->limit);
}

uint8_t *brn_buffer_reserve(struct brn_buffer *b, size_t n)
{
    if (b->failed)
        return NULL;
    size_t wanted = b->size + n;
    if (over_limit(b, wanted)) {
        b->failed = true;
        return NULL;
    }
    if (wanted > b->capacity) {
        size_t capacity = b->capacity + b->capacity / 2;
        if (capacity < wanted)
            capacity = wanted < 256 ? 256 : wanted;
        uint8_t *data = realloc(b->data, capacity);
        if (!data) {
            b->failed = true;
            return NULL;
        }
        b->data = data;
        b->capacity = capacity;
    }
    return b->data + b->size;
}

void brn_buffer_add(struct brn_buffer *b, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    uint8_t *room = brn_buffer_reserve(b, n);
    if (!room)
        return;
    memcpy(room, bytes, n);
    b->size += n;
}

void brn_buffer_text(struct brn_buffer *b, const char *text)
{
    brn_buffer_add(b, text, strlen(text));
}

void brn_buffer_byte(struct brn_buffer *b, char c)
{
    brn_buffer_add(b, &c, 1);
}

void brn_buffer_printf(struct brn_buffer *b, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    uint8_t *room = n < 0 ? NULL : brn_buffer_reserve(b, (size_t)n + 1);
    if (!room)
        return;
    va_start(arguments, format);
    vsnprintf((char *)room, (size_t)n + 1, format, arguments);
    va_end(arguments);
    b->size += (size_t)n;
}
