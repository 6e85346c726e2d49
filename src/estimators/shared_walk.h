/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_walk.h - which walk this machine makes fastest. */
#ifndef BRN_ESTIMATORS_SHARED_WALK_H
#define BRN_ESTIMATORS_SHARED_WALK_H

#include <stdbool.h>

/* Whether gathers beat scalar walks, measured once a process (a fraction of a millisecond) on trees
 * made up for it. Any thread. */
bool brn_gather_wins(void);

#endif
