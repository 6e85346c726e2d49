/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a body of /invocations: JSON, or CSV when the first byte is odd. */
#include "serve/grid.h"
#include "serve/invocations_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(const struct brn_table *table)
{
    volatile double sum = 0;
    for (size_t c = 0; c < table->column_count; c++)
        for (int64_t r = 0; r < table->rows; r++) {
            double v;
            if (brn_column_number(&table->columns[c], r, &v))
                sum = sum + v;
        }
}

static void read_json(struct brn_slice body)
{
    struct brn_work work;
    struct brn_buffer cells = {.data = NULL};
    struct brn_invocation_request request;
    struct brn_table table;
    brine_error err;
    brn_work_init(&work, 64 << 20);
    if (brn_invocation_json(body, &work, &cells, &request, &err) == BRINE_OK &&
        brn_grid_table(&request.grid, &table, &err) == BRINE_OK)
        touch(&table);
    brn_work_free(&work);
    brn_buffer_free(&cells);
}

static void read_csv(struct brn_slice body)
{
    struct brn_csv_body csv;
    struct brn_table table;
    brine_error err;
    if (brn_csv_body_read(&csv, body, 64 << 20, &table, &err) == BRINE_OK)
        touch(&table);
    brn_csv_body_close(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct brn_slice body = {data + 1, size - 1};
    if (data[0] & 1)
        read_csv(body);
    else
        read_json(body);
    return 0;
}
