/* SPDX-License-Identifier: Apache-2.0
 *
 * slice.h - the expressions that part rows: COLUMN, COLUMN in [a,b), missing(COLUMN),
 * month(COLUMN), COLUMN == value. */
#ifndef BRN_EVIDENCE_SLICE_H
#define BRN_EVIDENCE_SLICE_H

#include "evidence/partition.h"

struct brn_slice_group {
    const char *name;     /* "origin=EWR", "sched_minute in [0,600)" */
    const uint32_t *rows; /* ascending */
    size_t count;
};

enum { BRN_MAX_SLICE_GROUPS = 1000 };

/* One expression's groups, in order of their value (COLUMN and month: one for each value; the
 * others: the rows that it is true of).  Values beyond BRN_MAX_SLICE_GROUPS are an error. */
brine_status brn_slice_groups(const char *expression, const struct brn_partition *partition,
                              struct brn_arena *arena, struct brn_slice_group **ret_groups,
                              size_t *ret_count, brine_error *err);

#endif
