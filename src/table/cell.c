/* SPDX-License-Identifier: Apache-2.0 */
#include "table/cell.h"

#include "table/type.h"

#include <math.h>
#include <stdio.h>

static size_t format_number(const struct brn_column *c, int64_t row, char out[BRN_NUMBER_TEXT])
{
    const void *value = brn_column_at(c, row);
    uint64_t wide;
    float single;
    switch (c->type) {
    case BRN_TYPE_UINT64:
        memcpy(&wide, value, sizeof wide);
        return brn_format_uint64(wide, out);
    case BRN_TYPE_FLOAT32:
        memcpy(&single, value, sizeof single);
        return brn_format_float(single, out);
    case BRN_TYPE_FLOAT16:
    case BRN_TYPE_FLOAT64:
        return brn_format_double(brn_types[c->type].number(value), out);
    default:
        return brn_format_int64(brn_types[c->type].integer(value), out);
    }
}

void brn_cell_read(const struct brn_column *c, int64_t row, struct brn_cell *cell)
{
    double value;
    cell->kind = BRN_CELL_MISSING;
    if (!brn_column_is_valid(c, row))
        return;
    if (c->type == BRN_TYPE_DICTIONARY) {
        brn_cell_read(c->dictionary, brn_column_code(c, row), cell);
    } else if (c->type == BRN_TYPE_BOOL) {
        cell->kind = BRN_CELL_BOOL;
        cell->boolean = brn_column_number(c, row, &value) && value > 0;
    } else if (brn_types[c->type].number) {
        cell->kind = BRN_CELL_NUMBER;
        cell->is_finite = isfinite(brn_types[c->type].number(brn_column_at(c, row)));
        cell->text =
            (struct brn_slice){(const uint8_t *)cell->number, format_number(c, row, cell->number)};
    } else if (brn_column_text(c, row, &cell->text)) {
        cell->kind = BRN_CELL_TEXT;
    }
}

const char *brn_column_title(const struct brn_table *table, size_t column, char room[32])
{
    if (table->columns[column].name)
        return table->columns[column].name;
    snprintf(room, 32, "x%zu", column);
    return room;
}
