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
        slots[i] = (struct brn_slot){.name = names ? names[i] : NULL,
                                     .number = -1,
                                     .code = -1,
                                     .document = -1,
                                     .layout = schema->layout};
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

struct brn_schema *brn_schema_compressed(struct brn_arena *arena, size_t count,
                                         const char *const *names)
{
    struct brn_schema *schema = new_schema(arena, 0);
    if (!schema)
        return NULL;
    schema->count = count;
    schema->slots = NULL;
    schema->is_compressed = schema->is_sparse = true;
    schema->names = names;
    return schema;
}

struct brn_schema *brn_schema_expanded(struct brn_arena *arena, const struct brn_schema *compressed)
{
    struct brn_schema *schema = brn_schema_numbers(arena, compressed->count, compressed->names);
    if (schema) {
        schema->is_sparse = true;
        schema->integer_bytes = compressed->integer_bytes;
    }
    return schema;
}

const char *brn_schema_name(const struct brn_schema *schema, size_t i)
{
    if (schema->is_compressed)
        return schema->names ? schema->names[i] : NULL;
    return schema->slots[i]->name;
}

struct brn_schema *brn_schema_formed(struct brn_arena *arena, size_t count,
                                     const char *const *names, const enum brn_form *forms,
                                     struct brn_dictionary *const *dictionaries)
{
    struct brn_schema *schema = fresh(arena, count, names);
    for (size_t i = 0; schema && i < count; i++) {
        struct brn_slot *slot = schema->slots[i];
        if (forms[i] == BRN_FORM_NUMBER) {
            slot->number = schema->layout->numbers++;
        } else if (forms[i] == BRN_FORM_DOCUMENT) {
            slot->document = schema->layout->documents++;
        } else {
            slot->code = schema->layout->codes++;
            slot->dictionary = dictionaries[i];
        }
    }
    return schema;
}

struct brn_schema *brn_schema_mixed(struct brn_arena *arena, size_t count, const char *const *names,
                                    struct brn_dictionary *const *dictionaries)
{
    enum brn_form *forms = BRN_NEW(arena, enum brn_form, count);
    for (size_t i = 0; forms && i < count; i++)
        forms[i] = dictionaries[i] ? BRN_FORM_CODE : BRN_FORM_NUMBER;
    return forms ? brn_schema_formed(arena, count, names, forms, dictionaries) : NULL;
}

void brn_schema_pass(struct brn_schema *schema, size_t i, struct brn_slot *origin)
{
    struct brn_slot *slot = schema->slots[i];
    slot->reserved_number = slot->number;
    slot->reserved_code = slot->layout->codes++;
    slot->reserved_document = slot->layout->documents++;
    slot->number = -1;
    slot->origin = origin;
    slot->numbers_are = origin->numbers_are;
}

struct brn_schema *brn_schema_labels(struct brn_arena *arena, struct brn_dictionary *const *labels,
                                     size_t count)
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

static int32_t as_number(struct brn_slot *slot)
{
    if (slot->number >= 0)
        return slot->number;
    if (slot->origin && as_number(slot->origin) >= 0)
        slot->number = slot->reserved_number;
    else if (slot->is_input)
        slot->number = slot->layout->numbers++;
    return slot->number;
}

const struct brn_slot *brn_schema_untouched(const struct brn_schema *schema, size_t i)
{
    const struct brn_slot *slot = schema->slots[i];
    while (slot->origin && slot->number < 0 && slot->code < 0 && slot->document < 0)
        slot = slot->origin;
    bool has_form = slot->number >= 0 || slot->code >= 0 || slot->document >= 0;
    return slot->is_input && !has_form ? slot : NULL;
}

int32_t brn_schema_number(const struct brn_schema *schema, size_t i)
{
    return as_number(schema->slots[i]);
}

void brn_schema_mark_raw(const struct brn_schema *schema, size_t i)
{
    for (struct brn_slot *slot = schema->slots[i]; slot; slot = slot->origin)
        slot->is_raw = true;
}

static bool new_dictionary(struct brn_slot *slot)
{
    slot->dictionary = BRN_NEW(slot->layout->arena, struct brn_dictionary, 1);
    if (slot->dictionary)
        brn_dictionary_init(slot->dictionary, slot->layout->arena);
    return slot->dictionary;
}

static void derive(struct brn_slot *slot, enum brn_derived derived)
{
    slot->derived = derived;
    slot->next_derived = slot->layout->derived;
    slot->layout->derived = slot;
}

/* A text that a step wrote, or the input's. */
static int32_t new_code(struct brn_slot *slot)
{
    bool is_written = !slot->is_input;
    if (is_written && slot->document < 0)
        return -1;
    if (!new_dictionary(slot))
        return -2;
    if (is_written)
        derive(slot, BRN_DERIVED_CODE);
    return slot->code = slot->layout->codes++;
}

static int32_t as_code(struct brn_slot *slot)
{
    if (slot->code >= 0)
        return slot->code;
    if (!slot->origin)
        return new_code(slot);
    int32_t code = as_code(slot->origin);
    if (code < 0)
        return code;
    slot->dictionary = slot->origin->dictionary;
    return slot->code = slot->reserved_code;
}

int32_t brn_schema_code(const struct brn_schema *schema, size_t i,
                        struct brn_dictionary **ret_dictionary)
{
    int32_t code = as_code(schema->slots[i]);
    if (code >= 0)
        *ret_dictionary = schema->slots[i]->dictionary;
    return code;
}

static int32_t as_document(struct brn_slot *slot)
{
    if (slot->document >= 0)
        return slot->document;
    if (slot->origin)
        return as_document(slot->origin) < 0 ? -1 : (slot->document = slot->reserved_document);
    if (!slot->is_input && slot->code < 0)
        return -1;
    if (!slot->is_input)
        derive(slot, BRN_DERIVED_DOCUMENT);
    return slot->document = slot->layout->documents++;
}

int32_t brn_schema_document(const struct brn_schema *schema, size_t i)
{
    return schema->is_compressed ? -1 : as_document(schema->slots[i]);
}

bool brn_schema_is_written_text(const struct brn_schema *schema, size_t i)
{
    const struct brn_slot *slot = schema->slots[i];
    while (slot->origin)
        slot = slot->origin;
    return !slot->is_input && slot->document >= 0 && slot->derived != BRN_DERIVED_DOCUMENT;
}

bool brn_schema_record(const struct brn_schema *schema)
{
    if (schema->is_compressed || schema->count != 1 || !schema->slots[0]->is_input)
        return false;
    schema->layout->records = true;
    return true;
}
