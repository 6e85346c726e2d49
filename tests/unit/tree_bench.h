/* SPDX-License-Identifier: Apache-2.0
 *
 * tree_bench.h - what the tests of trees need to lower hand-made sources. */
#ifndef BRN_TEST_TREE_BENCH_H
#define BRN_TEST_TREE_BENCH_H

#include "estimators/shared_ranks.h"
#include "estimators/shared_tree.h"
#include "test.h"

struct bench { /* what a build needs */
    struct brn_arena arena, scratch;
    struct brn_build build;
    brine_error err;
};

static inline void open_bench(struct bench *b)
{
    brn_arena_init(&b->arena, 0);
    brn_arena_init(&b->scratch, 0);
    b->build = (struct brn_build){.arena = &b->arena, .scratch = &b->scratch, .err = &b->err};
}

static inline void close_bench(struct bench *b)
{
    brn_arena_free(&b->arena);
    brn_arena_free(&b->scratch);
}

#define FIELD_OF(type, member, letter)                                   \
    (struct brn_tree_field)                                              \
    {                                                                    \
        offsetof(type, member), sizeof((type *)0)->member, letter, false \
    }

#endif
