/* SPDX-License-Identifier: Apache-2.0
 *
 * leakage_checks.c - does the model know what it cannot know?  Columns that come too late, columns
 * that are the label in another coat, and parts that were fitted on the test rows. */
#include "evidence/evidence.h"

#include <math.h>
#include <stdlib.h>

/* ---- leakage.availability ---- */

/* "a, b" */
static const char *append(struct brn_checks *checks, const char *list, const char *name)
{
    return list[0] ? brn_check_text(checks, "%s, %s", list, name) : name;
}

brine_status brn_check_availability(struct brn_evidence *e, brine_error *err)
{
    const struct brn_quality *rule = brn_declared_check(e->contract, BRN_CHECK_AVAILABILITY);
    const char *late = "", *when = "", *unsaid = "";
    size_t count = 0;
    (void)err;
    for (size_t i = 0; i < e->subject.feature_count; i++) {
        const struct brn_contract_column *c = brn_evidence_feature(e, i);
        if (!c || !e->subject.features[i].is_used)
            continue;
        if (brn_column_is_late(c)) {
            late = append(&e->checks, late, c->name);
            when = append(&e->checks, when,
                          brn_check_text(&e->checks, "%s is known %s", c->name,
                                         c->available_at ? c->available_at : "too late"));
            count++;
        } else if (!c->available_at) {
            unsaid = append(&e->checks, unsaid, c->name);
        }
    }
    enum brn_check_status status = count               ? brn_fail_or_warn(rule)
                                   : rule && unsaid[0] ? BRN_WARN
                                                       : BRN_PASS;
    struct brn_check *row = brn_check_add(
        &e->checks, "leakage.availability", status,
        "columns of the model that are known only after the decision", "%s", count ? late : unsaid);
    row->value = brn_some((double)count);
    row->n = brn_some((double)e->subject.feature_count);
    row->threshold = brn_some(0);
    row->finding =
        count ? brn_check_text(&e->checks, "the model uses what is not there at the decision: %s",
                               when)
        : unsaid[0] ? brn_check_text(&e->checks,
                                     "the contract does not say when these are known: %s", unsaid)
                    : "every column of the model is known at the decision";
    row->advice = count       ? "fit the model without these columns; in service they are missing"
                  : unsaid[0] ? "add availableAt to them"
                              : NULL;
    return BRINE_OK;
}

/* ---- leakage.target ---- */

enum { FEW_ROWS = 30 };

/* The train rows of one column, beside the truth. */
struct column_truth {
    const char *name;
    const double *truth;
    size_t rows;
    double rate; /* of the truth */
};

static void add_target(struct brn_evidence *e, enum brn_check_status status, const char *name,
                       double value, double n, const char *finding)
{
    struct brn_check *row = brn_check_add(
        &e->checks, "leakage.target", status,
        "ROC AUC of one column alone on train, or the rate where it is missing", "%s", name);
    row->value = brn_some(value);
    row->n = brn_some(n);
    row->finding = finding;
    row->advice = "find out when the column is written; it may be written because of the label";
}

/* Rows where the column is missing nearly all have one label, which chance would not do. */
static bool check_missing(struct brn_evidence *e, const struct column_truth *c,
                          const struct brn_column *column)
{
    double missing = 0, positive = 0, number;
    struct brn_slice text;
    for (size_t i = 0; i < c->rows; i++) {
        bool is_text = brn_column_text(column, (int64_t)i, &text);
        bool there = brn_column_is_valid(column, (int64_t)i) &&
                     (is_text || !brn_column_number(column, (int64_t)i, &number) || !isnan(number));
        missing += !there;
        positive += there ? 0 : c->truth[i];
    }
    double share = missing > 0 ? positive / missing : 0;
    double majority = fmax(share, 1 - share), usual = share > 0.5 ? c->rate : 1 - c->rate;
    bool fires = missing >= FEW_ROWS && majority >= 0.98 && missing * log(usual) < log(1e-6);
    if (fires)
        add_target(
            e, BRN_FAIL, c->name, share, missing,
            brn_check_text(&e->checks,
                           "%s: missingness predicts the label: in %.0f rows of train where it "
                           "is missing, %.1f %% are positive (%.1f %% of all)",
                           c->name, missing, 100 * share, 100 * c->rate));
    return fires;
}

static bool check_alone(struct brn_evidence *e, const struct column_truth *c,
                        const struct brn_column *column, struct brn_arena *arena)
{
    double *score = BRN_NEW(arena, double, c->rows + 1),
           *truth = BRN_NEW(arena, double, c->rows + 1);
    size_t n = 0;
    for (size_t i = 0; score && truth && i < c->rows; i++)
        if (brn_column_number(column, (int64_t)i, &score[n]) && !isnan(score[n]))
            truth[n++] = c->truth[i];
    struct brn_sample s = {.rows = n, .truth = truth, .score = score, .classes = 2};
    s.order = score && truth ? brn_sort_scores(score, n, arena) : NULL;
    if (!s.order || n < FEW_ROWS) {
        e->checks.failed = e->checks.failed || !s.order;
        return false;
    }
    double auc = brn_metric_find(brn_slice_of("roc_auc"))->compute(&s, NULL);
    auc = fmax(auc, 1 - auc);
    if (isnan(auc) || auc < 0.95)
        return false;
    add_target(e, auc >= 0.99 ? BRN_FAIL : BRN_WARN, c->name, auc, (double)n,
               brn_check_text(&e->checks, "%s alone tells the label with a ROC AUC of %.3f",
                              c->name, auc));
    return true;
}

static brine_status check_column(struct brn_evidence *e, const struct column_truth *c,
                                 bool *ret_fired, brine_error *err)
{
    const struct brn_column *column;
    struct brn_arena arena;
    BRN_TRY(brn_partition_column(&e->train, c->name, &column, err));
    brn_arena_init(&arena, 0);
    bool missing = check_missing(e, c, column), alone = check_alone(e, c, column, &arena);
    brn_arena_free(&arena);
    *ret_fired = *ret_fired || missing || alone;
    return BRINE_OK;
}

static void tell_no_target(struct brn_evidence *e, enum brn_check_status status, const char *why)
{
    brn_check_add(&e->checks, "leakage.target", status,
                  "ROC AUC of one column alone on train, or the rate where it is missing", "%s", "")
        ->finding = why;
}

brine_status brn_check_target(struct brn_evidence *e, brine_error *err)
{
    const struct brn_contract_column *label = brn_contract_role(e->contract, BRN_ROLE_LABEL);
    double *truth, sum = 0;
    bool fired = false;
    if (e->subject.task != BRN_TASK_BINARY || !label) {
        tell_no_target(e, BRN_NOT_APPLICABLE, "told for two classes only, so far");
        return BRINE_OK;
    }
    BRN_TRY(brn_subject_truth(&e->subject, &e->train, label->name, &e->arena, &truth, err));
    for (size_t i = 0; i < e->train.rows; i++)
        sum += truth[i];
    for (size_t i = 0; i < e->subject.feature_count; i++) {
        const struct brn_contract_column *known = brn_evidence_feature(e, i);
        struct column_truth c = {known ? known->name : e->subject.features[i].name, truth,
                                 e->train.rows, sum / (double)e->train.rows};
        if (e->subject.features[i].is_used)
            BRN_TRY(check_column(e, &c, &fired, err));
    }
    if (!fired)
        tell_no_target(e, BRN_PASS, "no column of the model tells the label by itself");
    return BRINE_OK;
}

/* ---- leakage.fit-scope ---- */

/* ", 32000 rows counted where train has 24000" */
static const char *counted(struct brn_evidence *e, const struct brn_fit_component *c)
{
    if (c->rows_seen == 0 || c->verdict == BRN_FIT_TRAIN)
        return "";
    return brn_check_text(&e->checks, "; it counted %.0f rows, train has %zu", c->rows_seen,
                          e->train.rows);
}

static const char *fit_finding(struct brn_evidence *e, const struct brn_fit_component *c)
{
    static const enum brn_hypothesis accepted[BRN_FIT_VERDICTS] = {[BRN_FIT_TRAIN] = BRN_ON_TRAIN,
                                                                   [BRN_FIT_UNION] = BRN_ON_UNION,
                                                                   [BRN_FIT_TEST] = BRN_ON_TEST,
                                                                   [BRN_FIT_NOT_TRAIN] =
                                                                       BRN_ON_TEST};
    struct brn_checks *out = &e->checks;
    if (c->verdict == BRN_FIT_UNDETERMINED)
        return brn_check_text(out, "%s (%s): the rows that it was fitted on are undetermined: %s",
                              c->name, c->estimator, c->why);
    if (c->verdict == BRN_FIT_OTHER)
        return brn_check_text(out,
                              "%s (%s): fitted on other rows: %s are off by %.1e under train, %.1e "
                              "under train+test, %.1e under test%s",
                              c->name, c->estimator, c->what, c->error[BRN_ON_TRAIN],
                              c->error[BRN_ON_UNION], c->error[BRN_ON_TEST], counted(e, c));
    double error = c->error[accepted[c->verdict]];
    const char *agree = error == 0 ? "exactly" : brn_check_text(out, "to %.0e", error);
    return brn_check_text(
        out,
        "%s (%s): fitted on %s: %zu statistics (%s) agree %s; for other rows they "
        "would be off by %.0e or more%s",
        c->name, c->estimator, brn_fit_verdict_name(c->verdict), c->statistics, c->what, agree,
        c->power, counted(e, c));
}

static void add_component(struct brn_evidence *e, const struct brn_fit_component *c,
                          const struct brn_quality *rule)
{
    static const enum brn_check_status statuses[BRN_FIT_VERDICTS] = {
        [BRN_FIT_TRAIN] = BRN_PASS, [BRN_FIT_UNION] = BRN_FAIL,
        [BRN_FIT_TEST] = BRN_FAIL,  [BRN_FIT_NOT_TRAIN] = BRN_FAIL,
        [BRN_FIT_OTHER] = BRN_WARN, [BRN_FIT_UNDETERMINED] = BRN_WARN};
    enum brn_check_status status = statuses[c->verdict];
    struct brn_check *row = brn_check_add(
        &e->checks, "leakage.fit-scope", status == BRN_FAIL ? brn_fail_or_warn(rule) : status,
        "largest error of the stored statistics against those of train", "%s (%s)", c->name,
        c->estimator);
    if (c->statistics) {
        row->value = brn_some(c->error[BRN_ON_TRAIN]);
        row->n = brn_some((double)c->statistics);
        row->threshold = brn_some(c->tolerance);
    }
    row->finding = fit_finding(e, c);
    row->advice = status == BRN_FAIL
                      ? "fit this part on the train rows alone, and everything after it"
                  : c->verdict == BRN_FIT_OTHER
                      ? "declare the rows that it was fitted on, or fit it on those of train"
                      : NULL;
}

brine_status brn_check_fit_scope(struct brn_evidence *e, brine_error *err)
{
    const struct brn_quality *rule = brn_declared_check(e->contract, BRN_CHECK_FIT_SCOPE);
    (void)err;
    for (size_t i = 0; i < e->fit.count; i++)
        add_component(e, &e->fit.at[i], rule);
    if (e->fit.count == 0)
        brn_check_add(&e->checks, "leakage.fit-scope", BRN_NOT_APPLICABLE,
                      "largest error of the stored statistics against those of train", "%s", "")
            ->finding = "no part of the model is fitted";
    return BRINE_OK;
}
