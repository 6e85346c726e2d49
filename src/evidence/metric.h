/* SPDX-License-Identifier: Apache-2.0
 *
 * metric.h - one table of metrics: name, direction, meaning, function.
 *
 * Each equals the function of that name in sklearn.metrics 1.9 with sample_weight (which has no
 * ece). Weights are how often a row was drawn, so that a bootstrap sorts once and never copies
 * rows. */
#ifndef BRN_EVIDENCE_METRIC_H
#define BRN_EVIDENCE_METRIC_H

#include "base/arena.h"
#include "base/error.h"

/* One set of predictions for some rows. */
struct brn_sample {
    size_t rows;
    const double *truth; /* binary: 0 or 1; classes: their index; regression: the number */
    const double
        *score; /* binary: the positive's probability (or any score); regression: the number */
    const double *decision; /* classes: index of the predicted one */
    const double *proba;    /* several classes: rows x classes, else NULL */
    size_t classes;         /* 2 when binary; 0 for regression */
    const uint32_t *order;  /* rows by ascending score, equal ones in their order; or NULL */
    bool is_probability;    /* score lies in [0, 1] and means a probability */
    uint32_t bins;          /* of ece */
    bool equal_width;
};

enum brn_direction { BRN_DIRECTION_MAX = 1, BRN_DIRECTION_MIN = 2 };

/* What a metric needs of a sample. */
enum brn_needs {
    BRN_NEEDS_BINARY = 1 << 0,
    BRN_NEEDS_CLASSES = 1 << 1, /* two or more */
    BRN_NEEDS_NUMBERS = 1 << 2, /* regression */
    BRN_NEEDS_ORDER = 1 << 3,
    BRN_NEEDS_PROBABILITY = 1 << 4,
    BRN_NEEDS_DECISION = 1 << 5,
};

struct brn_metric {
    const char *name;
    enum brn_direction direction;
    unsigned needs;
    /* NaN when it is not defined, e.g. with one class only.  weight NULL: 1 each. */
    double (*compute)(const struct brn_sample *sample, const double *weight);
    const char *definition;
};

extern const struct brn_metric brn_metrics[]; /* ended by a name of NULL */

const struct brn_metric *brn_metric_find(struct brn_slice name);

/* Whether the metric can be computed on the sample; *ret_why, when given, says why not. */
bool brn_metric_fits(const struct brn_metric *metric, const struct brn_sample *sample,
                     const char **ret_why);

/* The order that the ranking metrics need, in the arena; NULL: memory. */
uint32_t *brn_sort_scores(const double *score, size_t rows, struct brn_arena *arena);

#endif
