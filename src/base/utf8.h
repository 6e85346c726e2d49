/* SPDX-License-Identifier: Apache-2.0
 *
 * utf8.h - RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BRN_UTF8_H
#define BRN_UTF8_H

#include "base/slice.h"

/* Bytes of the well-formed character at p (1 to 4), or 0 when there is none.  p < end. */
size_t brn_utf8_length(const uint8_t *p, const uint8_t *end);

/* How many bytes from the start are well-formed; n when all are. */
size_t brn_utf8_valid(struct brn_slice text);

/* Writes the code point (a scalar value) and returns its 1 to 4 bytes. */
size_t brn_utf8_encode(uint32_t code, uint8_t out[4]);

#endif
