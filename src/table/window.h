/* SPDX-License-Identifier: Apache-2.0
 *
 * window.h - the part of a text stream that is in memory: whole records, and the begin of the next.
 */
#ifndef BRN_TABLE_WINDOW_H
#define BRN_TABLE_WINDOW_H

#include "io/stream.h"

struct brn_window {
    struct brn_stream *stream; /* borrowed */
    uint8_t *data;
    size_t begin, end, capacity; /* data[begin, end) is there; data[end] is a newline */
    bool is_last;                /* the stream has ended */
};

/* Drops what stands before begin and reads until at least target bytes are there or the stream
 * ends. Pointers into the window are void afterwards. */
brine_status brn_window_fill(struct brn_window *window, size_t target, brine_error *err);
void brn_window_free(struct brn_window *window);

enum {
    BRN_BATCH_BYTES = 1 << 20,
    BRN_MAX_LINE = 64 << 20,
    BRN_MAX_COLUMNS = 1000000,
};

/* How large the window has to be for a batch that did not fit in size bytes; 0 when a single record
 * would be longer than max_line. */
size_t brn_window_grow(size_t size, uint64_t max_line, bool has_rows);

#endif
