/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_forest_estimator.h - what all of scikit-learn's BaseForest have. */
#ifndef BRN_ESTIMATORS_SHARED_FOREST_ESTIMATOR_H
#define BRN_ESTIMATORS_SHARED_FOREST_ESTIMATOR_H

#include "estimators/shared_ensemble.h"
#include "estimators/shared_tree_estimator.h"

struct brn_forest_estimator {
    struct brn_instances trees;
    const struct brn_node *classes, *class_counts;
    int64_t output_count;

    struct brn_class_outputs class_outputs; /* of a classifier */
    size_t width;                           /* values a leaf */
    enum brn_missing missing;
    struct brn_forest *forest;
    int32_t *columns;
};

/* A table for struct brn_forest_estimator, or what begins with one. */
extern const struct brn_field brn_forest_fields[];

/* Whether the forest takes NaN: its trees have been checked. */
enum brn_missing brn_forest_missing(const struct brn_instance *me);

#endif
