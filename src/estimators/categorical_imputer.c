/* SPDX-License-Identifier: Apache-2.0
 *
 * categorical_imputer.c - sklearn_pandas.CategoricalImputer: one value for all that are missing.
 * sklearn_pandas/categorical_imputer.py, until 2.0. */
#include "estimators/shared_frame.h"

#include <math.h>

struct imputer {
    const struct brn_node *missing_node, *fill_node;
    struct brn_value missing, fill;
    bool missing_is_null; /* None and NaN are missing */
    double fill_number;
    enum brn_form form;
    int32_t *places;
    size_t count;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct imputer *m = me->self;
    BRN_TRY(brn_decode_value(build, m->missing_node, &m->missing));
    BRN_TRY(brn_decode_value(build, m->fill_node, &m->fill));
    m->missing_is_null =
        brn_value_is_missing(m->missing) ||
        (m->missing.kind == BRN_VALUE_TEXT && brn_slice_is(m->missing.as.text, "NaN"));
    struct brn_values fill = {.at = &m->fill, .count = 1};
    if (!brn_frame_form(&fill, &m->form))
        return brn_ill_formed(build, "fill_", "is missing itself");
    brn_value_number(m->fill, &m->fill_number);
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct imputer *m = me->self;
    bool is_text = m->form == BRN_FORM_DOCUMENT;
    enum brn_form *forms = BRN_BUILD_NEW(build, enum brn_form, in->count);
    m->places = BRN_BUILD_NEW(build, int32_t, in->count);
    if (!forms || !m->places)
        return brn_fail_memory(build->err);
    m->count = in->count;
    for (size_t i = 0; i < in->count; i++) {
        forms[i] = m->form;
        m->places[i] = is_text ? brn_schema_document(in, i) : brn_schema_number(in, i);
        if (m->places[i] < 0)
            return brn_ill_formed(build, "fill_", "is %s, column %zu is not",
                                  is_text ? "text" : "a number", i);
    }
    me->out[BRINE_METHOD_TRANSFORM] = brn_frame_schema(build, in, forms);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static bool is_missing_text(const struct imputer *m, struct brn_slice text)
{
    if (m->missing_is_null)
        return !text.p;
    return text.p && m->missing.kind == BRN_VALUE_TEXT && brn_slice_equal(text, m->missing.as.text);
}

static bool is_missing_number(const struct imputer *m, double v)
{
    double missing;
    if (m->missing_is_null)
        return isnan(v);
    return brn_value_number(m->missing, &missing) && v == missing;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct imputer *m = me->self;
    (void)work;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            size_t place = (size_t)m->places[i];
            if (m->form == BRN_FORM_DOCUMENT) {
                struct brn_slice v = in->documents[r * in->document_stride + place];
                out->documents[r * out->document_stride + i] =
                    is_missing_text(m, v) ? m->fill.as.text : v;
            } else {
                double v = in->numbers[r * in->number_stride + place];
                double fill = in->single ? (double)(float)m->fill_number : m->fill_number;
                out->numbers[r * out->number_stride + i] = is_missing_number(m, v) ? fill : v;
            }
        }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct imputer, missing_node, "missing_values", NODE, "what counts as missing"),
    BRN_FIELD(struct imputer, fill_node, "fill_", NODE, "what missing values become"),
    BRN_FIELD_IGNORE("strategy", "fill_ is what came of it"),
    BRN_FIELD_IGNORE("fill_value", "fill_ is what came of it"),
    BRN_FIELD_IGNORE("replacement", "fill_ is what came of it"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn_pandas.categorical_imputer",
                                      "sklearn_pandas.transformers", NULL};

static const struct brn_estimator categorical_imputer = {
    .name = "CategoricalImputer",
    .jumps = true,
    .modules = modules,
    .library = "sklearn_pandas",
    .is_beside = true,
    .size = sizeof(struct imputer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&categorical_imputer, NULL};

const struct brn_family brn_family_categorical_imputer = {estimators};
