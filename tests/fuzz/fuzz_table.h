/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_table.h - a table file of one suffix, read in batches of any size: what comes out may not
 * depend on the size. */
#ifndef BRN_FUZZ_TABLE_H
#define BRN_FUZZ_TABLE_H

#include "table/table.h"

#include <stdlib.h>

struct digest {
    uint64_t hash, rows;
    brine_status status;
};

static void mix(struct digest *d, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < n; i++)
        d->hash = (d->hash ^ p[i]) * 0x100000001b3u;
}

static void mix_cell(struct digest *d, const struct brn_column *c, int64_t row)
{
    struct brn_slice text;
    double number;
    bool valid = brn_column_is_valid(c, row);
    mix(d, &valid, sizeof valid);
    if (brn_column_text(c, row, &text))
        mix(d, text.p, text.n);
    if (brn_column_number(c, row, &number))
        mix(d, &number, sizeof number);
}

static struct digest read_table(struct brn_slice bytes, const char *name, int64_t batch_rows)
{
    const struct brn_read_options options = {
        .batch_rows = batch_rows, .max_line = 1 << 20, .max_columns = 1000};
    struct digest d = {.hash = 1};
    struct brn_table_reader *reader = NULL;
    struct brn_table table = {.rows = 1};
    brine_error err;
    d.status = brn_table_open_bytes(bytes, name, &options, &reader, &err);
    while (d.status == BRINE_OK && table.rows && d.rows < 100000) {
        d.status = brn_table_next(reader, &table, &err);
        if (d.status != BRINE_OK)
            break;
        for (int64_t row = 0; row < table.rows; row++)
            for (size_t i = 0; i < table.column_count; i++)
                mix_cell(&d, &table.columns[i], row);
        d.rows += (uint64_t)table.rows;
    }
    brn_table_close(reader);
    return d;
}

static inline int fuzz_table(const uint8_t *data, size_t size, const char *name)
{
    struct brn_slice bytes = {data, size};
    struct digest a = read_table(bytes, name, 0), b = read_table(bytes, name, 3);
    if (a.status == BRINE_OK && b.status == BRINE_OK && a.rows < 100000 && b.rows < 100000 &&
        (a.rows != b.rows || a.hash != b.hash))
        abort();
    return 0;
}

#endif
