/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/slice.h"

#include "base/map.h"
#include "base/number.h"
#include "contract/calendar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum form { FORM_COLUMN, FORM_RANGE, FORM_MISSING, FORM_MONTH, FORM_EQUAL };

struct expression {
    enum form form;
    const char *column;
    double low, high;
    bool low_open, high_closed;
    struct brn_slice value; /* of EQUAL */
};

/* ---- parsing ---- */

static struct brn_slice trim(const char *begin, const char *end)
{
    while (begin < end && *begin == ' ')
        begin++;
    while (end > begin && end[-1] == ' ')
        end--;
    return (struct brn_slice){(const uint8_t *)begin, (size_t)(end - begin)};
}

/* "name(COLUMN)" */
static bool parse_call(const char *text, const char *name, struct brn_slice *ret_column)
{
    size_t n = strlen(name), all = strlen(text);
    if (all < n + 3 || strncmp(text, name, n) != 0 || text[n] != '(' || text[all - 1] != ')')
        return false;
    *ret_column = trim(text + n + 1, text + all - 1);
    return ret_column->n > 0;
}

/* "[a,b)" and its three kin. */
static bool parse_range(struct brn_slice s, struct expression *e)
{
    const uint8_t *comma = s.n > 4 ? memchr(s.p, ',', s.n) : NULL;
    if (!comma || !strchr("[(", s.p[0]) || !strchr(")]", s.p[s.n - 1]))
        return false;
    const char *begin = (const char *)s.p + 1, *end = (const char *)s.p + s.n - 1;
    e->low_open = s.p[0] == '(';
    e->high_closed = s.p[s.n - 1] == ']';
    return brn_parse_double(trim(begin, (const char *)comma), &e->low) &&
           brn_parse_double(trim((const char *)comma + 1, end), &e->high);
}

static bool parse_forms(const char *text, struct expression *e, struct brn_slice *column)
{
    const char *end = text + strlen(text), *in = strstr(text, " in "), *equal = strstr(text, "==");
    *column = trim(text, end);
    if (parse_call(text, "missing", column)) {
        e->form = FORM_MISSING;
    } else if (parse_call(text, "month", column)) {
        e->form = FORM_MONTH;
    } else if (equal) {
        e->form = FORM_EQUAL;
        *column = trim(text, equal);
        e->value = trim(equal + 2, end);
        return column->n > 0 && e->value.n > 0;
    } else if (in) {
        e->form = FORM_RANGE;
        *column = trim(text, in);
        return column->n > 0 && parse_range(trim(in + 4, end), e);
    } else {
        return column->n > 0 && !strchr(text, '(');
    }
    return true;
}

static brine_status parse(const char *text, struct brn_arena *arena, struct expression *ret_e,
                          brine_error *err)
{
    struct brn_slice column;
    *ret_e = (struct expression){.form = FORM_COLUMN};
    if (!parse_forms(text, ret_e, &column))
        return brn_fail(err, BRINE_FORMAT,
                        "slice \"%s\": COLUMN, COLUMN in [a,b), missing(COLUMN), month(COLUMN) or "
                        "COLUMN == value is needed",
                        text);
    ret_e->column = brn_arena_text(arena, column);
    return ret_e->column ? BRINE_OK : brn_fail_memory(err);
}

/* ---- grouping ---- */

static bool in_range(const struct expression *e, double v)
{
    return (e->low_open ? v > e->low : v >= e->low) &&
           (e->high_closed ? v <= e->high : v < e->high);
}

static bool equals(const struct expression *e, const struct brn_column *column, int64_t row)
{
    char digits[BRN_NUMBER_TEXT];
    double wanted, value;
    struct brn_slice key = brn_column_key(column, row, digits);
    if (!key.p)
        return false;
    if (brn_slice_equal(key, e->value))
        return true;
    return brn_parse_double(e->value, &wanted) && brn_column_number(column, row, &value) &&
           value == wanted;
}

/* The name of the row's group, written to out; NULL: the row is in none. */
static const char *group_name(const struct expression *e, const char *text,
                              const struct brn_column *column, int64_t row, char *out, size_t size)
{
    char digits[BRN_NUMBER_TEXT];
    struct brn_slice key;
    double value = 0;
    switch (e->form) {
    case FORM_COLUMN:
        key = brn_column_key(column, row, digits);
        if (key.p)
            snprintf(out, size, "%s=%.*s", e->column, BRN_S(key));
        else
            snprintf(out, size, "missing(%s)", e->column);
        return out;
    case FORM_MONTH:
        if (!brn_column_text(column, row, &key) || !brn_parse_time(key, &value))
            return NULL;
        snprintf(out, size, "month(%s)=%02d", e->column, brn_time_month(value));
        return out;
    case FORM_RANGE:
        return brn_column_number(column, row, &value) && in_range(e, value) ? text : NULL;
    case FORM_MISSING:
        return !brn_column_key(column, row, digits).p ? text : NULL;
    case FORM_EQUAL:
        return equals(e, column, row) ? text : NULL;
    }
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct brn_slice_group *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Counts first, then fills: rows of a group lie together. */
static brine_status collect(const struct brn_map *names, const uint32_t *of_row, size_t rows,
                            struct brn_arena *arena, struct brn_slice_group **ret_groups,
                            brine_error *err)
{
    struct brn_slice_group *groups = BRN_NEW(arena, struct brn_slice_group, names->count + 1);
    uint32_t **fill = BRN_NEW(arena, uint32_t *, names->count + 1);
    uint32_t *all = BRN_NEW(arena, uint32_t, rows + 1);
    if (!groups || !fill || !all)
        return brn_fail_memory(err);
    for (size_t i = 0; i < rows; i++)
        if (of_row[i] != BRN_MAP_NONE)
            groups[of_row[i]].count++;
    for (size_t g = 0; g < names->count; all += groups[g].count, g++) {
        groups[g].name = (const char *)names->entries[g].key.p;
        groups[g].rows = fill[g] = all;
    }
    for (size_t i = 0; i < rows; i++)
        if (of_row[i] != BRN_MAP_NONE)
            *fill[of_row[i]]++ = (uint32_t)i;
    qsort(groups, names->count, sizeof *groups, by_name);
    *ret_groups = groups;
    return BRINE_OK;
}

/* The number of the name, new or old. */
static brine_status number_name(struct brn_map *names, const char *name, uint32_t *ret_number,
                                brine_error *err)
{
    *ret_number = brn_map_find(names, brn_slice_of(name));
    if (*ret_number != BRN_MAP_NONE)
        return BRINE_OK;
    if (names->count == BRN_MAX_SLICE_GROUPS)
        return brn_fail(err, BRINE_LIMIT, "a slice by more than %d values, the last \"%s\"",
                        BRN_MAX_SLICE_GROUPS, name);
    char *copy = brn_arena_text(names->arena, brn_slice_of(name));
    *ret_number = copy ? brn_map_add(names, brn_slice_of(copy)) : BRN_MAP_NONE;
    return *ret_number == BRN_MAP_NONE ? brn_fail_memory(err) : BRINE_OK;
}

brine_status brn_slice_groups(const char *expression, const struct brn_partition *partition,
                              struct brn_arena *arena, struct brn_slice_group **ret_groups,
                              size_t *ret_count, brine_error *err)
{
    struct expression e;
    const struct brn_column *column;
    struct brn_map names;
    char name[200];
    BRN_TRY(parse(expression, arena, &e, err));
    BRN_TRY(brn_partition_column(partition, e.column, &column, err));
    brn_map_init(&names, arena);
    uint32_t *of_row = BRN_NEW(arena, uint32_t, partition->rows + 1);
    if (!of_row)
        return brn_fail_memory(err);
    for (size_t i = 0; i < partition->rows; i++) {
        const char *text = group_name(&e, expression, column, (int64_t)i, name, sizeof name);
        of_row[i] = BRN_MAP_NONE;
        if (text)
            BRN_TRY(number_name(&names, text, &of_row[i], err));
    }
    *ret_count = names.count;
    return collect(&names, of_row, partition->rows, arena, ret_groups, err);
}
