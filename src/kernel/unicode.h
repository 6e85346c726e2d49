/* SPDX-License-Identifier: Apache-2.0
 *
 * unicode.h - what Python's str.lower(), re's \w \s \d and unicodedata's NFKD say of a code point.
 *
 * Generated tables of one Unicode version (tools/unicode.py), so that neither a distribution's
 * upgrade nor a locale changes a prediction.  Code points are scalar values below 0x110000. */
#ifndef BRN_KERNEL_UNICODE_H
#define BRN_KERNEL_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BRN_CHAR_WORD = 1,    /* \w: isalnum() or '_' */
    BRN_CHAR_SPACE = 2,   /* \s: isspace() */
    BRN_CHAR_DIGIT = 4,   /* \d */
    BRN_CHAR_SKIPPED = 8, /* looked past when a sigma is found to be final or not */
    BRN_CHAR_CASED = 16,  /* a sigma between one of these and none is final */
    BRN_CHAR_LOWERS = 32,
    BRN_CHAR_DECOMPOSES = 64,
};

enum {
    BRN_SIGMA = 0x3A3, /* lower case 0x3C3, or final 0x3C2 */
    BRN_FINAL_SIGMA = 0x3C2,
    BRN_DOTTED_I = 0x130, /* lower case 'i' and a combining dot above */
    BRN_DOT_ABOVE = 0x307,
    BRN_NFKD_MOST = 36, /* bytes of the longest decomposition */
};

uint8_t brn_char_flags(uint32_t code);

/* The lower case; BRN_SIGMA's not final one, of BRN_DOTTED_I the 'i' alone. */
uint32_t brn_char_lower(uint32_t code);

/* The canonical combining class, as unicodedata.combining(). */
uint8_t brn_char_combining(uint32_t code);

/* NFKD of a character that DECOMPOSES, in UTF-8: its bytes (at most BRN_NFKD_MOST). */
size_t brn_char_nfkd(uint32_t code, uint8_t out[BRN_NFKD_MOST]);

/* The well-formed UTF-8 character at p, which moves behind it. */
static inline uint32_t brn_char_next(const uint8_t **p)
{
    const uint8_t *s = *p;
    uint32_t c = *s;
    if (c < 0x80) {
        *p = s + 1;
        return c;
    }
    if (c < 0xE0) {
        *p = s + 2;
        return (c & 0x1F) << 6 | (s[1] & 0x3Fu);
    }
    if (c < 0xF0) {
        *p = s + 3;
        return (c & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    }
    *p = s + 4;
    return (c & 0x07) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

const char *brn_unicode_version(void); /* "15.1.0" */
const char *brn_unicode_digest(void);  /* of all answers, as tools/unicode.py forms it */

#endif
