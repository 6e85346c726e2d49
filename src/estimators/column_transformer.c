/* SPDX-License-Identifier: Apache-2.0
 *
 * column_transformer.c - ColumnTransformer.  sklearn/compose/_column_transformer.py.
 *
 * Since 1.0 fit has resolved every kind of selector (names, positions, slices, masks, callables,
 * remainder) into _transformer_to_input_indices; before, transformers_ has all but the callables.
 */
#include "estimators/shared_columns.h"
#include "estimators/shared_frame.h"
#include "estimators/shared_union.h"

struct column_transformer {
    const struct brn_node *transformers, *indices, *weights, *verbose_names;
    const struct brn_node *old_names, *frame_columns;
    int64_t features_stored;
    struct brn_union all;
    struct brn_selection *selections; /* of each part */
};

/* name -> columns, in the dict that fit left. */
static const struct brn_node *indices_of(const struct column_transformer *m, struct brn_slice name)
{
    const struct brn_node *dict = m->indices;
    for (size_t i = 0; brn_is(dict, BRN_DICT) && i + 1 < dict->as.items.count; i += 2)
        if (brn_slice_equal(brn_node_text(dict->as.items.at[i]), name))
            return dict->as.items.at[i + 1];
    return &brn_nil;
}

static brine_status read_selection(struct column_transformer *m, const struct brn_instance *me,
                                   const struct brn_node *entry, struct brn_build *build)
{
    struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
    const struct brn_node *selector = m->indices ? indices_of(m, name) : brn_node_item(entry, 2);
    brine_status status = brn_columns_select(build, me, selector, &m->selections[m->all.count]);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s[\"%.*s\"]",
                         m->indices ? "_transformer_to_input_indices" : "transformers_",
                         BRN_S(name));
    return status;
}

static brine_status read_part(struct column_transformer *m, struct brn_instance *me, size_t i,
                              struct brn_build *build)
{
    const struct brn_node *entry = brn_node_item(m->transformers, i);
    const struct brn_node *transformer = brn_node_item(entry, 1);
    struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
    if (brn_node_count(entry) < 3 || !name.p)
        return brn_ill_formed(build, "transformers_",
                              "entry %zu is no (name, transformer, columns)", i);
    if (brn_node_is_text(transformer, "drop"))
        return BRINE_OK;
    BRN_TRY(read_selection(m, me, entry, build));
    if (m->selections[m->all.count].count == 0)
        return BRINE_OK; /* scikit-learn skips empty selections too */
    struct brn_union_part *part = &m->all.parts[m->all.count];
    part->name = brn_arena_text(build->arena, name);
    if (!part->name)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_union_weight(build, m->weights, name, &part->weight));
    if (!brn_is_passthrough(transformer))
        BRN_TRY(brn_decode_child(build, me, transformer, &part->transformer,
                                 "transformers_[%zu][1]", i));
    m->all.count++;
    return BRINE_OK;
}

/* Before 1.0 the names of the columns are an array, or the Index of the table of fit. */
static brine_status read_old_names(struct column_transformer *m, struct brn_instance *me,
                                   struct brn_build *build)
{
    bool is_array = m->old_names && m->old_names->kind != BRN_NONE;
    const struct brn_node *node = is_array ? m->old_names : m->frame_columns;
    struct brn_values values = {0};
    if (me->feature_names || !node)
        return BRINE_OK;
    BRN_TRY(brn_frame_values(build, node, &values));
    if (values.count != me->feature_count)
        return brn_ill_formed(build, "_df_columns", "has %zu names for %zu features", values.count,
                              me->feature_count);
    const char **names = BRN_BUILD_NEW(build, const char *, values.count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < values.count; i++)
        if (values.at[i].kind != BRN_VALUE_TEXT)
            return BRINE_OK; /* a table without names: columns go by position */
        else if (!(names[i] = brn_value_text(values.at[i], build->arena)))
            return brn_fail_memory(build->err);
    me->feature_names = names;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct column_transformer *m = me->self;
    size_t count = brn_node_count(m->transformers);
    if (m->features_stored > 0)
        BRN_TRY(brn_expect_features(build, me, (size_t)m->features_stored, "_n_features"));
    BRN_TRY(read_old_names(m, me, build));
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, count);
    m->selections = BRN_BUILD_NEW(build, struct brn_selection, count);
    if (!m->all.parts || !m->selections)
        return brn_fail_memory(build->err);
    if (m->verbose_names && !brn_is(m->verbose_names, BRN_BOOL))
        return brn_unsupported(build, "verbose_feature_names_out", "is neither True nor False");
    m->all.prefix_names = !m->verbose_names || m->verbose_names->as.boolean;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(read_part(m, me, i, build));
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct column_transformer *m = me->self;
    for (size_t i = 0; i < m->all.count; i++) {
        m->all.parts[i].in =
            brn_schema_select(build->arena, in, m->selections[i].columns, m->selections[i].count);
        if (!m->all.parts[i].in)
            return brn_fail_memory(build->err);
    }
    struct brn_schema *out = NULL;
    m->all.may_compress = true;
    BRN_TRY(brn_union_bind(&m->all, false, build, &out));
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct column_transformer *m = me->self;
    return brn_union_run(&m->all, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct column_transformer *m = me->self;
    (void)method; /* it has one */
    return brn_union_equality(&m->all);
}

#define WINDOW(member, attribute, kind, since, until, doc) \
    BRN_FIELD_WINDOW(struct column_transformer, member, attribute, kind, since, until, doc)

static const struct brn_field fields[] = {
    BRN_FIELD(struct column_transformer, transformers, "transformers_", NODE,
              "names, fitted transformers and columns"),
    WINDOW(indices, "_transformer_to_input_indices", NODE, 10000, 0,
           "columns of each name, as positions"),
    BRN_FIELD(struct column_transformer, weights, "transformer_weights", NODE, "factors by name"),
    WINDOW(verbose_names, "verbose_feature_names_out", NODE, 10000, 0,
           "whether output names carry the transformer's"),
    WINDOW(features_stored, "_n_features", INT, 0, 10000, "width of the input"),
    BRN_FIELD_OPTIONAL(struct column_transformer, old_names, "_feature_names_in", NODE,
                       "names of the columns, until 0.24"),
    BRN_FIELD_OPTIONAL(struct column_transformer, frame_columns, "_df_columns", NODE,
                       "the same as the table of fit had them, until 0.24"),
    BRN_FIELD_IGNORE("_has_str_cols", "whether names select columns"),
    BRN_FIELD_IGNORE("transformers", "transformers_ is what came of it"),
    BRN_FIELD_IGNORE("remainder", "transformers_ holds it"),
    BRN_FIELD_IGNORE("_remainder", "transformers_ holds it"),
    BRN_FIELD_IGNORE("_columns", "_transformer_to_input_indices is what came of it"),
    BRN_FIELD_IGNORE("_n_features", "width of the input"),
    BRN_FIELD_IGNORE("sparse_threshold", "the container of the result"),
    BRN_FIELD_OPTIONAL(
        struct column_transformer, all.is_sparse, "sparse_output_", BOOL,
        "whether the result is a sparse matrix; not set when all columns are dropped"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("output_indices_", "where each transformer's outputs lie"),
    BRN_FIELD_IGNORE("_name_to_fitted_passthrough", "transformers that do nothing"),
    BRN_FIELD_IGNORE("_transformers_feature_names_out", "names of set_output containers"),
    BRN_FIELD_IGNORE("force_int_remainder_cols", "how transformers_ shows the remainder"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.compose._column_transformer", NULL};

static const struct brn_estimator column_transformer = {
    .name = "ColumnTransformer",
    .modules = modules,
    .size = sizeof(struct column_transformer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&column_transformer, NULL};

const struct brn_family brn_family_column_transformer = {estimators};
