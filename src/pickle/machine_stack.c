/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/integer.h"
#include "pickle/machine_internal.h"
#include "pickle/text.h"

enum { FAR_INDEX = 1 << 24 }; /* 256 MiB of C's table */

brine_status brn_machine_push(struct brn_machine *m, struct brn_node *node)
{
    struct brn_stream *s = &m->s;
    if (s->depth == s->capacity && !BRN_ARENA_RESERVE(&m->scratch, s->stack, s->depth, s->capacity))
        return brn_machine_no_memory(m, &m->scratch);
    s->stack[s->depth++] = node;
    return BRINE_OK;
}

brine_status brn_machine_make(struct brn_machine *m, enum brn_node_kind kind,
                              struct brn_node **ret_node)
{
    BRN_TRY(brn_machine_node(m, kind, ret_node));
    return brn_machine_push(m, *ret_node);
}

brine_status brn_op_mark(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_stream *s = &m->s;
    if (!BRN_ARENA_RESERVE(&m->scratch, s->marks, s->mark_count, s->mark_capacity))
        return brn_machine_no_memory(m, &m->scratch);
    s->marks[s->mark_count++] = s->fence = s->depth;
    return BRINE_OK;
}

brine_status brn_op_pop_mark(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    m->s.depth = m->slice;
    return BRINE_OK;
}

/* With nothing above the mark, POP takes the mark (Modules/_pickle.c, load_pop). */
brine_status brn_op_pop(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_stream *s = &m->s;
    if (s->depth > s->fence) {
        s->depth--;
        return BRINE_OK;
    }
    if (s->mark_count == 0)
        return brn_machine_fail(m, BRINE_FORMAT, "POP finds nothing on the stack");
    s->mark_count--;
    s->fence = s->mark_count ? s->marks[s->mark_count - 1] : 0;
    return BRINE_OK;
}

brine_status brn_op_dup(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    if (!m->s.dup_reported)
        BRN_TRY(brn_machine_oddity(m, "dup", "DUP, which no pickler writes"));
    m->s.dup_reported = true;
    return brn_machine_push(m, brn_machine_top(m));
}

/* CPython's C unpickler keeps its memo in a vector of twice the highest index. */
static brine_status note_far_index(struct brn_machine *m, uint64_t index)
{
    if (m->s.far_reported || index / 2 <= m->s.memo.count)
        return BRINE_OK;
    m->s.far_reported = true;
    return brn_machine_oddity(m, "memo-index-far",
                              "a memo index so far above all others that CPython's C unpickler "
                              "needs hundreds of megabytes to get there; pickle.py does not");
}

static brine_status put(struct brn_machine *m, uint64_t index)
{
    if (__builtin_expect(index >= FAR_INDEX, 0))
        BRN_TRY(note_far_index(m, index));
    if (!brn_memo_put(&m->s.memo, index, brn_machine_top(m)))
        return brn_machine_no_memory(m, &m->scratch);
    return BRINE_OK;
}

static brine_status get(struct brn_machine *m, uint64_t index)
{
    struct brn_node *node = brn_memo_get(&m->s.memo, index);
    if (!node)
        return brn_machine_fail(m, BRINE_FORMAT, "%s of memo entry %llu, which was never stored",
                                m->op->name, (unsigned long long)index);
    return brn_machine_push(m, node);
}

/* An index in a line of text: int(line) in pickle.py, so that white space around it is allowed. */
static brine_status line_index(struct brn_machine *m, const struct brn_argument *a,
                               uint64_t *ret_index)
{
    struct brn_integer integer;
    int64_t value;
    if (brn_integer_scan_decimal(brn_integer_trim(a->bytes), &integer) &&
        brn_integer_value(&integer, &value) && value >= 0) {
        *ret_index = (uint64_t)value;
        return BRINE_OK;
    }
    char excerpt[48];
    brn_text_escape(a->bytes, excerpt, sizeof excerpt);
    return brn_machine_fail(m, BRINE_FORMAT, "%s with the memo index \"%s\"", m->op->name, excerpt);
}

brine_status brn_op_put(struct brn_machine *m, const struct brn_argument *a)
{
    return put(m, a->number);
}

brine_status brn_op_put_line(struct brn_machine *m, const struct brn_argument *a)
{
    uint64_t index = 0;
    BRN_TRY(line_index(m, a, &index));
    return put(m, index);
}

brine_status brn_op_memoize(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return put(m, m->s.memo.count);
}

brine_status brn_op_get(struct brn_machine *m, const struct brn_argument *a)
{
    return get(m, a->number);
}

brine_status brn_op_get_line(struct brn_machine *m, const struct brn_argument *a)
{
    uint64_t index = 0;
    BRN_TRY(line_index(m, a, &index));
    return get(m, index);
}
