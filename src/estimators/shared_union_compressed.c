/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_union_compressed.c - scipy.sparse.hstack: rows of several parts as one compressed row
 * each; dense parts leave their zeros out. */
#include "estimators/shared_union.h"

/* numpy's common type: of integers the widest, else a float. */
static uint8_t common_integer(const struct brn_union *u)
{
    uint8_t widest = 0;
    for (size_t i = 0; i < u->count; i++) {
        uint8_t bytes = u->parts[i].transformer ? u->parts[i].out->integer_bytes : 0;
        if (bytes == 0 || u->parts[i].weight != 1)
            return 0;
        widest = bytes > widest ? bytes : widest;
    }
    return widest;
}

/* Columns that are passed on, or that a step left without a form, are wanted as numbers. */
static brine_status want_numbers(const struct brn_union_part *part, struct brn_build *build)
{
    for (size_t i = 0; !part->out->is_compressed && i < part->count; i++)
        if (brn_schema_number(part->out, i) < 0)
            return brn_fail(build->err, BRINE_MODEL,
                            "\"%s\" goes into a sparse matrix, but is text", part->name);
    return BRINE_OK;
}

brine_status brn_union_bind_compressed(struct brn_union *u, const char *const *names, size_t count,
                                       struct brn_build *build, struct brn_schema **ret_out)
{
    for (size_t i = 0; i < u->count; i++)
        BRN_TRY(want_numbers(&u->parts[i], build));
    struct brn_schema *out = brn_schema_compressed(build->arena, count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = common_integer(u);
    *ret_out = out;
    return BRINE_OK;
}

/* ---- running ---- */

static double weigh(const struct brn_union_part *part, double value, bool single)
{
    if (part->weight == 1)
        return value;
    value *= part->weight;
    return single ? (double)(float)value : value;
}

/* One row of a part behind what stands in the row already. */
static brine_status add_row(const struct brn_union_part *part, const struct brn_tile *from,
                            size_t r, uint32_t first, struct brn_compressed *to,
                            struct brn_work *work)
{
    const struct brn_compressed *rows = from->compressed;
    if (part->out->is_compressed) {
        for (size_t k = rows->starts[r]; k < rows->starts[r + 1]; k++)
            BRN_TRY(brn_compressed_add(work, to, first + rows->columns[k],
                                       weigh(part, rows->values[k], from->single)));
        return BRINE_OK;
    }
    const double *numbers = from->numbers + r * from->number_stride;
    for (size_t i = 0; i < part->count; i++) {
        double value = weigh(part, numbers[part->out->slots[i]->number], from->single);
        if (value != 0)
            BRN_TRY(brn_compressed_add(work, to, first + (uint32_t)i, value));
    }
    return BRINE_OK;
}

static brine_status add_rows(const struct brn_union *u, const struct brn_tile *tiles, size_t rows,
                             struct brn_compressed *to, struct brn_work *work)
{
    for (size_t r = 0; r < rows; r++) {
        uint32_t first = 0;
        for (size_t i = 0; i < u->count; first += (uint32_t)u->parts[i++].count)
            BRN_TRY(add_row(&u->parts[i], &tiles[i], r, first, to, work));
        brn_compressed_end_row(to, r);
    }
    return BRINE_OK;
}

brine_status brn_union_run_compressed(const struct brn_union *u, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    struct brn_tile *tiles = brn_work_take(work, u->count, sizeof *tiles);
    if (!tiles)
        return brn_fail_memory(work->err);
    out->single = u->count > 0;
    for (size_t i = 0; i < u->count; i++) {
        const struct brn_union_part *part = &u->parts[i];
        tiles[i] = *in;
        if (part->transformer)
            BRN_TRY(brn_run_into(part->transformer, BRINE_METHOD_TRANSFORM, in, work, &tiles[i]));
        out->single = out->single && (tiles[i].single || part->count == 0);
    }
    return add_rows(u, tiles, in->rows, out->compressed, work);
}
