/* SPDX-License-Identifier: Apache-2.0
 *
 * rows_checks.c - the contract's data rules on train and on test; rules of other engines are told
 * as not run. */
#include "evidence/evidence.h"

enum { MAX_VIOLATIONS = 4096 };

static const char *const groups[] = {"contract.schema", "contract.null", "contract.range",
                                     "contract.category", "contract.unique"};

struct checking {
    struct brn_evidence *e;
    const struct brn_rules *rules;
    const struct brn_partition *partition;
    struct brn_rows_result result;
};

static const char *first_violation(struct checking *c, size_t rule)
{
    char text[256];
    for (size_t i = 0; i < c->result.count; i++)
        if (c->result.list[i].rule == rule) {
            brn_violation_text(c->rules, &c->result.list[i], text, sizeof text);
            return brn_check_text(&c->e->checks, "%s", text);
        }
    return "";
}

/* One row for a rule that is broken; true when it is. */
static bool check_rule(struct checking *c, size_t index)
{
    const struct brn_rule *rule = brn_rules_at(c->rules, index);
    double value;
    char bounds[80];
    if (brn_rule_holds(c->rules, index, &c->result, &value))
        return false;
    struct brn_check *row = brn_check_add(
        &c->e->checks, brn_rule_check(rule->kind), rule->is_warning ? BRN_WARN : BRN_FAIL,
        "rows that break the rule", "%s: %s", c->partition->name, rule->id);
    brn_quality_bounds_text(rule->quality ? rule->quality : &(struct brn_quality){0}, bounds,
                            sizeof bounds);
    row->value = brn_some(value);
    row->n = brn_some((double)c->partition->rows);
    row->finding = brn_check_text(&c->e->checks, "%s: %g, must be %s; first: %s", rule->id, value,
                                  bounds, first_violation(c, index));
    row->advice = "correct the rows, or the contract when it is too narrow";
    return true;
}

static void check_group(struct checking *c, const char *group)
{
    size_t rules = 0, broken = 0;
    for (size_t i = 0; i < brn_rules_count(c->rules); i++)
        if (strcmp(brn_rule_check(brn_rules_at(c->rules, i)->kind), group) == 0) {
            rules++;
            broken += check_rule(c, i);
        }
    if (broken)
        return;
    struct brn_check *row =
        brn_check_add(&c->e->checks, group, rules ? BRN_PASS : BRN_NOT_APPLICABLE,
                      "rows that break a rule", "%s", c->partition->name);
    row->value = brn_some(0);
    row->n = brn_some((double)c->partition->rows);
    row->finding = rules ? brn_check_text(&c->e->checks, "%zu rules hold on all rows of %s", rules,
                                          c->partition->name)
                         : "the contract has no such rule";
}

static brine_status check_partition(struct brn_evidence *e, const struct brn_rules *rules,
                                    const struct brn_partition *partition, brine_error *err)
{
    struct checking c = {e, rules, partition, {0}};
    c.result.list = BRN_NEW(&e->arena, struct brn_violation, MAX_VIOLATIONS);
    c.result.by_rule = BRN_NEW(&e->arena, uint64_t, brn_rules_count(rules) + 1);
    c.result.capacity = MAX_VIOLATIONS;
    if (!c.result.list || !c.result.by_rule)
        return brn_fail_memory(err);
    BRN_TRY(brn_rows_check(rules, &partition->table, 0, &c.result, err));
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        check_group(&c, groups[i]);
    return BRINE_OK;
}

/* ---- rules that are not ours to run ---- */

static void tell_foreign(struct brn_evidence *e, const struct brn_list *quality, const char *column)
{
    const struct brn_quality *rules = quality->at;
    for (size_t i = 0; i < quality->count; i++) {
        bool foreign = rules[i].type == BRN_QUALITY_SQL || (rules[i].type == BRN_QUALITY_CUSTOM &&
                                                            rules[i].check.check == BRN_CHECK_NONE);
        if (!foreign)
            continue;
        struct brn_check *row = brn_check_add(
            &e->checks, "contract.schema", BRN_WARN, "rules of another engine", "%s%s%s", column,
            column[0] ? ": " : "", rules[i].id ? rules[i].id : "a rule");
        row->finding = brn_check_text(&e->checks, "a rule for %s was not run here",
                                      rules[i].engine ? rules[i].engine : "SQL");
    }
}

brine_status brn_check_rows(struct brn_evidence *e, brine_error *err)
{
    struct brn_rules *rules;
    const struct brn_contract_column *columns = e->contract->data->columns.at;
    BRN_TRY(brn_rows_compile(e->contract, e->subject.features, e->subject.feature_count,
                             BRN_ROWS_OFFLINE, &rules, err));
    brine_status status = check_partition(e, rules, &e->train, err);
    if (status == BRINE_OK)
        status = check_partition(e, rules, &e->test, err);
    brn_rules_free(rules);
    tell_foreign(e, &e->contract->data->quality, "");
    for (size_t i = 0; i < e->contract->data->columns.count; i++)
        tell_foreign(e, &columns[i].quality, columns[i].name);
    return status;
}
