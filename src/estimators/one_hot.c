/* SPDX-License-Identifier: Apache-2.0
 *
 * one_hot.c - OneHotEncoder.  sklearn/preprocessing/_encoders.py, transform().
 *
 * All that fit decided (grouping of infrequent categories, dropped ones, what unknown ones become)
 * is worked out once, into the output column of each category. */
#include "estimators/shared_categories.h"
#include "estimators/shared_legacy_one_hot.h"

enum { NO_COLUMN = -1 };

struct feature {
    int32_t *column;     /* of each category: which output is 1, or NO_COLUMN */
    int32_t unknown;     /* the same for a value that is no category */
    size_t first, width; /* its outputs */
    struct brn_grouping grouping;
    int64_t drop; /* dropped group, or -1 */
};

struct one_hot {
    const struct brn_node *categories_node, *drop_idx, *infrequent_indices, *mappings, *dtype;
    const char *handle_unknown;
    struct brn_categories *categories;
    struct feature *features;
    size_t feature_count, width;
    bool single; /* dtype=float32 */
    bool is_sparse;
    bool legacy_mode; /* then all but legacy, single and is_sparse is unused */
    struct brn_legacy_one_hot legacy;
};

static bool unknown_is(const struct one_hot *m, const char *word)
{
    return brn_text_is(m->handle_unknown, word);
}

/* The output of a group, after the dropped one has left: NO_COLUMN for that itself. */
static int32_t column_of_group(const struct feature *f, int64_t group)
{
    if (group == f->drop)
        return NO_COLUMN;
    return (int32_t)f->first + (int32_t)group - (f->drop >= 0 && group > f->drop);
}

static const struct brn_era warn_eras[] = {
    {0, 10800, false, "handle_unknown=\"warn\" leaves unknown values empty, whatever 1.6 says"},
    {10800, 0, true, "handle_unknown=\"warn\" counts unknown values as infrequent"},
    BRN_ERA_END,
};

static int32_t column_of_unknown(const struct one_hot *m, const struct feature *f,
                                 brn_version version)
{
    bool as_infrequent = unknown_is(m, "infrequent_if_exist") ||
                         (unknown_is(m, "warn") && brn_era_behaviour(warn_eras, version));
    if (!as_infrequent || !f->grouping.present)
        return NO_COLUMN;
    return column_of_group(f, f->grouping.mapping[f->grouping.first_infrequent]);
}

static brine_status read_drops(const struct one_hot *m, struct brn_build *build,
                               struct brn_values *ret_drops)
{
    if (!m->drop_idx || m->drop_idx->kind == BRN_NONE)
        return BRINE_OK;
    BRN_TRY(brn_decode_values(build, m->drop_idx, ret_drops));
    if (ret_drops->count != m->feature_count)
        return brn_ill_formed(build, "_drop_idx_after_grouping", "has %zu entries for %zu features",
                              ret_drops->count, m->feature_count);
    return BRINE_OK;
}

static brine_status set_drop(struct feature *f, size_t i, size_t groups,
                             const struct brn_values *drops, struct brn_build *build)
{
    f->drop = -1;
    if (!drops->present || drops->at[i].kind == BRN_VALUE_NONE)
        return BRINE_OK;
    struct brn_value v = drops->at[i];
    if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (size_t)v.as.integer >= groups)
        return brn_ill_formed(build, "_drop_idx_after_grouping", "names no category of feature %zu",
                              i);
    f->drop = v.as.integer;
    return BRINE_OK;
}

static brine_status prepare_feature(struct brn_instance *me, size_t i,
                                    const struct brn_values *drops, struct brn_build *build)
{
    struct one_hot *m = me->self;
    struct feature *f = &m->features[i];
    size_t categories = m->categories[i].values.count;
    BRN_TRY(brn_grouping_decode(build, m->mappings, m->infrequent_indices, i, &m->categories[i],
                                &f->grouping));
    size_t groups = f->grouping.present ? (size_t)f->grouping.largest + 1 : categories;
    BRN_TRY(set_drop(f, i, groups, drops, build));
    f->first = m->width;
    f->width = groups - (f->drop >= 0);
    f->column = BRN_BUILD_NEW(build, int32_t, categories);
    if (!f->column)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < categories; k++)
        f->column[k] =
            column_of_group(f, f->grouping.present ? f->grouping.mapping[k] : (int64_t)k);
    f->unknown = column_of_unknown(m, f, me->version);
    m->width += f->width;
    return m->width < INT32_MAX / 2 ? BRINE_OK
                                    : brn_fail(build->err, BRINE_LIMIT, "too many outputs");
}

static brine_status prepare_legacy(struct brn_instance *me, struct brn_build *build)
{
    struct one_hot *m = me->self;
    m->legacy_mode = true;
    m->legacy.refuse_unknown = !unknown_is(m, "ignore");
    m->single = brn_node_is_global(m->dtype, "numpy", "float32");
    return brn_legacy_one_hot_prepare(me, build, &m->legacy);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct one_hot *m = me->self;
    if (m->legacy_mode)
        return prepare_legacy(me, build);
    static const char *const known[] = {"error", "ignore", "infrequent_if_exist", "warn"};
    bool ok = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        ok = ok || unknown_is(m, known[i]);
    if (!ok)
        return brn_unsupported(build, "handle_unknown", "is not one of its known values");
    BRN_TRY(brn_expect_features(build, me, brn_node_count(m->categories_node), "categories_"));
    m->feature_count = me->feature_count;
    BRN_TRY(brn_categories_decode(build, m->categories_node, me->feature_count, &m->categories));
    m->features = BRN_BUILD_NEW(build, struct feature, me->feature_count);
    if (!m->features)
        return brn_fail_memory(build->err);
    struct brn_values drops = {0};
    BRN_TRY(read_drops(m, build, &drops));
    for (size_t i = 0; i < me->feature_count; i++)
        BRN_TRY(prepare_feature(me, i, &drops, build));
    m->single = brn_node_is_global(m->dtype, "numpy", "float32");
    return BRINE_OK;
}

/* ---- names ---- */

static const char *column_label(const struct one_hot *m, size_t i, size_t category,
                                struct brn_build *build)
{
    const struct brn_grouping *g = &m->features[i].grouping;
    if (g->present && g->mapping[category] == g->largest)
        return "infrequent_sklearn";
    return brn_value_text(m->categories[i].values.at[category], build->scratch);
}

static brine_status make_names(const struct one_hot *m, const struct brn_schema *in,
                               const char **names, struct brn_build *build)
{
    for (size_t i = 0; i < in->count; i++)
        for (size_t k = 0; k < m->categories[i].values.count; k++) {
            int32_t column = m->features[i].column[k];
            const char *label = column_label(m, i, k, build), *feature = in->slots[i]->name;
            if (!label)
                return brn_fail_memory(build->err);
            if (column == NO_COLUMN)
                continue;
            names[column] = brn_arena_printf(build->arena, "%s_%s", feature ? feature : "", label);
            if (!names[column])
                return brn_fail_memory(build->err);
        }
    return BRINE_OK;
}

static brine_status bind_legacy(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct one_hot *m = me->self;
    struct brn_schema *out = NULL;
    BRN_TRY(brn_legacy_one_hot_bind(me, in, build, &m->legacy, &out));
    out->is_sparse = m->is_sparse && m->legacy.selected_count > 0;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct one_hot *m = me->self;
    if (m->legacy_mode)
        return bind_legacy(me, in, build);
    BRN_TRY(brn_categories_bind(build, in, m->categories));
    const char **names = BRN_BUILD_NEW(build, const char *, m->width);
    if (!names)
        return brn_fail_memory(build->err);
    BRN_TRY(make_names(m, in, names, build));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->width, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = m->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

/* Columns that are passed on stay float64, unless 0.20 and later bring them to dtype. */
static const struct brn_era others_eras[] = {
    {0, 2000, false, "_transform_selected leaves other columns as they are"},
    {2000, 0, true, "it turns them into dtype"},
    BRN_ERA_END,
};

static brine_status transform_legacy(const struct brn_instance *me, const struct brn_tile *in,
                                     struct brn_tile *out, struct brn_work *work)
{
    const struct one_hot *m = me->self;
    bool of_dtype = m->legacy.other_count == 0 ||
                    (brn_era_behaviour(others_eras, me->version) && m->legacy.selected_count > 0);
    BRN_TRY(brn_legacy_one_hot_run(&m->legacy, in, out, work));
    out->single = m->single && (of_dtype || in->single);
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < m->legacy.other_count; i++) {
            double *v = &out->numbers[r * out->number_stride + m->legacy.width + i];
            if (out->single)
                *v = (double)(float)*v;
            if (m->is_sparse && *v == 0)
                *v = 0; /* a sparse matrix holds no -0 */
        }
    return BRINE_OK;
}

static const struct brn_era missing_eras[] = {
    {0, 2400, true, "_check_X refuses missing values"},
    {2400, 0, false, "_check_X lets them through"},
    BRN_ERA_END,
};

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct one_hot *m = me->self;
    if (m->legacy_mode)
        return transform_legacy(me, in, out, work);
    struct brn_category_rule rule = {unknown_is(m, "error"),
                                     brn_era_behaviour(missing_eras, me->version)};
    BRN_TRY(brn_categories_check(m->categories, m->feature_count, in, rule, work));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        memset(row, 0, m->width * sizeof *row);
        for (size_t i = 0; i < m->feature_count; i++) {
            int32_t category = brn_category_of(&m->categories[i], in, r);
            const struct feature *f = &m->features[i];
            int32_t column = category >= 0 ? f->column[category] : f->unknown;
            if (column != NO_COLUMN)
                row[column] = 1;
        }
    }
    out->single = m->single;
    return BRINE_OK;
}

#define LEGACY(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct one_hot, legacy.member, attribute, kind, doc)

static const struct brn_field legacy_fields[] = {
    LEGACY(n_values, "n_values", NODE, "'auto' leaves out values never seen"),
    BRN_FIELD(struct one_hot, legacy.limits, "n_values_", VALUES, "values of each feature"),
    LEGACY(active, "active_features_", VALUES, "columns that were seen"),
    BRN_FIELD(struct one_hot, legacy.selection, "categorical_features", NODE,
              "which features are encoded"),
    BRN_FIELD(struct one_hot, handle_unknown, "handle_unknown", TEXT, "error or ignore"),
    BRN_FIELD(struct one_hot, dtype, "dtype", NODE, "of the result; float32 rounds later steps"),
    BRN_FIELD(struct one_hot, is_sparse, "sparse", BOOL, "whether the result is a sparse matrix"),
    BRN_FIELD_IGNORE("feature_indices_", "sums of n_values_"),
    BRN_FIELD_END,
};

static const struct brn_field fields[] = {
    BRN_FIELD(struct one_hot, categories_node, "categories_", NODE, "known values of each feature"),
    BRN_FIELD(struct one_hot, handle_unknown, "handle_unknown", TEXT,
              "error, ignore, infrequent_if_exist or warn"),
    BRN_FIELD_OPTIONAL_WINDOW(struct one_hot, drop_idx, "drop_idx_", NODE, 2100, 10200,
                              "dropped outputs"),
    BRN_FIELD_WINDOW(struct one_hot, drop_idx, "_drop_idx_after_grouping", NODE, 10200, 0,
                     "dropped outputs"),
    BRN_FIELD_OPTIONAL(struct one_hot, infrequent_indices, "_infrequent_indices", NODE,
                       "infrequent categories of each feature"),
    BRN_FIELD_OPTIONAL(struct one_hot, mappings, "_default_to_infrequent_mappings", NODE,
                       "group of each category"),
    BRN_FIELD(struct one_hot, dtype, "dtype", NODE, "of the result; float32 rounds later steps"),
    BRN_FIELD_WINDOW(struct one_hot, legacy_mode, "_legacy_mode", BOOL, 2000, 2200,
                     "whether it works as before 0.20"),
    LEGACY(n_values, "_n_values", NODE, "'auto' leaves out values never seen"),
    LEGACY(limits, "_n_values_", VALUES, "values of each feature"),
    LEGACY(active, "_active_features_", VALUES, "columns that were seen"),
    LEGACY(selection, "_categorical_features", NODE, "which features are encoded"),
    BRN_FIELD_IGNORE("_feature_indices_", "sums of _n_values_"),
    BRN_FIELD_IGNORE("n_values", "_n_values is what came of it"),
    BRN_FIELD_IGNORE("categorical_features", "_categorical_features is what came of it"),
    BRN_FIELD_IGNORE("categories", "categories_ is what came of it"),
    BRN_FIELD_IGNORE("drop", "_drop_idx_after_grouping is what came of it"),
    BRN_FIELD_IGNORE("drop_idx_", "_drop_idx_after_grouping, before grouping"),
    BRN_FIELD_WINDOW(struct one_hot, is_sparse, "sparse", BOOL, 0, 10200,
                     "whether the result is a sparse matrix"),
    BRN_FIELD_WINDOW(struct one_hot, is_sparse, "sparse_output", BOOL, 10200, 0,
                     "whether the result is a sparse matrix"),
    BRN_FIELD_IGNORE("sparse", "since 1.2: the old name of sparse_output"),
    BRN_FIELD_IGNORE("min_frequency", "of fit; the mappings are what came of it"),
    BRN_FIELD_IGNORE("max_categories", "of fit; the mappings are what came of it"),
    BRN_FIELD_IGNORE("feature_name_combiner", "names of outputs; \"concat\" is assumed"),
    BRN_FIELD_IGNORE("_infrequent_enabled", "the mappings are what came of it"),
    BRN_FIELD_IGNORE("_n_features_outs", "widths, known from the categories"),
    BRN_FIELD_IGNORE("_categories", "categories_ is what came of it, until 0.21"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._encoders", NULL};

static const struct brn_estimator one_hot_encoder = {
    .name = "OneHotEncoder",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct one_hot),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true, /* in legacy mode */
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const char *const legacy_modules[] = {"sklearn.preprocessing.data", NULL};

static const struct brn_estimator legacy_one_hot_encoder = {
    .name = "OneHotEncoder",
    .jumps = true,
    .modules = legacy_modules,
    .size = sizeof(struct one_hot),
    .fields = legacy_fields,
    .prepare = prepare_legacy,
    .bind = bind_legacy,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform_legacy, BRN_EXACT}},
    .until = 2000,
};

static const struct brn_estimator *const estimators[] = {&one_hot_encoder, &legacy_one_hot_encoder,
                                                         NULL};

const struct brn_family brn_family_one_hot = {estimators};
