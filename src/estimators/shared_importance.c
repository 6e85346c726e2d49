/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_importance.h"
#include "estimators/shared_tree.h"
#include "kernel/sum.h"

#include <math.h>

struct importances {
    struct brn_build *build;
    const struct brn_instance *me;
    size_t count; /* of features that trees split on */
};

struct brn_slice brn_importance_class(const struct brn_node *estimator, bool *ret_is_sklearn)
{
    const struct brn_node *class = brn_node_class(estimator);
    static const char prefix[] = "sklearn.";
    if (!brn_is(class, BRN_GLOBAL))
        return (struct brn_slice){NULL, 0};
    struct brn_slice module = class->as.global.module;
    *ret_is_sklearn = module.n >= sizeof prefix - 1 && !memcmp(module.p, prefix, sizeof prefix - 1);
    return class->as.global.name;
}

static brine_status no_importances(const struct importances *what, const struct brn_node *estimator)
{
    char text[160];
    brn_node_describe(estimator, text, sizeof text);
    return brn_unsupported(what->build, "estimator_",
                           "the feature importances of %s are not reckoned here", text);
}

/* ---- coef_ ---- */

static double raised(double total, double value, double order)
{
    double size = fabs(value);
    if (isinf(order))
        return order > 0 ? fmax(total, size) : fmin(total, size);
    return total + (order > 1 ? value * value : size);
}

static brine_status norms_of(const struct importances *what, const struct brn_matrix *coef,
                             double order, double *values)
{
    bool known = isinf(order) || (order >= 1 && order <= 1) || (order >= 2 && order <= 2);
    if (coef->dimensions == 2 && !known)
        return brn_unsupported(what->build, "norm_order", "is %g: 1, 2 and inf are run", order);
    for (size_t i = 0; i < coef->columns; i++) {
        double total = isinf(order) ? fabs(coef->values[i]) : 0;
        for (size_t r = 0; r < coef->rows && coef->dimensions == 2; r++)
            total = raised(total, coef->values[r * coef->columns + i], order);
        if (coef->dimensions != 2)
            total = fabs(coef->values[i]);
        values[i] = coef->dimensions == 2 && order >= 2 && order <= 2 ? sqrt(total) : total;
    }
    return BRINE_OK;
}

static brine_status of_coef(const struct importances *what, const struct brn_node *node,
                            double order, double **ret_values, size_t *ret_count)
{
    struct brn_matrix coef = {0};
    BRN_TRY(brn_decode_matrix(what->build, node, &coef));
    if (coef.dimensions < 1 || coef.dimensions > 2)
        return brn_ill_formed(what->build, "estimator_.coef_", "has %u dimensions",
                              coef.dimensions);
    *ret_values = BRN_NEW(what->build->scratch, double, coef.columns);
    *ret_count = coef.columns;
    return *ret_values ? norms_of(what, &coef, order, *ret_values)
                       : brn_fail_memory(what->build->err);
}

/* ---- trees ---- */

/* The columns of a tree's records that importances need. */
struct split_records {
    struct brn_array nodes;
    const struct brn_dtype_field *left, *right, *feature, *impurity, *weight;
};

static brine_status find_records(const struct importances *what, const struct brn_node *tree,
                                 struct split_records *ret)
{
    struct brn_build *build = what->build;
    const struct {
        const char *name;
        const struct brn_dtype_field **to;
    } wanted[] = {{"left_child", &ret->left},
                  {"right_child", &ret->right},
                  {"feature", &ret->feature},
                  {"impurity", &ret->impurity},
                  {"weighted_n_node_samples", &ret->weight}};
    BRN_TRY(
        brn_node_array(brn_node_attribute(tree, "nodes"), build->scratch, &ret->nodes, build->err));
    const struct brn_dtype *dtype = &ret->nodes.dtype;
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        *wanted[k].to = NULL;
        for (size_t f = 0; dtype->kind == 'V' && f < dtype->field_count; f++)
            if (brn_slice_is(dtype->fields[f].name, wanted[k].name))
                *wanted[k].to = &dtype->fields[f];
        if (!*wanted[k].to || strchr("iuf", (*wanted[k].to)->type.kind) == NULL)
            return brn_ill_formed(build, "estimator_", "a tree's records have no %s",
                                  wanted[k].name);
    }
    return ret->nodes.count && !dtype->has_objects
               ? BRINE_OK
               : brn_ill_formed(build, "estimator_", "a tree has no nodes");
}

static double record(const struct split_records *s, uint64_t i, const struct brn_dtype_field *field)
{
    return brn_dtype_number(&field->type, brn_array_element(&s->nodes, i) + field->offset);
}

static double weighted(const struct split_records *s, uint64_t i)
{
    return record(s, i, s->weight) * record(s, i, s->impurity);
}

/* sklearn/tree/_tree.pyx: compute_feature_importances. */
static brine_status add_splits(const struct importances *what, const struct split_records *s,
                               double *values)
{
    double count = (double)s->nodes.count;
    if (!s->left || !s->right || !s->feature || !s->impurity || !s->weight)
        return brn_ill_formed(what->build, "estimator_", "a tree's records lack fields");
    for (uint64_t i = 0; i < s->nodes.count; i++) {
        double left = record(s, i, s->left), right = record(s, i, s->right);
        double feature = record(s, i, s->feature);
        if (left < 0)
            continue;
        if (!(left < count && right >= 0 && right < count && feature >= 0 &&
              feature < (double)what->count))
            return brn_ill_formed(what->build, "estimator_", "a tree's node points nowhere");
        values[(size_t)feature] +=
            weighted(s, i) - weighted(s, (uint64_t)left) - weighted(s, (uint64_t)right);
    }
    return BRINE_OK;
}

static void divide(double *values, size_t count, double by)
{
    for (size_t i = 0; i < count; i++)
        values[i] /= by;
}

static void normalize(double *values, size_t count)
{
    double sum = brn_sum_numpy(values, count);
    if (sum > 0)
        divide(values, count, sum);
}

/* Of one tree, as a Tree or in an estimator's tree_. */
static brine_status of_tree(const struct importances *what, const struct brn_node *tree,
                            bool normalized, double *values, uint64_t *ret_nodes)
{
    struct split_records s = {.weight = NULL};
    BRN_TRY(find_records(what, tree, &s));
    memset(values, 0, what->count * sizeof *values);
    BRN_TRY(add_splits(what, &s, values));
    divide(values, what->count, record(&s, 0, s.weight));
    if (normalized)
        normalize(values, what->count);
    *ret_nodes = s.nodes.count;
    return BRINE_OK;
}

/* How an ensemble joins its trees' importances. */
struct joining {
    bool normalizes_trees; /* a forest; not a booster */
    bool skips_stumps;     /* trees of one node do not count, and the result is normalized */
    bool by_stage;         /* a booster of old divides each stage by its trees */
};

static const struct brn_era joining_eras[] = {
    {0, 2100, false, "a mean of all trees"},
    {2100, 0, true, "a mean of the trees that split, and divided by its sum"},
    BRN_ERA_END,
};

static const struct brn_era booster_eras[] = {
    {0, 2000, true, "a booster's trees are normalized, its sum is not"},
    {2000, 0, false, "a booster's sum is normalized, its trees are not"},
    BRN_ERA_END,
};

struct members {
    const struct brn_node *const *at;
    size_t count;
};

static brine_status members_of(const struct importances *what, const struct brn_node *ensemble,
                               struct members *ret)
{
    const struct brn_node *list = brn_node_attribute(ensemble, "estimators_");
    struct brn_array array;
    if (brn_is(list, BRN_LIST)) {
        *ret = (struct members){list->as.items.at, list->as.items.count};
        return BRINE_OK;
    }
    if (!brn_node_is_array(list))
        return no_importances(what, ensemble);
    BRN_TRY(brn_node_array(list, what->build->scratch, &array, what->build->err));
    if (array.dtype.kind != 'O')
        return no_importances(what, ensemble);
    *ret = (struct members){array.objects, array.count};
    return BRINE_OK;
}

static void add(double *sum, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += values[i];
}

static brine_status join(const struct importances *what, const struct members *members,
                         struct joining how, double *one, double *sum)
{
    size_t used = 0;
    for (size_t k = 0; k < members->count; k++) {
        const struct brn_node *tree = brn_node_attribute(members->at[k], "tree_");
        uint64_t nodes = 0;
        if (tree->kind == BRN_NIL)
            return no_importances(what, members->at[k]);
        BRN_TRY(of_tree(what, tree, how.normalizes_trees, one, &nodes));
        if (nodes < 2 && how.skips_stumps)
            continue;
        used++;
        add(sum, one, what->count);
    }
    if (used)
        divide(sum, what->count, (double)used);
    return BRINE_OK;
}

/* weight * importances, summed and divided by the weights' sum. */
static brine_status join_weighted(const struct importances *what, const struct members *members,
                                  const struct brn_matrix *weights, double *one, double *sum)
{
    uint64_t nodes;
    for (size_t k = 0; k < members->count; k++) {
        const struct brn_node *tree = brn_node_attribute(members->at[k], "tree_");
        if (tree->kind == BRN_NIL || k >= weights->columns)
            return no_importances(what, members->at[k]);
        BRN_TRY(of_tree(what, tree, true, one, &nodes));
        for (size_t i = 0; i < what->count; i++)
            sum[i] += weights->values[k] * one[i];
    }
    divide(sum, what->count, brn_sum_numpy(weights->values, weights->columns));
    return BRINE_OK;
}

static brine_status of_ensemble(const struct importances *what, const struct brn_node *ensemble,
                                double *one, double *sum)
{
    struct members members = {NULL, 0};
    struct brn_matrix weights = {0};
    bool is_sklearn = false;
    struct brn_slice name = brn_importance_class(ensemble, &is_sklearn);
    bool new = brn_era_behaviour(joining_eras, what->me->version);
    bool old_booster = brn_era_behaviour(booster_eras, what->me->version);
    BRN_TRY(members_of(what, ensemble, &members));
    if (brn_slice_is(name, "AdaBoostClassifier") || brn_slice_is(name, "AdaBoostRegressor")) {
        BRN_TRY(brn_decode_matrix(what->build, brn_node_attribute(ensemble, "estimator_weights_"),
                                  &weights));
        return join_weighted(what, &members, &weights, one, sum);
    }
    bool booster = brn_slice_is(name, "GradientBoostingClassifier") ||
                   brn_slice_is(name, "GradientBoostingRegressor");
    BRN_TRY(
        join(what, &members, (struct joining){!booster || old_booster, new, booster}, one, sum));
    if (new || (booster && !old_booster))
        divide(sum, what->count, brn_sum_numpy(sum, what->count));
    return BRINE_OK;
}

/* What the estimator was fitted on: SelectFromModel itself may not say. */
static brine_status count_features(struct importances *what, const struct brn_node *estimator)
{
    enum { MOST_FEATURES = 1 << 24 };
    static const char *const names[] = {"n_features_in_", "n_features_", "n_features"};
    const struct brn_node *first =
        brn_node_item(brn_node_attribute(estimator, "estimators_"), 0); /* of an AdaBoost* of old */
    const struct brn_node *node = &brn_nil;
    int64_t count = 0;
    for (size_t i = 0; i < 3 && node->kind == BRN_NIL; i++)
        node = brn_node_attribute(estimator, names[i]);
    if (node->kind == BRN_NIL)
        node = brn_node_attribute(first, "n_features_");
    BRN_TRY(brn_decode_int(what->build, node, &count));
    if (count < 1 || count > MOST_FEATURES)
        return brn_ill_formed(what->build, "estimator_", "has %lld features", (long long)count);
    what->count = (size_t)count;
    return BRINE_OK;
}

static brine_status of_trees(struct importances *what, const struct brn_node *estimator,
                             double **ret_values, size_t *ret_count)
{
    struct brn_build *build = what->build;
    BRN_TRY(count_features(what, estimator));
    const struct brn_node *tree = brn_node_attribute(estimator, "tree_");
    uint64_t nodes;
    if (tree->kind == BRN_NIL && brn_node_attribute(estimator, "estimators_")->kind == BRN_NIL)
        return no_importances(what, estimator);
    double *one = BRN_NEW(build->scratch, double, what->count);
    double *sum = BRN_NEW(build->scratch, double, what->count);
    if (!one || !sum)
        return brn_fail_memory(build->err);
    *ret_count = what->count;
    *ret_values = sum;
    if (tree->kind != BRN_NIL)
        return of_tree(what, tree, true, sum, &nodes);
    return of_ensemble(what, estimator, one, sum);
}

/* ---- getters ---- */

/* One name of an attribute path: an attribute, or a step of a Pipeline. */
static const struct brn_node *follow(const struct brn_node *node, struct brn_slice name,
                                     bool *in_steps)
{
    if (*in_steps) {
        const struct brn_node *steps = brn_node_attribute(node, "steps");
        *in_steps = false;
        for (size_t i = 0; i < brn_node_count(steps); i++)
            if (brn_slice_equal(brn_node_text(brn_node_item(brn_node_item(steps, i), 0)), name))
                return brn_node_item(brn_node_item(steps, i), 1);
        return &brn_nil;
    }
    *in_steps = brn_slice_is(name, "named_steps");
    if (*in_steps)
        return node;
    char text[80];
    if (name.n >= sizeof text)
        return &brn_nil;
    memcpy(text, name.p, name.n);
    text[name.n] = '\0';
    return brn_node_attribute(node, text);
}

static struct brn_slice next_name(const char **at)
{
    const char *dot = strchr(*at, '.');
    struct brn_slice name = {(const uint8_t *)*at, dot ? (size_t)(dot - *at) : strlen(*at)};
    *at = dot ? dot + 1 : *at + name.n;
    return name;
}

/* The object before the last name of the path, and that name. */
static const struct brn_node *holder_of(const struct brn_node *estimator, const char *getter,
                                        struct brn_slice *ret_last)
{
    bool in_steps = false;
    *ret_last = next_name(&getter);
    while (*getter) {
        estimator = follow(estimator, *ret_last, &in_steps);
        *ret_last = next_name(&getter);
    }
    return in_steps ? &brn_nil : estimator;
}

/* sklearn2pmml's wrapper keeps a copy of the importances, and the estimator. */
static bool is_proxy(const struct brn_node *estimator)
{
    return brn_node_is_global(brn_node_class(estimator), "sklearn2pmml", "EstimatorProxy");
}

brine_status brn_importances(struct brn_build *build, const struct brn_instance *me,
                             const struct brn_node *estimator, const char *getter, double order,
                             double **ret_values, size_t *ret_count)
{
    const struct brn_node *copy = brn_node_attribute(estimator, "feature_importances_");
    struct importances what = {build, me, 0};
    if (is_proxy(estimator) && brn_node_is_array(copy))
        return of_coef(&what, copy, order, ret_values, ret_count);
    struct brn_slice last = {NULL, 0};
    bool is_auto = !getter || strcmp(getter, "auto") == 0;
    if (!is_auto)
        estimator = holder_of(estimator, getter, &last);
    const struct brn_node *coef = brn_node_attribute(estimator, "coef_");
    if ((is_auto || brn_slice_is(last, "coef_")) && brn_node_is_array(coef))
        return of_coef(&what, coef, order, ret_values, ret_count);
    bool is_sklearn = false;
    brn_importance_class(estimator, &is_sklearn);
    if (coef->kind != BRN_NIL || !is_sklearn ||
        (!is_auto && !brn_slice_is(last, "feature_importances_")))
        return no_importances(&what, estimator);
    return of_trees(&what, estimator, ret_values, ret_count);
}
