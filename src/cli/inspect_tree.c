/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect.h"
#include "pickle/outline.h"
#include "pickle/repr.h"
#include "pickle/walk.h"

#include <stdlib.h>

enum { MOST_DEPTH = 100, MOST_CHILDREN = 12, MOST_ATTRIBUTES = 64 };

struct tree {
    const struct brn_inspection *inspection;
    struct brn_buffer *out;
    uint8_t *shown;            /* by node index */
    bool last[MOST_DEPTH + 1]; /* whether the branch at each level has come to its end */
};

static const char *paint(const struct tree *t, const char *code)
{
    return t->inspection->color ? code : "";
}

static void put_branches(struct tree *t, uint32_t depth)
{
    for (uint32_t i = 1; i < depth; i++)
        brn_buffer_text(t->out, t->last[i] ? "   " : "│  ");
    if (depth)
        brn_buffer_text(t->out, t->last[depth] ? "└─ " : "├─ ");
}

static void put_label(struct tree *t, const struct brn_outline_child *c)
{
    struct brn_walk_frame frame = {.place = BRN_AT_INDEX, .key = c->key, .index = c->index};
    const struct brn_node *step = c->node ? brn_outline_named_step(c->node) : NULL;
    if (c->is_attribute && !c->key) {
        brn_buffer_text(t->out, "state");
    } else if (c->is_attribute) {
        brn_repr_name(brn_node_text(c->key), t->out);
    } else {
        if (c->key)
            frame.place = BRN_AT_KEY;
        if (c->is_argument)
            frame.place = BRN_AT_ARGUMENT;
        size_t begin = t->out->size;
        brn_walk_component(&frame, t->out);
        if (t->out->size > begin && t->out->data[begin] == '.') {
            memmove(t->out->data + begin, t->out->data + begin + 1, t->out->size - begin - 1);
            t->out->size--;
        }
    }
    if (step) {
        brn_buffer_byte(t->out, ' ');
        brn_outline_summary(brn_node_item(c->node, 0), t->out);
    }
    brn_buffer_text(t->out, ": ");
}

/* "Pipeline  sklearn.pipeline, scikit-learn 1.5.2" */
static void put_value(struct tree *t, const struct brn_node *n)
{
    bool object = brn_node_class(n)->kind == BRN_GLOBAL && brn_outline_count(n) > 0;
    struct brn_buffer origin = {0};
    brn_buffer_text(t->out, object ? paint(t, "\033[1m") : "");
    brn_outline_summary(n, t->out);
    brn_buffer_text(t->out, object ? paint(t, "\033[0m") : "");
    brn_outline_origin(n, &origin);
    if (origin.size)
        brn_buffer_printf(t->out, "  %s%.*s%s", paint(t, "\033[2m"),
                          BRN_S(brn_buffer_view(&origin)), paint(t, "\033[0m"));
    brn_buffer_free(&origin);
}

static void put_note(struct tree *t, const char *note)
{
    brn_buffer_printf(t->out, "%s%s%s", paint(t, "\033[2m"), note, paint(t, "\033[0m"));
}

static void put_more(struct tree *t, uint32_t depth, size_t more)
{
    t->last[depth] = true;
    put_branches(t, depth);
    brn_buffer_text(t->out, "… ");
    brn_put_count(more, t->out);
    brn_buffer_text(t->out, " more\n");
}

static size_t most_children(const struct tree *t, const struct brn_node *n)
{
    struct brn_outline_child first;
    if (t->inspection->all)
        return SIZE_MAX;
    if (n->kind == BRN_OBJECT)
        return MOST_ATTRIBUTES;
    /* Of a hundred trees, one is enough to see how they are made. */
    bool of_objects = brn_outline_child(n, 0, &first) && brn_outline_count(first.node) > 2 &&
                      brn_is(first.node, BRN_OBJECT);
    return of_objects && brn_outline_count(n) > MOST_CHILDREN ? 1 : MOST_CHILDREN;
}

static void put_node(struct tree *t, const struct brn_node *n, uint32_t depth);

/* The version stands behind the class. */
static bool is_told_already(const struct brn_outline_child *c)
{
    return c->is_attribute && c->key && brn_node_is_text(c->key, "_sklearn_version");
}

/* The last child is the version nearly always: the one before it ends the branch then. */
static bool is_last(const struct brn_node *n, size_t i, size_t count)
{
    struct brn_outline_child next;
    if (i + 1 == count)
        return true;
    return i + 2 == count && brn_outline_child(n, i + 1, &next) && is_told_already(&next);
}

/* The depth is the option's, at most MOST_DEPTH, never the file's. */
static void put_children(struct tree *t, const struct brn_node *n, uint32_t depth)
{
    size_t count = brn_outline_count(n), most = most_children(t, n);
    size_t shown = count <= most + 1 ? count : most; /* one more is as long as saying so */
    struct brn_outline_child child;
    for (size_t i = 0; i < shown && brn_outline_child(n, i, &child); i++) {
        if (is_told_already(&child))
            continue;
        const struct brn_node *step = brn_outline_named_step(child.node);
        t->last[depth] = is_last(n, i, count);
        put_branches(t, depth);
        put_label(t, &child);
        put_node(t, step ? step : child.node, depth);
    }
    if (shown < count)
        put_more(t, depth, count - shown);
}

static void put_node(struct tree *t, const struct brn_node *n, uint32_t depth)
{
    size_t below = brn_outline_count(n);
    put_value(t, n);
    bool again = below && t->shown[n->index];
    if (again)
        put_note(t, "  (shown above)");
    else if (below && depth >= t->inspection->max_depth)
        put_note(t, "  …");
    brn_buffer_byte(t->out, '\n');
    if (again || depth >= t->inspection->max_depth || depth >= MOST_DEPTH)
        return;
    t->shown[n->index] = 1;
    put_children(t, n, depth + 1);
}

void brn_inspect_tree(const struct brn_inspection *inspection, struct brn_buffer *out)
{
    const struct brn_graph *g = &inspection->file->graph;
    struct tree t = {
        .inspection = inspection, .out = out, .shown = calloc((size_t)g->node_count + 1, 1)};
    if (!t.shown) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < g->root_count; i++) {
        if (g->root_count > 1)
            brn_buffer_printf(out, "%spickle %zu of %zu: ", i ? "\n" : "", i + 1, g->root_count);
        put_node(&t, g->roots[i], 0);
    }
    free(t.shown);
}
