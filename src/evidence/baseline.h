/* SPDX-License-Identifier: Apache-2.0
 *
 * baseline.h - what a model must beat: the prior, one column, a table of rates, another model.
 *
 * Each learns from the training rows alone and scores the test rows. */
#ifndef BRN_EVIDENCE_BASELINE_H
#define BRN_EVIDENCE_BASELINE_H

#include "evidence/subject.h"

/* What baselines learn from and score.  truth is a class 0 or 1, or a number. */
struct brn_baseline_data {
    const struct brn_partition *train, *test;
    const double *train_truth;
    size_t classes; /* of the truth: 2, or more (the prior only); 0: numbers */
};

/* A sample of the test rows without truth: order is set when binary. */
brine_status brn_baseline_score(const struct brn_baseline_part *baseline,
                                const struct brn_baseline_data *data, struct brn_arena *arena,
                                struct brn_sample *ret_sample, brine_error *err);

/* For people, and for results.json: how the baseline is made. */
const char *brn_baseline_definition(const struct brn_baseline_part *baseline);

/* A column, or floor(COLUMN / n), as text keys: the groups of rate-by. */
struct brn_key_expression {
    const char *column;
    double divisor; /* 0: the column itself */
};
brine_status brn_key_parse(const char *expression, struct brn_arena *arena,
                           struct brn_key_expression *ret_expression, brine_error *err);

#endif
