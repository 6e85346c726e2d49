/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec.h"

#include "base/msan.h"

#include <bzlib.h>
#include <stdlib.h>

static unsigned piece(size_t n)
{
    return n > 1 << 30 ? 1 << 30 : (unsigned)n;
}

static void *open_bzip2(void)
{
    bz_stream *bz = calloc(1, sizeof *bz);
    if (bz && BZ2_bzDecompressInit(bz, 0, 0) != BZ_OK) {
        free(bz);
        return NULL;
    }
    return bz;
}

/* bzlib's pointers lack const; it does not write to its input. */
static char *as_input(const uint8_t *p)
{
    return (char *)(uintptr_t)p;
}

static enum brn_codec_result step_bzip2(void *state, struct brn_codec_io *io)
{
    bz_stream *bz = state;
    unsigned in = piece(io->in_left), out = piece(io->out_left);
    bz->next_in = as_input(io->in);
    bz->avail_in = in;
    bz->next_out = (char *)io->out;
    bz->avail_out = out;
    int code = BZ2_bzDecompress(bz);
    BRN_WRITTEN(io->out, out - bz->avail_out);
    io->in += in - bz->avail_in;
    io->in_left -= in - bz->avail_in;
    io->out += out - bz->avail_out;
    io->out_left -= out - bz->avail_out;
    if (code == BZ_STREAM_END)
        return BRN_CODEC_ENDED;
    if (code == BZ_OK)
        return BRN_CODEC_GOING;
    io->reason = code == BZ_DATA_ERROR_MAGIC ? "no bzip2 header" : "a block or checksum is wrong";
    return code == BZ_MEM_ERROR ? BRN_CODEC_NOMEM : BRN_CODEC_CORRUPT;
}

static void close_bzip2(void *state)
{
    BZ2_bzDecompressEnd(state);
    free(state);
}

static const uint8_t magic[] = {'B', 'Z'};

const struct brn_codec brn_codec_bzip2 = {
    .name = "bzip2",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .open = open_bzip2,
    .step = step_bzip2,
    .close = close_bzip2,
};
