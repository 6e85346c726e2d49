/* SPDX-License-Identifier: Apache-2.0
 *
 * performance.h - how well: metrics of the model, its baselines and its slices on the test rows,
 * all on the same resamples. */
#ifndef BRN_EVIDENCE_PERFORMANCE_H
#define BRN_EVIDENCE_PERFORMANCE_H

#include "evidence/baseline.h"
#include "evidence/bootstrap.h"
#include "evidence/check.h"
#include "evidence/gate.h"
#include "evidence/slice.h"

/* The model (name NULL) or a baseline. */
struct brn_scored {
    const char *name;
    const struct brn_baseline_part *part; /* NULL: the model */
    struct brn_sample sample;
    const char *why_not; /* when it could not be computed */
};

struct brn_sliced {
    struct brn_slice_group group;
    struct brn_sample sample;
    double rate; /* of the positive class, or mean of the truth */
};

/* A statistic that was asked for: subject -1 - i is slice number i of the model. */
struct brn_wanted {
    int subject;
    const struct brn_metric *metric;
};

struct brn_performance {
    const double *truth;             /* of the test rows */
    const struct brn_metric *metric; /* the one that decides */
    struct brn_scored *scored;       /* [0] the model, then the baselines */
    size_t scored_count;
    struct brn_sliced *slices;
    size_t slice_count, slice_capacity;
    struct brn_resampling plan;
    const char *unit; /* "row", or the column whose values are drawn together */
    struct brn_wanted *wanted;
    struct brn_statistic *statistics; /* by wanted */
    size_t wanted_count, wanted_capacity;
};

struct brn_performance_inputs {
    const struct brn_contract *contract;
    const struct brn_subject *subject;
    const struct brn_loading *loading; /* for baselines that are models */
    const struct brn_partition *train, *test;
    const struct brn_gate *gates; /* parsed ones; metric NULL where none */
    size_t gate_count;
};

/* Predicts, scores and resamples.  Everything is in the arena. */
brine_status brn_performance_run(const struct brn_performance_inputs *inputs,
                                 struct brn_arena *arena, struct brn_performance *ret_performance,
                                 brine_error *err);

/* The statistic, or NULL when nobody asked for it or it could not be computed. */
const struct brn_statistic *brn_performance_find(const struct brn_performance *performance,
                                                 int subject, const struct brn_metric *metric);

/* The model (-1: there is none), by the baseline's name: its number among scored. */
int brn_performance_baseline(const struct brn_performance *performance, struct brn_slice name);

static inline int brn_slice_subject(size_t slice)
{
    return -1 - (int)slice;
}

#endif
