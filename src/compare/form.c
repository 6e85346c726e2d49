/* SPDX-License-Identifier: Apache-2.0 */
#include "compare/form.h"

/* ---- names ---- */

static const struct {
    const char *old, *now;
} renames[] = {
    {"numpy._core", "numpy.core"},
    {"__builtin__", "builtins"},
    {"copy_reg", "copyreg"},
};

struct split_name {
    const char *head; /* "" or a module of the table, as it is now called */
    struct brn_slice rest;
};

static bool starts_with(struct brn_slice s, const char *head)
{
    size_t n = strlen(head);
    return s.n >= n && memcmp(s.p, head, n) == 0 && (s.n == n || s.p[n] == '.');
}

static struct split_name split(struct brn_slice module)
{
    for (size_t i = 0; i < sizeof renames / sizeof renames[0]; i++) {
        const char *found = starts_with(module, renames[i].old)   ? renames[i].old
                            : starts_with(module, renames[i].now) ? renames[i].now
                                                                  : NULL;
        size_t n = found ? strlen(found) : 0;
        if (found)
            return (struct split_name){renames[i].now, {module.p + n, module.n - n}};
    }
    return (struct split_name){"", module};
}

bool brn_form_same_global(const struct brn_node *a, const struct brn_node *b)
{
    struct split_name x = split(a->as.global.module), y = split(b->as.global.module);
    return strcmp(x.head, y.head) == 0 && brn_slice_equal(x.rest, y.rest) &&
           brn_slice_equal(a->as.global.name, b->as.global.name);
}

static bool is_named(const struct brn_node *n, const char *module, const char *name)
{
    if (!brn_is(n, BRN_GLOBAL) || !brn_slice_is(n->as.global.name, name))
        return false;
    struct split_name x = split(n->as.global.module), y = split(brn_slice_of(module));
    return strcmp(x.head, y.head) == 0 && brn_slice_equal(x.rest, y.rest);
}

/* ---- objects that stand for something simpler ---- */

static bool is_call(const struct brn_node *n, const char *module, const char *name)
{
    const struct brn_object *o = n->as.object;
    return is_named(o->callable, module, name) && brn_is(o->args, BRN_TUPLE) && !o->states.count &&
           !o->items.count && !o->pairs.count;
}

/* _codecs.encode(text, "latin1"), bytes(…), bytearray(…): what brn_node_bytes() reads. */
static bool find_bytes(const struct brn_node *n, struct brn_form *form)
{
    bool is_array = is_call(n, "builtins", "bytearray");
    if (!is_array && !is_call(n, "builtins", "bytes") && !is_call(n, "_codecs", "encode"))
        return false;
    form->kind = is_array ? BRN_BYTEARRAY : BRN_BYTES;
    return true;
}

/* set([…]) and frozenset([…]). */
static bool find_set(const struct brn_node *n, struct brn_form *form)
{
    bool is_frozen = is_call(n, "builtins", "frozenset");
    const struct brn_node *list = brn_node_item(n->as.object->args, 0);
    if ((!is_frozen && !is_call(n, "builtins", "set")) || !brn_is(list, BRN_LIST))
        return false;
    form->kind = is_frozen ? BRN_FROZENSET : BRN_SET;
    form->items = &list->as.items;
    return true;
}

/* copyreg._reconstructor(class, object, None) and copyreg.__newobj__(class, …) are NEWOBJ. */
void brn_form_of_call(const struct brn_node *n, struct brn_form *ret_form)
{
    const struct brn_object *o = n->as.object;
    const struct brn_node *args = o->args;
    *ret_form = (struct brn_form){.kind = BRN_OBJECT, .class = o->callable};
    ret_form->is_new = o->construct == BRN_BY_NEWOBJ || o->construct == BRN_BY_NEWOBJ_EX;
    ret_form->args = brn_is(args, BRN_TUPLE) ? &args->as.items : NULL;
    bool is_plain = is_named(o->callable, "copyreg", "_reconstructor") &&
                    brn_node_count(args) == 3 &&
                    is_named(brn_node_item(args, 1), "builtins", "object");
    if (is_plain || (is_named(o->callable, "copyreg", "__newobj__") && brn_node_count(args) > 0)) {
        ret_form->class = brn_node_item(args, 0);
        ret_form->is_new = true;
        ret_form->args_skipped = is_plain ? 3 : 1;
    }
}

void brn_form_of(const struct brn_node *n, struct brn_form *ret_form)
{
    *ret_form = (struct brn_form){.kind = (enum brn_node_kind)n->kind};
    switch (n->kind) {
    case BRN_STRING: /* Python 2's str: text wherever a model has one */
        ret_form->kind = BRN_TEXT;
        ret_form->text = n->as.bytes;
        break;
    case BRN_TEXT:
    case BRN_LONG:
        ret_form->text = n->as.bytes;
        break;
    case BRN_TUPLE:
    case BRN_LIST:
    case BRN_DICT:
    case BRN_SET:
    case BRN_FROZENSET:
    case BRN_PERSISTENT:
        ret_form->items = &n->as.items;
        break;
    case BRN_OBJECT:
        if (!find_bytes(n, ret_form) && !find_set(n, ret_form))
            brn_form_of_call(n, ret_form);
        break;
    default:
        break;
    }
}
