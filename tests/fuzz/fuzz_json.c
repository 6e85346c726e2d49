/* SPDX-License-Identifier: Apache-2.0
 *
 * The pull reader and the tree agree, and what is written from a tree reads back as the same tree.
 */
#include "base/json.h"
#include "base/number.h"

#include <stdlib.h>

enum { MAX_DEPTH = 50 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(const struct brn_json *json)
{
    char text[BRN_NUMBER_TEXT];
    double back;
    size_t n = brn_format_double(json->number, text);
    if (!brn_parse_double((struct brn_slice){(uint8_t *)text, n}, &back) ||
        memcmp(&back, &json->number, sizeof back) != 0)
        abort();
}

static brine_status read_events(struct brn_slice document)
{
    uint8_t nesting[MAX_DEPTH];
    struct brn_json json;
    brn_json_init(&json, document, nesting, MAX_DEPTH);
    while (brn_json_next(&json) != BRN_JSON_END)
        if (json.kind == BRN_JSON_NUMBER)
            check_number(&json);
    brine_status status = json.error.status;
    brn_json_free(&json);
    return status;
}

/* Depth is at most MAX_DEPTH. */
static void write_value(struct brn_json_writer *w, const struct brn_json_value *v)
{
    switch (v->kind) {
    case BRN_JSON_NULL:
        brn_json_null(w);
        break;
    case BRN_JSON_BOOL:
        brn_json_bool(w, v->boolean);
        break;
    case BRN_JSON_NUMBER:
        if (v->is_integer && v->is_negative)
            brn_json_int(w, (int64_t)v->integer);
        else if (v->is_integer)
            brn_json_uint(w, v->integer);
        else
            brn_json_double(w, v->number);
        break;
    case BRN_JSON_STRING:
        brn_json_slice(w, v->text);
        break;
    case BRN_JSON_ARRAY:
        brn_json_begin_array(w);
        for (size_t i = 0; i < v->count; i++)
            write_value(w, &v->items[i]);
        brn_json_end_array(w);
        break;
    default:
        brn_json_begin_object(w);
        for (size_t i = 0; i < v->count; i++) {
            brn_json_key_slice(w, v->keys[i]);
            write_value(w, &v->items[i]);
        }
        brn_json_end_object(w);
    }
}

static void rewrite(struct brn_slice document, struct brn_arena *arena, struct brn_buffer *out)
{
    struct brn_json_value *root;
    brine_error err;
    if (brn_json_parse(document, MAX_DEPTH, arena, &root, &err) != BRINE_OK)
        abort();
    write_value(&(struct brn_json_writer){.out = out, .indent = (uint8_t)(document.n % 3)}, root);
}

static void check_writer(struct brn_slice document, struct brn_arena *arena)
{
    struct brn_buffer once = {0}, twice = {0}, thrice = {0};
    rewrite(document, arena, &once);
    rewrite(brn_buffer_view(&once), arena, &twice);
    rewrite(brn_buffer_view(&twice), arena, &thrice);
    /* indentation differs with the length, so the texts of equal length must be equal */
    if (twice.size == thrice.size &&
        !brn_slice_equal(brn_buffer_view(&twice), brn_buffer_view(&thrice)))
        abort();
    brn_buffer_free(&once);
    brn_buffer_free(&twice);
    brn_buffer_free(&thrice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct brn_slice document = {data, size};
    struct brn_arena arena;
    struct brn_json_value *root;
    brine_error err;
    brn_arena_init(&arena, 0);
    brine_status events = read_events(document);
    brine_status tree = brn_json_parse(document, MAX_DEPTH, &arena, &root, &err);
    /* the tree refuses duplicate names, and nothing else that the reader takes */
    if (tree == BRINE_OK ? events != BRINE_OK
                         : events == BRINE_OK && !strstr(err.message, "stands twice"))
        abort();
    if (tree == BRINE_OK)
        check_writer(document, &arena);
    brn_arena_free(&arena);
    return 0;
}
