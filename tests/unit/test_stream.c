/* SPDX-License-Identifier: Apache-2.0 */
#include "deflate.h"
#include "io/stream.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

static const struct brn_io_limits no_limits;

static void fill(struct brn_buffer *b, size_t n)
{
    for (size_t i = 0; b->size < n; i++)
        brn_buffer_printf(b, "%zu,", i * 7919 % 10007);
}

/* In two members when cut is not 0. */
static void write_gzip(const char *path, struct brn_slice content, size_t cut)
{
    struct brn_buffer packed = {0};
    brine_error err;
    if (cut)
        deflate_into((struct brn_slice){content.p, cut}, &packed, 31);
    deflate_into((struct brn_slice){content.p + cut, content.n - cut}, &packed, 31);
    CHECK_STATUS(brn_file_write(path, brn_buffer_view(&packed), &err), BRINE_OK, &err);
    brn_buffer_free(&packed);
}

static bool reads_back(const char *path, size_t piece, struct brn_slice expected)
{
    struct brn_stream *stream;
    struct brn_buffer got = {0};
    struct brn_slice head;
    brine_error err;
    size_t n = piece;
    if (brn_stream_open(path, &no_limits, &stream, &err) != BRINE_OK)
        return false;
    brine_status status = brn_stream_peek(stream, &head, &err);
    while (status == BRINE_OK && n == piece) {
        uint8_t *room = brn_buffer_reserve(&got, piece);
        status = brn_stream_read(stream, room, piece, &n, &err);
        got.size += n;
    }
    bool equal = status == BRINE_OK && brn_slice_equal(brn_buffer_view(&got), expected) &&
                 brn_stream_offset(stream) == expected.n;
    brn_stream_close(stream);
    brn_buffer_free(&got);
    return equal;
}

TEST(stream_reads_plain_and_compressed_files_in_any_pieces)
{
    static const size_t pieces[] = {1000, 4096, 65536, 70001, 1 << 20};
    struct brn_buffer content = {0};
    brine_error err;
    char path[1024];
    fill(&content, 300000);
    snprintf(path, sizeof path, "%s", brn_test_path("stream"));
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        REQUIRE_OK(brn_file_write(path, brn_buffer_view(&content), &err), &err);
        CHECK(reads_back(path, pieces[i], brn_buffer_view(&content)));
        write_gzip(path, brn_buffer_view(&content), 100000);
        CHECK(reads_back(path, pieces[i], brn_buffer_view(&content)));
    }
    brn_buffer_free(&content);
}

static void write_text(const char *path, const char *text)
{
    brine_error err;
    REQUIRE_OK(brn_file_write(path, brn_slice_of(text), &err), &err);
}

TEST(stream_takes_text_that_begins_like_a_codec_for_text)
{
    static const char *const texts[] = {"x,y\n1,2\n", "x^2,y\n", "BZh9,state\n", "", "BZ", "x"};
    char path[1024];
    snprintf(path, sizeof path, "%s", brn_test_path("stream-text"));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_text(path, texts[i]);
        CHECK(reads_back(path, 100, brn_slice_of(texts[i])));
    }
}

TEST(stream_refuses_trailing_and_truncated_content)
{
    struct brn_buffer content = {0}, spoilt = {0};
    struct brn_bytes packed;
    struct brn_stream *stream;
    brine_error err;
    char path[1024];
    snprintf(path, sizeof path, "%s", brn_test_path("stream-spoilt"));
    fill(&content, 1000);
    write_gzip(path, brn_buffer_view(&content), 0);
    REQUIRE_OK(brn_file_read(path, 0, false, &packed, &err), &err);
    brn_buffer_slice(&spoilt, packed.view);
    brn_buffer_text(&spoilt, "x");
    for (size_t cut = 3; cut <= spoilt.size; cut++) {
        struct brn_buffer out = {0};
        REQUIRE_OK(brn_file_write(path, (struct brn_slice){spoilt.data, cut}, &err), &err);
        REQUIRE_OK(brn_stream_open(path, &no_limits, &stream, &err), &err);
        brine_status status = brn_stream_read_all(stream, 0, &out, &err);
        CHECK(status == (cut == packed.view.n ? BRINE_OK : BRINE_FORMAT));
        brn_stream_close(stream);
        brn_buffer_free(&out);
        cut += cut < 40 ? 0 : 7;
        if (cut < packed.view.n && cut + 8 > packed.view.n)
            cut = packed.view.n - 1;
    }
    brn_bytes_free(&packed);
    brn_buffer_free(&content);
    brn_buffer_free(&spoilt);
}

TEST(stream_over_borrowed_bytes_holds_its_limit)
{
    struct brn_stream *stream;
    struct brn_buffer out = {0};
    brine_error err;
    REQUIRE_OK(
        brn_stream_open_bytes(brn_slice_of("0123456789"), "ten", NULL, &no_limits, &stream, &err),
        &err);
    CHECK_STATUS(brn_stream_read_all(stream, 9, &out, &err), BRINE_LIMIT, &err);
    CHECK(strstr(err.message, "ten") != NULL);
    brn_stream_close(stream);
    brn_buffer_free(&out);
}
