/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/unicode.h"

#include "base/utf8.h"

#include <string.h>

struct record {
    int32_t lower; /* what is added */
    uint8_t flags, combining;
};

#include "kernel/unicode.inc"

static inline const struct record *record_at(uint32_t code)
{
    uint32_t block = record_blocks[code >> KIND_SHIFT];
    return &records[record_of[block << KIND_SHIFT | (code & ((1u << KIND_SHIFT) - 1))]];
}

uint8_t brn_char_flags(uint32_t code)
{
    return record_at(code)->flags;
}

uint32_t brn_char_lower(uint32_t code)
{
    return (uint32_t)((int32_t)code + record_at(code)->lower);
}

uint8_t brn_char_combining(uint32_t code)
{
    return record_at(code)->combining;
}

/* Hangul syllables: Unicode, 3.12. */
enum { SYLLABLES = 0xAC00, COUNT = 11172, LEADING = 0x1100, VOWEL = 0x1161, TRAILING = 0x11A7 };

static size_t decompose_syllable(uint32_t s, uint8_t *out)
{
    enum { VOWELS = 21, TRAILERS = 28 };
    size_t n = brn_utf8_encode(LEADING + s / (VOWELS * TRAILERS), out);
    n += brn_utf8_encode(VOWEL + s % (VOWELS * TRAILERS) / TRAILERS, out + n);
    if (s % TRAILERS)
        n += brn_utf8_encode(TRAILING + s % TRAILERS, out + n);
    return n;
}

size_t brn_char_nfkd(uint32_t code, uint8_t out[BRN_NFKD_MOST])
{
    if (code - SYLLABLES < COUNT)
        return decompose_syllable(code - SYLLABLES, out);
    uint32_t block = nfkd_blocks[code >> NFKD_SHIFT];
    const uint8_t *text =
        &nfkd_texts[nfkd_of[block << NFKD_SHIFT | (code & ((1u << NFKD_SHIFT) - 1))]];
    memcpy(out, text + 1, text[0]);
    return text[0];
}

const char *brn_unicode_version(void)
{
    return UNICODE_VERSION;
}

const char *brn_unicode_digest(void)
{
    return UNICODE_DIGEST;
}
