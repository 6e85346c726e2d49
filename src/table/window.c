/* SPDX-License-Identifier: Apache-2.0 */
#include "table/window.h"

#include <stdlib.h>

void brn_window_free(struct brn_window *window)
{
    free(window->data);
    *window = (struct brn_window){.stream = window->stream};
}

static void drop_front(struct brn_window *w)
{
    if (w->begin)
        memmove(w->data, w->data + w->begin, w->end - w->begin);
    w->end -= w->begin;
    w->begin = 0;
}

static brine_status make_room(struct brn_window *w, size_t size, brine_error *err)
{
    if (size < w->capacity)
        return BRINE_OK;
    size_t capacity = w->capacity + w->capacity / 2;
    if (capacity <= size)
        capacity = size + 1; /* one for the newline behind the end */
    uint8_t *data = capacity > size ? realloc(w->data, capacity) : NULL;
    if (!data)
        return brn_fail_memory(err);
    w->data = data;
    w->capacity = capacity;
    return BRINE_OK;
}

brine_status brn_window_fill(struct brn_window *w, size_t target, brine_error *err)
{
    drop_front(w);
    while (w->end < target && !w->is_last) {
        size_t piece = target - w->end, got = 0;
        if (piece > BRN_BATCH_BYTES)
            piece = BRN_BATCH_BYTES;
        BRN_TRY(make_room(w, w->end + piece, err));
        BRN_TRY(brn_stream_read(w->stream, w->data + w->end, piece, &got, err));
        w->end += got;
        w->is_last = got < piece;
    }
    BRN_TRY(make_room(w, w->end, err));
    w->data[w->end] = '\n';
    return BRINE_OK;
}

size_t brn_window_grow(size_t size, uint64_t max_line, bool has_rows)
{
    if (!has_rows && size > max_line)
        return 0;
    return size > SIZE_MAX / 4 ? size : size * 2;
}
