/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/walk.h"
#include "pickle/repr.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- children ---- */

enum part { CALLABLE, ARGS, KEYWORDS, NESTED, STATES, ITEMS, PAIRS, NO_PART };

/* The i-th child of an object, which of its parts that is, and its number there. */
static const struct brn_node *object_child(const struct brn_object *o, size_t i,
                                           enum part *ret_part, size_t *ret_index)
{
    const struct brn_node *const single[] = {o->callable, o->args, o->kwargs, o->nested};
    const struct brn_items *const lists[] = {&o->states, &o->items, &o->pairs};
    *ret_index = 0;
    for (int k = 0; k < 4; k++)
        if (single[k] && i-- == 0) {
            *ret_part = (enum part)(CALLABLE + k);
            return single[k];
        }
    for (int k = 0; k < 3; k++) {
        if (i < lists[k]->count) {
            *ret_part = (enum part)(STATES + k);
            *ret_index = i;
            return lists[k]->at[i];
        }
        i -= lists[k]->count;
    }
    *ret_part = NO_PART;
    return NULL;
}

static bool is_container(const struct brn_node *n)
{
    return (n->kind >= BRN_TUPLE && n->kind <= BRN_FROZENSET) || n->kind == BRN_PERSISTENT;
}

const struct brn_node *brn_node_child(const struct brn_node *n, size_t i)
{
    enum part part;
    size_t index;
    if (n->kind == BRN_OBJECT)
        return object_child(n->as.object, i, &part, &index);
    return is_container(n) && i < n->as.items.count ? n->as.items.at[i] : NULL;
}

/* ---- edges ---- */

static void set_object_edge(struct brn_walk_frame *f, const struct brn_object *o, enum part part,
                            size_t index)
{
    f->place = BRN_AT_PART;
    f->is_state = part == STATES;
    f->is_args = part == ARGS;
    f->is_nested = part == NESTED;
    f->index = index;
    if (part == ITEMS)
        f->place = BRN_AT_INDEX;
    if (part == PAIRS && index % 2) {
        f->place = BRN_AT_KEY;
        f->key = o->pairs.at[index - 1];
    }
}

/* A state is a dict, or a tuple of a dict and one of slots. */
static void set_item_edge(struct brn_walk_frame *f, const struct brn_walk_frame *above, size_t i)
{
    const struct brn_node *n = above->node;
    f->index = i;
    if (n->kind == BRN_DICT) {
        f->place = i % 2 == 0 ? BRN_AT_PART : above->is_state ? BRN_AT_ATTRIBUTE : BRN_AT_KEY;
        f->key = i % 2 ? n->as.items.at[i - 1] : NULL;
    } else if (above->is_state && n->kind == BRN_TUPLE && n->as.items.count == 2) {
        f->place = BRN_AT_PART;
        f->is_state = true;
    } else {
        f->place = above->is_args ? BRN_AT_ARGUMENT : BRN_AT_INDEX;
    }
}

/* The next child of the frame above; its node is NULL at the end. */
static struct brn_walk_frame next_child(struct brn_walk_frame *above)
{
    struct brn_walk_frame f = {.tag = above->tag};
    const struct brn_node *n = above->node;
    size_t i = above->next++, index;
    enum part part;
    if (n->kind == BRN_OBJECT) {
        f.node = object_child(n->as.object, i, &part, &index);
        if (f.node)
            set_object_edge(&f, n->as.object, part, index);
        return f;
    }
    f.node = brn_node_child(n, i);
    if (f.node)
        set_item_edge(&f, above, i);
    return f;
}

/* ---- walking ---- */

void brn_walk_init(struct brn_walk *walk, const struct brn_graph *graph, struct brn_arena *arena)
{
    *walk = (struct brn_walk){.arena = arena,
                              .seen = BRN_NEW(arena, uint8_t, (size_t)graph->node_count + 1)};
    walk->failed = !walk->seen;
}

static bool push(struct brn_walk *w, struct brn_walk_frame frame)
{
    if (!BRN_ARENA_RESERVE(w->arena, w->frames, w->count, w->capacity)) {
        w->failed = true;
        return false;
    }
    w->seen[frame.node->index] = 1;
    w->frames[w->count++] = frame;
    return true;
}

void brn_walk_start(struct brn_walk *walk, const struct brn_node *root)
{
    walk->count = 0;
    if (!walk->failed && root && !walk->seen[root->index])
        push(walk, (struct brn_walk_frame){.node = root, .next = SIZE_MAX});
}

/* A root that was pushed, but not yet handed out, is marked by its next. */
static bool is_fresh_root(const struct brn_walk *w)
{
    return w->count == 1 && w->frames[0].next == SIZE_MAX;
}

struct brn_walk_frame *brn_walk_next(struct brn_walk *walk)
{
    if (is_fresh_root(walk)) {
        walk->frames[0].next = 0;
        return &walk->frames[0];
    }
    while (walk->count && !walk->failed) {
        struct brn_walk_frame child = next_child(&walk->frames[walk->count - 1]);
        if (!child.node)
            walk->count--;
        else if (!walk->seen[child.node->index])
            return push(walk, child) ? &walk->frames[walk->count - 1] : NULL;
    }
    return NULL;
}

/* ---- paths ---- */

enum { LONGEST_KEY = 60 };

static bool is_identifier(struct brn_slice name)
{
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i], lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return name.n > 0 && name.n <= LONGEST_KEY;
}

void brn_walk_component(const struct brn_walk_frame *frame, struct brn_buffer *out)
{
    struct brn_slice name = brn_node_text(frame->key);
    switch (frame->place) {
    case BRN_AT_ATTRIBUTE:
        brn_buffer_byte(out, '.');
        if (is_identifier(name))
            brn_buffer_slice(out, name);
        else
            brn_repr_atom(frame->key, LONGEST_KEY, out);
        break;
    case BRN_AT_KEY:
        brn_buffer_byte(out, '[');
        brn_repr_atom(frame->key, LONGEST_KEY, out);
        brn_buffer_byte(out, ']');
        break;
    case BRN_AT_INDEX:
        brn_buffer_printf(out, "[%zu]", frame->index);
        break;
    case BRN_AT_ARGUMENT:
        brn_buffer_printf(out, ".args[%zu]", frame->index);
        break;
    case BRN_AT_ROOT:
    case BRN_AT_PART:
        break;
    }
}

enum { FRAMES_SHOWN = 24 }; /* at each end of a long path */

void brn_walk_path(const struct brn_walk *walk, char *out, size_t size)
{
    struct brn_buffer path = {0};
    for (size_t i = 0; i < walk->count; i++) {
        if (walk->count > 2 * FRAMES_SHOWN && i == FRAMES_SHOWN) {
            brn_buffer_text(&path, "…");
            i = walk->count - FRAMES_SHOWN;
        }
        brn_walk_component(&walk->frames[i], &path);
    }
    bool dot = path.size && path.data[0] == '.';
    snprintf(out, size, "%.*s", (int)(path.size - dot), path.size ? (char *)path.data + dot : "");
    brn_buffer_free(&path);
}

/* ---- depth ---- */

static void raise_height(uint32_t *height, const struct brn_node *parent, uint32_t below)
{
    if (height[parent->index] < below + 1)
        height[parent->index] = below + 1;
}

struct open_node {
    const struct brn_node *node;
    size_t next;
};

struct depth_walk {
    struct brn_arena *scratch;
    struct open_node *open;
    size_t count, capacity;
    uint32_t *height; /* by node index; of a node that is still open, so far */
    bool *seen;
};

static bool open_child(struct depth_walk *w, const struct brn_node *n)
{
    if (!BRN_ARENA_RESERVE(w->scratch, w->open, w->count, w->capacity))
        return false;
    w->open[w->count++] = (struct open_node){n, 0};
    w->seen[n->index] = true;
    return true;
}

static bool step_depth(struct depth_walk *w)
{
    struct open_node *top = &w->open[w->count - 1];
    const struct brn_node *node = top->node, *child = brn_node_child(node, top->next++);
    if (child && !w->seen[child->index])
        return open_child(w, child);
    if (child) {
        raise_height(w->height, node, w->height[child->index]);
        return true;
    }
    w->count--;
    if (w->count)
        raise_height(w->height, w->open[w->count - 1].node, w->height[node->index]);
    return true;
}

bool brn_walk_depth(const struct brn_graph *graph, const struct brn_node *root,
                    struct brn_arena *scratch, uint32_t *ret_depth)
{
    struct depth_walk w = {.scratch = scratch,
                           .height = BRN_NEW(scratch, uint32_t, graph->node_count),
                           .seen = BRN_NEW(scratch, bool, graph->node_count)};
    if (!w.height || !w.seen || !open_child(&w, root))
        return false;
    while (w.count)
        if (!step_depth(&w))
            return false;
    *ret_depth = w.height[root->index];
    return true;
}
