/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/invocations_csv.h"

#include "table/format.h"

/* What a cell may cost while its column grows: the old and the new place of a slice. */
enum { CELL_BYTES = 3 * sizeof(struct brn_slice), MAX_COLUMNS = 100000 };

/* No more cells than commas and line ends. */
static uint64_t count_cells(struct brn_slice body)
{
    uint64_t count = 1;
    for (size_t i = 0; i < body.n; i++)
        count += body.p[i] == ',' || body.p[i] == '\n';
    return count;
}

brine_status brn_csv_body_read(struct brn_csv_body *csv, struct brn_slice body, uint64_t max_memory,
                               struct brn_table *ret_table, brine_error *err)
{
    *csv = (struct brn_csv_body){NULL, NULL};
    if (count_cells(body) > max_memory / CELL_BYTES)
        return brn_fail(err, BRINE_LIMIT, "the request needs more memory than one may take");
    const struct brn_io_limits limits = {.max_expanded_bytes = body.n};
    BRN_TRY(brn_stream_open_bytes(body, "the body", NULL, &limits, &csv->stream, err));
    const struct brn_table_source source = {
        .stream = csv->stream,
        .options = {.delimiter = ',',
                    .max_line = body.n + 1,
                    .max_columns = MAX_COLUMNS,
                    .batch_rows = INT64_MAX},
    };
    BRN_TRY(brn_format_csv.open(&source, &csv->state, err));
    return brn_format_csv.next(csv->state, ret_table, err);
}

void brn_csv_body_close(struct brn_csv_body *csv)
{
    if (csv->state)
        brn_format_csv.close(csv->state);
    brn_stream_close(csv->stream);
}
