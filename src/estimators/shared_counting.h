/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_counting.h - counts of a row by column, and the compressed row that they make. */
#ifndef BRN_ESTIMATORS_SHARED_COUNTING_H
#define BRN_ESTIMATORS_SHARED_COUNTING_H

#include "kernel/tokens.h"
#include "model/estimator.h"

/* An empty counter of so many columns. */
brine_status brn_counter_begin(struct brn_work *work, size_t width,
                               struct brn_counter *ret_counter);

/* Ends row r of to with what was counted; the counter is empty again.  *ret_first: where in to the
 * row begins. */
brine_status brn_counter_end_row(struct brn_work *work, struct brn_counter *counter,
                                 struct brn_compressed *to, size_t r, size_t *ret_first);

#endif
