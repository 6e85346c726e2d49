/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_boosting.h - losses of boosted trees, as far as they matter for predictions: their links.
 */
#ifndef BRN_ESTIMATORS_SHARED_BOOSTING_H
#define BRN_ESTIMATORS_SHARED_BOOSTING_H

#include "model/estimator.h"

enum brn_link {
    BRN_LINK_IDENTITY,
    BRN_LINK_LOG,
    BRN_LINK_LOGIT,
    BRN_LINK_HALF_LOGIT,
    BRN_LINK_MULTINOMIAL
};

/* The link of a pickled loss object: sklearn._loss.loss.* (its _link.py), before 1.4 also
 * sklearn.ensemble._gb_losses.*. */
brine_status brn_loss_link(struct brn_build *build, const struct brn_node *loss,
                           enum brn_link *ret_link);

/* Raw scores of all rows of the tile: scores a row, stride apart. */
typedef brine_status brn_boosting_raw(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_work *work, double *raw, size_t stride);

/* The first member of what the fields of a boosting estimator fill. */
struct brn_boosting {
    enum brn_link link;
    size_t scores; /* raw columns: 1 for regressors and two classes, else one a class */
    brn_boosting_raw *find_raw;
    struct brn_dictionary *labels; /* of a classifier */
    bool by_proba;      /* predict takes the largest probability, not the largest score */
    bool zero_is_first; /* of two classes: a score of 0 means the first */
};

/* Labels, link and scores of a classifier: classes_ and the loss must fit together. */
brine_status brn_boosting_read(struct brn_build *build, const struct brn_values *classes,
                               const struct brn_node *loss, struct brn_boosting *ret_boosting);

/* Fills a classifier's me->out for predict, predict_proba and decision_function; predict_log_proba
 * when asked. */
brine_status brn_boosting_bind(struct brn_build *build, struct brn_instance *me, bool with_log);

/* A regressor's me->out. */
brine_status brn_boosting_bind_regressor(struct brn_build *build, struct brn_instance *me);

/* decision_function, and predict of a regressor without link. */
brn_run brn_boosting_run_raw;
/* predict and predict_proba of a classifier. */
brn_run brn_boosting_run_labels, brn_boosting_run_proba;

#endif
