/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_linear.h - what every linear model has: coef_, intercept_, and their scores. */
#ifndef BRN_ESTIMATORS_SHARED_LINEAR_H
#define BRN_ESTIMATORS_SHARED_LINEAR_H

#include "estimators/shared_product.h"

struct brn_linear {
    const struct brn_node *coef_node;
    struct brn_matrix coef;      /* outputs x features; one dimension: one output */
    struct brn_matrix intercept; /* a value an output, or one for all */
    double *bias;                /* a value an output */
    struct brn_product product;  /* the same, as it is run */
};

#define BRN_LINEAR_FIELDS                                                                  \
    BRN_FIELD(struct brn_linear, coef_node, "coef_", NODE, "weights, outputs x features"), \
        BRN_FIELD(struct brn_linear, intercept, "intercept_", MATRIX,                      \
                  "a bias an output, or one for all")

/* Everything that fitting a linear model of any class leaves behind and that no prediction needs:
 * more_fields of all of them.  A class to which one of these matters has it in its own fields,
 * which are looked at first. */
extern const struct brn_field brn_linear_fit_fields[];

/* Shapes agree, and bias is spread to one value an output. */
brine_status brn_linear_check(struct brn_linear *m, struct brn_instance *me,
                              struct brn_build *build);

/* Finds the inputs' places; the estimator says takes_compressed. */
brine_status brn_linear_bind(struct brn_linear *m, const struct brn_instance *me,
                             const struct brn_schema *in, struct brn_build *build);

/* scikit-learn's product is float32: so are the rows, the weights and the biases.  A bias without
 * dimension (fit_intercept=False leaves 0.0) takes the type of the others. */
static inline bool brn_linear_is_single(const struct brn_linear *m, const struct brn_tile *in)
{
    return in->single && m->coef.itemsize == 4 &&
           (m->intercept.itemsize == 4 || m->intercept.dimensions == 0);
}

/* out[r * stride + k] = x_r . coef_k + intercept_k.  NaN and infinities are refused. */
brine_status brn_linear_scores(const struct brn_linear *m, const struct brn_tile *in, double *out,
                               size_t stride, struct brn_work *work);

#endif
