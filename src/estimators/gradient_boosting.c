/* SPDX-License-Identifier: Apache-2.0
 *
 * gradient_boosting.c - GradientBoosting* (scikit-learn ensemble/_gb.py, _gradient_boosting.pyx):
 * the first estimate of an init estimator, then each tree's value times the learning rate, in the
 * order of the stages. */
#include "estimators/shared_boosting.h"
#include "estimators/shared_dummy.h"
#include "estimators/shared_old_init.h"
#include "estimators/shared_ranks.h"
#include "estimators/shared_tree_estimator.h"
#include "kernel/sum.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

struct gradient_boosting {
    struct brn_boosting boosting; /* first */
    struct brn_instances trees;
    double learning_rate;
    const struct brn_node *init, *loss;
    struct brn_values class_labels; /* of a classifier */

    struct brn_instance *init_child; /* NULL: starts from first */
    brine_method init_method;
    double *first; /* raw scores of every row before the first tree */
    struct brn_forest *forest;
    int32_t *columns;
};

#define FIELD(member, attribute, kind, doc) \
    BRN_FIELD(struct gradient_boosting, member, attribute, kind, doc)
#define WINDOW(member, attribute, kind, since, until, doc) \
    BRN_FIELD_WINDOW(struct gradient_boosting, member, attribute, kind, since, until, doc)

static const struct brn_field common_fields[] = {
    FIELD(trees, "estimators_", CHILDREN, "the fitted trees, by stage and score"),
    FIELD(learning_rate, "learning_rate", NUMBER, "factor of every tree"),
    FIELD(init, "init_", NODE, "what the first estimate comes from: an estimator or 'zero'"),
    WINDOW(loss, "loss_", NODE, 0, 10100, "the loss, for its link"),
    WINDOW(loss, "_loss", NODE, 10100, 0, "the loss, for its link"),
    BRN_FIELD_IGNORE("loss", "_loss is what was fitted"),
    BRN_FIELD_IGNORE("loss_", "the same object as _loss, until 1.3"),
    BRN_FIELD_IGNORE("init", "init_ is what was fitted"),
    BRN_FIELD_IGNORE("n_estimators", "the fitted trees count"),
    BRN_FIELD_IGNORE("n_estimators_", "the fitted trees count"),
    BRN_FIELD_IGNORE("n_trees_per_iteration_", "the loss and the classes say it"),
    BRN_FIELD_IGNORE("subsample", "fit only"),
    BRN_FIELD_IGNORE("criterion", "fit only"),
    BRN_FIELD_IGNORE("min_samples_split", "fit only"),
    BRN_FIELD_IGNORE("min_samples_leaf", "fit only"),
    BRN_FIELD_IGNORE("min_weight_fraction_leaf", "fit only"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("min_impurity_decrease", "fit only"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("_rng", "fit only"),
    BRN_FIELD_IGNORE("max_features", "fit only"),
    BRN_FIELD_IGNORE("max_features_", "fit only"),
    BRN_FIELD_IGNORE("alpha", "fit only"),
    BRN_FIELD_IGNORE("verbose", "fit only"),
    BRN_FIELD_IGNORE("max_leaf_nodes", "fit only"),
    BRN_FIELD_IGNORE("warm_start", "fit only"),
    BRN_FIELD_IGNORE("validation_fraction", "fit only"),
    BRN_FIELD_IGNORE("n_iter_no_change", "fit only"),
    BRN_FIELD_IGNORE("tol", "fit only"),
    BRN_FIELD_IGNORE("ccp_alpha", "fit only"),
    BRN_FIELD_IGNORE("presort", "fit only"),
    BRN_FIELD_IGNORE("n_features", "in 0.18: the trees say it"),
    BRN_FIELD_IGNORE("n_features_", "until 0.24: the trees say it"),
    BRN_FIELD_IGNORE("min_impurity_split", "fit only"),
    BRN_FIELD_IGNORE("train_score_", "scores of the fit"),
    BRN_FIELD_IGNORE("oob_improvement_", "scores of the fit"),
    BRN_FIELD_IGNORE("oob_scores_", "scores of the fit"),
    BRN_FIELD_IGNORE("oob_score_", "a score of the fit"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    FIELD(class_labels, "classes_", VALUES, "class labels"),
    BRN_FIELD_IGNORE("n_classes_", "the number of classes_"),
    BRN_FIELD_IGNORE("_n_classes", "the number of classes_, until 1.3"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_IGNORE("n_classes_", "1, until 1.3"),
    BRN_FIELD_IGNORE("_n_classes", "1, until 1.3"),
    BRN_FIELD_END,
};

/* ---- trees ---- */

static bool leaf_scaled(const void *context, const double *values, double *ret_leaf)
{
    const struct gradient_boosting *self = context;
    *ret_leaf = self->learning_rate * *values;
    return isfinite(*ret_leaf);
}

static brine_status check_tree(const struct brn_build *build, const struct brn_instance *me,
                               size_t i)
{
    const struct gradient_boosting *self = me->self;
    const struct brn_instance *child = self->trees.at[i];
    const struct brn_tree_estimator *tree = brn_tree_estimator_of(child, false);
    char path[48];
    snprintf(path, sizeof path, "estimators_[%zu]", i);
    if (!child || !tree)
        return brn_unsupported(build, path, "%s in a %s", child ? child->estimator->name : "None",
                               me->estimator->name);
    if (child->feature_count != me->feature_count || tree->output_count != 1)
        return brn_ill_formed(build, path,
                              "has other features than the ensemble, or several outputs");
    return BRINE_OK;
}

static brine_status collect(struct brn_instance *me, struct brn_build *build,
                            const struct brn_tree_source **sources)
{
    const struct gradient_boosting *self = me->self;
    if (self->trees.count == 0 || self->trees.count % self->boosting.scores)
        return brn_ill_formed(build, "estimators_", "holds %zu trees for %zu scores",
                              self->trees.count, self->boosting.scores);
    if (self->trees.at[0])
        BRN_TRY(brn_expect_features(build, me, self->trees.at[0]->feature_count, "estimators_[0]"));
    for (size_t i = 0; i < self->trees.count; i++) {
        BRN_TRY(check_tree(build, me, i));
        sources[i] = brn_tree_estimator_of(self->trees.at[i], false)->source;
    }
    return BRINE_OK;
}

static brine_status lower(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    struct brn_forest_plan plan;
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, self->trees.count);
    if (!sources)
        return brn_fail_memory(build->err);
    BRN_TRY(collect(me, build, sources));
    BRN_TRY(
        brn_forest_begin(&plan, build, sources, self->trees.count, me->feature_count, 1, false));
    plan.leaf_values = leaf_scaled;
    plan.context = self;
    for (size_t i = 0; i < self->trees.count; i++) {
        brine_status status = brn_forest_add_tree(&plan, sources[i], i % self->boosting.scores);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "estimators_[%zu].tree_", i);
            return status;
        }
    }
    self->forest = brn_forest_end(&plan);
    return brn_forest_rank(build, self->forest, me->feature_count);
}

/* ---- the first estimate ---- */

static const struct brn_era clip_eras[] = {
    {0, 10800, false, "_init_raw_predictions clips at float32's eps"},
    {10800, 0, true, "_init_raw_predictions clips at float64's eps"},
    BRN_ERA_END,
};

static double clipped(brn_version version, double p)
{
    double eps = brn_era_behaviour(clip_eras, version) ? DBL_EPSILON : (double)FLT_EPSILON;
    return p < eps ? eps : p > 1 - eps ? 1 - eps : p;
}

static const struct brn_era logit_eras[] = {
    {0, 10600, false, "log(p / (1 - p)): until 1.3 its own, then scipy's before 1.15"},
    {10600, 0, true, "scipy.special.logit of scipy 1.15, which avoids the division near 1/2"},
    BRN_ERA_END,
};

static double logit(brn_version version, double p)
{
    if (!brn_era_behaviour(logit_eras, version) || p < 0.3 || p > 0.65)
        return log(p / (1 - p));
    double s = 2 * (p - 0.5);
    return log1p(s) - log1p(-s);
}

static const struct brn_era multinomial_eras[] = {
    {0, 10400, false, "log(p)"},
    {10400, 0, true, "MultinomialLogit.link: log(p / geometric mean)"},
    BRN_ERA_END,
};

static void multinomial_link(brn_version version, const double *p, size_t count, double *ret_raw)
{
    for (size_t k = 0; k < count; k++)
        ret_raw[k] = log(clipped(version, p[k]));
    if (!brn_era_behaviour(multinomial_eras, version))
        return;
    double mean = exp(brn_sum_numpy(ret_raw, count) / (double)count);
    for (size_t k = 0; k < count; k++)
        ret_raw[k] = log(clipped(version, p[k]) / mean);
}

/* Raw scores from what the init estimator answers: predict of a regressor, predict_proba of a
 * classifier. */
static void link_answer(const struct brn_instance *me, const double *answer, double *ret_raw)
{
    const struct gradient_boosting *self = me->self;
    switch (self->boosting.link) {
    case BRN_LINK_MULTINOMIAL:
        multinomial_link(me->version, answer, self->boosting.scores, ret_raw);
        break;
    case BRN_LINK_LOGIT:
        ret_raw[0] = logit(me->version, clipped(me->version, answer[1]));
        break;
    case BRN_LINK_HALF_LOGIT:
        ret_raw[0] = 0.5 * logit(me->version, clipped(me->version, answer[1]));
        break;
    case BRN_LINK_IDENTITY:
    case BRN_LINK_LOG:
        ret_raw[0] = answer[0];
        break;
    }
}

static size_t answers_wanted(const struct gradient_boosting *self)
{
    return self->boosting.labels ? self->boosting.labels->count : 1;
}

/* A Dummy's answer is the same for every row: linked once. */
static brine_status use_dummy(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    size_t count;
    const double *answer = brn_dummy_answer(self->init_child, &count);
    if (!answer)
        return BRINE_OK;
    if (count != answers_wanted(self))
        return brn_ill_formed(build, "init_", "answers %zu values, not %zu", count,
                              answers_wanted(self));
    link_answer(me, answer, self->first);
    self->init_child = NULL;
    return BRINE_OK;
}

static const struct brn_era init_eras[] = {
    {0, 2100, false, "init_ answers raw scores, and is of a class of its own"},
    {2100, 0, true, "init_ is any estimator, whose answers the loss links"},
    BRN_ERA_END,
};

static brine_status prepare_init(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    self->first = BRN_BUILD_NEW(build, double, self->boosting.scores);
    if (!self->first)
        return brn_fail_memory(build->err);
    if (brn_node_is_text(self->init, "zero"))
        return BRINE_OK;
    if (!brn_era_behaviour(init_eras, me->version))
        return brn_old_init(build, self->init, self->first, self->boosting.scores);
    self->init_method = self->boosting.labels ? BRINE_METHOD_PREDICT_PROBA : BRINE_METHOD_PREDICT;
    BRN_TRY(brn_decode_child(build, me, self->init, &self->init_child, "init_"));
    return use_dummy(me, build);
}

/* The init estimator sees the rows rounded to float32. */
static brine_status bind_init(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    const struct brn_schema *in = brn_schema_numbers(build->arena, me->feature_count, NULL);
    if (!in)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_bind_child(build, self->init_child, in));
    const struct brn_schema *out = self->init_child->out[self->init_method];
    if (!out || out->count != answers_wanted(self) || out->layout->codes)
        return brn_unsupported(build, "init_", "%s does not answer %zu numbers by %s",
                               self->init_child->estimator->name, answers_wanted(self),
                               brine_method_name(self->init_method));
    return BRINE_OK;
}

/* ---- running ---- */

/* The init estimator's answers to the rows as the trees see them, linked into raw. */
static brine_status ask_init(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_work *work, double *raw, size_t stride)
{
    const struct gradient_boosting *self = me->self;
    size_t features = me->feature_count;
    struct brn_tile answers, single = {.rows = in->rows,
                                       .first_row = in->first_row,
                                       .number_stride = features,
                                       .single = true};
    BRN_TRY(brn_work_tile(work, self->init_child->out[self->init_method], in, &answers));
    single.numbers = brn_work_take(work, in->rows * features, sizeof(double));
    if (!single.numbers)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < features; i++)
            single.numbers[r * features + i] =
                (double)(float)in->numbers[r * in->number_stride + (size_t)self->columns[i]];
    BRN_TRY(brn_run_child(self->init_child, self->init_method, &single, &answers, work));
    for (size_t r = 0; r < in->rows; r++)
        link_answer(me, answers.numbers + r * answers.number_stride, raw + r * stride);
    return BRINE_OK;
}

static brine_status find_raw(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_work *work, double *raw, size_t stride)
{
    const struct gradient_boosting *self = me->self;
    struct brn_forest_rows rows;
    BRN_TRY(brn_forest_single_rows(self->forest, work, in, self->columns, me->feature_count,
                                   BRN_NAN_REFUSED, &rows));
    if (self->init_child)
        BRN_TRY(ask_init(me, in, work, raw, stride));
    else
        for (size_t r = 0; r < in->rows; r++)
            memcpy(raw + r * stride, self->first, self->boosting.scores * sizeof *raw);
    brn_forest_add(self->forest, &rows, raw, stride);
    return BRINE_OK;
}

/* ---- preparing and binding ---- */

static const struct brn_era label_eras[] = {
    {0, 10400, true, "the label is that of the larger probability, but for ExponentialLoss"},
    {10400, 0, false, "the label is that of the raw score, >= 0 for two classes"},
    BRN_ERA_END,
};

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    BRN_TRY(brn_boosting_read(build, &self->class_labels, self->loss, &self->boosting));
    self->boosting.find_raw = find_raw;
    self->boosting.by_proba =
        brn_era_behaviour(label_eras, me->version) && self->boosting.link != BRN_LINK_HALF_LOGIT;
    BRN_TRY(lower(me, build));
    return prepare_init(me, build);
}

static brine_status prepare_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    BRN_TRY(brn_loss_link(build, self->loss, &self->boosting.link));
    if (self->boosting.link != BRN_LINK_IDENTITY)
        return brn_unsupported(build, "_loss", "a loss of classifiers, or one with a link");
    self->boosting.scores = 1;
    self->boosting.find_raw = find_raw;
    BRN_TRY(lower(me, build));
    return prepare_init(me, build);
}

static brine_status bind_common(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct gradient_boosting *self = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &self->columns));
    return self->init_child ? bind_init(me, build) : BRINE_OK;
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    BRN_TRY(bind_common(me, in, build));
    return brn_boosting_bind(build, me, true);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    BRN_TRY(bind_common(me, in, build));
    return brn_boosting_bind_regressor(build, me);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct gradient_boosting *self = me->self;
    enum brn_equality own = me->estimator->methods[method].equality;
    return self->init_child ? brn_weaker(own, brn_equality_of(self->init_child, self->init_method))
                            : own;
}

/* ---- the family ---- */

static const char *const modules[] = {"sklearn.ensemble._gb", "sklearn.ensemble.gradient_boosting",
                                      NULL};

static const struct brn_estimator classifier = {
    .name = "GradientBoostingClassifier",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct gradient_boosting),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .equality = equality,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {brn_boosting_run_labels, BRN_ULPS},
            [BRINE_METHOD_PREDICT_PROBA] = {brn_boosting_run_proba, BRN_ULPS},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {brn_boosting_run_raw, BRN_ULPS},
        },
};

static const struct brn_estimator regressor = {
    .name = "GradientBoostingRegressor",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct gradient_boosting),
    .fields = regressor_fields,
    .more_fields = common_fields,
    .prepare = prepare_regressor,
    .bind = bind_regressor,
    .equality = equality,
    .methods = {[BRINE_METHOD_PREDICT] = {brn_boosting_run_raw, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_gradient_boosting = {estimators};
