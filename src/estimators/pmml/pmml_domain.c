/* SPDX-License-Identifier: Apache-2.0
 *
 * pmml_domain.c - the decorators of sklearn2pmml that say which values a column may have:
 * ContinuousDomain, CategoricalDomain, OrdinalDomain.  sklearn2pmml/decoration/__init__.py.
 *
 * A column is numbers or text, by the values that fit saw.  Where releases of sklearn2pmml treat a
 * value differently and the file does not say which wrote it, the row is refused: before 0.51.1
 * invalid values were not looked for, and only since 0.54 dtype is always there; before 0.103.1
 * "as_missing" left a value as it was when there is no replacement for missing ones. */
#include "estimators/shared_frame.h"

#include <math.h>

enum treatment { REFUSE, AS_IS, AS_MISSING, AS_VALUE };

/* One column. */
struct column {
    enum brn_form form;
    enum brn_numbers numbers_are;
    int32_t place;
    bool has_limits; /* of a continuous one: from low to high is valid */
    double low, high;
    struct brn_dictionary *values; /* of a discrete one: what is valid; NULL: everything */
};

struct domain {
    const struct brn_node *missing_node, *missing_replacement_node, *invalid_replacement_node;
    const char *missing_treatment, *invalid_treatment, *outlier_treatment;
    const struct brn_node *dtype, *fitted_dtype, *low_node, *high_node;
    struct brn_matrix data_min, data_max;
    const struct brn_node *data, *data_values, *statistics;

    struct brn_values missing; /* what counts as missing, when it is said */
    bool missing_is_null;      /* None and NaN do */
    enum treatment on_missing, on_invalid, on_outlier;
    struct brn_value missing_replacement, invalid_replacement; /* NONE: there is none */
    double low_value, high_value;                              /* limits of outliers */
    bool is_whole;                                             /* fitted on whole numbers */
    enum brn_numbers numbers_are;                              /* as far as dtype_ tells */
    bool is_object;                                            /* dtype_ is that of text */
    bool truncates;                                            /* dtype=int */
    struct column *columns;
    size_t count;
};

/* ---- what the file says ---- */

static brine_status read_treatment(const struct brn_build *build, const char *attribute,
                                   const char *word, enum treatment *ret_treatment)
{
    static const struct {
        const char *word;
        enum treatment treatment;
    } words[] = {
        {"as_is", AS_IS},
        {"as_mean", AS_IS}, /* a replacement makes the difference */
        {"as_mode", AS_IS},
        {"as_median", AS_IS},
        {"as_value", AS_VALUE},
        {"as_missing", AS_MISSING},
        {"as_missing_values", AS_MISSING},
        {"as_extreme_values", AS_VALUE},
        {"return_invalid", REFUSE},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (brn_text_is(word, words[i].word)) {
            *ret_treatment = words[i].treatment;
            return BRINE_OK;
        }
    return brn_unsupported(build, attribute, "is \"%.40s\"", word ? word : "None");
}

static brine_status read_optional(struct brn_build *build, const char *attribute,
                                  const struct brn_node *node, struct brn_value *ret_value)
{
    *ret_value = (struct brn_value){.kind = BRN_VALUE_NONE};
    if (!node)
        return BRINE_OK;
    brine_status status = brn_decode_value(build, node, ret_value);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}

static brine_status read_missing(struct domain *m, struct brn_build *build)
{
    const struct brn_node *node = m->missing_node;
    m->missing_is_null = !node || brn_is(node, BRN_NONE);
    if (m->missing_is_null)
        return BRINE_OK;
    if (brn_is(node, BRN_LIST)) {
        BRN_TRY(brn_decode_values(build, node, &m->missing));
    } else {
        m->missing =
            (struct brn_values){.at = BRN_BUILD_NEW(build, struct brn_value, 1), .count = 1};
        if (!m->missing.at)
            return brn_fail_memory(build->err);
        BRN_TRY(brn_decode_value(build, node, m->missing.at));
    }
    for (size_t i = 0; i < m->missing.count; i++)
        m->missing_is_null |= brn_value_is_missing(m->missing.at[i]);
    return BRINE_OK;
}

static brine_status read_cast(struct domain *m, struct brn_build *build)
{
    struct brn_frame_type type;
    BRN_TRY(brn_frame_type(build, m->dtype, &type));
    m->truncates = type.cast == BRN_CAST_INT;
    bool known = type.cast == BRN_CAST_NONE || type.cast == BRN_CAST_FLOAT || m->truncates ||
                 type.cast == BRN_CAST_CATEGORY || type.cast == BRN_CAST_OBJECT;
    if (!known)
        return brn_unsupported(build, "dtype", "is a type that domains are not run with");
    BRN_TRY(brn_frame_type(build, m->fitted_dtype, &type));
    m->is_whole = type.cast == BRN_CAST_INT || m->data_min.kind == 'i';
    m->is_object = type.cast == BRN_CAST_OBJECT || type.cast == BRN_CAST_TEXT;
    m->numbers_are = m->truncates || m->is_whole   ? BRN_NUMBERS_WHOLE
                     : type.cast == BRN_CAST_FLOAT ? BRN_NUMBERS_FLOAT
                     : type.cast == BRN_CAST_BOOL  ? BRN_NUMBERS_BOOL
                     : m->data_min.kind == 'f'     ? BRN_NUMBERS_FLOAT
                                                   : BRN_NUMBERS_UNKNOWN;
    return BRINE_OK;
}

static brine_status read_outliers(struct domain *m, struct brn_build *build)
{
    m->on_outlier = AS_IS;
    if (!m->outlier_treatment)
        return BRINE_OK;
    BRN_TRY(read_treatment(build, "outlier_treatment", m->outlier_treatment, &m->on_outlier));
    if (m->on_outlier == AS_IS)
        return BRINE_OK;
    if (!m->low_node || !m->high_node)
        return brn_ill_formed(build, "low_value", "or high_value is missing");
    BRN_TRY(brn_decode_number(build, m->low_node, &m->low_value));
    return brn_decode_number(build, m->high_node, &m->high_value);
}

/* numpy cuts off what does not fit when it stores a fraction among whole numbers. */
static brine_status check_replacement(const struct domain *m, const char *attribute,
                                      struct brn_value v, const struct brn_build *build)
{
    double number = 0;
    if (m->is_whole && brn_value_number(v, &number) && number != floor(number))
        return brn_unsupported(build, attribute, "is a fraction in a column of whole numbers");
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct domain *m = me->self;
    BRN_TRY(read_treatment(build, "missing_value_treatment", m->missing_treatment, &m->on_missing));
    BRN_TRY(read_treatment(build, "invalid_value_treatment", m->invalid_treatment, &m->on_invalid));
    BRN_TRY(read_missing(m, build));
    BRN_TRY(read_cast(m, build));
    BRN_TRY(read_outliers(m, build));
    BRN_TRY(read_optional(build, "missing_value_replacement", m->missing_replacement_node,
                          &m->missing_replacement));
    BRN_TRY(read_optional(build, "invalid_value_replacement", m->invalid_replacement_node,
                          &m->invalid_replacement));
    if (m->on_outlier == AS_VALUE)
        BRN_TRY(check_replacement(
            m, "low_value", (struct brn_value){BRN_VALUE_FLOAT, {.real = m->low_value}, 0}, build));
    BRN_TRY(check_replacement(m, "missing_value_replacement", m->missing_replacement, build));
    return check_replacement(m, "invalid_value_replacement", m->invalid_replacement, build);
}

/* ---- the columns ---- */

static double limit_of(const struct brn_matrix *limits, size_t i)
{
    size_t count = limits->rows * limits->columns;
    return !limits->present ? 0 : limits->values[count == 1 ? 0 : i];
}

static brine_status bind_continuous(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct domain *m = me->self;
    const struct brn_matrix *limits[] = {&m->data_min, &m->data_max};
    for (size_t k = 0; k < 2; k++) {
        size_t count = limits[k]->rows * limits[k]->columns;
        if (limits[k]->present && count != 1 && count != in->count)
            return brn_ill_formed(build, k ? "data_max_" : "data_min_",
                                  "has %zu values for %zu columns", count, in->count);
    }
    if (m->data_min.present != m->data_max.present)
        return brn_ill_formed(build, "data_min_", "and data_max_ do not go together");
    for (size_t i = 0; i < in->count; i++)
        m->columns[i] = (struct column){.form = BRN_FORM_NUMBER,
                                        .numbers_are = m->numbers_are,
                                        .has_limits = m->data_min.present,
                                        .low = limit_of(&m->data_min, i),
                                        .high = limit_of(&m->data_max, i)};
    return BRINE_OK;
}

/* Of several columns newer releases keep a list of arrays, of one the array itself. */
static const struct brn_node *values_of(const struct brn_node *all, size_t i)
{
    const struct brn_node *first = brn_is(all, BRN_LIST) ? brn_node_item(all, 0) : &brn_nil;
    bool is_nested = brn_node_is_array(first) || brn_is(first, BRN_LIST) ||
                     brn_is(first, BRN_TUPLE) || brn_is(first, BRN_OBJECT);
    return is_nested ? brn_node_item(all, i) : all;
}

/* discr_stats_ is (values, counts), or a list of these. */
static const struct brn_node *seen_values(const struct domain *m, size_t i)
{
    const struct brn_node *pair = m->statistics;
    if (pair && brn_is(pair, BRN_LIST))
        pair = brn_node_item(pair, i);
    return pair ? brn_node_item(pair, 0) : &brn_nil;
}

static brine_status take_values(struct brn_build *build, const struct brn_values *values,
                                struct column *c)
{
    c->values = BRN_BUILD_NEW(build, struct brn_dictionary, 1);
    if (!c->values)
        return brn_fail_memory(build->err);
    brn_dictionary_init(c->values, build->arena);
    for (size_t i = 0; i < values->count; i++)
        if (brn_dictionary_add(c->values, values->at[i]) == BRN_CODE_UNKNOWN)
            return brn_fail_memory(build->err);
    return BRINE_OK;
}

/* Of a numpy array, or of objects that are all of one kind. */
static enum brn_numbers kind_of(const struct brn_values *values)
{
    static const enum brn_numbers kinds[] = {
        [BRN_VALUE_BOOL] = BRN_NUMBERS_BOOL,
        [BRN_VALUE_INT] = BRN_NUMBERS_WHOLE,
        [BRN_VALUE_FLOAT] = BRN_NUMBERS_FLOAT,
    };
    for (size_t i = 1; i < values->count; i++)
        if (values->at[i].kind != values->at[0].kind)
            return BRN_NUMBERS_UNKNOWN;
    bool known = values->count && values->at[0].kind < sizeof kinds / sizeof kinds[0];
    return known ? kinds[values->at[0].kind] : BRN_NUMBERS_UNKNOWN;
}

/* Of a domain that keeps neither values nor statistics. */
static bool form_of_dtype(const struct domain *m, enum brn_form *ret_form)
{
    *ret_form = m->is_object ? BRN_FORM_DOCUMENT : BRN_FORM_NUMBER;
    return m->is_object || m->numbers_are != BRN_NUMBERS_UNKNOWN;
}

static brine_status read_column(struct domain *m, size_t i, struct brn_build *build)
{
    const struct brn_node *all = m->data_values ? m->data_values : m->data;
    const struct brn_node *node = all ? values_of(all, i) : seen_values(m, i);
    struct brn_values values = {0};
    if (node->kind == BRN_NIL && form_of_dtype(m, &m->columns[i].form)) {
        m->columns[i].numbers_are = m->numbers_are;
        return BRINE_OK;
    }
    if (node->kind == BRN_NIL)
        return brn_fail(build->err, BRINE_UNSUPPORTED,
                        "the file does not say whether column %zu is text or numbers", i);
    BRN_TRY(brn_frame_values(build, node, &values));
    if (!brn_frame_form(&values, &m->columns[i].form))
        return brn_fail(build->err, BRINE_UNSUPPORTED,
                        "the values of column %zu are neither all text nor all numbers", i);
    m->columns[i].numbers_are =
        m->numbers_are == BRN_NUMBERS_UNKNOWN ? kind_of(&values) : m->numbers_are;
    return all ? take_values(build, &values, &m->columns[i]) : BRINE_OK;
}

static brine_status bind_discrete(struct brn_instance *me, const struct brn_schema *in,
                                  struct brn_build *build)
{
    struct domain *m = me->self;
    for (size_t i = 0; i < in->count; i++) {
        brine_status status = read_column(m, i, build);
        if (status != BRINE_OK) {
            brn_error_within(build->err, m->data ? "data_" : "data_values_");
            return status;
        }
    }
    return BRINE_OK;
}

static bool fits(struct brn_value v, enum brn_form form)
{
    return brn_value_is_missing(v) || (v.kind == BRN_VALUE_TEXT) == (form == BRN_FORM_DOCUMENT);
}

static brine_status place_column(struct domain *m, const struct brn_schema *in, size_t i,
                                 struct brn_build *build)
{
    struct column *c = &m->columns[i];
    if (!fits(m->missing_replacement, c->form) || !fits(m->invalid_replacement, c->form))
        return brn_unsupported(build, "missing_value_replacement",
                               "text among numbers, or a number among text");
    if (c->form == BRN_FORM_DOCUMENT && m->truncates)
        return brn_unsupported(build, "dtype", "whole numbers, but column %zu is text", i);
    c->place = c->form == BRN_FORM_NUMBER ? brn_schema_number(in, i) : brn_schema_document(in, i);
    return c->place >= 0 ? BRINE_OK
                         : brn_fail(build->err, BRINE_MODEL,
                                    "column %zu of the step before has another form than the "
                                    "domain's values",
                                    i);
}

static brine_status bind_columns(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct domain *m = me->self;
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, in->count);
    if (!forms)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++) {
        BRN_TRY(place_column(m, in, i, build));
        forms[i] = m->columns[i].form;
    }
    m->count = in->count;
    struct brn_schema *out = brn_frame_schema(build, in, forms);
    if (!out)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++)
        out->slots[i]->numbers_are = m->columns[i].numbers_are;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct domain *m = me->self;
    m->columns = BRN_BUILD_NEW(build, struct column, in->count);
    if (!m->columns)
        return brn_fail_memory(build->err);
    BRN_TRY(m->outlier_treatment ? bind_continuous(me, in, build) : bind_discrete(me, in, build));
    return bind_columns(me, in, build);
}

/* ---- running ---- */

/* Where a value stands, for errors. */
struct cell {
    const struct domain *m;
    const struct brn_tile *tile;
    const struct brn_work *work;
    size_t row;
    const char *name;
};

static brine_status refuse(const struct cell *cell, const char *why)
{
    return brn_refuse(cell->work, cell->tile, cell->row, cell->name, "%s", why);
}

static const char *const MISSING = "the domain takes no missing value here";
static const char *const INVALID =
    "the domain has not seen this value, and takes no others (invalid_value_treatment)";
static const char *const FORKED =
    "releases of sklearn2pmml differ on what becomes of this value, and the file does not say "
    "which wrote it";

static bool is_missing_number(const struct domain *m, double v)
{
    double other;
    if (isnan(v))
        return m->missing_is_null;
    for (size_t i = 0; i < m->missing.count; i++)
        if (brn_value_number(m->missing.at[i], &other) && v == other)
            return true;
    return false;
}

static bool is_valid_number(const struct column *c, double v)
{
    if (c->values)
        return brn_dictionary_number(c->values, v) >= 0;
    return !c->has_limits || (v >= c->low && v <= c->high);
}

static double stored(const struct cell *cell, double v)
{
    return cell->tile->single ? (double)(float)v : v;
}

static brine_status replace_missing_number(const struct cell *cell, double *v)
{
    double replacement;
    if (cell->m->on_missing == REFUSE)
        return refuse(cell, MISSING);
    if (brn_value_number(cell->m->missing_replacement, &replacement))
        *v = stored(cell, replacement);
    return BRINE_OK;
}

/* A valid number, or one that is as good as missing, becomes the missing value. */
static brine_status lose_number(const struct cell *cell, double *v)
{
    const struct domain *m = cell->m;
    if (m->missing.count)
        brn_value_number(m->missing.at[0], v);
    else if (m->is_whole && m->missing_replacement.kind == BRN_VALUE_NONE)
        return refuse(cell, "an outlier cannot be missing among whole numbers");
    else
        *v = (double)NAN;
    return replace_missing_number(cell, v);
}

static brine_status settle_outlier(const struct cell *cell, double *v)
{
    const struct domain *m = cell->m;
    double low = stored(cell, m->low_value), high = stored(cell, m->high_value);
    if (m->on_outlier == AS_IS || !(*v < low || *v > high))
        return BRINE_OK;
    if (m->on_outlier == AS_MISSING)
        return lose_number(cell, v);
    *v = *v < low ? low : high;
    return BRINE_OK;
}

static brine_status settle_invalid_number(const struct cell *cell, double *v)
{
    const struct domain *m = cell->m;
    if (m->on_invalid == REFUSE)
        return refuse(cell, m->dtype ? INVALID : FORKED);
    if (m->on_invalid == AS_MISSING && m->missing_replacement.kind == BRN_VALUE_NONE)
        return refuse(cell, FORKED);
    if (m->on_invalid == AS_MISSING)
        return replace_missing_number(cell, v);
    double replacement;
    if (m->on_invalid == AS_VALUE && brn_value_number(m->invalid_replacement, &replacement))
        *v = stored(cell, replacement);
    return BRINE_OK;
}

static brine_status settle_number(const struct cell *cell, const struct column *c, double *v)
{
    if (cell->m->truncates && !(fabs(*v) < 0x1p53))
        return refuse(cell, "is no whole number");
    if (cell->m->truncates)
        *v = trunc(*v);
    if (is_missing_number(cell->m, *v))
        return replace_missing_number(cell, v);
    return is_valid_number(c, *v) ? settle_outlier(cell, v) : settle_invalid_number(cell, v);
}

/* ---- text ---- */

static bool is_missing_text(const struct domain *m, struct brn_slice text)
{
    if (!text.p)
        return m->missing_is_null;
    for (size_t i = 0; i < m->missing.count; i++)
        if (m->missing.at[i].kind == BRN_VALUE_TEXT &&
            brn_slice_equal(m->missing.at[i].as.text, text))
            return true;
    return false;
}

/* Releases since 0.101 write None where a value that counts as missing has no replacement. */
static brine_status replace_missing_text(const struct cell *cell, struct brn_slice *text)
{
    const struct domain *m = cell->m;
    if (m->on_missing == REFUSE)
        return refuse(cell, MISSING);
    if (m->missing_replacement.kind == BRN_VALUE_TEXT)
        *text = m->missing_replacement.as.text;
    else if (text->p)
        return refuse(cell, FORKED);
    return BRINE_OK;
}

static brine_status settle_invalid_text(const struct cell *cell, struct brn_slice *text)
{
    const struct domain *m = cell->m;
    if (m->on_invalid == REFUSE)
        return refuse(cell, m->dtype ? INVALID : FORKED);
    if (m->on_invalid == AS_MISSING && m->missing_replacement.kind == BRN_VALUE_NONE)
        return refuse(cell, FORKED);
    if (m->on_invalid == AS_MISSING)
        return replace_missing_text(cell, text);
    if (m->on_invalid == AS_VALUE && m->invalid_replacement.kind == BRN_VALUE_TEXT)
        *text = m->invalid_replacement.as.text;
    return BRINE_OK;
}

static brine_status settle_text(const struct cell *cell, const struct column *c,
                                struct brn_slice *text)
{
    if (is_missing_text(cell->m, *text))
        return replace_missing_text(cell, text);
    if (!c->values || (text->p && brn_dictionary_text(c->values, *text) >= 0))
        return BRINE_OK;
    return settle_invalid_text(cell, text);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct domain *m = me->self;
    const struct brn_schema *schema = me->out[BRINE_METHOD_TRANSFORM];
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            const struct column *c = &m->columns[i];
            const struct brn_slot *slot = schema->slots[i];
            struct cell cell = {m, in, work, r, slot->name};
            if (c->form == BRN_FORM_NUMBER) {
                double v = in->numbers[r * in->number_stride + (size_t)c->place];
                BRN_TRY(settle_number(&cell, c, &v));
                out->numbers[r * out->number_stride + (size_t)slot->number] = v;
            } else {
                struct brn_slice v = in->documents[r * in->document_stride + (size_t)c->place];
                BRN_TRY(settle_text(&cell, c, &v));
                out->documents[r * out->document_stride + (size_t)slot->document] = v;
            }
        }
    return BRINE_OK;
}

/* ---- classes ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD_OPTIONAL(struct domain, missing_node, "missing_values", NODE,
                       "what counts as missing; None: None and NaN"),
    BRN_FIELD(struct domain, missing_treatment, "missing_value_treatment", TEXT,
              "whether missing values are refused"),
    BRN_FIELD_OPTIONAL(struct domain, missing_replacement_node, "missing_value_replacement", NODE,
                       "what missing values become"),
    BRN_FIELD(struct domain, invalid_treatment, "invalid_value_treatment", TEXT,
              "what becomes of values that fit has not seen"),
    BRN_FIELD_OPTIONAL(struct domain, invalid_replacement_node, "invalid_value_replacement", NODE,
                       "what invalid values become"),
    BRN_FIELD_OPTIONAL(struct domain, dtype, "dtype", NODE, "what values are cast to first"),
    BRN_FIELD_OPTIONAL(struct domain, fitted_dtype, "dtype_", NODE, "of the training column"),
    BRN_FIELD_IGNORE("with_data", "of fit; data_ and data_min_ are what came of it"),
    BRN_FIELD_IGNORE("with_statistics", "of fit"),
    BRN_FIELD_IGNORE("display_name", "of the PMML document"),
    BRN_FIELD_IGNORE("counts_", "of the PMML document"),
    BRN_FIELD_END,
};

static const struct brn_field continuous_fields[] = {
    BRN_FIELD(struct domain, outlier_treatment, "outlier_treatment", TEXT,
              "what becomes of values beyond low_value and high_value"),
    BRN_FIELD_OPTIONAL(struct domain, low_node, "low_value", NODE, "the least that is no outlier"),
    BRN_FIELD_OPTIONAL(struct domain, high_node, "high_value", NODE, "the greatest"),
    BRN_FIELD_OPTIONAL(struct domain, data_min, "data_min_", MATRIX, "the least valid value"),
    BRN_FIELD_OPTIONAL(struct domain, data_max, "data_max_", MATRIX, "the greatest"),
    BRN_FIELD_IGNORE("data_min", "data_min_ is what came of it"),
    BRN_FIELD_IGNORE("data_max", "data_max_ is what came of it"),
    BRN_FIELD_IGNORE("numeric_info_", "of the PMML document"),
    BRN_FIELD_END,
};

static const struct brn_field discrete_fields[] = {
    BRN_FIELD_OPTIONAL(struct domain, data, "data_", NODE, "the valid values, before 0.101"),
    BRN_FIELD_OPTIONAL(struct domain, data_values, "data_values_", NODE, "the valid values"),
    BRN_FIELD_OPTIONAL(struct domain, statistics, "discr_stats_", NODE,
                       "values seen and how often: whether they are text"),
    BRN_FIELD_IGNORE("data_values", "data_values_ is what came of it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn2pmml.decoration", NULL};

#define DOMAIN(class, own_fields)                                                             \
    {                                                                                         \
        .name = class, .jumps = true, .modules = modules, .library = "sklearn2pmml",          \
        .is_beside = true, .size = sizeof(struct domain), .fields = common_fields,            \
        .more_fields = own_fields, .prepare = prepare, .bind = bind, .takes_any_width = true, \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},                       \
    }

static const struct brn_estimator continuous = DOMAIN("ContinuousDomain", continuous_fields);
static const struct brn_estimator categorical = DOMAIN("CategoricalDomain", discrete_fields);
static const struct brn_estimator ordinal = DOMAIN("OrdinalDomain", discrete_fields);

static const struct brn_estimator *const estimators[] = {&continuous, &categorical, &ordinal, NULL};

const struct brn_family brn_family_pmml_domain = {estimators};
