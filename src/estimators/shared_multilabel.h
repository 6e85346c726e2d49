/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_multilabel.h - predictions that say 0 or 1 of each label. */
#ifndef BRN_ESTIMATORS_SHARED_MULTILABEL_H
#define BRN_ESTIMATORS_SHARED_MULTILABEL_H

#include "model/estimator.h"

/* Whether a fitted LabelBinarizer saw a target of several labels a row. */
bool brn_is_multilabel(const struct brn_node *label_binarizer);

/* Of predict: a 0 or 1 for each of count labels.  NULL: memory is out. */
struct brn_schema *brn_multilabel_schema(struct brn_build *build, size_t count);

#endif
