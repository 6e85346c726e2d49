/* SPDX-License-Identifier: Apache-2.0
 *
 * performance_checks.c - the metric, its choice and its power, baselines, calibration, slices; as
 * rows. */
#include "evidence/evidence.h"

#include <math.h>

static brine_status set_interval(struct brn_evidence *e, struct brn_check *row,
                                 const struct brn_statistic *s, const struct brn_statistic *minus,
                                 brine_error *err)
{
    struct brn_interval i;
    BRN_TRY(brn_interval_of(&e->performance.plan, s, minus, &i, err));
    row->value = brn_some(s->point - (minus ? minus->point : 0));
    row->n = brn_some((double)s->sample->rows);
    if (!isnan(i.lower)) {
        row->lower = brn_some(i.lower);
        row->upper = brn_some(i.upper);
    }
    return BRINE_OK;
}

static const char *amount_text(struct brn_evidence *e, const struct brn_check *row,
                               const char *what)
{
    if (!row->lower.given)
        return brn_check_text(&e->checks, "%s %.3f, no interval", what, row->value.value);
    return brn_check_text(&e->checks, "%s %.3f (%.3f to %.3f)", what, row->value.value,
                          row->lower.value, row->upper.value);
}

/* ---- metric.choice, power ---- */

static const char *choice_problem(const struct brn_evidence *e, bool *ret_is_hard)
{
    const struct brn_metric_part *part = &e->contract->brine.evaluation.metric;
    const struct brn_metric *m = e->performance.metric;
    const char *why = NULL;
    double rate = 0;
    *ret_is_hard = true;
    if (!m)
        return "the contract names no metric";
    if (part->direction && part->direction != (int)m->direction)
        return "the contract's direction is not the metric's";
    if (!brn_metric_fits(m, &e->performance.scored[0].sample, &why))
        return why;
    *ret_is_hard = false;
    for (size_t i = 0; i < e->test.rows; i++)
        rate += e->performance.truth[i] / (double)e->test.rows;
    if (strcmp(m->name, "accuracy") == 0 && e->subject.task == BRN_TASK_BINARY &&
        fmax(rate, 1 - rate) > 0.8)
        return "accuracy says little where one class is so frequent";
    return NULL;
}

static void check_choice(struct brn_evidence *e)
{
    bool hard;
    const char *problem = choice_problem(e, &hard);
    struct brn_check *row = brn_check_add(&e->checks, "metric.choice",
                                          !problem ? BRN_PASS
                                          : hard   ? BRN_FAIL
                                                   : BRN_WARN,
                                          "the metric fits the task", "%s",
                                          e->performance.metric ? e->performance.metric->name : "");
    row->finding = problem ? problem : "the metric fits the task";
    row->advice = problem ? "choose a metric that fits, with its direction" : NULL;
}

enum { FEW_CLUSTERS = 20, FEW_POSITIVES = 50 };

static void check_power(struct brn_evidence *e)
{
    const struct brn_resampling *plan = &e->performance.plan;
    double positives = 0;
    for (size_t i = 0; i < e->test.rows; i++)
        positives += e->performance.truth[i];
    bool few_rows = e->subject.task == BRN_TASK_BINARY &&
                    fmin(positives, (double)e->test.rows - positives) < FEW_POSITIVES;
    bool few = plan->clusters < FEW_CLUSTERS || few_rows;
    struct brn_check *row = brn_check_add(&e->checks, "power.too-small", few ? BRN_WARN : BRN_PASS,
                                          "units that are resampled; rows of the rarer class", "%s",
                                          e->performance.unit);
    row->value = brn_some(plan->clusters);
    row->n = brn_some((double)e->test.rows);
    row->threshold = brn_some(FEW_CLUSTERS);
    row->finding = brn_check_text(&e->checks, "%u units of %s are resampled%s", plan->clusters,
                                  e->performance.unit,
                                  few_rows ? "; the rarer class has fewer than 50 rows" : "");
    row->advice = few ? "judge on more rows: the intervals are not to be relied on" : NULL;
}

/* ---- metrics and baselines ---- */

static brine_status add_metric(struct brn_evidence *e, size_t scored, const struct brn_statistic *s,
                               brine_error *err)
{
    const struct brn_scored *subject = &e->performance.scored[scored];
    bool is_ece = strcmp(s->metric->name, "ece") == 0;
    const char *id = is_ece && scored == 0
                         ? "calibration.ece"
                         : brn_check_text(&e->checks, "metric.%s", s->metric->name);
    struct brn_check *row = brn_check_add(&e->checks, id, BRN_PASS, s->metric->definition, "%s%s",
                                          scored ? "baseline." : "", scored ? subject->name : "");
    BRN_TRY(set_interval(e, row, s, NULL, err));
    row->finding = amount_text(e, row, scored ? subject->name : s->metric->name);
    return BRINE_OK;
}

static brine_status add_gain(struct brn_evidence *e, size_t scored, brine_error *err)
{
    const struct brn_performance *p = &e->performance;
    const struct brn_statistic *mine = brn_performance_find(p, 0, p->metric);
    const struct brn_statistic *theirs = brn_performance_find(p, (int)scored, p->metric);
    if (!mine || !theirs)
        return BRINE_OK;
    struct brn_check *row = brn_check_add(
        &e->checks, brn_check_text(&e->checks, "metric.%s", p->metric->name), BRN_PASS,
        "paired difference on the same resamples", "minus baseline.%s", p->scored[scored].name);
    BRN_TRY(set_interval(e, row, mine, theirs, err));
    row->finding = amount_text(
        e, row, brn_check_text(&e->checks, "%s over %s:", p->metric->name, p->scored[scored].name));
    return BRINE_OK;
}

static void tell_lacking(struct brn_evidence *e, const struct brn_scored *scored)
{
    struct brn_check *row =
        brn_check_add(&e->checks, "metric.baseline", BRN_NOT_RUN,
                      "the baseline's predictions on the test rows", "baseline.%s", scored->name);
    row->finding = brn_check_text(&e->checks, "baseline %s: %s", scored->name, scored->why_not);
    row->advice = "correct the baseline's entry in the contract";
}

static brine_status check_metrics(struct brn_evidence *e, brine_error *err)
{
    const struct brn_performance *p = &e->performance;
    for (size_t i = 0; i < p->wanted_count; i++)
        if (p->wanted[i].subject >= 0)
            BRN_TRY(add_metric(e, (size_t)p->wanted[i].subject, &p->statistics[i], err));
    for (size_t i = 1; i < p->scored_count; i++) {
        if (p->scored[i].why_not)
            tell_lacking(e, &p->scored[i]);
        BRN_TRY(add_gain(e, i, err));
    }
    return BRINE_OK;
}

/* ---- slices ---- */

static brine_status check_slices(struct brn_evidence *e, brine_error *err)
{
    const struct brn_performance *p = &e->performance;
    for (size_t i = 0; i < p->wanted_count; i++) {
        if (p->wanted[i].subject >= 0)
            continue;
        const struct brn_sliced *slice = &p->slices[-1 - p->wanted[i].subject];
        const struct brn_statistic *s = &p->statistics[i];
        struct brn_check *row =
            brn_check_add(&e->checks, brn_check_text(&e->checks, "slice.%s", slice->group.name),
                          isnan(s->point) ? BRN_NOT_APPLICABLE : BRN_PASS, s->metric->definition,
                          "%s", s->metric->name);
        BRN_TRY(set_interval(e, row, s, NULL, err));
        if (isnan(s->point)) {
            row->value = (struct brn_optional){false, 0};
            row->finding = brn_check_text(&e->checks, "%s: %s is not defined on its %zu rows",
                                          slice->group.name, s->metric->name, slice->group.count);
        } else {
            row->finding = amount_text(e, row, slice->group.name);
        }
    }
    return BRINE_OK;
}

static void check_robustness(struct brn_evidence *e)
{
    const struct brn_texts *kinds = &e->contract->brine.evaluation.robustness;
    for (size_t i = 0; i < kinds->count; i++)
        brn_check_add(&e->checks, brn_check_text(&e->checks, "robustness.%s", kinds->at[i]),
                      BRN_NOT_RUN, "the metric on rows that were changed on purpose", "%s", "")
            ->finding = "this version does not run it";
}

brine_status brn_check_performance(struct brn_evidence *e, brine_error *err)
{
    check_choice(e);
    check_power(e);
    BRN_TRY(check_metrics(e, err));
    BRN_TRY(check_slices(e, err));
    check_robustness(e);
    return BRINE_OK;
}
