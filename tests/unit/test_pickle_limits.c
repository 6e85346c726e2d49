/* SPDX-License-Identifier: Apache-2.0
 *
 * Limits hold before anything is allocated, and nothing recurses. */
#include "faults.h"
#include "pickle/survey.h"
#include "pickles.h"

#include <stdio.h>
#include <stdlib.h>

static brine_status read_with(struct brn_slice bytes, struct brn_pickle_limits limits,
                              uint64_t memory, brine_error *err)
{
    struct brn_graph g;
    struct brn_reader reader;
    struct brn_machine_options options = {.limits = limits};
    brn_graph_init(&g, memory);
    brn_reader_init(&reader, bytes);
    brine_status status = brn_pickle_read(&reader, &options, &g, err);
    brn_graph_free(&g);
    return status;
}

TEST(pickle_node_limit)
{
    struct brn_pickle_limits limits = test_limits;
    brine_error err;
    limits.max_nodes = 3;
    CHECK_STATUS(read_with(BYTES("]NNe."), limits, 0, &err), BRINE_FORMAT, &err);
    CHECK_STATUS(read_with(BYTES("(NNl."), limits, 0, &err), BRINE_OK, &err);
    CHECK_STATUS(read_with(BYTES("(NNNl."), limits, 0, &err), BRINE_LIMIT, &err);
    CHECK(err.offset == 4 && strstr(err.message, "--max-nodes"));
}

TEST(pickle_digit_limit)
{
    struct brn_pickle_limits limits = test_limits;
    brine_error err;
    limits.max_digits = 20;
    CHECK_STATUS(read_with(BYTES("L12345678901234567890L\n."), limits, 0, &err), BRINE_OK, &err);
    CHECK_STATUS(read_with(BYTES("L123456789012345678901L\n."), limits, 0, &err), BRINE_LIMIT,
                 &err);
    CHECK(strstr(err.message, "--max-digits") != NULL);
}

TEST(pickle_memory_limit)
{
    static uint8_t lists[100001];
    brine_error err;
    memset(lists, ']', sizeof lists);
    lists[sizeof lists - 1] = '.';
    CHECK_STATUS(read_with((struct brn_slice){lists, sizeof lists}, test_limits, 1 << 20, &err),
                 BRINE_LIMIT, &err);
    CHECK(strstr(err.message, "--max-memory") != NULL);
}

/* opening repeated n times, then closing: a nest of n. */
static struct brn_slice nest(const char *first, const char *opening, size_t n)
{
    size_t size = strlen(first) + n * strlen(opening) + 1;
    uint8_t *bytes = malloc(size), *at = bytes;
    if (!bytes)
        return (struct brn_slice){NULL, 0};
    memcpy(at, first, strlen(first));
    at += strlen(first);
    for (size_t i = 0; i < n; i++, at += strlen(opening))
        memcpy(at, opening, strlen(opening));
    *at = '.';
    return (struct brn_slice){bytes, size};
}

static void check_depth(const char *first, const char *opening, size_t n, uint32_t most,
                        brine_status expected)
{
    struct brn_pickle_limits limits = test_limits;
    struct brn_slice bytes = nest(first, opening, n);
    struct brn_graph g;
    brine_error err;
    REQUIRE(bytes.p);
    limits.max_depth = most;
    limits.max_nodes = 10000000;
    CHECK_STATUS(test_read_within(bytes, &limits, &g, &err), expected, &err);
    if (expected == BRINE_OK)
        CHECK(g.max_depth == n);
    brn_graph_free(&g);
    free((void *)(uintptr_t)bytes.p);
}

TEST(pickle_depth_limit)
{
    check_depth(")", "\205", 100, 100, BRINE_OK);
    check_depth(")", "\205", 101, 100, BRINE_LIMIT);
    /* Each new list is put into the one before, which has been put somewhere already. */
    check_depth("]", "](0q\000a", 0, 100, BRINE_OK);
}

TEST(pickle_a_million_deep)
{
    check_depth(")", "\205", 1000000, 1000000, BRINE_OK);
}

/* ]a is filled after it was put into another: heights are stale, and the depth is found all the
 * same. */
TEST(pickle_depth_of_a_chain_filled_from_outside)
{
    enum { LINKS = 3000 };
    size_t size = 0;
    uint8_t *bytes = calloc(LINKS + 1, 16);
    struct brn_graph g;
    brine_error err;
    REQUIRE(bytes);
    bytes[size++] = ']';
    bytes[size++] = 0x94;
    for (uint32_t i = 0; i < LINKS; i++) {
        /* the last list; a new one, remembered; append it; take the new one as the last */
        uint8_t link[] = {']', 0x94, 'a', '0', 'j', (uint8_t)(i + 1), (uint8_t)((i + 1) >> 8),
                          0,   0};
        memcpy(bytes + size, link, sizeof link);
        size += sizeof link;
    }
    memcpy(bytes + size, "0j\0\0\0\0.", 7);
    size += 7;
    CHECK_STATUS(test_read((struct brn_slice){bytes, size}, &g, &err), BRINE_OK, &err);
    CHECK(g.max_depth == LINKS);
    brn_graph_free(&g);
    struct brn_pickle_limits limits = test_limits;
    limits.max_depth = LINKS - 1;
    CHECK_STATUS(test_read_within((struct brn_slice){bytes, size}, &limits, &g, &err), BRINE_LIMIT,
                 &err);
    brn_graph_free(&g);
    free(bytes);
}

/* 2^60 leaves for whoever unfolds it; 61 nodes for who does not. */
TEST(pickle_shared_nodes_are_not_unfolded)
{
    uint8_t bytes[300];
    size_t size = 0;
    struct brn_graph g;
    struct brn_survey survey;
    struct brn_arena arena;
    brine_error err;
    bytes[size++] = ')';
    for (int i = 0; i < 60; i++) {
        bytes[size++] = '2';
        bytes[size++] = 0x86;
    }
    bytes[size++] = '.';
    brn_arena_init(&arena, 1 << 20);
    REQUIRE_OK(test_read((struct brn_slice){bytes, size}, &g, &err), &err);
    CHECK(g.node_count == 61 && g.max_depth == 60);
    REQUIRE_OK(brn_graph_survey(&g, size, &arena, &survey, &err), &err);
    CHECK(survey.values == 61);
    brn_arena_free(&arena);
    brn_graph_free(&g);
}
