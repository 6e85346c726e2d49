/* SPDX-License-Identifier: Apache-2.0
 *
 * gate_checks.c - each gate as a row: kept, not kept, or not evaluated, which holds too. */
#include "evidence/evidence.h"

#include <math.h>

/* What a gate compares, and what of it is worth telling. */
struct outcome {
    bool evaluated;
    double value;
    struct brn_interval interval; /* lower NaN: none */
    double n;
    const char *what; /* "average_precision over prior", a slice's name… */
};

static double part_of(const struct brn_gate *gate, double point, const struct brn_interval *i)
{
    return gate->part == BRN_LOWER ? i->lower : gate->part == BRN_UPPER ? i->upper : point;
}

/* ---- amounts ---- */

static const char *find_amount(struct brn_evidence *e, const struct brn_gate *gate,
                               const struct brn_statistic **ret_mine,
                               const struct brn_statistic **ret_minus)
{
    const struct brn_performance *p = &e->performance;
    int baseline = gate->baseline.p ? brn_performance_baseline(p, gate->baseline) : 0;
    *ret_minus = NULL;
    *ret_mine = brn_performance_find(p, 0, gate->metric);
    if (!*ret_mine)
        return "the metric cannot be computed for this model";
    if (baseline < 0)
        return "the contract has no such baseline";
    if (baseline == 0)
        return NULL;
    *ret_minus = brn_performance_find(p, baseline, gate->metric);
    return *ret_minus ? NULL : "the baseline could not be computed";
}

static brine_status amount(struct brn_evidence *e, const struct brn_gate *gate, struct outcome *out,
                           brine_error *err)
{
    const struct brn_statistic *mine, *minus;
    out->what = find_amount(e, gate, &mine, &minus);
    if (out->what)
        return BRINE_OK;
    BRN_TRY(brn_interval_of(&e->performance.plan, mine, minus, &out->interval, err));
    double point = mine->point - (minus ? minus->point : 0);
    out->value = part_of(gate, point, &out->interval);
    out->evaluated = !isnan(out->value);
    out->n = (double)mine->sample->rows;
    out->what = !out->evaluated ? "too few resamples define the metric"
                : minus         ? brn_check_text(&e->checks, "%s over %.*s: %.3f (%.3f to %.3f)",
                                                 gate->metric->name, BRN_S(gate->baseline), point,
                                                 out->interval.lower, out->interval.upper)
                        : brn_check_text(&e->checks, "%s %.3f (%.3f to %.3f)", gate->metric->name,
                                         point, out->interval.lower, out->interval.upper);
    return BRINE_OK;
}

/* ---- slices ---- */

static brine_status slices(struct brn_evidence *e, const struct brn_gate *gate, struct outcome *out,
                           brine_error *err)
{
    const struct brn_performance *p = &e->performance;
    out->what = "no slice has as many rows and a value";
    for (size_t i = 0; i < p->slice_count; i++) {
        const struct brn_statistic *s = brn_performance_find(p, brn_slice_subject(i), gate->metric);
        struct brn_interval interval;
        if (!s || (double)s->sample->rows < gate->least_rows)
            continue;
        BRN_TRY(brn_interval_of(&p->plan, s, NULL, &interval, err));
        double value = part_of(gate, s->point, &interval);
        bool is_worse = !out->evaluated || (gate->is_max ? value > out->value : value < out->value);
        if (isnan(value) || !is_worse)
            continue;
        *out = (struct outcome){true, value, interval, (double)s->sample->rows, NULL};
        out->what = brn_check_text(&e->checks, "%s of %s is %.3f (%.3f to %.3f) on %zu rows",
                                   gate->metric->name, p->slices[i].group.name, s->point,
                                   interval.lower, interval.upper, s->sample->rows);
    }
    return BRINE_OK;
}

/* ---- checks and parity ---- */

static bool covers(const struct brn_gate *gate, const char *id)
{
    size_t n = gate->prefix.n;
    return strncmp(id, (const char *)gate->prefix.p, n) == 0 && (!gate->is_exact || id[n] == '\0');
}

/* "leakage.fit-scope (3)": how many rows of the id are not kept, when this is the first of them. */
static const char *broken_id(struct brn_evidence *e, size_t first)
{
    const char *id = e->checks.at[first].id;
    size_t count = 0;
    for (size_t i = 0; i < e->checks.count; i++) {
        if (strcmp(e->checks.at[i].id, id) != 0 || brn_check_keeps(&e->checks.at[i]))
            continue;
        if (i < first)
            return NULL;
        count++;
    }
    return brn_check_text(&e->checks, count > 1 ? "%s (%zu)" : "%s", id, count);
}

static brine_status checks(struct brn_evidence *e, const struct brn_gate *gate, struct outcome *out,
                           brine_error *err)
{
    size_t covered = 0;
    const char *broken = "";
    (void)err;
    for (size_t i = 0; i < e->checks.count; i++) {
        if (!covers(gate, e->checks.at[i].id))
            continue;
        covered++;
        if (brn_check_keeps(&e->checks.at[i]))
            continue;
        out->value++;
        const char *id = broken_id(e, i);
        if (id)
            broken = brn_check_text(&e->checks, "%s%s%s", broken, broken[0] ? ", " : "", id);
    }
    out->evaluated = covered > 0;
    out->n = (double)covered;
    out->what = !covered    ? "no such check was made"
                : broken[0] ? brn_check_text(&e->checks, "not kept: %s", broken)
                            : brn_check_text(&e->checks, "%zu checks are kept", covered);
    return BRINE_OK;
}

static brine_status parity(struct brn_evidence *e, const struct brn_gate *gate, struct outcome *out,
                           brine_error *err)
{
    (void)gate;
    (void)err;
    out->what = "there is no twin to compare with";
    for (size_t i = 0; i < e->checks.count; i++) {
        const struct brn_check *c = &e->checks.at[i];
        if (strcmp(c->id, "parity.pickle-joblib") != 0)
            continue;
        out->evaluated = c->value.given;
        out->value = c->value.value;
        out->n = c->n.value;
        out->what = c->finding;
    }
    return BRINE_OK;
}

/* ---- rows ---- */

static brine_status evaluate(struct brn_evidence *e, const struct brn_gate *gate,
                             struct outcome *out, brine_error *err)
{
    static brine_status (*const kinds[])(struct brn_evidence *, const struct brn_gate *,
                                         struct outcome *, brine_error *) = {
        [BRN_GATE_AMOUNT] = amount,
        [BRN_GATE_SLICES] = slices,
        [BRN_GATE_PARITY] = parity,
        [BRN_GATE_CHECKS] = checks,
    };
    return kinds[gate->kind](e, gate, out, err);
}

static void fill(struct brn_evidence *e, struct brn_check *row, const struct brn_gate_part *part,
                 const struct brn_gate *gate, const struct outcome *out)
{
    bool is_count = gate->kind == BRN_GATE_CHECKS;
    bool kept = is_count ? out->value == 0 : brn_gate_compare(gate, out->value);
    row->status = kept ? BRN_PASS : part->otherwise == BRN_ELSE_WARN ? BRN_WARN : BRN_FAIL;
    row->value = brn_some(out->value);
    row->n = brn_some(out->n);
    row->threshold = brn_some(is_count ? 0 : gate->threshold);
    if (!isnan(out->interval.lower)) {
        row->lower = brn_some(out->interval.lower);
        row->upper = brn_some(out->interval.upper);
    }
    row->finding = out->what;
    row->advice = kept ? NULL : "see the checks that this gate names";
    (void)e;
}

brine_status brn_check_gates(struct brn_evidence *e, brine_error *err)
{
    const struct brn_gate_part *parts = e->contract->brine.gates.at;
    for (size_t i = 0; i < e->contract->brine.gates.count; i++) {
        struct outcome out = {.interval = {__builtin_nan(""), __builtin_nan(""), 0}};
        if (!e->gate_errors[i])
            BRN_TRY(evaluate(e, &e->gates[i], &out, err));
        struct brn_check *row =
            brn_check_add(&e->checks, brn_check_text(&e->checks, "gate.%s", parts[i].id),
                          BRN_NOT_RUN, parts[i].require, "%s", parts[i].require);
        if (out.evaluated) {
            fill(e, row, &parts[i], &e->gates[i], &out);
            continue;
        }
        row->finding = brn_check_text(&e->checks, "not evaluated, which holds: %s",
                                      e->gate_errors[i] ? e->gate_errors[i] : out.what);
        row->advice = "correct the gate, or what it needs";
    }
    return BRINE_OK;
}
