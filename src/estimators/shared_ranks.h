/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_ranks.h - the second form of a lowered forest, for many rows at once. */
#ifndef BRN_ESTIMATORS_SHARED_RANKS_H
#define BRN_ESTIMATORS_SHARED_RANKS_H

#include "kernel/tree.h"
#include "model/estimator.h"

/* Sets forest->ranks when the trees are small enough and ask few enough questions of each feature
 * (tree_ranks.h has the numbers); leaves the forest alone when not.  Fails for want of memory only.
 */
brine_status brn_forest_rank(struct brn_build *build, struct brn_forest *forest,
                             size_t feature_count);

#endif
