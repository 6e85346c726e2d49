/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_tree_estimator.h - one decoded tree estimator, as ensembles of them need it. */
#ifndef BRN_ESTIMATORS_SHARED_TREE_ESTIMATOR_H
#define BRN_ESTIMATORS_SHARED_TREE_ESTIMATOR_H

#include "estimators/shared_class_outputs.h"
#include "estimators/shared_tree.h"

/* What the fields of DecisionTree* and ExtraTree* fill. */
struct brn_tree_estimator {
    const struct brn_node *tree, *classes, *class_counts, *criterion, *splitter, *monotonic;
    int64_t output_count;

    const struct brn_tree_source *source;   /* only while building */
    struct brn_class_outputs class_outputs; /* of a classifier */
    enum brn_missing missing;
    struct brn_forest *forest; /* bound on its own: the one tree */
    int32_t *columns;
};

/* Of a child that is one of these estimators (classifier or not, as said); NULL when it is another.
 */
const struct brn_tree_estimator *brn_tree_estimator_of(const struct brn_instance *child,
                                                       bool classifier);

/* How a classifier's leaf becomes probabilities. */
struct brn_leaf_classes {
    const struct brn_class_outputs *outputs;
    bool normalise;  /* the file holds weighted counts */
    bool with_codes; /* behind the probabilities, each output's most probable class */
};

/* A brn_leaf_values for it: outputs->width values, and outputs->count codes. */
brn_leaf_values brn_leaf_of_classes;

/* Values as they are: context is a const size_t *, their number. */
brn_leaf_values brn_leaf_as_it_is;

/* Whether a classifier's values are counts, which predict_proba divides by their sum. */
bool brn_leaf_holds_counts(brn_version version);

#endif
