/* SPDX-License-Identifier: Apache-2.0
 *
 * target_encoder.c - TargetEncoder: what the target was on average where a feature had a category.
 * sklearn/preprocessing/_target_encoder.py. */
#include "estimators/shared_categories.h"

struct target_encoder {
    const struct brn_node *categories_node, *encodings_node, *classes_node;
    struct brn_matrix mean; /* of the target; of several classes one each */
    const char *target_type;
    struct brn_values classes;

    struct brn_categories *categories;
    struct brn_matrix *encodings; /* of feature i and class k at i * per_feature + k */
    size_t per_feature, width;
};

static brine_status read_encoding(struct target_encoder *m, struct brn_build *build, size_t e)
{
    size_t known = m->categories[e / m->per_feature].values.count;
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->encodings_node, e), &m->encodings[e]));
    if (m->encodings[e].rows == 1 && m->encodings[e].columns == known)
        return BRINE_OK;
    return brn_ill_formed(build, "encodings_", "%zu are %zu values for %zu categories", e,
                          m->encodings[e].rows * m->encodings[e].columns, known);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct target_encoder *m = me->self;
    bool several = brn_text_is(m->target_type, "multiclass");
    if (several && m->classes_node)
        BRN_TRY(brn_decode_values(build, m->classes_node, &m->classes));
    m->per_feature = several ? m->classes.count : 1;
    BRN_TRY(brn_expect_features(build, me, brn_node_count(m->categories_node), "categories_"));
    m->width = me->feature_count;
    BRN_TRY(brn_categories_decode(build, m->categories_node, m->width, &m->categories));
    size_t count = brn_node_count(m->encodings_node);
    if (m->per_feature == 0 || count / m->per_feature != m->width || count % m->per_feature)
        return brn_ill_formed(build, "encodings_", "are %zu for %zu features", count, m->width);
    if (m->mean.rows * m->mean.columns != m->per_feature)
        return brn_ill_formed(build, "target_mean_", "has %zu values, expected %zu",
                              m->mean.rows * m->mean.columns, m->per_feature);
    m->encodings = BRN_BUILD_NEW(build, struct brn_matrix, count);
    if (!m->encodings)
        return brn_fail_memory(build->err);
    for (size_t e = 0; e < count; e++)
        BRN_TRY(read_encoding(m, build, e));
    return BRINE_OK;
}

/* "city_red", of feature and class. */
static const char *output_name(const struct target_encoder *m, struct brn_build *build,
                               const struct brn_schema *in, size_t e)
{
    const char *name = brn_schema_name(in, e / m->per_feature);
    char *class = brn_value_text(m->classes.at[e % m->per_feature], build->scratch);
    if (!class)
        return NULL;
    return name ? brn_arena_printf(build->arena, "%s_%s", name, class)
                : brn_arena_printf(build->arena, "x%zu_%s", e / m->per_feature, class);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct target_encoder *m = me->self;
    BRN_TRY(brn_categories_bind(build, in, m->categories));
    if (!brn_text_is(m->target_type, "multiclass"))
        return brn_bind_one_to_one(build, me, in, 0);
    size_t count = m->width * m->per_feature;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    for (size_t e = 0; names && e < count; e++)
        if (!(names[e] = output_name(m, build, in, e)))
            return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_TRANSFORM] = names ? brn_schema_numbers(build->arena, count, names) : NULL;
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct target_encoder *m = me->self;
    struct brn_category_rule rule = {false, false};
    BRN_TRY(brn_categories_check(m->categories, m->width, in, rule, work));
    out->single = false;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->width; i++) {
            int32_t category = brn_category_of(&m->categories[i], in, r);
            for (size_t k = 0; k < m->per_feature; k++) {
                size_t e = i * m->per_feature + k;
                out->numbers[r * out->number_stride + e] =
                    category >= 0 ? m->encodings[e].values[category] : m->mean.values[k];
            }
        }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct target_encoder, categories_node, "categories_", NODE,
              "known values of each feature"),
    BRN_FIELD(struct target_encoder, encodings_node, "encodings_", NODE,
              "of each feature's categories"),
    BRN_FIELD(struct target_encoder, mean, "target_mean_", MATRIX, "for unknown values"),
    BRN_FIELD(struct target_encoder, target_type, "target_type_", TEXT,
              "continuous, binary or multiclass"),
    BRN_FIELD_OPTIONAL(struct target_encoder, classes_node, "classes_", NODE, "of the target"),
    BRN_FIELD_IGNORE("categories", "categories_ is what came of it"),
    BRN_FIELD_IGNORE("target_type", "target_type_ is what came of it"),
    BRN_FIELD_IGNORE("smooth", "of fit"),
    BRN_FIELD_IGNORE("cv", "of fit"),
    BRN_FIELD_IGNORE("cv_", "of fit"),
    BRN_FIELD_IGNORE("shuffle", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("_infrequent_enabled", "False"),
    BRN_FIELD_IGNORE("_label_encoder", "of fit"),
    BRN_FIELD_IGNORE("_label_binarizer", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._target_encoder", NULL};

static const struct brn_estimator target_encoder = {
    .name = "TargetEncoder",
    .jumps = true,
    .since = 10300,
    .modules = modules,
    .size = sizeof(struct target_encoder),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&target_encoder, NULL};

const struct brn_family brn_family_target_encoder = {estimators};
