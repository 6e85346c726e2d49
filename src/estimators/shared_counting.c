/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_counting.h"

brine_status brn_counter_begin(struct brn_work *work, size_t width, struct brn_counter *ret_counter)
{
    size_t marks = brn_counter_marks(width), summary = brn_counter_summary(width);
    struct brn_counter c = {.width = width,
                            .marks = brn_work_take(work, marks, sizeof *c.marks),
                            .summary = brn_work_take(work, summary, sizeof *c.summary),
                            .counts = brn_work_take(work, width, sizeof *c.counts)};
    if (!c.marks || !c.summary || !c.counts)
        return brn_fail_memory(work->err);
    memset(c.marks, 0, marks * sizeof *c.marks);
    memset(c.summary, 0, summary * sizeof *c.summary);
    *ret_counter = c;
    return BRINE_OK;
}

brine_status brn_counter_end_row(struct brn_work *work, struct brn_counter *counter,
                                 struct brn_compressed *to, size_t r, size_t *ret_first)
{
    size_t first = to->count, count = counter->marked;
    while (to->capacity - to->count < count)
        BRN_TRY(brn_compressed_grow(work, to));
    if (count > 0)
        brn_counter_take(counter, to->columns + first, to->values + first);
    to->count += count;
    brn_compressed_end_row(to, r);
    *ret_first = first;
    return BRINE_OK;
}
