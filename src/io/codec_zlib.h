/* SPDX-License-Identifier: Apache-2.0
 *
 * codec_zlib.h - what the two wrappings of deflate, zlib and gzip, have in common. */
#ifndef BRN_IO_CODEC_ZLIB_H
#define BRN_IO_CODEC_ZLIB_H

#include "io/codec.h"

/* window_bits as inflateInit2() takes them: 15 zlib, 31 gzip, -15 bare deflate. */
void *brn_inflate_open(int window_bits);
enum brn_codec_result brn_inflate_step(void *state, struct brn_codec_io *io);
void brn_inflate_close(void *state);

#endif
