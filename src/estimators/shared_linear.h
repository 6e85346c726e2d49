/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_linear.h - what every linear model has: coef_, intercept_, and their scores. */
#ifndef BRN_ESTIMATORS_SHARED_LINEAR_H
#define BRN_ESTIMATORS_SHARED_LINEAR_H

#include "model/estimator.h"

struct brn_linear {
    struct brn_matrix coef;      /* outputs x features; one dimension: one output */
    struct brn_matrix intercept; /* a value an output, or one for all */
    double *bias;                /* a value an output */
    int32_t *columns;            /* places of the features */
};

#define BRN_LINEAR_FIELDS                                                               \
    BRN_FIELD(struct brn_linear, coef, "coef_", MATRIX, "weights, outputs x features"), \
        BRN_FIELD(struct brn_linear, intercept, "intercept_", MATRIX,                   \
                  "a bias an output, or one for all"),                                  \
        BRN_FIELD_IGNORE("fit_intercept", "intercept_ is 0 when it is False"),          \
        BRN_FIELD_IGNORE("n_jobs", "threads of fit")

/* Shapes agree, and bias is spread to one value an output. */
brine_status brn_linear_check(struct brn_linear *m, const struct brn_instance *me,
                              struct brn_build *build);

/* scikit-learn's product is float32: so are the rows, the weights and the biases. */
static inline bool brn_linear_is_single(const struct brn_linear *m, const struct brn_tile *in)
{
    return in->single && m->coef.itemsize == 4 && m->intercept.itemsize == 4;
}

/* out[r * stride + k] = x_r . coef_k + intercept_k.  NaN and infinities are refused. */
brine_status brn_linear_scores(const struct brn_linear *m, const struct brn_tile *in, double *out,
                               size_t stride, struct brn_work *work);

#endif
