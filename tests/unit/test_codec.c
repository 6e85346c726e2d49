/* SPDX-License-Identifier: Apache-2.0
 *
 * Every codec against what its own library writes. */
#include "deflate.h"
#include "faults.h"
#include "io/codec.h"
#include "io/stream.h"
#include "test.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

static const struct brn_io_limits no_limits;

static void write_zlib(struct brn_slice in, struct brn_buffer *out)
{
    deflate_into(in, out, 15);
}

static void write_gzip(struct brn_slice in, struct brn_buffer *out)
{
    deflate_into(in, out, 31);
}

static void write_bzip2(struct brn_slice in, struct brn_buffer *out)
{
    unsigned n = (unsigned)(in.n + in.n / 100 + 600);
    char *to = (char *)brn_buffer_reserve(out, n);
    BZ2_bzBuffToBuffCompress(to, &n, (char *)(uintptr_t)in.p, (unsigned)in.n, 9, 0, 0);
    out->size += n;
}

static void write_lzma_stream(struct brn_slice in, struct brn_buffer *out, bool xz)
{
    lzma_options_lzma options;
    lzma_stream s = LZMA_STREAM_INIT;
    lzma_lzma_preset(&options, 1);
    CHECK((xz ? lzma_easy_encoder(&s, 1, LZMA_CHECK_CRC64) : lzma_alone_encoder(&s, &options)) ==
          LZMA_OK);
    size_t room = in.n + in.n / 2 + 1000;
    s.next_in = in.p;
    s.avail_in = in.n;
    s.next_out = brn_buffer_reserve(out, room);
    s.avail_out = room;
    CHECK(lzma_code(&s, LZMA_FINISH) == LZMA_STREAM_END);
    out->size += room - s.avail_out;
    lzma_end(&s);
}

static void write_lzma(struct brn_slice in, struct brn_buffer *out)
{
    write_lzma_stream(in, out, false);
}

static void write_xz(struct brn_slice in, struct brn_buffer *out)
{
    write_lzma_stream(in, out, true);
}

static void write_lz4(struct brn_slice in, struct brn_buffer *out)
{
    LZ4F_preferences_t preferences = {
        .frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
    size_t room = LZ4F_compressFrameBound(in.n, &preferences);
    uint8_t *to = brn_buffer_reserve(out, room);
    out->size += LZ4F_compressFrame(to, room, in.p, in.n, &preferences);
}

static void write_zstd(struct brn_slice in, struct brn_buffer *out)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t room = ZSTD_compressBound(in.n);
    uint8_t *to = brn_buffer_reserve(out, room);
    out->size += ZSTD_compress2(context, to, room, in.p, in.n);
    ZSTD_freeCCtx(context);
}

static const struct {
    const struct brn_codec *codec;
    void (*write)(struct brn_slice in, struct brn_buffer *out);
} rows[] = {
    {&brn_codec_zlib, write_zlib}, {&brn_codec_gzip, write_gzip}, {&brn_codec_bzip2, write_bzip2},
    {&brn_codec_lzma, write_lzma}, {&brn_codec_xz, write_xz},     {&brn_codec_lz4, write_lz4},
    {&brn_codec_zstd, write_zstd},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void pack(size_t row, struct brn_slice in, struct brn_buffer *out)
{
    rows[row].write(in, out);
    BRN_WRITTEN(out->data, out->size);
}

/* Compressible, but not to nothing. */
static struct brn_buffer sample(size_t n)
{
    struct brn_buffer b = {0};
    uint32_t state = 1;
    brn_buffer_reserve(&b, n + 1);
    for (size_t i = 0; b.size < n; i++) {
        state = state * 1664525 + 1013904223;
        brn_buffer_printf(&b, "%zu,%u;", i % 100, state >> 24);
    }
    b.size = n;
    return b;
}

TEST(codec_expands_what_its_library_writes)
{
    static const size_t sizes[] = {0, 1, 100, 65536, 300001};
    brine_error err;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            struct brn_buffer plain = sample(sizes[s]), packed = {0}, out = {0};
            size_t used = 0;
            pack(i, brn_buffer_view(&plain), &packed);
            size_t packed_size = packed.size;
            brn_buffer_text(&packed, "trailing");
            CHECK(brn_codec_detect(brn_buffer_view(&packed)) == rows[i].codec);
            CHECK_STATUS(brn_codec_expand(rows[i].codec, brn_buffer_view(&packed), &no_limits, &out,
                                          &used, &err),
                         BRINE_OK, &err);
            CHECK(used == packed_size);
            CHECK(brn_slice_equal(brn_buffer_view(&out), brn_buffer_view(&plain)));
            brn_buffer_free(&plain);
            brn_buffer_free(&packed);
            brn_buffer_free(&out);
        }
}

TEST(codec_reads_members_behind_members)
{
    brine_error err;
    for (size_t i = 0; i < ROWS; i++) {
        struct brn_buffer plain = sample(1000), packed = {0}, out = {0};
        size_t used = 0, one;
        pack(i, brn_buffer_view(&plain), &packed);
        one = packed.size;
        if (rows[i].codec->pads)
            brn_buffer_add(&packed, "\0\0\0\0", 4);
        pack(i, brn_buffer_view(&plain), &packed);
        CHECK_STATUS(brn_codec_expand(rows[i].codec, brn_buffer_view(&packed), &no_limits, &out,
                                      &used, &err),
                     BRINE_OK, &err);
        bool both = rows[i].codec->concatenates;
        CHECK(used == (both ? packed.size : one) && out.size == (both ? 2000 : 1000));
        brn_buffer_free(&plain);
        brn_buffer_free(&packed);
        brn_buffer_free(&out);
    }
}

TEST(codec_refuses_every_truncation_with_its_offset)
{
    brine_error err;
    for (size_t i = 0; i < ROWS; i++) {
        struct brn_buffer plain = sample(500), packed = {0};
        pack(i, brn_buffer_view(&plain), &packed);
        for (size_t n = 0; n < packed.size; n++) {
            struct brn_buffer out = {0};
            uint8_t *exact = malloc(n ? n : 1);
            memcpy(exact, packed.data, n);
            size_t used;
            brine_status status = brn_codec_expand(rows[i].codec, (struct brn_slice){exact, n},
                                                   &no_limits, &out, &used, &err);
            brn_test_check(status == BRINE_FORMAT && err.offset <= n, __FILE__, __LINE__,
                           "%s cut at %zu of %zu: %s", rows[i].codec->name, n, packed.size,
                           brine_status_text(status));
            free(exact);
            brn_buffer_free(&out);
        }
        brn_buffer_free(&plain);
        brn_buffer_free(&packed);
    }
}

/* A flip may hit a field without meaning (gzip's time); never may it give other content in silence.
 */
TEST(codec_sees_every_flip)
{
    brine_error err;
    for (size_t i = 0; i < ROWS; i++) {
        struct brn_buffer plain = sample(300), packed = {0};
        pack(i, brn_buffer_view(&plain), &packed);
        for (size_t n = 0; n < packed.size; n++) {
            struct brn_io_limits limits = {.max_expanded_bytes = 1 << 20};
            struct brn_buffer out = {0};
            size_t used;
            packed.data[n] ^= 0xff;
            brine_status status = brn_codec_expand(rows[i].codec, brn_buffer_view(&packed), &limits,
                                                   &out, &used, &err);
            /* .lzma has no checksum */
            if (status == BRINE_OK && rows[i].codec != &brn_codec_lzma)
                CHECK(brn_slice_equal(brn_buffer_view(&out), brn_buffer_view(&plain)));
            packed.data[n] ^= 0xff;
            brn_buffer_free(&out);
        }
        brn_buffer_free(&plain);
        brn_buffer_free(&packed);
    }
}

TEST(codec_limits_hold_while_expanding)
{
    brine_error err;
    for (size_t i = 0; i < ROWS; i++)
        for (uint64_t limit = 99999; limit < 100001; limit++) {
            struct brn_io_limits limits = {.max_expanded_bytes = limit};
            struct brn_buffer plain = sample(100000), packed = {0}, out = {0};
            size_t used;
            pack(i, brn_buffer_view(&plain), &packed);
            CHECK_STATUS(brn_codec_expand(rows[i].codec, brn_buffer_view(&packed), &limits, &out,
                                          &used, &err),
                         limit < 100000 ? BRINE_LIMIT : BRINE_OK, &err);
            CHECK(out.size <= limit + 1);
            brn_buffer_free(&plain);
            brn_buffer_free(&packed);
            brn_buffer_free(&out);
        }
}

TEST(codec_refuses_a_bomb_by_its_ratio)
{
    struct brn_io_limits limits = {.max_ratio = 1000};
    struct brn_slice zeros = {calloc(1, 70 << 20), 70 << 20};
    struct brn_buffer packed = {0}, out = {0};
    brine_error err;
    size_t used;
    REQUIRE(zeros.p != NULL);
    write_zstd(zeros, &packed);
    BRN_WRITTEN(packed.data, packed.size);
    free((void *)(uintptr_t)zeros.p);
    CHECK_STATUS(
        brn_codec_expand(&brn_codec_zstd, brn_buffer_view(&packed), &limits, &out, &used, &err),
        BRINE_LIMIT, &err);
    brn_buffer_free(&packed);
    brn_buffer_free(&out);
}

/* Found by fuzz_codec_zstd: libzstd itself refuses this only when it gets it all at once. */
TEST(codec_zstd_refuses_a_frame_of_another_size_than_declared)
{
    static const uint8_t frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x93, 0x01, 0x00, 0x00};
    struct brn_io_limits limits = {0};
    struct brn_slice bytes = {frame, sizeof frame};
    struct brn_buffer out = {0};
    struct brn_stream *stream;
    brine_error err;
    uint8_t room[10];
    size_t used;
    CHECK_STATUS(brn_codec_expand(&brn_codec_zstd, bytes, &limits, &out, &used, &err), BRINE_FORMAT,
                 &err);
    REQUIRE(brn_stream_open_bytes(bytes, "frame", &brn_codec_zstd, &limits, &stream, &err) ==
            BRINE_OK);
    CHECK_STATUS(brn_stream_read(stream, room, sizeof room, &used, &err), BRINE_FORMAT, &err);
    brn_stream_close(stream);
    brn_buffer_free(&out);
}

TEST(codec_survives_every_failing_allocation)
{
    brine_error err;
    struct brn_buffer plain = sample(200000);
    for (size_t i = 0; i < ROWS; i++) {
        struct brn_buffer packed = {0};
        bool hit = true;
        pack(i, brn_buffer_view(&plain), &packed);
        for (long n = 1; hit && n < 100; n++) {
            struct brn_buffer out = {0};
            size_t used;
            brn_faults_after(n);
            brine_status status = brn_codec_expand(rows[i].codec, brn_buffer_view(&packed),
                                                   &no_limits, &out, &used, &err);
            hit = brn_faults_hit();
            brn_faults_after(0);
            CHECK(status == (hit ? BRINE_NOMEM : BRINE_OK));
            brn_buffer_free(&out);
        }
        brn_buffer_free(&packed);
    }
    brn_buffer_free(&plain);
}

TEST(codec_is_known_by_name)
{
    CHECK(brn_codec_named("xz") == &brn_codec_xz && brn_codec_named("rar") == NULL);
    CHECK(brn_codec_detect(brn_slice_of("")) == NULL);
    CHECK(brn_codec_detect(brn_slice_of("\x80\x04")) == NULL);
}
