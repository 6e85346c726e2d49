/* SPDX-License-Identifier: Apache-2.0
 *
 * codec.h - compressed streams: one file a codec, one row in the table of codec.c. */
#ifndef BRN_IO_CODEC_H
#define BRN_IO_CODEC_H

#include "io/file.h"

struct brn_codec {
    const char *name;
    const uint8_t *magic;
    size_t magic_size;
    /* Expands one stream, and those concatenated behind it where the format allows, into out (whose
     * limit is set); *ret_used says how many bytes of in it took.  Errors carry the offset in in. */
    brine_status (*expand)(struct brn_slice in, struct brn_buffer *out, size_t *ret_used,
                           brine_error *err);
};

extern const struct brn_codec brn_codec_zlib, brn_codec_gzip, brn_codec_bzip2, brn_codec_lzma,
    brn_codec_xz, brn_codec_lz4, brn_codec_zstd;

/* The codec whose magic the bytes begin with, or NULL. */
const struct brn_codec *brn_codec_detect(struct brn_slice bytes);
const struct brn_codec *brn_codec_named(const char *name);

/* Expands under the limits (bytes, and ratio above 64 MiB), checked while expanding. */
brine_status brn_codec_expand(const struct brn_codec *codec, struct brn_slice in,
                              const struct brn_io_limits *limits, struct brn_buffer *out,
                              size_t *ret_used, brine_error *err);

#endif
