/* SPDX-License-Identifier: Apache-2.0
 *
 * trees_embedding.c - RandomTreesEmbedding: a row as the leaves that it reaches, one 1 a tree.
 * sklearn/ensemble/_forest.py. */
#include "estimators/shared_forest_estimator.h"

#include <math.h>

struct embedding {
    struct brn_forest_estimator forest; /* a leaf's value is its column */
    const struct brn_node *encoder;
    bool is_sparse;

    int64_t **leaves; /* by tree: the nodes that the columns stand for */
    size_t *counts, *firsts;
    size_t width;
};

/* ---- preparing: which column is which leaf ---- */

/* Of a node, or of a tree's first one among all. */
static bool is_place(double number)
{
    return number >= 0 && number <= 0x1p53 && number == floor(number);
}

static brine_status add_leaf(struct brn_build *build, struct embedding *m, size_t tree,
                             struct brn_value value, int64_t base)
{
    double number;
    if (!brn_value_number(value, &number) || !is_place(number) || number < (double)base)
        return brn_fail(build->err, BRINE_MODEL, "names no leaf");
    m->leaves[tree][m->counts[tree]++] = (int64_t)number - base;
    return BRINE_OK;
}

/* Since 0.20: categories_, one array a tree. */
static brine_status read_categories(struct brn_build *build, struct embedding *m,
                                    const struct brn_node *categories)
{
    if (brn_node_count(categories) != m->forest.trees.count)
        return brn_fail(build->err, BRINE_MODEL, "are not of %zu trees", m->forest.trees.count);
    for (size_t i = 0; i < m->forest.trees.count; i++) {
        struct brn_values values;
        BRN_TRY(brn_decode_values(build, brn_node_item(categories, i), &values));
        m->leaves[i] = BRN_BUILD_NEW(build, int64_t, values.count);
        if (!m->leaves[i])
            return brn_fail_memory(build->err);
        m->firsts[i] = m->width;
        for (size_t k = 0; k < values.count; k++)
            BRN_TRY(add_leaf(build, m, i, values.at[k], 0));
        m->width += values.count;
    }
    return BRINE_OK;
}

/* Until 0.19: those of all trees that occur, numbered from feature_indices_ on. */
static brine_status read_active(struct brn_build *build, struct embedding *m,
                                const struct brn_values *active, const struct brn_values *starts)
{
    size_t at = 0;
    if (starts->count != m->forest.trees.count + 1)
        return brn_fail(build->err, BRINE_MODEL, "are not of %zu trees", m->forest.trees.count);
    for (size_t i = 0; i < m->forest.trees.count; i++) {
        double low = 0, high = 0, value = 0;
        m->leaves[i] = BRN_BUILD_NEW(build, int64_t, active->count - at);
        if (!m->leaves[i])
            return brn_fail_memory(build->err);
        if (!brn_value_number(starts->at[i], &low) || !is_place(low) ||
            !brn_value_number(starts->at[i + 1], &high))
            return brn_fail(build->err, BRINE_MODEL, "are no numbers");
        m->firsts[i] = at;
        for (; at < active->count && brn_value_number(active->at[at], &value) && value < high; at++)
            BRN_TRY(add_leaf(build, m, i, active->at[at], (int64_t)low));
    }
    m->width = at;
    return at == active->count ? BRINE_OK
                               : brn_fail(build->err, BRINE_MODEL, "are of more than the trees");
}

static brine_status read_encoder(struct brn_build *build, struct embedding *m)
{
    const struct brn_node *categories = brn_node_attribute(m->encoder, "categories_");
    struct brn_values active, starts;
    if (categories->kind != BRN_NIL)
        return read_categories(build, m, categories);
    BRN_TRY(brn_decode_values(build, brn_node_attribute(m->encoder, "active_features_"), &active));
    BRN_TRY(brn_decode_values(build, brn_node_attribute(m->encoder, "feature_indices_"), &starts));
    return read_active(build, m, &active, &starts);
}

/* ---- preparing: the trees ---- */

/* A copy of the tree whose leaves have their columns for values, or -1. */
static brine_status valued_source(struct brn_build *build, const struct brn_instance *me, size_t i,
                                  const struct brn_tree_source **ret_source)
{
    const struct embedding *m = me->self;
    const struct brn_instance *child = m->forest.trees.at[i];
    const struct brn_tree_estimator *tree = brn_tree_estimator_of(child, false);
    if (!tree || child->feature_count != me->feature_count)
        return brn_fail(build->err, BRINE_MODEL, "is no tree of regression on these features");
    uint32_t nodes = tree->source->node_count;
    struct brn_tree_source *source = BRN_NEW(build->scratch, struct brn_tree_source, 1);
    double *values = BRN_NEW(build->scratch, double, nodes);
    if (!source || !values)
        return brn_fail_memory(build->err);
    for (uint32_t node = 0; node < nodes; node++)
        values[node] = -1;
    for (size_t k = 0; k < m->counts[i]; k++) {
        if (m->leaves[i][k] < 0 || m->leaves[i][k] >= nodes)
            return brn_fail(build->err, BRINE_MODEL, "has no leaf %lld",
                            (long long)m->leaves[i][k]);
        values[m->leaves[i][k]] = (double)(m->firsts[i] + k);
    }
    *source = *tree->source;
    source->values = values;
    source->value_count = source->outputs = source->classes = 1;
    *ret_source = source;
    return BRINE_OK;
}

static brine_status within_tree(struct brn_build *build, brine_status status, size_t i)
{
    if (status != BRINE_OK)
        brn_error_within(build->err, "estimators_[%zu]", i);
    return status;
}

static brine_status lower(struct brn_instance *me, struct brn_build *build)
{
    static const size_t width = 1;
    struct embedding *m = me->self;
    size_t count = m->forest.trees.count;
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, count);
    struct brn_forest_plan plan;
    if (!sources)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        BRN_TRY(within_tree(build, valued_source(build, me, i, &sources[i]), i));
    BRN_TRY(brn_forest_begin(&plan, build, sources, count, me->feature_count, 1, false));
    plan.leaf_values = brn_leaf_as_it_is;
    plan.context = &width;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(within_tree(build, brn_forest_add_tree(&plan, sources[i], 0), i));
    m->forest.forest = brn_forest_end(&plan);
    m->forest.missing = brn_forest_missing(me);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct embedding *m = me->self;
    size_t count = m->forest.trees.count;
    if (count == 0)
        return brn_ill_formed(build, "estimators_", "is empty: this forest was not fitted");
    for (size_t i = 0; i < count; i++)
        if (!brn_tree_estimator_of(m->forest.trees.at[i], false))
            return brn_unsupported(build, "estimators_", "number %zu is no tree of regression", i);
    if (!me->feature_count)
        me->feature_count = m->forest.trees.at[0]->feature_count;
    m->leaves = BRN_BUILD_NEW(build, int64_t *, count);
    m->counts = BRN_BUILD_NEW(build, size_t, count);
    m->firsts = BRN_BUILD_NEW(build, size_t, count);
    if (!m->leaves || !m->counts || !m->firsts)
        return brn_fail_memory(build->err);
    brine_status status = read_encoder(build, m);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "one_hot_encoder_");
        return status;
    }
    return lower(me, build);
}

/* ---- binding ---- */

static const char **name_columns(struct brn_build *build, const struct embedding *m)
{
    const char **names = BRN_BUILD_NEW(build, const char *, m->width);
    size_t at = 0;
    for (size_t i = 0; names && i < m->forest.trees.count; i++)
        for (size_t k = 0; k < m->counts[i]; k++, at++) {
            names[at] = brn_arena_printf(build->arena, "randomtreesembedding_%zu_%lld", i,
                                         (long long)m->leaves[i][k]);
            if (!names[at])
                return NULL;
        }
    return names;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct embedding *m = me->self;
    const char **names = name_columns(build, m);
    if (!names)
        return brn_fail_memory(build->err);
    if (in->is_sparse)
        m->forest.missing = BRN_NAN_REFUSED;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->forest.columns));
    me->out[BRINE_METHOD_TRANSFORM] = m->is_sparse
                                          ? brn_schema_compressed(build->arena, m->width, names)
                                          : brn_schema_numbers(build->arena, m->width, names);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* The column of each row in each tree: trees values a row. */
static brine_status find_columns(const struct brn_instance *me, const struct brn_tile *in,
                                 struct brn_work *work, const uint32_t **ret_columns)
{
    const struct embedding *m = me->self;
    const struct brn_forest *forest = m->forest.forest;
    struct brn_forest_rows rows;
    BRN_TRY(brn_forest_single_rows(forest, work, in, m->forest.columns, me->feature_count,
                                   m->forest.missing, &rows));
    uint32_t *leaves = brn_work_take(work, in->rows, sizeof *leaves);
    uint32_t *columns = brn_work_take(work, in->rows * forest->tree_count, sizeof *columns);
    if (!leaves || !columns)
        return brn_fail_memory(work->err);
    for (size_t t = 0; t < forest->tree_count; t++) {
        brn_tree_leaves(forest, t, &rows, leaves);
        for (size_t r = 0; r < in->rows; r++) {
            double column = forest->leaves[leaves[r]];
            if (column < 0)
                return brn_refuse(work, in, r, NULL, "reaches a leaf that fit did not see");
            columns[r * forest->tree_count + t] = (uint32_t)column;
        }
    }
    *ret_columns = columns;
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct embedding *m = me->self;
    size_t trees = m->forest.forest->tree_count;
    const uint32_t *columns = NULL;
    BRN_TRY(find_columns(me, in, work, &columns));
    out->single = false;
    for (size_t r = 0; columns && r < in->rows; r++) {
        double *row = m->is_sparse ? NULL : out->numbers + r * out->number_stride;
        for (size_t k = 0; row && k < m->width; k++)
            row[k] = 0;
        for (size_t t = 0; t < trees; t++) {
            uint32_t column = columns[r * trees + t];
            if (row)
                row[column] = 1;
            else
                BRN_TRY(brn_compressed_add(work, out->compressed, column, 1));
        }
        if (!row)
            brn_compressed_end_row(out->compressed, r);
    }
    return BRINE_OK;
}

/* ---- the family ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct embedding, encoder, "one_hot_encoder_", NODE, "which leaves there are"),
    BRN_FIELD(struct embedding, is_sparse, "sparse_output", BOOL, "whether transform is sparse"),
    BRN_FIELD_IGNORE("_n_features_out", "one_hot_encoder_ says it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._forest", "sklearn.ensemble.forest", NULL};

static const struct brn_estimator trees_embedding = {
    .name = "RandomTreesEmbedding",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct embedding),
    .fields = fields,
    .more_fields = brn_forest_fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&trees_embedding, NULL};

const struct brn_family brn_family_trees_embedding = {estimators};
