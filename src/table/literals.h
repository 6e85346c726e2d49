/* SPDX-License-Identifier: Apache-2.0
 *
 * literals.h - a batch of LITERAL columns, filled cell by cell, that CSV and JSON Lines share. */
#ifndef BRN_TABLE_LITERALS_H
#define BRN_TABLE_LITERALS_H

#include "table/table.h"

struct brn_literals {
    struct brn_arena names; /* of the whole file */
    struct brn_arena texts; /* unescaped values, of the batch */
    struct brn_column *columns;
    size_t count, column_capacity;
    int64_t rows, capacity;     /* capacity is a multiple of 8 */
    struct brn_slice *slices;   /* column by column, capacity each */
    uint8_t *validity, *quoted; /* likewise, capacity / 8 each; the bits of rows to come are 0 */
};

void brn_literals_init(struct brn_literals *l);
void brn_literals_free(struct brn_literals *l);

/* Before the first row alone.  The name is copied. */
brine_status brn_literals_add_column(struct brn_literals *l, struct brn_slice name,
                                     brine_error *err);

/* A new batch: no rows, the texts of the last one gone. */
void brn_literals_clear(struct brn_literals *l);

/* Makes room for row number l->rows. */
brine_status brn_literals_reserve(struct brn_literals *l, brine_error *err);

/* Of row l->rows; l->rows++ ends it.  A cell that is not set is missing. */
static inline void brn_literals_set(struct brn_literals *l, size_t column, struct brn_slice text,
                                    bool is_quoted)
{
    size_t row = (size_t)l->rows, capacity = (size_t)l->capacity;
    size_t byte = column * (capacity / 8) + row / 8;
    uint8_t bit = (uint8_t)(1u << row % 8);
    l->slices[column * capacity + row] = text;
    l->validity[byte] |= bit;
    if (is_quoted)
        l->quoted[byte] |= bit;
}

/* The cell stands there, but says that it has no value (JSON's null): missing, and marked as
 * quoted.
 */
static inline void brn_literals_set_null(struct brn_literals *l, size_t column)
{
    size_t row = (size_t)l->rows;
    l->quoted[column * ((size_t)l->capacity / 8) + row / 8] |= (uint8_t)(1u << row % 8);
}

/* Takes back the cells of the row that was begun. */
void brn_literals_drop_row(struct brn_literals *l);

/* The batch; valid until it is cleared. */
struct brn_table brn_literals_table(struct brn_literals *l);

/* The first cell whose text is not UTF-8; false when there is none. */
bool brn_literals_find_invalid(const struct brn_literals *l, int64_t *ret_row, size_t *ret_column);

#endif
