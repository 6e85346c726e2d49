/* SPDX-License-Identifier: Apache-2.0
 *
 * encoding.h - Content-Encoding of a request's body: gzip, and deflate, which means zlib's wrapping
 * (RFC 9110, 8.4.1). */
#ifndef BRN_SERVE_ENCODING_H
#define BRN_SERVE_ENCODING_H

#include "base/buffer.h"
#include "base/error.h"

/* Whether a body in this encoding can be read; "" and "identity" need nothing done. */
bool brn_encoding_is_known(struct brn_slice encoding);
bool brn_encoding_is_plain(struct brn_slice encoding);

/* The body as it was, in out.  BRINE_LIMIT when it is larger than max_bytes. */
brine_status brn_encoding_expand(struct brn_slice encoding, struct brn_slice body,
                                 uint64_t max_bytes, struct brn_buffer *out, brine_error *err);

#endif
