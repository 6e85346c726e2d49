/* SPDX-License-Identifier: Apache-2.0 */
#include "model/schema.h"

static struct brn_schema *new_schema(struct brn_arena *arena, size_t count)
{
    struct brn_schema *schema = BRN_NEW(arena, struct brn_schema, 1);
    struct brn_slot **slots = BRN_NEW(arena, struct brn_slot *, count);
    struct brn_tile_layout *layout = BRN_NEW(arena, struct brn_tile_layout, 1);
    if (!schema || !slots || !layout)
        return NULL;
    layout->arena = arena;
    *schema = (struct brn_schema){.count = count, .slots = slots, .layout = layout};
    return schema;
}

/* A schema of count slots of its own, without form. */
static struct brn_schema *fresh(struct brn_arena *arena, size_t count, const char *const *names)
{
    struct brn_schema *schema = new_schema(arena, count);
    struct brn_slot *slots = BRN_NEW(arena, struct brn_slot, count);
    if (!schema || !slots)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        slots[i] = (struct brn_slot){.name = names ? names[i] : NULL, .number = -1, .code = -1};
        schema->slots[i] = &slots[i];
    }
    return schema;
}

struct brn_schema *brn_schema_numbers(struct brn_arena *arena, size_t count,
                                      const char *const *names)
{
    struct brn_schema *schema = fresh(arena, count, names);
    if (!schema)
        return NULL;
    for (size_t i = 0; i < count; i++)
        schema->slots[i]->number = (int32_t)i;
    schema->layout->numbers = (int32_t)count;
    return schema;
}

struct brn_schema *brn_schema_labels(struct brn_arena *arena,
                                     struct brn_dictionary *const *labels, size_t count)
{
    struct brn_schema *schema = fresh(arena, count, NULL);
    if (!schema)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        schema->slots[i]->code = (int32_t)i;
        schema->slots[i]->dictionary = labels[i];
    }
    schema->layout->codes = (int32_t)count;
    return schema;
}

struct brn_schema *brn_schema_inputs(struct brn_arena *arena, size_t count,
                                     const char *const *names)
{
    struct brn_schema *schema = fresh(arena, count, names);
    for (size_t i = 0; schema && i < count; i++) {
        schema->slots[i]->is_input = true;
        schema->slots[i]->feature = (uint32_t)i;
    }
    return schema;
}

struct brn_schema *brn_schema_select(struct brn_arena *arena, const struct brn_schema *from,
                                     const size_t *columns, size_t count)
{
    struct brn_schema *schema = new_schema(arena, count);
    if (!schema)
        return NULL;
    schema->layout = from->layout;
    for (size_t i = 0; i < count; i++)
        schema->slots[i] = from->slots[columns[i]];
    return schema;
}

int32_t brn_schema_number(const struct brn_schema *schema, size_t i)
{
    struct brn_slot *slot = schema->slots[i];
    if (slot->number < 0 && slot->is_input)
        slot->number = schema->layout->numbers++;
    return slot->number;
}

int32_t brn_schema_code(const struct brn_schema *schema, size_t i,
                        struct brn_dictionary **ret_dictionary)
{
    struct brn_slot *slot = schema->slots[i];
    if (slot->code < 0 && slot->is_input) {
        slot->dictionary = BRN_NEW(schema->layout->arena, struct brn_dictionary, 1);
        if (!slot->dictionary)
            return -2;
        brn_dictionary_init(slot->dictionary, schema->layout->arena);
        slot->code = schema->layout->codes++;
    }
    *ret_dictionary = slot->dictionary;
    return slot->code;
}
