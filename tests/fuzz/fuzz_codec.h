/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_codec.h - one codec: what it expands to may not depend on the pieces in which it is asked
 * for. */
#ifndef BRN_FUZZ_CODEC_H
#define BRN_FUZZ_CODEC_H

#include "io/stream.h"

#include <stdlib.h>

static inline brine_status expand_in_pieces(const struct brn_codec *codec, struct brn_slice bytes,
                                            const struct brn_io_limits *limits,
                                            struct brn_buffer *out)
{
    struct brn_stream *stream;
    brine_error err;
    size_t piece = 1 + bytes.n % 4099, got = piece;
    BRN_TRY(brn_stream_open_bytes(bytes, "fuzz", codec, limits, &stream, &err));
    brine_status status = BRINE_OK;
    while (status == BRINE_OK && got == piece) {
        uint8_t *room = brn_buffer_reserve(out, piece);
        status = room ? brn_stream_read(stream, room, piece, &got, &err) : BRINE_NOMEM;
        out->size += status == BRINE_OK ? got : 0;
    }
    brn_stream_close(stream);
    return status;
}

static inline int fuzz_codec(const struct brn_codec *codec, const uint8_t *data, size_t size)
{
    static const struct brn_io_limits limits = {.max_expanded_bytes = 1 << 20, .max_ratio = 1000};
    struct brn_slice bytes = {data, size};
    struct brn_buffer whole = {0}, pieces = {0};
    brine_error err;
    size_t used = 0;
    brine_status a = brn_codec_expand(codec, bytes, &limits, &whole, &used, &err);
    if (a == BRINE_OK && (used > size || whole.size > limits.max_expanded_bytes))
        abort();
    bytes.n = a == BRINE_OK ? used : size;
    brine_status b = expand_in_pieces(codec, bytes, &limits, &pieces);
    if ((a == BRINE_OK) != (b == BRINE_OK))
        abort();
    if (a == BRINE_OK && !brn_slice_equal(brn_buffer_view(&whole), brn_buffer_view(&pieces)))
        abort();
    brn_buffer_free(&whole);
    brn_buffer_free(&pieces);
    return 0;
}

#endif
