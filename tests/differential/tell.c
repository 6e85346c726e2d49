/* SPDX-License-Identifier: Apache-2.0
 *
 * tell: what brine makes of pickle streams, for tools/differential to hold against Python.
 *
 * In, again and again: the length of a stream as four bytes, little-endian, then the stream.  Out,
 * for each, one line of JSON: the imports, calls and changes in order, the oddities, the verdict of
 * scan, the failure, and the nodes of the first stream's result by their numbers there.  Texts and
 * bytes are in hexadecimal. */
#include "api/known_classes.h"
#include "base/json.h"
#include "pickle/walk.h"
#include "scan/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_BYTES = 1 << 24 };

/* ---- nodes, numbered from the root on ---- */

struct numbering {
    uint32_t *numbers; /* by node index, from 1; 0: not seen yet */
    const struct brn_node **nodes;
    uint32_t count;
};

static uint32_t number_of(struct numbering *n, const struct brn_node *node)
{
    if (!n->numbers[node->index]) {
        n->nodes[n->count++] = node;
        n->numbers[node->index] = n->count;
    }
    return n->numbers[node->index] - 1;
}

static void put_hex(struct brn_json_writer *w, struct brn_slice bytes)
{
    struct brn_buffer text = {0};
    for (size_t i = 0; i < bytes.n; i++)
        brn_buffer_printf(&text, "%02x", bytes.p[i]);
    brn_json_slice(w, brn_buffer_view(&text));
    brn_buffer_free(&text);
}

static void put_items(struct brn_json_writer *w, struct numbering *n, const struct brn_items *items)
{
    brn_json_begin_array(w);
    for (size_t i = 0; i < items->count; i++)
        brn_json_uint(w, number_of(n, items->at[i]));
    brn_json_end_array(w);
}

static void put_object(struct brn_json_writer *w, struct numbering *n, const struct brn_object *o)
{
    brn_json_uint(w, number_of(n, o->callable));
    brn_json_uint(w, number_of(n, o->args));
    if (o->kwargs)
        brn_json_uint(w, number_of(n, o->kwargs));
    else
        brn_json_null(w);
    put_items(w, n, &o->states);
    put_items(w, n, &o->items);
    put_items(w, n, &o->pairs);
}

static void put_payload(struct brn_json_writer *w, struct numbering *n, const struct brn_node *node)
{
    uint64_t bits;
    switch ((enum brn_node_kind)node->kind) {
    case BRN_BOOL:
        brn_json_bool(w, node->as.boolean);
        break;
    case BRN_INT:
    case BRN_EXTENSION:
    case BRN_BUFFER:
        brn_json_int(w, node->as.integer);
        break;
    case BRN_FLOAT:
        memcpy(&bits, &node->as.real, sizeof bits);
        brn_json_printf(w, "%016" PRIx64, bits);
        break;
    case BRN_LONG:
    case BRN_TEXT:
    case BRN_STRING:
    case BRN_BYTES:
    case BRN_BYTEARRAY:
        put_hex(w, node->as.bytes);
        break;
    case BRN_GLOBAL:
        put_hex(w, node->as.global.module);
        put_hex(w, node->as.global.name);
        break;
    case BRN_OBJECT:
        put_object(w, n, node->as.object);
        break;
    case BRN_NIL:
    case BRN_NONE:
        break;
    default:
        put_items(w, n, &node->as.items);
    }
}

static void put_node(struct brn_json_writer *w, struct numbering *n, const struct brn_node *node)
{
    static const char *const names[] = {"nil",    "none",   "bool",       "int",       "long",
                                        "float",  "text",   "string",     "bytes",     "array",
                                        "tuple",  "list",   "dict",       "set",       "frozenset",
                                        "global", "object", "persistent", "extension", "buffer"};
    brn_json_begin_array(w);
    brn_json_string(w, names[node->kind]);
    put_payload(w, n, node);
    brn_json_end_array(w);
}

static void put_value(struct brn_json_writer *w, const struct brn_graph *g)
{
    size_t most = (size_t)g->node_count + 1;
    struct numbering n = {calloc(most, sizeof *n.numbers), calloc(most, sizeof *n.nodes), 0};
    if (!n.numbers || !n.nodes)
        abort();
    brn_json_key(w, "nodes");
    brn_json_begin_array(w);
    if (g->root_count)
        number_of(&n, g->roots[0]);
    for (uint32_t i = 0; i < n.count; i++)
        put_node(w, &n, n.nodes[i]);
    brn_json_end_array(w);
    free(n.numbers);
    free(n.nodes);
}

/* ---- the report ---- */

/* What is called: the import at the bottom of what may be results of calls themselves. */
static void put_name(struct brn_json_writer *w, const struct brn_node *n)
{
    char text[200];
    while (brn_is(n, BRN_OBJECT))
        n = n->as.object->callable;
    if (brn_is(n, BRN_GLOBAL)) {
        struct brn_buffer name = {0};
        brn_buffer_slice(&name, n->as.global.module);
        brn_buffer_byte(&name, '.');
        brn_buffer_slice(&name, n->as.global.name);
        put_hex(w, brn_buffer_view(&name));
        brn_buffer_free(&name);
        return;
    }
    brn_node_describe(n, text, sizeof text);
    if (brn_is(n, BRN_EXTENSION))
        snprintf(text, sizeof text, "extension.%" PRId64, n->as.integer);
    put_hex(w, brn_slice_of(text));
}

static void put_events(struct brn_json_writer *w, const struct brn_graph *g)
{
    static const char *const kinds[] = {"import", "call", "build"};
    brn_json_key(w, "events");
    brn_json_begin_array(w);
    for (size_t i = 0; i < g->event_count; i++) {
        if (g->first_end && g->events[i].offset >= g->first_end)
            break;
        brn_json_begin_array(w);
        brn_json_string(w, kinds[g->events[i].kind]);
        put_name(w, g->events[i].node);
        brn_json_end_array(w);
    }
    brn_json_end_array(w);
}

static void put_oddities(struct brn_json_writer *w, const struct brn_graph *g)
{
    brn_json_key(w, "oddities");
    brn_json_begin_array(w);
    for (size_t i = 0; i < g->oddity_count; i++)
        brn_json_string(w, g->oddities[i].rule);
    brn_json_end_array(w);
}

static const char *verdict_of(const struct brine_file *file)
{
    struct brn_arena arena;
    struct brn_scan scan;
    brine_error err;
    brn_arena_init(&arena, 0);
    if (brn_scan_file(file, &brn_registry_classes, &arena, &scan, &err) != BRINE_OK)
        abort();
    const char *verdict = brn_severity_text(scan.verdict);
    brn_arena_free(&arena);
    return verdict;
}

static void tell(struct brn_slice stream, struct brn_buffer *out)
{
    static const brine_options options = {.size = sizeof options, .max_memory = 1 << 28};
    struct brine_file *file;
    brine_error err;
    struct brn_json_writer w = {.out = out};
    if (brn_file_open_bytes(stream, "stream", &options, true, &file, &err) != BRINE_OK)
        abort();
    brn_json_begin_object(&w);
    put_events(&w, &file->graph);
    put_oddities(&w, &file->graph);
    brn_json_key(&w, "verdict");
    brn_json_string(&w, verdict_of(file));
    brn_json_key(&w, "failure");
    if (file->failure.status == BRINE_OK)
        brn_json_null(&w);
    else
        brn_json_string(&w, file->failure.message);
    put_value(&w, &file->graph);
    brn_json_end_object(&w);
    brn_buffer_byte(out, '\n');
    brn_file_close(file);
}

static bool read_stream(uint8_t *bytes, size_t *ret_n)
{
    uint8_t length[4];
    if (fread(length, 1, sizeof length, stdin) != sizeof length)
        return false;
    *ret_n = (size_t)brn_load_le(length, sizeof length);
    return *ret_n <= MOST_BYTES && fread(bytes, 1, *ret_n, stdin) == *ret_n;
}

int main(void)
{
    uint8_t *bytes = malloc(MOST_BYTES);
    size_t n;
    struct brn_buffer out = {0};
    while (bytes && read_stream(bytes, &n)) {
        out.size = 0;
        tell((struct brn_slice){bytes, n}, &out);
        if (out.failed || fwrite(out.data, 1, out.size, stdout) != out.size)
            return EXIT_FAILURE;
        fflush(stdout);
    }
    brn_buffer_free(&out);
    free(bytes);
    return EXIT_SUCCESS;
}
