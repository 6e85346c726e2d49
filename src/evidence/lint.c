/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/lint.h"

#include "contract/rows.h"
#include "evidence/baseline.h"
#include "evidence/gate.h"

struct lint {
    const struct brn_contract *contract;
    struct brn_checks *checks;
};

/* A finding at a place of the document. */
static void find(struct lint *l, const char *id, enum brn_check_status status,
                 const struct brn_json_value *at, const char *what, const char *name)
{
    struct brn_check *row =
        brn_check_add(l->checks, id, status, "the contract by itself", "%s", name);
    row->finding = at ? brn_check_text(l->checks, "line %u, column %u: %s%s%s", at->line,
                                       at->column, name, name[0] ? ": " : "", what)
                      : brn_check_text(l->checks, "%s%s%s", name, name[0] ? ": " : "", what);
}

static void need_column(struct lint *l, const char *id, const struct brn_json_value *at,
                        const char *column)
{
    if (column && !brn_contract_column(l->contract, column))
        find(l, id, BRN_FAIL, at, "the table of the data has no such column", column);
}

/* ---- what is there ---- */

static void lint_parts(struct lint *l)
{
    const struct brn_evaluation_part *v = &l->contract->brine.evaluation;
    const struct {
        bool is_there;
        const char *what;
    } parts[] = {
        {l->contract->brine.source != NULL, "a customProperties entry named brine"},
        {brn_contract_role(l->contract, BRN_ROLE_LABEL) != NULL, "a column with role:label"},
        {v->metric.name != NULL, "evaluation.metric"},
        {v->seed.given, "evaluation.seed"},
        {v->split.strategy != 0, "evaluation.split"},
        {v->baselines.count > 0, "evaluation.baselines"},
        {l->contract->brine.gates.count > 0, "gates"},
        {l->contract->brine.data.train && l->contract->brine.data.test, "data.train and data.test"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (!parts[i].is_there)
            find(l, "lint.complete", BRN_FAIL, NULL, "the contract does not say it", parts[i].what);
}

static void lint_availability(struct lint *l)
{
    const struct brn_contract_column *columns = l->contract->data->columns.at;
    for (size_t i = 0; i < l->contract->data->columns.count; i++) {
        const struct brn_contract_column *c = &columns[i];
        if (!(c->roles & BRN_ROLE_FEATURE))
            continue;
        if (!c->available_at)
            find(l, "lint.availability", BRN_WARN, c->source, "a feature without availableAt",
                 c->name);
        else if (brn_column_is_late(c))
            find(l, "lint.availability", BRN_FAIL, c->source,
                 "a feature that is known only after the decision", c->name);
        if (c->type == BRN_LOGICAL_ANY)
            find(l, "lint.type", BRN_WARN, c->source, "a feature without logicalType", c->name);
    }
}

/* ---- what is named ---- */

static void lint_names(struct lint *l)
{
    const struct brn_evaluation_part *v = &l->contract->brine.evaluation;
    const struct brn_metric_part *guards = v->guard_metrics.at;
    const struct brn_policy *policy = &l->contract->brine.unknown_category;
    need_column(l, "lint.split", v->split.source, v->split.time);
    need_column(l, "lint.split", v->split.source, v->split.group);
    if (v->metric.ci.unit && strcmp(v->metric.ci.unit, "row") != 0)
        need_column(l, "lint.metric", v->metric.ci.source, v->metric.ci.unit);
    for (size_t i = 0; i <= v->guard_metrics.count; i++) {
        const struct brn_metric_part *m = i ? &guards[i - 1] : &v->metric;
        if (m->name && !brn_metric_find(brn_slice_of(m->name)))
            find(l, "lint.metric", BRN_FAIL, m->source, "there is no such metric", m->name);
    }
    for (size_t i = 0; i < policy->count; i++)
        need_column(l, "lint.column", NULL, policy->columns[i].column);
    for (size_t i = 0; i < l->contract->brine.model.features.count; i++)
        need_column(l, "lint.column", l->contract->brine.model.source,
                    l->contract->brine.model.features.at[i]);
}

static void lint_baseline(struct lint *l, const struct brn_baseline_part *b)
{
    struct brn_key_expression key;
    brine_error err;
    need_column(l, "lint.baseline", b->source, b->column);
    for (size_t i = 0; i < b->columns.count; i++) {
        if (brn_key_parse(b->columns.at[i], l->checks->arena, &key, &err) == BRINE_OK)
            need_column(l, "lint.baseline", b->source, key.column);
        else
            find(l, "lint.baseline", BRN_FAIL, b->source, err.message, "");
    }
}

static bool has_baseline(const struct lint *l, struct brn_slice name)
{
    const struct brn_list *list = &l->contract->brine.evaluation.baselines;
    const struct brn_baseline_part *parts = list->at;
    for (size_t i = 0; i < list->count; i++)
        if (brn_slice_is(name, parts[i].name))
            return true;
    return brn_slice_is(name, "prior");
}

static void lint_gate(struct lint *l, const struct brn_gate_part *part)
{
    struct brn_gate gate;
    brine_error err;
    if (brn_gate_parse(part->require, &gate, &err) != BRINE_OK)
        find(l, "lint.gate", BRN_FAIL, part->source, err.message, part->id);
    else if (gate.baseline.p && !has_baseline(l, gate.baseline))
        find(l, "lint.gate", BRN_FAIL, part->source, "it names a baseline that is not there",
             part->id);
    else if (gate.kind == BRN_GATE_SLICES && l->contract->brine.evaluation.slices.count == 0)
        find(l, "lint.gate", BRN_FAIL, part->source, "it asks for slices, and there are none",
             part->id);
    else if (gate.kind == BRN_GATE_PARITY && !l->contract->brine.model.twin)
        find(l, "lint.gate", BRN_WARN, part->source,
             "it asks for a twin, and model.twin names none", part->id);
}

static void lint_custom(struct lint *l)
{
    const struct brn_quality *rules = l->contract->data->quality.at;
    for (size_t i = 0; i < l->contract->data->quality.count; i++) {
        need_column(l, "lint.column", rules[i].source, rules[i].check.time);
        need_column(l, "lint.column", rules[i].source, rules[i].check.key);
        need_column(l, "lint.column", rules[i].source, rules[i].check.decision);
    }
}

brine_status brn_contract_lint(const struct brn_contract *contract, struct brn_checks *checks,
                               brine_error *err)
{
    struct lint l = {contract, checks};
    struct brn_rules *rules;
    brine_error why;
    const struct brn_baseline_part *baselines = contract->brine.evaluation.baselines.at;
    const struct brn_gate_part *gates = contract->brine.gates.at;
    brine_status status = brn_rows_compile(contract, NULL, 0, BRN_ROWS_OFFLINE, &rules, &why);
    if (status == BRINE_OK)
        brn_rules_free(rules);
    else
        find(&l, "lint.rule", BRN_FAIL, NULL, why.message, why.path);
    lint_parts(&l);
    lint_availability(&l);
    lint_names(&l);
    lint_custom(&l);
    for (size_t i = 0; i < contract->brine.evaluation.baselines.count; i++)
        lint_baseline(&l, &baselines[i]);
    for (size_t i = 0; i < contract->brine.gates.count; i++)
        lint_gate(&l, &gates[i]);
    return checks->failed || status == BRINE_NOMEM ? brn_fail_memory(err) : BRINE_OK;
}
