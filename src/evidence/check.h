/* SPDX-License-Identifier: Apache-2.0
 *
 * check.h - the results: one row a check, with a stable id, a verdict and the numbers behind it. */
#ifndef BRN_EVIDENCE_CHECK_H
#define BRN_EVIDENCE_CHECK_H

#include "base/arena.h"
#include "base/error.h"
#include "contract/words.h"

enum brn_check_status {
    BRN_PASS,
    BRN_WARN,
    BRN_FAIL,
    BRN_NOT_RUN,
    BRN_NOT_APPLICABLE,
    BRN_CHECK_STATUSES
};

/* "pass", "warn", "fail", "not-run", "not-applicable". */
const char *brn_check_status_name(enum brn_check_status status);

struct brn_check {
    const char *id;     /* one of reference/contract-vocabulary: the first word is stable */
    const char *detail; /* what of it: a column, a component, a slice; or "" */
    enum brn_check_status status;
    struct brn_optional value, lower, upper; /* interval: both ends */
    struct brn_optional n, threshold;
    const char *definition; /* how the value is made */
    const char *finding;    /* one sentence: what was seen */
    const char *advice;     /* one sentence: what to do when it is not pass; or NULL */
};

/* Memory failure is sticky: checks are added as if there were none, and the run looks once. */
struct brn_checks {
    struct brn_arena *arena;
    struct brn_check *at;
    size_t count, capacity;
    bool failed;
    struct brn_check spare;
};

/* A fresh row, never NULL; id and definition are borrowed, detail is printed into the arena. */
struct brn_check *brn_check_add(struct brn_checks *checks, const char *id,
                                enum brn_check_status status, const char *definition,
                                const char *detail, ...) __attribute__((format(printf, 5, 6)));

/* Text in the arena; "" when memory is out. */
const char *brn_check_text(struct brn_checks *checks, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline struct brn_optional brn_some(double value)
{
    return (struct brn_optional){true, value};
}

/* Whether a gate may take the row as kept: pass, warn and not-applicable. */
static inline bool brn_check_keeps(const struct brn_check *check)
{
    return check->status != BRN_FAIL && check->status != BRN_NOT_RUN;
}

#endif
