/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tile.h"

#include "kernel/finite.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct brn_work_block {
    struct brn_work_block *next;
    size_t size;
    _Alignas(64) uint8_t bytes[];
};

enum { SMALLEST_BLOCK = 64 << 10, ALIGN = 64 };

void brn_work_init(struct brn_work *work, size_t limit)
{
    *work = (struct brn_work){.limit = limit ? limit : (size_t)1 << 30};
}

static void free_stack(struct brn_work_stack *stack)
{
    for (struct brn_work_block *b = stack->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
}

void brn_work_free(struct brn_work *work)
{
    free_stack(&work->rows);
    free_stack(&work->texts);
    for (size_t i = 0; i < work->crew_size; i++)
        brn_work_free(&work->crew[i]);
    free(work->crew);
    for (struct brn_compressed *c = work->compressed, *next; c; c = next) {
        next = c->next;
        free(c->columns);
        free(c->values);
        free(c);
    }
    brn_work_init(work, work->limit);
}

brine_status brn_work_take_threads(struct brn_work *work, size_t threads, brine_error *err)
{
    if (threads < 2)
        return BRINE_OK;
    work->crew = calloc(threads - 1, sizeof *work->crew);
    if (!work->crew)
        return brn_fail_memory(err);
    work->crew_size = threads - 1;
    for (size_t i = 0; i < work->crew_size; i++)
        brn_work_init(&work->crew[i], work->limit);
    return BRINE_OK;
}

struct brn_work_mark brn_work_mark(const struct brn_work *work)
{
    return (struct brn_work_mark){work->rows.current, work->rows.used, work->compressed_current};
}

void brn_work_release(struct brn_work *work, struct brn_work_mark mark)
{
    work->rows.current = mark.block ? mark.block : work->rows.blocks;
    work->rows.used = mark.block ? mark.used : 0;
    work->compressed_current = mark.compressed;
}

static struct brn_work_block *add_block(struct brn_work *work, struct brn_work_stack *stack,
                                        size_t bytes)
{
    size_t size = bytes > SMALLEST_BLOCK ? bytes : SMALLEST_BLOCK;
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > work->limit - work->total)
        return NULL;
    struct brn_work_block *b = aligned_alloc(ALIGN, sizeof *b + size);
    if (!b)
        return NULL;
    *b = (struct brn_work_block){.size = size};
    work->total += size;
    struct brn_work_block **link = stack->current ? &stack->current->next : &stack->blocks;
    b->next = *link;
    *link = b;
    return b;
}

static uint8_t *take(struct brn_work *work, struct brn_work_stack *stack, size_t bytes)
{
    struct brn_work_block *b = stack->current;
    while (b && b->size - stack->used < bytes) { /* what is left of a block is passed over */
        b = b->next;
        stack->used = 0;
        if (b)
            stack->current = b;
    }
    if (!b) {
        b = add_block(work, stack, bytes);
        if (!b)
            return NULL;
        stack->current = b;
        stack->used = 0;
    }
    uint8_t *p = b->bytes + stack->used;
    stack->used += bytes;
    return p;
}

void *brn_work_take(struct brn_work *work, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > work->limit)
        return NULL;
    return take(work, &work->rows, (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1));
}

uint8_t *brn_work_text(struct brn_work *work, size_t bytes)
{
    return bytes > work->limit ? NULL : take(work, &work->texts, bytes);
}

void brn_work_forget_texts(struct brn_work *work)
{
    work->texts.current = work->texts.blocks;
    work->texts.used = 0;
}

/* ---- compressed rows ---- */

static struct brn_compressed *next_compressed(struct brn_work *work)
{
    struct brn_compressed **link =
        work->compressed_current ? &work->compressed_current->next : &work->compressed;
    if (!*link)
        *link = calloc(1, sizeof **link);
    if (*link)
        work->compressed_current = *link;
    return *link;
}

static brine_status take_compressed(struct brn_work *work, size_t rows, struct brn_compressed **ret)
{
    struct brn_compressed *c = next_compressed(work);
    size_t *starts = brn_work_take(work, rows + 1, sizeof *starts);
    if (!c || !starts)
        return brn_fail_memory(work->err);
    if (!c->capacity) /* no values are somewhere, too */
        BRN_TRY(brn_compressed_grow(work, c));
    starts[0] = 0;
    c->starts = starts;
    c->count = 0;
    *ret = c;
    return BRINE_OK;
}

brine_status brn_compressed_grow(struct brn_work *work, struct brn_compressed *to)
{
    enum { ENTRY = sizeof *to->columns + sizeof *to->values, FIRST = 4096 };
    size_t more = to->capacity ? to->capacity : FIRST;
    if (more > (work->limit - work->total) / ENTRY)
        return brn_fail_memory(work->err);
    uint32_t *columns = realloc(to->columns, (to->capacity + more) * sizeof *columns);
    if (columns)
        to->columns = columns;
    double *values = columns ? realloc(to->values, (to->capacity + more) * sizeof *values) : NULL;
    if (!values)
        return brn_fail_memory(work->err);
    to->values = values;
    to->capacity += more;
    work->total += more * ENTRY;
    return BRINE_OK;
}

void brn_compressed_expand(const struct brn_compressed *from, size_t rows, size_t width,
                           double *numbers, size_t stride)
{
    for (size_t r = 0; r < rows; r++) {
        double *row = numbers + r * stride;
        memset(row, 0, width * sizeof *row);
        for (size_t k = from->starts[r]; k < from->starts[r + 1]; k++)
            row[from->columns[k]] = 0 + from->values[k]; /* as toarray() adds: no -0 */
    }
}

brine_status brn_work_tile(struct brn_work *work, const struct brn_schema *schema,
                           const struct brn_tile *like, struct brn_tile *ret_tile)
{
    size_t numbers = (size_t)schema->layout->numbers, codes = (size_t)schema->layout->codes;
    size_t documents = (size_t)schema->layout->documents;
    struct brn_tile tile = {.rows = like->rows,
                            .first_row = like->first_row,
                            .single = like->single,
                            .number_stride = numbers,
                            .code_stride = codes,
                            .document_stride = documents};
    tile.numbers = brn_work_take(work, tile.rows * numbers, sizeof(double));
    tile.codes = brn_work_take(work, tile.rows * codes, sizeof(int32_t));
    tile.documents = brn_work_take(work, tile.rows * documents, sizeof(struct brn_slice));
    if (!tile.numbers || !tile.codes || !tile.documents)
        return brn_fail_memory(work->err);
    if (schema->is_compressed)
        BRN_TRY(take_compressed(work, tile.rows, &tile.compressed));
    *ret_tile = tile;
    return BRINE_OK;
}

brine_status brn_refuse(const struct brn_work *work, const struct brn_tile *tile, size_t r,
                        const char *column, const char *format, ...)
{
    char sentence[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return brn_fail_row(work->err, tile->first_row + r, column, "%s", sentence);
}

static brine_status refuse_number(const struct brn_work *work, const struct brn_tile *tile,
                                  size_t r, int32_t column, double value)
{
    return brn_refuse(work, tile, r, tile->number_names ? tile->number_names[column] : NULL,
                      "the model takes no %s here",
                      isnan(value) ? "missing value (NaN)"
                      : value > 0  ? "infinity"
                                   : "-infinity");
}

bool brn_are_contiguous(const int32_t *columns, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (columns[i] != columns[0] + (int32_t)i)
            return false;
    return count > 0;
}

/* Columns side by side, without NaN or infinities: seen at a glance. */
static bool are_plainly_finite(const struct brn_tile *tile, const int32_t *columns, size_t count)
{
    if (!brn_are_contiguous(columns, count))
        return false;
    for (size_t r = 0; r < tile->rows; r++)
        if (!brn_all_finite(tile->numbers + r * tile->number_stride + columns[0], count))
            return false;
    return true;
}

brine_status brn_check_finite(const struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, enum brn_missing missing)
{
    if (are_plainly_finite(tile, columns, count))
        return BRINE_OK;
    for (size_t r = 0; r < tile->rows && missing != BRN_ANY_ALLOWED; r++) {
        const double *row = tile->numbers + r * tile->number_stride;
        for (size_t i = 0; i < count; i++) {
            double v = row[columns[i]];
            if (__builtin_expect(!isfinite(v), 0) && (missing == BRN_NAN_REFUSED || !isnan(v)))
                return refuse_number(work, tile, r, columns[i], v);
        }
    }
    return BRINE_OK;
}

const double *brn_tile_gather(struct brn_work *work, const struct brn_tile *tile,
                              const int32_t *columns, size_t count, size_t *ret_stride)
{
    if (brn_are_contiguous(columns, count)) {
        *ret_stride = tile->number_stride;
        return tile->numbers + columns[0];
    }
    double *values = brn_work_take(work, tile->rows * count, sizeof *values);
    if (!values)
        return NULL;
    for (size_t r = 0; r < tile->rows; r++)
        for (size_t i = 0; i < count; i++)
            values[r * count + i] = tile->numbers[r * tile->number_stride + (size_t)columns[i]];
    *ret_stride = count;
    return values;
}
