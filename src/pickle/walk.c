/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/walk.h"

/* The i-th of a list; *i is lessened by its count when it is beyond. */
static const struct brn_node *take(const struct brn_items *items, size_t *i)
{
    if (*i < items->count)
        return items->at[*i];
    *i -= items->count;
    return NULL;
}

static const struct brn_node *object_child(const struct brn_object *o, size_t i)
{
    const struct brn_node *const single[] = {o->callable, o->args, o->kwargs, o->nested};
    const struct brn_items *const lists[] = {&o->states, &o->items, &o->pairs};
    for (size_t k = 0; k < 4; k++)
        if (single[k] && i-- == 0)
            return single[k];
    for (size_t k = 0; k < 3; k++) {
        const struct brn_node *found = take(lists[k], &i);
        if (found)
            return found;
    }
    return NULL;
}

const struct brn_node *brn_node_child(const struct brn_node *n, size_t i)
{
    switch ((enum brn_node_kind)n->kind) {
    case BRN_TUPLE:
    case BRN_LIST:
    case BRN_DICT:
    case BRN_SET:
    case BRN_FROZENSET:
    case BRN_PERSISTENT:
        return i < n->as.items.count ? n->as.items.at[i] : NULL;
    case BRN_OBJECT:
        return object_child(n->as.object, i);
    default:
        return NULL;
    }
}

struct open_node {
    const struct brn_node *node;
    size_t next; /* child to look at */
};

struct depth_walk {
    struct brn_arena *scratch;
    struct open_node *open;
    size_t count, capacity;
    uint32_t *height; /* by node index; of a node that is still open, so far */
    bool *seen;
};

static bool push(struct depth_walk *w, const struct brn_node *n)
{
    if (!BRN_ARENA_RESERVE(w->scratch, w->open, w->count, w->capacity))
        return false;
    w->open[w->count++] = (struct open_node){n, 0};
    w->seen[n->index] = true;
    return true;
}

static void raise_height(struct depth_walk *w, const struct brn_node *parent, uint32_t below)
{
    if (w->height[parent->index] < below + 1)
        w->height[parent->index] = below + 1;
}

static bool step(struct depth_walk *w)
{
    struct open_node *top = &w->open[w->count - 1];
    const struct brn_node *child = brn_node_child(top->node, top->next++);
    if (child && !w->seen[child->index])
        return push(w, child);
    if (child) {
        raise_height(w, top->node, w->height[child->index]);
        return true;
    }
    w->count--;
    if (w->count)
        raise_height(w, w->open[w->count - 1].node, w->height[top->node->index]);
    return true;
}

bool brn_walk_depth(const struct brn_graph *graph, const struct brn_node *root,
                    struct brn_arena *scratch, uint32_t *ret_depth)
{
    struct depth_walk w = {.scratch = scratch,
                           .height = BRN_NEW(scratch, uint32_t, graph->node_count),
                           .seen = BRN_NEW(scratch, bool, graph->node_count)};
    if (!w.height || !w.seen || !push(&w, root))
        return false;
    while (w.count)
        if (!step(&w))
            return false;
    *ret_depth = w.height[root->index];
    return true;
}
