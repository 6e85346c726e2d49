/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/grid.h"

static brine_status out_of_room(brine_error *err)
{
    return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
}

brine_status brn_grid_add(struct brn_grid *grid, struct brn_slice text, enum brn_grid_kind kind,
                          brine_error *err)
{
    struct brn_grid_cell cell = {text, kind};
    brn_buffer_add(grid->cells, &cell, sizeof cell);
    return grid->cells->failed ? out_of_room(err) : BRINE_OK;
}

brine_status brn_grid_end_row(struct brn_grid *grid, brine_error *err)
{
    size_t cells = grid->cells->size / sizeof(struct brn_grid_cell);
    if (grid->rows == 0 && !grid->names)
        grid->columns = cells;
    size_t width = cells - grid->rows * grid->columns;
    if (width != grid->columns)
        return brn_fail(err, BRINE_FORMAT, "row %zu has %zu values, not %zu as the columns are",
                        grid->rows, width, grid->columns);
    grid->rows++;
    return BRINE_OK;
}

static const struct brn_grid_cell *cell_at(const struct brn_grid *grid, size_t row, size_t column)
{
    const struct brn_grid_cell *cells =
        (const struct brn_grid_cell *)(const void *)grid->cells->data;
    return grid->is_by_column ? &cells[column * grid->rows + row]
                              : &cells[row * grid->columns + column];
}

static const char *name_of(const struct brn_grid *grid, size_t column)
{
    struct brn_slice name = grid->names[column];
    char *copy = brn_work_take(grid->texts.work, name.n + 1, 1);
    if (copy && name.n)
        memcpy(copy, name.p, name.n);
    if (copy)
        copy[name.n] = '\0';
    return copy;
}

static bool fill_column(const struct brn_grid *grid, size_t column, struct brn_column *c)
{
    struct brn_work *work = grid->texts.work;
    size_t bytes = grid->rows / 8 + 1;
    struct brn_slice *slices = brn_work_take(work, grid->rows + 1, sizeof *slices);
    uint8_t *validity = brn_work_take(work, bytes, 1), *quoted = brn_work_take(work, bytes, 1);
    if (!slices || !validity || !quoted)
        return false;
    memset(validity, 0, bytes);
    memset(quoted, 0, bytes);
    for (size_t r = 0; r < grid->rows; r++) {
        const struct brn_grid_cell *cell = cell_at(grid, r, column);
        slices[r] = cell->text;
        validity[r / 8] |= (uint8_t)((cell->kind != BRN_GRID_MISSING) << (r % 8));
        quoted[r / 8] |= (uint8_t)((cell->kind == BRN_GRID_QUOTED) << (r % 8));
    }
    *c = (struct brn_column){.type = BRN_TYPE_LITERAL,
                             .length = (int64_t)grid->rows,
                             .validity = validity,
                             .slices = slices,
                             .quoted = quoted};
    return true;
}

brine_status brn_grid_table(const struct brn_grid *grid, struct brn_table *ret_table,
                            brine_error *err)
{
    struct brn_column *columns =
        brn_work_take(grid->texts.work, grid->columns + 1, sizeof *columns);
    if (!columns)
        return out_of_room(err);
    for (size_t c = 0; c < grid->columns; c++) {
        if (!fill_column(grid, c, &columns[c]))
            return out_of_room(err);
        columns[c].name = grid->names ? name_of(grid, c) : NULL;
        if (grid->names && !columns[c].name)
            return out_of_room(err);
    }
    *ret_table = (struct brn_table){(int64_t)grid->rows, grid->columns, columns};
    return BRINE_OK;
}
