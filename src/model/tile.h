/* SPDX-License-Identifier: Apache-2.0
 *
 * tile.h - a few rows on their way through the steps, and the memory that they need there. */
#ifndef BRN_MODEL_TILE_H
#define BRN_MODEL_TILE_H

#include "base/error.h"
#include "model/schema.h"

#include <stddef.h>

/* Rows that are nearly all 0, one after the other: what is not 0 of row r stands from starts[r] to
 * starts[r + 1], by ascending column.  It grows as values are added, in memory that the work keeps.
 */
struct brn_compressed {
    size_t *starts; /* of every row, and the end of the last */
    uint32_t *columns;
    double *values;
    size_t count, capacity;
    struct brn_compressed *next; /* of the work's */
};

/* Row-major: number c of row r is numbers[r * number_stride + c]. */
struct brn_tile {
    size_t rows;
    uint64_t first_row; /* of the whole input, for errors */
    double *numbers;
    size_t number_stride;
    int32_t *codes;
    size_t code_stride;
    struct brn_slice *documents; /* p is NULL where one is missing */
    size_t document_stride;
    struct brn_compressed *compressed; /* of a compressed schema: instead of numbers and codes */
    /* The numbers are float32 values: the input was float32, and a step that scikit-learn computes
     * in float32 rounds its result.  A run-time property of the rows, not of the model. */
    bool single;
    /* Of the input of a model that takes records: the table, and where the tile begins in it. */
    const struct brn_table *table;
    int64_t table_row;
    /* Of the model's input: the names of its columns, by place; else NULL. */
    const char *const *number_names, *const *code_names, *const *document_names;
};

struct brn_work_block;
struct brn_table;

/* Memory that is taken from its end and given back there. */
struct brn_work_stack {
    struct brn_work_block *blocks, *current;
    size_t used; /* of current */
};

/* A thread's scratch memory.  Blocks are kept between calls: the steady state allocates nothing. */
struct brn_work {
    struct brn_work_stack rows, texts;
    size_t total, limit;
    struct brn_compressed *compressed, *compressed_current; /* as blocks are */
    brine_error *err;                                       /* of the call under way */
    struct brn_work *crew; /* of further threads, which help with many rows */
    size_t crew_size;
};

void brn_work_init(struct brn_work *work, size_t limit); /* limit 0: 1 GiB, a thread */

/* From now on brn_model_run starts up to threads - 1 further threads for many rows, each with
 * memory of its own.  The answers stay the same.  BRINE_NOMEM or OK. */
brine_status brn_work_take_threads(struct brn_work *work, size_t threads, brine_error *err);
void brn_work_free(struct brn_work *work);

/* Taken memory is valid until the mark is released.  Aligned to 64 bytes, not zeroed; NULL when the
 * limit or memory is reached. */
struct brn_work_mark {
    struct brn_work_block *block;
    size_t used;
    struct brn_compressed *compressed;
};
struct brn_work_mark brn_work_mark(const struct brn_work *work);
void brn_work_release(struct brn_work *work, struct brn_work_mark mark);
void *brn_work_take(struct brn_work *work, size_t count, size_t size);

/* Bytes of a text that a step makes: they outlive the step, until the tile is done. */
uint8_t *brn_work_text(struct brn_work *work, size_t bytes);
void brn_work_forget_texts(struct brn_work *work);

/* A tile for the schema, with as many rows as like (first_row and single copied, no names).
 * BRINE_NOMEM or OK. */
brine_status brn_work_tile(struct brn_work *work, const struct brn_schema *schema,
                           const struct brn_tile *like, struct brn_tile *ret_tile);

/* The next value of a row under way; column > the one before.  BRINE_NOMEM or OK. */
brine_status brn_compressed_grow(struct brn_work *work, struct brn_compressed *to);

static inline brine_status brn_compressed_add(struct brn_work *work, struct brn_compressed *to,
                                              uint32_t column, double value)
{
    if (to->count == to->capacity)
        BRN_TRY(brn_compressed_grow(work, to));
    to->columns[to->count] = column;
    to->values[to->count++] = value;
    return BRINE_OK;
}

/* Row r has all its values; rows end in their order. */
static inline void brn_compressed_end_row(struct brn_compressed *to, size_t r)
{
    to->starts[r + 1] = to->count;
}

/* Writes out the rows of a compressed tile, width columns each. */
void brn_compressed_expand(const struct brn_compressed *from, size_t rows, size_t width,
                           double *numbers, size_t stride);

/* The model refuses row r (of the tile); column is a slot's name or NULL.  Returns BRINE_INPUT. */
brine_status brn_refuse(const struct brn_work *work, const struct brn_tile *tile, size_t r,
                        const char *column, const char *format, ...)
    __attribute__((format(printf, 5, 6), cold));

enum brn_missing { BRN_NAN_REFUSED, BRN_NAN_ALLOWED, BRN_ANY_ALLOWED };

/* scikit-learn's check_array on numbers: infinities are refused, NaN as said; neither, where
 * nothing is checked.  columns are places
 * in the tile's numbers. */
brine_status brn_check_finite(const struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, enum brn_missing missing);

/* There are columns, and each stands behind the one before. */
bool brn_are_contiguous(const int32_t *columns, size_t count);

/* Gathers columns into rows x count contiguous values, or returns the tile's own when they lie so
 * already (*ret_stride apart). */
const double *brn_tile_gather(struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, size_t *ret_stride);

#endif
