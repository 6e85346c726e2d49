/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/path.h"

/* items holds key, value, key, value… */
static struct brn_edge pair_edge(const struct brn_items *items, size_t i)
{
    if (i % 2 == 0)
        return (struct brn_edge){BRN_EDGE_KEY, items->at[i], NULL, i / 2};
    return (struct brn_edge){BRN_EDGE_VALUE, items->at[i], items->at[i - 1], i / 2};
}

static struct brn_edge object_edge(const struct brn_object *o, size_t i)
{
    const struct brn_edge single[] = {
        {BRN_EDGE_CALLABLE, o->callable, NULL, 0},
        {BRN_EDGE_ARGUMENT, o->args, NULL, 0},
        {BRN_EDGE_KEYWORDS, o->kwargs, NULL, 0},
        {BRN_EDGE_NESTED, o->nested, NULL, 0},
    };
    for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
        if (single[k].to && i-- == 0)
            return single[k];
    if (i < o->states.count)
        return (struct brn_edge){BRN_EDGE_STATE, o->states.at[i], NULL, i};
    i -= o->states.count;
    if (i < o->items.count)
        return (struct brn_edge){BRN_EDGE_ITEM, o->items.at[i], NULL, i};
    return pair_edge(&o->pairs, i - o->items.count);
}

struct brn_edge brn_node_edge(const struct brn_node *n, size_t i)
{
    if (!brn_node_child(n, i))
        return (struct brn_edge){BRN_EDGE_ITEM, NULL, NULL, i};
    if (n->kind == BRN_OBJECT)
        return object_edge(n->as.object, i);
    if (n->kind == BRN_DICT)
        return pair_edge(&n->as.items, i);
    return (struct brn_edge){BRN_EDGE_ITEM, n->as.items.at[i], NULL, i};
}

brine_status brn_paths_find(const struct brn_graph *graph, struct brn_arena *arena,
                            struct brn_paths *ret_paths, brine_error *err)
{
    size_t count = graph->node_count;
    struct brn_paths paths = {
        .from = BRN_NEW(arena, const struct brn_node *, count + 1),
        .edge = BRN_NEW(arena, uint32_t, count + 1),
    };
    const struct brn_node **queue = BRN_NEW(arena, const struct brn_node *, count + 1);
    if (!paths.from || !paths.edge || !queue)
        return brn_fail_memory(err);
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < graph->root_count; i++) {
        if (paths.from[graph->roots[i]->index])
            continue;
        paths.from[graph->roots[i]->index] = graph->roots[i]; /* reached, from nowhere else */
        queue[end++] = graph->roots[i];
    }
    for (; begin < end; begin++) {
        const struct brn_node *to;
        for (size_t i = 0; (to = brn_node_child(queue[begin], i)) != NULL; i++) {
            if (to->index >= count || paths.from[to->index])
                continue;
            paths.from[to->index] = queue[begin];
            paths.edge[to->index] = (uint32_t)i;
            queue[end++] = to;
        }
    }
    *ret_paths = paths;
    return BRINE_OK;
}

const struct brn_node *brn_paths_node(const struct brn_paths *paths, uint32_t index)
{
    const struct brn_node *from = paths->from[index];
    if (!from || from->index == index)
        return from;
    return brn_node_child(from, paths->edge[index]);
}

/* ---- as text, from the node up to the root, so that it is filled from behind ---- */

enum { PATH_SIZE = 512 };

struct writer {
    char text[PATH_SIZE];
    size_t at; /* first used byte */
    bool full;
};

static void prepend(struct writer *w, const void *bytes, size_t n)
{
    w->full = w->full || n > w->at - 3; /* room for "..." */
    if (w->full)
        return;
    w->at -= n;
    memcpy(w->text + w->at, bytes, n);
}

static void prepend_text(struct writer *w, const char *text)
{
    prepend(w, text, strlen(text));
}

static void prepend_index(struct writer *w, size_t index)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + index % 10);
    while (index /= 10);
    prepend_text(w, "]");
    prepend(w, digits + at, sizeof digits - at);
    prepend_text(w, "[");
}

/* Bytes that would break a line or a terminal are shown as dots. */
static void prepend_name(struct writer *w, struct brn_slice name)
{
    char shown[64];
    size_t n = name.n < sizeof shown ? name.n : sizeof shown;
    for (size_t i = 0; i < n; i++)
        shown[i] = (char)(name.p[i] < 32 || name.p[i] == 127 ? '.' : name.p[i]);
    prepend(w, shown, n);
}

static void prepend_value(struct writer *w, const struct brn_edge *edge, bool is_state)
{
    struct brn_slice name = brn_node_text(edge->key);
    if (!name.p) {
        prepend_index(w, edge->index);
    } else if (is_state) {
        prepend_name(w, name);
        prepend_text(w, ".");
    } else {
        prepend_text(w, "\"]");
        prepend_name(w, name);
        prepend_text(w, "[\"");
    }
}

/* is_state: the holder is the attribute dict of an object. */
static void prepend_edge(struct writer *w, const struct brn_edge *edge, bool is_state)
{
    switch (edge->kind) {
    case BRN_EDGE_ITEM:
        prepend_index(w, edge->index);
        break;
    case BRN_EDGE_KEY:
        prepend_index(w, edge->index);
        prepend_text(w, ".keys()");
        break;
    case BRN_EDGE_VALUE:
        prepend_value(w, edge, is_state);
        break;
    case BRN_EDGE_CALLABLE:
        prepend_text(w, ".__class__");
        break;
    case BRN_EDGE_ARGUMENT:
        prepend_text(w, ".__args__");
        break;
    case BRN_EDGE_KEYWORDS:
        prepend_text(w, ".__kwargs__");
        break;
    case BRN_EDGE_STATE:
    case BRN_EDGE_NESTED:
        break;
    }
}

/* Whether the node is an attribute dict, as it was first reached. */
static bool is_state(const struct brn_paths *paths, const struct brn_node *n)
{
    const struct brn_node *above = paths->from[n->index];
    return brn_is(n, BRN_DICT) && above && above != n &&
           brn_node_edge(above, paths->edge[n->index]).kind == BRN_EDGE_STATE;
}

static void prepend_path(struct writer *w, const struct brn_paths *paths,
                         const struct brn_node *node)
{
    const struct brn_node *holder;
    while ((holder = paths->from[node->index]) != NULL && holder != node && !w->full) {
        struct brn_edge edge = brn_node_edge(holder, paths->edge[node->index]);
        prepend_edge(w, &edge, is_state(paths, holder));
        node = holder;
    }
}

static const char *finish(struct writer *w, struct brn_arena *arena)
{
    if (w->full) {
        w->at -= 3;
        memcpy(w->text + w->at, "...", 3);
    }
    size_t skip = w->at < PATH_SIZE && w->text[w->at] == '.' && !w->full; /* ".steps" of the root */
    struct brn_slice text = {(const uint8_t *)w->text + w->at + skip, PATH_SIZE - w->at - skip};
    const char *copy = brn_arena_text(arena, text);
    return copy ? copy : "";
}

const char *brn_path_text(const struct brn_paths *paths, const struct brn_node *node,
                          struct brn_arena *arena)
{
    struct writer w = {.at = PATH_SIZE};
    prepend_path(&w, paths, node);
    return finish(&w, arena);
}

const char *brn_path_text_below(const struct brn_paths *paths, const struct brn_node *holder,
                                const struct brn_node *node, struct brn_arena *arena)
{
    struct writer w = {.at = PATH_SIZE};
    size_t i = 0;
    while (brn_node_child(holder, i) && brn_node_child(holder, i) != node)
        i++;
    struct brn_edge edge = brn_node_edge(holder, i);
    if (edge.to)
        prepend_edge(&w, &edge, is_state(paths, holder));
    prepend_path(&w, paths, holder);
    return finish(&w, arena);
}
