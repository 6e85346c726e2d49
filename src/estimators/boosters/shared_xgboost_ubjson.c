/* SPDX-License-Identifier: Apache-2.0
 *
 * shared_xgboost_ubjson.c - models as JSON: {"Config", "Model": {"learner", "version"}}
 * (doc/model.schema; src/learner.cc, src/gbm/gbtree_model.cc, src/tree/tree_model.cc). */
#include "base/number.h"
#include "estimators/boosters/shared_ubjson.h"
#include "estimators/boosters/shared_xgboost.h"

enum { MOST_CATEGORIES = 1 << 14 };

struct document {
    struct brn_build *build;
    struct brn_xgboost *model;
    const struct brn_ubjson *learner, *config, *booster; /* config: the learner's, in Config */
};

static brine_status ill_formed(const struct document *d, const char *where)
{
    return brn_ill_formed(d->build, where, "is missing, or not of the kind that it should be");
}

static brine_status get_integer(const struct document *d, const struct brn_ubjson *object,
                                const char *key, int64_t otherwise, int64_t *ret_value)
{
    const struct brn_ubjson *value = brn_ubjson_get(object, key);
    *ret_value = otherwise;
    if (value && !brn_ubjson_integer(value, ret_value))
        return ill_formed(d, key);
    return BRINE_OK;
}

static brine_status copy_text(const struct document *d, struct brn_slice text, const char **ret)
{
    *ret = brn_arena_text(d->build->scratch, text);
    return *ret ? BRINE_OK : brn_fail_memory(d->build->err);
}

/* ---- the learner ---- */

static brine_status read_version(struct document *d, const struct brn_ubjson *model)
{
    const struct brn_ubjson *version = brn_ubjson_get(model, "version");
    int64_t *v = NULL;
    if (brn_ubjson_integers(version, 3, d->build->scratch, &v, d->build->err) != BRINE_OK)
        return ill_formed(d, "version");
    for (size_t i = 0; i < 3; i++)
        if (v[i] < 0 || v[i] > 99)
            return ill_formed(d, "version");
    d->model->release = (brn_version)(v[0] * 10000 + v[1] * 100 + v[2]);
    d->model->version = brn_arena_printf(d->build->scratch, "%lld.%lld.%lld", (long long)v[0],
                                         (long long)v[1], (long long)v[2]);
    return d->model->version ? BRINE_OK : brn_fail_memory(d->build->err);
}

/* "5E-1", or since 3.1 "[5E-1,2.5E-1]". */
static brine_status read_base_scores(struct document *d, struct brn_slice text)
{
    struct brn_xgboost *m = d->model;
    if (text.n >= 2 && text.p[0] == '[' && text.p[text.n - 1] == ']')
        text = (struct brn_slice){text.p + 1, text.n - 2};
    m->base_scores = BRN_NEW(d->build->scratch, double, text.n / 2 + 1);
    if (!m->base_scores)
        return brn_fail_memory(d->build->err);
    while (text.n) {
        const uint8_t *comma = memchr(text.p, ',', text.n);
        size_t n = comma ? (size_t)(comma - text.p) : text.n;
        double value;
        if (n == 0 || !brn_parse_double((struct brn_slice){text.p, n}, &value))
            return ill_formed(d, "learner_model_param.base_score");
        m->base_scores[m->base_count++] = (double)(float)value;
        n += comma ? 1 : 0;
        text = (struct brn_slice){text.p + n, text.n - n};
    }
    return m->base_count ? BRINE_OK : ill_formed(d, "learner_model_param.base_score");
}

static brine_status read_parameters(struct document *d)
{
    struct brn_xgboost *m = d->model;
    const struct brn_ubjson *parameters = brn_ubjson_get(d->learner, "learner_model_param");
    const struct brn_ubjson *objective = brn_ubjson_get(d->learner, "objective");
    BRN_TRY(get_integer(d, parameters, "num_feature", -1, &m->feature_count));
    BRN_TRY(get_integer(d, parameters, "num_class", 0, &m->class_count));
    BRN_TRY(get_integer(d, parameters, "num_target", 1, &m->target_count));
    BRN_TRY(read_base_scores(d, brn_ubjson_text(brn_ubjson_get(parameters, "base_score"))));
    BRN_TRY(brn_xgboost_check_counts(d->build, m));
    return copy_text(d, brn_ubjson_text(brn_ubjson_get(objective, "name")), &m->objective);
}

/* attributes, all of them texts, and feature names. */
static brine_status read_extras(struct document *d)
{
    struct brn_xgboost *m = d->model;
    const struct brn_ubjson *names = brn_ubjson_get(d->learner, "feature_names");
    BRN_TRY(get_integer(d, brn_ubjson_get(d->learner, "attributes"), "best_iteration", -1,
                        &m->best_iteration));
    if (brn_ubjson_count(names) != (uint64_t)m->feature_count || names->kind != BRN_UBJSON_ARRAY)
        return BRINE_OK;
    m->names = BRN_NEW(d->build->scratch, struct brn_slice, names->count);
    if (!m->names)
        return brn_fail_memory(d->build->err);
    size_t i = 0;
    for (const struct brn_ubjson *name = names->first; name; name = name->next)
        m->names[i++] = brn_ubjson_text(name);
    return BRINE_OK;
}

/* ---- trees ---- */

/* The arrays of one tree, count of each. */
struct columns {
    int64_t *left, *right, *feature, *default_left, *split_type;
    double *condition, *values;
    size_t count, width;
};

static brine_status read_integers(struct document *d, const struct brn_ubjson *tree,
                                  const char *key, size_t count, int64_t **ret)
{
    brine_status status = brn_ubjson_integers(brn_ubjson_get(tree, key), count, d->build->scratch,
                                              ret, d->build->err);
    if (status != BRINE_OK)
        brn_error_within(d->build->err, "%s", key);
    return status;
}

static brine_status read_reals(struct document *d, const struct brn_ubjson *tree, const char *key,
                               size_t count, double **ret)
{
    brine_status status =
        brn_ubjson_reals(brn_ubjson_get(tree, key), count, d->build->scratch, ret, d->build->err);
    if (status != BRINE_OK)
        brn_error_within(d->build->err, "%s", key);
    return status;
}

/* Leaves that are vectors: of every node in base_weights; since 3.4 of the leaves alone in
 * leaf_weights, where a leaf's right child is its number. */
static brine_status read_vectors(struct document *d, const struct brn_ubjson *tree,
                                 struct columns *c)
{
    size_t width = d->model->groups, leaves;
    double *packed = NULL;
    const struct brn_ubjson *compact = brn_ubjson_get(tree, "leaf_weights");
    if (!compact)
        return read_reals(d, tree, "base_weights", c->count * width, &c->values);
    leaves = brn_ubjson_count(compact) / width;
    BRN_TRY(read_reals(d, tree, "leaf_weights", leaves * width, &packed));
    c->values = BRN_NEW(d->build->scratch, double, c->count *width);
    if (!c->values)
        return brn_fail_memory(d->build->err);
    for (size_t i = 0; i < c->count; i++) {
        if (c->left[i] != -1)
            continue;
        if (c->right[i] < 0 || (uint64_t)c->right[i] >= leaves)
            return brn_ill_formed(d->build, "leaf_weights", "node %zu is leaf %lld of %zu", i,
                                  (long long)c->right[i], leaves);
        memcpy(c->values + i * width, packed + (size_t)c->right[i] * width, width * sizeof *packed);
    }
    return BRINE_OK;
}

static brine_status read_columns(struct document *d, const struct brn_ubjson *tree,
                                 struct columns *c)
{
    const struct brn_ubjson *parameters = brn_ubjson_get(tree, "tree_param");
    int64_t vector = 0;
    BRN_TRY(get_integer(d, parameters, "size_leaf_vector", 0, &vector));
    c->count = brn_ubjson_count(brn_ubjson_get(tree, "left_children"));
    if (c->count == 0 || c->count > INT32_MAX)
        return ill_formed(d, "left_children");
    BRN_TRY(read_integers(d, tree, "left_children", c->count, &c->left));
    BRN_TRY(read_integers(d, tree, "right_children", c->count, &c->right));
    BRN_TRY(read_integers(d, tree, "split_indices", c->count, &c->feature));
    BRN_TRY(read_integers(d, tree, "default_left", c->count, &c->default_left));
    BRN_TRY(read_reals(d, tree, "split_conditions", c->count, &c->condition));
    if (brn_ubjson_count(brn_ubjson_get(tree, "split_type")))
        BRN_TRY(read_integers(d, tree, "split_type", c->count, &c->split_type));
    if (vector <= 1)
        return BRINE_OK;
    if ((uint64_t)vector != d->model->groups)
        return brn_ill_formed(d->build, "tree_param.size_leaf_vector", "is %lld, not %zu",
                              (long long)vector, d->model->groups);
    c->width = (size_t)vector;
    return read_vectors(d, tree, c);
}

static void fill_nodes(const struct columns *c, struct brn_booster_tree *tree)
{
    for (size_t i = 0; i < c->count; i++)
        tree->nodes[i] = (struct brn_booster_node){
            .left = c->left[i],
            .right = c->right[i],
            .feature = c->feature[i],
            .threshold = c->condition[i],
            .value = c->condition[i],
            .missing_left = c->default_left[i] != 0,
            .is_leaf = c->left[i] == -1,
            .is_categorical = c->split_type && c->split_type[i] != 0 && c->left[i] != -1,
        };
}

/* ---- categories ---- */

/* Where the categories of each categorical node stand. */
struct segments {
    int64_t *nodes, *begins, *sizes, *categories;
    size_t count, category_count;
};

static brine_status read_segments(struct document *d, const struct brn_ubjson *tree,
                                  struct segments *s)
{
    s->count = brn_ubjson_count(brn_ubjson_get(tree, "categories_nodes"));
    s->category_count = brn_ubjson_count(brn_ubjson_get(tree, "categories"));
    if (s->count == 0) {
        s->category_count = 0;
        return BRINE_OK;
    }
    BRN_TRY(read_integers(d, tree, "categories_nodes", s->count, &s->nodes));
    BRN_TRY(read_integers(d, tree, "categories_segments", s->count, &s->begins));
    BRN_TRY(read_integers(d, tree, "categories_sizes", s->count, &s->sizes));
    return read_integers(d, tree, "categories", s->category_count, &s->categories);
}

static brine_status check_segment(const struct document *d, const struct segments *s, size_t i,
                                  const struct brn_booster_tree *tree)
{
    int64_t begin = s->begins[i], size = s->sizes[i], node = s->nodes[i];
    if (node < 0 || (uint64_t)node >= tree->count || !tree->nodes[node].is_categorical)
        return brn_ill_formed(d->build, "categories_nodes",
                              "node %lld has categories, but asks for none", (long long)node);
    if (begin < 0 || size < 1 || (uint64_t)begin > s->category_count ||
        (uint64_t)size > s->category_count - (uint64_t)begin)
        return brn_ill_formed(d->build, "categories_segments", "node %lld has %lld categories",
                              (long long)node, (long long)size);
    return BRINE_OK;
}

/* Each categorical node has its segment, and one alone. */
static brine_status check_segments(const struct document *d, const struct segments *s,
                                   const struct brn_booster_tree *tree)
{
    size_t categorical = 0;
    for (size_t i = 0; i < tree->count; i++)
        categorical += tree->nodes[i].is_categorical;
    if (categorical != s->count)
        return brn_ill_formed(d->build, "categories_nodes", "names %zu of %zu nodes", s->count,
                              categorical);
    for (size_t i = 0; i < s->count; i++) {
        BRN_TRY(check_segment(d, s, i, tree));
        if (tree->nodes[s->nodes[i]].set)
            return brn_ill_formed(d->build, "categories_nodes", "names node %lld twice",
                                  (long long)s->nodes[i]);
        tree->nodes[s->nodes[i]].set = 1; /* until it has its place */
    }
    return BRINE_OK;
}

static brine_status note_categories(struct document *d, const struct segments *s,
                                    struct brn_booster_tree *tree)
{
    BRN_TRY(check_segments(d, s, tree));
    for (size_t i = 0; i < s->category_count; i++) {
        if (s->categories[i] < 0)
            return brn_ill_formed(d->build, "categories", "holds a negative category");
        if (s->categories[i] >= MOST_CATEGORIES)
            return brn_unsupported(d->build, "categories", "category %lld; brine takes %d",
                                   (long long)s->categories[i], MOST_CATEGORIES);
        uint32_t limit = ((uint32_t)s->categories[i] / 32 + 1) * 32;
        d->model->category_limit =
            limit > d->model->category_limit ? limit : d->model->category_limit;
    }
    return BRINE_OK;
}

/* What is in a set goes right; set bits are what goes left. */
static void fill_set(const struct segments *s, size_t i, bool unknown_left, uint32_t limit,
                     struct brn_category_set *sets)
{
    uint32_t most = 0;
    for (int64_t j = s->begins[i]; j < s->begins[i] + s->sizes[i]; j++)
        most = s->categories[j] > most ? (uint32_t)s->categories[j] : most;
    uint32_t known = (most / 32 + 1) * 32; /* what the writer's bits have room for */
    for (uint32_t c = 0; c <= limit; c++)
        if (c < known || unknown_left)
            sets[c / 256].words[c / 32 % 8] |= UINT32_C(1) << (c % 32);
    for (int64_t j = s->begins[i]; j < s->begins[i] + s->sizes[i]; j++) {
        uint32_t c = (uint32_t)s->categories[j];
        sets[c / 256].words[c / 32 % 8] &= ~(UINT32_C(1) << (c % 32));
    }
}

static const struct brn_era unknown_eras[] = {
    {0, 10600, true, "categories that a node does not know go left (src/common/categorical.h)"},
    {10600, 10700, false, "they go where a missing value goes"},
    {10700, 0, true, "they go left"},
    BRN_ERA_END,
};

static brine_status make_sets(struct document *d, const struct segments *s,
                              struct brn_booster_tree *tree, bool always_left)
{
    size_t blocks = brn_category_blocks(d->model->category_limit);
    struct brn_category_set *sets =
        BRN_NEW(d->build->scratch, struct brn_category_set, s->count * blocks);
    if (!sets)
        return brn_fail_memory(d->build->err);
    for (size_t i = 0; i < s->count; i++) {
        struct brn_booster_node *node = &tree->nodes[s->nodes[i]];
        node->set = i * blocks;
        node->threshold = 0;
        fill_set(s, i, always_left || node->missing_left, d->model->category_limit,
                 sets + i * blocks);
        if (node->feature >= 0 && node->feature < d->model->feature_count)
            d->model->is_categorical[node->feature] = 1;
    }
    tree->sets = sets;
    tree->set_count = s->count * blocks;
    return BRINE_OK;
}

/* ---- all trees ---- */

static brine_status read_tree(struct document *d, const struct brn_ubjson *json,
                              struct brn_booster_tree *tree, struct segments *segments)
{
    struct columns c = {.count = 0};
    BRN_TRY(read_columns(d, json, &c));
    *tree = (struct brn_booster_tree){.count = c.count, .vectors = c.values, .width = c.width};
    tree->nodes = BRN_NEW(d->build->scratch, struct brn_booster_node, c.count);
    if (!tree->nodes || !c.left || !c.right || !c.feature || !c.condition || !c.default_left)
        return brn_fail_memory(d->build->err);
    fill_nodes(&c, tree);
    BRN_TRY(read_segments(d, json, segments));
    return note_categories(d, segments, tree);
}

static brine_status read_sets(struct document *d, const struct segments *segments)
{
    struct brn_xgboost *m = d->model;
    bool always_left = brn_era_behaviour(unknown_eras, m->release);
    m->is_categorical = BRN_NEW(d->build->scratch, uint8_t, (size_t)m->feature_count + 1);
    if (!m->is_categorical)
        return brn_fail_memory(d->build->err);
    for (size_t t = 0; t < m->tree_count; t++)
        BRN_TRY(make_sets(d, &segments[t], &m->trees[t].tree, always_left));
    return BRINE_OK;
}

static brine_status read_all_trees(struct document *d, const struct brn_ubjson *trees)
{
    struct brn_xgboost *m = d->model;
    size_t t = 0;
    struct segments *segments = BRN_NEW(d->build->scratch, struct segments, m->tree_count);
    if (!segments)
        return brn_fail_memory(d->build->err);
    for (const struct brn_ubjson *tree = trees->first; tree; tree = tree->next, t++) {
        brine_status status = read_tree(d, tree, &m->trees[t].tree, &segments[t]);
        if (status != BRINE_OK) {
            brn_error_within(d->build->err, "trees[%zu]", t);
            return status;
        }
    }
    return m->category_limit ? read_sets(d, segments) : BRINE_OK;
}

static brine_status read_groups(struct document *d, const struct brn_ubjson *model)
{
    int64_t *groups = NULL;
    BRN_TRY(read_integers(d, model, "tree_info", d->model->tree_count, &groups));
    for (size_t i = 0; i < d->model->tree_count; i++)
        d->model->trees[i].group = d->model->trees[i].tree.vectors ? 0 : groups[i];
    return BRINE_OK;
}

/* {"enc": […]}: the values that stand for categories in the training data. */
static bool has_categories(const struct brn_ubjson *model)
{
    return brn_ubjson_count(brn_ubjson_get(brn_ubjson_get(model, "cats"), "enc")) > 0;
}

static brine_status read_parallel(struct document *d, const struct brn_ubjson *model)
{
    static const char key[] = "num_parallel_tree";
    const struct brn_ubjson *booster = brn_ubjson_get(d->config, "gradient_booster");
    if (brn_ubjson_get(booster, "gbtree"))
        booster = brn_ubjson_get(booster, "gbtree");
    BRN_TRY(get_integer(d, brn_ubjson_get(booster, "gbtree_train_param"), key, 1,
                        &d->model->parallel_trees));
    return get_integer(d, brn_ubjson_get(model, "gbtree_model_param"), key,
                       d->model->parallel_trees, &d->model->parallel_trees);
}

static brine_status read_trees(struct document *d, const struct brn_ubjson *booster)
{
    struct brn_xgboost *m = d->model;
    const struct brn_ubjson *model = brn_ubjson_get(booster, "model");
    const struct brn_ubjson *trees = brn_ubjson_get(model, "trees");
    if (!trees || trees->kind != BRN_UBJSON_ARRAY)
        return ill_formed(d, "trees");
    m->tree_count = trees->count;
    m->trees = BRN_NEW(d->build->scratch, struct brn_xgboost_tree, m->tree_count);
    if (!m->trees)
        return brn_fail_memory(d->build->err);
    m->has_category_names = has_categories(model);
    BRN_TRY(read_parallel(d, model));
    BRN_TRY(read_all_trees(d, trees));
    return read_groups(d, model);
}

/* ---- boosters ---- */

/* Beside the trees; since 3.4 among them.  Since 3.3 such a booster is called gbtree all the same.
 */
static const struct brn_ubjson *find_weights(const struct document *d)
{
    static const char key[] = "weight_drop";
    const struct brn_ubjson *beside = brn_ubjson_get(d->booster, key);
    return beside ? beside : brn_ubjson_get(brn_ubjson_get(d->booster, "model"), key);
}

static brine_status read_dart(struct document *d)
{
    const struct brn_ubjson *trees = brn_ubjson_get(d->booster, "gbtree");
    BRN_TRY(read_trees(d, trees ? trees : d->booster));
    brine_status status = brn_ubjson_reals(find_weights(d), d->model->tree_count, d->build->scratch,
                                           &d->model->tree_weights, d->build->err);
    if (status != BRINE_OK)
        brn_error_within(d->build->err, "weight_drop");
    return status;
}

static brine_status read_linear(struct document *d)
{
    struct brn_xgboost *m = d->model;
    size_t count = ((size_t)m->feature_count + 1) * m->groups;
    return read_reals(d, brn_ubjson_get(d->booster, "model"), "weights", count, &m->weights);
}

static brine_status read_booster(struct document *d)
{
    struct brn_slice name = brn_ubjson_text(brn_ubjson_get(d->booster, "name"));
    if (brn_slice_is(name, "gbtree") && find_weights(d))
        name = brn_slice_of("dart");
    if (brn_slice_is(name, "gbtree"))
        return read_trees(d, d->booster);
    d->model->booster = brn_slice_is(name, "dart") ? BRN_XGBOOST_DART : BRN_XGBOOST_LINEAR;
    if (brn_slice_is(name, "dart"))
        return read_dart(d);
    if (brn_slice_is(name, "gblinear"))
        return read_linear(d);
    return brn_unsupported(d->build, "gradient_booster", "is no booster that brine knows");
}

brine_status brn_xgboost_read_ubjson(struct brn_build *build, struct brn_slice bytes,
                                     struct brn_xgboost *model)
{
    const struct brn_ubjson *root = NULL, *whole;
    bool is_text = bytes.n > 1 && bytes.p[1] == '"';
    BRN_TRY(is_text ? brn_ubjson_read_json(bytes, build->scratch, &root, build->err)
                    : brn_ubjson_read(bytes, build->scratch, &root, build->err));
    whole = brn_ubjson_get(root, "Model") ? brn_ubjson_get(root, "Model") : root;
    struct document d = {.build = build, .model = model};
    d.learner = brn_ubjson_get(whole, "learner");
    d.config = brn_ubjson_get(brn_ubjson_get(root, "Config"), "learner");
    d.booster = brn_ubjson_get(d.learner, "gradient_booster");
    if (!d.booster)
        return ill_formed(&d, "learner");
    BRN_TRY(read_version(&d, whole));
    BRN_TRY(read_parameters(&d));
    BRN_TRY(read_extras(&d));
    return read_booster(&d);
}
