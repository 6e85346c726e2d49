/* SPDX-License-Identifier: Apache-2.0 */
#include "io/codec_lzma.h"

#include "base/msan.h"

#include <stdlib.h>

/* Ours, so that MemorySanitizer takes what liblzma keeps to itself for written. */
static void *allocate(void *opaque, size_t count, size_t size)
{
    (void)opaque;
    size_t bytes;
    void *p = __builtin_mul_overflow(count, size, &bytes) ? NULL : malloc(bytes);
    if (p)
        BRN_WRITTEN(p, bytes);
    return p;
}

static void release(void *opaque, void *p)
{
    (void)opaque;
    free(p);
}

static const lzma_allocator allocator = {allocate, release, NULL};

void *brn_lzma_open(bool xz)
{
    lzma_stream *s = malloc(sizeof *s);
    if (!s)
        return NULL;
    *s = (lzma_stream)LZMA_STREAM_INIT;
    s->allocator = &allocator;
    lzma_ret code = xz ? lzma_stream_decoder(s, BRN_CODEC_MAX_WINDOW, 0)
                       : lzma_alone_decoder(s, BRN_CODEC_MAX_WINDOW);
    if (code == LZMA_OK)
        return s;
    free(s);
    return NULL;
}

static const struct {
    lzma_ret code;
    enum brn_codec_result result;
    const char *reason;
} results[] = {
    {LZMA_OK, BRN_CODEC_GOING, NULL},
    {LZMA_BUF_ERROR, BRN_CODEC_GOING, NULL},
    {LZMA_STREAM_END, BRN_CODEC_ENDED, NULL},
    {LZMA_MEM_ERROR, BRN_CODEC_NOMEM, NULL},
    {LZMA_MEMLIMIT_ERROR, BRN_CODEC_TOO_LARGE, NULL},
    {LZMA_FORMAT_ERROR, BRN_CODEC_CORRUPT, "its header is not known"},
    {LZMA_OPTIONS_ERROR, BRN_CODEC_CORRUPT, "its header asks for what liblzma does not know"},
    {LZMA_DATA_ERROR, BRN_CODEC_CORRUPT, "its data or a checksum is wrong"},
};

enum brn_codec_result brn_lzma_step(void *state, struct brn_codec_io *io)
{
    lzma_stream *s = state;
    s->next_in = io->in;
    s->avail_in = io->in_left;
    s->next_out = io->out;
    s->avail_out = io->out_left;
    lzma_ret code = lzma_code(s, LZMA_RUN);
    BRN_WRITTEN(io->out, io->out_left - s->avail_out);
    io->in = s->next_in;
    io->in_left = s->avail_in;
    io->out = s->next_out;
    io->out_left = s->avail_out;
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i].code == code) {
            io->reason = results[i].reason;
            return results[i].result;
        }
    return BRN_CODEC_CORRUPT;
}

void brn_lzma_close(void *state)
{
    lzma_end(state);
    free(state);
}

static void *open_lzma(void)
{
    return brn_lzma_open(false);
}

static const uint8_t magic[] = {0x5d, 0x00};

const struct brn_codec brn_codec_lzma = {
    .name = "lzma",
    .magic = magic,
    .magic_size = sizeof magic,
    .concatenates = true,
    .open = open_lzma,
    .step = brn_lzma_step,
    .close = brn_lzma_close,
};
