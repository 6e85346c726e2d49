/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_neighbor_ties.h - where all training rows are searched and several are as far as the k-th,
 * numpy's argpartition or the rounding of a matrix product takes any of them: a row whose answer
 * depends on which ones is refused. */
#ifndef BRN_ESTIMATORS_SHARED_NEIGHBOR_TIES_H
#define BRN_ESTIMATORS_SHARED_NEIGHBOR_TIES_H

#include "estimators/shared_neighbor_votes.h"

/* Rows tied with the last of the nearest, and how many of them are taken; count is 0 where it is
 * certain which. */
struct brn_tied {
    uint32_t *indices;
    size_t count, places;
};

/* Of row r of the tile; the indices are the work's. */
brine_status brn_neighbors_tied(const struct brn_neighbors *m, const struct brn_found *found,
                                const struct brn_tile *in, size_t r, struct brn_work *work,
                                struct brn_tied *ret_tied);

brine_status brn_refuse_tied(const struct brn_neighbors *m, const struct brn_tile *in, size_t r,
                             const struct brn_work *work);

/* Refuses row r where its answer depends on the pick.  is_vote: the answer is the class that most
 * neighbours have, and not their shares or mean. */
brine_status brn_near_check_tied(const struct brn_neighbor_model *m, const struct brn_found *found,
                                 const struct brn_tile *in, size_t r, bool is_vote,
                                 struct brn_work *work);

#endif
