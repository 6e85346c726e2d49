/* SPDX-License-Identifier: Apache-2.0
 *
 * evidence.h - the evidence run: contract + model + data -> splits -> checks -> gates -> decision.
 *
 * brn_evidence_run() is that sentence; each arrow is one function of a file of this folder. */
#ifndef BRN_EVIDENCE_EVIDENCE_H
#define BRN_EVIDENCE_EVIDENCE_H

#include "evidence/fit.h"
#include "evidence/performance.h"

struct brn_evidence_options {
    const char *model, *contract; /* paths */
    const char *train, *test;     /* NULL: the contract's */
    struct brn_loading loading;
};

/* Seconds, by the monotonic clock. */
struct brn_evidence_timings {
    double load, checks, fit, performance, total;
};

struct brn_evidence {
    const struct brn_evidence_options *options;
    struct brn_arena arena;
    struct brn_contract *contract;
    struct brn_digest model_digest;
    struct brn_subject subject;
    struct brn_partition train, test;
    struct brn_gate
        *gates; /* by the contract's; kind CHECKS with an empty prefix: could not be parsed */
    const char **gate_errors;
    struct brn_performance performance;
    struct brn_fit_report fit;
    struct brn_checks checks;
    struct brn_evidence_timings timings;
    bool ships;
};

/* Reads everything, checks everything, decides.  Findings are rows of checks; an error is what kept
 * it from judging at all.  End: brn_evidence_free(), after failures too. */
brine_status brn_evidence_run(const struct brn_evidence_options *options,
                              struct brn_evidence *ret_evidence, brine_error *err);
void brn_evidence_free(struct brn_evidence *evidence);

/* ---- the groups of checks, in their order; each adds rows ---- */

typedef brine_status brn_check_group(struct brn_evidence *e, brine_error *err);

extern brn_check_group
    brn_check_contract, /* completeness, versions, classes, features, seed, digest */
    brn_check_rows,     /* the data rules, on train and on test */
    brn_check_split,    /* time order, gap, groups, duplicates */
    brn_check_availability, brn_check_target, brn_check_fit_scope, brn_check_drift,
    brn_check_parity, brn_check_performance, brn_check_gates;

/* ---- what comes out ---- */

/* Makes the directory, or sees that it is empty or an older bundle: before a long run. */
brine_status brn_bundle_prepare(const char *directory, brine_error *err);

/* Into the directory, which must be empty, absent or an older bundle: results.json, junit.xml,
 * report.txt. */
brine_status brn_bundle_write(const struct brn_evidence *e, const char *directory,
                              brine_error *err);

void brn_results_json(const struct brn_evidence *e, struct brn_buffer *out);
void brn_results_junit(const struct brn_evidence *e, struct brn_buffer *out);

/* For people.  color: with escape codes. */
void brn_report_text(const struct brn_evidence *e, bool color, struct brn_buffer *out);

/* ---- small helpers ---- */

/* The column of the data's table that the model takes as its feature, or NULL. */
const struct brn_contract_column *brn_evidence_feature(const struct brn_evidence *e,
                                                       size_t feature);

/* A finding by the rule's severity: FAIL, or WARN when the contract says warning. */
static inline enum brn_check_status brn_fail_or_warn(const struct brn_quality *rule)
{
    return rule && rule->severity == BRN_SEVERITY_WARNING ? BRN_WARN : BRN_FAIL;
}

/* The contract's own rule of engine brine with this check, or NULL. */
const struct brn_quality *brn_declared_check(const struct brn_contract *contract,
                                             enum brn_custom_check check);

#endif
