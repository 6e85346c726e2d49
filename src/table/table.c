/* SPDX-License-Identifier: Apache-2.0 */
#include "table/table.h"

#include "base/number.h"
#include "table/type.h"

#include <math.h>
#include <strings.h>

static struct brn_slice trim(struct brn_slice s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (struct brn_slice){s.p + 1, s.n - 1};
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static bool parse_bool(struct brn_slice text, double *ret_value)
{
    static const struct {
        const char *text;
        double value;
    } words[] = {{"true", 1}, {"false", 0}, {"t", 1}, {"f", 0}, {"yes", 1}, {"no", 0}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].text) == text.n &&
            strncasecmp(words[i].text, (const char *)text.p, text.n) == 0) {
            *ret_value = words[i].value;
            return true;
        }
    return false;
}

static bool bit_at(const void *bits, int64_t i)
{
    return ((const uint8_t *)bits)[i / 8] >> (i % 8) & 1;
}

static bool literal_number(const struct brn_column *c, int64_t row, double *ret_value)
{
    struct brn_slice text = c->slices[row + c->offset];
    if (brn_parse_double(text, ret_value))
        return true;
    text = trim(text);
    return text.n && (brn_parse_double(text, ret_value) || parse_bool(text, ret_value));
}

bool brn_column_number(const struct brn_column *c, int64_t row, double *ret_value)
{
    if (!brn_column_is_valid(c, row)) {
        *ret_value = (double)NAN;
        return true;
    }
    if (c->type == BRN_TYPE_LITERAL)
        return literal_number(c, row, ret_value);
    if (c->type == BRN_TYPE_DICTIONARY)
        return brn_column_number(c->dictionary, brn_column_code(c, row), ret_value);
    if (c->type == BRN_TYPE_BOOL) {
        *ret_value = bit_at(c->values, row + c->offset);
        return true;
    }
    if (!brn_types[c->type].number)
        return false;
    *ret_value = brn_types[c->type].number(brn_column_at(c, row));
    return true;
}

static struct brn_slice utf8_at(const struct brn_column *c, int64_t row)
{
    int64_t i = row + c->offset, begin, end;
    if (c->type == BRN_TYPE_UTF8) {
        begin = ((const int32_t *)c->offsets)[i];
        end = ((const int32_t *)c->offsets)[i + 1];
    } else {
        begin = ((const int64_t *)c->offsets)[i];
        end = ((const int64_t *)c->offsets)[i + 1];
    }
    return (struct brn_slice){(const uint8_t *)c->values + begin, (size_t)(end - begin)};
}

bool brn_column_text(const struct brn_column *c, int64_t row, struct brn_slice *ret_text)
{
    if (!brn_column_is_valid(c, row))
        return false;
    switch (c->type) {
    case BRN_TYPE_LITERAL:
        *ret_text = c->slices[row + c->offset];
        return true;
    case BRN_TYPE_UTF8:
    case BRN_TYPE_LARGE_UTF8:
        *ret_text = utf8_at(c, row);
        return true;
    case BRN_TYPE_DICTIONARY:
        return brn_column_text(c->dictionary, brn_column_code(c, row), ret_text);
    default:
        return false;
    }
}

const struct brn_column *brn_table_column(const struct brn_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].name && strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

brine_status brn_table_slice(const struct brn_table *table, int64_t first, int64_t rows,
                             struct brn_arena *arena, struct brn_table *ret_table, brine_error *err)
{
    if (first < 0 || rows < 0 || first > table->rows || rows > table->rows - first)
        return brn_fail(err, BRINE_USAGE, "rows %lld to %lld of a table of %lld", (long long)first,
                        (long long)first + rows, (long long)table->rows);
    struct brn_column *columns = BRN_NEW(arena, struct brn_column, table->column_count);
    if (!columns)
        return brn_fail_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        columns[i] = table->columns[i];
        columns[i].length = rows;
        columns[i].offset += first;
    }
    *ret_table = (struct brn_table){rows, table->column_count, columns};
    return BRINE_OK;
}
