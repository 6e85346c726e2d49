/* SPDX-License-Identifier: Apache-2.0
 *
 * What Python would import, call or change here becomes nodes and events. */
#include "base/utf8.h"
#include "pickle/machine_internal.h"

/* ---- imports ---- */

static brine_status check_name(struct brn_machine *m, struct brn_slice name)
{
    if (brn_utf8_valid(name) == name.n)
        return BRINE_OK;
    return brn_machine_fail(m, BRINE_FORMAT, "%s of a name that is no UTF-8", m->op->name);
}

static brine_status make_global(struct brn_machine *m, struct brn_slice module,
                                struct brn_slice name, struct brn_node **ret_node)
{
    BRN_TRY(check_name(m, module));
    BRN_TRY(check_name(m, name));
    BRN_TRY(brn_machine_node(m, BRN_GLOBAL, ret_node));
    (*ret_node)->as.global.module = module;
    (*ret_node)->as.global.name = name;
    return brn_machine_event(m, BRN_EVENT_IMPORT, *ret_node);
}

brine_status brn_op_global(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_node *node;
    BRN_TRY(make_global(m, a->bytes, a->second, &node));
    return brn_machine_push(m, node);
}

/* What an import or a call gave may be text when Python runs it: a name that only then is known. */
static bool is_computed(const struct brn_node *n)
{
    return n->kind == BRN_GLOBAL || n->kind == BRN_OBJECT || n->kind == BRN_EXTENSION ||
           n->kind == BRN_PERSISTENT;
}

/* Python 2's str is taken too: by default, the unpicklers have decoded it by then. */
static brine_status read_name(struct brn_machine *m, const struct brn_node *n,
                              struct brn_slice *ret_name)
{
    *ret_name = n->kind == BRN_TEXT || n->kind == BRN_STRING ? n->as.bytes : brn_slice_of("?");
    if (n->kind == BRN_TEXT || n->kind == BRN_STRING)
        return BRINE_OK;
    if (!is_computed(n))
        return brn_machine_fail(m, BRINE_FORMAT, "STACK_GLOBAL with a name that is no text");
    return brn_machine_oddity(m, "computed-name",
                              "an import whose name is not in the file, but made while it loads");
}

brine_status brn_op_stack_global(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_node *node, *name_node = brn_machine_pop(m), *module_node = brn_machine_pop(m);
    struct brn_slice module, name;
    BRN_TRY(read_name(m, module_node, &module));
    BRN_TRY(read_name(m, name_node, &name));
    BRN_TRY(make_global(m, module, name, &node));
    return brn_machine_push(m, node);
}

brine_status brn_op_extension(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_node *node;
    if ((int64_t)a->number <= 0)
        return brn_machine_fail(m, BRINE_FORMAT, "%s with the code %lld, which is not positive",
                                m->op->name, (long long)a->number);
    BRN_TRY(brn_machine_oddity(m, "extension-code",
                               "an import by number: what it names is known to the registry of "
                               "the process that loads it only"));
    BRN_TRY(brn_machine_make(m, BRN_EXTENSION, &node));
    node->as.integer = (int64_t)a->number;
    return brn_machine_event(m, BRN_EVENT_IMPORT, node);
}

/* ---- calls ---- */

static brine_status push_call(struct brn_machine *m, enum brn_construct construct,
                              struct brn_node *callable, struct brn_node *args,
                              struct brn_node **ret_node)
{
    BRN_TRY(brn_machine_object(m, construct, callable, args, ret_node));
    BRN_TRY(brn_machine_push(m, *ret_node));
    return brn_machine_event(m, BRN_EVENT_CALL, *ret_node);
}

/* pickle.py unpacks any iterable, the C unpickler wants a tuple (or a subclass: an OBJECT may be
 * one). */
static brine_status check_arguments(struct brn_machine *m, const struct brn_node *args)
{
    if (args->kind == BRN_TUPLE)
        return BRINE_OK;
    return brn_machine_oddity(m, "arguments-no-tuple",
                              "the arguments of a call are no tuple: pickle.py may call, CPython's "
                              "C unpickler does not");
}

/* REDUCE and NEWOBJ. */
brine_status brn_op_call(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_node *node, *args = brn_machine_pop(m), *callable = brn_machine_pop(m);
    BRN_TRY(check_arguments(m, args));
    return push_call(m, m->op->makes, callable, args, &node);
}

brine_status brn_op_newobj_ex(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_node *node, *kwargs = brn_machine_pop(m);
    struct brn_node *args = brn_machine_pop(m), *callable = brn_machine_pop(m);
    if (kwargs->kind != BRN_DICT && kwargs->kind != BRN_OBJECT)
        return brn_machine_fail(m, BRINE_FORMAT, "NEWOBJ_EX with keywords that are no dict");
    BRN_TRY(check_arguments(m, args));
    BRN_TRY(push_call(m, BRN_BY_NEWOBJ_EX, callable, args, &node));
    node->as.object->kwargs = kwargs;
    return brn_machine_adopt(m, node, kwargs);
}

/* A call of callable with everything from place first on, which a tuple is made of. */
static brine_status instantiate(struct brn_machine *m, enum brn_construct construct,
                                struct brn_node *callable, size_t first)
{
    struct brn_node *node, *args, *const *items = m->s.stack + first;
    BRN_TRY(brn_machine_node(m, BRN_TUPLE, &args));
    BRN_TRY(brn_machine_add(m, args, &args->as.items, items, m->s.depth - first));
    m->s.depth = m->slice;
    return push_call(m, construct, callable, args, &node);
}

brine_status brn_op_inst(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_node *callable;
    BRN_TRY(make_global(m, a->bytes, a->second, &callable));
    return instantiate(m, BRN_BY_INST, callable, m->slice);
}

brine_status brn_op_obj(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    if (brn_machine_slice_count(m) == 0)
        return brn_machine_fail(m, BRINE_FORMAT, "OBJ without a class above its mark");
    return instantiate(m, BRN_BY_OBJ, brn_machine_slice(m)[0], m->slice + 1);
}

/* ---- changes ---- */

static brine_status build_object(struct brn_machine *m, struct brn_node *object,
                                 struct brn_node *state)
{
    const struct brn_machine_options *o = m->options;
    BRN_TRY(brn_machine_add(m, object, &object->as.object->states, &state, 1));
    BRN_TRY(brn_machine_event(m, BRN_EVENT_BUILD, object));
    if (!o->on_build || m->s.nested)
        return BRINE_OK;
    BRN_TRY(o->on_build(o->context, m, object, m->s.reader, m->err));
    const struct brn_node *nested = object->as.object->nested;
    return nested ? brn_machine_raise(m, object, nested->height + 1u) : BRINE_OK;
}

static bool is_false(const struct brn_node *n)
{
    switch ((enum brn_node_kind)n->kind) {
    case BRN_NONE:
        return true;
    case BRN_BOOL:
        return !n->as.boolean;
    case BRN_INT:
        return n->as.integer == 0;
    case BRN_FLOAT:
        return n->as.real == 0;
    case BRN_TEXT:
    case BRN_STRING:
    case BRN_BYTES:
    case BRN_BYTEARRAY:
        return n->as.bytes.n == 0;
    case BRN_TUPLE:
    case BRN_LIST:
    case BRN_DICT:
    case BRN_SET:
    case BRN_FROZENSET:
        return n->as.items.count == 0;
    default:
        return false;
    }
}

/* Also of (dict, slots) where both are. */
static bool is_empty_state(const struct brn_node *n)
{
    bool pair = n->kind == BRN_TUPLE && n->as.items.count == 2;
    return pair ? is_false(n->as.items.at[0]) && is_false(n->as.items.at[1]) : is_false(n);
}

/* A list or a number has no attributes to set; where there is nothing to set, pickle.py does not
 * notice. */
static brine_status build_plain(struct brn_machine *m, const struct brn_node *target,
                                const struct brn_node *state)
{
    char what[80];
    if (is_empty_state(state))
        return brn_machine_oddity(m, "build-of-nothing",
                                  "an empty state for a value that can have none: pickle.py passes "
                                  "it over, CPython's C unpickler may not");
    brn_node_describe(target, what, sizeof what);
    return brn_machine_fail(m, BRINE_FORMAT, "BUILD gives a state to a %s", what);
}

static brine_status build_foreign(struct brn_machine *m, const struct brn_node *target)
{
    BRN_TRY(brn_machine_oddity(m, "imported-object-changed",
                               "the stream changes an object that it did not make"));
    return brn_machine_event(m, BRN_EVENT_BUILD, target);
}

brine_status brn_op_build(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    struct brn_node *state = brn_machine_pop(m), *target = brn_machine_top(m);
    switch ((enum brn_node_kind)target->kind) {
    case BRN_OBJECT:
        return build_object(m, target, state);
    case BRN_GLOBAL:
    case BRN_EXTENSION:
    case BRN_PERSISTENT:
        return build_foreign(m, target);
    default:
        return build_plain(m, target, state);
    }
}

/* ---- persistent ids ---- */

static brine_status push_persistent(struct brn_machine *m, struct brn_node *id)
{
    struct brn_node *node;
    BRN_TRY(brn_machine_oddity(m, "persistent-id",
                               "a persistent id: pickle.load() refuses it, a subclass decides what "
                               "it means"));
    BRN_TRY(brn_machine_node(m, BRN_PERSISTENT, &node));
    BRN_TRY(brn_machine_add(m, node, &node->as.items, &id, 1));
    return brn_machine_push(m, node);
}

brine_status brn_op_persid(struct brn_machine *m, const struct brn_argument *a)
{
    (void)a;
    return push_persistent(m, brn_machine_pop(m));
}

static bool is_ascii(struct brn_slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 0x80)
            return false;
    return true;
}

brine_status brn_op_persid_line(struct brn_machine *m, const struct brn_argument *a)
{
    struct brn_node *id;
    if (!is_ascii(a->bytes))
        return brn_machine_fail(m, BRINE_FORMAT, "PERSID with an id that is not ASCII");
    BRN_TRY(brn_machine_node(m, BRN_TEXT, &id));
    id->as.bytes = a->bytes;
    return push_persistent(m, id);
}
