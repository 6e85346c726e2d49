/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

const struct brn_quality *brn_declared_check(const struct brn_contract *contract,
                                             enum brn_custom_check check)
{
    const struct brn_quality *rules = contract->data->quality.at;
    for (size_t i = 0; i < contract->data->quality.count; i++)
        if (rules[i].check.check == (int)check)
            return &rules[i];
    return NULL;
}

const struct brn_contract_column *brn_evidence_feature(const struct brn_evidence *e, size_t feature)
{
    const struct brn_texts *order = &e->contract->brine.model.features;
    const char *name = e->subject.features[feature].name;
    if (!brn_model_has_names(e->subject.model) && feature < order->count)
        name = order->at[feature];
    return brn_contract_column(e->contract, name);
}

/* ---- reading ---- */

/* The file's name in front of the sentence: a run reads several. */
static brine_status about(const char *path, brine_status status, brine_error *err)
{
    if (status == BRINE_OK || status == BRINE_NOMEM || strstr(err->message, path))
        return status;
    char text[sizeof err->message];
    memcpy(text, err->message, sizeof text);
    snprintf(err->message, sizeof err->message, "%.120s: %.190s", path, text);
    return status;
}

static brine_status read_partition(struct brn_evidence *e, const char *name, const char *given,
                                   const char *declared, struct brn_partition *ret_partition,
                                   brine_error *err)
{
    if (!given && !declared)
        return brn_fail(err, BRINE_FORMAT, "the contract names no data.%s, and --%s was not given",
                        name, name);
    char *path = given ? brn_arena_text(&e->arena, brn_slice_of(given))
                       : brn_contract_beside(e->contract, declared, &e->arena);
    if (!path)
        return brn_fail_memory(err);
    return about(path, brn_partition_read(name, path, &e->arena, ret_partition, err), err);
}

static brine_status read_all(struct brn_evidence *e, brine_error *err)
{
    const struct brn_evidence_options *o = e->options;
    BRN_TRY(about(o->contract, brn_contract_load(o->contract, &e->contract, err), err));
    const struct brn_brine_part *part = &e->contract->brine;
    if (!part->source)
        return brn_fail(err, BRINE_FORMAT,
                        "%s has no customProperties entry \"brine\": nothing says how to judge",
                        o->contract);
    BRN_TRY(about(o->model,
                  brn_subject_open(&o->loading, o->model, e->contract, &e->arena, &e->subject, err),
                  err));
    e->model_digest = brn_file_digest(e->subject.file);
    BRN_TRY(read_partition(e, "train", o->train, part->data.train, &e->train, err));
    return read_partition(e, "test", o->test, part->data.test, &e->test, err);
}

/* ---- gates are parsed first: they say which statistics are wanted ---- */

static brine_status parse_gates(struct brn_evidence *e, brine_error *err)
{
    const struct brn_gate_part *parts = e->contract->brine.gates.at;
    size_t count = e->contract->brine.gates.count;
    e->gates = BRN_NEW(&e->arena, struct brn_gate, count + 1);
    e->gate_errors = BRN_NEW(&e->arena, const char *, count + 1);
    if (!e->gates || !e->gate_errors)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        brine_error why;
        e->gates[i].kind = BRN_GATE_CHECKS;
        if (brn_gate_parse(parts[i].require, &e->gates[i], &why) == BRINE_OK)
            continue;
        e->gate_errors[i] = brn_arena_text(&e->arena, brn_slice_of(why.message));
        if (!e->gate_errors[i])
            return brn_fail_memory(err);
    }
    return BRINE_OK;
}

/* ---- the run ---- */

/* Class numbers as the classifier has them, whichever class counts as positive. */
static brine_status class_truth(struct brn_evidence *e, const struct brn_partition *partition,
                                double **ret_truth, brine_error *err)
{
    const struct brn_contract_column *label = brn_contract_role(e->contract, BRN_ROLE_LABEL);
    if (!label || e->subject.task != BRN_TASK_BINARY)
        return BRINE_OK;
    BRN_TRY(brn_subject_truth(&e->subject, partition, label->name, &e->arena, ret_truth, err));
    for (size_t i = 0; e->subject.positive == 0 && i < partition->rows; i++)
        (*ret_truth)[i] = 1 - (*ret_truth)[i];
    return BRINE_OK;
}

static brine_status examine_fit(struct brn_evidence *e, brine_error *err)
{
    double *train = NULL, *test = NULL;
    BRN_TRY(class_truth(e, &e->train, &train, err));
    BRN_TRY(class_truth(e, &e->test, &test, err));
    struct brn_fit_data data = {&e->train.table, &e->test.table, train, test,
                                &e->contract->brine.model.features};
    return brn_fit_examine(&e->subject, &e->options->loading, &data, &e->arena, &e->fit, err);
}

static brine_status measure(struct brn_evidence *e, brine_error *err)
{
    struct brn_performance_inputs in = {
        e->contract, &e->subject, &e->options->loading,          &e->train,
        &e->test,    e->gates,    e->contract->brine.gates.count};
    return brn_performance_run(&in, &e->arena, &e->performance, err);
}

static brine_status run_groups(struct brn_evidence *e, brn_check_group *const *groups,
                               brine_error *err)
{
    for (; *groups; groups++)
        BRN_TRY((*groups)(e, err));
    return BRINE_OK;
}

/* Ships when nothing failed and every gate was evaluated and kept, or only warns. */
static bool decide(const struct brn_checks *checks)
{
    bool gated = false;
    for (size_t i = 0; i < checks->count; i++) {
        const struct brn_check *c = &checks->at[i];
        bool is_gate = strncmp(c->id, "gate.", 5) == 0;
        gated = gated || is_gate;
        if (c->status == BRN_FAIL || (is_gate && !brn_check_keeps(c)))
            return false;
    }
    return gated;
}

static brine_status run(struct brn_evidence *e, brine_error *err)
{
    static brn_check_group *const first[] = {
        brn_check_contract, brn_check_rows,  brn_check_split,  brn_check_availability,
        brn_check_target,   brn_check_drift, brn_check_parity, NULL};
    static brn_check_group *const last[] = {brn_check_fit_scope, brn_check_performance,
                                            brn_check_gates, NULL};
    double start = now();
    BRN_TRY(read_all(e, err));
    BRN_TRY(parse_gates(e, err));
    double loaded = now();
    BRN_TRY(run_groups(e, first, err));
    double checked = now();
    BRN_TRY(examine_fit(e, err));
    double examined = now();
    BRN_TRY(measure(e, err));
    double measured = now();
    BRN_TRY(run_groups(e, last, err));
    e->timings = (struct brn_evidence_timings){loaded - start, checked - loaded, examined - checked,
                                               measured - examined, now() - start};
    e->ships = decide(&e->checks);
    return e->checks.failed ? brn_fail_memory(err) : BRINE_OK;
}

brine_status brn_evidence_run(const struct brn_evidence_options *options,
                              struct brn_evidence *ret_evidence, brine_error *err)
{
    brine_error local;
    *ret_evidence = (struct brn_evidence){.options = options};
    brn_arena_init(&ret_evidence->arena, 0);
    ret_evidence->checks.arena = &ret_evidence->arena;
    return run(ret_evidence, err ? err : &local);
}

void brn_evidence_free(struct brn_evidence *evidence)
{
    brn_subject_close(&evidence->subject);
    brn_contract_free(evidence->contract);
    brn_arena_free(&evidence->arena);
}
