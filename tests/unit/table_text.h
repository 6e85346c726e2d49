/* SPDX-License-Identifier: Apache-2.0
 *
 * table_text.h - a whole table file as one line of text, for tests to compare. */
#ifndef BRN_TEST_TABLE_TEXT_H
#define BRN_TEST_TABLE_TEXT_H

#include "base/number.h"
#include "io/file.h"
#include "table/table.h"
#include "test.h"

#include <math.h>
#include <stdio.h>

static inline void put_cell(struct brn_buffer *out, const struct brn_column *c, int64_t row)
{
    struct brn_slice text;
    char number[BRN_NUMBER_TEXT];
    double value;
    int64_t i = row + c->offset;
    if (!brn_column_is_valid(c, row)) {
        brn_buffer_text(out, "-");
    } else if (brn_column_text(c, row, &text)) {
        bool quoted =
            c->type != BRN_TYPE_LITERAL || (c->quoted && (c->quoted[i / 8] >> (i % 8) & 1));
        brn_buffer_text(out, quoted ? "'" : "");
        brn_buffer_slice(out, text);
        brn_buffer_text(out, quoted ? "'" : "");
    } else if (brn_column_number(c, row, &value)) {
        brn_format_double(value, number);
        brn_buffer_text(out, number);
    }
}

/* "a,b: 1,2; 3,4;" with texts in quotes and - for missing values, or the error's words. */
static inline const char *table_text(const char *path, const struct brn_read_options *options)
{
    static struct brn_buffer out;
    struct brn_table_reader *reader = NULL;
    struct brn_table table = {.rows = 1};
    brine_error err;
    out.size = 0;
    brine_status status = brn_table_open(path, options, &reader, &err);
    for (bool first = true; status == BRINE_OK && table.rows; first = false) {
        status = brn_table_next(reader, &table, &err);
        for (size_t i = 0; first && status == BRINE_OK && i < table.column_count; i++)
            brn_buffer_printf(&out, "%s%s", i ? "," : "",
                              table.columns[i].name ? table.columns[i].name : "");
        if (first && status == BRINE_OK)
            brn_buffer_text(&out, ":");
        for (int64_t row = 0; status == BRINE_OK && row < table.rows; row++) {
            for (size_t i = 0; i < table.column_count; i++) {
                brn_buffer_text(&out, i ? "," : " ");
                put_cell(&out, &table.columns[i], row);
            }
            brn_buffer_text(&out, ";");
        }
    }
    if (status != BRINE_OK) {
        out.size = 0;
        brn_buffer_printf(&out, "%s row=%lld column=%s", err.message,
                          err.row == BRINE_NOWHERE ? -1LL : (long long)err.row, err.column);
    }
    brn_table_close(reader);
    brn_buffer_byte(&out, '\0');
    return (const char *)out.data;
}

/* The same of content that is written to a file of that name first. */
static inline const char *content_text(const char *name, struct brn_slice content,
                                       const struct brn_read_options *options)
{
    char path[1024];
    snprintf(path, sizeof path, "%s", brn_test_path(name));
    remove(path); /* ext4 flushes a file that is truncated, and thousands are written */
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(content.p, 1, content.n, f) != content.n || fclose(f) != 0)
        return "the test cannot write its file";
    return table_text(path, options);
}

#endif
