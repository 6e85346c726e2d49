/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_lightgbm_predict.h"

#include "base/number.h"
#include "estimators/shared_ranks.h"

#include <math.h>

enum { MOST_CATEGORIES = 1 << 14 };

enum link { IDENTITY, SIGMOID, SOFTMAX, EXP, LOG_EXP, LOG1P_EXP, SQUARE };

/* How a feature becomes a column of the forest's rows. */
enum lowering { AS_NUMBER, ZERO_AS_MISSING, AS_CATEGORY, LOWERINGS };

struct column {
    int32_t place; /* of the feature, in the tile */
    enum lowering lowering;
    const struct brn_categories *categories; /* its value is the place among these; or NULL */
};

/* A leaf that is linear; its value is what holds for rows with NaN. */
struct linear_leaf {
    double value, constant;
    size_t first, end; /* in features and coefficients; none: not linear */
};

struct brn_lightgbm_predictor {
    enum link link;
    double sigmoid;
    size_t scores;
    double rounds; /* 0, or what rf divides by */
    const struct brn_forest *forest;
    struct column *columns;
    size_t column_count;
    struct linear_leaf *leaves; /* NULL: none is linear; the forest's values are places here */
    int32_t *features;          /* places in the tile */
    double *coefficients;
};

/* ---- objectives ---- */

struct objective {
    const char *name;
    enum link link;
    bool has_sigmoid;
};

static const struct objective objectives[] = {
    {"regression", IDENTITY, false},
    {"regression_l1", IDENTITY, false},
    {"huber", IDENTITY, false},
    {"fair", IDENTITY, false},
    {"quantile", IDENTITY, false},
    {"mape", IDENTITY, false},
    {"lambdarank", IDENTITY, false},
    {"rank_xendcg", IDENTITY, false},
    {"poisson", EXP, false},
    {"gamma", EXP, false},
    {"tweedie", EXP, false},
    {"binary", SIGMOID, true},
    {"multiclass", SOFTMAX, false},
    {"multiclassova", SIGMOID, true},
    {"cross_entropy", SIGMOID, false},
    {"xentropy", SIGMOID, false},
    {"cross_entropy_lambda", LOG_EXP, false},
    {"xentlambda", LOG_EXP, false},
    {"custom", IDENTITY, false},
    {"none", IDENTITY, false},
};

/* "sigmoid:2" among the words behind the name. */
static bool find_sigmoid(struct brn_slice words, double *ret_sigmoid)
{
    static const char key[] = "sigmoid:";
    size_t n = sizeof key - 1;
    for (size_t i = 0; i + n <= words.n; i++)
        if (words.p[i] == ' ' || i == 0) {
            size_t at = words.p[i] == ' ' ? i + 1 : i, end = at;
            while (end < words.n && words.p[end] != ' ')
                end++;
            if (end - at > n && memcmp(words.p + at, key, n) == 0)
                return brn_parse_double((struct brn_slice){words.p + at + n, end - at - n},
                                        ret_sigmoid);
        }
    return false;
}

static bool has_word(struct brn_slice words, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= words.n; i++)
        if (memcmp(words.p + i, word, n) == 0 && (i == 0 || words.p[i - 1] == ' ') &&
            (i + n == words.n || words.p[i + n] == ' '))
            return true;
    return false;
}

/* log(1 + exp(x)) until 3.2, log1p(exp(x)) since 3.3 (src/objective/xentropy_objective.hpp): they
 * are far apart where x is far below 0, and v3 is the format of both. */
static brine_status choose_logarithm(struct brn_build *build, const struct brn_lightgbm *m,
                                     struct brn_lightgbm_predictor *p)
{
    if (p->link != LOG_EXP || m->format < 3)
        return BRINE_OK;
    if (m->format == 3)
        return brn_unsupported(build, "objective",
                               "cross_entropy_lambda of the format v3, which two kinds of releases "
                               "write");
    p->link = LOG1P_EXP;
    return BRINE_OK;
}

static brine_status read_objective(struct brn_build *build, const struct brn_lightgbm *m,
                                   struct brn_lightgbm_predictor *p)
{
    struct brn_slice name = m->objective;
    const uint8_t *space = name.n ? memchr(name.p, ' ', name.n) : NULL;
    if (space)
        name.n = (size_t)(space - name.p);
    if (name.n == 0)
        return BRINE_OK; /* an objective of the user's own: raw scores */
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++) {
        if (!brn_slice_is(name, objectives[i].name))
            continue;
        p->link = objectives[i].link;
        if (p->link == IDENTITY && has_word(m->objective, "sqrt"))
            p->link = SQUARE;
        BRN_TRY(choose_logarithm(build, m, p));
        p->sigmoid = 1;
        if (objectives[i].has_sigmoid && !find_sigmoid(m->objective, &p->sigmoid))
            return brn_ill_formed(build, "objective", "does not say its sigmoid");
        return BRINE_OK;
    }
    return brn_unsupported(build, "objective", "\"%.*s\" is no objective that brine knows",
                           (int)(name.n < 60 ? name.n : 60), (const char *)name.p);
}

/* ---- columns ---- */

struct lower {
    struct brn_build *build;
    const struct brn_lightgbm *model;
    struct brn_lightgbm_predictor *predictor;
    size_t tree_count;
    uint32_t *columns[LOWERINGS]; /* by feature: its column, and 1 more; 0: none */
    const int32_t *places;
    uint32_t category_limit;
};

static enum lowering lowering_of(const struct brn_booster_node *node, uint8_t missing)
{
    if (node->is_categorical)
        return AS_CATEGORY;
    return missing == BRN_LIGHTGBM_ZERO ? ZERO_AS_MISSING : AS_NUMBER;
}

static brine_status note_columns(struct lower *l)
{
    struct brn_lightgbm_predictor *p = l->predictor;
    size_t features = (size_t)l->model->feature_count, capacity = 0;
    for (size_t k = 0; k < LOWERINGS; k++)
        if (!(l->columns[k] = BRN_NEW(l->build->scratch, uint32_t, features)))
            return brn_fail_memory(l->build->err);
    for (size_t t = 0; t < l->tree_count; t++) {
        const struct brn_lightgbm_tree *tree = &l->model->trees[t];
        for (size_t i = 0; i < tree->split_count; i++) {
            const struct brn_booster_node *node = &tree->tree.nodes[i];
            enum lowering lowering = lowering_of(node, tree->missing_types[i]);
            uint32_t *column = &l->columns[lowering][node->feature];
            if (*column)
                continue;
            if (!BRN_ARENA_RESERVE(l->build->arena, p->columns, p->column_count, capacity))
                return brn_fail_memory(l->build->err);
            p->columns[p->column_count++] =
                (struct column){l->places[node->feature], lowering,
                                l->model->categories ? l->model->categories[node->feature] : NULL};
            *column = (uint32_t)p->column_count;
        }
    }
    return BRINE_OK;
}

/* ---- splits ---- */

static brine_status note_categories(struct lower *l, const struct brn_lightgbm_tree *tree)
{
    for (size_t i = 0; i < tree->category_count; i++) {
        int64_t words = tree->category_bounds[i + 1] - tree->category_bounds[i];
        if (words > MOST_CATEGORIES / 32)
            return brn_unsupported(l->build, "cat_threshold", "%lld categories; brine takes %d",
                                   (long long)words * 32, MOST_CATEGORIES);
        uint32_t limit = (uint32_t)words * 32;
        l->category_limit = limit > l->category_limit ? limit : l->category_limit;
    }
    return BRINE_OK;
}

/* A set a categorical split: what is in it goes left, everything else right. */
static brine_status make_sets(struct lower *l, const struct brn_lightgbm_tree *tree,
                              struct brn_booster_tree *lowered)
{
    size_t blocks = brn_category_blocks(l->category_limit);
    struct brn_category_set *sets =
        BRN_NEW(l->build->scratch, struct brn_category_set, tree->category_count * blocks);
    if (!sets)
        return brn_fail_memory(l->build->err);
    for (size_t i = 0; i < tree->category_count; i++)
        for (int64_t w = tree->category_bounds[i]; w < tree->category_bounds[i + 1]; w++) {
            size_t word = (size_t)(w - tree->category_bounds[i]);
            sets[i * blocks + word / 8].words[word % 8] = tree->category_words[w];
        }
    lowered->sets = sets;
    lowered->set_count = tree->category_count * blocks;
    return BRINE_OK;
}

static brine_status lower_split(struct lower *l, const struct brn_lightgbm_tree *tree, size_t i,
                                struct brn_booster_node *node)
{
    uint8_t missing = tree->missing_types[i];
    enum lowering lowering = lowering_of(node, missing);
    node->feature = (int64_t)l->columns[lowering][node->feature] - 1;
    if (!node->is_categorical) {
        if (missing == BRN_LIGHTGBM_NONE) /* NaN is 0 */
            node->missing_left = 0 <= node->threshold;
        return BRINE_OK;
    }
    if (!(node->threshold >= 0 && node->threshold < (double)tree->category_count))
        return brn_ill_formed(l->build, "threshold", "split %zu asks for categories %g of %zu", i,
                              node->threshold, tree->category_count);
    node->missing_left = false;
    node->set = (uint64_t)node->threshold * brn_category_blocks(l->category_limit);
    return BRINE_OK;
}

/* ---- linear leaves ---- */

static bool is_linear(const struct lower *l)
{
    for (size_t t = 0; t < l->tree_count; t++)
        if (l->model->trees[t].linear)
            return true;
    return false;
}

static void take_linear(const struct lower *l, const struct brn_lightgbm_linear *from, size_t k,
                        struct linear_leaf *leaf, size_t *term)
{
    struct brn_lightgbm_predictor *p = l->predictor;
    leaf->constant = from->constants[k];
    leaf->first = *term;
    for (size_t i = from->starts[k]; i < from->starts[k + 1]; i++, ++*term) {
        p->features[*term] = l->places[from->features[i]];
        p->coefficients[*term] = from->coefficients[i];
    }
    leaf->end = *term;
}

/* The leaves of all trees in a row; in the forest, a leaf's value becomes its place there. */
static brine_status make_leaves(struct lower *l)
{
    struct brn_lightgbm_predictor *p = l->predictor;
    size_t leaves = 0, terms = 0, term = 0, at = 0;
    for (size_t t = 0; t < l->tree_count; t++) {
        const struct brn_lightgbm_tree *tree = &l->model->trees[t];
        leaves += tree->leaf_count;
        terms += tree->linear ? tree->linear->starts[tree->leaf_count] : 0;
    }
    p->leaves = BRN_BUILD_NEW(l->build, struct linear_leaf, leaves);
    p->features = BRN_BUILD_NEW(l->build, int32_t, terms);
    p->coefficients = BRN_BUILD_NEW(l->build, double, terms);
    if (!p->leaves || !p->features || !p->coefficients)
        return brn_fail_memory(l->build->err);
    for (size_t t = 0; t < l->tree_count; t++) {
        const struct brn_lightgbm_tree *tree = &l->model->trees[t];
        for (size_t k = 0; k < tree->leaf_count; k++, at++) {
            struct linear_leaf *leaf = &p->leaves[at];
            leaf->value = leaf->constant = tree->tree.nodes[tree->split_count + k].value;
            leaf->first = leaf->end = term;
            if (tree->linear)
                take_linear(l, tree->linear, k, leaf, &term);
        }
    }
    return BRINE_OK;
}

/* ---- the forest ---- */

static brine_status lower_tree(struct lower *l, size_t t, size_t first_leaf,
                               const struct brn_tree_source **ret_source)
{
    const struct brn_lightgbm_tree *tree = &l->model->trees[t];
    struct brn_booster_tree *lowered = BRN_NEW(l->build->scratch, struct brn_booster_tree, 1);
    struct brn_booster_node *nodes =
        BRN_NEW(l->build->scratch, struct brn_booster_node, tree->tree.count);
    if (!lowered || !nodes)
        return brn_fail_memory(l->build->err);
    memcpy(nodes, tree->tree.nodes, tree->tree.count * sizeof *nodes);
    *lowered = (struct brn_booster_tree){.nodes = nodes, .count = tree->tree.count};
    for (size_t i = 0; i < tree->split_count; i++)
        BRN_TRY(lower_split(l, tree, i, &nodes[i]));
    for (size_t k = 0; l->predictor->leaves && k < tree->leaf_count; k++)
        nodes[tree->split_count + k].value = (double)(first_leaf + k);
    if (tree->category_count)
        BRN_TRY(make_sets(l, tree, lowered));
    BRN_TRY(brn_booster_tree_compact(l->build, lowered));
    return brn_booster_tree_source(l->build, lowered, ret_source);
}

static brine_status make_sources(struct lower *l, const struct brn_tree_source **sources)
{
    size_t first_leaf = 0;
    for (size_t t = 0; t < l->tree_count; t++) {
        brine_status status = lower_tree(l, t, first_leaf, &sources[t]);
        if (status != BRINE_OK) {
            brn_error_within(l->build->err, "Tree=%zu", t);
            return status;
        }
        first_leaf += l->model->trees[t].leaf_count;
    }
    return BRINE_OK;
}

static brine_status make_forest(struct lower *l)
{
    struct brn_lightgbm_predictor *p = l->predictor;
    static const size_t one = 1;
    struct brn_forest_plan plan;
    size_t width = p->column_count ? p->column_count : 1;
    const struct brn_tree_source **sources =
        BRN_NEW(l->build->scratch, const struct brn_tree_source *, l->tree_count);
    if (!sources)
        return brn_fail_memory(l->build->err);
    BRN_TRY(make_sources(l, sources));
    BRN_TRY(brn_forest_begin(&plan, l->build, sources, l->tree_count, width, 1, true));
    plan.leaf_values = brn_booster_leaf;
    plan.context = &one;
    plan.categories.limit = l->category_limit;
    for (size_t t = 0; t < l->tree_count; t++) {
        brine_status status = brn_forest_add_tree(&plan, sources[t], t % p->scores);
        if (status != BRINE_OK) {
            brn_error_within(l->build->err, "Tree=%zu", t);
            return status;
        }
    }
    struct brn_forest *forest = brn_forest_end(&plan);
    p->forest = forest;
    return p->leaves ? BRINE_OK : brn_forest_rank(l->build, forest, width);
}

/* ---- binding ---- */

static size_t count_trees(const struct brn_lightgbm *m, int64_t rounds)
{
    size_t wanted;
    if (rounds <= 0 || __builtin_mul_overflow((size_t)rounds, (size_t)m->trees_a_round, &wanted))
        return m->tree_count;
    return wanted < m->tree_count ? wanted : m->tree_count;
}

/* Of the features that are numbers; categories find their own. */
static brine_status find_places(struct brn_build *build, const struct brn_instance *me,
                                const struct brn_lightgbm *model, const struct brn_schema *in,
                                int32_t **ret_places)
{
    if (!model->categories)
        return brn_bind_numbers(build, me, in, ret_places);
    *ret_places = BRN_BUILD_NEW(build, int32_t, in->count);
    if (!*ret_places)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < in->count; i++) {
        struct brn_categories *c = model->categories[i];
        if (c)
            BRN_TRY(brn_categories_bind_column(build, in, i, c));
        (*ret_places)[i] = c ? c->place : brn_schema_number(in, i);
        if ((*ret_places)[i] < 0)
            return brn_ill_formed(build, "", "%s gets text in column %zu", me->estimator->name, i);
    }
    return BRINE_OK;
}

brine_status brn_lightgbm_bind(struct brn_build *build, const struct brn_instance *me,
                               const struct brn_lightgbm *model, int64_t rounds,
                               const struct brn_schema *in, struct brn_lightgbm_predictor **ret)
{
    struct brn_lightgbm_predictor *p = BRN_BUILD_NEW(build, struct brn_lightgbm_predictor, 1);
    struct lower l = {.build = build, .model = model, .predictor = p};
    int32_t *places;
    if (!p)
        return brn_fail_memory(build->err);
    l.tree_count = count_trees(model, rounds);
    p->scores = (size_t)model->trees_a_round;
    size_t rounds_run = l.tree_count / p->scores;
    p->rounds = model->averages ? (double)rounds_run : 0;
    BRN_TRY(read_objective(build, model, p));
    if (p->link == SOFTMAX && model->class_count != model->trees_a_round)
        return brn_ill_formed(build, "num_class", "is %lld for %zu scores",
                              (long long)model->class_count, p->scores);
    BRN_TRY(find_places(build, me, model, in, &places));
    l.places = places;
    for (size_t t = 0; t < l.tree_count; t++)
        BRN_TRY(note_categories(&l, &model->trees[t]));
    BRN_TRY(note_columns(&l));
    if (is_linear(&l) && model->categories)
        return brn_unsupported(build, "_handle", "linear trees over a DataFrame's categories");
    if (is_linear(&l))
        BRN_TRY(make_leaves(&l));
    if (l.tree_count)
        BRN_TRY(make_forest(&l));
    *ret = p;
    return BRINE_OK;
}

size_t brn_lightgbm_width(const struct brn_lightgbm_predictor *p)
{
    return p->scores;
}

bool brn_lightgbm_is_proba(const struct brn_lightgbm_predictor *p)
{
    return p->link == SIGMOID || p->link == SOFTMAX;
}

/* ---- rows ---- */

static const double zero_threshold = (double)1e-35f; /* kZeroThreshold */

/* What is next to 0 is 0 (src/c_api.cpp, RowPairFunctionFromDenseMatric). */
static inline double plain_value(double x)
{
    return fabs(x) <= zero_threshold ? 0 : x;
}

static inline double lowered(double x, enum lowering lowering)
{
    if (lowering == ZERO_AS_MISSING)
        return x == 0 ? (double)NAN : x;
    if (lowering == AS_CATEGORY) /* truncated: between -1 and 0 is 0; what is no int32 is none */
        return x < 0 && x > -1 ? 0 : x >= 2147483648.0 ? -1 : x;
    return x;
}

/* pandas gives a value that is no category the code -1, which LightGBM takes for NaN. */
static inline double value_of(const struct column *c, const struct brn_tile *in, size_t r)
{
    if (!c->categories)
        return in->numbers[r * in->number_stride + (size_t)c->place];
    int32_t code = brn_category_of(c->categories, in, r);
    return code < 0 ? (double)NAN : code;
}

static brine_status take_rows(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                              struct brn_work *work, struct brn_forest_rows *ret_rows)
{
    size_t width = p->column_count ? p->column_count : 1;
    double *values = brn_work_take(work, in->rows * width, sizeof *values);
    bool has_missing = false;
    if (!values)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        values[r * width] = 0;
        for (size_t c = 0; c < p->column_count; c++) {
            double x = value_of(&p->columns[c], in, r);
            x = lowered(plain_value(x), p->columns[c].lowering);
            has_missing |= isnan(x);
            values[r * width + c] = x;
        }
    }
    *ret_rows = (struct brn_forest_rows){values, in->rows, width, has_missing};
    return BRINE_OK;
}

/* ---- scores ---- */

static double linear_value(const struct brn_lightgbm_predictor *p, const struct linear_leaf *leaf,
                           const double *row)
{
    double sum = leaf->constant;
    for (size_t i = leaf->first; i < leaf->end; i++) {
        double x = plain_value(row[p->features[i]]);
        if (isnan(x))
            return leaf->value;
        sum += p->coefficients[i] * x;
    }
    return sum;
}

static brine_status add_linear(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                               const struct brn_forest_rows *rows, struct brn_work *work,
                               double *values, size_t stride)
{
    uint32_t *leaves = brn_work_take(work, rows->count, sizeof *leaves);
    if (!leaves)
        return brn_fail_memory(work->err);
    for (size_t t = 0; t < p->forest->tree_count; t++) {
        brn_tree_leaves(p->forest, t, rows, leaves);
        for (size_t r = 0; r < rows->count; r++) {
            size_t leaf = (size_t)p->forest->leaves[leaves[r]];
            values[r * stride + p->forest->trees[t].column] +=
                linear_value(p, &p->leaves[leaf], in->numbers + r * in->number_stride);
        }
    }
    return BRINE_OK;
}

brine_status brn_lightgbm_scores(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                                 struct brn_work *work, double *values, size_t stride)
{
    struct brn_forest_rows rows;
    BRN_TRY(take_rows(p, in, work, &rows));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < p->scores; k++)
            values[r * stride + k] = 0;
    if (p->forest && p->leaves)
        BRN_TRY(add_linear(p, in, &rows, work, values, stride));
    else if (p->forest)
        brn_forest_add(p->forest, &rows, values, stride);
    return BRINE_OK;
}

/* ---- links ---- */

static void softmax(double *row, size_t n)
{
    double most = row[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        most = row[k] > most ? row[k] : most;
    for (size_t k = 0; k < n; k++) {
        row[k] = exp(row[k] - most);
        sum += row[k];
    }
    for (size_t k = 0; k < n; k++)
        row[k] /= sum;
}

static double linked(const struct brn_lightgbm_predictor *p, double x)
{
    switch (p->link) {
    case SIGMOID:
        return 1.0 / (1.0 + exp(-p->sigmoid * x));
    case EXP:
        return exp(x);
    case LOG_EXP:
        return log(1.0 + exp(x));
    case LOG1P_EXP:
        return log1p(exp(x));
    case SQUARE:
        return (double)((x > 0) - (x < 0)) * x * x;
    default:
        return x;
    }
}

brine_status brn_lightgbm_run(const struct brn_lightgbm_predictor *p, const struct brn_tile *in,
                              struct brn_work *work, double *values, size_t stride)
{
    BRN_TRY(brn_lightgbm_scores(p, in, work, values, stride));
    for (size_t r = 0; p->rounds > 0 && r < in->rows; r++)
        for (size_t k = 0; k < p->scores; k++)
            values[r * stride + k] /= p->rounds;
    for (size_t r = 0; r < in->rows; r++) {
        if (p->link == SOFTMAX)
            softmax(values + r * stride, p->scores);
        for (size_t k = 0; k < p->scores; k++)
            values[r * stride + k] = linked(p, values[r * stride + k]);
    }
    return BRINE_OK;
}

enum brn_equality brn_lightgbm_equality(const struct brn_lightgbm_predictor *p)
{
    return p->link == IDENTITY || p->link == SQUARE ? BRN_EXACT : BRN_ULPS;
}
