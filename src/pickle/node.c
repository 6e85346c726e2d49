/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/node.h"
#include "pickle/text.h"

#include <stdio.h>

const struct brn_node brn_nil = {.kind = BRN_NIL};

struct brn_slice brn_node_text(const struct brn_node *n)
{
    if (brn_is(n, BRN_TEXT) || brn_is(n, BRN_STRING))
        return n->as.bytes.p ? n->as.bytes : brn_slice_of("");
    return (struct brn_slice){NULL, 0};
}

bool brn_node_is_text(const struct brn_node *n, const char *text)
{
    struct brn_slice s = brn_node_text(n);
    return s.p && brn_slice_is(s, text);
}

bool brn_node_is_global(const struct brn_node *n, const char *module, const char *name)
{
    return brn_is(n, BRN_GLOBAL) && brn_slice_is(n->as.global.name, name) &&
           brn_slice_is(n->as.global.module, module);
}

/* Lib/copyreg.py: functions whose first argument is the class that they make. */
static bool takes_class(const struct brn_node *callable)
{
    static const char *const modules[] = {"copyreg", "copy_reg"};
    static const char *const names[] = {"_reconstructor", "__newobj__", "__newobj_ex__"};
    for (size_t i = 0; i < 6; i++)
        if (brn_node_is_global(callable, modules[i % 2], names[i / 2]))
            return true;
    return false;
}

const struct brn_node *brn_node_class(const struct brn_node *n)
{
    if (!brn_is(n, BRN_OBJECT))
        return &brn_nil;
    const struct brn_node *callable = n->as.object->callable;
    if (takes_class(callable))
        callable = brn_node_item(n->as.object->args, 0);
    return brn_is(callable, BRN_GLOBAL) ? callable : &brn_nil;
}

const struct brn_node *brn_node_item(const struct brn_node *n, size_t i)
{
    if ((brn_is(n, BRN_TUPLE) || brn_is(n, BRN_LIST)) && i < n->as.items.count)
        return n->as.items.at[i];
    return &brn_nil;
}

size_t brn_node_count(const struct brn_node *n)
{
    if (!n)
        return 0;
    switch ((enum brn_node_kind)n->kind) {
    case BRN_TUPLE:
    case BRN_LIST:
    case BRN_SET:
    case BRN_FROZENSET:
        return n->as.items.count;
    case BRN_DICT:
        return n->as.items.count / 2;
    default:
        return 0;
    }
}

const struct brn_node *brn_node_get(const struct brn_node *dict, const char *key)
{
    if (!brn_is(dict, BRN_DICT))
        return &brn_nil;
    const struct brn_items *items = &dict->as.items;
    for (size_t i = items->count; i >= 2; i -= 2)
        if (brn_node_is_text(items->at[i - 2], key))
            return items->at[i - 1];
    return &brn_nil;
}

const struct brn_node *brn_node_state(const struct brn_node *object)
{
    if (!brn_is(object, BRN_OBJECT) || object->as.object->states.count == 0)
        return &brn_nil;
    const struct brn_items *states = &object->as.object->states;
    const struct brn_node *state = states->at[states->count - 1];
    if (brn_is(state, BRN_TUPLE) && brn_node_count(state) == 2)
        state = brn_node_item(state, 0);
    return brn_is(state, BRN_DICT) ? state : &brn_nil;
}

const struct brn_node *brn_node_attribute(const struct brn_node *object, const char *name)
{
    return brn_node_get(brn_node_state(object), name);
}

void brn_node_describe(const struct brn_node *n, char *out, size_t size)
{
    static const char *const names[] = {
        [BRN_NIL] = "nothing",
        [BRN_NONE] = "None",
        [BRN_BOOL] = "bool",
        [BRN_INT] = "int",
        [BRN_LONG] = "int",
        [BRN_FLOAT] = "float",
        [BRN_TEXT] = "str",
        [BRN_STRING] = "str of Python 2",
        [BRN_BYTES] = "bytes",
        [BRN_BYTEARRAY] = "bytearray",
        [BRN_TUPLE] = "tuple",
        [BRN_LIST] = "list",
        [BRN_DICT] = "dict",
        [BRN_SET] = "set",
        [BRN_FROZENSET] = "frozenset",
        [BRN_GLOBAL] = "global",
        [BRN_OBJECT] = "object",
        [BRN_PERSISTENT] = "persistent id",
        [BRN_EXTENSION] = "extension code",
        [BRN_BUFFER] = "out-of-band buffer",
    };
    const struct brn_node *class = brn_is(n, BRN_GLOBAL) ? n : brn_node_class(n);
    if (class->kind != BRN_GLOBAL) {
        snprintf(out, size, "%s", names[n ? n->kind : BRN_NIL]);
        return;
    }
    brn_text_escape(class->as.global.module, out, size);
    size_t at = strlen(out);
    if (at + 2 > size)
        return;
    out[at] = '.';
    brn_text_escape(class->as.global.name, out + at + 1, size - at - 1);
}
