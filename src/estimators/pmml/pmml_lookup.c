/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_lookup.c - LookupTransformer, FilterLookupTransformer and MultiLookupTransformer of
 * sklearn2pmml: values, or tuples of values, to values by a dict.  sklearn2pmml/preprocessing. */
#include "estimators/shared_frame.h"

#include <math.h>

enum { MOST_COLUMNS = 16 };

struct lookup {
    const struct brn_node *mapping, *default_node, *dtype;
    bool of_tuples;
    bool keeps_others;            /* FilterLookupTransformer: what is no key stays */
    size_t width;                 /* values of a key */
    enum brn_form *forms;         /* of each input */
    struct brn_dictionary *parts; /* values of keys, by column */
    struct brn_map keys;          /* codes of a key -> its entry */
    struct brn_values results;    /* by entry */
    struct brn_value otherwise;
    enum brn_form out_form;
    int32_t *places;
};

/* ---- what the file says ---- */

static const struct brn_node *key_part(const struct lookup *m, size_t entry, size_t column)
{
    const struct brn_node *key = m->mapping->as.items.at[2 * entry];
    return m->of_tuples ? brn_node_item(key, column) : key;
}

static brine_status read_width(struct lookup *m, const struct brn_build *build)
{
    size_t count = m->mapping->as.items.count / 2;
    m->width = 1;
    if (!m->of_tuples)
        return BRINE_OK;
    if (count == 0)
        return brn_ill_formed(build, "mapping", "is empty: how many columns it takes is unknown");
    m->width = brn_node_count(m->mapping->as.items.at[0]);
    for (size_t i = 0; i < count; i++) {
        const struct brn_node *key = m->mapping->as.items.at[2 * i];
        if (!brn_is(key, BRN_TUPLE) || brn_node_count(key) != m->width)
            return brn_ill_formed(build, "mapping", "key %zu is no tuple of %zu", i, m->width);
    }
    return m->width > 0 && m->width <= MOST_COLUMNS
               ? BRINE_OK
               : brn_unsupported(build, "mapping", "has keys of %zu values: it is run with 1 to %d",
                                 m->width, MOST_COLUMNS);
}

/* The values that stand in one column of the keys. */
static brine_status read_key_column(struct lookup *m, size_t column, struct brn_build *build)
{
    size_t count = m->mapping->as.items.count / 2;
    struct brn_values values = {.at = BRN_BUILD_NEW(build, struct brn_value, count),
                                .count = count};
    if (!values.at)
        return brn_fail_memory(build->err);
    brn_dictionary_init(&m->parts[column], build->arena);
    for (size_t i = 0; i < count; i++) {
        BRN_TRY(brn_decode_value(build, key_part(m, i, column), &values.at[i]));
        if (brn_value_is_missing(values.at[i]))
            return brn_unsupported(build, "mapping", "a key is missing");
        if (brn_dictionary_add(&m->parts[column], values.at[i]) == BRN_CODE_UNKNOWN)
            return brn_fail_memory(build->err);
    }
    if (brn_frame_form(&values, &m->forms[column]))
        return BRINE_OK;
    return brn_unsupported(build, "mapping", "has keys that are neither all text nor all numbers");
}

/* Of equal keys the last counts, but the place of the first stays. */
static brine_status index_keys(struct lookup *m, struct brn_build *build)
{
    size_t count = m->mapping->as.items.count / 2;
    struct brn_value *results = BRN_BUILD_NEW(build, struct brn_value, count);
    brn_map_init(&m->keys, build->arena);
    if (!results)
        return brn_fail_memory(build->err);
    m->results = (struct brn_values){.at = results, .count = count, .present = true};
    for (size_t i = 0; i < count; i++) {
        int32_t *codes = BRN_BUILD_NEW(build, int32_t, m->width);
        struct brn_value part;
        if (!codes)
            return brn_fail_memory(build->err);
        for (size_t c = 0; c < m->width; c++) {
            BRN_TRY(brn_decode_value(build, key_part(m, i, c), &part));
            codes[c] = brn_dictionary_add(&m->parts[c], part);
        }
        uint32_t entry = brn_map_add(
            &m->keys, (struct brn_slice){(const uint8_t *)codes, m->width * sizeof *codes});
        if (entry == BRN_MAP_NONE)
            return brn_fail_memory(build->err);
        BRN_TRY(brn_decode_value(build, m->mapping->as.items.at[2 * i + 1], &results[entry]));
    }
    return BRINE_OK;
}

static bool fits(struct brn_value v, enum brn_form form)
{
    return brn_value_is_missing(v) || (v.kind == BRN_VALUE_TEXT) == (form == BRN_FORM_DOCUMENT);
}

static brine_status find_out_form(struct lookup *m, const struct brn_build *build)
{
    bool any_text = m->otherwise.kind == BRN_VALUE_TEXT;
    for (size_t i = 0; i < m->keys.count; i++)
        any_text |= m->results.at[i].kind == BRN_VALUE_TEXT;
    m->out_form = any_text ? BRN_FORM_DOCUMENT : BRN_FORM_NUMBER;
    bool ok = fits(m->otherwise, m->out_form) && (!m->keeps_others || m->out_form == m->forms[0]);
    for (size_t i = 0; i < m->keys.count; i++)
        ok = ok && fits(m->results.at[i], m->out_form);
    return ok ? BRINE_OK
              : brn_unsupported(build, "mapping",
                                "gives values that are neither all text nor all numbers");
}

static brine_status read_mapping(struct lookup *m, struct brn_build *build)
{
    if (!brn_is(m->mapping, BRN_DICT))
        return brn_unsupported(build, "mapping", "is no dict");
    if (m->dtype && !brn_is(m->dtype, BRN_NONE))
        return brn_unsupported(build, "dtype", "a categorical result is not run");
    m->otherwise = (struct brn_value){.kind = BRN_VALUE_NONE};
    if (m->default_node)
        BRN_TRY(brn_decode_value(build, m->default_node, &m->otherwise));
    BRN_TRY(read_width(m, build));
    m->forms = BRN_BUILD_NEW(build, enum brn_form, m->width);
    m->parts = BRN_BUILD_NEW(build, struct brn_dictionary, m->width);
    m->places = BRN_BUILD_NEW(build, int32_t, m->width);
    if (!m->forms || !m->parts || !m->places)
        return brn_fail_memory(build->err);
    for (size_t c = 0; c < m->width; c++)
        BRN_TRY(read_key_column(m, c, build));
    BRN_TRY(index_keys(m, build));
    return find_out_form(m, build);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    return read_mapping(me->self, build);
}

static brine_status prepare_tuples(struct brn_instance *me, struct brn_build *build)
{
    struct lookup *m = me->self;
    m->of_tuples = true;
    return read_mapping(m, build);
}

static brine_status prepare_filter(struct brn_instance *me, struct brn_build *build)
{
    struct lookup *m = me->self;
    m->keeps_others = true;
    return read_mapping(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct lookup *m = me->self;
    if (in->count != m->width)
        return brn_ill_formed(build, "mapping", "has keys of %zu values, %zu columns come",
                              m->width, in->count);
    for (size_t c = 0; c < m->width; c++) {
        bool is_text = m->forms[c] == BRN_FORM_DOCUMENT;
        m->places[c] = is_text ? brn_schema_document(in, c) : brn_schema_number(in, c);
        if (m->places[c] < 0)
            return brn_ill_formed(build, "mapping", "has keys of %s, but column %zu is not",
                                  is_text ? "text" : "numbers", c);
    }
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_formed(build->arena, 1, NULL, &m->out_form, NULL);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* The value that row r becomes; NULL: it is no key. */
static const struct brn_value *find(const struct lookup *m, const struct brn_tile *in, size_t r,
                                    bool *ret_missing)
{
    int32_t codes[MOST_COLUMNS];
    *ret_missing = false;
    for (size_t c = 0; c < m->width; c++) {
        if (m->forms[c] == BRN_FORM_DOCUMENT) {
            struct brn_slice text = in->documents[r * in->document_stride + (size_t)m->places[c]];
            *ret_missing |= !text.p;
            codes[c] = text.p ? brn_dictionary_text(&m->parts[c], text) : BRN_CODE_MISSING;
        } else {
            double v = in->numbers[r * in->number_stride + (size_t)m->places[c]];
            *ret_missing |= isnan(v);
            codes[c] = isnan(v) ? BRN_CODE_MISSING : brn_dictionary_number(&m->parts[c], v);
        }
    }
    uint32_t entry = brn_map_find(
        &m->keys, (struct brn_slice){(const uint8_t *)codes, m->width * sizeof *codes});
    return entry == BRN_MAP_NONE ? NULL : &m->results.at[entry];
}

static void store(const struct lookup *m, const struct brn_value *v, struct brn_tile *out, size_t r)
{
    double number = (double)NAN;
    if (m->out_form == BRN_FORM_DOCUMENT) {
        out->documents[r * out->document_stride] =
            v->kind == BRN_VALUE_TEXT ? v->as.text : (struct brn_slice){NULL, 0};
        return;
    }
    brn_value_number(*v, &number);
    out->numbers[r * out->number_stride] = number;
}

static void keep(const struct lookup *m, const struct brn_tile *in, struct brn_tile *out, size_t r)
{
    if (m->out_form == BRN_FORM_DOCUMENT)
        out->documents[r * out->document_stride] =
            in->documents[r * in->document_stride + (size_t)m->places[0]];
    else
        out->numbers[r * out->number_stride] =
            in->numbers[r * in->number_stride + (size_t)m->places[0]];
}

/* Before 0.99.1 a missing value became the default, since then it stays missing; a file says that
 * it is of a later release when it has a dtype. */
static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    static const struct brn_value nothing = {.kind = BRN_VALUE_NONE};
    const struct lookup *m = me->self;
    bool is_missing;
    for (size_t r = 0; r < in->rows; r++) {
        const struct brn_value *v = find(m, in, r, &is_missing);
        if (is_missing && m->dtype && !m->keeps_others)
            v = &nothing;
        else if (is_missing && !m->keeps_others && !brn_value_is_missing(m->otherwise))
            return brn_refuse(work, in, r, NULL,
                              "releases of sklearn2pmml differ on what a look-up makes of a "
                              "missing value");
        if (!v && m->keeps_others)
            keep(m, in, out, r);
        else
            store(m, v ? v : &m->otherwise, out, r);
    }
    out->single = false;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct lookup, mapping, "mapping", NODE, "a value for each key"),
    BRN_FIELD_OPTIONAL(struct lookup, default_node, "default_value", NODE,
                       "what becomes of what is no key"),
    BRN_FIELD_OPTIONAL(struct lookup, dtype, "dtype", NODE, "of the result"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.preprocessing", NULL};

#define LOOKUP(class, own_prepare)                                                   \
    {                                                                                \
        .name = class, .jumps = true, .modules = modules, .library = "sklearn2pmml", \
        .is_beside = true, .size = sizeof(struct lookup), .fields = fields,          \
        .prepare = own_prepare, .bind = bind, .takes_any_width = true,               \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},              \
    }

static const struct brn_estimator lookup = LOOKUP("LookupTransformer", prepare);
static const struct brn_estimator filter = LOOKUP("FilterLookupTransformer", prepare_filter);
static const struct brn_estimator multi = LOOKUP("MultiLookupTransformer", prepare_tuples);

static const struct brn_estimator *const estimators[] = {&lookup, &filter, &multi, NULL};

const struct brn_family brn_family_pmml_lookup = {estimators};
