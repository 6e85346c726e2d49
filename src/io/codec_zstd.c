/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec.h"

#include "base/msan.h"

#include <zstd.h>
#include <zstd_errors.h>

static void *open_zstd(void)
{
    return ZSTD_createDStream();
}

static enum brn_codec_result fail_zstd(size_t code, struct brn_codec_io *io)
{
    io->reason = ZSTD_getErrorName(code);
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation:
        return BRN_CODEC_NOMEM;
    case ZSTD_error_frameParameter_windowTooLarge:
        return BRN_CODEC_TOO_LARGE;
    default:
        return BRN_CODEC_CORRUPT;
    }
}

static enum brn_codec_result step_zstd(void *state, struct brn_codec_io *io)
{
    ZSTD_inBuffer in = {io->in, io->in_left, 0};
    ZSTD_outBuffer out = {io->out, io->out_left, 0};
    size_t code = ZSTD_decompressStream(state, &out, &in);
    if (ZSTD_isError(code))
        return fail_zstd(code, io);
    BRN_WRITTEN(io->out, out.pos);
    io->in += in.pos;
    io->in_left -= in.pos;
    io->out += out.pos;
    io->out_left -= out.pos;
    return code == 0 ? BRN_CODEC_ENDED : BRN_CODEC_GOING;
}

static void close_zstd(void *state)
{
    ZSTD_freeDStream(state);
}

static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};

const struct brn_codec brn_codec_zstd = {
    .name = "zstd",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .open = open_zstd,
    .step = step_zstd,
    .close = close_zstd,
};
