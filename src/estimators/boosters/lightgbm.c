/* SPDX-License-Identifier: Apache-2.0
 *
 * lightgbm.c - lightgbm.basic.Booster, and lightgbm.sklearn's wrappers around it
 * (python-package/lightgbm/basic.py, sklearn.py). */
#include "estimators/boosters/shared_lightgbm_predict.h"

#include <stdio.h>

static const char library[] = "lightgbm";

/* ---- Booster ---- */

struct booster {
    const struct brn_node *old_handle, *handle; /* the model's text; its name changed with 4.0 */
    const struct brn_node *pandas_categories;
    int64_t best_iteration;

    struct brn_lightgbm *model; /* only while building */
    struct brn_lightgbm_predictor *predictor;
};

#define BOOSTER(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct booster, member, attribute, kind, doc)

static const struct brn_field booster_fields[] = {
    BOOSTER(old_handle, "handle", NODE, "the model's text, until 3.3"),
    BOOSTER(handle, "_handle", NODE, "the model's text, since 4.0"),
    BOOSTER(pandas_categories, "pandas_categorical", NODE, "categories of a DataFrame's columns"),
    BOOSTER(best_iteration, "best_iteration", INT, "rounds of the best score"),
    BRN_FIELD_IGNORE("best_score", "of the evaluation"),
    BRN_FIELD_IGNORE("network", "of fit"),
    BRN_FIELD_IGNORE("_network", "of fit"),
    BRN_FIELD_IGNORE("_train_data_name", "of the evaluation"),
    BRN_FIELD_IGNORE("name_valid_sets", "of the evaluation"),
    BRN_FIELD_IGNORE("params", "of fit"),
    BRN_FIELD_IGNORE("train_set_version", "of fit"),
    BRN_FIELD_IGNORE("_free_handle", "memory"),
    BRN_FIELD_IGNORE("_Booster__attr", "notes"),
    BRN_FIELD_IGNORE("_Booster__train_data_name", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__need_reload_eval_info", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__set_objective_to_none", "of fit"),
    BRN_FIELD_IGNORE("_Booster__num_dataset", "of fit"),
    BRN_FIELD_IGNORE("_Booster__init_predictor", "of fit"),
    BRN_FIELD_IGNORE("_Booster__num_class", "the model's text has it"),
    BRN_FIELD_IGNORE("_Booster__inner_predict_buffer", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__is_predicted_cur_iter", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__num_inner_eval", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__name_inner_eval", "of the evaluation"),
    BRN_FIELD_IGNORE("_Booster__higher_better_inner_eval", "of the evaluation"),
    BRN_FIELD_END,
};

static brine_status read_model(struct brn_build *build, struct booster *self)
{
    const struct brn_node *handle = self->handle ? self->handle : self->old_handle;
    struct brn_slice text = brn_node_text(handle);
    if (!text.p)
        return brn_ill_formed(build, "_handle", "is missing, or no text");
    brine_status status = brn_lightgbm_read(build, text, &self->model);
    if (status != BRINE_OK)
        brn_error_within(build->err, self->handle ? "_handle" : "handle");
    return status;
}

/* "Column_0", "Column_1"… are what LightGBM calls columns without names. */
static bool is_made_up(struct brn_slice name, size_t i)
{
    char expected[32];
    snprintf(expected, sizeof expected, "Column_%zu", i);
    return brn_slice_is(name, expected);
}

static brine_status name_features(struct brn_build *build, struct brn_instance *me)
{
    const struct booster *self = me->self;
    size_t count = (size_t)self->model->feature_count;
    bool made_up = true;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++) {
        made_up = made_up && is_made_up(self->model->names[i], i);
        if (!(names[i] = brn_arena_text(build->arena, self->model->names[i])))
            return brn_fail_memory(build->err);
    }
    if (!made_up && !me->feature_names)
        me->feature_names = names;
    return BRINE_OK;
}

/* The columns that were categories in the DataFrame, in its order (basic.py, _data_from_pandas):
 * the text does not name them, but says of which features it has seen categories. */
static brine_status take_categories(struct brn_build *build, struct booster *self)
{
    struct brn_lightgbm *m = self->model;
    size_t lists = brn_node_count(self->pandas_categories), next = 0;
    struct brn_categories *all;
    brine_status status = brn_categories_decode(build, self->pandas_categories, lists, &all);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "pandas_categorical");
        return status;
    }
    m->categories = BRN_BUILD_NEW(build, struct brn_categories *, (size_t)m->feature_count);
    if (!m->categories)
        return brn_fail_memory(build->err);
    for (int64_t i = 0; i < m->feature_count; i++)
        if (m->is_categorical[i] && next++ < lists)
            m->categories[i] = &all[next - 1];
    if (next != lists)
        return brn_unsupported(build, "pandas_categorical",
                               "%zu columns of categories, of which the trees have seen %zu", lists,
                               next);
    return BRINE_OK;
}

static brine_status prepare_booster(struct brn_instance *me, struct brn_build *build)
{
    struct booster *self = me->self;
    char version[32];
    BRN_TRY(read_model(build, self));
    snprintf(version, sizeof version, "%d (its model format)", (int)self->model->format);
    BRN_TRY(brn_written_by(build, me, version));
    BRN_TRY(brn_expect_features(build, me, (size_t)self->model->feature_count, "_handle"));
    if (self->pandas_categories && brn_node_count(self->pandas_categories))
        BRN_TRY(take_categories(build, self));
    return name_features(build, me);
}

static brine_status bind_numbers(struct brn_build *build, struct brn_instance *me,
                                 const struct brn_lightgbm_predictor *p)
{
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, brn_lightgbm_width(p), NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_booster(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct booster *self = me->self;
    BRN_TRY(brn_lightgbm_bind(build, me, self->model, self->best_iteration, in, &self->predictor));
    return bind_numbers(build, me, self->predictor);
}

static brine_status predict_booster(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct booster *self = me->self;
    return brn_lightgbm_run(self->predictor, in, work, out->numbers, out->number_stride);
}

static enum brn_equality booster_equality(const struct brn_instance *me, brine_method method)
{
    const struct booster *self = me->self;
    (void)method;
    return brn_lightgbm_equality(self->predictor);
}

/* ---- wrappers ---- */

struct wrapper {
    struct brn_instance *booster;
    int64_t feature_count; /* _n_features: of fit */
    struct brn_values class_labels;

    struct brn_lightgbm_predictor *predictor;
    struct brn_dictionary *labels;
};

#define WRAPPER(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct wrapper, member, attribute, kind, doc)

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct wrapper, booster, "_Booster", CHILD, "the model"),
    WRAPPER(feature_count, "_n_features", INT, "columns that fit saw"),
    BRN_FIELD_IGNORE("_n_features_in", "columns that fit saw"),
    BRN_FIELD_IGNORE("_fitted_with_feature_names", "how columns are matched is brine's rule"),
    BRN_FIELD_IGNORE("boosting_type", "the model has its trees"),
    BRN_FIELD_IGNORE("objective", "the model has it"),
    BRN_FIELD_IGNORE("_objective", "the model has it"),
    BRN_FIELD_IGNORE("_fobj", "an objective of the user's own; the model has none then"),
    BRN_FIELD_IGNORE("num_leaves", "fit only"),
    BRN_FIELD_IGNORE("max_depth", "fit only"),
    BRN_FIELD_IGNORE("learning_rate", "the leaves hold it"),
    BRN_FIELD_IGNORE("n_estimators", "the model has its trees"),
    BRN_FIELD_IGNORE("subsample_for_bin", "fit only"),
    BRN_FIELD_IGNORE("min_split_gain", "fit only"),
    BRN_FIELD_IGNORE("min_child_weight", "fit only"),
    BRN_FIELD_IGNORE("min_child_samples", "fit only"),
    BRN_FIELD_IGNORE("subsample", "fit only"),
    BRN_FIELD_IGNORE("subsample_freq", "fit only"),
    BRN_FIELD_IGNORE("colsample_bytree", "fit only"),
    BRN_FIELD_IGNORE("reg_alpha", "fit only"),
    BRN_FIELD_IGNORE("reg_lambda", "fit only"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("silent", "messages"),
    BRN_FIELD_IGNORE("importance_type", "of feature_importances_"),
    BRN_FIELD_IGNORE("class_weight", "fit only"),
    BRN_FIELD_IGNORE("_class_weight", "fit only"),
    BRN_FIELD_IGNORE("_class_map", "_classes has them"),
    BRN_FIELD_IGNORE("_n_classes", "_classes has them"),
    BRN_FIELD_IGNORE("_le", "its classes are _classes"),
    BRN_FIELD_IGNORE("_evals_result", "of the evaluation"),
    BRN_FIELD_IGNORE("_best_score", "of the evaluation"),
    BRN_FIELD_IGNORE("_best_iteration", "the Booster has it"),
    BRN_FIELD_IGNORE("_other_params", "further parameters, held as attributes too"),
    BRN_FIELD_IGNORE("fitted_", "true"),
#define X(parameter) BRN_FIELD_IGNORE(parameter, "a parameter of fit, given by the user"),
#include "estimators/boosters/lightgbm_parameters.inc"
#undef X
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct wrapper, class_labels, "_classes", VALUES, "class labels"),
    BRN_FIELD_END,
};

static const struct brn_field other_fields[] = {
    BRN_FIELD_IGNORE("_classes", "None"),
    BRN_FIELD_IGNORE("_eval_at", "of the evaluation"),
    BRN_FIELD_END,
};

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
    if (self->feature_count && (uint64_t)self->feature_count != me->feature_count)
        return brn_ill_formed(build, "_n_features", "is %lld, the model has %zu features",
                              (long long)self->feature_count, me->feature_count);
    if (!me->feature_names)
        me->feature_names = self->booster->feature_names;
    return BRINE_OK;
}

static brine_status bind_predictor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct wrapper *self = me->self;
    const struct booster *b = booster_of(self);
    return brn_lightgbm_bind(build, me, b->model, b->best_iteration, in, &self->predictor);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct wrapper *self = me->self;
    BRN_TRY(bind_predictor(me, in, build));
    return bind_numbers(build, me, self->predictor);
}

static brine_status predict_numbers(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    return brn_lightgbm_run(self->predictor, in, work, out->numbers, out->number_stride);
}

static enum brn_equality wrapper_equality(const struct brn_instance *me, brine_method method)
{
    const struct wrapper *self = me->self;
    bool as_labels = method == BRINE_METHOD_PREDICT && self->labels;
    bool as_scores = method == BRINE_METHOD_DECISION_FUNCTION;
    return as_labels || as_scores ? BRN_EXACT : brn_lightgbm_equality(self->predictor);
}

/* ---- classifiers ---- */

static brine_status find_labels(struct brn_build *build, struct wrapper *self)
{
    size_t width = brn_lightgbm_width(self->predictor), expected = width > 1 ? width : 2;
    if (self->class_labels.count != expected)
        return brn_ill_formed(build, "_classes", "has %zu labels, the model %zu classes",
                              self->class_labels.count, expected);
    brine_status status = brn_labels(build, &self->class_labels, &self->labels);
    if (status != BRINE_OK)
        brn_error_within(build->err, "_classes");
    return status;
}

/* Since 4.7 the raw scores have a method of their own. */
static brine_status bind_scores(struct brn_build *build, struct brn_instance *me)
{
    const struct wrapper *self = me->self;
    size_t width = brn_lightgbm_width(self->predictor);
    const char *const *names = NULL;
    if (width > 1 &&
        !(names = brn_label_names(build, BRINE_METHOD_DECISION_FUNCTION, self->labels)))
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(build->arena, width, names);
    return me->out[BRINE_METHOD_DECISION_FUNCTION] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct wrapper *self = me->self;
    BRN_TRY(bind_predictor(me, in, build));
    if (!brn_lightgbm_is_proba(self->predictor))
        return brn_unsupported(build, "_Booster",
                               "a classifier whose objective gives no "
                               "probabilities");
    BRN_TRY(find_labels(build, self));
    const char *const *names = brn_label_names(build, BRINE_METHOD_PREDICT_PROBA, self->labels);
    if (!names)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &self->labels, 1);
    me->out[BRINE_METHOD_PREDICT_PROBA] =
        brn_schema_numbers(build->arena, self->labels->count, names);
    bool made = me->out[BRINE_METHOD_PREDICT] && me->out[BRINE_METHOD_PREDICT_PROBA];
    return made ? bind_scores(build, me) : brn_fail_memory(build->err);
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    return brn_lightgbm_scores(self->predictor, in, work, out->numbers, out->number_stride);
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    BRN_TRY(brn_lightgbm_run(self->predictor, in, work, out->numbers, out->number_stride));
    for (size_t r = 0; brn_lightgbm_width(self->predictor) == 1 && r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        row[1] = row[0];
        row[0] = 1.0 - row[1];
    }
    return BRINE_OK;
}

static brine_status predict_labels(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct wrapper *self = me->self;
    size_t count = self->labels->count;
    struct brn_tile proba = *out;
    proba.numbers = brn_work_take(work, in->rows * count, sizeof *proba.numbers);
    proba.number_stride = count;
    if (!proba.numbers)
        return brn_fail_memory(work->err);
    BRN_TRY(predict_proba(me, in, &proba, work));
    brn_argmax(proba.numbers, in->rows, count, out->codes, out->code_stride);
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const basic_modules[] = {"lightgbm.basic", NULL};
static const char *const wrapper_modules[] = {"lightgbm.sklearn", NULL};

static const struct brn_estimator booster = {
    .name = "Booster",
    .jumps = true,
    .modules = basic_modules,
    .library = library,
    .size = sizeof(struct booster),
    .fields = booster_fields,
    .prepare = prepare_booster,
    .bind = bind_booster,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_booster, BRN_ULPS}},
    .equality = booster_equality,
};

static const struct brn_estimator classifier = {
    .name = "LGBMClassifier",
    .jumps = true,
    .modules = wrapper_modules,
    .library = library,
    .size = sizeof(struct wrapper),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_wrapper,
    .bind = bind_classifier,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_labels, BRN_EXACT},
                [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS},
                [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_EXACT}},
    .equality = wrapper_equality,
};

#define OTHER(variable, class)                                             \
    static const struct brn_estimator variable = {                         \
        .name = class,                                                     \
        .jumps = true,                                                     \
        .modules = wrapper_modules,                                        \
        .library = library,                                                \
        .size = sizeof(struct wrapper),                                    \
        .fields = other_fields,                                            \
        .more_fields = common_fields,                                      \
        .prepare = prepare_wrapper,                                        \
        .bind = bind_regressor,                                            \
        .methods = {[BRINE_METHOD_PREDICT] = {predict_numbers, BRN_ULPS}}, \
        .equality = wrapper_equality,                                      \
    }

OTHER(regressor, "LGBMRegressor");
OTHER(ranker, "LGBMRanker");

static const struct brn_estimator *const estimators[] = {&booster, &classifier, &regressor, &ranker,
                                                         NULL};

const struct brn_family brn_family_lightgbm = {estimators};
