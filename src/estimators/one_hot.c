/* SPDX-License-Identifier: Apache-2.0
 *
 * one_hot.c - OneHotEncoder.  sklearn/preprocessing/_encoders.py, transform().
 *
 * All that fit decided (grouping of infrequent categories, dropped ones, what unknown ones become)
 * is worked out once, into the output column of each category. */
#include "estimators/shared_categories.h"

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

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct one_hot *m = me->self;
    static const char *const known[] = {"error", "ignore", "infrequent_if_exist", "warn"};
    bool ok = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        ok = ok || unknown_is(m, known[i]);
    if (!ok)
        return brn_unsupported(build, "handle_unknown", "is not one of its known values");
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

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct one_hot *m = me->self;
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

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct one_hot *m = me->self;
    BRN_TRY(
        brn_categories_check(m->categories, m->feature_count, in, unknown_is(m, "error"), work));
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

static const struct brn_field fields[] = {
    BRN_FIELD(struct one_hot, categories_node, "categories_", NODE, "known values of each feature"),
    BRN_FIELD(struct one_hot, handle_unknown, "handle_unknown", TEXT,
              "error, ignore, infrequent_if_exist or warn"),
    BRN_FIELD(struct one_hot, drop_idx, "_drop_idx_after_grouping", NODE, "dropped outputs"),
    BRN_FIELD_OPTIONAL(struct one_hot, infrequent_indices, "_infrequent_indices", NODE,
                       "infrequent categories of each feature"),
    BRN_FIELD_OPTIONAL(struct one_hot, mappings, "_default_to_infrequent_mappings", NODE,
                       "group of each category"),
    BRN_FIELD(struct one_hot, dtype, "dtype", NODE, "of the result; float32 rounds later steps"),
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
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._encoders", NULL};

static const struct brn_estimator one_hot_encoder = {
    .name = "OneHotEncoder",
    .modules = modules,
    .size = sizeof(struct one_hot),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&one_hot_encoder, NULL};

const struct brn_family brn_family_one_hot = {estimators};
