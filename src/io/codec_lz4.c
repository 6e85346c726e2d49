/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec.h"

#include "base/msan.h"

#include <lz4frame.h>

static void *open_lz4(void)
{
    LZ4F_dctx *context = NULL;
    size_t code = LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
    BRN_WRITTEN(&context, sizeof context);
    return LZ4F_isError(code) ? NULL : context;
}

static enum brn_codec_result step_lz4(void *state, struct brn_codec_io *io)
{
    size_t in = io->in_left, out = io->out_left;
    size_t hint = LZ4F_decompress(state, io->out, &out, io->in, &in, NULL);
    if (LZ4F_isError(hint)) {
        io->reason = LZ4F_getErrorName(hint);
        return BRN_CODEC_CORRUPT;
    }
    BRN_WRITTEN(io->out, out);
    io->in += in;
    io->in_left -= in;
    io->out += out;
    io->out_left -= out;
    return hint == 0 ? BRN_CODEC_ENDED : BRN_CODEC_GOING;
}

static void close_lz4(void *state)
{
    LZ4F_freeDecompressionContext(state);
}

static const uint8_t magic[] = {0x04, 0x22, 0x4d, 0x18};

const struct brn_codec brn_codec_lz4 = {
    .name = "lz4",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .open = open_lz4,
    .step = step_lz4,
    .close = close_lz4,
};
