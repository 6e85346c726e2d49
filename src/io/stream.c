/* SPDX-License-Identifier: Apache-2.0 */
#include "io/stream.h"

#include <stdlib.h>
#include <unistd.h>

enum { WINDOW = 1 << 16 };

struct brn_stream {
    char *name;
    int fd; /* -1: the bytes were given */
    struct brn_expander expander;
    bool is_compressed, is_last; /* is_last: nothing comes behind the window */
    const uint8_t *at;           /* what is left of the window, or of the bytes given */
    size_t left;
    uint8_t *window; /* of a file */
    uint8_t head[BRN_STREAM_PEEK];
    size_t head_at, head_size;
    uint64_t offset;
};

void brn_stream_close(struct brn_stream *stream)
{
    if (!stream)
        return;
    if (stream->is_compressed)
        brn_expander_free(&stream->expander);
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream->window);
    free(stream->name);
    free(stream);
}

/* Moves what is left to the front and reads behind it until the window is full or the file ends. */
static brine_status refill(struct brn_stream *s, brine_error *err)
{
    if (s->is_last)
        return BRINE_OK;
    memmove(s->window, s->at, s->left);
    s->at = s->window;
    while (s->left < WINDOW && !s->is_last) {
        size_t got = 0;
        BRN_TRY(
            brn_descriptor_read(s->fd, s->name, s->window + s->left, WINDOW - s->left, &got, err));
        s->left += got;
        s->expander.input_size += got;
        s->is_last = got == 0;
    }
    return BRINE_OK;
}

static bool is_text(struct brn_slice bytes)
{
    for (size_t i = 0; i < bytes.n && i < 16; i++)
        if (bytes.p[i] >= 0x7f || (bytes.p[i] < 0x20 && !strchr("\t\r\n", bytes.p[i])))
            return false;
    return true;
}

/* bzip2's own beginning is text: "BZh9" and then the magic of a block, or of the end. */
static bool is_bzip2(struct brn_slice bytes)
{
    return bytes.n >= 10 && bytes.p[2] == 'h' &&
           (memcmp(bytes.p + 4, "1AY&SY", 6) == 0 || memcmp(bytes.p + 4, "\x17rE8P\x90", 6) == 0);
}

const struct brn_codec *brn_stream_detect(struct brn_slice head)
{
    const struct brn_codec *codec = brn_codec_detect(head);
    if (codec == &brn_codec_bzip2)
        return is_bzip2(head) ? codec : NULL;
    return codec && !is_text(head) ? codec : NULL;
}

static void use_codec(struct brn_stream *s, const struct brn_codec *codec,
                      const struct brn_io_limits *limits)
{
    uint64_t size = s->left;
    s->is_compressed = codec != NULL;
    brn_expander_init(&s->expander, codec, limits);
    s->expander.input_size = size;
}

static struct brn_stream *new_stream(const char *name)
{
    struct brn_stream *s = calloc(1, sizeof *s);
    size_t n = strlen(name) + 1;
    if (!s)
        return NULL;
    s->fd = -1;
    s->name = malloc(n);
    if (!s->name) {
        free(s);
        return NULL;
    }
    memcpy(s->name, name, n);
    return s;
}

static brine_status open_file(struct brn_stream *s, const char *path,
                              const struct brn_io_limits *limits, brine_error *err)
{
    s->window = malloc(WINDOW);
    if (!s->window)
        return brn_fail_memory(err);
    s->at = s->window;
    s->fd = brn_file_descriptor(path, err);
    if (s->fd < 0)
        return BRINE_IO;
    BRN_TRY(refill(s, err));
    use_codec(s, brn_stream_detect((struct brn_slice){s->at, s->left}), limits);
    return BRINE_OK;
}

brine_status brn_stream_open(const char *path, const struct brn_io_limits *limits,
                             struct brn_stream **ret_stream, brine_error *err)
{
    struct brn_stream *s = new_stream(strcmp(path, "-") == 0 ? "standard input" : path);
    if (!s)
        return brn_fail_memory(err);
    brine_status status = open_file(s, path, limits, err);
    if (status == BRINE_OK)
        *ret_stream = s;
    else
        brn_stream_close(s);
    return status;
}

brine_status brn_stream_open_bytes(struct brn_slice bytes, const char *name,
                                   const struct brn_codec *codec,
                                   const struct brn_io_limits *limits,
                                   struct brn_stream **ret_stream, brine_error *err)
{
    struct brn_stream *s = new_stream(name);
    if (!s)
        return brn_fail_memory(err);
    s->is_last = true;
    s->at = bytes.p;
    s->left = bytes.n;
    use_codec(s, codec, limits);
    *ret_stream = s;
    return BRINE_OK;
}

const char *brn_stream_name(const struct brn_stream *stream)
{
    return stream->name;
}

uint64_t brn_stream_offset(const struct brn_stream *stream)
{
    return stream->offset;
}

static brine_status check_end(const struct brn_stream *s, brine_error *err)
{
    if (s->left == 0)
        return BRINE_OK;
    return brn_fail_at(err, BRINE_FORMAT, s->expander.used,
                       "something stands behind the end of the %s stream in %s",
                       s->expander.codec->name, s->name);
}

static brine_status expand_some(struct brn_stream *s, uint8_t *to, size_t n, size_t *ret_got,
                                brine_error *err)
{
    struct brn_codec_io io = {.out_left = n};
    io.out = to;
    while (io.out_left && !s->expander.is_done) {
        /* a few bytes are what tells another member from the end */
        if (s->left < 16)
            BRN_TRY(refill(s, err));
        io.in = s->at;
        io.in_left = s->left;
        BRN_TRY(brn_expander_step(&s->expander, &io, s->is_last, err));
        s->at = io.in;
        s->left = io.in_left;
    }
    *ret_got = n - io.out_left;
    return s->expander.is_done ? check_end(s, err) : BRINE_OK;
}

static brine_status copy_some(struct brn_stream *s, uint8_t *to, size_t n, size_t *ret_got,
                              brine_error *err)
{
    size_t done = 0;
    while (done < n) {
        if (s->left == 0)
            BRN_TRY(refill(s, err));
        size_t piece = s->left < n - done ? s->left : n - done;
        if (piece == 0)
            break;
        memcpy(to + done, s->at, piece);
        s->at += piece;
        s->left -= piece;
        done += piece;
    }
    *ret_got = done;
    return BRINE_OK;
}

static brine_status read_some(struct brn_stream *s, uint8_t *to, size_t n, size_t *ret_got,
                              brine_error *err)
{
    return s->is_compressed ? expand_some(s, to, n, ret_got, err)
                            : copy_some(s, to, n, ret_got, err);
}

brine_status brn_stream_read(struct brn_stream *s, uint8_t *to, size_t n, size_t *ret_got,
                             brine_error *err)
{
    size_t front = s->head_size - s->head_at, got = 0;
    if (front > n)
        front = n;
    memcpy(to, s->head + s->head_at, front);
    s->head_at += front;
    if (front < n)
        BRN_TRY(read_some(s, to + front, n - front, &got, err));
    s->offset += front + got;
    *ret_got = front + got;
    return BRINE_OK;
}

brine_status brn_stream_peek(struct brn_stream *s, struct brn_slice *ret_head, brine_error *err)
{
    if (s->head_size == 0 && s->offset == 0)
        BRN_TRY(read_some(s, s->head, sizeof s->head, &s->head_size, err));
    *ret_head = (struct brn_slice){s->head, s->head_size};
    return BRINE_OK;
}

brine_status brn_stream_read_all(struct brn_stream *s, uint64_t max_bytes, struct brn_buffer *out,
                                 brine_error *err)
{
    for (;;) {
        size_t room = out->capacity > out->size ? out->capacity - out->size : 1 << 16, got = 0;
        uint8_t *to = brn_buffer_reserve(out, room);
        if (!to)
            return brn_fail_memory(err);
        BRN_TRY(brn_stream_read(s, to, room, &got, err));
        out->size += got;
        if (max_bytes && out->size > max_bytes)
            return brn_fail(err, BRINE_LIMIT, "%s holds more than the limit of %llu bytes", s->name,
                            (unsigned long long)max_bytes);
        if (got < room)
            return BRINE_OK;
    }
}
