/* SPDX-License-Identifier: Apache-2.0
 *
 * stream.h - the expanded content of a file, in pieces and in bounded memory. */
#ifndef BRN_IO_STREAM_H
#define BRN_IO_STREAM_H

#include "io/codec.h"

struct brn_stream;

/* path "-" is standard input.  The codec is found by content; bytes that read as plain text are
 * taken as they are, even where they happen to begin with a codec's magic. */
brine_status brn_stream_open(const char *path, const struct brn_io_limits *limits,
                             struct brn_stream **ret_stream, brine_error *err);

/* The codec that brn_stream_open() would use for content that begins so, or NULL. */
const struct brn_codec *brn_stream_detect(struct brn_slice head);

/* The same over borrowed bytes, through codec or (NULL) as they are. */
brine_status brn_stream_open_bytes(struct brn_slice bytes, const char *name,
                                   const struct brn_codec *codec,
                                   const struct brn_io_limits *limits,
                                   struct brn_stream **ret_stream, brine_error *err);
void brn_stream_close(struct brn_stream *stream);

/* The path or name it was opened with. */
const char *brn_stream_name(const struct brn_stream *stream);

/* Expanded bytes handed out so far. */
uint64_t brn_stream_offset(const struct brn_stream *stream);

/* Fills to with the next n bytes; *ret_got is less at the end alone.  Bytes behind a compressed
 * stream are an error. */
brine_status brn_stream_read(struct brn_stream *stream, uint8_t *to, size_t n, size_t *ret_got,
                             brine_error *err);

/* The first bytes of the content (at most BRN_STREAM_PEEK, fewer when it is shorter), before
 * anything was read; they are read again afterwards. */
enum { BRN_STREAM_PEEK = 4096 };
brine_status brn_stream_peek(struct brn_stream *stream, struct brn_slice *ret_head,
                             brine_error *err);

/* All that is left, behind what out holds; more than max_bytes (0: no limit) is an error. */
brine_status brn_stream_read_all(struct brn_stream *stream, uint64_t max_bytes,
                                 struct brn_buffer *out, brine_error *err);

#endif
