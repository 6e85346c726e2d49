/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/content.h"

#include "compare/form.h"
#include "pickle/numpy.h"
#include "pickle/walk.h"

#include <inttypes.h>

/* Two nodes that must be equal, and who holds the first. */
struct pair {
    const struct brn_node *a, *b, *holder;
};

struct comparer {
    const struct brn_graph *graph[2];
    struct brn_arena *arena; /* of the answer */
    struct brn_arena scratch;
    uint32_t *leader; /* union-find over the nodes of both graphs: taken for equal */
    struct pair *queue;
    size_t begin, end, capacity;
    struct brn_content *content;
    bool no_memory;
};

/* ---- differences ---- */

/* The path of p->a as its holder holds it.  A node that stands elsewhere too is met there first:
 * then the holder's path has to do. */
static void find_path(struct comparer *c, const struct pair *p, char *out, size_t size)
{
    struct brn_walk walk;
    struct brn_walk_frame *frame;
    size_t level = 0; /* of the holder, from 1, while it is open */
    out[0] = '\0';
    brn_walk_init(&walk, c->graph[0], &c->scratch);
    brn_walk_start(&walk, c->graph[0]->root);
    while ((frame = brn_walk_next(&walk)) != NULL) {
        if (level && walk.count <= level)
            return;
        if (frame->node == p->holder)
            level = walk.count;
        if (frame->node == p->holder || (level && frame->node == p->a))
            brn_walk_path(&walk, out, size);
        if (level && frame->node == p->a)
            return;
    }
}

static void differ(struct comparer *c, const struct pair *p, const char *what)
{
    char path[192];
    find_path(c, p, path, sizeof path);
    c->content->is_equal = false;
    c->content->first.path = brn_arena_text(c->arena, brn_slice_of(path));
    c->content->first.what = what;
    c->no_memory = c->no_memory || !what || !c->content->first.path;
}

static void differ_in_kind(struct comparer *c, const struct pair *p)
{
    char a[120], b[120];
    brn_node_describe(p->a, a, sizeof a);
    brn_node_describe(p->b, b, sizeof b);
    differ(c, p, brn_arena_printf(c->arena, "%s in the first file, %s in the second", a, b));
}

static void differ_in_count(struct comparer *c, const struct pair *p, const char *what, size_t a,
                            size_t b)
{
    differ(c, p,
           brn_arena_printf(c->arena, "%zu %s in the first file, %zu in the second", a, what, b));
}

/* ---- pairs ---- */

/* Path halving keeps this near constant. */
static uint32_t find_leader(uint32_t *leader, uint32_t i)
{
    while (leader[i] != i) {
        leader[i] = leader[leader[i]];
        i = leader[i];
    }
    return i;
}

static void push(struct comparer *c, const struct brn_node *a, const struct brn_node *b,
                 const struct brn_node *holder)
{
    uint32_t x = find_leader(c->leader, a->index);
    uint32_t y = find_leader(c->leader, c->graph[0]->node_count + b->index);
    if (x == y)
        return;
    c->leader[y] = x;
    if (!BRN_ARENA_RESERVE(&c->scratch, c->queue, c->end, c->capacity)) {
        c->no_memory = true;
        return;
    }
    c->queue[c->end++] = (struct pair){a, b, holder};
}

/* Item by item from skip on; false, with the difference told, when the numbers differ. */
static bool push_items(struct comparer *c, const struct pair *p, const struct brn_items *a,
                       size_t skip_a, const struct brn_items *b, size_t skip_b, const char *what)
{
    size_t n = a && a->count > skip_a ? a->count - skip_a : 0;
    size_t m = b && b->count > skip_b ? b->count - skip_b : 0;
    if (n != m) {
        differ_in_count(c, p, what, n, m);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        push(c, a->at[skip_a + i], b->at[skip_b + i], p->a);
    return true;
}

/* ---- arrays ---- */

static bool same_dtype(const struct brn_dtype *a, const struct brn_dtype *b)
{
    if (a->kind != b->kind || a->swapped != b->swapped || a->itemsize != b->itemsize ||
        a->field_count != b->field_count || a->base_count != b->base_count)
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (!brn_slice_equal(a->fields[i].name, b->fields[i].name) ||
            a->fields[i].offset != b->fields[i].offset ||
            !same_dtype(&a->fields[i].type, &b->fields[i].type))
            return false;
    return !a->base == !b->base && (!a->base || same_dtype(a->base, b->base));
}

static bool same_shape(const struct brn_array *a, const struct brn_array *b)
{
    return a->dimensions == b->dimensions &&
           memcmp(a->shape, b->shape, a->dimensions * sizeof a->shape[0]) == 0;
}

static bool same_elements(const struct brn_array *a, const struct brn_array *b, uint64_t *ret_at)
{
    if (memcmp(a->strides, b->strides, a->dimensions * sizeof a->strides[0]) == 0 &&
        brn_slice_equal(a->data, b->data))
        return true;
    for (uint64_t i = 0; i < a->count; i++)
        if (memcmp(brn_array_element(a, i), brn_array_element(b, i), a->dtype.itemsize) != 0) {
            *ret_at = i;
            return false;
        }
    return true;
}

static void push_objects(struct comparer *c, const struct pair *p, const struct brn_array *a,
                         const struct brn_array *b)
{
    for (uint64_t i = 0; i < a->count && !c->no_memory; i++)
        push(c, a->objects[i], b->objects[i], p->a);
}

static void compare_read_arrays(struct comparer *c, const struct pair *p, const struct brn_array *a,
                                const struct brn_array *b)
{
    uint64_t at = 0;
    c->content->arrays++;
    c->content->array_bytes += a->data.n;
    if (!same_dtype(&a->dtype, &b->dtype))
        differ(c, p, "the arrays have different dtypes");
    else if (!same_shape(a, b))
        differ(c, p, "the arrays have different shapes");
    else if (a->dtype.kind == 'O' && a->objects && b->objects)
        push_objects(c, p, a, b);
    else if (!same_elements(a, b, &at))
        differ(c, p, brn_arena_printf(c->arena, "element %" PRIu64 " of the arrays differs", at));
}

static brine_status compare_arrays(struct comparer *c, const struct pair *p, brine_error *err)
{
    struct brn_arena arena;
    struct brn_array a, b;
    brn_arena_init(&arena, 0);
    brine_status status = brn_node_array(p->a, &arena, &a, err);
    if (status == BRINE_OK)
        status = brn_node_array(p->b, &arena, &b, err);
    if (status == BRINE_OK)
        compare_read_arrays(c, p, &a, &b);
    brn_arena_free(&arena);
    return status;
}

/* ---- everything else ---- */

static void compare_objects(struct comparer *c, const struct pair *p, const struct brn_form *a,
                            const struct brn_form *b)
{
    const struct brn_object *x = p->a->as.object, *y = p->b->as.object;
    if (a->is_new != b->is_new || !x->kwargs != !y->kwargs) {
        differ_in_kind(c, p);
        return;
    }
    push(c, a->class, b->class, p->a);
    if (x->kwargs)
        push(c, x->kwargs, y->kwargs, p->a);
    if (!a->args || !b->args)
        push(c, x->args, y->args, p->a);
    else if (!push_items(c, p, a->args, a->args_skipped, b->args, b->args_skipped, "arguments"))
        return;
    if (push_items(c, p, &x->states, 0, &y->states, 0, "states") &&
        push_items(c, p, &x->items, 0, &y->items, 0, "items"))
        push_items(c, p, &x->pairs, 0, &y->pairs, 0, "keys and values");
}

static bool same_number(const struct brn_node *a, const struct brn_node *b)
{
    switch (a->kind) {
    case BRN_BOOL:
        return a->as.boolean == b->as.boolean;
    case BRN_FLOAT:
        return memcmp(&a->as.real, &b->as.real, sizeof a->as.real) == 0;
    case BRN_INT:
    case BRN_EXTENSION:
    case BRN_BUFFER:
        return a->as.integer == b->as.integer;
    default:
        return true; /* None */
    }
}

/* Bytes that an unpickler might make, but that brine does not read, are compared as the calls they
 * are. */
static void compare_calls(struct comparer *c, const struct pair *p)
{
    struct brn_form a, b;
    if (p->a->kind != BRN_OBJECT || p->b->kind != BRN_OBJECT) {
        differ_in_kind(c, p);
        return;
    }
    brn_form_of_call(p->a, &a);
    brn_form_of_call(p->b, &b);
    compare_objects(c, p, &a, &b);
}

static brine_status compare_bytes(struct comparer *c, const struct pair *p, brine_error *err)
{
    struct brn_slice a, b;
    brine_status status = brn_node_bytes(p->a, &c->scratch, &a, err);
    if (status == BRINE_OK)
        status = brn_node_bytes(p->b, &c->scratch, &b, err);
    if (status == BRINE_NOMEM)
        return status;
    if (status != BRINE_OK)
        compare_calls(c, p);
    else if (!brn_slice_equal(a, b))
        differ(c, p, "the bytes differ");
    return BRINE_OK;
}

static brine_status compare_forms(struct comparer *c, const struct pair *p, brine_error *err)
{
    struct brn_form a, b;
    brn_form_of(p->a, &a);
    brn_form_of(p->b, &b);
    if (a.kind != b.kind) {
        differ_in_kind(c, p);
    } else if (a.kind == BRN_BYTES || a.kind == BRN_BYTEARRAY) {
        return compare_bytes(c, p, err);
    } else if (a.kind == BRN_OBJECT) {
        compare_objects(c, p, &a, &b);
    } else if (a.items) {
        push_items(c, p, a.items, 0, b.items, 0, a.kind == BRN_DICT ? "keys and values" : "items");
    } else if (a.kind == BRN_GLOBAL) {
        if (!brn_form_same_global(p->a, p->b))
            differ_in_kind(c, p);
    } else if (!brn_slice_equal(a.text, b.text) || !same_number(p->a, p->b)) {
        differ(c, p, a.kind == BRN_TEXT ? "the texts differ" : "the values differ");
    }
    return BRINE_OK;
}

static brine_status compare_next(struct comparer *c, brine_error *err)
{
    struct pair p = c->queue[c->begin++];
    c->content->nodes++;
    if (brn_node_is_array(p.a) && brn_node_is_array(p.b))
        return compare_arrays(c, &p, err);
    return compare_forms(c, &p, err);
}

static brine_status compare(struct comparer *c, brine_error *err)
{
    size_t count = (size_t)c->graph[0]->node_count + c->graph[1]->node_count;
    c->leader = BRN_NEW(&c->scratch, uint32_t, count + 1);
    if (!c->leader || count > UINT32_MAX)
        return brn_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        c->leader[i] = (uint32_t)i;
    push(c, c->graph[0]->root, c->graph[1]->root, c->graph[0]->root);
    while (c->begin < c->end && c->content->is_equal && !c->no_memory)
        BRN_TRY(compare_next(c, err));
    return c->no_memory ? brn_fail_memory(err) : BRINE_OK;
}

brine_status brn_content_compare(const struct brn_graph *a, const struct brn_graph *b,
                                 struct brn_arena *arena, struct brn_content *ret_content,
                                 brine_error *err)
{
    struct brn_content content = {.is_equal = true, .first = {"", ""}};
    struct comparer c = {.graph = {a, b}, .arena = arena, .content = &content};
    if (!a->root || !b->root)
        return brn_fail(err, BRINE_FORMAT, "there is no object to compare");
    brn_arena_init(&c.scratch, 0);
    brine_status status = compare(&c, err);
    brn_arena_free(&c.scratch);
    if (status == BRINE_OK)
        *ret_content = content;
    return status;
}
