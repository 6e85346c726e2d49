/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - the text encodings of pickles. */
#ifndef BRN_PICKLE_TEXT_H
#define BRN_PICKLE_TEXT_H

#include "base/arena.h"
#include "base/slice.h"

/* Where the bytes stop being UTF-8 in which lone surrogates pass as three bytes (Python's
 * "surrogatepass"); bytes.n when they do not. */
size_t brn_text_valid(struct brn_slice bytes);

/* The next code point of such text, which is not empty; s is advanced. */
uint32_t brn_text_next(struct brn_slice *s);

enum brn_text_result { BRN_TEXT_OK, BRN_TEXT_BAD, BRN_TEXT_NO_MEMORY };

/* Python's "raw-unicode-escape" as UTF-8; borrowed where nothing changes, else in the arena. */
enum brn_text_result brn_text_raw_unicode(struct brn_slice in, struct brn_arena *arena,
                                          struct brn_slice *ret_text);

/* The bytes inside the quotes of repr(), escapes undone (codecs.escape_decode); the same. */
enum brn_text_result brn_text_unescape(struct brn_slice in, struct brn_arena *arena,
                                       struct brn_slice *ret_bytes);

/* UTF-8 text of code points below 256 as the bytes that they stand for; borrowed where it is ASCII.
 */
enum brn_text_result brn_text_latin1(struct brn_slice text, struct brn_arena *arena,
                                     struct brn_slice *ret_bytes);

/* For messages: printable ASCII as it is, other bytes as \\xNN, cut where out is full; with a NUL.
 * Names and text in a hostile file may hold a terminal's control sequences. */
void brn_text_escape(struct brn_slice bytes, char *out, size_t size);

#endif
