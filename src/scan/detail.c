/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/detail.h"

#include "pickle/argument_text.h"
#include "pickle/repr.h"

enum { MOST_ARGUMENTS = 4, LONGEST_ARGUMENT = 80 };

static void add_value(const struct brn_node *n, struct brn_buffer *out)
{
    char what[80];
    size_t before = out->size;
    brn_repr_atom(n, LONGEST_ARGUMENT, out);
    if (out->size != before)
        return;
    brn_node_describe(n, what, sizeof what);
    brn_buffer_printf(out, "<%s>", what);
}

void brn_call_text(const struct brn_node *object, struct brn_buffer *out)
{
    const struct brn_node *args = object->as.object->args;
    size_t n = brn_node_count(args);
    brn_buffer_byte(out, '(');
    if (!brn_is(args, BRN_TUPLE) && args) {
        brn_buffer_byte(out, '*');
        add_value(args, out);
    }
    for (size_t i = 0; brn_is(args, BRN_TUPLE) && i < n && i < MOST_ARGUMENTS; i++) {
        brn_buffer_text(out, i ? ", " : "");
        add_value(brn_node_item(args, i), out);
    }
    if (n > MOST_ARGUMENTS)
        brn_buffer_text(out, ", …");
    if (object->as.object->kwargs)
        brn_buffer_text(out, ", **…");
    brn_buffer_byte(out, ')');
}

/* Whether the byte at offset belongs to a pickle's opcodes; segments are in order. */
static bool is_in_opcodes(const struct brn_graph *g, uint64_t offset)
{
    size_t low = 0, high = g->segment_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (g->segments[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == g->segment_count || g->segments[low].begin > offset)
        return false;
    return g->segments[low].kind == BRN_SEGMENT_OPCODES ||
           g->segments[low].kind == BRN_SEGMENT_NESTED;
}

static void add_opcode(const struct brine_file *file, struct brn_finding *f, struct brn_buffer *out)
{
    enum { LONGEST = 200 };
    struct brn_slice content = file->content;
    struct brn_reader reader;
    struct brn_argument argument = {.number = 0};
    if (f->offset >= content.n || !is_in_opcodes(&file->graph, f->offset))
        return;
    brn_reader_init(&reader,
                    (struct brn_slice){content.p + f->offset, content.n - (size_t)f->offset});
    const struct brn_opcode *opcode = brn_opcode_read(&reader, &argument);
    if (!opcode)
        return;
    f->opcode = opcode->name;
    f->length = brn_reader_offset(&reader);
    if (argument.bytes.n <= LONGEST && argument.second.n <= LONGEST)
        brn_argument_text(opcode->argument, &argument, out);
}

void brn_finding_detail(const struct brine_file *file, const struct brn_node *node,
                        struct brn_arena *arena, struct brn_finding *finding)
{
    struct brn_buffer text = {0};
    add_opcode(file, finding, &text);
    if (brn_is(node, BRN_OBJECT)) {
        text.size = 0;
        brn_call_text(node, &text);
    }
    const char *kept = text.size ? brn_arena_text(arena, brn_buffer_view(&text)) : NULL;
    if (kept && !text.failed)
        finding->argument = kept;
    brn_buffer_free(&text);
}
