/* SPDX-License-Identifier: Apache-2.0
 *
 * tree.c - DecisionTree* and ExtraTree* (scikit-learn tree/_classes.py, tree/_tree.pyx). */
#include "estimators/shared_tree_estimator.h"
#include "kernel/sum.h"

#define FIELD(member, attribute, kind, doc) \
    BRN_FIELD(struct brn_tree_estimator, member, attribute, kind, doc)
#define OPTIONAL(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct brn_tree_estimator, member, attribute, kind, doc)

static const struct brn_field common_fields[] = {
    FIELD(tree, "tree_", NODE, "nodes and values"),
    FIELD(output_count, "n_outputs_", INT, "number of targets"),
    OPTIONAL(criterion, "criterion", NODE, "says with splitter whether NaN is taken"),
    OPTIONAL(splitter, "splitter", NODE, "says with criterion whether NaN is taken"),
    OPTIONAL(monotonic, "monotonic_cst", NODE, "with constraints 1.4 to 1.8 take no NaN"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("min_samples_split", "fit only"),
    BRN_FIELD_IGNORE("min_samples_leaf", "fit only"),
    BRN_FIELD_IGNORE("min_weight_fraction_leaf", "fit only"),
    BRN_FIELD_IGNORE("max_features", "fit only"),
    BRN_FIELD_IGNORE("max_features_", "fit only"),
    BRN_FIELD_IGNORE("max_leaf_nodes", "fit only"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("min_impurity_decrease", "fit only"),
    BRN_FIELD_IGNORE("class_weight", "fit only; regressors hold None"),
    BRN_FIELD_IGNORE("ccp_alpha", "fit only: the tree is stored pruned"),
    BRN_FIELD_IGNORE("presort", "fit only"),
    BRN_FIELD_IGNORE("n_features_", "until 0.24: tree_ says it"),
    BRN_FIELD_IGNORE("min_impurity_split", "fit only"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    FIELD(classes, "classes_", NODE, "class labels, by output when there are several"),
    FIELD(class_counts, "n_classes_", NODE, "number of classes, by output"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_IGNORE("classes_", "[None], until 0.21"),
    BRN_FIELD_IGNORE("n_classes_", "1, until 0.24"),
    BRN_FIELD_END,
};

/* ---- leaves ---- */

static const struct brn_era leaf_eras[] = {
    {0, 10400, true, "tree_.value holds weighted counts"},
    {10400, 0, false, "tree_.value holds fractions"},
    BRN_ERA_END,
};

bool brn_leaf_holds_counts(brn_version version)
{
    return brn_era_behaviour(leaf_eras, version);
}

bool brn_leaf_as_it_is(const void *context, const double *values, double *ret_leaf)
{
    memcpy(ret_leaf, values, *(const size_t *)context * sizeof *values);
    return true;
}

/* tree/_classes.py, predict_proba of 1.3 and before: by the sum, or by 1 when that is 0. */
static void normalise(double *values, size_t count)
{
    double sum = brn_sum_numpy(values, count);
    for (size_t k = 0; sum != 0 && k < count; k++)
        values[k] /= sum;
}

/* The source has most columns an output.  The code is the first largest of the values as they stand
 * in the file: predict does not normalise. */
bool brn_leaf_of_classes(const void *context, const double *values, double *ret_leaf)
{
    const struct brn_leaf_classes *c = context;
    double *to = ret_leaf;
    for (size_t o = 0; o < c->outputs->count; o++) {
        size_t classes = c->outputs->classes[o];
        int32_t code = 0;
        memcpy(to, values + o * c->outputs->most, classes * sizeof *to);
        brn_argmax(to, 1, classes, &code, 1);
        if (c->normalise)
            normalise(to, classes);
        if (c->with_codes)
            ret_leaf[c->outputs->width + o] = code;
        to += classes;
    }
    return true;
}

/* ---- missing values ---- */

enum { DECISION_TREE = 1, EXTRA_TREE = 2 };

/* Which trees take NaN: __sklearn_tags__ (before 1.6 _more_tags) and _support_missing_values of
 * each version. Forests took it one release later than trees. */
struct missing_rule {
    int trees;
    brn_version since, until;
    const char *splitters[2]; /* NULL: any */
    bool by_criterion;        /* absolute_error takes none */
    bool without_constraints; /* monotonic_cst must be None */
};

static const struct missing_rule missing_rules[] = {
    {DECISION_TREE | EXTRA_TREE, 10300, 10400, {"best", "best"}, true, false},
    {DECISION_TREE | EXTRA_TREE, 10400, 10600, {"best", "best"}, true, true},
    {DECISION_TREE, 10600, 10900, {"best", "random"}, true, true},
    {EXTRA_TREE, 10600, 10900, {"random", "random"}, true, true},
    {DECISION_TREE, 10900, 0, {NULL, NULL}, false, false},
    {EXTRA_TREE, 10900, 0, {"random", "random"}, false, false},
};

static bool criterion_takes_missing(const struct brn_node *criterion)
{
    static const char *const names[] = {"gini",         "log_loss", "entropy", "squared_error",
                                        "friedman_mse", "poisson",  NULL};
    for (const char *const *name = names; *name; name++)
        if (brn_node_is_text(criterion, *name))
            return true;
    return false;
}

static bool rule_allows(const struct missing_rule *rule, const struct brn_tree_estimator *self)
{
    bool splitter = !rule->splitters[0] || brn_node_is_text(self->splitter, rule->splitters[0]) ||
                    brn_node_is_text(self->splitter, rule->splitters[1]);
    bool criterion = !rule->by_criterion || criterion_takes_missing(self->criterion);
    bool constraints =
        rule->without_constraints && self->monotonic && self->monotonic->kind != BRN_NONE;
    return splitter && criterion && !constraints;
}

static enum brn_missing missing_of(const struct brn_instance *me)
{
    const struct brn_tree_estimator *self = me->self;
    int tree = strncmp(me->estimator->name, "Extra", 5) == 0 ? EXTRA_TREE : DECISION_TREE;
    for (size_t i = 0; i < sizeof missing_rules / sizeof missing_rules[0]; i++) {
        const struct missing_rule *rule = &missing_rules[i];
        if (rule->trees & tree && brn_version_within(me->version, rule->since, rule->until))
            return rule_allows(rule, self) ? BRN_NAN_ALLOWED : BRN_NAN_REFUSED;
    }
    return BRN_NAN_REFUSED;
}

/* ---- preparing ---- */

static brine_status open_tree(struct brn_instance *me, struct brn_build *build)
{
    struct brn_tree_estimator *self = me->self;
    brine_status status = brn_tree_open(build, self->tree, &self->source);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "tree_");
        return status;
    }
    self->missing = missing_of(me);
    return brn_expect_features(build, me, self->source->feature_count, "tree_");
}

static brine_status check_shape(const struct brn_build *build,
                                const struct brn_tree_estimator *self, size_t classes)
{
    if (self->output_count < 1 || self->source->outputs != (uint64_t)self->output_count ||
        self->source->classes != classes)
        return brn_ill_formed(
            build, "tree_.values", "has %zu outputs of %zu values for %lld outputs of %zu",
            self->source->outputs, self->source->classes, (long long)self->output_count, classes);
    return BRINE_OK;
}

static brine_status prepare_regressor(struct brn_instance *me, struct brn_build *build)
{
    BRN_TRY(open_tree(me, build));
    return check_shape(build, me->self, 1);
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct brn_tree_estimator *self = me->self;
    BRN_TRY(open_tree(me, build));
    BRN_TRY(brn_class_outputs_read(build, self->classes, self->output_count, &self->class_outputs));
    return check_shape(build, self, self->class_outputs.most);
}

/* ---- binding ---- */

static brine_status bind_tree(struct brn_instance *me, const struct brn_schema *in,
                              struct brn_build *build, brn_leaf_values *leaf_values,
                              const void *context, size_t leaf_width)
{
    struct brn_tree_estimator *self = me->self;
    struct brn_forest_plan plan;
    if (in->is_sparse) /* _support_missing_values() */
        self->missing = BRN_NAN_REFUSED;
    BRN_TRY(brn_bind_numbers(build, me, in, &self->columns));
    BRN_TRY(brn_forest_begin(&plan, build, &self->source, 1, me->feature_count, leaf_width, false));
    plan.leaf_values = leaf_values;
    plan.context = context;
    brine_status status = brn_forest_add_tree(&plan, self->source, 0);
    if (status != BRINE_OK)
        brn_error_within(build->err, "tree_");
    else
        self->forest = brn_forest_end(&plan);
    return status;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct brn_tree_estimator *self = me->self;
    size_t outputs = self->source->outputs;
    BRN_TRY(bind_tree(me, in, build, brn_leaf_as_it_is, &outputs, outputs));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, outputs, NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct brn_tree_estimator *self = me->self;
    const struct brn_class_outputs *outputs = &self->class_outputs;
    struct brn_leaf_classes context = {outputs, brn_leaf_holds_counts(me->version), true};
    BRN_TRY(
        bind_tree(me, in, build, brn_leaf_of_classes, &context, outputs->width + outputs->count));
    BRN_TRY(brn_class_outputs_bind(build, me, outputs));
    brn_class_outputs_check_texts(me, outputs);
    return BRINE_OK;
}

/* ---- running ---- */

/* The leaf of every row. */
static brine_status find_leaves(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_work *work, const uint32_t **ret_leaves)
{
    const struct brn_tree_estimator *self = me->self;
    struct brn_forest_rows rows;
    BRN_TRY(brn_forest_single_rows(self->forest, work, in, self->columns, me->feature_count,
                                   self->missing, &rows));
    uint32_t *leaves = brn_work_take(work, in->rows, sizeof *leaves);
    if (!leaves)
        return brn_fail_memory(work->err);
    brn_tree_leaves(self->forest, 0, &rows, leaves);
    *ret_leaves = leaves;
    return BRINE_OK;
}

/* The leaf's first values: probabilities, or a regressor's targets. */
static brine_status run_values(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct brn_tree_estimator *self = me->self;
    const struct brn_forest *forest = self->forest;
    size_t width = self->class_outputs.count ? self->class_outputs.width : forest->leaf_width;
    const uint32_t *leaves;
    BRN_TRY(find_leaves(me, in, work, &leaves));
    for (size_t r = 0; r < in->rows; r++)
        memcpy(out->numbers + r * out->number_stride,
               forest->leaves + leaves[r] * forest->leaf_width, width * sizeof(double));
    return BRINE_OK;
}

static brine_status run_codes(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct brn_tree_estimator *self = me->self;
    const struct brn_forest *forest = self->forest;
    const struct brn_class_outputs *outputs = &self->class_outputs;
    const uint32_t *leaves;
    BRN_TRY(find_leaves(me, in, work, &leaves));
    for (size_t r = 0; r < in->rows; r++) {
        const double *codes = forest->leaves + leaves[r] * forest->leaf_width + outputs->width;
        for (size_t o = 0; o < outputs->count; o++)
            out->codes[r * out->code_stride + o] = (int32_t)codes[o];
    }
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const modules[] = {"sklearn.tree._classes", "sklearn.tree.tree", NULL};

#define CLASSIFIER(class_name)                                                                \
    {                                                                                         \
        .name = class_name, .jumps = true, .modules = modules,                                \
        .size = sizeof(struct brn_tree_estimator), .fields = classifier_fields,               \
        .more_fields = common_fields, .prepare = prepare_classifier, .bind = bind_classifier, \
        .methods = {                                                                          \
            [BRINE_METHOD_PREDICT] = {run_codes, BRN_EXACT},                                  \
            [BRINE_METHOD_PREDICT_PROBA] = {run_values, BRN_EXACT},                           \
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS},                 \
        },                                                                                    \
    }

#define REGRESSOR(class_name)                                                               \
    {                                                                                       \
        .name = class_name, .jumps = true, .modules = modules,                              \
        .size = sizeof(struct brn_tree_estimator), .fields = regressor_fields,              \
        .more_fields = common_fields, .prepare = prepare_regressor, .bind = bind_regressor, \
        .methods = {[BRINE_METHOD_PREDICT] = {run_values, BRN_EXACT}},                      \
    }

static const struct brn_estimator decision_tree_classifier = CLASSIFIER("DecisionTreeClassifier");
static const struct brn_estimator extra_tree_classifier = CLASSIFIER("ExtraTreeClassifier");
static const struct brn_estimator decision_tree_regressor = REGRESSOR("DecisionTreeRegressor");
static const struct brn_estimator extra_tree_regressor = REGRESSOR("ExtraTreeRegressor");

static const struct brn_estimator *const estimators[] = {
    &decision_tree_classifier,
    &extra_tree_classifier,
    &decision_tree_regressor,
    &extra_tree_regressor,
    NULL,
};

const struct brn_family brn_family_tree = {estimators};

const struct brn_tree_estimator *brn_tree_estimator_of(const struct brn_instance *child,
                                                       bool classifier)
{
    brine_status (*prepare)(struct brn_instance *, struct brn_build *) =
        classifier ? prepare_classifier : prepare_regressor;
    return child && child->estimator->prepare == prepare ? child->self : NULL;
}
