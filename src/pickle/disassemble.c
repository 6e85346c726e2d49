/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/disassemble.h"
#include "pickle/argument_text.h"
#include "pickle/memo.h"
#include "pickle/numpy.h"
#include "pickle/opcode.h"

#include <inttypes.h>
#include <stdio.h>

/* One stream's state: as much of the stack as the marks need. */
struct stream {
    uint64_t depth;
    struct mark {
        uint64_t depth, offset;
    } * marks;
    size_t mark_count, mark_capacity;
    struct brn_memo memo;
    int highest;
    struct brn_arena arena;
};

struct disassembly {
    const struct brn_graph *graph;
    struct brn_slice content;
    struct brn_reader reader;
    brn_line_sink *sink;
    void *context;
    brine_error *err;
    struct stream main, nested;
    struct brn_buffer line;
    size_t event; /* arrays are found in the order of their BUILDs */
};

static void begin_stream(struct stream *s)
{
    brn_arena_free(&s->arena);
    *s = (struct stream){.highest = -1};
    brn_arena_init(&s->arena, 0);
    brn_memo_init(&s->memo, &s->arena);
}

static brine_status emit(struct disassembly *d)
{
    if (d->line.failed)
        return brn_fail_memory(d->err);
    brine_status status = d->sink(d->context, brn_buffer_view(&d->line));
    d->line.size = 0;
    return status;
}

/* ---- the stack, as pickletools emulates it ---- */

static bool takes_mark(const struct stream *s, const struct brn_opcode *op)
{
    bool pops_mark =
        op->code == '0' && s->mark_count && s->depth == s->marks[s->mark_count - 1].depth;
    return (op->marked || pops_mark) && s->mark_count;
}

static size_t items_before_mark(const char *before)
{
    const char *mark = strchr(before, 'm');
    return mark ? (size_t)(mark - before) : strlen(before);
}

/* What the opcode does to depth and marks; its mark's note is appended to the line. */
static brine_status apply(struct disassembly *d, struct stream *s, const struct brn_opcode *op,
                          uint64_t offset, uint64_t *ret_mark)
{
    size_t taken = items_before_mark(op->before), made = strlen(op->after);
    *ret_mark = BRINE_NOWHERE;
    if (takes_mark(s, op)) {
        struct mark mark = s->marks[--s->mark_count];
        *ret_mark = mark.offset;
        s->depth = mark.depth;
        taken = op->marked ? taken : 0;
    }
    s->depth -= taken < s->depth ? taken : s->depth;
    if (op->code != '(') {
        s->depth += made;
        return BRINE_OK;
    }
    if (!BRN_ARENA_RESERVE(&s->arena, s->marks, s->mark_count, s->mark_capacity))
        return brn_fail_memory(d->err);
    s->marks[s->mark_count++] = (struct mark){s->depth, offset};
    return BRINE_OK;
}

/* Entries are only counted: MEMOIZE tells the number that it takes. */
static brine_status count_put(struct disassembly *d, struct stream *s, const struct brn_opcode *op,
                              const struct brn_argument *a, uint64_t *ret_index)
{
    static struct brn_node entry;
    *ret_index = op->code == 'p' ? brn_argument_index(a) : a->number;
    if (op->code == 0x94)
        *ret_index = s->memo.count;
    if (!brn_memo_put(&s->memo, *ret_index, &entry))
        return brn_fail_memory(d->err);
    return BRINE_OK;
}

static bool is_put(const struct brn_opcode *op)
{
    return op->code == 'p' || op->code == 'q' || op->code == 'r' || op->code == 0x94;
}

/* ---- lines ---- */

static void put_head(struct disassembly *d, const struct stream *s, const struct brn_opcode *op,
                     uint64_t offset)
{
    char code[8] = {(char)op->code};
    if (op->code >= 0x80)
        snprintf(code, sizeof code, "\\x%02x", op->code);
    brn_buffer_printf(&d->line, "%5" PRIu64 ": %-4s ", offset, code);
    for (size_t i = 0; i < s->mark_count; i++)
        brn_buffer_text(&d->line, "    ");
    brn_buffer_text(&d->line, op->name);
}

static void put_padding(struct disassembly *d, const struct brn_opcode *op)
{
    for (size_t i = strlen(op->name); i < 10; i++)
        brn_buffer_byte(&d->line, ' ');
}

static brine_status print_opcode(struct disassembly *d, struct stream *s,
                                 const struct brn_opcode *op, const struct brn_argument *a,
                                 uint64_t offset)
{
    bool has_argument = op->argument->form != BRN_FORM_NONE;
    uint64_t mark, index;
    put_head(d, s, op, offset);
    BRN_TRY(apply(d, s, op, offset, &mark));
    if (has_argument || mark != BRINE_NOWHERE || op->code == 0x94)
        put_padding(d, op);
    if (has_argument) {
        brn_buffer_byte(&d->line, ' ');
        brn_argument_text(op->argument, a, &d->line);
    }
    if (mark != BRINE_NOWHERE)
        brn_buffer_printf(&d->line, " (MARK at %" PRIu64 ")", mark);
    if (is_put(op)) {
        BRN_TRY(count_put(d, s, op, a, &index));
        if (op->code == 0x94)
            brn_buffer_printf(&d->line, " (as %" PRIu64 ")", index);
    }
    if (op->protocol > s->highest)
        s->highest = op->protocol;
    return emit(d);
}

static brine_status print_end(struct disassembly *d, struct stream *s)
{
    brn_buffer_printf(&d->line, "highest protocol among opcodes = %d", s->highest);
    begin_stream(s);
    return emit(d);
}

static brine_status print_one(struct disassembly *d, struct stream *s)
{
    struct brn_argument argument = {0};
    uint64_t offset = brn_reader_offset(&d->reader);
    const struct brn_opcode *op = brn_opcode_read(&d->reader, &argument);
    if (!op)
        return BRINE_OK; /* the machine has found the same, and its caller tells */
    BRN_TRY(print_opcode(d, s, op, &argument, offset));
    return op->code == '.' ? print_end(d, s) : BRINE_OK;
}

/* ---- segments ---- */

static const struct brn_node *array_at(struct disassembly *d, const uint8_t *raw)
{
    for (; d->event < d->graph->event_count; d->event++) {
        const struct brn_node *n = d->graph->events[d->event].node;
        if (d->graph->events[d->event].kind == BRN_EVENT_BUILD && brn_is(n, BRN_OBJECT) &&
            n->as.object->raw.p == raw)
            return n;
    }
    return NULL;
}

static brine_status print_array(struct disassembly *d, const struct brn_segment *s)
{
    char what[200] = "array";
    const struct brn_node *n = array_at(d, d->content.p + s->begin);
    if (n)
        brn_array_describe(n, what, sizeof what);
    brn_buffer_printf(&d->line, "%5" PRIu64 ": --   %" PRIu64 " bytes: %s", s->begin,
                      s->end - s->begin, what);
    return emit(d);
}

static brine_status print_bytes(struct disassembly *d, const struct brn_segment *s)
{
    static const char *const names[] = {
        [BRN_SEGMENT_PADDING] = "padding in front of an array",
        [BRN_SEGMENT_HEADER] = "header",
        [BRN_SEGMENT_TRAILING] = "behind the last STOP, no pickle",
        [BRN_SEGMENT_UNREAD] = "not read",
    };
    brn_buffer_printf(&d->line, "%5" PRIu64 ": --   %" PRIu64 " byte%s: %s", s->begin,
                      s->end - s->begin, s->end - s->begin == 1 ? "" : "s", names[s->kind]);
    return emit(d);
}

static brine_status print_opcodes(struct disassembly *d, struct stream *s, uint64_t end)
{
    while (brn_reader_offset(&d->reader) < end && brn_reader_ok(&d->reader))
        BRN_TRY(print_one(d, s));
    return BRINE_OK;
}

static brine_status print_segment(struct disassembly *d, const struct brn_segment *s)
{
    d->reader.at = d->reader.begin + s->begin;
    switch (s->kind) {
    case BRN_SEGMENT_OPCODES:
        return print_opcodes(d, &d->main, s->end);
    case BRN_SEGMENT_NESTED:
        return print_opcodes(d, &d->nested, s->end);
    case BRN_SEGMENT_ARRAY:
        return print_array(d, s);
    case BRN_SEGMENT_UNREAD:
        return print_one(d, &d->main);
    default:
        return print_bytes(d, s);
    }
}

brine_status brn_disassemble(const struct brn_graph *graph, struct brn_slice content,
                             brn_line_sink *sink, void *context, brine_error *err)
{
    struct disassembly d = {
        .graph = graph, .content = content, .sink = sink, .context = context, .err = err};
    brine_status status = BRINE_OK;
    brn_reader_init(&d.reader, content);
    begin_stream(&d.main);
    begin_stream(&d.nested);
    for (size_t i = 0; i < graph->segment_count && status == BRINE_OK; i++)
        status = print_segment(&d, &graph->segments[i]);
    brn_arena_free(&d.main.arena);
    brn_arena_free(&d.nested.arena);
    brn_buffer_free(&d.line);
    return status;
}
