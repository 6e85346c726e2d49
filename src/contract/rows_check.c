/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"
#include "contract/calendar.h"
#include "contract/rules.h"

#include <math.h>
#include <stdio.h>

enum { BLOCK_ROWS = 512 };

/* ---- what each kind of rule means ---- */

bool brn_value_set_has(const struct brn_value_set *set, const struct brn_cell *cell, bool as_text)
{
    if (as_text)
        return brn_map_find(&set->texts, cell->text) != BRN_MAP_NONE;
    for (size_t i = 0; i < set->number_count; i++)
        if (set->numbers[i] == cell->number)
            return true;
    return false;
}

static bool breaks_type(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    (void)rule;
    return cell->state == BRN_CELL_WRONG;
}

static bool breaks_null(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    (void)rule;
    return cell->state == BRN_CELL_MISSING;
}

static bool breaks_minimum(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    return cell->state == BRN_CELL_VALUE &&
           (rule->exclusive ? cell->number <= rule->number : cell->number < rule->number);
}

static bool breaks_maximum(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    return cell->state == BRN_CELL_VALUE &&
           (rule->exclusive ? cell->number >= rule->number : cell->number > rule->number);
}

static bool breaks_multiple(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    double times = cell->number / rule->number;
    return cell->state == BRN_CELL_VALUE && times != nearbyint(times);
}

static double characters(struct brn_slice utf8)
{
    double n = 0;
    for (size_t i = 0; i < utf8.n; i++)
        n += (utf8.p[i] & 0xc0) != 0x80;
    return n;
}

static bool breaks_length(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    double n = characters(cell->text);
    return cell->state == BRN_CELL_VALUE && (n < rule->min_length || n > rule->max_length);
}

static bool breaks_pattern(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    return cell->state == BRN_CELL_VALUE && !brn_pattern_matches(rule->pattern, cell->text);
}

static bool breaks_values(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    return cell->state == BRN_CELL_VALUE && !brn_value_set_has(&rule->values, cell, rule->as_text);
}

static bool breaks_unknown(const struct brn_compiled_rule *rule, const struct brn_cell *cell)
{
    return cell->state == BRN_CELL_VALUE &&
           brn_dictionary_text(rule->known, cell->text) == BRN_CODE_UNKNOWN;
}

static const struct {
    const char *check;
    bool (*breaks)(const struct brn_compiled_rule *,
                   const struct brn_cell *); /* NULL: of no value */
    const char *sentence;                    /* behind the value */
} kinds[BRN_RULE_KINDS] = {
    [BRN_RULE_COLUMN] = {"contract.schema", NULL, "is not there"},
    [BRN_RULE_TYPE] = {"contract.schema", breaks_type, "is not of the type"},
    [BRN_RULE_NULL] = {"contract.null", breaks_null, "is missing"},
    [BRN_RULE_MINIMUM] = {"contract.range", breaks_minimum, "is below the minimum"},
    [BRN_RULE_MAXIMUM] = {"contract.range", breaks_maximum, "is above the maximum"},
    [BRN_RULE_MULTIPLE] = {"contract.range", breaks_multiple, "is no multiple of"},
    [BRN_RULE_LENGTH] = {"contract.range", breaks_length, "is too short or too long"},
    [BRN_RULE_PATTERN] = {"contract.range", breaks_pattern, "does not match the pattern"},
    [BRN_RULE_VALUES] = {"contract.category", breaks_values, "is not one of the valid values"},
    [BRN_RULE_UNKNOWN] = {"contract.category", breaks_unknown,
                          "is a category that the model does not know"},
    [BRN_RULE_UNIQUE] = {"contract.unique", NULL, "stands there twice"},
    [BRN_RULE_COUNT] = {"contract.schema", NULL, "is the number of rows"},
};

const char *brn_rule_check(enum brn_rule_kind kind)
{
    return kinds[kind].check;
}

/* ---- counting ---- */

static void write_value(const struct brn_column *column, int64_t row, char *out, size_t size)
{
    struct brn_slice text;
    double number;
    char digits[BRN_NUMBER_TEXT];
    out[0] = '\0';
    if (!column || !brn_column_is_valid(column, row))
        return;
    if (brn_column_text(column, row, &text)) {
        size_t n = text.n < size - 1 ? text.n : size - 1;
        while (n > 0 && n < text.n && (text.p[n] & 0xc0) == 0x80)
            n--; /* not inside a character */
        memcpy(out, text.p, n);
        out[n] = '\0';
    } else if (brn_column_number(column, row, &number)) {
        snprintf(out, size, "%.*s", (int)brn_format_double(number, digits), digits);
    }
}

static void violate(const struct brn_rules *rules, size_t rule, uint64_t row,
                    const struct brn_column *column, int64_t local_row,
                    struct brn_rows_result *result)
{
    if (result->by_rule)
        result->by_rule[rule]++;
    if (rules->rules[rule].rule.is_warning)
        result->warnings++;
    else
        result->total++;
    if (result->count == result->capacity)
        return;
    struct brn_violation *v = &result->list[result->count++];
    *v = (struct brn_violation){.row = row, .rule = rule};
    write_value(column, local_row, v->value, sizeof v->value);
}

/* ---- cells ---- */

static enum brn_cell_state number_cell(const struct brn_column *column, int64_t row, bool whole,
                                       double *ret_number)
{
    if (!brn_column_number(column, row, ret_number))
        return BRN_CELL_WRONG;
    if (isnan(*ret_number))
        return BRN_CELL_MISSING;
    if (!isfinite(*ret_number) || (whole && *ret_number != nearbyint(*ret_number)))
        return BRN_CELL_WRONG;
    return BRN_CELL_VALUE;
}

static enum brn_cell_state typed_cell(const struct brn_column *column, int64_t row, int type,
                                      struct brn_cell *cell)
{
    bool has_text;
    switch (type) {
    case BRN_LOGICAL_INTEGER:
    case BRN_LOGICAL_NUMBER:
        return number_cell(column, row, type == BRN_LOGICAL_INTEGER, &cell->number);
    case BRN_LOGICAL_BOOLEAN: {
        enum brn_cell_state state = number_cell(column, row, true, &cell->number);
        bool is_bool = cell->number == 0 || cell->number == 1;
        return state == BRN_CELL_VALUE && !is_bool ? BRN_CELL_WRONG : state;
    }
    case BRN_LOGICAL_DATE:
        has_text = brn_column_text(column, row, &cell->text);
        return has_text && brn_parse_date(cell->text, &cell->number) ? BRN_CELL_VALUE
                                                                     : BRN_CELL_WRONG;
    case BRN_LOGICAL_TIMESTAMP:
        has_text = brn_column_text(column, row, &cell->text);
        return has_text && brn_parse_time(cell->text, &cell->number) ? BRN_CELL_VALUE
                                                                     : BRN_CELL_WRONG;
    case BRN_LOGICAL_STRING:
        return brn_column_text(column, row, &cell->text) ? BRN_CELL_VALUE : BRN_CELL_WRONG;
    default:
        if (!brn_column_text(column, row, &cell->text))
            return number_cell(column, row, false, &cell->number);
        return BRN_CELL_VALUE;
    }
}

static struct brn_cell read_cell(const struct brn_compiled_column *c,
                                 const struct brn_column *column, int64_t row)
{
    struct brn_cell cell = {.state = BRN_CELL_MISSING};
    if (!brn_column_is_valid(column, row))
        return cell;
    cell.state = typed_cell(column, row, c->column->type, &cell);
    if (c->column->missing_codes.count == 0)
        return cell;
    bool is_text = cell.text.p != NULL;
    if (brn_value_set_has(&c->missing_codes, &cell, is_text))
        cell.state = BRN_CELL_MISSING;
    return cell;
}

static void check_block(const struct brn_rules *rules, const struct brn_compiled_column *c,
                        const struct brn_column *column, int64_t begin, int64_t end,
                        uint64_t first_row, struct brn_rows_result *result)
{
    struct brn_cell cells[BLOCK_ROWS];
    for (int64_t row = begin; row < end; row++)
        cells[row - begin] = read_cell(c, column, row);
    for (size_t i = c->first_rule; i < c->first_rule + c->rule_count; i++) {
        const struct brn_compiled_rule *rule = &rules->rules[i];
        for (int64_t row = begin; row < end; row++) {
            struct brn_cell *cell = &cells[row - begin];
            if (!kinds[rule->rule.kind].breaks(rule, cell))
                continue;
            violate(rules, i, first_row + (uint64_t)row, column, row, result);
            if (rule->rule.kind == BRN_RULE_VALUES)
                cell->state = BRN_CELL_UNLISTED;
        }
    }
}

static void check_column(const struct brn_rules *rules, const struct brn_compiled_column *c,
                         const struct brn_table *table, uint64_t first_row,
                         struct brn_rows_result *result)
{
    const struct brn_column *column = brn_table_column(table, c->name);
    if (!column && c->must_be_there)
        violate(rules, c->presence, BRINE_NOWHERE, NULL, 0, result);
    if (!column || !c->column)
        return;
    for (int64_t begin = 0; begin < table->rows; begin += BLOCK_ROWS) {
        int64_t end = begin + BLOCK_ROWS < table->rows ? begin + BLOCK_ROWS : table->rows;
        check_block(rules, c, column, begin, end, first_row, result);
    }
}

static void check_extra(const struct brn_rules *rules, const struct brn_table *table,
                        struct brn_rows_result *result)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = table->columns[i].name;
        bool known = !name || brn_contract_column(rules->contract, name);
        for (size_t j = 0; !known && j < rules->column_count; j++)
            known = strcmp(rules->columns[j].name, name) == 0;
        if (known)
            continue;
        violate(rules, rules->extra_column, BRINE_NOWHERE, NULL, 0, result);
        if (result->count && result->list[result->count - 1].rule == rules->extra_column)
            snprintf(result->list[result->count - 1].value,
                     sizeof result->list[result->count - 1].value, "%s", name);
    }
}

/* ---- uniqueness ---- */

struct key_reader {
    const struct brn_column **columns;
    size_t count;
};

/* The values behind each other, each with its length in front; false when one is missing. */
static bool key_of(const struct key_reader *reader, int64_t row, struct brn_buffer *out)
{
    out->size = 0;
    for (size_t i = 0; i < reader->count; i++) {
        struct brn_slice text;
        double number;
        char digits[BRN_NUMBER_TEXT];
        const struct brn_column *c = reader->columns[i];
        if (!c || !brn_column_is_valid(c, row))
            return false;
        if (!brn_column_text(c, row, &text)) {
            if (!brn_column_number(c, row, &number))
                return false;
            text = (struct brn_slice){(const uint8_t *)digits, brn_format_double(number, digits)};
        }
        brn_buffer_add(out, &text.n, sizeof text.n);
        brn_buffer_slice(out, text);
    }
    return true;
}

static brine_status count_duplicates(const struct brn_rules *rules, size_t index,
                                     const struct key_reader *reader, const struct brn_table *table,
                                     uint64_t first_row, struct brn_arena *arena,
                                     struct brn_rows_result *result, brine_error *err)
{
    struct brn_map seen;
    struct brn_buffer key = {0};
    brine_status status = BRINE_OK;
    brn_map_init(&seen, arena);
    for (int64_t row = 0; row < table->rows && status == BRINE_OK; row++) {
        if (!key_of(reader, row, &key))
            continue;
        size_t before = seen.count;
        if (brn_map_find(&seen, brn_buffer_view(&key)) != BRN_MAP_NONE) {
            violate(rules, index, first_row + (uint64_t)row, reader->columns[0], row, result);
            continue;
        }
        char *copy = key.failed ? NULL : brn_arena_text(arena, brn_buffer_view(&key));
        struct brn_slice kept = {(const uint8_t *)copy, key.size};
        if (!copy || brn_map_add(&seen, kept) != before)
            status = brn_fail_memory(err);
    }
    brn_buffer_free(&key);
    return status;
}

static brine_status check_unique(const struct brn_rules *rules, size_t index,
                                 const struct brn_table *table, uint64_t first_row,
                                 struct brn_rows_result *result, brine_error *err)
{
    const struct brn_compiled_rule *rule = &rules->rules[index];
    struct brn_arena arena;
    brn_arena_init(&arena, 0);
    struct key_reader reader = {BRN_NEW(&arena, const struct brn_column *, rule->key_count + 1),
                                rule->key_count};
    brine_status status = reader.columns ? BRINE_OK : brn_fail_memory(err);
    for (size_t i = 0; status == BRINE_OK && i < rule->key_count; i++)
        reader.columns[i] = brn_table_column(table, rule->key[i]);
    if (status == BRINE_OK)
        status = count_duplicates(rules, index, &reader, table, first_row, &arena, result, err);
    brn_arena_free(&arena);
    return status;
}

/* ---- all of it ---- */

brine_status brn_rows_check(const struct brn_rules *rules, const struct brn_table *table,
                            uint64_t first_row, struct brn_rows_result *result, brine_error *err)
{
    result->rows += (uint64_t)table->rows;
    for (size_t i = 0; i < rules->column_count; i++)
        check_column(rules, &rules->columns[i], table, first_row, result);
    if (rules->extra_column != SIZE_MAX)
        check_extra(rules, table, result);
    for (size_t i = 0; i < rules->count; i++)
        if (rules->rules[i].rule.kind == BRN_RULE_UNIQUE)
            BRN_TRY(check_unique(rules, i, table, first_row, result, err));
    return BRINE_OK;
}

bool brn_rule_holds(const struct brn_rules *rules, size_t rule,
                    const struct brn_rows_result *result, double *ret_value)
{
    const struct brn_rule *r = &rules->rules[rule].rule;
    double count = r->kind == BRN_RULE_COUNT ? (double)result->rows : (double)result->by_rule[rule];
    bool percent = r->quality && r->quality->unit == BRN_UNIT_PERCENT && result->rows > 0;
    *ret_value = percent ? 100 * count / (double)result->rows : count;
    return r->quality ? brn_quality_holds(r->quality, *ret_value) : count == 0;
}

static void limit_text(const struct brn_rules *rules, const struct brn_compiled_rule *rule,
                       char *out, size_t size)
{
    static const char *const types[] = {"",        "integer", "number",   "string",
                                        "boolean", "date",    "timestamp"};
    enum brn_rule_kind kind = rule->rule.kind;
    out[0] = '\0';
    if (kind == BRN_RULE_MINIMUM || kind == BRN_RULE_MAXIMUM || kind == BRN_RULE_MULTIPLE)
        snprintf(out, size, " %.10g", rule->number);
    else if (kind == BRN_RULE_TYPE)
        snprintf(out, size, " %s",
                 types[brn_contract_column(rules->contract, rule->rule.column)->type]);
}

void brn_violation_text(const struct brn_rules *rules, const struct brn_violation *violation,
                        char *out, size_t size)
{
    const struct brn_compiled_rule *rule = &rules->rules[violation->rule];
    char limit[32], row[40] = "";
    limit_text(rules, rule, limit, sizeof limit);
    if (violation->row != BRINE_NOWHERE)
        snprintf(row, sizeof row, " (row %llu)", (unsigned long long)violation->row + 1);
    if (violation->rule == rules->extra_column)
        snprintf(out, size, "column %s is not in the contract", violation->value);
    else
        snprintf(out, size, "%s%s%s %s%s%s", rule->rule.column ? rule->rule.column : rule->rule.id,
                 violation->value[0] ? " " : "", violation->value, kinds[rule->rule.kind].sentence,
                 limit, row);
}
