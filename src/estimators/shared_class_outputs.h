/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_class_outputs.h - the classes of a classifier with one output or several.
 *
 * scikit-learn gives predict_proba of several outputs as a list of arrays; here their columns stand
 * one behind the other, named predict_proba[OUTPUT][CLASS]. */
#ifndef BRN_ESTIMATORS_SHARED_CLASS_OUTPUTS_H
#define BRN_ESTIMATORS_SHARED_CLASS_OUTPUTS_H

#include "model/estimator.h"

struct brn_class_outputs {
    size_t count;                   /* outputs */
    size_t *classes;                /* by output */
    size_t width;                   /* classes of all outputs */
    size_t most;                    /* classes of the output that has most */
    struct brn_dictionary **labels; /* by output */
};

/* From classes_: one array, or with outputs > 1 a list of them. */
brine_status brn_class_outputs_read(struct brn_build *build, const struct brn_node *classes,
                                    int64_t outputs, struct brn_class_outputs *ret_outputs);

/* Fills me->out for predict, predict_proba and predict_log_proba. */
brine_status brn_class_outputs_bind(struct brn_build *build, struct brn_instance *me,
                                    const struct brn_class_outputs *outputs);

/* Of trees and forests: takes predict back where the release cannot answer it. */
void brn_class_outputs_check_texts(struct brn_instance *me,
                                   const struct brn_class_outputs *outputs);

/* The first largest of each output's columns, as codes.  scores is width a row. */
void brn_class_outputs_argmax(const struct brn_class_outputs *outputs, const double *scores,
                              struct brn_tile *out);

#endif
