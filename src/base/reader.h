/* SPDX-License-Identifier: Apache-2.0
 *
 * reader.h - a cursor over bytes that nobody vouches for.
 *
 * The error is sticky: after the first failure every read returns zero or an empty slice and moves
 * nothing, so that a parser reads a whole record and checks once.  No read allocates, and no length
 * is believed before it is compared with what is left. */
#ifndef BRN_READER_H
#define BRN_READER_H

#include "base/error.h"
#include "base/slice.h"

struct brn_reader {
    const uint8_t *begin, *at, *end;
    brine_error error; /* the first failure; .status is BRINE_OK until then */
};

static inline void brn_reader_init(struct brn_reader *r, struct brn_slice bytes)
{
    const uint8_t *end = bytes.n ? bytes.p + bytes.n : bytes.p; /* NULL + 0 is undefined */
    *r = (struct brn_reader){bytes.p, bytes.p, end, {.status = BRINE_OK}};
}

static inline bool brn_reader_ok(const struct brn_reader *r)
{
    return r->error.status == BRINE_OK;
}

static inline uint64_t brn_reader_offset(const struct brn_reader *r)
{
    return (uint64_t)(r->at - r->begin);
}

static inline uint64_t brn_reader_left(const struct brn_reader *r)
{
    return (uint64_t)(r->end - r->at);
}

/* Stores the failure, about the current offset, unless one is stored already. */
void brn_reader_fail(struct brn_reader *r, brine_status status, const char *format, ...)
    BRN_PRINTF(3, 4);

/* The cold path of brn_read(). */
void brn_reader_short(struct brn_reader *r, uint64_t wanted);

/* The next n bytes. */
static inline struct brn_slice brn_read(struct brn_reader *r, uint64_t n)
{
    if (__builtin_expect(n > brn_reader_left(r) || !brn_reader_ok(r), 0)) {
        brn_reader_short(r, n);
        return (struct brn_slice){NULL, 0};
    }
    struct brn_slice s = {r->at, (size_t)n};
    r->at += n;
    return s;
}

/* The bytes up to the next newline, without it; the newline is passed over. */
struct brn_slice brn_read_line(struct brn_reader *r);

static inline uint8_t brn_read_u8(struct brn_reader *r)
{
    struct brn_slice s = brn_read(r, 1);
    return s.n ? s.p[0] : 0;
}

/* Little-endian, of 1 to 8 bytes. */
static inline uint64_t brn_load_le(const uint8_t *p, size_t bytes)
{
    uint64_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static inline uint16_t brn_read_u16le(struct brn_reader *r)
{
    struct brn_slice s = brn_read(r, 2);
    return s.n ? (uint16_t)brn_load_le(s.p, 2) : 0;
}

static inline uint32_t brn_read_u32le(struct brn_reader *r)
{
    struct brn_slice s = brn_read(r, 4);
    return s.n ? (uint32_t)brn_load_le(s.p, 4) : 0;
}

static inline uint64_t brn_read_u64le(struct brn_reader *r)
{
    struct brn_slice s = brn_read(r, 8);
    return s.n ? brn_load_le(s.p, 8) : 0;
}

#endif
