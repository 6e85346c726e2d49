/* SPDX-License-Identifier: Apache-2.0
 *
 * predictions.h - whether two models give the same answers on the same rows. */
#ifndef BRN_COMPARE_PREDICTIONS_H
#define BRN_COMPARE_PREDICTIONS_H

#include "model/model.h"

/* Of one method; both models have it. */
struct brn_parity {
    brine_method method;
    uint64_t rows, columns;
    uint64_t differing;    /* labels that differ, or numbers that are not bit-equal */
    double max_difference; /* of numbers; infinity when only one of two is NaN */
    uint64_t refused;      /* rows that both models refuse */
    uint64_t refused_once; /* rows that one of them refuses: counted as differing too */
    uint64_t outside;      /* values that differ by more than their bound */
};

/* Two tables of predictions, value by value: numbers as they stand in memory, labels as text. bound
 * may be NULL; else a table of the same shape that says by how much each number may differ.  The
 * tables must have the same shape: BRINE_INPUT otherwise. */
brine_status brn_tables_compare(const struct brn_table *a, const struct brn_table *b,
                                const struct brn_table *bound, struct brn_parity *ret_parity,
                                brine_error *err);

struct brn_parities {
    size_t count;
    struct brn_parity of[BRINE_METHOD_COUNT];
};

/* Every method that both models have and that takes rows. */
brine_status brn_predictions_compare(const struct brine_model *a, const struct brine_model *b,
                                     const struct brn_table *rows,
                                     struct brn_parities *ret_parities, brine_error *err);

/* Rows for a model whose data are not at hand: always the same; numbers of many magnitudes, some
 * missing, the texts from its own categories.  In the arena. */
brine_status brn_rows_generate(const struct brine_model *model, size_t count,
                               struct brn_arena *arena, struct brn_table *ret_rows,
                               brine_error *err);

#endif
