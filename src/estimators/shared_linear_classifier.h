/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_linear_classifier.h - classes by the scores of a linear model.
 * sklearn/linear_model/_base.py, LinearClassifierMixin. */
#ifndef BRN_ESTIMATORS_SHARED_LINEAR_CLASSIFIER_H
#define BRN_ESTIMATORS_SHARED_LINEAR_CLASSIFIER_H

#include "estimators/shared_linear.h"

/* How scores become probabilities. */
enum brn_score_link {
    BRN_LINK_NONE,     /* they do not: no predict_proba */
    BRN_LINK_RATES,    /* one against the rest: expit of each, divided by their sum; of two classes
                          expit of the one score */
    BRN_LINK_SOFTMAX,  /* multinomial */
    BRN_LINK_SOFTMAX2, /* multinomial of two classes: softmax of -score and score */
    BRN_LINK_HUBER,    /* SGDClassifier(loss="modified_huber"): cut to -1..1 and moved to 0..1 */
};

struct brn_linear_classifier {
    struct brn_linear linear;
    struct brn_values classes;
    bool is_multilabel; /* each score decides on a label of its own */

    enum brn_score_link link;
    bool zero_is_uniform; /* rates that are all 0: as many equal ones, or no numbers */
    struct brn_dictionary *labels;
};

#define BRN_LINEAR_CLASSIFIER_FIELDS                                                        \
    BRN_LINEAR_FIELDS, BRN_FIELD(struct brn_linear_classifier, classes, "classes_", VALUES, \
                                 "labels in the order of the outputs")

/* There is a score a class, or one for two classes.  link is set by the caller. */
brine_status brn_linear_classifier_check(struct brn_linear_classifier *m, struct brn_instance *me,
                                         struct brn_build *build);

/* For the method tables; me->self begins with the struct. */
brine_status brn_linear_classifier_bind(struct brn_instance *me, const struct brn_schema *in,
                                        struct brn_build *build);
brn_run brn_linear_classifier_decide;
brn_run brn_linear_classifier_predict;
brn_run brn_linear_classifier_predict_proba;

#define BRN_LINEAR_CLASSIFIER_METHODS                                                      \
    {                                                                                      \
        [BRINE_METHOD_PREDICT] = {brn_linear_classifier_predict, BRN_BOUNDED},             \
        [BRINE_METHOD_PREDICT_PROBA] = {brn_linear_classifier_predict_proba, BRN_BOUNDED}, \
        [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_BOUNDED},               \
        [BRINE_METHOD_DECISION_FUNCTION] = {brn_linear_classifier_decide, BRN_BOUNDED},    \
    }

#endif
