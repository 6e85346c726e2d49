/* SPDX-License-Identifier: Apache-2.0 */
#include "pickle/node.h"
#include "pickle/text.h"

static bool is_builtin(const struct brn_node *callable, const char *name)
{
    return brn_node_is_global(callable, "builtins", name) ||
           brn_node_is_global(callable, "__builtin__", name);
}

static bool is_latin1_name(const struct brn_node *n)
{
    return brn_node_is_text(n, "latin1") || brn_node_is_text(n, "latin-1");
}

/* The argument that holds the bytes, or text that stands for them; brn_nil when it is no such call.
 */
static const struct brn_node *carrier(const struct brn_node *n, bool *ret_empty)
{
    const struct brn_object *o = n->as.object;
    const struct brn_node *first = brn_node_item(o->args, 0);
    bool encode = brn_node_is_global(o->callable, "_codecs", "encode");
    bool made = is_builtin(o->callable, "bytes") || is_builtin(o->callable, "bytearray");
    *ret_empty = made && brn_is(o->args, BRN_TUPLE) && brn_node_count(o->args) == 0;
    if (encode || made)
        return brn_is(first, BRN_TEXT) && !is_latin1_name(brn_node_item(o->args, 1)) ? &brn_nil
                                                                                     : first;
    return &brn_nil;
}

static brine_status no_bytes(const struct brn_node *n, brine_error *err)
{
    char what[80];
    brn_node_describe(n, what, sizeof what);
    return brn_fail_at(err, BRINE_FORMAT, n ? n->offset : BRINE_NOWHERE,
                       "bytes are expected here, not a %s", what);
}

static brine_status from_text(const struct brn_node *n, struct brn_arena *arena,
                              struct brn_slice *ret_bytes, brine_error *err)
{
    switch (brn_text_latin1(n->as.bytes, arena, ret_bytes)) {
    case BRN_TEXT_OK:
        return BRINE_OK;
    case BRN_TEXT_NO_MEMORY:
        return brn_fail_memory(err);
    default:
        return no_bytes(n, err);
    }
}

brine_status brn_node_bytes(const struct brn_node *n, struct brn_arena *arena,
                            struct brn_slice *ret_bytes, brine_error *err)
{
    bool empty = false;
    const struct brn_node *inner = brn_is(n, BRN_OBJECT) ? carrier(n, &empty) : n;
    if (!empty && brn_is(inner, BRN_OBJECT)) /* bytearray(_codecs.encode(…)) */
        inner = carrier(inner, &empty);
    if (empty) {
        *ret_bytes = (struct brn_slice){NULL, 0};
        return BRINE_OK;
    }
    if (brn_is(inner, BRN_BYTES) || brn_is(inner, BRN_BYTEARRAY) || brn_is(inner, BRN_STRING)) {
        *ret_bytes = inner->as.bytes;
        return BRINE_OK;
    }
    if (brn_is(inner, BRN_TEXT) && inner != n)
        return from_text(inner, arena, ret_bytes, err);
    return no_bytes(n, err);
}
