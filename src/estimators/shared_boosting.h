/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_boosting.h - losses of boosted trees, as far as they matter for predictions: their links. */
#ifndef BRN_ESTIMATORS_SHARED_BOOSTING_H
#define BRN_ESTIMATORS_SHARED_BOOSTING_H

#include "model/estimator.h"

enum brn_link { BRN_LINK_IDENTITY, BRN_LINK_LOG, BRN_LINK_LOGIT, BRN_LINK_HALF_LOGIT, BRN_LINK_MULTINOMIAL };

/* The link of a pickled loss object: sklearn._loss.loss.* (its _link.py), before 1.4 also
 * sklearn.ensemble._gb_losses.*. */
brine_status brn_loss_link(struct brn_build *build, const struct brn_node *loss,
                           enum brn_link *ret_link);

/* Raw scores of one output, or one a class, and the classes that they stand for. */
struct brn_boosting_classes {
    struct brn_dictionary *labels;
    enum brn_link link;
    size_t scores; /* raw columns: 1 for two classes, else one a class */
};

/* classes_ and the link must fit together. */
brine_status brn_boosting_classes_read(struct brn_build *build, const struct brn_values *classes,
                                       const struct brn_node *loss,
                                       struct brn_boosting_classes *ret_classes);

/* Fills me->out for predict, predict_proba and decision_function; predict_log_proba when asked. */
brine_status brn_boosting_classes_bind(struct brn_build *build, struct brn_instance *me,
                                       const struct brn_boosting_classes *classes, bool with_log);

/* Probabilities of one row (a column a class) from its raw scores.  raw and proba may not overlap. */
void brn_boosting_proba(const struct brn_boosting_classes *classes, const double *raw,
                        double *ret_proba);

#endif
