/* SPDX-License-Identifier: Apache-2.0
 *
 * buffer.h - bytes that grow: output text, expanded streams.  The failure is sticky, so that a
 * writer appends a whole document and checks once. */
#ifndef BRN_BUFFER_H
#define BRN_BUFFER_H

#include "base/slice.h"

struct brn_buffer {
    uint8_t *data;
    size_t size, capacity;
    size_t limit; /* 0: none */
    bool failed;  /* memory is out, or the limit was reached; nothing is appended any more */
};

void brn_buffer_free(struct brn_buffer *b);

/* Room for n more bytes behind data + size, or NULL. */
uint8_t *brn_buffer_reserve(struct brn_buffer *b, size_t n);

void brn_buffer_add(struct brn_buffer *b, const void *bytes, size_t n);
void brn_buffer_text(struct brn_buffer *b, const char *text);
void brn_buffer_byte(struct brn_buffer *b, char c);
void brn_buffer_printf(struct brn_buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void brn_buffer_slice(struct brn_buffer *b, struct brn_slice s)
{
    brn_buffer_add(b, s.p, s.n);
}

static inline struct brn_slice brn_buffer_view(const struct brn_buffer *b)
{
    return (struct brn_slice){b->data, b->size};
}

#endif
