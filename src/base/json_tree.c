/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"
#include "base/map.h"

/* A container whose end has not come yet.  Its items may move while they grow, so that it is placed
 * in its parent when it is complete. */
struct frame {
    struct brn_json_value value;
    struct brn_slice key; /* that names it in its parent */
    size_t item_capacity, key_capacity;
    struct brn_map names; /* to find duplicates, from MAP_FROM members on */
};

enum { MAP_FROM = 16 };

struct builder {
    struct brn_json json;
    struct brn_arena *arena;
    brine_error *err;
    struct frame *frames;
    size_t depth, capacity;
    struct brn_json_value *root;
    const uint8_t *line_at; /* how far lines were counted */
    const uint8_t *line_begin;
    uint32_t line;
};

static brine_status fail_arena(struct builder *b)
{
    if (b->arena->over_limit)
        return brn_fail_at(b->err, BRINE_LIMIT, (uint64_t)(b->json.at - b->json.begin),
                           "the document needs more memory than its budget");
    return brn_fail_memory(b->err);
}

static void set_place(struct builder *b, struct brn_json_value *value, const uint8_t *at)
{
    for (; b->line_at < at; b->line_at++)
        if (*b->line_at == '\n') {
            b->line++;
            b->line_begin = b->line_at + 1;
        }
    value->offset = (uint64_t)(at - b->json.begin);
    value->line = b->line;
    value->column = (uint32_t)(at - b->line_begin) + 1;
}

static brine_status copy_slice(struct builder *b, struct brn_slice from, struct brn_slice *ret)
{
    char *copy = brn_arena_text(b->arena, from);
    if (!copy)
        return fail_arena(b);
    *ret = (struct brn_slice){(const uint8_t *)copy, from.n};
    return BRINE_OK;
}

static brine_status fail_duplicate(struct builder *b, struct brn_slice key)
{
    return brn_fail_at(b->err, BRINE_FORMAT, (uint64_t)(b->json.at - b->json.begin),
                       "the member \"%.*s\" stands twice in one object",
                       (int)(key.n < 80 ? key.n : 80), key.n ? (const char *)key.p : "");
}

static brine_status add_to_map(struct builder *b, struct frame *f, size_t index)
{
    uint32_t number = brn_map_add(&f->names, f->value.keys[index]);
    if (number == BRN_MAP_NONE)
        return fail_arena(b);
    return number == index ? BRINE_OK : fail_duplicate(b, f->value.keys[index]);
}

/* The newest key against those before it. */
static brine_status check_duplicate(struct builder *b, struct frame *f)
{
    size_t newest = f->value.count;
    if (newest < MAP_FROM) {
        for (size_t i = 0; i < newest; i++)
            if (brn_slice_equal(f->value.keys[i], f->value.keys[newest]))
                return fail_duplicate(b, f->value.keys[newest]);
        return BRINE_OK;
    }
    if (newest == MAP_FROM) {
        brn_map_init(&f->names, b->arena);
        for (size_t i = 0; i < newest; i++)
            BRN_TRY(add_to_map(b, f, i));
    }
    return add_to_map(b, f, newest);
}

static brine_status place(struct builder *b, const struct brn_json_value *value,
                          struct brn_slice key)
{
    if (b->depth == 0) {
        *b->root = *value;
        return BRINE_OK;
    }
    struct frame *f = &b->frames[b->depth - 1];
    size_t count = f->value.count;
    if (!BRN_ARENA_RESERVE(b->arena, f->value.items, count, f->item_capacity))
        return fail_arena(b);
    if (f->value.kind == BRN_JSON_OBJECT) {
        if (!BRN_ARENA_RESERVE(b->arena, f->value.keys, count, f->key_capacity))
            return fail_arena(b);
        f->value.keys[count] = key;
        BRN_TRY(check_duplicate(b, f));
    }
    f->value.items[count] = *value;
    f->value.count++;
    return BRINE_OK;
}

static brine_status push(struct builder *b, const struct brn_json_value *value,
                         struct brn_slice key)
{
    if (!BRN_ARENA_RESERVE(b->arena, b->frames, b->depth, b->capacity))
        return fail_arena(b);
    b->frames[b->depth++] = (struct frame){.value = *value, .key = key};
    return BRINE_OK;
}

static brine_status pop(struct builder *b)
{
    struct frame done = b->frames[--b->depth];
    return place(b, &done.value, done.key);
}

static brine_status add_event(struct builder *b)
{
    struct brn_json *json = &b->json;
    if (json->kind == BRN_JSON_ARRAY_END || json->kind == BRN_JSON_OBJECT_END)
        return pop(b);
    struct brn_json_value value = {
        .kind = json->kind,
        .boolean = json->boolean,
        .is_integer = json->is_integer,
        .is_negative = json->is_negative,
        .integer = json->integer,
        .number = json->number,
    };
    struct brn_slice key = {NULL, 0};
    set_place(b, &value, json->value);
    if (b->depth && b->frames[b->depth - 1].value.kind == BRN_JSON_OBJECT)
        BRN_TRY(copy_slice(b, json->key, &key));
    if (json->kind == BRN_JSON_STRING || json->kind == BRN_JSON_NUMBER)
        BRN_TRY(copy_slice(b, json->text, &value.text));
    if (json->kind == BRN_JSON_ARRAY || json->kind == BRN_JSON_OBJECT)
        return push(b, &value, key);
    return place(b, &value, key);
}

static brine_status build(struct builder *b)
{
    while (brn_json_next(&b->json) != BRN_JSON_END)
        BRN_TRY(add_event(b));
    if (b->json.error.status != BRINE_OK && b->err)
        *b->err = b->json.error;
    return b->json.error.status;
}

brine_status brn_json_parse(struct brn_slice document, uint32_t max_depth, struct brn_arena *arena,
                            struct brn_json_value **ret_value, brine_error *err)
{
    struct builder b = {.arena = arena, .err = err, .line = 1};
    uint8_t *nesting = brn_arena_alloc(arena, max_depth, 1, 1);
    b.root = BRN_NEW(arena, struct brn_json_value, 1);
    if (!nesting || !b.root)
        return fail_arena(&b);
    brn_json_init(&b.json, document, nesting, max_depth);
    b.line_at = b.line_begin = b.json.begin;
    brine_status status = build(&b);
    brn_json_free(&b.json);
    if (status == BRINE_OK)
        *ret_value = b.root;
    return status;
}

const struct brn_json_value *brn_json_get(const struct brn_json_value *object, const char *key)
{
    if (!object || object->kind != BRN_JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->count; i++)
        if (brn_slice_is(object->keys[i], key))
            return &object->items[i];
    return NULL;
}

struct brn_slice brn_json_text(const struct brn_json_value *value, const char *otherwise)
{
    return value && value->kind == BRN_JSON_STRING ? value->text : brn_slice_of(otherwise);
}
