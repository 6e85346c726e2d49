/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/machine_internal.h"

enum { FIRST_SLAB = 32, LARGEST_SLAB = 1024 };

/* Bit of heights[]: the node is held by another. */
static const uint32_t held = UINT32_C(1) << 31;

static brine_status reserve_heights(struct brn_machine *m, size_t wanted)
{
    while (m->heights_capacity < wanted) {
        size_t capacity = m->heights_capacity ? m->heights_capacity * 2 : 256;
        uint32_t *wider = brn_arena_grow(&m->scratch, m->heights, m->heights_capacity, capacity,
                                         sizeof *wider, _Alignof(uint32_t));
        if (!wider)
            return brn_machine_no_memory(m, &m->scratch);
        m->heights = wider;
        m->heights_capacity = capacity;
    }
    return BRINE_OK;
}

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
    size_t own = (size_t)(made - m->first_index), count = own < FIRST_SLAB ? FIRST_SLAB : own;
    if (count > LARGEST_SLAB)
        count = LARGEST_SLAB;
    if (count > left)
        count = (size_t)left;
    BRN_TRY(reserve_heights(m, own + count));
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

brine_status brn_machine_adopt(struct brn_machine *m, const struct brn_node *parent,
                               const struct brn_node *child)
{
    uint32_t *of_parent = &m->heights[parent->index - m->first_index];
    uint32_t *of_child = &m->heights[child->index - m->first_index];
    uint32_t height = (*of_child & ~held) + 1;
    *of_child |= held;
    if (height <= (*of_parent & ~held))
        return BRINE_OK;
    m->stale_heights |= (*of_parent & held) != 0;
    *of_parent = height | (*of_parent & held);
    if (height > m->graph->max_depth)
        m->graph->max_depth = height;
    return height <= m->options->limits.max_depth ? BRINE_OK : brn_machine_too_deep(m);
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
