/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/machine_internal.h"

enum { FIRST_SLAB = 32, LARGEST_SLAB = 1024 };

static brine_status add_slab(struct brn_machine *m)
{
    uint64_t made = m->graph->node_count, left = 0;
    uint64_t most =
        m->options->limits.max_nodes < UINT32_MAX ? m->options->limits.max_nodes : UINT32_MAX - 1;
    if (made < most)
        left = most - made;
    if (left == 0)
        return brn_machine_fail(m, BRINE_LIMIT,
                                "more than %llu objects; --max-nodes raises the limit",
                                (unsigned long long)most);
    size_t count = made < FIRST_SLAB ? FIRST_SLAB : (size_t)made;
    if (count > LARGEST_SLAB)
        count = LARGEST_SLAB;
    if (count > left)
        count = (size_t)left;
    m->slab = BRN_NEW(&m->graph->arena, struct brn_node, count);
    m->slab_end = m->slab ? m->slab + count : NULL;
    return m->slab ? BRINE_OK : brn_machine_no_memory(m, &m->graph->arena);
}

brine_status brn_machine_node(struct brn_machine *m, enum brn_node_kind kind,
                              struct brn_node **ret_node)
{
    if (__builtin_expect(m->slab == m->slab_end, 0))
        BRN_TRY(add_slab(m));
    struct brn_node *n = m->slab++;
    n->kind = (uint8_t)kind;
    n->index = m->graph->node_count++;
    n->offset = m->op_offset;
    *ret_node = n;
    return BRINE_OK;
}

brine_status brn_machine_object(struct brn_machine *m, enum brn_construct construct,
                                struct brn_node *callable, struct brn_node *args,
                                struct brn_node **ret_node)
{
    struct brn_object *object = BRN_NEW(&m->graph->arena, struct brn_object, 1);
    if (!object)
        return brn_machine_no_memory(m, &m->graph->arena);
    object->construct = construct;
    object->callable = callable;
    object->args = args;
    BRN_TRY(brn_machine_node(m, BRN_OBJECT, ret_node));
    (*ret_node)->as.object = object;
    BRN_TRY(brn_machine_adopt(m, *ret_node, callable));
    return brn_machine_adopt(m, *ret_node, args);
}

brine_status brn_machine_too_deep(struct brn_machine *m)
{
    return brn_machine_fail(m, BRINE_LIMIT,
                            "objects are nested deeper than %u; --max-depth raises the limit",
                            m->options->limits.max_depth);
}

brine_status brn_machine_raise(struct brn_machine *m, struct brn_node *parent, uint32_t height)
{
    if (height <= parent->height)
        return BRINE_OK;
    if (height > m->options->limits.max_depth)
        return brn_machine_too_deep(m);
    m->stale_heights |= parent->held;
    parent->height = height & 0x7fffff;
    if (height > m->graph->max_depth)
        m->graph->max_depth = height;
    return BRINE_OK;
}

brine_status brn_machine_adopt(struct brn_machine *m, struct brn_node *parent,
                               struct brn_node *child)
{
    child->held = 1;
    return brn_machine_raise(m, parent, child->height + 1u);
}

static bool reserve_items(struct brn_machine *m, struct brn_items *items, size_t count)
{
    size_t wanted = items->count + count, doubled = items->capacity * 2;
    if (wanted <= items->capacity)
        return true;
    if (items->capacity && wanted < doubled)
        wanted = doubled;
    const struct brn_node **wider =
        brn_arena_grow(&m->graph->arena, items->at, items->capacity, wanted, sizeof *items->at,
                       _Alignof(struct brn_node *));
    if (!wider)
        return false;
    items->at = wider;
    items->capacity = wanted;
    return true;
}

brine_status brn_machine_add(struct brn_machine *m, struct brn_node *parent,
                             struct brn_items *items, struct brn_node *const *nodes, size_t count)
{
    if (!reserve_items(m, items, count))
        return brn_machine_no_memory(m, &m->graph->arena);
    for (size_t i = 0; i < count; i++) {
        items->at[items->count++] = nodes[i];
        BRN_TRY(brn_machine_adopt(m, parent, nodes[i]));
    }
    return BRINE_OK;
}
