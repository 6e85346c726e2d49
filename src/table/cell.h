/* SPDX-License-Identifier: Apache-2.0
 *
 * cell.h - one value on its way into a text format. */
#ifndef BRN_TABLE_CELL_H
#define BRN_TABLE_CELL_H

#include "base/number.h"
#include "table/table.h"

enum brn_cell_kind { BRN_CELL_MISSING, BRN_CELL_BOOL, BRN_CELL_NUMBER, BRN_CELL_TEXT };

struct brn_cell {
    enum brn_cell_kind kind;
    bool boolean;
    bool is_finite;               /* of a NUMBER */
    struct brn_slice text;        /* of a NUMBER (reads back bit-equal) and a TEXT */
    char number[BRN_NUMBER_TEXT]; /* text may point here */
};

void brn_cell_read(const struct brn_column *c, int64_t row, struct brn_cell *ret_cell);

/* The column's name, or "x0", "x1"… when it has none. */
const char *brn_column_title(const struct brn_table *table, size_t column, char room[32]);

#endif
