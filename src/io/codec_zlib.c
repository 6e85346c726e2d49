/* SPDX-License-Identifier: Apache-2.0 */
#define ZLIB_CONST
#include "io/codec_zlib.h"

#include "base/msan.h"

#include <stdlib.h>
#include <zlib.h>

/* zlib counts in unsigned int. */
static uInt piece(size_t n)
{
    return n > 1 << 30 ? 1 << 30 : (uInt)n;
}

void *brn_inflate_open(int window_bits)
{
    z_stream *z = calloc(1, sizeof *z);
    if (z && inflateInit2(z, window_bits) != Z_OK) {
        free(z);
        return NULL;
    }
    return z;
}

enum brn_codec_result brn_inflate_step(void *state, struct brn_codec_io *io)
{
    z_stream *z = state;
    uInt in = piece(io->in_left), out = piece(io->out_left);
    z->next_in = io->in;
    z->avail_in = in;
    z->next_out = io->out;
    z->avail_out = out;
    int code = inflate(z, Z_NO_FLUSH);
    BRN_WRITTEN(io->out, out - z->avail_out);
    io->in += in - z->avail_in;
    io->in_left -= in - z->avail_in;
    io->out += out - z->avail_out;
    io->out_left -= out - z->avail_out;
    if (code == Z_STREAM_END)
        return BRN_CODEC_ENDED;
    if (code == Z_OK || code == Z_BUF_ERROR)
        return BRN_CODEC_GOING;
    io->reason = code == Z_NEED_DICT ? "it needs a preset dictionary" : z->msg;
    return code == Z_MEM_ERROR ? BRN_CODEC_NOMEM : BRN_CODEC_CORRUPT;
}

void brn_inflate_close(void *state)
{
    inflateEnd(state);
    free(state);
}

static void *open_zlib(void)
{
    return brn_inflate_open(15);
}

static void *open_deflate(void)
{
    return brn_inflate_open(-15);
}

static const uint8_t magic[] = {0x78};

const struct brn_codec brn_codec_zlib = {
    .name = "zlib",
    .magic = magic,
    .magic_size = sizeof magic,
    .open = open_zlib,
    .step = brn_inflate_step,
    .close = brn_inflate_close,
};

const struct brn_codec brn_codec_deflate = {
    .name = "deflate",
    .open = open_deflate,
    .step = brn_inflate_step,
    .close = brn_inflate_close,
};
