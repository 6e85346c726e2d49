/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/performance.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>

struct measuring {
    const struct brn_performance_inputs *in;
    struct brn_performance *out;
    struct brn_arena *arena;
    brine_error *err;
};

static const struct brn_evaluation_part *evaluation(const struct measuring *m)
{
    return &m->in->contract->brine.evaluation;
}

/* ---- the model and its baselines ---- */

static void set_bins(struct measuring *m, struct brn_sample *sample)
{
    const struct brn_metric_part *guards = evaluation(m)->guard_metrics.at;
    for (size_t i = 0; i <= evaluation(m)->guard_metrics.count; i++) {
        const struct brn_metric_part *part = i ? &guards[i - 1] : &evaluation(m)->metric;
        if (!part->name || strcmp(part->name, "ece") != 0)
            continue;
        sample->bins = part->bins.given ? (uint32_t)part->bins.value : 15;
        sample->equal_width = part->binning == 2;
    }
}

static brine_status score_model_file(struct measuring *m, const char *file,
                                     struct brn_sample *ret_sample)
{
    struct brn_subject other;
    char *path = brn_contract_beside(m->in->contract, file, m->arena);
    if (!path)
        return brn_fail_memory(m->err);
    BRN_TRY(brn_subject_open(m->in->loading, path, m->in->contract, m->arena, &other, m->err));
    brine_status status =
        brn_subject_predict(&other, &m->in->test->table, m->arena, ret_sample, m->err);
    brn_subject_close(&other);
    return status;
}

/* A baseline that cannot be computed is a finding, not the end: its gates hold. */
static brine_status score_baseline(struct measuring *m, struct brn_scored *scored,
                                   const struct brn_baseline_data *data)
{
    brine_status status =
        scored->part->file
            ? score_model_file(m, scored->part->file, &scored->sample)
            : brn_baseline_score(scored->part, data, m->arena, &scored->sample, m->err);
    if (status == BRINE_OK || status == BRINE_NOMEM)
        return status;
    scored->why_not = brn_arena_text(m->arena, brn_slice_of(m->err->message));
    return scored->why_not ? BRINE_OK : brn_fail_memory(m->err);
}

static const struct brn_baseline_part the_prior = {.name = "prior"};

static bool has_prior(const struct brn_evaluation_part *e)
{
    const struct brn_baseline_part *parts = e->baselines.at;
    for (size_t i = 0; i < e->baselines.count; i++)
        if (strcmp(parts[i].name, "prior") == 0)
            return true;
    return false;
}

/* The model, a prior always, and what the contract declares. */
static brine_status list_scored(struct measuring *m)
{
    const struct brn_evaluation_part *e = evaluation(m);
    const struct brn_baseline_part *parts = e->baselines.at;
    struct brn_performance *out = m->out;
    out->scored = BRN_NEW(m->arena, struct brn_scored, e->baselines.count + 2);
    if (!out->scored)
        return brn_fail_memory(m->err);
    out->scored_count = 1;
    if (!has_prior(e))
        out->scored[out->scored_count++] = (struct brn_scored){.name = "prior", .part = &the_prior};
    for (size_t i = 0; i < e->baselines.count; i++)
        out->scored[out->scored_count++] =
            (struct brn_scored){.name = parts[i].name, .part = &parts[i]};
    return BRINE_OK;
}

static brine_status score_all(struct measuring *m, const char *label)
{
    const struct brn_performance_inputs *in = m->in;
    double *train_truth, *truth;
    BRN_TRY(brn_subject_truth(in->subject, in->train, label, m->arena, &train_truth, m->err));
    BRN_TRY(brn_subject_truth(in->subject, in->test, label, m->arena, &truth, m->err));
    struct brn_baseline_data data = {in->train, in->test, train_truth,
                                     in->subject->classes ? in->subject->classes->count : 0};
    m->out->truth = truth;
    BRN_TRY(list_scored(m));
    BRN_TRY(brn_subject_predict(in->subject, &in->test->table, m->arena, &m->out->scored[0].sample,
                                m->err));
    for (size_t i = 1; i < m->out->scored_count; i++)
        BRN_TRY(score_baseline(m, &m->out->scored[i], &data));
    for (size_t i = 0; i < m->out->scored_count; i++) {
        m->out->scored[i].sample.truth = truth;
        set_bins(m, &m->out->scored[i].sample);
    }
    return BRINE_OK;
}

/* ---- slices ---- */

static double *gather(const double *values, const struct brn_slice_group *group,
                      struct brn_arena *arena)
{
    double *out = values ? BRN_NEW(arena, double, group->count + 1) : NULL;
    for (size_t i = 0; out && i < group->count; i++)
        out[i] = values[group->rows[i]];
    return out;
}

static double *gather_rows(const double *values, size_t width, const struct brn_slice_group *group,
                           struct brn_arena *arena)
{
    double *out = values ? BRN_NEW(arena, double, group->count *width + 1) : NULL;
    for (size_t i = 0; out && i < group->count; i++)
        memcpy(out + i * width, values + group->rows[i] * width, width * sizeof *out);
    return out;
}

static brine_status cut(struct measuring *m, const struct brn_slice_group *group,
                        struct brn_sliced *ret_sliced)
{
    const struct brn_sample *all = &m->out->scored[0].sample;
    struct brn_sample s = *all;
    s.rows = group->count;
    s.truth = gather(all->truth, group, m->arena);
    s.score = gather(all->score, group, m->arena);
    s.decision = gather(all->decision, group, m->arena);
    s.proba = gather_rows(all->proba, all->classes, group, m->arena);
    s.order = all->order ? brn_sort_scores(s.score, s.rows, m->arena) : NULL;
    bool lacks = !s.truth || (all->score && !s.score) || (all->decision && !s.decision) ||
                 (all->proba && !s.proba) || (all->order && !s.order);
    if (lacks)
        return brn_fail_memory(m->err);
    double sum = 0;
    for (size_t i = 0; i < s.rows; i++)
        sum += s.truth[i];
    *ret_sliced = (struct brn_sliced){*group, s, sum / (double)s.rows};
    return BRINE_OK;
}

static brine_status add_slices(struct measuring *m, const char *expression)
{
    struct brn_slice_group *groups;
    size_t count;
    BRN_TRY(brn_slice_groups(expression, m->in->test, m->arena, &groups, &count, m->err));
    for (size_t i = 0; i < count; i++) {
        struct brn_performance *out = m->out;
        if (!BRN_ARENA_RESERVE(m->arena, out->slices, out->slice_count, out->slice_capacity))
            return brn_fail_memory(m->err);
        BRN_TRY(cut(m, &groups[i], &out->slices[out->slice_count++]));
    }
    return BRINE_OK;
}

/* ---- what is wanted ---- */

static const struct brn_sample *sample_of(const struct brn_performance *p, int subject)
{
    return subject < 0 ? &p->slices[-1 - subject].sample : &p->scored[subject].sample;
}

static brine_status want(struct measuring *m, int subject, const struct brn_metric *metric)
{
    struct brn_performance *out = m->out;
    if (!metric || (subject > 0 && out->scored[subject].why_not) ||
        !brn_metric_fits(metric, sample_of(out, subject), NULL))
        return BRINE_OK;
    for (size_t i = 0; i < out->wanted_count; i++)
        if (out->wanted[i].subject == subject && out->wanted[i].metric == metric)
            return BRINE_OK;
    if (!BRN_ARENA_RESERVE(m->arena, out->wanted, out->wanted_count, out->wanted_capacity))
        return brn_fail_memory(m->err);
    out->wanted[out->wanted_count++] = (struct brn_wanted){subject, metric};
    return BRINE_OK;
}

static brine_status want_for_slices(struct measuring *m, const struct brn_metric *metric)
{
    for (size_t i = 0; i < m->out->slice_count; i++)
        BRN_TRY(want(m, brn_slice_subject(i), metric));
    return BRINE_OK;
}

static brine_status want_for_scored(struct measuring *m, const struct brn_metric *metric)
{
    for (size_t i = 0; i < m->out->scored_count; i++)
        BRN_TRY(want(m, (int)i, metric));
    return BRINE_OK;
}

static brine_status want_for_gates(struct measuring *m)
{
    for (size_t i = 0; i < m->in->gate_count; i++) {
        const struct brn_gate *g = &m->in->gates[i];
        if (g->kind == BRN_GATE_AMOUNT)
            BRN_TRY(want_for_scored(m, g->metric));
        else if (g->kind == BRN_GATE_SLICES)
            BRN_TRY(want_for_slices(m, g->metric));
    }
    return BRINE_OK;
}

static brine_status want_all(struct measuring *m)
{
    const struct brn_metric_part *guards = evaluation(m)->guard_metrics.at;
    BRN_TRY(want_for_scored(m, m->out->metric));
    BRN_TRY(want_for_slices(m, m->out->metric));
    for (size_t i = 0; i < evaluation(m)->guard_metrics.count; i++)
        BRN_TRY(want_for_scored(m, brn_metric_find(brn_slice_of(guards[i].name))));
    return want_for_gates(m);
}

/* ---- resampling ---- */

static brine_status cluster_rows(struct measuring *m, const char *column_name,
                                 struct brn_resampling *plan)
{
    const struct brn_column *column;
    struct brn_map values;
    char digits[BRN_NUMBER_TEXT];
    BRN_TRY(brn_partition_column(m->in->test, column_name, &column, m->err));
    uint32_t *codes = BRN_NEW(m->arena, uint32_t, plan->rows + 1);
    if (!codes)
        return brn_fail_memory(m->err);
    brn_map_init(&values, m->arena);
    for (size_t i = 0; i < plan->rows; i++) {
        struct brn_slice key = brn_column_key(column, (int64_t)i, digits);
        codes[i] = brn_map_find(&values, key);
        if (codes[i] == BRN_MAP_NONE) {
            char *copy = brn_arena_text(m->arena, key);
            codes[i] = copy ? brn_map_add(&values, (struct brn_slice){(uint8_t *)copy, key.n})
                            : BRN_MAP_NONE;
        }
        if (codes[i] == BRN_MAP_NONE)
            return brn_fail_memory(m->err);
    }
    plan->cluster = codes;
    plan->clusters = (uint32_t)values.count;
    return BRINE_OK;
}

static brine_status make_plan(struct measuring *m)
{
    const struct brn_evaluation_part *e = evaluation(m);
    const struct brn_ci_part *ci = &e->metric.ci;
    struct brn_resampling plan = {.seed = (uint64_t)e->seed.value,
                                  .rows = m->in->test->rows,
                                  .clusters = (uint32_t)m->in->test->rows,
                                  .resamples =
                                      ci->resamples.given ? (uint32_t)ci->resamples.value : 1000,
                                  .level = ci->level.given ? ci->level.value : 0.95};
    m->out->unit = ci->unit ? ci->unit : "row";
    if (strcmp(m->out->unit, "row") != 0)
        BRN_TRY(cluster_rows(m, m->out->unit, &plan));
    m->out->plan = plan;
    return BRINE_OK;
}

static brine_status resample(struct measuring *m)
{
    struct brn_performance *out = m->out;
    out->statistics = BRN_NEW(m->arena, struct brn_statistic, out->wanted_count + 1);
    if (!out->statistics)
        return brn_fail_memory(m->err);
    for (size_t i = 0; i < out->wanted_count; i++) {
        int subject = out->wanted[i].subject;
        out->statistics[i] = (struct brn_statistic){
            .metric = out->wanted[i].metric,
            .sample = sample_of(out, subject),
            .rows = subject < 0 ? out->slices[-1 - subject].group.rows : NULL};
    }
    return brn_bootstrap(&out->plan, out->statistics, out->wanted_count, m->arena, m->err);
}

brine_status brn_performance_run(const struct brn_performance_inputs *inputs,
                                 struct brn_arena *arena, struct brn_performance *ret_performance,
                                 brine_error *err)
{
    struct brn_performance out = {0};
    brine_error local;
    struct measuring m = {inputs, &out, arena, err ? err : &local};
    const struct brn_contract_column *label = brn_contract_role(inputs->contract, BRN_ROLE_LABEL);
    const char *metric = evaluation(&m)->metric.name;
    if (!label)
        return brn_fail(err, BRINE_FORMAT, "no column of the contract has role:label");
    out.metric = metric ? brn_metric_find(brn_slice_of(metric)) : NULL;
    if (metric && !out.metric)
        return brn_fail(err, BRINE_FORMAT, "there is no metric \"%s\"", metric);
    BRN_TRY(score_all(&m, label->name));
    for (size_t i = 0; i < evaluation(&m)->slices.count; i++)
        BRN_TRY(add_slices(&m, evaluation(&m)->slices.at[i]));
    BRN_TRY(want_all(&m));
    BRN_TRY(make_plan(&m));
    BRN_TRY(resample(&m));
    *ret_performance = out;
    return BRINE_OK;
}

const struct brn_statistic *brn_performance_find(const struct brn_performance *performance,
                                                 int subject, const struct brn_metric *metric)
{
    for (size_t i = 0; i < performance->wanted_count; i++)
        if (performance->wanted[i].subject == subject && performance->wanted[i].metric == metric)
            return &performance->statistics[i];
    return NULL;
}

int brn_performance_baseline(const struct brn_performance *performance, struct brn_slice name)
{
    for (size_t i = 1; i < performance->scored_count; i++)
        if (brn_slice_is(name, performance->scored[i].name))
            return (int)i;
    return -1;
}
