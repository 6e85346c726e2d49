/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_product.h - rows times weights: what linear models, naive Bayes and networks begin with.
 * Rows are dense or compressed, as they come. */
#ifndef BRN_ESTIMATORS_SHARED_PRODUCT_H
#define BRN_ESTIMATORS_SHARED_PRODUCT_H

#include "model/estimator.h"

/* The features of a step: their places among the tile's numbers, or NULL when rows come compressed.
 */
struct brn_features {
    size_t count;
    int32_t *columns;
};

/* Every input as a number, or compressed rows as they are.  The estimator says takes_compressed. */
brine_status brn_features_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_schema *in, struct brn_features *ret_features);

/* No row holds NaN or an infinity. */
brine_status brn_features_check(const struct brn_features *features, const struct brn_tile *in,
                                const struct brn_work *work);

struct brn_product {
    size_t outputs;
    const double *weights; /* outputs x features */
    const double *bias;    /* a value an output, or NULL */

    struct brn_features features; /* by brn_product_bind */
    double *by_feature;           /* the weights, when rows come compressed */
};

/* outputs, weights and bias are filled in; weights have a column a feature of in. */
brine_status brn_product_bind(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_schema *in, struct brn_product *product);

/* out[r * stride + k] = x_r . weights_k + bias_k.  NaN and infinities are refused. */
brine_status brn_product_run(const struct brn_product *product, const struct brn_tile *in,
                             double *out, size_t stride, struct brn_work *work);

#endif
