/* SPDX-License-Identifier: Apache-2.0
 *
 * deflate.h - what zlib itself writes, for tests. */
#ifndef BRN_TEST_DEFLATE_H
#define BRN_TEST_DEFLATE_H

#define ZLIB_CONST
#include "base/buffer.h"
#include "base/msan.h"

#include <zlib.h>

/* window_bits: 15 zlib, 31 gzip, -15 bare. */
static inline void deflate_into(struct brn_slice in, struct brn_buffer *out, int window_bits)
{
    z_stream z = {0};
    deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    size_t room = deflateBound(&z, in.n);
    z.next_in = in.p;
    z.avail_in = (uInt)in.n;
    z.next_out = brn_buffer_reserve(out, room);
    z.avail_out = (uInt)room;
    deflate(&z, Z_FINISH);
    BRN_WRITTEN(out->data + out->size, z.total_out);
    out->size += z.total_out;
    deflateEnd(&z);
}

#endif
