/* SPDX-License-Identifier: Apache-2.0
 *
 * tile.h - a few rows on their way through the steps, and the memory that they need there. */
#ifndef BRN_MODEL_TILE_H
#define BRN_MODEL_TILE_H

#include "base/error.h"
#include "model/schema.h"

#include <stddef.h>

/* Row-major: number c of row r is numbers[r * number_stride + c]. */
struct brn_tile {
    size_t rows;
    uint64_t first_row; /* of the whole input, for errors */
    double *numbers;
    size_t number_stride;
    int32_t *codes;
    size_t code_stride;
    /* The numbers are float32 values: the input was float32, and a step that scikit-learn computes
     * in float32 rounds its result.  A run-time property of the rows, not of the model. */
    bool single;
    /* Of the model's input: the names of its columns, by place; else NULL. */
    const char *const *number_names, *const *code_names;
};

struct brn_work_block;

/* A thread's scratch memory.  Blocks are kept between calls: the steady state allocates nothing. */
struct brn_work {
    struct brn_work_block *blocks, *current;
    size_t used; /* of current */
    size_t total, limit;
    brine_error *err; /* of the call under way */
};

void brn_work_init(struct brn_work *work, size_t limit); /* limit 0: 1 GiB */
void brn_work_free(struct brn_work *work);

/* Taken memory is valid until the mark is released.  Aligned to 64 bytes, not zeroed; NULL when the
 * limit or memory is reached. */
struct brn_work_mark {
    struct brn_work_block *block;
    size_t used;
};
struct brn_work_mark brn_work_mark(const struct brn_work *work);
void brn_work_release(struct brn_work *work, struct brn_work_mark mark);
void *brn_work_take(struct brn_work *work, size_t count, size_t size);

/* A tile for the schema, with as many rows as like (first_row and single copied, no names).
 * BRINE_NOMEM or OK. */
brine_status brn_work_tile(struct brn_work *work, const struct brn_schema *schema,
                           const struct brn_tile *like, struct brn_tile *ret_tile);

/* The model refuses row r (of the tile); column is a slot's name or NULL.  Returns BRINE_INPUT. */
brine_status brn_refuse(const struct brn_work *work, const struct brn_tile *tile, size_t r,
                        const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6), cold));

enum brn_missing { BRN_NAN_REFUSED, BRN_NAN_ALLOWED };

/* scikit-learn's check_array on numbers: infinities are refused, NaN as said.  columns are places
 * in the tile's numbers. */
brine_status brn_check_finite(const struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, enum brn_missing missing);

/* Gathers columns into rows x count contiguous values, or returns the tile's own when they lie so
 * already (*ret_stride apart). */
const double *brn_tile_gather(struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, size_t *ret_stride);

#endif
