/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/machine_internal.h"
#include "pickle/walk.h"

#include <stdarg.h>
#include <stdio.h>

void brn_graph_init(struct brn_graph *graph, uint64_t max_memory)
{
    *graph = (struct brn_graph){0};
    brn_arena_init(&graph->arena, max_memory);
}

void brn_graph_free(struct brn_graph *graph)
{
    brn_arena_free(&graph->arena);
    *graph = (struct brn_graph){0};
}

brine_status brn_machine_fail(struct brn_machine *m, brine_status status, const char *format, ...)
{
    char message[sizeof m->err->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return brn_fail_at(m->err, status, m->op_offset, "%s", message);
}

brine_status brn_machine_no_memory(struct brn_machine *m, const struct brn_arena *arena)
{
    if (!arena->over_limit)
        return brn_fail_memory(m->err);
    return brn_machine_fail(m, BRINE_LIMIT,
                            "the objects of this file need more than %llu bytes of memory; "
                            "--max-memory raises the limit",
                            (unsigned long long)m->graph->arena.limit);
}

brine_status brn_machine_oddity(struct brn_machine *m, const char *rule, const char *detail)
{
    struct brn_graph *g = m->graph;
    if (!BRN_ARENA_RESERVE(&g->arena, g->oddities, g->oddity_count, g->oddity_capacity))
        return brn_machine_no_memory(m, &g->arena);
    g->oddities[g->oddity_count++] = (struct brn_oddity){rule, m->op_offset, detail};
    return BRINE_OK;
}

brine_status brn_machine_note(struct brn_machine *machine, const char *rule, const char *detail,
                              brine_error *err)
{
    machine->err = err;
    return brn_machine_oddity(machine, rule, detail);
}

brine_status brn_machine_event(struct brn_machine *m, enum brn_event_kind kind,
                               const struct brn_node *node)
{
    struct brn_graph *g = m->graph;
    if (!BRN_ARENA_RESERVE(&g->arena, g->events, g->event_count, g->event_capacity))
        return brn_machine_no_memory(m, &g->arena);
    struct brn_event *e = &g->events[g->event_count++];
    e->kind = kind;
    e->node = node;
    e->offset = m->op_offset;
    e->beside = m->s.beside;
    return BRINE_OK;
}

static brine_status add_segment(struct brn_machine *m, enum brn_segment_kind kind, uint64_t begin,
                                uint64_t end)
{
    struct brn_graph *g = m->graph;
    if (begin == end)
        return BRINE_OK;
    if (!BRN_ARENA_RESERVE(&g->arena, g->segments, g->segment_count, g->segment_capacity))
        return brn_machine_no_memory(m, &g->arena);
    g->segments[g->segment_count++] = (struct brn_segment){kind, begin, end};
    return BRINE_OK;
}

/* The opcodes since the last segment, up to end. */
static brine_status close_opcodes(struct brn_machine *m, uint64_t end)
{
    enum brn_segment_kind kind = m->s.nested ? BRN_SEGMENT_NESTED : BRN_SEGMENT_OPCODES;
    uint64_t begin = m->s.segment_begin;
    if (m->s.beside || end < begin)
        return BRINE_OK;
    m->s.segment_begin = end;
    return add_segment(m, kind, begin, end);
}

brine_status brn_machine_segment(struct brn_machine *m, enum brn_segment_kind kind, uint64_t begin,
                                 uint64_t end, brine_error *err)
{
    m->err = err;
    BRN_TRY(close_opcodes(m, begin));
    BRN_TRY(add_segment(m, kind, begin, end));
    m->s.segment_begin = end;
    return kind == BRN_SEGMENT_ARRAY ? brn_machine_count_array(m, end - begin, err) : BRINE_OK;
}

brine_status brn_machine_count_array(struct brn_machine *machine, uint64_t bytes, brine_error *err)
{
    uint64_t most = machine->options->limits.max_array_bytes;
    machine->err = err;
    machine->graph->array_bytes += bytes;
    if (machine->graph->array_bytes <= most)
        return BRINE_OK;
    return brn_machine_fail(machine, BRINE_LIMIT,
                            "the arrays take more than %llu bytes; --max-array raises the limit",
                            (unsigned long long)most);
}

uint64_t brn_machine_frame_end(const struct brn_machine *machine)
{
    return machine->s.frame_end;
}

static brine_status take_mark(struct brn_machine *m)
{
    struct brn_stream *s = &m->s;
    if (s->mark_count == 0)
        return brn_machine_fail(m, BRINE_FORMAT, "%s without a MARK before it", m->op->name);
    m->slice = s->marks[--s->mark_count];
    s->fence = s->mark_count ? s->marks[s->mark_count - 1] : 0;
    return BRINE_OK;
}

static brine_status check_stack(struct brn_machine *m)
{
    size_t top = m->s.depth;
    if (m->op->marked) {
        BRN_TRY(take_mark(m));
        top = m->slice;
    }
    if (top - m->s.fence >= m->op->needs)
        return BRINE_OK;
    return brn_machine_fail(m, BRINE_FORMAT, "%s finds %zu of the %d items that it needs",
                            m->op->name, top - m->s.fence, m->op->needs);
}

static brine_status leave_frame(struct brn_machine *m, uint64_t at)
{
    uint64_t end = m->s.frame_end;
    m->s.frame_end = 0;
    if (at == end || m->op_offset >= end)
        return BRINE_OK;
    if (m->straddle == BRINE_NOWHERE)
        m->straddle = m->op_offset;
    return brn_machine_oddity(m, "frame-straddled",
                              "an opcode crosses the end of its frame: CPython before 3.13.15 "
                              "reads on, later ones and pickle.py stop");
}

static brine_status note_newer(struct brn_machine *m)
{
    if (m->s.newer_reported)
        return BRINE_OK;
    m->s.newer_reported = true;
    return brn_machine_oddity(m, "opcode-newer-than-protocol",
                              "an opcode of a later protocol than the stream declares: loads all "
                              "the same, but no pickler writes it");
}

static brine_status step(struct brn_machine *m)
{
    struct brn_reader *r = m->s.reader;
    struct brn_argument argument;
    m->op_offset = brn_reader_offset(r);
    m->op = brn_opcode_read(r, &argument);
    if (!m->op) {
        if (m->err)
            *m->err = r->error;
        return r->error.status;
    }
    m->graph->opcode_count++;
    if (m->s.frame_end && brn_reader_offset(r) >= m->s.frame_end)
        BRN_TRY(leave_frame(m, brn_reader_offset(r)));
    if (m->op->protocol > m->s.protocol && m->op->protocol > 1 && m->op->code != 0x80)
        BRN_TRY(note_newer(m));
    BRN_TRY(check_stack(m));
    return m->op->run(m, &argument);
}

static brine_status run(struct brn_machine *m)
{
    brine_status status = BRINE_OK;
    while (status == BRINE_OK && !m->s.stopped)
        status = step(m);
    if (status == BRINE_OK)
        return close_opcodes(m, brn_reader_offset(m->s.reader));
    brn_machine_locate(m);
    brine_error *err = m->err;
    m->err = NULL; /* the failure that led here is the one to tell */
    close_opcodes(m, m->op_offset);
    m->err = err;
    return status;
}

static brine_status start_stream(struct brn_machine *m, struct brn_reader *reader)
{
    uint64_t begin = brn_reader_offset(reader);
    m->s = (struct brn_stream){.reader = reader, .begin = begin, .segment_begin = begin};
    brn_memo_init(&m->s.memo, &m->scratch);
    if (!BRN_ARENA_RESERVE(&m->scratch, m->s.stack, m->s.depth, m->s.capacity))
        return brn_machine_no_memory(m, &m->scratch);
    return BRINE_OK;
}

brine_status brn_machine_nested(struct brn_machine *m, struct brn_reader *reader,
                                const struct brn_node **ret_root, brine_error *err)
{
    struct brn_stream outer = m->s;
    const struct brn_opcode *op = m->op;
    uint64_t op_offset = m->op_offset;
    m->err = err;
    bool beside = reader != outer.reader;
    if (!beside)
        BRN_TRY(close_opcodes(m, brn_reader_offset(reader)));
    brine_status status = start_stream(m, reader);
    m->s.nested = true;
    m->s.beside = beside;
    if (status == BRINE_OK)
        status = run(m);
    if (status == BRINE_OK)
        *ret_root = brn_machine_top(m);
    if (!beside)
        outer.segment_begin = m->s.segment_begin;
    m->s = outer;
    m->op = op;
    m->op_offset = op_offset;
    return status;
}

/* Heights that became stale are computed anew, over all that the root holds. */
static brine_status settle_depth(struct brn_machine *m, const struct brn_node *root)
{
    uint32_t depth = 0;
    if (!m->stale_heights || !root)
        return BRINE_OK;
    if (!brn_walk_depth(m->graph, root, &m->scratch, &depth))
        return brn_machine_no_memory(m, &m->scratch);
    if (depth > m->graph->max_depth)
        m->graph->max_depth = depth;
    if (depth <= m->options->limits.max_depth)
        return BRINE_OK;
    return brn_machine_too_deep(m);
}

static brine_status add_root(struct brn_machine *m, const struct brn_node *root)
{
    struct brn_graph *g = m->graph;
    if (!BRN_ARENA_RESERVE(&g->arena, g->roots, g->root_count, g->root_capacity))
        return brn_machine_no_memory(m, &g->arena);
    if (g->root_count == 0)
        g->first_end = brn_reader_offset(m->s.reader);
    g->roots[g->root_count++] = root;
    return BRINE_OK;
}

static brine_status read_stream(struct brn_machine *m, struct brn_reader *reader)
{
    BRN_TRY(start_stream(m, reader));
    brine_status status = run(m);
    const struct brn_node *root = m->s.depth ? brn_machine_top(m) : NULL;
    if (m->graph->root_count == 0)
        m->graph->root = root;
    BRN_TRY(status);
    BRN_TRY(add_root(m, root));
    BRN_TRY(settle_depth(m, root));
    if (m->straddle == BRINE_NOWHERE)
        return BRINE_OK;
    /* Read to the end all the same, as older unpicklers do: what stands there is to be seen. */
    return brn_fail_at(m->err, BRINE_FORMAT, m->straddle,
                       "an opcode crosses the end of its frame: Pythons differ in what they make "
                       "of it");
}

brine_status brn_pickle_read(struct brn_reader *reader, const struct brn_machine_options *options,
                             struct brn_graph *graph, brine_error *err)
{
    struct brn_machine m = {
        .options = options, .graph = graph, .err = err, .straddle = BRINE_NOWHERE};
    uint64_t left = graph->arena.limit - graph->arena.used;
    brn_arena_init(&m.scratch, left ? left : 1);
    brine_status status = read_stream(&m, reader);
    brn_arena_free(&m.scratch);
    return status;
}
