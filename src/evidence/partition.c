/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/partition.h"

#include "base/number.h"
#include "contract/calendar.h"
#include "io/file.h"

#include <math.h>
#include <stdio.h>

struct brn_slice brn_column_key(const struct brn_column *column, int64_t row, char *digits)
{
    struct brn_slice text;
    double number;
    if (!brn_column_is_valid(column, row))
        return (struct brn_slice){NULL, 0};
    if (brn_column_text(column, row, &text))
        return text.p ? text : (struct brn_slice){(const uint8_t *)"", 0};
    if (!brn_column_number(column, row, &number) || isnan(number))
        return (struct brn_slice){NULL, 0};
    return (struct brn_slice){(const uint8_t *)digits, brn_format_double(number, digits)};
}

/* ---- fingerprints ---- */

struct brn_fingerprint brn_fingerprint_add(struct brn_fingerprint a, struct brn_fingerprint b)
{
    struct brn_fingerprint sum = {a.low + b.low, a.high + b.high};
    sum.high += sum.low < a.low;
    return sum;
}

void brn_fingerprint_hex(struct brn_fingerprint fingerprint, char out[33])
{
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)fingerprint.high,
             (unsigned long long)fingerprint.low);
}

/* A row's values, each with its length in front; a missing one has the length that no text has. */
static void add_row(const struct brn_table *table, int64_t row, struct brn_buffer *out)
{
    char digits[BRN_NUMBER_TEXT];
    out->size = 0;
    for (size_t c = 0; c < table->column_count; c++) {
        struct brn_slice key = brn_column_key(&table->columns[c], row, digits);
        uint64_t length = key.p ? key.n : UINT64_MAX;
        brn_buffer_add(out, &length, sizeof length);
        brn_buffer_slice(out, key);
    }
}

static brine_status fingerprint(const struct brn_table *table, struct brn_fingerprint *ret_sum,
                                brine_error *err)
{
    struct brn_buffer bytes = {0};
    struct brn_fingerprint sum = {0, 0};
    for (int64_t row = 0; row < table->rows; row++) {
        add_row(table, row, &bytes);
        struct brn_digest digest = brn_sha256(brn_buffer_view(&bytes));
        struct brn_fingerprint one;
        memcpy(&one, digest.bytes, sizeof one);
        sum = brn_fingerprint_add(sum, one);
    }
    bool failed = bytes.failed;
    brn_buffer_free(&bytes);
    *ret_sum = sum;
    return failed ? brn_fail_memory(err) : BRINE_OK;
}

/* ---- reading ---- */

static brine_status digest_file(const char *path, struct brn_digest *ret_digest, brine_error *err)
{
    struct brn_bytes bytes;
    BRN_TRY(brn_file_read(path, (uint64_t)16 << 30, false, &bytes, err));
    *ret_digest = brn_sha256(bytes.view);
    brn_bytes_free(&bytes);
    return BRINE_OK;
}

brine_status brn_partition_read(const char *name, const char *path, struct brn_arena *arena,
                                struct brn_partition *ret_partition, brine_error *err)
{
    struct brn_partition p = {.name = name, .path = path};
    BRN_TRY(digest_file(path, &p.digest, err));
    BRN_TRY(brn_table_read(path, NULL, arena, &p.table, err));
    p.rows = (size_t)p.table.rows;
    if (p.rows == 0)
        return brn_fail(err, BRINE_INPUT, "%s has no rows", path);
    if (p.rows > UINT32_MAX / 2)
        return brn_fail(err, BRINE_LIMIT, "%s has more than %u rows", path, UINT32_MAX / 2);
    BRN_TRY(fingerprint(&p.table, &p.fingerprint, err));
    *ret_partition = p;
    return BRINE_OK;
}

/* ---- columns ---- */

brine_status brn_partition_column(const struct brn_partition *partition, const char *column,
                                  const struct brn_column **ret_column, brine_error *err)
{
    *ret_column = brn_table_column(&partition->table, column);
    if (*ret_column)
        return BRINE_OK;
    return brn_fail(err, BRINE_INPUT, "%s has no column \"%s\"", partition->path, column);
}

brine_status brn_partition_numbers(const struct brn_partition *partition, const char *column,
                                   struct brn_arena *arena, double **ret_numbers, brine_error *err)
{
    const struct brn_column *c;
    BRN_TRY(brn_partition_column(partition, column, &c, err));
    double *numbers = BRN_NEW(arena, double, partition->rows + 1);
    if (!numbers)
        return brn_fail_memory(err);
    for (size_t i = 0; i < partition->rows; i++)
        if (!brn_column_number(c, (int64_t)i, &numbers[i]))
            return brn_fail_row(err, i, column, "not a number, in %s", partition->path);
    *ret_numbers = numbers;
    return BRINE_OK;
}

brine_status brn_partition_times(const struct brn_partition *partition, const char *column,
                                 struct brn_arena *arena, double **ret_times, brine_error *err)
{
    const struct brn_column *c;
    BRN_TRY(brn_partition_column(partition, column, &c, err));
    double *times = BRN_NEW(arena, double, partition->rows + 1);
    if (!times)
        return brn_fail_memory(err);
    for (size_t i = 0; i < partition->rows; i++) {
        struct brn_slice text;
        bool ok = brn_column_text(c, (int64_t)i, &text) && brn_parse_time(text, &times[i]);
        if (!ok && !brn_column_number(c, (int64_t)i, &times[i]))
            return brn_fail_row(err, i, column, "no date and no time, in %s", partition->path);
    }
    *ret_times = times;
    return BRINE_OK;
}
