/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/calendar.h"
#include "contract/rules.h"
#include "contract/yaml.h"

#include <stdlib.h>

struct compile {
    struct brn_rules *rules;
    const struct brn_feature *features;
    size_t feature_count;
    brine_error *err;
};

static bool is_online(const struct compile *c)
{
    return c->rules->mode == BRN_ROWS_ONLINE;
}

static const char *rule_id(struct compile *c, const char *column, const char *what)
{
    return column ? brn_arena_printf(&c->rules->arena, "%s.%s", column, what) : what;
}

/* A fresh rule, zeroed but for these; NULL when memory is out. */
static struct brn_compiled_rule *add_rule(struct compile *c, enum brn_rule_kind kind,
                                          const char *column, const char *id)
{
    struct brn_rules *r = c->rules;
    if (!id || !BRN_ARENA_RESERVE(&r->arena, r->rules, r->count, r->capacity)) {
        brn_fail_memory(c->err);
        return NULL;
    }
    struct brn_compiled_rule *rule = &r->rules[r->count++];
    *rule = (struct brn_compiled_rule){.rule = {.id = id, .column = column, .kind = kind}};
    return rule;
}

/* ---- lists of values ---- */

static brine_status fill_values(struct compile *c, const struct brn_value_list *list,
                                struct brn_value_set *set)
{
    double *numbers = BRN_NEW(&c->rules->arena, double, list->count + 1);
    brn_map_init(&set->texts, &c->rules->arena);
    if (!numbers)
        return brn_fail_memory(c->err);
    for (size_t i = 0; i < list->count; i++) {
        const struct brn_json_value *v = &list->at[i];
        if (brn_map_add(&set->texts, v->text) == BRN_MAP_NONE)
            return brn_fail_memory(c->err);
        if (v->kind == BRN_JSON_NUMBER || v->kind == BRN_JSON_BOOL)
            numbers[set->number_count++] =
                v->kind == BRN_JSON_BOOL ? (double)v->boolean : v->number;
    }
    set->numbers = numbers;
    return BRINE_OK;
}

/* ---- rules of a column's type ---- */

static bool is_text(const struct brn_contract_column *column)
{
    return column->type == BRN_LOGICAL_STRING || column->type == BRN_LOGICAL_ANY;
}

static brine_status bound_value(struct compile *c, const struct brn_contract_column *column,
                                const struct brn_json_value *bound, double *ret_value)
{
    bool is_time = column->type == BRN_LOGICAL_DATE || column->type == BRN_LOGICAL_TIMESTAMP;
    if (is_time ? brn_parse_time(bound->text, ret_value) : bound->kind == BRN_JSON_NUMBER) {
        if (!is_time)
            *ret_value = bound->number;
        return BRINE_OK;
    }
    return brn_yaml_fail(c->err, bound->line, bound->column, "column %s: \"%.*s\" is no %s",
                         column->name, BRN_S(bound->text), is_time ? "date" : "number");
}

static brine_status add_bound(struct compile *c, const struct brn_contract_column *column,
                              const struct brn_json_value *bound, enum brn_rule_kind kind,
                              bool exclusive)
{
    if (!bound)
        return BRINE_OK;
    struct brn_compiled_rule *rule =
        add_rule(c, kind, column->name,
                 rule_id(c, column->name, kind == BRN_RULE_MINIMUM ? "minimum" : "maximum"));
    if (!rule)
        return BRINE_NOMEM;
    rule->exclusive = exclusive;
    return bound_value(c, column, bound, &rule->number);
}

static brine_status add_pattern(struct compile *c, const char *column, const char *id,
                                const char *expression, struct brn_compiled_rule **ret_rule)
{
    *ret_rule = add_rule(c, BRN_RULE_PATTERN, column, id);
    if (!*ret_rule)
        return BRINE_NOMEM;
    brine_status status = brn_pattern_compile(expression, &(*ret_rule)->pattern, c->err);
    if (status != BRINE_OK)
        brn_error_within(c->err, "%s", column);
    return status;
}

static brine_status add_length(struct compile *c, const struct brn_contract_column *column)
{
    const struct brn_type_options *o = &column->options;
    if (!o->min_length.given && !o->max_length.given)
        return BRINE_OK;
    struct brn_compiled_rule *rule =
        add_rule(c, BRN_RULE_LENGTH, column->name, rule_id(c, column->name, "length"));
    if (!rule)
        return BRINE_NOMEM;
    rule->min_length = o->min_length.value;
    rule->max_length = o->max_length.given ? o->max_length.value : __builtin_inf();
    return BRINE_OK;
}

static brine_status add_multiple(struct compile *c, const struct brn_contract_column *column)
{
    const struct brn_optional *multiple = &column->options.multiple_of;
    if (!multiple->given)
        return BRINE_OK;
    struct brn_compiled_rule *rule =
        add_rule(c, BRN_RULE_MULTIPLE, column->name, rule_id(c, column->name, "multipleOf"));
    if (!rule)
        return BRINE_NOMEM;
    rule->number = multiple->value;
    return BRINE_OK;
}

static brine_status add_type_rules(struct compile *c, const struct brn_contract_column *column)
{
    const struct brn_type_options *o = &column->options;
    struct brn_compiled_rule *rule;
    if (!add_rule(c, BRN_RULE_TYPE, column->name, rule_id(c, column->name, "type")))
        return BRINE_NOMEM;
    BRN_TRY(add_bound(c, column, o->minimum, BRN_RULE_MINIMUM, false));
    BRN_TRY(add_bound(c, column, o->exclusive_minimum, BRN_RULE_MINIMUM, true));
    BRN_TRY(add_bound(c, column, o->maximum, BRN_RULE_MAXIMUM, false));
    BRN_TRY(add_bound(c, column, o->exclusive_maximum, BRN_RULE_MAXIMUM, true));
    BRN_TRY(add_multiple(c, column));
    BRN_TRY(add_length(c, column));
    if (o->pattern)
        BRN_TRY(
            add_pattern(c, column->name, rule_id(c, column->name, "pattern"), o->pattern, &rule));
    return BRINE_OK;
}

/* ---- quality rules ---- */

/* Whether some bad values are allowed: then a single request cannot break the rule. */
static bool tolerates(const struct brn_quality *q)
{
    return brn_quality_holds(q, q->unit == BRN_UNIT_PERCENT ? 1e-6 : 1);
}

static brine_status add_values(struct compile *c, const struct brn_quality *q,
                               const struct brn_contract_column *column, const char *id,
                               struct brn_compiled_rule **ret_rule)
{
    struct brn_compiled_rule *rule = add_rule(c, BRN_RULE_VALUES, column->name, id);
    *ret_rule = rule;
    if (!rule)
        return BRINE_NOMEM;
    rule->as_text = is_text(column);
    return fill_values(c, &q->valid_values, &rule->values);
}

static brine_status add_unique(struct compile *c, const char *const *key, size_t count,
                               const char *column, const char *id,
                               struct brn_compiled_rule **ret_rule)
{
    struct brn_compiled_rule *rule = add_rule(c, BRN_RULE_UNIQUE, column, id);
    *ret_rule = rule;
    if (!rule)
        return BRINE_NOMEM;
    rule->key = BRN_NEW(&c->rules->arena, const char *, count + 1);
    if (!rule->key)
        return brn_fail_memory(c->err);
    memcpy(rule->key, key, count * sizeof *key);
    rule->key_count = count;
    return BRINE_OK;
}

static brine_status add_duplicates(struct compile *c, const struct brn_quality *q,
                                   const char *column, const char *id,
                                   struct brn_compiled_rule **ret_rule)
{
    if (q->properties.count == 0 && !column)
        return brn_yaml_fail(c->err, q->source->line, q->source->column,
                             "duplicateValues of a table needs properties");
    bool own = q->properties.count == 0;
    const char *const *names = own ? &column : q->properties.at;
    for (size_t i = 0; i < q->properties.count; i++)
        if (!brn_contract_column(c->rules->contract, names[i]))
            return brn_yaml_fail(c->err, q->source->line, q->source->column,
                                 "duplicateValues: there is no column \"%s\"", names[i]);
    return add_unique(c, names, own ? 1 : q->properties.count, column, id, ret_rule);
}

/* Rules on values of a column; uniqueness and counts come later, with the table's. */
static brine_status add_column_quality(struct compile *c, const struct brn_quality *q,
                                       const struct brn_contract_column *column)
{
    struct brn_compiled_rule *rule = NULL;
    const char *id = q->id ? q->id : rule_id(c, column->name, "quality");
    if (is_online(c) && tolerates(q))
        return BRINE_OK;
    if (q->metric == BRN_METRIC_NULL_VALUES) {
        rule = add_rule(c, BRN_RULE_NULL, column->name, id);
        if (!rule)
            return BRINE_NOMEM;
    } else if (q->metric == BRN_METRIC_INVALID_VALUES && q->valid_values.count) {
        BRN_TRY(add_values(c, q, column, id, &rule));
    } else if (q->metric == BRN_METRIC_INVALID_VALUES) {
        BRN_TRY(add_pattern(c, column->name, id, q->pattern, &rule));
    }
    if (rule) {
        rule->rule.quality = q;
        rule->rule.is_warning = q->severity == BRN_SEVERITY_WARNING;
    }
    return BRINE_OK;
}

static brine_status add_whole_quality(struct compile *c, const struct brn_quality *q,
                                      const char *column)
{
    struct brn_compiled_rule *rule = NULL;
    if (is_online(c))
        return BRINE_OK;
    if (q->metric == BRN_METRIC_DUPLICATE_VALUES)
        BRN_TRY(add_duplicates(c, q, column, q->id ? q->id : "duplicateValues", &rule));
    else if (q->metric == BRN_METRIC_ROW_COUNT &&
             !(rule = add_rule(c, BRN_RULE_COUNT, column, q->id ? q->id : "rowCount")))
        return BRINE_NOMEM;
    if (rule) {
        rule->rule.quality = q;
        rule->rule.is_warning = q->severity == BRN_SEVERITY_WARNING;
    }
    return BRINE_OK;
}

/* ---- columns ---- */

static const struct brn_feature *find_feature(const struct compile *c, const char *name)
{
    for (size_t i = 0; i < c->feature_count; i++)
        if (strcmp(c->features[i].name, name) == 0)
            return &c->features[i];
    return NULL;
}

static bool is_used(const struct compile *c, const struct brn_contract_column *column)
{
    if (!c->features)
        return column->roles & BRN_ROLE_FEATURE;
    const struct brn_feature *f = find_feature(c, column->name);
    return f && f->is_used;
}

/* Online, what is known too late is not there, and what the model does not use may be. */
static bool applies(const struct compile *c, const struct brn_contract_column *column)
{
    return !is_online(c) || is_used(c, column) || !brn_column_is_late(column);
}

static brine_status add_null_rule(struct compile *c, const struct brn_contract_column *column)
{
    bool used = is_used(c, column);
    bool refuses = used && c->rules->contract->brine.missing == BRN_MISSING_REJECT;
    bool required = (column->required || column->primary_key) && (used || !is_online(c));
    if (!refuses && !required)
        return BRINE_OK;
    return add_rule(c, BRN_RULE_NULL, column->name, rule_id(c, column->name, "required"))
               ? BRINE_OK
               : BRINE_NOMEM;
}

static brine_status add_unknown_rule(struct compile *c, struct brn_compiled_column *column)
{
    const struct brn_feature *f = column->feature;
    if (!f || !f->is_used || !f->as_text || !f->categories || !f->categories->count)
        return BRINE_OK;
    enum brn_unknown policy = brn_contract_unknown(c->rules->contract, column->name);
    column->to_missing = policy == BRN_UNKNOWN_AS_MISSING;
    if (policy != BRN_UNKNOWN_REJECT)
        return BRINE_OK;
    struct brn_compiled_rule *rule =
        add_rule(c, BRN_RULE_UNKNOWN, column->name, rule_id(c, column->name, "unknown-category"));
    if (!rule)
        return BRINE_NOMEM;
    rule->known = f->categories;
    return BRINE_OK;
}

static brine_status add_value_rules(struct compile *c, struct brn_compiled_column *compiled)
{
    const struct brn_contract_column *column = compiled->column;
    const struct brn_quality *quality = column->quality.at;
    BRN_TRY(add_null_rule(c, column));
    BRN_TRY(add_type_rules(c, column));
    for (size_t i = 0; i < column->quality.count; i++)
        BRN_TRY(add_column_quality(c, &quality[i], column));
    return add_unknown_rule(c, compiled);
}

static brine_status add_column(struct compile *c, const char *name,
                               const struct brn_contract_column *column)
{
    struct brn_rules *r = c->rules;
    if (!BRN_ARENA_RESERVE(&r->arena, r->columns, r->column_count, r->column_capacity))
        return brn_fail_memory(c->err);
    struct brn_compiled_column *compiled = &r->columns[r->column_count++];
    *compiled = (struct brn_compiled_column){
        .name = name, .column = column, .feature = find_feature(c, name), .presence = r->count};
    compiled->must_be_there = !is_online(c) || !column || is_used(c, column);
    if (!add_rule(c, BRN_RULE_COLUMN, name, rule_id(c, name, "column")))
        return BRINE_NOMEM;
    compiled->first_rule = r->count;
    if (column) {
        BRN_TRY(fill_values(c, &column->missing_codes, &compiled->missing_codes));
        BRN_TRY(add_value_rules(c, compiled));
    }
    compiled->rule_count = r->count - compiled->first_rule;
    return BRINE_OK;
}

static brine_status add_columns(struct compile *c)
{
    const struct brn_contract *contract = c->rules->contract;
    const struct brn_contract_column *columns = contract->data->columns.at;
    for (size_t i = 0; i < contract->data->columns.count; i++)
        if (applies(c, &columns[i]))
            BRN_TRY(add_column(c, columns[i].name, &columns[i]));
    for (size_t i = 0; i < c->feature_count; i++)
        if (c->features[i].is_used && !brn_contract_column(contract, c->features[i].name))
            BRN_TRY(add_column(c, c->features[i].name, NULL));
    return BRINE_OK;
}

/* ---- the whole table ---- */

static int key_position(const struct brn_contract_column *column)
{
    return column->primary_key_position.given ? (int)column->primary_key_position.value : 0;
}

static brine_status add_primary_key(struct compile *c)
{
    const struct brn_contract_table *t = c->rules->contract->data;
    const struct brn_contract_column *columns = t->columns.at;
    const char **key = BRN_NEW(&c->rules->arena, const char *, t->columns.count + 1);
    struct brn_compiled_rule *rule;
    size_t count = 0;
    if (!key)
        return brn_fail_memory(c->err);
    for (int position = 0; position <= (int)t->columns.count; position++)
        for (size_t i = 0; i < t->columns.count; i++)
            if (columns[i].primary_key && key_position(&columns[i]) == position)
                key[count++] = columns[i].name;
    return count ? add_unique(c, key, count, NULL, "primaryKey", &rule) : BRINE_OK;
}

static brine_status add_unique_columns(struct compile *c)
{
    const struct brn_contract_table *t = c->rules->contract->data;
    const struct brn_contract_column *columns = t->columns.at;
    struct brn_compiled_rule *rule;
    for (size_t i = 0; i < t->columns.count; i++) {
        const struct brn_quality *quality = columns[i].quality.at;
        if (columns[i].unique)
            BRN_TRY(add_unique(c, &columns[i].name, 1, columns[i].name,
                               rule_id(c, columns[i].name, "unique"), &rule));
        for (size_t j = 0; j < columns[i].quality.count; j++)
            BRN_TRY(add_whole_quality(c, &quality[j], columns[i].name));
    }
    return BRINE_OK;
}

static brine_status add_table_rules(struct compile *c)
{
    const struct brn_contract *contract = c->rules->contract;
    const struct brn_quality *quality = contract->data->quality.at;
    if (contract->brine.extra_columns == BRN_EXTRA_REJECT) {
        c->rules->extra_column = c->rules->count;
        if (!add_rule(c, BRN_RULE_COLUMN, NULL, "extra-columns"))
            return BRINE_NOMEM;
    }
    if (is_online(c))
        return BRINE_OK;
    BRN_TRY(add_primary_key(c));
    BRN_TRY(add_unique_columns(c));
    for (size_t i = 0; i < contract->data->quality.count; i++)
        BRN_TRY(add_whole_quality(c, &quality[i], NULL));
    return BRINE_OK;
}

brine_status brn_rows_compile(const struct brn_contract *contract,
                              const struct brn_feature *features, size_t feature_count,
                              enum brn_rows_mode mode, struct brn_rules **ret_rules,
                              brine_error *err)
{
    struct brn_rules *rules = calloc(1, sizeof *rules);
    if (!rules)
        return brn_fail_memory(err);
    *rules = (struct brn_rules){.contract = contract, .mode = mode, .extra_column = SIZE_MAX};
    brn_arena_init(&rules->arena, (uint64_t)64 << 20);
    struct compile c = {rules, features, feature_count, err};
    brine_status status = add_columns(&c);
    if (status == BRINE_OK)
        status = add_table_rules(&c);
    if (status != BRINE_OK) {
        brn_rules_free(rules);
        return status;
    }
    *ret_rules = rules;
    return BRINE_OK;
}

void brn_rules_free(struct brn_rules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->count; i++)
        brn_pattern_free(rules->rules[i].pattern);
    brn_arena_free(&rules->arena);
    free(rules);
}

size_t brn_rules_count(const struct brn_rules *rules)
{
    return rules->count;
}

const struct brn_rule *brn_rules_at(const struct brn_rules *rules, size_t index)
{
    return &rules->rules[index].rule;
}
