/* SPDX-License-Identifier: Apache-2.0
 *
 * catboost.c - CatBoost, CatBoostClassifier, CatBoostRegressor and CatBoostRanker with features
 * that are numbers (catboost/python-package/catboost/core.py; libs/model/eval_processing.h,
 * libs/eval_result/eval_helpers.cpp). */
#include "estimators/boosters/shared_catboost.h"
#include "estimators/shared_ranks.h"

#include <math.h>

static const char library[] = "catboost";

enum link { RAW, EXPONENT, SIGMOID, SOFTMAX };

struct catboost {
    const struct brn_node *bytes;
    const struct brn_node *loss, *objective; /* what the user asked for */

    struct brn_catboost *model;      /* only while building */
    const struct brn_forest *forest; /* NULL: there is no tree */
    int32_t *columns;                /* those of the features, in the tile */
    size_t feature_count, dimension;
    double scale, *biases;
    enum link link;
    struct brn_dictionary *labels;
};

#define OPTIONAL(member, attribute, kind, doc) \
    BRN_FIELD_OPTIONAL(struct catboost, member, attribute, kind, doc)

static const struct brn_field fields[] = {
    BRN_FIELD(struct catboost, bytes, "__model", NODE, "the model"),
    OPTIONAL(loss, "loss_function", NODE, "decides what predict of a regressor gives"),
    OPTIONAL(objective, "objective", NODE, "another name of loss_function"),
    BRN_FIELD_IGNORE("_test_evals", "of the evaluation"),
    BRN_FIELD_IGNORE("_test_eval", "of the evaluation"),
    BRN_FIELD_IGNORE("_prediction_values_change", "importance of the features"),
    BRN_FIELD_IGNORE("_loss_value_change", "importance of the features"),
#define X(parameter) BRN_FIELD_IGNORE(parameter, "a parameter of fit"),
#include "estimators/boosters/catboost_parameters.inc"
#undef X
    BRN_FIELD_END,
};

/* ---- preparing ---- */

static brine_status read_model(struct brn_build *build, struct catboost *self)
{
    struct brn_slice bytes;
    brine_status status = brn_node_bytes(self->bytes, build->scratch, &bytes, build->err);
    if (status == BRINE_OK)
        status = brn_catboost_read(build, bytes, &self->model);
    if (status != BRINE_OK && !build->err->path[0])
        brn_error_within(build->err, "__model");
    return status;
}

/* "0", "1"… are names that nobody gave. */
static brine_status name_features(struct brn_build *build, struct brn_instance *me)
{
    const struct brn_catboost *m = ((const struct catboost *)me->self)->model;
    const char **names = BRN_BUILD_NEW(build, const char *, m->feature_count);
    bool made_up = true;
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; m->names && i < m->feature_count; i++) {
        char *number = brn_arena_printf(build->scratch, "%zu", i);
        names[i] = brn_arena_text(build->arena, m->names[i]);
        if (!names[i] || !number)
            return brn_fail_memory(build->err);
        made_up = made_up && strcmp(names[i], number) == 0;
    }
    if (!made_up)
        me->feature_names = names;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct catboost *self = me->self;
    BRN_TRY(read_model(build, self));
    BRN_TRY(brn_written_by(build, me, "1 (its model format)"));
    BRN_TRY(brn_expect_features(build, me, self->model->feature_count, "__model"));
    self->feature_count = self->model->feature_count;
    self->dimension = self->model->dimension;
    return name_features(build, me);
}

/* ---- the forest ---- */

static brine_status add_trees(struct brn_build *build, const struct brn_catboost *m,
                              struct brn_forest_plan *plan,
                              const struct brn_tree_source *const *sources)
{
    for (size_t t = 0; t < m->tree_count; t++) {
        brine_status status = brn_forest_add_tree(plan, sources[t], 0);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "__model.trees[%zu]", t);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status make_forest(struct brn_build *build, struct catboost *self)
{
    const struct brn_catboost *m = self->model;
    struct brn_forest_plan plan;
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, m->tree_count);
    if (!sources)
        return brn_fail_memory(build->err);
    for (size_t t = 0; t < m->tree_count; t++)
        BRN_TRY(brn_booster_tree_source(build, &m->trees[t], &sources[t]));
    if (m->tree_count == 0)
        return BRINE_OK;
    BRN_TRY(brn_forest_begin(&plan, build, sources, m->tree_count, m->feature_count, m->dimension,
                             false));
    plan.leaf_values = brn_booster_leaf;
    plan.context = &m->dimension;
    BRN_TRY(add_trees(build, m, &plan, sources));
    struct brn_forest *forest = brn_forest_end(&plan);
    self->forest = forest;
    return brn_forest_rank(build, forest, m->feature_count);
}

static brine_status bind_common(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    struct catboost *self = me->self;
    const struct brn_catboost *m = self->model;
    self->scale = m->scale;
    self->biases = BRN_BUILD_NEW(build, double, m->dimension);
    if (!self->biases)
        return brn_fail_memory(build->err);
    memcpy(self->biases, m->biases, m->dimension * sizeof *self->biases);
    for (size_t d = 0; d < m->dimension; d++)
        if (!isfinite(m->scale) || !isfinite(m->biases[d]))
            return brn_ill_formed(build, "__model", "has a bias of %g", m->biases[d]);
    BRN_TRY(make_forest(build, self));
    return brn_bind_numbers(build, me, in, &self->columns);
}

/* ---- raw values ---- */

static brine_status take_rows(const struct catboost *self, const struct brn_tile *in,
                              struct brn_work *work, struct brn_forest_rows *ret_rows)
{
    bool narrow = self->forest->layout == BRN_TREE_NARROW, has_missing = false;
    size_t width = self->feature_count;
    void *values = brn_work_take(work, in->rows * width, narrow ? sizeof(float) : sizeof(double));
    if (!values)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < width; i++) {
            float x = (float)in->numbers[r * in->number_stride + (size_t)self->columns[i]];
            has_missing |= isnan(x);
            if (narrow)
                ((float *)values)[r * width + i] = x;
            else
                ((double *)values)[r * width + i] = (double)x;
        }
    *ret_rows = (struct brn_forest_rows){values, in->rows, width, has_missing};
    return BRINE_OK;
}

static brine_status find_raw(const struct catboost *self, const struct brn_tile *in,
                             struct brn_work *work, double *raw, size_t stride)
{
    struct brn_forest_rows rows;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t d = 0; d < self->dimension; d++)
            raw[r * stride + d] = 0;
    if (self->forest) {
        BRN_TRY(take_rows(self, in, work, &rows));
        brn_forest_add(self->forest, &rows, raw, stride);
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t d = 0; d < self->dimension; d++)
            raw[r * stride + d] = raw[r * stride + d] * self->scale + self->biases[d];
    return BRINE_OK;
}

/* ---- regressors, rankers, and CatBoost itself ---- */

static bool asks_for(const struct brn_node *loss, const char *kind)
{
    struct brn_slice text = loss ? brn_node_text(loss) : (struct brn_slice){NULL, 0};
    return text.n >= strlen(kind) && memcmp(text.p, kind, strlen(kind)) == 0;
}

static bool is_asked(const struct catboost *self, const char *kind)
{
    return asks_for(self->loss, kind) || asks_for(self->objective, kind);
}

static brine_status bind_values(struct brn_instance *me, const struct brn_schema *in,
                                struct brn_build *build)
{
    const struct catboost *self = me->self;
    BRN_TRY(bind_common(me, in, build));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, self->dimension, NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct catboost *self = me->self;
    if (is_asked(self, "RMSEWithUncertainty"))
        return brn_unsupported(build, "loss_function", "RMSEWithUncertainty");
    if (is_asked(self, "Poisson") || is_asked(self, "Tweedie"))
        self->link = EXPONENT;
    return bind_values(me, in, build);
}

static brine_status predict_values(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct catboost *self = me->self;
    BRN_TRY(find_raw(self, in, work, out->numbers, out->number_stride));
    for (size_t r = 0; self->link == EXPONENT && r < in->rows; r++)
        for (size_t d = 0; d < self->dimension; d++) {
            double *value = &out->numbers[r * out->number_stride + d];
            *value = exp(*value);
        }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct catboost *self = me->self;
    bool exact = method == BRINE_METHOD_PREDICT && self->link != EXPONENT;
    return exact ? BRN_EXACT : BRN_ULPS;
}

/* ---- classifiers ---- */

static const struct {
    const char *loss;
    enum link link;
    bool is_binary;
} losses[] = {
    {"Logloss", SIGMOID, true},
    {"CrossEntropy", SIGMOID, true},
    {"MultiClass", SOFTMAX, false},
    {"MultiClassOneVsAll", SIGMOID, false},
};

static brine_status find_link(struct brn_build *build, struct catboost *self)
{
    const struct brn_catboost *m = self->model;
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++)
        if (brn_slice_is(m->loss, losses[i].loss)) {
            self->link = losses[i].link;
            if (losses[i].is_binary != (m->dimension == 1))
                return brn_ill_formed(build, "__model", "has %zu values a leaf", m->dimension);
            return BRINE_OK;
        }
    return brn_unsupported(build, "__model", "a classifier of the loss \"%.*s\"",
                           (int)(m->loss.n < 60 ? m->loss.n : 60),
                           m->loss.n ? (const char *)m->loss.p : "");
}

/* 0 and 1. */
static brine_status number_labels(struct brn_build *build, struct brn_values *labels)
{
    labels->at = BRN_BUILD_NEW(build, struct brn_value, 2);
    if (!labels->at)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < 2; i++)
        labels->at[i] = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = (int64_t)i}};
    labels->count = 2;
    labels->present = true;
    return BRINE_OK;
}

static brine_status find_labels(struct brn_build *build, struct catboost *self)
{
    size_t expected = self->dimension == 1 ? 2 : self->dimension;
    struct brn_values *labels = &self->model->labels;
    if (!labels->present && brn_slice_is(self->model->loss, "CrossEntropy"))
        BRN_TRY(number_labels(build, labels)); /* its targets are probabilities */
    if (!labels->present)
        return brn_unsupported(build, "__model", "a classifier that does not say its labels");
    if (labels->count != expected)
        return brn_ill_formed(build, "__model", "has %zu labels for %zu classes", labels->count,
                              expected);
    return brn_labels(build, labels, &self->labels);
}

static brine_status bind_columns(struct brn_build *build, struct brn_instance *me,
                                 brine_method method)
{
    const struct catboost *self = me->self;
    const char *const *names = brn_label_names(build, method, self->labels);
    if (names)
        me->out[method] = brn_schema_numbers(build->arena, self->labels->count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct catboost *self = me->self;
    BRN_TRY(find_link(build, self));
    BRN_TRY(find_labels(build, self));
    BRN_TRY(bind_common(me, in, build));
    struct brn_schema *labels = brn_schema_labels(build->arena, &self->labels, 1);
    if (!labels)
        return brn_fail_memory(build->err);
    labels->is_matrix = self->dimension > 1;
    me->out[BRINE_METHOD_PREDICT] = labels;
    BRN_TRY(bind_columns(build, me, BRINE_METHOD_PREDICT_PROBA));
    return bind_columns(build, me, BRINE_METHOD_PREDICT_LOG_PROBA);
}

static brine_status take_raw(const struct catboost *self, const struct brn_tile *in,
                             struct brn_work *work, double **ret_raw)
{
    *ret_raw = brn_work_take(work, in->rows * self->dimension, sizeof **ret_raw);
    if (!*ret_raw)
        return brn_fail_memory(work->err);
    return find_raw(self, in, work, *ret_raw, self->dimension);
}

static brine_status predict_labels(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct catboost *self = me->self;
    double *raw;
    BRN_TRY(take_raw(self, in, work, &raw));
    if (self->dimension > 1)
        brn_argmax(raw, in->rows, self->dimension, out->codes, out->code_stride);
    for (size_t r = 0; self->dimension == 1 && r < in->rows; r++)
        out->codes[r * out->code_stride] = raw[r] > 0;
    return BRINE_OK;
}

static double sigmoid(double x)
{
    return 1. / (1. + exp(-x));
}

/* The largest, and the sum of exponentials of what is below it. */
static double sum_exponentials(const double *raw, size_t n, double *ret_most)
{
    double most = raw[0], sum = 0;
    for (size_t d = 1; d < n; d++)
        most = raw[d] > most ? raw[d] : most;
    for (size_t d = 0; d < n; d++)
        sum += exp(raw[d] - most);
    *ret_most = most;
    return sum;
}

static void to_proba(const struct catboost *self, const double *raw, double *ret_proba)
{
    size_t n = self->dimension;
    double most, sum;
    if (n == 1) {
        ret_proba[1] = sigmoid(raw[0]);
        ret_proba[0] = 1 - ret_proba[1];
        return;
    }
    sum = sum_exponentials(raw, n, &most);
    for (size_t d = 0; d < n; d++)
        ret_proba[d] = self->link == SIGMOID ? sigmoid(raw[d]) : exp(raw[d] - most) / sum;
}

static void to_log_proba(const struct catboost *self, const double *raw, double *ret_logs)
{
    size_t n = self->dimension;
    double most, sum;
    if (n == 1) {
        ret_logs[0] = -log(1. + exp(raw[0]));
        ret_logs[1] = -log(1. + exp(-raw[0]));
        return;
    }
    sum = sum_exponentials(raw, n, &most);
    for (size_t d = 0; d < n; d++)
        ret_logs[d] = self->link == SIGMOID ? -log(1. + exp(-raw[d])) : raw[d] - most - log(sum);
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct catboost *self = me->self;
    double *raw;
    BRN_TRY(take_raw(self, in, work, &raw));
    for (size_t r = 0; r < in->rows; r++)
        to_proba(self, raw + r * self->dimension, out->numbers + r * out->number_stride);
    return BRINE_OK;
}

static brine_status predict_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct catboost *self = me->self;
    double *raw;
    BRN_TRY(take_raw(self, in, work, &raw));
    for (size_t r = 0; r < in->rows; r++)
        to_log_proba(self, raw + r * self->dimension, out->numbers + r * out->number_stride);
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const modules[] = {"catboost.core", NULL};

static const struct brn_estimator classifier = {
    .name = "CatBoostClassifier",
    .jumps = true,
    .modules = modules,
    .library = library,
    .size = sizeof(struct catboost),
    .fields = fields,
    .prepare = prepare,
    .bind = bind_classifier,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_labels, BRN_EXACT},
                [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS},
                [BRINE_METHOD_PREDICT_LOG_PROBA] = {predict_log_proba, BRN_ULPS}},
    .equality = equality,
};

#define VALUES(variable, class, binding)                                  \
    static const struct brn_estimator variable = {                        \
        .name = class,                                                    \
        .jumps = true,                                                    \
        .modules = modules,                                               \
        .library = library,                                               \
        .size = sizeof(struct catboost),                                  \
        .fields = fields,                                                 \
        .prepare = prepare,                                               \
        .bind = binding,                                                  \
        .methods = {[BRINE_METHOD_PREDICT] = {predict_values, BRN_ULPS}}, \
        .equality = equality,                                             \
    }

VALUES(regressor, "CatBoostRegressor", bind_regressor);
VALUES(ranker, "CatBoostRanker", bind_values);
VALUES(plain, "CatBoost", bind_values);

static const struct brn_estimator *const estimators[] = {&plain, &classifier, &regressor, &ranker,
                                                         NULL};

const struct brn_family brn_family_catboost = {estimators};
