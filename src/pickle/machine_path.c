/* SPDX-License-Identifier: Apache-2.0
 *
 * Where in the object a stream failed, told from what lies on the stack: "steps[…].tree_".
 *
 * What is being filled lies below its mark, the key whose value is being made is the last one
 * above.  A position in a list cannot be told (small tuples leave no mark), so that it is shown as
 * […]. */
#include "pickle/machine_internal.h"
#include "pickle/repr.h"

enum { MOST_LEVELS = 12, LONGEST_KEY = 40 };

/* Items [begin, end) lie above a mark; what is below it is being filled. */
struct level {
    size_t begin, end;
    bool has_inner; /* another mark ends it */
};

static bool is_new_object(const struct brn_node *n)
{
    return n->kind == BRN_OBJECT && n->as.object->states.count == 0;
}

/* Of an object the attributes are filled when its dict lies on it, not yet given to it. */
static bool is_state(const struct brn_stream *s, size_t place)
{
    return place > 0 && s->stack[place]->kind == BRN_DICT && is_new_object(s->stack[place - 1]);
}

/* Number of complete items: what the inner level fills is none. */
static size_t complete_items(const struct brn_stream *s, struct level level)
{
    size_t end = level.end;
    if (level.has_inner && end > level.begin && s->stack[end - 1]->kind >= BRN_LIST)
        end--;
    if (level.has_inner && end > level.begin && end < level.end && is_state(s, end))
        end--;
    return end - level.begin;
}

static void put_key(const struct brn_stream *s, struct level level, struct brn_buffer *out)
{
    size_t count = complete_items(s, level);
    if (count == 0)
        return;
    const struct brn_node *key = s->stack[level.begin + ((count - 1) & ~(size_t)1)];
    bool attribute = is_state(s, level.begin - 1) && brn_node_text(key).p;
    brn_buffer_text(out, attribute ? (out->size ? "." : "") : "[");
    if (attribute)
        brn_repr_name(brn_node_text(key), out);
    else
        brn_repr_atom(key, LONGEST_KEY, out);
    brn_buffer_text(out, attribute ? "" : "]");
}

static void put_position(struct brn_buffer *out)
{
    static const char position[] = "[…]";
    size_t n = sizeof position - 1;
    if (out->size < n || memcmp(out->data + out->size - n, position, n) != 0)
        brn_buffer_text(out, position);
}

static void put_level(const struct brn_stream *s, struct level level, struct brn_buffer *out)
{
    bool in_dict = level.begin > 0 && s->stack[level.begin - 1]->kind == BRN_DICT;
    if (in_dict)
        put_key(s, level, out);
    else
        put_position(out);
}

void brn_machine_locate(const struct brn_machine *m)
{
    const struct brn_stream *s = &m->s;
    struct brn_buffer path = {0};
    if (!m->err)
        return;
    for (size_t i = 0; i < s->mark_count && i < MOST_LEVELS; i++) {
        bool inner = i + 1 < s->mark_count;
        put_level(s, (struct level){s->marks[i], inner ? s->marks[i + 1] : s->depth, inner}, &path);
    }
    if (!path.failed && path.size)
        brn_error_within(m->err, "%.*s%s", BRN_S(brn_buffer_view(&path)),
                         s->mark_count > MOST_LEVELS ? "…" : "");
    brn_buffer_free(&path);
}
