/* SPDX-License-Identifier: Apache-2.0 */
#include "contract/reading.h"
#include "contract/yaml.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>

static const uint64_t MAX_CONTRACT_BYTES = (uint64_t)4 << 20;

brine_status brn_properties_object(const struct brn_reading *reading,
                                   const struct brn_json_value *list,
                                   struct brn_json_value *ret_object)
{
    if (list->kind != BRN_JSON_ARRAY)
        return brn_words_fail(reading, list, "a list of {property, value} is needed here");
    struct brn_json_value o = *list;
    o.kind = BRN_JSON_OBJECT;
    o.items = BRN_NEW(reading->arena, struct brn_json_value, list->count + 1);
    o.keys = BRN_NEW(reading->arena, struct brn_slice, list->count + 1);
    if (!o.items || !o.keys)
        return brn_fail_memory(reading->err);
    for (size_t i = 0; i < list->count; i++) {
        const struct brn_json_value *name = brn_json_get(&list->items[i], "property");
        const struct brn_json_value *value = brn_json_get(&list->items[i], "value");
        if (!name || !value || name->kind != BRN_JSON_STRING)
            return brn_words_fail(reading, &list->items[i], "property and value are needed here");
        for (size_t j = 0; j < i; j++)
            if (brn_slice_equal(o.keys[j], name->text))
                return brn_words_fail(reading, name, "a second property \"%.*s\"",
                                      BRN_S(name->text));
        o.keys[i] = name->text;
        o.items[i] = *value;
    }
    *ret_object = o;
    return BRINE_OK;
}

static brine_status pick_tables(struct brn_contract *c, brine_error *err)
{
    const struct brn_contract_table *tables = c->tables.at;
    for (size_t i = 0; i < c->tables.count; i++) {
        bool is_response =
            tables[i].physical_type && strcmp(tables[i].physical_type, "response") == 0;
        const struct brn_contract_table **place = is_response ? &c->response : &c->data;
        if (!*place)
            *place = &tables[i];
    }
    if (!c->data)
        return brn_fail(err, BRINE_FORMAT, "the contract has no table of data under schema");
    return BRINE_OK;
}

static brine_status read_document(struct brn_contract *c, struct brn_slice document,
                                  brine_error *err)
{
    struct brn_json_value *root;
    brine_error local;
    struct brn_reading reading = {&c->arena, err ? err : &local};
    BRN_TRY(brn_yaml_parse(document, NULL, &c->arena, &root, err));
    BRN_TRY(brn_words_read(&reading, &brn_words_document, root, c));
    return pick_tables(c, err);
}

brine_status brn_contract_parse(struct brn_slice document, const char *path,
                                struct brn_contract **ret_contract, brine_error *err)
{
    struct brn_contract *c = calloc(1, sizeof *c);
    if (!c)
        return brn_fail_memory(err);
    brn_arena_init(&c->arena, (uint64_t)64 << 20);
    c->digest = brn_sha256(document);
    c->path = brn_arena_text(&c->arena, brn_slice_of(path));
    brine_status status = c->path ? read_document(c, document, err) : brn_fail_memory(err);
    if (status != BRINE_OK) {
        brn_contract_free(c);
        return status;
    }
    *ret_contract = c;
    return BRINE_OK;
}

brine_status brn_contract_load(const char *path, struct brn_contract **ret_contract,
                               brine_error *err)
{
    struct brn_bytes bytes;
    BRN_TRY(brn_file_read(path, MAX_CONTRACT_BYTES, false, &bytes, err));
    brine_status status = brn_contract_parse(bytes.view, path, ret_contract, err);
    brn_bytes_free(&bytes);
    return status;
}

void brn_contract_free(struct brn_contract *contract)
{
    if (!contract)
        return;
    brn_arena_free(&contract->arena);
    free(contract);
}

const struct brn_contract_column *brn_contract_column(const struct brn_contract *contract,
                                                      const char *name)
{
    const struct brn_contract_column *columns = contract->data->columns.at;
    for (size_t i = 0; i < contract->data->columns.count; i++)
        if (strcmp(columns[i].name, name) == 0)
            return &columns[i];
    return NULL;
}

const struct brn_contract_column *brn_contract_role(const struct brn_contract *contract,
                                                    enum brn_role role)
{
    const struct brn_contract_column *columns = contract->data->columns.at;
    for (size_t i = 0; i < contract->data->columns.count; i++)
        if (columns[i].roles & (unsigned)role)
            return &columns[i];
    return NULL;
}

enum brn_unknown brn_contract_unknown(const struct brn_contract *contract, const char *column)
{
    const struct brn_policy *p = &contract->brine.unknown_category;
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->columns[i].column, column) == 0)
            return (enum brn_unknown)p->columns[i].policy;
    return p->all ? (enum brn_unknown)p->all : BRN_UNKNOWN_REJECT;
}

char *brn_contract_beside(const struct brn_contract *contract, const char *path,
                          struct brn_arena *arena)
{
    const char *slash = strrchr(contract->path, '/');
    if (path[0] == '/' || !slash)
        return brn_arena_text(arena, brn_slice_of(path));
    return brn_arena_printf(arena, "%.*s/%s", (int)(slash - contract->path), contract->path, path);
}

bool brn_column_is_late(const struct brn_contract_column *column)
{
    static const char *const in_time[] = {"decision", "decision_time", "schedule", NULL};
    if (column->roles & (BRN_ROLE_LATE | BRN_ROLE_LABEL))
        return true;
    if (!column->available_at)
        return false;
    for (const char *const *word = in_time; *word; word++)
        if (strcmp(column->available_at, *word) == 0)
            return false;
    return true;
}

/* ---- bounds ---- */

static const char *const bound_signs[BRN_BOUND_COUNT] = {"==", "!=", ">", ">=", "<", "<="};

static bool bound_holds(enum brn_bound_kind kind, double value, double bound)
{
    switch (kind) {
    case BRN_BOUND_IS:
        return value == bound;
    case BRN_BOUND_IS_NOT:
        return value != bound;
    case BRN_BOUND_GREATER:
        return value > bound;
    case BRN_BOUND_GREATER_OR_EQUAL:
        return value >= bound;
    case BRN_BOUND_LESS:
        return value < bound;
    default:
        return value <= bound;
    }
}

static bool lies_between(const struct brn_value_list *pair, double value)
{
    return value > pair->at[0].number && value < pair->at[1].number;
}

bool brn_quality_holds(const struct brn_quality *rule, double value)
{
    bool any = rule->between.at || rule->not_between.at, ok = true;
    for (int k = 0; k < BRN_BOUND_COUNT; k++)
        if (rule->bounds[k].given) {
            any = true;
            ok = ok && bound_holds((enum brn_bound_kind)k, value, rule->bounds[k].value);
        }
    if (rule->between.at)
        ok = ok && lies_between(&rule->between, value);
    if (rule->not_between.at)
        ok = ok && !lies_between(&rule->not_between, value);
    return any ? ok : value == 0;
}

void brn_quality_bounds_text(const struct brn_quality *rule, char *out, size_t size)
{
    size_t used = 0;
    const char *unit = rule->unit == BRN_UNIT_PERCENT ? " percent" : "";
    snprintf(out, size, "== 0%s", unit);
    for (int k = 0; k < BRN_BOUND_COUNT && used < size; k++)
        if (rule->bounds[k].given)
            used += (size_t)snprintf(out + used, size - used, "%s%s %g%s", used ? " and " : "",
                                     bound_signs[k], rule->bounds[k].value, unit);
    if (rule->between.at && used < size)
        used +=
            (size_t)snprintf(out + used, size - used, "%sbetween %g and %g%s", used ? " and " : "",
                             rule->between.at[0].number, rule->between.at[1].number, unit);
    if (rule->not_between.at && used < size)
        snprintf(out + used, size - used, "%snot between %g and %g%s", used ? " and " : "",
                 rule->not_between.at[0].number, rule->not_between.at[1].number, unit);
}
