/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_sparse.h - transformers of one number to one number, on dense, sparse and compressed rows.
 */
#ifndef BRN_ESTIMATORS_SHARED_SPARSE_H
#define BRN_ESTIMATORS_SHARED_SPARSE_H

#include "model/estimator.h"

/* me->out[TRANSFORM]: a number for each of the inputs, under their names, in the form in which they
 * come: slots, slots of a sparse matrix, or compressed. */
brine_status brn_bind_like(struct brn_build *build, struct brn_instance *me,
                           const struct brn_schema *in);

/* brn_check_finite of compressed rows. */
brine_status brn_check_compressed(const struct brn_work *work, const struct brn_tile *tile,
                                  enum brn_missing missing);

#endif
