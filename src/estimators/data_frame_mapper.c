/* SPDX-License-Identifier: Apache-2.0
 *
 * data_frame_mapper.c - sklearn_pandas.DataFrameMapper: columns of a table by name, each group
 * through its own transformer, the results side by side.  sklearn_pandas/dataframe_mapper.py. */
#include "estimators/shared_union.h"

struct mapper {
    const struct brn_node *features, *built_features, *other, *built_other, *dropped;
    const struct brn_node *output_names; /* transformed_names_ */
    bool is_sparse;

    struct brn_union all;
    struct brn_values *columns; /* names that each part selects */
    bool passes_others;         /* what no entry selects is passed on, or transformed, last */
    struct brn_instance *others;
};

/* ---- what the entries select ---- */

static brine_status read_names(struct brn_build *build, const struct brn_node *node,
                               struct brn_values *ret_names)
{
    bool is_one = brn_node_text(node).p != NULL;
    struct brn_values names = {.count = 1, .present = true};
    if (is_one) {
        names.at = BRN_BUILD_NEW(build, struct brn_value, 1);
        if (!names.at)
            return brn_fail_memory(build->err);
        BRN_TRY(brn_decode_value(build, node, names.at));
    } else {
        BRN_TRY(brn_decode_values(build, node, &names));
    }
    for (size_t i = 0; i < names.count; i++)
        if (names.at[i].kind != BRN_VALUE_TEXT)
            return brn_fail(build->err, BRINE_UNSUPPORTED, "a column is not selected by its name");
    *ret_names = names;
    return BRINE_OK;
}

/* Options of an entry only name its outputs, or say which container the transformer gets. */
static brine_status check_options(const struct brn_build *build, const struct brn_node *options)
{
    static const char *const known[] = {"alias", "prefix", "suffix", "input_df"};
    for (size_t i = 0; brn_is(options, BRN_DICT) && i + 1 < options->as.items.count; i += 2) {
        bool ok = false;
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            ok = ok || brn_node_is_text(options->as.items.at[i], known[k]);
        if (!ok)
            return brn_fail(build->err, BRINE_UNSUPPORTED, "has an option that is not known");
    }
    return BRINE_OK;
}

static brine_status read_entry(struct brn_build *build, const struct brn_node *entry,
                               struct brn_values *ret_names)
{
    if (brn_node_count(entry) < 2 || brn_node_count(entry) > 3)
        return brn_fail(build->err, BRINE_MODEL, "is no (columns, transformer, options)");
    BRN_TRY(read_names(build, brn_node_item(entry, 0), ret_names));
    return check_options(build, brn_node_item(entry, 2));
}

static brine_status read_part(struct brn_instance *me, const struct brn_node *list,
                              const char *attribute, size_t i, struct brn_build *build)
{
    struct mapper *m = me->self;
    const struct brn_node *entry = brn_node_item(list, i);
    struct brn_union_part *part = &m->all.parts[i];
    brine_status status = read_entry(build, entry, &m->columns[i]);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "%s[%zu]", attribute, i);
        return status;
    }
    *part = (struct brn_union_part){.name = attribute, .weight = 1};
    m->all.count++;
    const struct brn_node *transformer = brn_node_item(entry, 1);
    if (brn_is(transformer, BRN_NONE))
        return BRINE_OK;
    if (brn_is(transformer, BRN_LIST))
        return brn_unsupported(build, attribute,
                               "entry %zu holds a list: the mapper was not fitted", i);
    return brn_decode_child(build, me, transformer, &part->transformer, "%s[%zu][1]", attribute, i);
}

/* default: False drops the other columns, None passes them on, all else transforms them. */
static brine_status read_others(struct brn_instance *me, struct brn_build *build)
{
    struct mapper *m = me->self;
    const struct brn_node *node = m->built_other ? m->built_other : m->other;
    if (!node || (brn_is(node, BRN_BOOL) && !node->as.boolean))
        return BRINE_OK;
    m->passes_others = true;
    if (brn_is(node, BRN_NONE))
        return BRINE_OK;
    return brn_decode_child(build, me, node, &m->others, "%s",
                            m->built_other ? "built_default" : "default");
}

static bool is_among(const struct brn_values *names, struct brn_slice name)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->at[i].kind == BRN_VALUE_TEXT && brn_slice_equal(names->at[i].as.text, name))
            return true;
    return false;
}

/* Of a model whose root is the mapper: the columns that it selects, in the order of its entries. */
static brine_status name_features(struct brn_instance *me, struct brn_build *build)
{
    struct mapper *m = me->self;
    size_t total = 0, count = 0;
    for (size_t i = 0; i < m->all.count; i++)
        total += m->columns[i].count;
    struct brn_values seen = {.at = BRN_BUILD_NEW(build, struct brn_value, total)};
    const char **names = BRN_BUILD_NEW(build, const char *, total);
    if (!seen.at || !names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->all.count; i++)
        for (size_t k = 0; k < m->columns[i].count; k++) {
            struct brn_value v = m->columns[i].at[k];
            if (is_among(&seen, v.as.text))
                continue;
            seen.at[seen.count++] = v;
            names[count++] = (const char *)v.as.text.p;
        }
    me->feature_names = names;
    me->feature_count = count;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct mapper *m = me->self;
    const struct brn_node *list = m->built_features ? m->built_features : m->features;
    const char *attribute = m->built_features ? "built_features" : "features";
    size_t count = brn_node_count(list);
    m->all.parts = BRN_BUILD_NEW(build, struct brn_union_part, count + 1);
    m->columns = BRN_BUILD_NEW(build, struct brn_values, count + 1);
    if (!m->all.parts || !m->columns)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        BRN_TRY(read_part(me, list, attribute, i, build));
    BRN_TRY(read_others(me, build));
    return m->passes_others ? BRINE_OK : name_features(me, build);
}

/* ---- binding ---- */

static brine_status find_column(const struct brn_schema *in, struct brn_slice name,
                                struct brn_build *build, size_t *ret_column)
{
    for (size_t i = 0; i < in->count; i++) {
        const char *own = brn_schema_name(in, i);
        if (own && brn_slice_is(name, own)) {
            *ret_column = i;
            return BRINE_OK;
        }
    }
    return brn_fail(build->err, BRINE_MODEL,
                    "DataFrameMapper selects \"%.*s\", which is no column that comes", BRN_S(name));
}

static brine_status select_part(struct mapper *m, size_t i, const struct brn_schema *in,
                                struct brn_build *build)
{
    const struct brn_values *names = &m->columns[i];
    size_t *columns = BRN_BUILD_NEW(build, size_t, names->count);
    if (!columns)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < names->count; k++)
        BRN_TRY(find_column(in, names->at[k].as.text, build, &columns[k]));
    m->all.parts[i].in = brn_schema_select(build->arena, in, columns, names->count);
    return m->all.parts[i].in ? BRINE_OK : brn_fail_memory(build->err);
}

static bool is_selected(const struct mapper *m, const struct brn_values *dropped,
                        struct brn_slice name)
{
    bool found = is_among(dropped, name);
    for (size_t i = 0; !found && i < m->all.count; i++)
        found = is_among(&m->columns[i], name);
    return found;
}

/* A last part, of all columns that no other selects. */
static brine_status select_others(struct mapper *m, const struct brn_schema *in,
                                  struct brn_build *build)
{
    struct brn_values dropped = {0};
    size_t *columns = BRN_BUILD_NEW(build, size_t, in->count), count = 0;
    if (!columns)
        return brn_fail_memory(build->err);
    if (m->dropped && !brn_is(m->dropped, BRN_NONE))
        BRN_TRY(brn_decode_values(build, m->dropped, &dropped));
    for (size_t i = 0; i < in->count; i++) {
        const char *name = brn_schema_name(in, i);
        if (!name || !is_selected(m, &dropped, brn_slice_of(name)))
            columns[count++] = i;
    }
    struct brn_union_part *part = &m->all.parts[m->all.count++];
    *part = (struct brn_union_part){.name = "default", .transformer = m->others, .weight = 1};
    part->in = brn_schema_select(build->arena, in, columns, count);
    return part->in ? BRINE_OK : brn_fail_memory(build->err);
}

/* The names that fit wrote down, as long as they are as many as the columns; of columns given as an
 * array they are arrays. */
static brine_status name_outputs(const struct mapper *m, const struct brn_schema *out,
                                 struct brn_build *build)
{
    if (!m->output_names || brn_node_count(m->output_names) != out->count)
        return BRINE_OK;
    for (size_t i = 0; i < out->count; i++) {
        struct brn_slice name = brn_node_text(brn_node_item(m->output_names, i));
        if (name.p && !(out->slots[i]->name = brn_arena_text(build->arena, name)))
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct mapper *m = me->self;
    if (in->is_compressed)
        return brn_unsupported(build, "", "DataFrameMapper gets a sparse matrix, not a table");
    for (size_t i = 0; i < m->all.count; i++)
        BRN_TRY(select_part(m, i, in, build));
    if (m->passes_others)
        BRN_TRY(select_others(m, in, build));
    struct brn_schema *out;
    BRN_TRY(brn_union_bind(&m->all, true, build, &out));
    out->is_sparse = out->is_sparse && m->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return name_outputs(m, out, build);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct mapper *m = me->self;
    return brn_union_run(&m->all, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct mapper *m = me->self;
    (void)method; /* it has one */
    return brn_union_equality(&m->all);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct mapper, features, "features", NODE, "columns, transformers and options"),
    BRN_FIELD_OPTIONAL(struct mapper, built_features, "built_features", NODE,
                       "the same with pipelines for lists"),
    BRN_FIELD_OPTIONAL(struct mapper, other, "default", NODE, "of the columns not selected"),
    BRN_FIELD_OPTIONAL(struct mapper, built_other, "built_default", NODE, "the same, built"),
    BRN_FIELD_OPTIONAL(struct mapper, dropped, "drop_cols", NODE,
                       "columns that default leaves out"),
    BRN_FIELD_OPTIONAL(struct mapper, is_sparse, "sparse", BOOL,
                       "whether the result is a sparse matrix when a part is"),
    BRN_FIELD_OPTIONAL(struct mapper, output_names, "transformed_names_", NODE,
                       "names of the outputs"),
    BRN_FIELD_IGNORE("build_features", "features, once more"),
    BRN_FIELD_IGNORE("df_out", "the container of the result"),
    BRN_FIELD_IGNORE("input_df", "the container that transformers get"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn_pandas.dataframe_mapper", NULL};

static const struct brn_estimator data_frame_mapper = {
    .name = "DataFrameMapper",
    .modules = modules,
    .library = "sklearn_pandas",
    .is_beside = true,
    .size = sizeof(struct mapper),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .selects_by_name = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&data_frame_mapper, NULL};

const struct brn_family brn_family_data_frame_mapper = {estimators};
