/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/boosters/shared_xgboost_predict.h"
#include "estimators/shared_ranks.h"

#include <math.h>

/* ---- objectives ---- */

struct objective {
    const char *name;
    enum brn_xgboost_link link;
};

static const struct objective objectives[] = {
    {"reg:squarederror", BRN_XGBOOST_IDENTITY},
    {"reg:linear", BRN_XGBOOST_IDENTITY},
    {"reg:squaredlogerror", BRN_XGBOOST_IDENTITY},
    {"reg:pseudohubererror", BRN_XGBOOST_IDENTITY},
    {"reg:absoluteerror", BRN_XGBOOST_IDENTITY},
    {"reg:quantileerror", BRN_XGBOOST_IDENTITY},
    {"reg:logistic", BRN_XGBOOST_LOGISTIC},
    {"binary:logistic", BRN_XGBOOST_LOGISTIC},
    {"binary:logitraw", BRN_XGBOOST_IDENTITY},
    {"binary:hinge", BRN_XGBOOST_HINGE},
    {"count:poisson", BRN_XGBOOST_EXP},
    {"reg:gamma", BRN_XGBOOST_EXP},
    {"reg:tweedie", BRN_XGBOOST_EXP},
    {"survival:cox", BRN_XGBOOST_EXP},
    {"survival:aft", BRN_XGBOOST_EXP},
    {"multi:softprob", BRN_XGBOOST_SOFTMAX},
    {"multi:softmax", BRN_XGBOOST_ARGMAX},
    {"rank:pairwise", BRN_XGBOOST_IDENTITY},
    {"rank:ndcg", BRN_XGBOOST_IDENTITY},
    {"rank:map", BRN_XGBOOST_IDENTITY},
};

static brine_status find_link(struct brn_build *build, const char *name,
                              enum brn_xgboost_link *ret_link)
{
    for (size_t i = 0; i < sizeof objectives / sizeof objectives[0]; i++)
        if (strcmp(objectives[i].name, name) == 0) {
            *ret_link = objectives[i].link;
            return BRINE_OK;
        }
    return brn_unsupported(build, "objective", "\"%.60s\" is no objective that brine knows", name);
}

/* ---- base scores ---- */

static const struct brn_era raw_base_eras[] = {
    {0, 10300, true, "binary:logitraw inherits ProbToMargin of LogisticRegression"},
    {10300, 0, false, "its base_score is a margin (regression_loss.h)"},
    BRN_ERA_END,
};

/* The objective's ProbToMargin. */
static float margin_of(const struct brn_xgboost *m, enum brn_xgboost_link link, float base)
{
    bool is_raw = strcmp(m->objective, "binary:logitraw") == 0 &&
                  brn_era_behaviour(raw_base_eras, m->release);
    if (m->base_is_margin)
        return base;
    if (link == BRN_XGBOOST_LOGISTIC || is_raw)
        return -logf(1.0f / base - 1.0f);
    return link == BRN_XGBOOST_EXP ? logf(base) : base;
}

static brine_status find_bases(struct brn_build *build, const struct brn_xgboost *m,
                               struct brn_xgboost_predictor *p)
{
    p->bases = BRN_BUILD_NEW(build, double, m->groups);
    if (!p->bases)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->groups; k++) {
        float base = (float)m->base_scores[m->base_count > 1 ? k : 0];
        p->bases[k] = (double)margin_of(m, p->link, base);
        if (!isfinite(p->bases[k]))
            return brn_ill_formed(build, "base_score", "%g has no margin", (double)base);
    }
    return BRINE_OK;
}

/* ---- the forest ---- */

static const struct brn_era sum_eras[] = {
    {0, 10300, true, "PredValue sums the trees, and its sum is added to the base"},
    {10300, 0, false, "each tree is added to what began with the base (cpu_predictor.cc)"},
    BRN_ERA_END,
};

static const struct brn_era dart_sum_eras[] = {
    {0, 10400, true, "Dart::PredValue sums the weighted trees"},
    {10400, 0, false, "each weighted tree is added to what began with the base"},
    BRN_ERA_END,
};

static const struct brn_era dart_base_eras[] = {
    {0, 30300, true, "inplace_predict of one tree has the base, which is subtracted again"},
    {30300, 0, false, "it has not (src/gbm/gbtree.cc)"},
    BRN_ERA_END,
};

static const struct brn_era infinity_eras[] = {
    {0, 10400, false, "DMatrix takes infinities"},
    {10400, 0, true, "DMatrix refuses them (src/data/data.cc, SparsePage::Push)"},
    BRN_ERA_END,
};

static const struct brn_era nan_eras[] = {
    {0, 10000, true, "NaN is refused where another value is the missing one (src/c_api/c_api.cc)"},
    {10000, 0, false, "NaN is missing too"},
    BRN_ERA_END,
};

static const struct brn_era sigmoid_eras[] = {
    {0, 10600, false, "1 / (1 + exp(-x)) may divide by infinity"},
    {10600, 0, true, "the exponent is 88.7 at most (src/common/math.h)"},
    BRN_ERA_END,
};

/* x < threshold as x <= the float32 below it. */
static brine_status lower_thresholds(struct brn_build *build, struct brn_booster_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        struct brn_booster_node *node = &tree->nodes[i];
        if (node->is_leaf || node->is_categorical)
            continue;
        if (!brn_threshold_below((float)node->threshold, &node->threshold))
            return brn_fail(build->err, BRINE_UNSUPPORTED, "node %zu has a threshold of %g", i,
                            node->threshold);
    }
    return BRINE_OK;
}

/* What dart adds for a leaf, in float32. */
static void weigh_leaves(struct brn_booster_tree *tree, float weight, float base)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].is_leaf) {
            float leaf = (float)tree->nodes[i].value;
            leaf = base != 0 ? (base + leaf) - base : leaf;
            tree->nodes[i].value = (double)(leaf * weight);
        }
}

/* A copy, because the file's tree may be asked in several ways. */
static brine_status lower_tree(struct brn_build *build, const struct brn_xgboost *m,
                               const struct brn_xgboost_predictor *p, bool subtracts_base, size_t t,
                               const struct brn_tree_source **ret_source)
{
    struct brn_booster_tree *tree = BRN_NEW(build->scratch, struct brn_booster_tree, 1);
    const struct brn_booster_tree *from = &m->trees[t].tree;
    struct brn_booster_node *nodes = BRN_NEW(build->scratch, struct brn_booster_node, from->count);
    if (!tree || !nodes)
        return brn_fail_memory(build->err);
    memcpy(nodes, from->nodes, from->count * sizeof *nodes);
    *tree = *from;
    tree->nodes = nodes;
    BRN_TRY(brn_booster_tree_compact(build, tree));
    BRN_TRY(lower_thresholds(build, tree));
    if (m->tree_weights)
        weigh_leaves(tree, (float)m->tree_weights[t],
                     subtracts_base ? (float)p->bases[m->trees[t].group] : 0);
    return brn_booster_tree_source(build, tree, ret_source);
}

/* The first trees of each group, or all. */
static size_t count_trees(const struct brn_xgboost *m, int64_t a_group)
{
    size_t groups = m->tree_count && m->trees[0].tree.vectors ? 1 : m->groups, wanted;
    if (a_group <= 0 || __builtin_mul_overflow(groups, (size_t)a_group, &wanted))
        return m->tree_count;
    return wanted < m->tree_count ? wanted : m->tree_count;
}

static brine_status make_sources(struct brn_build *build, const struct brn_xgboost *m,
                                 const struct brn_xgboost_predictor *p, bool subtracts_base,
                                 const struct brn_tree_source **sources, size_t count)
{
    for (size_t t = 0; t < count; t++) {
        brine_status status = lower_tree(build, m, p, subtracts_base, t, &sources[t]);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "trees[%zu]", t);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status add_trees(struct brn_build *build, const struct brn_xgboost *m,
                              struct brn_forest_plan *plan,
                              const struct brn_tree_source *const *sources, size_t count)
{
    for (size_t t = 0; t < count; t++) {
        brine_status status = brn_forest_add_tree(plan, sources[t], (size_t)m->trees[t].group);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "trees[%zu]", t);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status make_forest(struct brn_build *build, const struct brn_xgboost *m,
                                const struct brn_xgboost_use *use, struct brn_xgboost_predictor *p)
{
    size_t count = count_trees(m, use->trees_a_group), width;
    struct brn_forest_plan plan;
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, count);
    bool subtracts = use->in_place && brn_era_behaviour(dart_base_eras, m->release);
    if (!sources)
        return brn_fail_memory(build->err);
    if (count == 0)
        return BRINE_OK;
    width = m->trees[0].tree.vectors ? m->trees[0].tree.width : 1;
    BRN_TRY(make_sources(build, m, p, subtracts, sources, count));
    BRN_TRY(brn_forest_begin(&plan, build, sources, count, p->feature_count, width,
                             m->category_limit != 0));
    plan.leaf_values = brn_booster_leaf;
    plan.context = &width;
    plan.single = true;
    plan.categories.limit = m->category_limit;
    BRN_TRY(add_trees(build, m, &plan, sources, count));
    struct brn_forest *forest = brn_forest_end(&plan);
    p->forest = forest;
    return brn_forest_rank(build, forest, p->feature_count);
}

/* ---- binding ---- */

static brine_status copy_weights(struct brn_build *build, const struct brn_xgboost *m,
                                 struct brn_xgboost_predictor *p)
{
    size_t count = (p->feature_count + 1) * p->groups;
    double *weights = BRN_BUILD_NEW(build, double, count);
    if (!weights)
        return brn_fail_memory(build->err);
    memcpy(weights, m->weights, count * sizeof *weights);
    p->weights = weights;
    return BRINE_OK;
}

static brine_status copy_categorical(struct brn_build *build, const struct brn_xgboost *m,
                                     struct brn_xgboost_predictor *p)
{
    if (!m->category_limit)
        return BRINE_OK;
    uint8_t *flags = BRN_BUILD_NEW(build, uint8_t, p->feature_count);
    if (!flags)
        return brn_fail_memory(build->err);
    memcpy(flags, m->is_categorical, p->feature_count);
    p->is_categorical = flags;
    return BRINE_OK;
}

brine_status brn_xgboost_bind(struct brn_build *build, const struct brn_instance *me,
                              const struct brn_xgboost *model, const struct brn_xgboost_use *use,
                              const struct brn_schema *in, struct brn_xgboost_predictor **ret)
{
    struct brn_xgboost_predictor *p = BRN_BUILD_NEW(build, struct brn_xgboost_predictor, 1);
    bool is_dart = model->booster == BRN_XGBOOST_DART;
    if (!p)
        return brn_fail_memory(build->err);
    p->groups = model->groups;
    p->feature_count = (size_t)model->feature_count;
    p->missing = use->missing;
    p->most_exponent = brn_era_behaviour(sigmoid_eras, model->release) ? 88.7f : INFINITY;
    p->sum_first = brn_era_behaviour(is_dart ? dart_sum_eras : sum_eras, model->release);
    p->refuses_nan = !isnan(use->missing) && brn_era_behaviour(nan_eras, model->release);
    p->refuses_infinite = !use->in_place && brn_era_behaviour(infinity_eras, model->release);
    BRN_TRY(find_link(build, model->objective, &p->link));
    BRN_TRY(find_bases(build, model, p));
    if (model->booster == BRN_XGBOOST_LINEAR)
        BRN_TRY(copy_weights(build, model, p));
    else
        BRN_TRY(make_forest(build, model, use, p));
    BRN_TRY(copy_categorical(build, model, p));
    BRN_TRY(brn_bind_numbers(build, me, in, &p->columns));
    *ret = p;
    return BRINE_OK;
}

/* ---- rows ---- */

static brine_status refuse_value(const struct brn_xgboost_predictor *p, const struct brn_work *work,
                                 const struct brn_tile *in, size_t r, int32_t column)
{
    const char *name = in->number_names ? in->number_names[column] : NULL;
    if (isnan(in->numbers[r * in->number_stride + (size_t)column]))
        return brn_refuse(work, in, r, name, "NaN, where %g is the missing value", p->missing);
    return brn_refuse(work, in, r, name, "infinity or a value too large for float32");
}

/* value is what x came from. */
static inline bool is_refused(const struct brn_xgboost_predictor *p, double value, float x)
{
    return (p->refuses_nan && isnan(value)) || (p->refuses_infinite && isinf(x));
}

/* As float32; the missing value as NaN. */
static inline float single_of(const struct brn_xgboost_predictor *p, double value)
{
    float x = (float)value;
    return x == (float)p->missing ? NAN : x;
}

/* A negative category is one that no node knows: the limit stands for these. */
static inline double category_or_number(const struct brn_xgboost_predictor *p, size_t i, float x)
{
    bool unknown = p->is_categorical && p->is_categorical[i] && x < 0;
    return unknown ? (double)p->forest->category_limit : (double)x;
}

static brine_status take_rows(const struct brn_xgboost_predictor *p, const struct brn_tile *in,
                              struct brn_work *work, enum brn_tree_layout layout,
                              struct brn_forest_rows *ret_rows)
{
    size_t size = layout == BRN_TREE_NARROW ? sizeof(float) : sizeof(double);
    void *values = brn_work_take(work, in->rows * p->feature_count, size);
    bool has_missing = false;
    if (!values)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < p->feature_count; i++) {
            double value = in->numbers[r * in->number_stride + (size_t)p->columns[i]];
            float x = single_of(p, value);
            if (__builtin_expect(!isfinite(x), 0)) {
                if (is_refused(p, value, x))
                    return refuse_value(p, work, in, r, p->columns[i]);
                has_missing |= isnan(x);
            }
            size_t at = r * p->feature_count + i;
            if (layout == BRN_TREE_NARROW)
                ((float *)values)[at] = x;
            else
                ((double *)values)[at] = category_or_number(p, i, x);
        }
    *ret_rows = (struct brn_forest_rows){values, in->rows, p->feature_count, has_missing};
    return BRINE_OK;
}

/* ---- margins ---- */

static brine_status linear_margins(const struct brn_xgboost_predictor *p, const struct brn_tile *in,
                                   struct brn_work *work, double *margins, size_t stride)
{
    struct brn_forest_rows rows = {0};
    const double *biases = p->weights + p->feature_count * p->groups;
    BRN_TRY(take_rows(p, in, work, BRN_TREE_NARROW, &rows));
    for (size_t r = 0; rows.values && r < in->rows; r++) {
        const float *x = (const float *)rows.values + r * rows.stride;
        for (size_t k = 0; k < p->groups; k++) {
            float sum = (float)biases[k] + (float)p->bases[0]; /* that of group 0 for all */
            for (size_t i = 0; i < p->feature_count; i++)
                if (!isnan(x[i]))
                    sum += x[i] * (float)p->weights[i * p->groups + k];
            margins[r * stride + k] = (double)sum;
        }
    }
    return BRINE_OK;
}

brine_status brn_xgboost_margins(const struct brn_xgboost_predictor *p, const struct brn_tile *in,
                                 struct brn_work *work, double *margins, size_t stride)
{
    struct brn_forest_rows rows;
    enum brn_tree_layout layout = p->forest ? p->forest->layout : BRN_TREE_NARROW;
    if (p->weights)
        return linear_margins(p, in, work, margins, stride);
    BRN_TRY(take_rows(p, in, work, layout, &rows));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < p->groups; k++)
            margins[r * stride + k] = p->sum_first ? 0 : p->bases[k];
    if (p->forest)
        brn_forest_add(p->forest, &rows, margins, stride);
    for (size_t r = 0; p->sum_first && r < in->rows; r++)
        for (size_t k = 0; k < p->groups; k++)
            margins[r * stride + k] = (double)((float)p->bases[k] + (float)margins[r * stride + k]);
    return BRINE_OK;
}

/* ---- links ---- */

static float sigmoid(float x, float most_exponent)
{
    float e = -x < most_exponent ? -x : most_exponent;
    return 1.0f / (expf(e) + 1.0f);
}

static void softmax(double *row, size_t n)
{
    float most = (float)row[0];
    double sum = 0;
    for (size_t k = 1; k < n; k++)
        most = fmaxf((float)row[k], most);
    for (size_t k = 0; k < n; k++) {
        float e = expf((float)row[k] - most);
        row[k] = (double)e;
        sum += (double)e;
    }
    for (size_t k = 0; k < n; k++)
        row[k] = (double)((float)row[k] / (float)sum);
}

static void argmax(double *row, size_t n)
{
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        best = row[k] > row[best] ? k : best;
    row[0] = (double)best;
}

void brn_xgboost_transform(const struct brn_xgboost_predictor *p, double *row)
{
    if (p->link == BRN_XGBOOST_SOFTMAX)
        softmax(row, p->groups);
    else if (p->link == BRN_XGBOOST_ARGMAX)
        argmax(row, p->groups);
    for (size_t k = 0; k < p->groups; k++)
        if (p->link == BRN_XGBOOST_LOGISTIC)
            row[k] = (double)sigmoid((float)row[k], p->most_exponent);
        else if (p->link == BRN_XGBOOST_EXP)
            row[k] = (double)expf((float)row[k]);
        else if (p->link == BRN_XGBOOST_HINGE)
            row[k] = row[k] > 0;
}

enum brn_equality brn_xgboost_equality(const struct brn_xgboost_predictor *p)
{
    bool by_exp = p->link == BRN_XGBOOST_LOGISTIC || p->link == BRN_XGBOOST_EXP ||
                  p->link == BRN_XGBOOST_SOFTMAX;
    return by_exp ? BRN_ULPS : BRN_EXACT;
}
