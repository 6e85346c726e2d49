/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/contract_rows.h"

brine_status brn_contract_rows_open(const char *path, const struct brine_model *model,
                                    struct brn_contract_rows *ret_rows, brine_error *err)
{
    size_t count;
    const struct brn_feature *features = brn_model_features(model, &count);
    struct brn_contract_rows rows = {0};
    brine_status status = brn_contract_load(path, &rows.contract, err);
    if (status == BRINE_OK)
        status =
            brn_rows_compile(rows.contract, features, count, BRN_ROWS_ONLINE, &rows.rules, err);
    if (status == BRINE_OK)
        *ret_rows = rows;
    else
        brn_contract_rows_free(&rows);
    return status;
}

void brn_contract_rows_free(struct brn_contract_rows *rows)
{
    brn_rules_free(rows->rules);
    brn_contract_free(rows->contract);
    *rows = (struct brn_contract_rows){0};
}

static brine_status broken(const struct brn_contract_rows *rows, const struct brn_violation *v,
                           brine_error *err)
{
    char text[240];
    brn_violation_text(rows->rules, v, text, sizeof text);
    return brn_fail_row(err, v->row, brn_rules_at(rows->rules, v->rule)->column,
                        "breaks the contract: %s", text);
}

/* One row at a time: which ones break it. */
static brine_status mark_rows(const struct brn_contract_rows *rows, const struct brn_table *batch,
                              uint8_t *refused, struct brn_arena *arena, brine_error *err)
{
    for (int64_t r = 0; r < batch->rows; r++) {
        struct brn_table row;
        struct brn_rows_result result = {0};
        BRN_TRY(brn_table_slice(batch, r, 1, arena, &row, err));
        BRN_TRY(brn_rows_check(rows->rules, &row, 0, &result, err));
        refused[r] = result.total > 0;
    }
    return BRINE_OK;
}

/* The first violation that is no warning. */
static const struct brn_violation *first_error(const struct brn_contract_rows *rows,
                                               const struct brn_rows_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (!brn_rules_at(rows->rules, result->list[i].rule)->is_warning)
            return &result->list[i];
    return NULL;
}

brine_status brn_contract_rows_check(const struct brn_contract_rows *rows,
                                     const struct brn_table *batch, uint64_t first_row,
                                     uint8_t *refused, struct brn_arena *arena,
                                     struct brn_table *ret_applied, brine_error *err)
{
    enum { MOST = 1000 };
    struct brn_violation list[MOST];
    struct brn_rows_result result = {.list = list, .capacity = MOST};
    BRN_TRY(brn_rows_check(rows->rules, batch, first_row, &result, err));
    const struct brn_violation *first = first_error(rows, &result);
    if (first && (!refused || first->row == BRINE_NOWHERE))
        return broken(rows, first, err);
    if (result.total)
        BRN_TRY(mark_rows(rows, batch, refused, arena, err));
    return brn_rows_apply(rows->rules, batch, arena, ret_applied, err);
}

brine_status brn_contract_rows_mask(const uint8_t *refused, struct brn_arena *arena,
                                    struct brn_table *predictions, brine_error *err)
{
    for (size_t c = 0; c < predictions->column_count; c++) {
        struct brn_column *column = &predictions->columns[c];
        size_t bits = (size_t)(predictions->rows + column->offset);
        uint8_t *validity = BRN_NEW(arena, uint8_t, bits / 8 + 1);
        if (!validity)
            return brn_fail_memory(err);
        for (int64_t r = 0; r < predictions->rows; r++) {
            size_t bit = (size_t)(r + column->offset);
            if (!refused[r] && brn_column_is_valid(column, r))
                validity[bit / 8] |= (uint8_t)(1u << (bit % 8));
        }
        column->validity = validity;
    }
    return BRINE_OK;
}
