/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/reader.h"
#include "faults.h"
#include "test.h"

#include <stdio.h>

TEST(arena_aligns_zeroes_and_keeps_its_budget)
{
    struct brn_arena arena;
    brn_arena_init(&arena, 100000);
    for (size_t align = 1; align <= 64; align *= 2) {
        uint8_t *p = brn_arena_alloc(&arena, 3, 7, align);
        REQUIRE(p != NULL);
        CHECK((uintptr_t)p % align == 0);
        for (int i = 0; i < 21; i++)
            CHECK(p[i] == 0);
        memset(p, 0xff, 21);
    }
    CHECK(brn_arena_alloc(&arena, 1, 200000, 1) == NULL && arena.over_limit);
    CHECK(brn_arena_alloc(&arena, SIZE_MAX / 2, 3, 1) == NULL);
    CHECK(arena.used <= 100000);
    brn_arena_free(&arena);
}

TEST(arena_grows_in_place_or_moves)
{
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    uint32_t *numbers = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        REQUIRE(BRN_ARENA_RESERVE(&arena, numbers, i, capacity));
        numbers[i] = i;
        if (i % 777 == 0)
            REQUIRE(brn_arena_alloc(&arena, 1, 5, 1) != NULL);
    }
    for (uint32_t i = 0; i < 10000; i++)
        CHECK(numbers[i] == i);
    brn_arena_free(&arena);
}

TEST(arena_survives_a_failing_malloc)
{
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    brn_faults_after(1);
    CHECK(brn_arena_alloc(&arena, 1, 8, 8) == NULL && !arena.over_limit);
    brn_faults_after(0);
    CHECK(brn_arena_alloc(&arena, 1, 8, 8) != NULL);
    brn_arena_free(&arena);
}

TEST(reader_is_sticky)
{
    struct brn_reader r;
    brn_reader_init(&r, brn_slice_of("\x01\x02\x03\x04\x05line\nrest"));
    CHECK(brn_read_u32le(&r) == 0x04030201);
    CHECK(brn_read_u8(&r) == 5);
    CHECK(brn_slice_is(brn_read_line(&r), "line"));
    CHECK(brn_read_u64le(&r) == 0 && r.error.status == BRINE_FORMAT && r.error.offset == 10);
    CHECK(brn_read_u8(&r) == 0 && brn_reader_offset(&r) == 10);
}

TEST(map_numbers_keys_in_order)
{
    struct brn_arena arena;
    struct brn_map map;
    brn_arena_init(&arena, 0);
    brn_map_init(&map, &arena);
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            char *key = brn_arena_printf(&arena, "key-%u", i);
            CHECK(brn_map_add(&map, brn_slice_of(key)) == i);
        }
    CHECK(brn_map_find(&map, brn_slice_of("key-4999")) == 4999);
    CHECK(brn_map_find(&map, brn_slice_of("key-5000")) == BRN_MAP_NONE);
    brn_arena_free(&arena);
}

TEST(buffer_stops_at_its_limit)
{
    struct brn_buffer b = {.limit = 10};
    brn_buffer_text(&b, "12345");
    brn_buffer_text(&b, "678901");
    CHECK(b.failed && b.size == 5);
    brn_buffer_free(&b);
}

TEST(error_paths_join_with_dots)
{
    brine_error err;
    brn_fail(&err, BRINE_MODEL, "is %d", 3);
    brn_error_within(&err, "coef_");
    brn_error_within(&err, "[1]");
    brn_error_within(&err, "steps");
    CHECK_TEXT(err.path, "steps[1].coef_");
}

TEST(digest_of_the_empty_text)
{
    char hex[65];
    brn_digest_hex(brn_sha256(brn_slice_of("")), hex);
    CHECK_TEXT(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
