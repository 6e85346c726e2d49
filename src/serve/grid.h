/* SPDX-License-Identifier: Apache-2.0
 *
 * grid.h - rows that say no types, as /invocations brings them: cells as they were written, to be
 * taken as number or text by the model's need. */
#ifndef BRN_SERVE_GRID_H
#define BRN_SERVE_GRID_H

#include "serve/text_pool.h"
#include "table/table.h"

enum brn_grid_kind { BRN_GRID_MISSING, BRN_GRID_BARE, BRN_GRID_QUOTED };

struct brn_grid_cell {
    struct brn_slice text;
    enum brn_grid_kind kind;
};

struct brn_grid {
    struct brn_text_pool texts;
    struct brn_buffer *cells; /* of struct brn_grid_cell; the caller's, kept between requests */
    struct brn_slice *names;  /* in the work memory; NULL: none */
    size_t columns, rows;
    bool is_by_column; /* cells of a column lie side by side, else those of a row */
};

/* One more cell; BRINE_LIMIT when there is no room. */
brine_status brn_grid_add(struct brn_grid *grid, struct brn_slice text, enum brn_grid_kind kind,
                          brine_error *err);

/* Where the cells added since the last call end a row: all rows are as wide as the first (or as the
 * names). */
brine_status brn_grid_end_row(struct brn_grid *grid, brine_error *err);

/* As LITERAL columns in the work memory.  names that lack are NULL. */
brine_status brn_grid_table(const struct brn_grid *grid, struct brn_table *ret_table,
                            brine_error *err);

/* ---- what /invocations reads ---- */

struct brn_invocation_request {
    struct brn_grid grid;
    struct brn_slice method; /* of params; p NULL: none */
};

/* {"dataframe_split" | "dataframe_records" | "instances" | "inputs": …, "params"?: {…}}, exactly
 * one of the four.  Source: mlflow/pyfunc/scoring_server/__init__.py at 3.1. */
brine_status brn_invocation_json(struct brn_slice body, struct brn_work *work,
                                 struct brn_buffer *cells,
                                 struct brn_invocation_request *ret_request, brine_error *err);

#endif
