/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/machine_internal.h"

/* Which of the target's lists an opcode fills.  An imported thing can be changed this way too
 * (os.environ, sys.modules): nothing is stored then, but it is told. */
enum filling { APPENDING, ADDING, SETTING };

static const char *const verbs[] = {"appends to", "adds to", "sets items of"};

static bool is_foreign(const struct brn_node *n)
{
    return n->kind == BRN_GLOBAL || n->kind == BRN_PERSISTENT || n->kind == BRN_EXTENSION;
}

static struct brn_items *list_of(struct brn_node *n, enum filling filling)
{
    static const enum brn_node_kind own[] = {BRN_LIST, BRN_SET, BRN_DICT};
    if (n->kind == own[filling])
        return &n->as.items;
    if (n->kind == BRN_OBJECT)
        return filling == SETTING ? &n->as.object->pairs : &n->as.object->items;
    return NULL;
}

static brine_status change_foreign(struct brn_machine *m, const struct brn_node *target)
{
    BRN_TRY(brn_machine_oddity(m, "imported-object-changed",
                               "the stream changes an object that it did not make"));
    return brn_machine_event(m, BRN_EVENT_BUILD, target);
}

static brine_status wrong_target(struct brn_machine *m, const struct brn_node *target,
                                 enum filling filling)
{
    char what[80];
    brn_node_describe(target, what, sizeof what);
    return brn_machine_fail(m, BRINE_FORMAT, "%s %s a %s", m->op->name, verbs[filling], what);
}

static bool is_unhashable(const struct brn_node *n)
{
    return n->kind == BRN_LIST || n->kind == BRN_DICT || n->kind == BRN_SET ||
           n->kind == BRN_BYTEARRAY;
}

/* Each stride-th of the items is hashed. */
static brine_status check_hashable(struct brn_machine *m, struct brn_node *const *items,
                                   size_t count, size_t stride)
{
    for (size_t i = 0; i < count; i += stride)
        if (is_unhashable(items[i]))
            return brn_machine_fail(m, BRINE_FORMAT, "%s with an unhashable key", m->op->name);
    return BRINE_OK;
}

static brine_status check_items(struct brn_machine *m, enum filling filling,
                                struct brn_node *const *items, size_t count, bool hashes)
{
    if (filling == SETTING && count % 2)
        return brn_machine_fail(m, BRINE_FORMAT, "%s with a key that has no value", m->op->name);
    if (filling == APPENDING || !hashes)
        return BRINE_OK;
    return check_hashable(m, items, count, filling == SETTING ? 2 : 1);
}

/* Everything from place first on goes into what is below it. */
static brine_status fill(struct brn_machine *m, enum filling filling, size_t first)
{
    struct brn_node *target = m->s.stack[first - 1];
    struct brn_node *const *items = m->s.stack + first;
    size_t count = m->s.depth - first;
    if (is_foreign(target)) {
        m->s.depth = first;
        return change_foreign(m, target);
    }
    struct brn_items *list = list_of(target, filling);
    if (!list)
        return wrong_target(m, target, filling);
    bool hashes =
        target->kind != BRN_OBJECT; /* what a class does with its items is its own affair */
    BRN_TRY(check_items(m, filling, items, count, hashes));
    BRN_TRY(brn_machine_add(m, target, list, items, count));
    m->s.depth = first;
    return BRINE_OK;
}

brine_status brn_op_append(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return fill(m, APPENDING, m->s.depth - 1);
}

brine_status brn_op_appends(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return fill(m, APPENDING, m->slice);
}

brine_status brn_op_additems(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return fill(m, ADDING, m->slice);
}

brine_status brn_op_setitem(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return fill(m, SETTING, m->s.depth - 2);
}

brine_status brn_op_setitems(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return fill(m, SETTING, m->slice);
}

/* A container of everything from place first on takes its place. */
static brine_status collect(struct brn_machine *m, enum brn_node_kind kind, size_t first)
{
    struct brn_node *node, *const *items = m->s.stack + first;
    size_t count = m->s.depth - first;
    BRN_TRY(brn_machine_node(m, kind, &node));
    BRN_TRY(brn_machine_add(m, node, &node->as.items, items, count));
    m->s.depth = first;
    return brn_machine_push(m, node);
}

/* LIST, TUPLE, DICT, FROZENSET. */
brine_status brn_op_collect(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    enum brn_node_kind kind = m->op->makes;
    enum filling filling = kind == BRN_DICT ? SETTING : kind == BRN_FROZENSET ? ADDING : APPENDING;
    BRN_TRY(check_items(m, filling, brn_machine_slice(m), brn_machine_slice_count(m), true));
    return collect(m, kind, m->slice);
}

/* TUPLE1, TUPLE2, TUPLE3. */
brine_status brn_op_tuple(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return collect(m, BRN_TUPLE, m->s.depth - m->op->needs);
}
