/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_likelihood.h - classifiers that score each class by a joint log likelihood: naive Bayes
 * and quadratic discriminant analysis.  sklearn/naive_bayes.py, _BaseNB. */
#ifndef BRN_ESTIMATORS_SHARED_LIKELIHOOD_H
#define BRN_ESTIMATORS_SHARED_LIKELIHOOD_H

#include "model/estimator.h"

/* out: in->rows x classes. */
typedef brine_status brn_joint(const struct brn_instance *me, const struct brn_tile *in,
                               double *out, size_t stride, struct brn_work *work);

/* me->self begins with it. */
struct brn_likelihood {
    struct brn_values classes;
    struct brn_dictionary *labels;
    brn_joint *joint;
    bool is_single; /* of float32 rows scikit-learn computes in float32 */
};

#define BRN_LIKELIHOOD_FIELDS                                     \
    BRN_FIELD(struct brn_likelihood, classes, "classes_", VALUES, \
              "labels in the order of the outputs")

/* There is a class at least; labels are read, joint is kept. */
brine_status brn_likelihood_check(struct brn_likelihood *m, struct brn_build *build,
                                  brn_joint *joint);

/* me->out of the three methods below. */
brine_status brn_likelihood_bind(struct brn_instance *me, struct brn_build *build);

/* The first largest; NaN is larger than all, as in np.argmax. */
brn_run brn_likelihood_predict;
/* The joint log likelihood less the logarithm of the sum of its exponentials; and its exponential.
 */
brn_run brn_likelihood_log_proba;
brn_run brn_likelihood_proba;

#define BRN_LIKELIHOOD_METHODS(equality)                             \
    [BRINE_METHOD_PREDICT] = {brn_likelihood_predict, equality},     \
    [BRINE_METHOD_PREDICT_PROBA] = {brn_likelihood_proba, BRN_ULPS}, \
    [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_likelihood_log_proba, BRN_ULPS}

#endif
