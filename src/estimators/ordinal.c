/* SPDX-License-Identifier: Apache-2.0
 *
 * ordinal.c - OrdinalEncoder.  sklearn/preprocessing/_encoders.py, transform(). */
#include "estimators/shared_categories.h"

#include <math.h>

struct ordinal {
    const struct brn_node *categories_node, *infrequent_indices, *mappings, *missing_indices,
        *dtype;
    const struct brn_node *unknown_node, *encoded_missing_node;
    const char *handle_unknown;
    struct brn_categories *categories;
    double **values; /* the result of each category of each feature */
    double unknown;
    bool refuse_unknown, single;
    uint8_t integer_bytes; /* dtype is an integer's: unknown and missing values are whole, too */
    size_t feature_count;
};

/* The category of feature i that is NaN, which encoded_missing_value stands for; -1 when none is.
 */
static brine_status missing_index(const struct ordinal *m, size_t i, struct brn_build *build,
                                  int64_t *ret_index)
{
    const struct brn_node *dict = m->missing_indices;
    *ret_index = -1;
    for (size_t k = 0; dict && brn_is(dict, BRN_DICT) && k + 1 < dict->as.items.count; k += 2) {
        int64_t feature;
        BRN_TRY(brn_decode_int(build, dict->as.items.at[k], &feature));
        if (feature == (int64_t)i)
            return brn_decode_int(build, dict->as.items.at[k + 1], ret_index);
    }
    return BRINE_OK;
}

static brine_status prepare_feature(struct ordinal *m, size_t i, double encoded_missing,
                                    struct brn_build *build)
{
    struct brn_grouping g;
    int64_t missing;
    size_t categories = m->categories[i].values.count;
    BRN_TRY(
        brn_grouping_decode(build, m->mappings, m->infrequent_indices, i, &m->categories[i], &g));
    BRN_TRY(missing_index(m, i, build, &missing));
    m->values[i] = BRN_BUILD_NEW(build, double, categories);
    if (!m->values[i])
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < categories; k++) {
        double value = g.present ? (double)g.mapping[k] : (double)k;
        m->values[i][k] = (int64_t)k == missing ? encoded_missing : value;
    }
    return BRINE_OK;
}

static brine_status read_parameters(struct ordinal *m, struct brn_build *build,
                                    double *ret_encoded_missing)
{
    *ret_encoded_missing = (double)NAN;
    m->refuse_unknown = !m->handle_unknown || brn_text_is(m->handle_unknown, "error");
    if (!m->refuse_unknown && !brn_text_is(m->handle_unknown, "use_encoded_value"))
        return brn_unsupported(build, "handle_unknown", "is not one of its known values");
    if (!m->refuse_unknown && brn_decode_number(build, m->unknown_node, &m->unknown) != BRINE_OK)
        return brn_ill_formed(build, "unknown_value", "is no number");
    if (!m->encoded_missing_node)
        return BRINE_OK;
    if (brn_decode_number(build, m->encoded_missing_node, ret_encoded_missing) != BRINE_OK)
        return brn_ill_formed(build, "encoded_missing_value", "is no number");
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct ordinal *m = me->self;
    double encoded_missing;
    BRN_TRY(read_parameters(m, build, &encoded_missing));
    BRN_TRY(brn_expect_features(build, me, brn_node_count(m->categories_node), "categories_"));
    m->feature_count = me->feature_count;
    BRN_TRY(brn_categories_decode(build, m->categories_node, me->feature_count, &m->categories));
    m->values = BRN_BUILD_NEW(build, double *, me->feature_count);
    if (!m->values)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < me->feature_count; i++)
        BRN_TRY(prepare_feature(m, i, encoded_missing, build));
    m->single = brn_node_is_global(m->dtype, "numpy", "float32");
    m->integer_bytes = brn_node_is_global(m->dtype, "numpy", "int64")   ? 8
                       : brn_node_is_global(m->dtype, "numpy", "int32") ? 4
                                                                        : 0;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct ordinal *m = me->self;
    BRN_TRY(brn_categories_bind(build, in, m->categories));
    return brn_bind_one_to_one(build, me, in, m->integer_bytes);
}

static const struct brn_era missing_eras[] = {
    {0, 10000, true, "_check_X refuses missing values"},
    {10000, 0, false, "_check_X lets them through"},
    BRN_ERA_END,
};

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct ordinal *m = me->self;
    struct brn_category_rule rule = {m->refuse_unknown,
                                     brn_era_behaviour(missing_eras, me->version)};
    BRN_TRY(brn_categories_check(m->categories, m->feature_count, in, rule, work));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->feature_count; i++) {
            int32_t category = brn_category_of(&m->categories[i], in, r);
            double value = category >= 0 ? m->values[i][category] : m->unknown;
            out->numbers[r * out->number_stride + i] = m->single ? (double)(float)value : value;
        }
    out->single = m->single;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct ordinal, categories_node, "categories_", NODE, "known values of each feature"),
    BRN_FIELD_WINDOW(struct ordinal, handle_unknown, "handle_unknown", TEXT, 2400, 0,
                     "error or use_encoded_value"),
    BRN_FIELD_WINDOW(struct ordinal, unknown_node, "unknown_value", NODE, 2400, 0,
                     "the result for unknown values"),
    BRN_FIELD_OPTIONAL(struct ordinal, encoded_missing_node, "encoded_missing_value", NODE,
                       "the result for missing values"),
    BRN_FIELD_OPTIONAL(struct ordinal, missing_indices, "_missing_indices", NODE,
                       "which category is NaN, by feature"),
    BRN_FIELD_OPTIONAL(struct ordinal, infrequent_indices, "_infrequent_indices", NODE,
                       "infrequent categories of each feature"),
    BRN_FIELD_OPTIONAL(struct ordinal, mappings, "_default_to_infrequent_mappings", NODE,
                       "group of each category"),
    BRN_FIELD(struct ordinal, dtype, "dtype", NODE, "of the result; float32 rounds"),
    BRN_FIELD_IGNORE("categories", "categories_ is what came of it"),
    BRN_FIELD_IGNORE("min_frequency", "of fit; the mappings are what came of it"),
    BRN_FIELD_IGNORE("max_categories", "of fit; the mappings are what came of it"),
    BRN_FIELD_IGNORE("_infrequent_enabled", "the mappings are what came of it"),
    BRN_FIELD_IGNORE("_categories", "categories_ is what came of it, until 0.21"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._encoders", NULL};

static const struct brn_estimator ordinal_encoder = {
    .name = "OrdinalEncoder",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct ordinal),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&ordinal_encoder, NULL};

const struct brn_family brn_family_ordinal = {estimators};
