/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_terms.h"

#include "base/map.h"
#include "kernel/text_fold.h"

/* ---- building ---- */

static brine_status copy_texts(struct brn_build *build, const struct brn_slice *texts, size_t count,
                               struct brn_terms *terms)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += texts[i].n + 1;
    if (bytes > UINT32_MAX)
        return brn_fail(build->err, BRINE_LIMIT, "a vocabulary of more than 4 GB");
    uint8_t *at = BRN_BUILD_NEW(build, uint8_t, bytes + BRN_TOKEN_PADDING);
    uint32_t *starts = BRN_BUILD_NEW(build, uint32_t, count + 1);
    if (!at || !starts)
        return brn_fail_memory(build->err);
    terms->bytes = at;
    terms->starts = starts;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].n)
            memcpy(at, texts[i].p, texts[i].n);
        at += texts[i].n + 1; /* a NUL ends each, for names */
        starts[i + 1] = (uint32_t)(at - terms->bytes);
    }
    return BRINE_OK;
}

static void insert(struct brn_terms *terms, uint32_t term)
{
    const uint8_t *p = terms->bytes + terms->starts[term];
    uint32_t n = terms->starts[term + 1] - terms->starts[term] - 1;
    if (n == 0) {
        terms->repeats |= terms->empty >= 0;
        terms->empty = term;
        return;
    }
    uint64_t hash = brn_term_hash(terms, p, n), at = hash & terms->mask;
    terms->repeats |= brn_term_find(terms, p, n, hash) >= 0;
    while (terms->slots[at].length)
        at = (at + 1) & terms->mask;
    terms->slots[at] = (struct brn_term_slot){brn_token_head(p, n), n, term};
}

uint64_t brn_terms_seed(struct brn_build *build)
{
    struct brn_map map;
    brn_map_init(&map, build->scratch);
    return map.seed;
}

brine_status brn_terms_build(struct brn_build *build, const struct brn_slice *texts, size_t count,
                             uint64_t seed, bool by_parts, struct brn_terms *ret_terms)
{
    size_t slots = 16;
    *ret_terms =
        (struct brn_terms){.seed = seed, .count = count, .empty = -1, .by_parts = by_parts};
    if (count > INT32_MAX)
        return brn_fail(build->err, BRINE_LIMIT, "a vocabulary of %zu terms", count);
    while (slots < 2 * count)
        slots *= 2;
    ret_terms->mask = slots - 1;
    ret_terms->slots = BRN_BUILD_NEW(build, struct brn_term_slot, slots);
    if (!ret_terms->slots)
        return brn_fail_memory(build->err);
    BRN_TRY(copy_texts(build, texts, count, ret_terms));
    for (size_t i = 0; i < count; i++)
        insert(ret_terms, (uint32_t)i);
    return BRINE_OK;
}

const char *const *brn_terms_names(struct brn_build *build, const struct brn_terms *terms)
{
    const char **names = BRN_BUILD_NEW(build, const char *, terms->count);
    for (size_t i = 0; names && i < terms->count; i++)
        names[i] = (const char *)terms->bytes + terms->starts[i];
    return names;
}

/* ---- reading ---- */

/* The items of a set or frozenset, also where protocols before 4 call the class with a list. */
static const struct brn_node *set_items(const struct brn_node *node)
{
    static const char *const names[] = {"set", "frozenset"}, *const modules[] = {"builtins",
                                                                                 "__builtin__"};
    const struct brn_node *callable =
        brn_is(node, BRN_OBJECT) ? node->as.object->callable : &brn_nil;
    for (size_t i = 0; i < 4; i++)
        if (brn_node_is_global(callable, modules[i / 2], names[i % 2]))
            return brn_node_item(node->as.object->args, 0);
    return node;
}

/* Python 2: a str equals a unicode only when it is ASCII, so that others would never be found. */
static brine_status text_of(struct brn_build *build, const struct brn_node *node,
                            const char *attribute, struct brn_slice *ret_text)
{
    *ret_text = brn_node_text(node);
    if (!ret_text->p)
        return brn_unsupported(build, attribute, "one of its terms is no text");
    if (brn_is(node, BRN_STRING) && !brn_is_ascii(*ret_text))
        return brn_unsupported(build, attribute,
                               "one of its terms is a str of Python 2 that is not ASCII");
    return BRINE_OK;
}

static brine_status read_items(struct brn_build *build, const struct brn_items *items,
                               const char *attribute, struct brn_slice **ret_texts,
                               size_t *ret_count)
{
    *ret_count = items->count;
    *ret_texts = BRN_NEW(build->scratch, struct brn_slice, items->count);
    if (!*ret_texts)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < items->count; i++)
        BRN_TRY(text_of(build, items->at[i], attribute, &(*ret_texts)[i]));
    return BRINE_OK;
}

static brine_status read_values(struct brn_build *build, const struct brn_node *node,
                                const char *attribute, struct brn_slice **ret_texts,
                                size_t *ret_count)
{
    struct brn_values values;
    BRN_TRY(brn_decode_values(build, node, &values));
    *ret_texts = BRN_NEW(build->scratch, struct brn_slice, values.count);
    *ret_count = values.count;
    if (!*ret_texts)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < values.count; i++) {
        if (values.at[i].kind != BRN_VALUE_TEXT)
            return brn_unsupported(build, attribute, "its item %zu is no text", i);
        (*ret_texts)[i] = values.at[i].as.text;
    }
    return BRINE_OK;
}

brine_status brn_terms_texts(struct brn_build *build, const struct brn_node *node,
                             const char *attribute, struct brn_slice **ret_texts, size_t *ret_count)
{
    node = set_items(node);
    if (brn_node_is_array(node))
        return read_values(build, node, attribute, ret_texts, ret_count);
    if (brn_is(node, BRN_LIST) || brn_is(node, BRN_TUPLE) || brn_is(node, BRN_SET) ||
        brn_is(node, BRN_FROZENSET))
        return read_items(build, &node->as.items, attribute, ret_texts, ret_count);
    char what[120];
    brn_node_describe(node, what, sizeof what);
    return brn_unsupported(build, attribute, "is %s, not a list of texts", what);
}

/* A number below count that none before it was. */
static brine_status read_number(struct brn_build *build, const struct brn_node *node,
                                const char *attribute, const struct brn_slice *texts, size_t count,
                                size_t *ret_number)
{
    int64_t number = brn_is(node, BRN_INT) ? node->as.integer : -1;
    if (!brn_is(node, BRN_INT))
        BRN_TRY(brn_decode_int(build, node, &number));
    if (number < 0 || (uint64_t)number >= count)
        return brn_ill_formed(build, attribute, "has %zu terms, one of them number %lld", count,
                              (long long)number);
    if (texts[number].p)
        return brn_ill_formed(build, attribute, "has two terms of number %lld", (long long)number);
    *ret_number = (size_t)number;
    return BRINE_OK;
}

brine_status brn_terms_numbered(struct brn_build *build, const struct brn_node *dict,
                                const char *attribute, struct brn_slice **ret_texts,
                                size_t *ret_count)
{
    size_t count = brn_is(dict, BRN_DICT) ? brn_node_count(dict) : 0, number = 0;
    struct brn_slice *texts = BRN_NEW(build->scratch, struct brn_slice, count);
    if (count == 0)
        return brn_unsupported(build, attribute, "is no dict of terms");
    if (!texts)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++) {
        struct brn_slice term;
        BRN_TRY(text_of(build, dict->as.items.at[2 * i], attribute, &term));
        BRN_TRY(read_number(build, dict->as.items.at[2 * i + 1], attribute, texts, count, &number));
        texts[number] = term;
    }
    *ret_texts = texts;
    *ret_count = count;
    return BRINE_OK;
}
