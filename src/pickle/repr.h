/* SPDX-License-Identifier: Apache-2.0
 *
 * repr.h - values as Python 3's repr() writes them. */
#ifndef BRN_PICKLE_REPR_H
#define BRN_PICKLE_REPR_H

#include "base/buffer.h"
#include "pickle/node.h"

/* 'text', of UTF-8 in which lone surrogates may pass. */
void brn_repr_text(struct brn_slice text, struct brn_buffer *out);

/* b'bytes' */
void brn_repr_bytes(struct brn_slice bytes, struct brn_buffer *out);

/* bytearray(b'bytes'), whose inner quotes are escaped otherwise than those of bytes. */
void brn_repr_bytearray(struct brn_slice bytes, struct brn_buffer *out);

/* The text that Python 2's str is in Latin-1. */
void brn_repr_latin1(struct brn_slice bytes, struct brn_buffer *out);

/* A name without quotes; what repr() escapes is escaped. */
void brn_repr_name(struct brn_slice text, struct brn_buffer *out);

/* 1.0, 1e-07, nan */
void brn_repr_double(double value, struct brn_buffer *out);

/* A value that holds no other: None, True, 12, 1.5, 'text', b'bytes', pkg.mod.name; "" for others.
 * Longer text is cut at about limit bytes, with … behind it; 0 means no limit. */
void brn_repr_atom(const struct brn_node *n, size_t limit, struct brn_buffer *out);

#endif
