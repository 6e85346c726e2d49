/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/outline.h"
#include "base/number.h"
#include "pickle/numpy.h"
#include "pickle/repr.h"

#include <inttypes.h>

enum { LONGEST_ATOM = 60, SHORTEST_LIST = 8, LONGEST_LIST = 64 };

/* ---- kinds of values ---- */

static bool is_atom(const struct brn_node *n)
{
    return n->kind >= BRN_NONE && n->kind <= BRN_BYTEARRAY;
}

static bool is_sequence(const struct brn_node *n)
{
    return n->kind == BRN_TUPLE || n->kind == BRN_LIST || n->kind == BRN_SET ||
           n->kind == BRN_FROZENSET;
}

static bool is_scalar(const struct brn_node *n)
{
    return n->kind == BRN_OBJECT && n->as.object->states.count == 0 &&
           brn_is(n->as.object->callable, BRN_GLOBAL) &&
           brn_slice_is(n->as.object->callable->as.global.name, "scalar");
}

/* A few atoms, which fit into the line of what holds them. */
static bool is_short(const struct brn_node *n)
{
    size_t length = 0;
    if (!is_sequence(n) || n->as.items.count > SHORTEST_LIST)
        return false;
    for (size_t i = 0; i < n->as.items.count; i++) {
        const struct brn_node *item = n->as.items.at[i];
        if (!is_atom(item) && item->kind != BRN_GLOBAL)
            return false;
        length += item->kind >= BRN_TEXT && is_atom(item) ? item->as.bytes.n + 4 : 8;
    }
    return length <= LONGEST_LIST;
}

/* A call with a few atoms and nothing else, such as slice(0, 12, None). */
static bool is_plain_call(const struct brn_node *n)
{
    const struct brn_object *o = n->as.object;
    return o->construct == BRN_BY_REDUCE && brn_is(o->callable, BRN_GLOBAL) && is_short(o->args) &&
           brn_is(o->args, BRN_TUPLE) && o->callable == brn_node_class(n) && !o->states.count &&
           !o->items.count && !o->pairs.count;
}

/* ---- children ---- */

static bool pair_child(const struct brn_items *pairs, size_t i, bool attribute,
                       struct brn_outline_child *ret)
{
    if (2 * i + 1 >= pairs->count)
        return false;
    *ret = (struct brn_outline_child){
        .node = pairs->at[2 * i + 1], .key = pairs->at[2 * i], .is_attribute = attribute};
    return true;
}

static bool item_child(const struct brn_items *items, size_t i, struct brn_outline_child *ret)
{
    if (i >= items->count)
        return false;
    *ret = (struct brn_outline_child){.node = items->at[i], .index = i};
    return true;
}

/* Arguments of a call that is not just the making of an empty object. */
static const struct brn_items *arguments(const struct brn_node *n)
{
    static const struct brn_items none = {0};
    const struct brn_object *o = n->as.object;
    bool of_class = o->callable != brn_node_class(n);
    return brn_is(o->args, BRN_TUPLE) && !of_class ? &o->args->as.items : &none;
}

static const struct brn_items *state_pairs(const struct brn_node *n)
{
    static const struct brn_items none = {0};
    const struct brn_node *state = brn_node_state(n);
    return state->kind == BRN_DICT ? &state->as.items : &none;
}

/* A state that is no attribute dict is shown as it is. */
static const struct brn_node *other_state(const struct brn_node *n)
{
    const struct brn_items *states = &n->as.object->states;
    if (states->count == 0 || brn_node_state(n)->kind == BRN_DICT)
        return NULL;
    return states->at[states->count - 1];
}

static bool object_child(const struct brn_node *n, size_t i, struct brn_outline_child *ret)
{
    const struct brn_object *o = n->as.object;
    const struct brn_items *args = arguments(n), *attributes = state_pairs(n);
    if (i < attributes->count / 2)
        return pair_child(attributes, i, true, ret);
    i -= attributes->count / 2;
    if (i < args->count) {
        *ret = (struct brn_outline_child){.node = args->at[i], .index = i, .is_argument = true};
        return true;
    }
    i -= args->count;
    if (other_state(n) && i-- == 0) {
        *ret = (struct brn_outline_child){.node = other_state(n), .is_attribute = true};
        return true;
    }
    if (i < o->items.count)
        return item_child(&o->items, i, ret);
    return pair_child(&o->pairs, i - o->items.count, false, ret);
}

bool brn_outline_child(const struct brn_node *n, size_t i, struct brn_outline_child *ret_child)
{
    if (is_sequence(n))
        return !is_short(n) && item_child(&n->as.items, i, ret_child);
    if (n->kind == BRN_DICT)
        return pair_child(&n->as.items, i, false, ret_child);
    if (n->kind != BRN_OBJECT || brn_node_is_array(n) || is_scalar(n) || is_plain_call(n))
        return false;
    return object_child(n, i, ret_child);
}

size_t brn_outline_count(const struct brn_node *n)
{
    struct brn_outline_child child;
    size_t count = 0;
    if (is_sequence(n) && !is_short(n))
        return n->as.items.count;
    if (n->kind == BRN_DICT)
        return n->as.items.count / 2;
    if (n->kind == BRN_OBJECT && !brn_node_is_array(n) && !is_scalar(n)) {
        const struct brn_object *o = n->as.object;
        count = state_pairs(n)->count / 2 + arguments(n)->count + (other_state(n) != NULL) +
                o->items.count + o->pairs.count / 2;
    }
    return brn_outline_child(n, 0, &child) ? count : 0;
}

const struct brn_node *brn_outline_named_step(const struct brn_node *n)
{
    const struct brn_node *name = brn_node_item(n, 0), *object = brn_node_item(n, 1);
    bool named = brn_is(n, BRN_TUPLE) && brn_node_text(name).p && brn_is(object, BRN_OBJECT);
    return named && !brn_node_is_array(object) && !is_scalar(object) ? object : NULL;
}

/* ---- one line ---- */

static void put_count(uint64_t count, struct brn_buffer *out)
{
    if (count >= 1000) {
        put_count(count / 1000, out);
        brn_buffer_printf(out, ",%03" PRIu64, count % 1000);
    } else {
        brn_buffer_printf(out, "%" PRIu64, count);
    }
}

static void put_element(const struct brn_array *a, uint64_t i, struct brn_arena *scratch,
                        struct brn_buffer *out)
{
    struct brn_slice text;
    char number[BRN_NUMBER_TEXT];
    if (a->dtype.kind == 'O') {
        brn_repr_atom(a->objects[i], LONGEST_ATOM, out);
        return;
    }
    const uint8_t *p = brn_array_element(a, i);
    if (a->dtype.kind == 'U' || a->dtype.kind == 'S') {
        if (brn_dtype_text(&a->dtype, p, scratch, &text, NULL) == BRINE_OK)
            brn_repr_atom(&(struct brn_node){.kind = BRN_TEXT, .as.bytes = text}, LONGEST_ATOM,
                          out);
        else
            brn_repr_bytes((struct brn_slice){p, a->dtype.itemsize}, out);
        return;
    }
    if (a->dtype.kind == 'b')
        brn_buffer_text(out, brn_dtype_integer(&a->dtype, p) ? "True" : "False");
    else if (a->dtype.kind == 'f' && a->dtype.itemsize == 4)
        brn_buffer_add(out, number,
                       brn_format_float((float)brn_dtype_number(&a->dtype, p), number));
    else if (a->dtype.kind == 'f')
        brn_repr_double(brn_dtype_number(&a->dtype, p), out);
    else if (a->dtype.kind == 'i')
        brn_buffer_printf(out, "%" PRId64, brn_dtype_integer(&a->dtype, p));
    else
        brn_buffer_printf(out, "%" PRIu64, (uint64_t)brn_dtype_integer(&a->dtype, p));
}

static bool is_readable(const struct brn_array *a)
{
    bool plain = !a->dtype.field_count && !a->dtype.base;
    for (uint64_t i = 0; a->dtype.kind == 'O' && i < a->count; i++)
        if (!is_atom(a->objects[i]))
            return false;
    return plain && a->dtype.kind && strchr("biufUSO", a->dtype.kind) &&
           (a->dtype.itemsize <= 8 || strchr("US", a->dtype.kind));
}

/* The values of a small vector, behind its shape. */
static void put_values(const struct brn_node *n, struct brn_buffer *out)
{
    struct brn_arena scratch;
    struct brn_array a;
    brn_arena_init(&scratch, 0);
    if (brn_node_array(n, &scratch, &a, NULL) == BRINE_OK && a.dimensions == 1 &&
        a.count <= SHORTEST_LIST && is_readable(&a)) {
        brn_buffer_text(out, " [");
        for (uint64_t i = 0; i < a.count; i++) {
            brn_buffer_text(out, i ? ", " : "");
            put_element(&a, i, &scratch, out);
        }
        brn_buffer_byte(out, ']');
    }
    brn_arena_free(&scratch);
}

static void put_array(const struct brn_node *n, struct brn_buffer *out)
{
    char text[160];
    brn_array_describe(n, text, sizeof text);
    brn_buffer_text(out, text);
    put_values(n, out);
}

static bool put_scalar(const struct brn_node *n, struct brn_buffer *out)
{
    struct brn_arena scratch;
    struct brn_array a;
    char type[64];
    brn_arena_init(&scratch, 0);
    bool known = brn_node_scalar(n, &scratch, &a, NULL) == BRINE_OK && is_readable(&a);
    if (known) {
        put_element(&a, 0, &scratch, out);
        brn_dtype_describe(&a.dtype, type, sizeof type);
        brn_buffer_printf(out, " (%s)", type);
    }
    brn_arena_free(&scratch);
    return known;
}

static void put_sequence(const struct brn_node *n, struct brn_buffer *out)
{
    static const char *const open[] = {"(", "[", "", "{", "frozenset({"};
    static const char *const close[] = {")", "]", "", "}", "})"};
    size_t k = (size_t)n->kind - BRN_TUPLE, count = n->as.items.count;
    brn_buffer_text(out, open[k]);
    for (size_t i = 0; i < count; i++) {
        brn_buffer_text(out, i ? ", " : "");
        brn_repr_atom(n->as.items.at[i], LONGEST_ATOM, out);
    }
    brn_buffer_text(out, n->kind == BRN_TUPLE && count == 1 ? "," : "");
    brn_buffer_text(out, close[k]);
}

static void put_class(const struct brn_node *n, struct brn_buffer *out)
{
    char text[160];
    const struct brn_node *class = brn_node_class(n);
    if (class->kind == BRN_GLOBAL) {
        brn_repr_name(class->as.global.name, out);
        if (n->kind == BRN_OBJECT && is_plain_call(n))
            put_sequence(n->as.object->args, out);
        return;
    }
    brn_node_describe(n->kind == BRN_OBJECT ? n->as.object->callable : n, text, sizeof text);
    brn_buffer_printf(out, "result of calling %s", text);
}

void brn_outline_summary(const struct brn_node *n, struct brn_buffer *out)
{
    char text[160];
    if (is_atom(n) || n->kind == BRN_GLOBAL) {
        brn_repr_atom(n, LONGEST_ATOM, out);
    } else if (is_short(n)) {
        put_sequence(n, out);
    } else if (is_sequence(n) || n->kind == BRN_DICT) {
        brn_node_describe(n, text, sizeof text);
        brn_buffer_printf(out, "%s of ", text);
        put_count(brn_node_count(n), out);
    } else if (brn_node_is_array(n)) {
        put_array(n, out);
    } else if (n->kind == BRN_OBJECT) {
        if (!is_scalar(n) || !put_scalar(n, out))
            put_class(n, out);
    } else {
        brn_node_describe(n, text, sizeof text);
        brn_buffer_text(out, text);
    }
}

void brn_outline_origin(const struct brn_node *n, struct brn_buffer *out)
{
    const struct brn_node *class = brn_node_class(n);
    if (class->kind != BRN_GLOBAL || brn_node_is_array(n) || is_scalar(n))
        return;
    brn_repr_name(class->as.global.module, out);
    struct brn_slice version = brn_node_text(brn_node_attribute(n, "_sklearn_version"));
    if (version.p) {
        brn_buffer_text(out, ", scikit-learn ");
        brn_repr_name(version, out);
    }
}
