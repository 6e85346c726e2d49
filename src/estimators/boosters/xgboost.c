/* SPDX-License-Identifier: Apache-2.0
 *
 * xgboost.c - xgboost.core.Booster, and xgboost.sklearn's wrappers around it
 * (python-package/xgboost/core.py, sklearn.py). */
#include "estimators/boosters/shared_xgboost_predict.h"

#include <math.h>
#include <stdio.h>

static const char library[] = "xgboost";

/* ---- Booster ---- */

struct booster {
    const struct brn_node *handle, *names;

    struct brn_xgboost *model; /* only while building */
    struct brn_xgboost_predictor *predictor;
};

#define BOOSTER(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct booster, member, attribute, kind, doc)

static const struct brn_field booster_fields[] = {
    BRN_FIELD(struct booster, handle, "handle", NODE, "the model's bytes"),
    BOOSTER(names, "feature_names", NODE, "names of the columns, until 1.3"),
    BRN_FIELD_IGNORE("best_iteration", "read with the model's attributes"),
    BRN_FIELD_IGNORE("best_ntree_limit", "the wrapper has it"),
    BRN_FIELD_IGNORE("best_score", "of the evaluation"),
    BRN_FIELD_IGNORE("feature_types", "the trees say which features are categories"),
    BRN_FIELD_IGNORE("booster", "the model says it"),
    BRN_FIELD_END,
};

static brine_status read_model(struct brn_build *build, struct booster *self)
{
    struct brn_slice bytes;
    brine_status status = brn_node_bytes(self->handle, build->scratch, &bytes, build->err);
    if (status == BRINE_OK)
        status = brn_xgboost_read(build, bytes, &self->model);
    if (status != BRINE_OK)
        brn_error_within(build->err, "handle");
    return status;
}

/* "f0", "f1"… are what xgboost calls columns without names. */
static bool is_made_up(struct brn_slice name, size_t i)
{
    char expected[32];
    snprintf(expected, sizeof expected, "f%zu", i);
    return brn_slice_is(name, expected);
}

static brine_status name_features(struct brn_build *build, struct brn_instance *me, size_t count,
                                  const struct brn_slice *given)
{
    bool made_up = true;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++) {
        made_up = made_up && is_made_up(given[i], i);
        if (!(names[i] = brn_arena_text(build->arena, given[i])))
            return brn_fail_memory(build->err);
    }
    if (!made_up)
        me->feature_names = names;
    return BRINE_OK;
}

/* The list that Booster itself held. */
static brine_status find_names(struct brn_build *build, const struct booster *self, size_t count)
{
    if (!self->names || brn_node_count(self->names) != count)
        return BRINE_OK;
    self->model->names = BRN_NEW(build->scratch, struct brn_slice, count);
    if (!self->model->names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        self->model->names[i] = brn_node_text(brn_node_item(self->names, i));
    return BRINE_OK;
}

static brine_status prepare_booster(struct brn_instance *me, struct brn_build *build)
{
    struct booster *self = me->self;
    BRN_TRY(read_model(build, self));
    size_t count = (size_t)self->model->feature_count;
    BRN_TRY(brn_written_by(build, me, self->model->version));
    BRN_TRY(brn_expect_features(build, me, count, "handle"));
    if (!self->model->names)
        BRN_TRY(find_names(build, self, count));
    if (self->model->booster == BRN_XGBOOST_DART && self->model->base_is_margin)
        return brn_unsupported(build, "handle",
                               "a dart of a release before 1.0, which drops trees at random when "
                               "it predicts");
    if (self->model->has_category_names)
        return brn_unsupported(build, "handle", "a model that finds categories by their names");
    return self->model->names ? name_features(build, me, count, self->model->names) : BRINE_OK;
}

static brine_status bind_numbers(struct brn_build *build, struct brn_instance *me,
                                 const struct brn_xgboost_predictor *p)
{
    struct brn_schema *out = brn_schema_numbers(build->arena, brn_xgboost_width(p), NULL);
    if (!out)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static brine_status bind_booster(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct booster *self = me->self;
    const struct brn_xgboost_use use = {.missing = (double)NAN};
    BRN_TRY(brn_xgboost_bind(build, me, self->model, &use, in, &self->predictor));
    return bind_numbers(build, me, self->predictor);
}

/* Predictions of all rows, brn_xgboost_width() columns each. */
static brine_status run_numbers(const struct brn_xgboost_predictor *p, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    size_t width = brn_xgboost_width(p);
    double *rows = brn_work_take(work, in->rows * p->groups, sizeof *rows);
    if (!rows)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_xgboost_margins(p, in, work, rows, p->groups));
    for (size_t r = 0; r < in->rows; r++) {
        brn_xgboost_transform(p, rows + r * p->groups);
        memcpy(out->numbers + r * out->number_stride, rows + r * p->groups, width * sizeof *rows);
    }
    out->single = true;
    return BRINE_OK;
}

static brine_status predict_booster(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct booster *self = me->self;
    return run_numbers(self->predictor, in, out, work);
}

static enum brn_equality booster_equality(const struct brn_instance *me, brine_method method)
{
    const struct booster *self = me->self;
    (void)method;
    return brn_xgboost_equality(self->predictor);
}

/* ---- wrappers ---- */

struct wrapper {
    struct brn_instance *booster;
    const struct brn_node *missing, *best_trees, *importance, *more;
    const char *predictor_name;
    int64_t class_count; /* n_classes_ */
    struct brn_values class_labels;

    struct brn_xgboost_predictor *predictor;
    struct brn_dictionary *labels;
    bool is_multilabel;
};

#define WRAPPER(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct wrapper, member, attribute, kind, doc)

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct wrapper, booster, "_Booster", CHILD, "the model"),
    WRAPPER(missing, "missing", NODE, "the value that is missing, besides NaN"),
    WRAPPER(best_trees, "best_ntree_limit", NODE, "rounds of the best score, until 1.3"),
    WRAPPER(predictor_name, "predictor", TEXT, "which predictor, until 1.7"),
    BRN_FIELD_IGNORE("best_iteration", "best_ntree_limit, or the model's attributes, have it"),
    BRN_FIELD_IGNORE("best_score", "of the evaluation"),
    BRN_FIELD_IGNORE("objective", "the model has it"),
    BRN_FIELD_IGNORE("booster", "the model has it"),
    BRN_FIELD_IGNORE("base_score", "the model has it"),
    BRN_FIELD_IGNORE("intercept_", "the model has it"),
    BRN_FIELD_IGNORE("num_parallel_tree", "the model has it"),
    BRN_FIELD_IGNORE("enable_categorical", "the trees say which features are categories"),
    BRN_FIELD_IGNORE("feature_types", "the trees say which features are categories"),
    BRN_FIELD_IGNORE("_features_count", "the number of features"),
    BRN_FIELD_IGNORE("n_estimators", "the model has its trees"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("max_leaves", "fit only"),
    BRN_FIELD_IGNORE("max_bin", "fit only"),
    BRN_FIELD_IGNORE("grow_policy", "fit only"),
    BRN_FIELD_IGNORE("learning_rate", "the leaves hold it"),
    BRN_FIELD_IGNORE("verbosity", "messages"),
    BRN_FIELD_IGNORE("silent", "messages"),
    BRN_FIELD_IGNORE("tree_method", "fit only"),
    BRN_FIELD_IGNORE("gamma", "fit only"),
    BRN_FIELD_IGNORE("min_child_weight", "fit only"),
    BRN_FIELD_IGNORE("max_delta_step", "fit only"),
    BRN_FIELD_IGNORE("subsample", "fit only"),
    BRN_FIELD_IGNORE("sampling_method", "fit only"),
    BRN_FIELD_IGNORE("colsample_bytree", "fit only"),
    BRN_FIELD_IGNORE("colsample_bylevel", "fit only"),
    BRN_FIELD_IGNORE("colsample_bynode", "fit only"),
    BRN_FIELD_IGNORE("reg_alpha", "fit only"),
    BRN_FIELD_IGNORE("reg_lambda", "fit only"),
    BRN_FIELD_IGNORE("scale_pos_weight", "fit only"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("seed", "fit only"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("nthread", "threads"),
    BRN_FIELD_IGNORE("monotone_constraints", "fit only"),
    BRN_FIELD_IGNORE("interaction_constraints", "fit only"),
    WRAPPER(importance, "importance_type", NODE, "tells 0.82 and 0.90 from the releases before"),
    BRN_FIELD_IGNORE("gpu_id", "the CPU's answer is what is given"),
    BRN_FIELD_IGNORE("n_gpus", "the CPU's answer is what is given"),
    BRN_FIELD_IGNORE("device", "the CPU's answer is what is given"),
    BRN_FIELD_IGNORE("validate_parameters", "fit only"),
    BRN_FIELD_IGNORE("max_cat_to_onehot", "fit only"),
    BRN_FIELD_IGNORE("max_cat_threshold", "fit only"),
    BRN_FIELD_IGNORE("multi_strategy", "the model has its trees"),
    BRN_FIELD_IGNORE("feature_weights", "fit only"),
    BRN_FIELD_IGNORE("eval_metric", "of the evaluation"),
    BRN_FIELD_IGNORE("early_stopping_rounds", "fit only"),
    BRN_FIELD_IGNORE("callbacks", "fit only"),
    BRN_FIELD_IGNORE("evals_result_", "of the evaluation"),
    WRAPPER(more, "kwargs", NODE, "further parameters: until 1.4 predictor is one"),
    BRN_FIELD_IGNORE("_estimator_type", "what kind of estimator it is"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    WRAPPER(class_count, "n_classes_", INT, "the number of classes"),
    WRAPPER(class_labels, "classes_", VALUES, "class labels, until 1.7"),
    BRN_FIELD_IGNORE("_le", "its classes are classes_"),
    BRN_FIELD_IGNORE("use_label_encoder", "fit only"),
    BRN_FIELD_END,
};

static const struct brn_field no_more_fields[] = {BRN_FIELD_END};

static const struct booster *booster_of(const struct wrapper *self)
{
    return self->booster->self;
}

static brine_status prepare_wrapper(struct brn_instance *me, struct brn_build *build)
{
    struct wrapper *self = me->self;
    if (!self->booster || strcmp(self->booster->estimator->name, "Booster") != 0 ||
        !brn_text_is(self->booster->estimator->library, library))
        return brn_ill_formed(build, "_Booster", "is no fitted Booster");
    BRN_TRY(brn_written_by(build, me, self->booster->version_text));
    BRN_TRY(brn_expect_features(build, me, self->booster->feature_count, "_Booster"));
    if (!me->feature_names)
        me->feature_names = self->booster->feature_names;
    return BRINE_OK;
}

/* ---- how the wrapper asks ---- */

enum asking { BY_MATRIX, IN_PLACE };

static const struct brn_era asking_eras[] = {
    {0, 10400, BY_MATRIX, "predict makes a DMatrix"},
    {10400, 0, IN_PLACE, "predict asks inplace_predict (_can_use_inplace_predict)"},
    BRN_ERA_END,
};

enum best { BEST_TREES, BEST_ITERATION };

static const struct brn_era best_eras[] = {
    {0, 10400, BEST_TREES, "best_ntree_limit of the wrapper"},
    {10400, 0, BEST_ITERATION, "best_iteration of the model's attributes"},
    BRN_ERA_END,
};

/* The trees of each group up to the best score; 0: all. */
static brine_status find_trees(struct brn_build *build, const struct brn_instance *me,
                               int64_t *ret_trees)
{
    const struct wrapper *self = me->self;
    const struct brn_xgboost *model = booster_of(self)->model;
    *ret_trees = 0;
    if (brn_era_behaviour(best_eras, me->version) == BEST_ITERATION) {
        bool is_known = model->best_iteration >= 0 && model->best_iteration < INT32_MAX;
        *ret_trees = is_known ? (model->best_iteration + 1) * model->parallel_trees : 0;
        return BRINE_OK;
    }
    if (!self->best_trees || brn_is(self->best_trees, BRN_NONE))
        return BRINE_OK;
    if (!self->importance)
        return brn_unsupported(build, "best_ntree_limit",
                               "early stopping of a release before 0.82: whether it takes all "
                               "trees depends on which");
    brine_status status = brn_decode_int(build, self->best_trees, ret_trees);
    if (status != BRINE_OK)
        brn_error_within(build->err, "best_ntree_limit");
    return status;
}

static brine_status find_missing(struct brn_build *build, const struct wrapper *self,
                                 double *ret_missing)
{
    *ret_missing = (double)NAN;
    if (!self->missing || brn_is(self->missing, BRN_NONE))
        return BRINE_OK;
    brine_status status = brn_decode_number(build, self->missing, ret_missing);
    if (status != BRINE_OK)
        brn_error_within(build->err, "missing");
    return status;
}

static brine_status bind_predictor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct wrapper *self = me->self;
    const struct brn_xgboost *model = booster_of(self)->model;
    struct brn_xgboost_use use;
    const struct brn_node *named = brn_node_get(self->more ? self->more : &brn_nil, "predictor");
    bool any_predictor = (!self->predictor_name || brn_text_is(self->predictor_name, "auto")) &&
                         (named->kind == BRN_NIL || named->kind == BRN_NONE);
    BRN_TRY(find_trees(build, me, &use.trees_a_group));
    BRN_TRY(find_missing(build, self, &use.missing));
    use.in_place = brn_era_behaviour(asking_eras, me->version) == IN_PLACE && any_predictor &&
                   model->booster != BRN_XGBOOST_LINEAR;
    return brn_xgboost_bind(build, me, model, &use, in, &self->predictor);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct wrapper *self = me->self;
    BRN_TRY(bind_predictor(me, in, build));
    return bind_numbers(build, me, self->predictor);
}

static brine_status predict_numbers(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    return run_numbers(self->predictor, in, out, work);
}

static enum brn_equality wrapper_equality(const struct brn_instance *me, brine_method method)
{
    const struct wrapper *self = me->self;
    bool as_labels = method == BRINE_METHOD_PREDICT && self->labels;
    return as_labels ? BRN_EXACT : brn_xgboost_equality(self->predictor);
}

/* ---- classifiers ---- */

/* 0, 1, 2… where the file has no labels. */
static brine_status number_labels(struct brn_build *build, struct wrapper *self)
{
    size_t count = (size_t)self->class_count;
    struct brn_value *values = BRN_BUILD_NEW(build, struct brn_value, count);
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        values[i] = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = (int64_t)i}};
    self->class_labels = (struct brn_values){.at = values, .count = count, .present = true};
    return BRINE_OK;
}

static brine_status find_labels(struct brn_build *build, struct wrapper *self)
{
    const struct brn_xgboost_predictor *p = self->predictor;
    size_t expected = p->groups > 1 ? p->groups : 2;
    if (!self->class_labels.present) {
        if (self->class_count == 0)
            self->class_count = (int64_t)expected;
        if (self->class_count < 1 || (uint64_t)self->class_count > expected)
            return brn_ill_formed(build, "n_classes_", "is %lld, the model has %zu",
                                  (long long)self->class_count, expected);
        BRN_TRY(number_labels(build, self));
    }
    if (self->class_labels.count == 1)
        return brn_unsupported(build, "classes_", "a classifier of one class");
    if (self->class_labels.count != expected)
        return brn_ill_formed(build, "classes_", "has %zu labels, the model %zu classes",
                              self->class_labels.count, expected);
    brine_status status = brn_labels(build, &self->class_labels, &self->labels);
    if (status != BRINE_OK)
        brn_error_within(build->err, "classes_");
    return status;
}

static brine_status bind_columns(struct brn_build *build, struct brn_instance *me,
                                 brine_method method, size_t count)
{
    const struct wrapper *self = me->self;
    const char *const *names = NULL;
    if (self->labels && !(names = brn_label_names(build, method, self->labels)))
        return brn_fail_memory(build->err);
    me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

static const struct brn_era softmax_eras[] = {
    {0, 10700, false, "a classifier takes the class for a probability, or has none"},
    {10700, 0, true, "it gives the class; probabilities are scipy's softmax"},
    BRN_ERA_END,
};

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct wrapper *self = me->self;
    BRN_TRY(bind_predictor(me, in, build));
    const struct brn_xgboost_predictor *p = self->predictor;
    if (p->link == BRN_XGBOOST_ARGMAX && !brn_era_behaviour(softmax_eras, me->version))
        return brn_unsupported(build, "objective", "multi:softmax of a classifier of xgboost %s",
                               me->version_text);
    self->is_multilabel = booster_of(self)->model->target_count > 1;
    if (self->is_multilabel) {
        BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT, p->groups));
        return bind_columns(build, me, BRINE_METHOD_PREDICT_PROBA, p->groups);
    }
    BRN_TRY(find_labels(build, self));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &self->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    return bind_columns(build, me, BRINE_METHOD_PREDICT_PROBA, self->labels->count);
}

/* groups predictions a row, or margins. */
static brine_status take_rows(const struct wrapper *self, const struct brn_tile *in,
                              struct brn_work *work, bool as_margins, double **ret_rows)
{
    const struct brn_xgboost_predictor *p = self->predictor;
    double *rows = brn_work_take(work, in->rows * p->groups, sizeof *rows);
    if (!rows)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_xgboost_margins(p, in, work, rows, p->groups));
    for (size_t r = 0; !as_margins && r < in->rows; r++)
        brn_xgboost_transform(p, rows + r * p->groups);
    *ret_rows = rows;
    return BRINE_OK;
}

static int32_t label_of(const struct wrapper *self, const double *row)
{
    int32_t code = 0;
    if (self->predictor->link == BRN_XGBOOST_ARGMAX)
        return (int32_t)row[0];
    if (self->predictor->groups == 1)
        return row[0] > 0.5;
    brn_argmax(row, 1, self->predictor->groups, &code, 1);
    return code;
}

static brine_status predict_labels(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    size_t groups = self->predictor->groups;
    double *rows;
    BRN_TRY(take_rows(self, in, work, false, &rows));
    for (size_t r = 0; r < in->rows; r++) {
        if (!self->is_multilabel)
            out->codes[r * out->code_stride] = label_of(self, rows + r * groups);
        for (size_t k = 0; self->is_multilabel && k < groups; k++)
            out->numbers[r * out->number_stride + k] = rows[r * groups + k] > 0.5;
    }
    return BRINE_OK;
}

/* scipy's softmax of float32 margins. */
static void softmax_of(const double *margins, size_t n, double *ret_proba)
{
    float most = (float)margins[0], sum = 0;
    for (size_t k = 1; k < n; k++)
        most = fmaxf(most, (float)margins[k]);
    for (size_t k = 0; k < n; k++) {
        float e = expf((float)margins[k] - most);
        ret_proba[k] = (double)e;
        sum += e;
    }
    for (size_t k = 0; k < n; k++)
        ret_proba[k] = (double)((float)ret_proba[k] / sum);
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    size_t groups = self->predictor->groups;
    bool by_margins = self->predictor->link == BRN_XGBOOST_ARGMAX;
    double *rows;
    BRN_TRY(take_rows(self, in, work, by_margins, &rows));
    for (size_t r = 0; r < in->rows; r++) {
        double *to = out->numbers + r * out->number_stride;
        if (by_margins)
            softmax_of(rows + r * groups, groups, to);
        else if (groups > 1 || self->is_multilabel)
            memcpy(to, rows + r * groups, groups * sizeof *to);
        else {
            to[0] = (double)(1.0f - (float)rows[r]);
            to[1] = rows[r];
        }
    }
    out->single = true;
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const core_modules[] = {"xgboost.core", NULL};
static const char *const wrapper_modules[] = {"xgboost.sklearn", NULL};

static const struct brn_estimator booster = {
    .name = "Booster",
    .jumps = true,
    .modules = core_modules,
    .library = library,
    .size = sizeof(struct booster),
    .fields = booster_fields,
    .prepare = prepare_booster,
    .bind = bind_booster,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_booster, BRN_ULPS}},
    .equality = booster_equality,
};

#define CLASSIFIER(variable, class, first)                                     \
    static const struct brn_estimator variable = {                             \
        .name = class,                                                         \
        .jumps = true,                                                         \
        .modules = wrapper_modules,                                            \
        .library = library,                                                    \
        .size = sizeof(struct wrapper),                                        \
        .fields = classifier_fields,                                           \
        .more_fields = common_fields,                                          \
        .prepare = prepare_wrapper,                                            \
        .bind = bind_classifier,                                               \
        .methods = {[BRINE_METHOD_PREDICT] = {predict_labels, BRN_EXACT},      \
                    [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS}}, \
        .equality = wrapper_equality,                                          \
        .since = first,                                                        \
    }

#define REGRESSOR(variable, class, first)                                  \
    static const struct brn_estimator variable = {                         \
        .name = class,                                                     \
        .jumps = true,                                                     \
        .modules = wrapper_modules,                                        \
        .library = library,                                                \
        .size = sizeof(struct wrapper),                                    \
        .fields = no_more_fields,                                          \
        .more_fields = common_fields,                                      \
        .prepare = prepare_wrapper,                                        \
        .bind = bind_regressor,                                            \
        .methods = {[BRINE_METHOD_PREDICT] = {predict_numbers, BRN_ULPS}}, \
        .equality = wrapper_equality,                                      \
        .since = first,                                                    \
    }

CLASSIFIER(classifier, "XGBClassifier", 0);
CLASSIFIER(forest_classifier, "XGBRFClassifier", 9000);
REGRESSOR(regressor, "XGBRegressor", 0);
REGRESSOR(forest_regressor, "XGBRFRegressor", 9000);
REGRESSOR(ranker, "XGBRanker", 9000);

static const struct brn_estimator *const estimators[] = {
    &booster, &classifier, &regressor, &ranker, &forest_classifier, &forest_regressor, NULL};

const struct brn_family brn_family_xgboost = {estimators};
