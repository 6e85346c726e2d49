/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/machine_internal.h"

enum { HIGHEST_PROTOCOL = 5 };

brine_status brn_op_proto(struct brn_machine *m, const struct brn_argument *a)
{
    if (a->number > HIGHEST_PROTOCOL)
        return brn_machine_fail(m, BRINE_FORMAT, "pickle protocol %u; the highest is %d",
                                (unsigned)a->number, HIGHEST_PROTOCOL);
    if (m->op_offset != m->s.begin)
        BRN_TRY(brn_machine_oddity(m, "proto-inside",
                                   "PROTO inside a stream: changes how names are resolved"));
    m->s.protocol = (uint8_t)a->number;
    if (!m->s.nested && m->s.protocol > m->graph->protocol)
        m->graph->protocol = m->s.protocol;
    return BRINE_OK;
}

brine_status brn_op_frame(struct brn_machine *m, const struct brn_argument *a)
{
    uint64_t left = brn_reader_left(m->s.reader), here = brn_reader_offset(m->s.reader);
    if (m->s.frame_end)
        BRN_TRY(brn_machine_oddity(m, "frame-in-frame",
                                   "a frame begins before the last one ended: CPython's C "
                                   "unpickler loads it, pickle.py does not"));
    if (a->number > left)
        BRN_TRY(brn_machine_oddity(m, "frame-too-long",
                                   "a frame ends behind the data: pickle.py loads it, CPython's C "
                                   "unpickler does not"));
    /* Also when it is too long: pickle.py has read everything then. */
    m->s.frame_end = here + (a->number > left ? left : a->number);
    return BRINE_OK;
}

/* What STOP leaves is the result; CPython pops it. */
brine_status brn_op_stop(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    m->s.stopped = true;
    if (m->s.depth > 1 || m->s.mark_count)
        return brn_machine_oddity(m, "stack-left-over",
                                  "more than the result was on the stack at STOP");
    return BRINE_OK;
}
