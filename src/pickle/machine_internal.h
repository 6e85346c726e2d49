/* SPDX-License-Identifier: Apache-2.0
 *
 * machine_internal.h - the machine's state, shared by its own files (machine*.c). */
#ifndef BRN_PICKLE_MACHINE_INTERNAL_H
#define BRN_PICKLE_MACHINE_INTERNAL_H

#include "pickle/handlers.h"
#include "pickle/machine.h"
#include "pickle/memo.h"

/* What belongs to one pickle stream; a nested stream has its own. */
struct brn_stream {
    struct brn_reader *reader;
    uint64_t begin;
    struct brn_node **stack;
    size_t depth, capacity;
    size_t *marks; /* places in the stack, innermost last */
    size_t mark_count, mark_capacity;
    size_t fence; /* place of the innermost mark: nothing below it may be taken */
    struct brn_memo memo;
    uint64_t frame_end; /* 0 when no frame is open */
    uint8_t protocol;
    bool newer_reported, dup_reported, far_reported, stopped;
    bool nested; /* in an object array of joblib: no hook */
    bool beside; /* nested, and in a companion file: no segments */
    uint64_t segment_begin;
    uint64_t buffer_count; /* NEXT_BUFFERs so far */
};

struct brn_machine {
    const struct brn_machine_options *options;
    struct brn_graph *graph;
    brine_error *err;
    struct brn_arena scratch; /* stack, marks, memo: gone when the stream is read */
    struct brn_stream s;
    const struct brn_opcode *op; /* that runs now */
    uint64_t op_offset;
    uint64_t straddle; /* where an opcode first crossed the end of its frame, or BRINE_NOWHERE */
    size_t slice;      /* of a marked opcode: place of the first item above its mark */
    struct brn_node *slab, *slab_end; /* free nodes */
    bool stale_heights;               /* see brn_machine_adopt() */
};

/* ---- failing ---- */

/* About the opcode that runs. */
brine_status brn_machine_fail(struct brn_machine *m, brine_status status, const char *format, ...)
    BRN_PRINTF(3, 4);

/* An allocation in arena returned NULL: BRINE_LIMIT when it was the budget's fault, or BRINE_NOMEM.
 */
brine_status brn_machine_no_memory(struct brn_machine *m, const struct brn_arena *arena);

/* Puts the place in the object in front of *m->err's path, as far as the stack tells it. */
void brn_machine_locate(const struct brn_machine *m);

brine_status brn_machine_oddity(struct brn_machine *m, const char *rule, const char *detail);

/* ---- nodes ---- */

/* A node of the graph; BRINE_LIMIT or BRINE_NOMEM when it cannot be had. */
brine_status brn_machine_node(struct brn_machine *m, enum brn_node_kind kind,
                              struct brn_node **ret_node);

/* An OBJECT.  The callable and the arguments come from the stack. */
brine_status brn_machine_object(struct brn_machine *m, enum brn_construct construct,
                                struct brn_node *callable, struct brn_node *args,
                                struct brn_node **ret_node);

/* Appends nodes to one of parent's lists and keeps account of the nesting. */
brine_status brn_machine_add(struct brn_machine *m, struct brn_node *parent,
                             struct brn_items *items, struct brn_node *const *nodes, size_t count);

/* Keeps account of the nesting: parent now holds child.
 *
 * A node's height is 1 + the highest of what it holds, known when it is filled, because picklers
 * fill the inner one first.  Where a node that has been put somewhere is filled later (a cycle, or
 * a hostile stream) the heights above it are stale, and are computed anew when the stream ends. */
brine_status brn_machine_adopt(struct brn_machine *m, struct brn_node *parent,
                               struct brn_node *child);

/* The same for the height alone. */
brine_status brn_machine_raise(struct brn_machine *m, struct brn_node *parent, uint32_t height);
brine_status brn_machine_too_deep(struct brn_machine *m);

brine_status brn_machine_event(struct brn_machine *m, enum brn_event_kind kind,
                               const struct brn_node *node);

/* ---- stack ---- */

brine_status brn_machine_push(struct brn_machine *m, struct brn_node *node);

/* Makes a node and pushes it. */
brine_status brn_machine_make(struct brn_machine *m, enum brn_node_kind kind,
                              struct brn_node **ret_node);

/* The topmost item; the opcode table has made sure that it is there. */
static inline struct brn_node *brn_machine_top(const struct brn_machine *m)
{
    return m->s.stack[m->s.depth - 1];
}

static inline struct brn_node *brn_machine_pop(struct brn_machine *m)
{
    return m->s.stack[--m->s.depth];
}

/* Items above the mark of the running opcode, and their number. */
static inline struct brn_node **brn_machine_slice(const struct brn_machine *m)
{
    return m->s.stack + m->slice;
}

static inline size_t brn_machine_slice_count(const struct brn_machine *m)
{
    return m->s.depth - m->slice;
}

#endif
