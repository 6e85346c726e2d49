/* SPDX-License-Identifier: Apache-2.0
 *
 * forest.c - RandomForest* and ExtraTrees* (scikit-learn ensemble/_forest.py): the mean of the
 * trees, summed in their order. */
#include "estimators/shared_forest_estimator.h"

#include <stdio.h>

#define FIELD(member, attribute, kind, doc) \
    BRN_FIELD(struct brn_forest_estimator, member, attribute, kind, doc)

const struct brn_field brn_forest_fields[] = {
    FIELD(trees, "estimators_", CHILDREN, "the fitted trees"),
    FIELD(output_count, "n_outputs_", INT, "number of targets"),
    BRN_ENSEMBLE_TEMPLATES,
    BRN_FIELD_IGNORE("n_estimators", "the mean is over estimators_"),
    BRN_FIELD_IGNORE("bootstrap", "fit only"),
    BRN_FIELD_IGNORE("oob_score", "fit only"),
    BRN_FIELD_IGNORE("oob_score_", "a score of the fit"),
    BRN_FIELD_IGNORE("oob_decision_function_", "predictions made during the fit"),
    BRN_FIELD_IGNORE("oob_prediction_", "predictions made during the fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads; the trees are summed in their order"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("verbose", "fit only"),
    BRN_FIELD_IGNORE("warm_start", "fit only"),
    BRN_FIELD_IGNORE("max_samples", "fit only"),
    BRN_FIELD_IGNORE("_n_samples", "size of the fit"),
    BRN_FIELD_IGNORE("_n_samples_bootstrap", "size of the fit"),
    BRN_FIELD_IGNORE("_sample_weight", "fit only"),
    BRN_FIELD_IGNORE("criterion", "the trees have their own"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("min_samples_split", "fit only"),
    BRN_FIELD_IGNORE("min_samples_leaf", "fit only"),
    BRN_FIELD_IGNORE("min_weight_fraction_leaf", "fit only"),
    BRN_FIELD_IGNORE("max_features", "fit only"),
    BRN_FIELD_IGNORE("max_leaf_nodes", "fit only"),
    BRN_FIELD_IGNORE("min_impurity_decrease", "fit only"),
    BRN_FIELD_IGNORE("class_weight", "fit only; regressors hold None"),
    BRN_FIELD_IGNORE("ccp_alpha", "fit only"),
    BRN_FIELD_IGNORE("n_features_", "until 0.24: the trees say it"),
    BRN_FIELD_IGNORE("min_impurity_split", "fit only"),
    BRN_FIELD_IGNORE("monotonic_cst", "the trees have their own"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    FIELD(classes, "classes_", NODE, "class labels, by output when there are several"),
    FIELD(class_counts, "n_classes_", NODE, "number of classes, by output"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_END,
};

/* ---- preparing ---- */

/* The trees' own classes_ are 0, 1…: their numbers must be those of the forest's classes. */
static bool same_shape(const struct brn_class_outputs *a, const struct brn_class_outputs *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->classes, b->classes, a->count * sizeof *a->classes) == 0);
}

static brine_status check_tree(struct brn_build *build, const struct brn_instance *me, size_t i)
{
    const struct brn_forest_estimator *self = me->self;
    const struct brn_instance *child = self->trees.at[i];
    const struct brn_tree_estimator *tree = brn_tree_estimator_of(child, self->classes != NULL);
    char path[48];
    snprintf(path, sizeof path, "estimators_[%zu]", i);
    if (!child || !tree)
        return brn_unsupported(build, path, "%s in a %s", child ? child->estimator->name : "None",
                               me->estimator->name);
    if (child->feature_count != me->feature_count || tree->output_count != self->output_count ||
        !same_shape(&tree->class_outputs, &self->class_outputs))
        return brn_ill_formed(build, path,
                              "has other features, outputs or classes than the forest");
    return BRINE_OK;
}

static const struct brn_tree_estimator *tree_at(const struct brn_forest_estimator *self, size_t i)
{
    return brn_tree_estimator_of(self->trees.at[i], self->classes != NULL);
}

static brine_status collect(struct brn_instance *me, struct brn_build *build,
                            const struct brn_tree_source *const **ret_sources)
{
    const struct brn_forest_estimator *self = me->self;
    if (self->trees.count == 0)
        return brn_ill_formed(build, "estimators_", "is empty: this forest was not fitted");
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, self->trees.count);
    if (!sources)
        return brn_fail_memory(build->err);
    if (self->trees.at[0])
        BRN_TRY(brn_expect_features(build, me, self->trees.at[0]->feature_count, "estimators_[0]"));
    for (size_t i = 0; i < self->trees.count; i++) {
        BRN_TRY(check_tree(build, me, i));
        sources[i] = tree_at(self, i)->source;
    }
    *ret_sources = sources;
    return BRINE_OK;
}

static brine_status lower_tree(struct brn_forest_plan *plan,
                               const struct brn_forest_estimator *self, size_t i)
{
    struct brn_leaf_classes classes = {
        .outputs = &self->class_outputs,
        .normalise = brn_leaf_holds_counts(self->trees.at[i]->version),
    };
    plan->context = self->classes ? (const void *)&classes : &self->width;
    brine_status status = brn_forest_add_tree(plan, tree_at(self, i)->source, 0);
    if (status != BRINE_OK)
        brn_error_within(plan->build->err, "estimators_[%zu].tree_", i);
    return status;
}

static const struct brn_era missing_eras[] = {
    {0, 10400, false, "takes no NaN"},
    {10400, 0, true, "takes NaN when its trees do"},
    BRN_ERA_END,
};

enum brn_missing brn_forest_missing(const struct brn_instance *me)
{
    const struct brn_forest_estimator *self = me->self;
    return brn_era_behaviour(missing_eras, me->version) ? tree_at(self, 0)->missing
                                                        : BRN_NAN_REFUSED;
}

static brine_status lower(struct brn_instance *me, struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    const struct brn_tree_source *const *sources = NULL;
    struct brn_forest_plan plan;
    BRN_TRY(collect(me, build, &sources));
    BRN_TRY(brn_forest_begin(&plan, build, sources, self->trees.count, me->feature_count,
                             self->width, false));
    plan.leaf_values = self->classes ? brn_leaf_of_classes : brn_leaf_as_it_is;
    for (size_t i = 0; i < self->trees.count; i++)
        BRN_TRY(lower_tree(&plan, self, i));
    self->forest = brn_forest_end(&plan);
    self->missing = brn_forest_missing(me);
    return BRINE_OK;
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    BRN_TRY(brn_class_outputs_read(build, self->classes, self->output_count, &self->class_outputs));
    self->width = self->class_outputs.width;
    return lower(me, build);
}

static brine_status prepare_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    if (self->output_count < 1 || self->output_count > UINT16_MAX)
        return brn_ill_formed(build, "n_outputs_", "is %lld", (long long)self->output_count);
    self->width = (size_t)self->output_count;
    return lower(me, build);
}

/* ---- binding ---- */

/* _support_missing_values() of the trees takes no NaN in a sparse matrix. */
static brine_status bind_input(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    if (in->is_sparse)
        self->missing = BRN_NAN_REFUSED;
    return brn_bind_numbers(build, me, in, &self->columns);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    BRN_TRY(bind_input(me, in, build));
    BRN_TRY(brn_class_outputs_bind(build, me, &self->class_outputs));
    brn_class_outputs_check_texts(me, &self->class_outputs);
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct brn_forest_estimator *self = me->self;
    BRN_TRY(bind_input(me, in, build));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, self->width, NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* means is width a row, stride apart. */
static brine_status find_means(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_work *work, double *means, size_t stride)
{
    const struct brn_forest_estimator *self = me->self;
    struct brn_forest_rows rows;
    BRN_TRY(brn_forest_single_rows(self->forest, work, in, self->columns, me->feature_count,
                                   self->missing, &rows));
    for (size_t r = 0; r < in->rows; r++)
        memset(means + r * stride, 0, self->width * sizeof *means);
    brn_forest_add(self->forest, &rows, means, stride);
    double count = (double)self->forest->tree_count;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < self->width; k++)
            means[r * stride + k] /= count;
    return BRINE_OK;
}

static brine_status run_means(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    return find_means(me, in, work, out->numbers, out->number_stride);
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct brn_forest_estimator *self = me->self;
    double *means = brn_work_take(work, in->rows * self->width, sizeof *means);
    if (!means)
        return brn_fail_memory(work->err);
    BRN_TRY(find_means(me, in, work, means, self->width));
    brn_class_outputs_argmax(&self->class_outputs, means, out);
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const modules[] = {"sklearn.ensemble._forest", "sklearn.ensemble.forest", NULL};

#define CLASSIFIER(class_name)                                                                    \
    {                                                                                             \
        .name = class_name, .jumps = true, .modules = modules,                                    \
        .size = sizeof(struct brn_forest_estimator), .fields = classifier_fields,                 \
        .more_fields = brn_forest_fields, .prepare = prepare_classifier, .bind = bind_classifier, \
        .methods = {                                                                              \
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_EXACT},                                     \
            [BRINE_METHOD_PREDICT_PROBA] = {run_means, BRN_EXACT},                                \
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS},                     \
        },                                                                                        \
    }

#define REGRESSOR(class_name)                                                                   \
    {                                                                                           \
        .name = class_name, .jumps = true, .modules = modules,                                  \
        .size = sizeof(struct brn_forest_estimator), .fields = regressor_fields,                \
        .more_fields = brn_forest_fields, .prepare = prepare_regressor, .bind = bind_regressor, \
        .methods = {[BRINE_METHOD_PREDICT] = {run_means, BRN_EXACT}},                           \
    }

static const struct brn_estimator random_forest_classifier = CLASSIFIER("RandomForestClassifier");
static const struct brn_estimator extra_trees_classifier = CLASSIFIER("ExtraTreesClassifier");
static const struct brn_estimator random_forest_regressor = REGRESSOR("RandomForestRegressor");
static const struct brn_estimator extra_trees_regressor = REGRESSOR("ExtraTreesRegressor");

static const struct brn_estimator *const estimators[] = {
    &random_forest_classifier,
    &extra_trees_classifier,
    &random_forest_regressor,
    &extra_trees_regressor,
    NULL,
};

const struct brn_family brn_family_forest = {estimators};
