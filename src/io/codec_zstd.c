/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec.h"

#include "base/msan.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { HEADER_MOST = 18 }; /* bytes of a frame's header */

/* libzstd compares a frame with the size that its header declares only when it gets all of the
 * frame at once, or when the last block is not empty; brine always does. */
struct zstd {
    ZSTD_DStream *stream;
    uint8_t header[HEADER_MOST];
    size_t header_size;
    unsigned long long made;
};

static void *open_zstd(void)
{
    struct zstd *z = calloc(1, sizeof *z);
    if (z && !(z->stream = ZSTD_createDStream())) {
        free(z);
        return NULL;
    }
    return z;
}

static void keep_header(struct zstd *z, const uint8_t *taken, size_t n)
{
    size_t room = HEADER_MOST - z->header_size;
    if (n > room)
        n = room;
    memcpy(z->header + z->header_size, taken, n);
    z->header_size += n;
}

/* At the end of a frame. */
static bool has_declared_size(struct zstd *z)
{
    unsigned long long declared = ZSTD_getFrameContentSize(z->header, z->header_size);
    bool is_right = declared == ZSTD_CONTENTSIZE_UNKNOWN || declared == ZSTD_CONTENTSIZE_ERROR ||
                    declared == z->made;
    z->header_size = 0;
    z->made = 0;
    return is_right;
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
    struct zstd *z = state;
    ZSTD_inBuffer in = {io->in, io->in_left, 0};
    ZSTD_outBuffer out = {io->out, io->out_left, 0};
    size_t code = ZSTD_decompressStream(z->stream, &out, &in);
    if (ZSTD_isError(code))
        return fail_zstd(code, io);
    BRN_WRITTEN(io->out, out.pos);
    keep_header(z, io->in, in.pos);
    z->made += out.pos;
    io->in += in.pos;
    io->in_left -= in.pos;
    io->out += out.pos;
    io->out_left -= out.pos;
    if (code != 0)
        return BRN_CODEC_GOING;
    if (has_declared_size(z))
        return BRN_CODEC_ENDED;
    io->reason = "the frame is not as long as its header says";
    return BRN_CODEC_CORRUPT;
}

static void close_zstd(void *state)
{
    struct zstd *z = state;
    ZSTD_freeDStream(z->stream);
    free(z);
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
