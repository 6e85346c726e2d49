/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/rules.h"

static bool is_known(const struct brn_compiled_column *c, const struct brn_column *column,
                     int64_t row)
{
    struct brn_slice text;
    return !brn_column_is_valid(column, row) || !brn_column_text(column, row, &text) ||
           brn_dictionary_text(c->feature->categories, text) != BRN_CODE_UNKNOWN;
}

/* The validity with the unknown rows taken out; NULL with *ret_any false when there are none. */
static brine_status known_validity(const struct brn_compiled_column *c,
                                   const struct brn_column *column, struct brn_arena *arena,
                                   uint8_t **ret_validity, brine_error *err)
{
    uint8_t *bits = NULL;
    for (int64_t row = 0; row < column->length; row++) {
        if (is_known(c, column, row))
            continue;
        if (!bits) {
            size_t bytes = ((size_t)(column->offset + column->length) + 7) / 8;
            bits = BRN_NEW(arena, uint8_t, bytes);
            if (!bits)
                return brn_fail_memory(err);
            if (column->validity)
                memcpy(bits, column->validity, bytes);
            else
                memset(bits, 0xff, bytes);
        }
        int64_t i = row + column->offset;
        bits[i / 8] &= (uint8_t) ~(1u << (i % 8));
    }
    *ret_validity = bits;
    return BRINE_OK;
}

static brine_status apply_column(const struct brn_compiled_column *c, struct brn_table *table,
                                 struct brn_arena *arena, brine_error *err)
{
    for (size_t i = 0; i < table->column_count; i++) {
        struct brn_column *column = &table->columns[i];
        uint8_t *validity = NULL;
        if (!column->name || strcmp(column->name, c->name) != 0)
            continue;
        BRN_TRY(known_validity(c, column, arena, &validity, err));
        if (validity)
            column->validity = validity;
    }
    return BRINE_OK;
}

brine_status brn_rows_apply(const struct brn_rules *rules, const struct brn_table *table,
                            struct brn_arena *arena, struct brn_table *ret_table, brine_error *err)
{
    struct brn_table copy = *table;
    copy.columns = BRN_NEW(arena, struct brn_column, table->column_count + 1);
    if (!copy.columns)
        return brn_fail_memory(err);
    memcpy(copy.columns, table->columns, table->column_count * sizeof *copy.columns);
    for (size_t i = 0; i < rules->column_count; i++)
        if (rules->columns[i].to_missing)
            BRN_TRY(apply_column(&rules->columns[i], &copy, arena, err));
    *ret_table = copy;
    return BRINE_OK;
}
