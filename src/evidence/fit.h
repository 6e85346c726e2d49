/* SPDX-License-Identifier: Apache-2.0
 *
 * fit.h - fit provenance: on which rows was each part of a fitted model fitted?
 *
 * A fitted transformer keeps statistics of the rows that it saw.  They are computed again on the
 * declared train rows, on the test rows and on both together; what stood before a step is replayed
 * by running the stored earlier steps.  A hypothesis is accepted when every statistic agrees to
 * 1e-9 (1e-5 when the file stores float32), because these are equalities and not estimates: one
 * continuous column tells the hypotheses apart.  A LogisticRegression is judged by the gradient of
 * its loss, to its solver's tolerance.  Rules: fit_numbers.c, fit_categories.c, fit_linear.c; the
 * walk over a model's parts: fit_walk.c. */
#ifndef BRN_EVIDENCE_FIT_H
#define BRN_EVIDENCE_FIT_H

#include "evidence/subject.h"
#include "pickle/numpy.h"

enum brn_hypothesis { BRN_ON_TRAIN, BRN_ON_UNION, BRN_ON_TEST, BRN_HYPOTHESES };

enum brn_fit_verdict {
    BRN_FIT_TRAIN,
    BRN_FIT_UNION,
    BRN_FIT_TEST,
    BRN_FIT_NOT_TRAIN,    /* test or both: their statistics are the same, and not train's */
    BRN_FIT_OTHER,        /* none of the three */
    BRN_FIT_UNDETERMINED, /* no rule, no statistics, or they cannot tell the hypotheses apart */
    BRN_FIT_VERDICTS
};

/* "train", "train+test", … */
const char *brn_fit_verdict_name(enum brn_fit_verdict verdict);

struct brn_fit_component {
    const char *name;      /* "prepare / number / impute" */
    const char *path;      /* "steps[0][1].transformers_[0][1]…" */
    const char *estimator; /* "SimpleImputer" */
    enum brn_fit_verdict verdict;
    size_t statistics; /* that were compared */
    double tolerance;  /* an error up to it is agreement, of more than ten times it none */
    double error[BRN_HYPOTHESES]; /* the largest relative one under each */
    double power;                 /* the smallest error of a rejected hypothesis */
    double rows_seen;             /* that the file says it counted; 0: it does not */
    const char *what;             /* the statistics, e.g. "12 medians"; "" */
    const char *why;              /* of OTHER and UNDETERMINED */
};

struct brn_fit_report {
    struct brn_fit_component *at;
    size_t count, capacity;
};

struct brn_fit_data {
    const struct brn_table *train, *test;
    const double *train_truth,
        *test_truth; /* number of each row's class in classes_, of two; or NULL */
    const struct brn_texts *feature_order; /* the contract's, for models without names */
};

/* Every fitted part of the subject's model. */
brine_status brn_fit_examine(const struct brn_subject *subject, const struct brn_loading *loading,
                             const struct brn_fit_data *data, struct brn_arena *arena,
                             struct brn_fit_report *ret_report, brine_error *err);

/* ---- for the rules ---- */

/* The rows that a component may have seen; column i of each is its input number i. */
struct brn_fit_input {
    struct brn_table train, test;
};

struct brn_fit {
    const struct brn_node *object; /* the fitted estimator */
    const struct brn_fit_input *input;
    struct brn_arena *arena; /* gone with the component */
    struct brn_fit_component *component;
    double tolerance;
    const double *truth;      /* class 0 or 1 of the rows of both; NULL: not two classes */
    double *numbers, *values; /* room for the rows of both, each */
    brine_error *err;
};

/* One statistic: what the file says, and what each hypothesis says.  scale is the size below which
 * a difference is nothing (0: that of the values). */
void brn_fit_compare(struct brn_fit *fit, double stored, const double expected[BRN_HYPOTHESES],
                     double scale);

/* A rule reads fit->object's attributes and calls brn_fit_compare; a state that it cannot read is
 * told by component->why. */
typedef brine_status brn_fit_rule(struct brn_fit *fit);

extern brn_fit_rule brn_fit_simple_imputer, brn_fit_standard_scaler, brn_fit_min_max_scaler,
    brn_fit_categories, brn_fit_logistic;

/* Rows [*ret_begin, *ret_end) of train and test behind each other are the hypothesis' rows. */
void brn_fit_rows(const struct brn_fit *fit, enum brn_hypothesis hypothesis, size_t *ret_begin,
                  size_t *ret_end);

/* Input column i of train and test behind each other, into fit->numbers; false with why set when
 * they are no numbers. */
bool brn_fit_read(struct brn_fit *fit, size_t column);

/* An attribute as float64; NULL when it is absent, None or no such array.  A number is an array of
 * one. */
double *brn_fit_array(struct brn_fit *fit, const struct brn_node *node, size_t *ret_count);

#endif
