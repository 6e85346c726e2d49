/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_booster.h - what a booster's reader is given, and rows for what it read. */
#ifndef FUZZ_BOOSTER_H
#define FUZZ_BOOSTER_H

#include "model/estimator.h"

#include <math.h>

enum { FUZZ_MOST_FEATURES = 512, FUZZ_MOST_WIDTH = 64, FUZZ_ROWS = 30 };

struct fuzz_booster {
    struct brn_arena arena, scratch;
    brine_error err;
    struct brn_build build;
    struct brn_instance me;
    struct brn_work work;
    struct brn_tile tile;
    double numbers[FUZZ_ROWS * FUZZ_MOST_FEATURES];
};

static inline void fuzz_booster_begin(struct fuzz_booster *f)
{
    brn_arena_init(&f->arena, 64 << 20);
    brn_arena_init(&f->scratch, 64 << 20);
    brn_work_init(&f->work, 0);
    f->work.err = &f->err;
    f->me = (struct brn_instance){.path = "", .place = ""};
    f->build = (struct brn_build){.arena = &f->arena, .scratch = &f->scratch, .err = &f->err};
}

static inline void fuzz_booster_end(struct fuzz_booster *f)
{
    brn_work_free(&f->work);
    brn_arena_free(&f->scratch);
    brn_arena_free(&f->arena);
}

/* The input of count features, and rows of all kinds of values.  NULL: too many, or no memory. */
static inline struct brn_schema *fuzz_booster_rows(struct fuzz_booster *f, size_t count)
{
    static const double values[] = {0,   -0.0,  0.5,  3,    1e-36,       -2,   1e30,
                                    300, 1e300, -1e9, 7.25, (double)NAN, 40.0, (double)INFINITY};
    enum { KINDS = sizeof values / sizeof values[0] };
    if (count > FUZZ_MOST_FEATURES)
        return NULL;
    for (size_t i = 0; i < FUZZ_ROWS * count; i++)
        f->numbers[i] = values[i % KINDS];
    f->me.feature_count = count;
    f->tile = (struct brn_tile){.rows = FUZZ_ROWS, .numbers = f->numbers, .number_stride = count};
    return brn_schema_inputs(&f->arena, count, NULL);
}

#endif
