/* SPDX-License-Identifier: Apache-2.0
 *
 * dummy.c - DummyClassifier and DummyRegressor (scikit-learn dummy.py): one answer for every row.
 * The strategies that draw random answers are refused. */
#include "estimators/shared_dummy.h"

struct dummy {
    const struct brn_node *constant;
    const char *strategy;
    int64_t output_count;
    struct brn_values classes;
    struct brn_matrix priors;    /* of a classifier */
    struct brn_matrix constants; /* of a regressor */

    struct brn_dictionary *labels;
    double *answer; /* predict_proba, or predict of a regressor */
    size_t count;
    int32_t code; /* predict of a classifier */

    int32_t *checked; /* columns that must be finite; NULL: the rows are not looked at */
    size_t checked_count;
};

#define FIELD(member, attribute, kind, doc) BRN_FIELD(struct dummy, member, attribute, kind, doc)

static const struct brn_field classifier_fields[] = {
    BRN_FIELD_WINDOW(struct dummy, strategy, "strategy", TEXT, 0, 2200, "which constant"),
    BRN_FIELD_WINDOW(struct dummy, strategy, "_strategy", TEXT, 2200, 0, "which constant"),
    FIELD(constant, "constant", NODE, "the label of strategy constant"),
    FIELD(output_count, "n_outputs_", INT, "number of targets"),
    FIELD(classes, "classes_", VALUES, "class labels"),
    FIELD(priors, "class_prior_", MATRIX, "frequency of each class"),
    BRN_FIELD_IGNORE("strategy", "_strategy is what was fitted"),
    BRN_FIELD_IGNORE("n_classes_", "the number of classes_"),
    BRN_FIELD_IGNORE("random_state", "for strategies that are refused"),
    BRN_FIELD_IGNORE("sparse_output_", "container of the labels"),
    BRN_FIELD_IGNORE("output_2d_", "until 0.21: the targets were a matrix"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    FIELD(constants, "constant_", MATRIX, "the answer, by output"),
    FIELD(output_count, "n_outputs_", INT, "number of targets"),
    BRN_FIELD_IGNORE("strategy", "constant_ is what was fitted"),
    BRN_FIELD_IGNORE("constant", "constant_ is what was fitted"),
    BRN_FIELD_IGNORE("quantile", "constant_ is what was fitted"),
    BRN_FIELD_IGNORE("output_2d_", "until 0.21: the targets were a matrix"),
    BRN_FIELD_END,
};

/* ---- preparing ---- */

static const struct brn_era check_eras[] = {
    {0, 1900, true, "check_array() refuses NaN and infinity"},
    {1900, 0, false, "the rows are not looked at"},
    BRN_ERA_END,
};

static brine_status prepare_regressor(struct brn_instance *me, struct brn_build *build)
{
    struct dummy *self = me->self;
    me->ignores_rows = !brn_era_behaviour(check_eras, me->version);
    self->answer = self->constants.values;
    self->count = self->constants.rows * self->constants.columns;
    if (!self->constants.present || self->count == 0 || (uint64_t)self->output_count != self->count)
        return brn_ill_formed(build, "constant_", "has %zu values for %lld outputs", self->count,
                              (long long)self->output_count);
    return BRINE_OK;
}

static brine_status find_constant(struct brn_build *build, struct dummy *self)
{
    struct brn_value value;
    brine_status status = brn_decode_value(build, self->constant, &value);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "constant");
        return status;
    }
    for (size_t k = 0; k < self->count; k++)
        if (brn_value_equal(self->classes.at[k], value))
            self->code = (int32_t)k;
    if (!brn_value_equal(self->classes.at[self->code], value))
        return brn_ill_formed(build, "constant", "is none of classes_");
    return BRINE_OK;
}

static brine_status find_answer(struct brn_build *build, struct dummy *self)
{
    brn_argmax(self->priors.values, 1, self->count, &self->code, 1);
    if (brn_text_is(self->strategy, "prior")) {
        memcpy(self->answer, self->priors.values, self->count * sizeof *self->answer);
        return BRINE_OK;
    }
    if (brn_text_is(self->strategy, "constant"))
        BRN_TRY(find_constant(build, self));
    else if (!brn_text_is(self->strategy, "most_frequent"))
        return brn_unsupported(build, "strategy", "\"%.60s\" answers at random",
                               self->strategy ? self->strategy : "None");
    self->answer[self->code] = 1;
    return BRINE_OK;
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct dummy *self = me->self;
    me->ignores_rows = !brn_era_behaviour(check_eras, me->version);
    self->count = self->classes.count;
    if (self->output_count != 1)
        return brn_unsupported(build, "n_outputs_", "a DummyClassifier of %lld outputs",
                               (long long)self->output_count);
    if (self->count == 0 || self->priors.rows != 1 || self->priors.columns != self->count)
        return brn_ill_formed(build, "class_prior_", "does not belong to %zu classes", self->count);
    self->answer = BRN_BUILD_NEW(build, double, self->count);
    if (!self->answer)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_labels(build, &self->classes, &self->labels));
    return find_answer(build, self);
}

/* ---- binding ---- */

static brine_status bind_checked(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct dummy *self = me->self;
    if (me->ignores_rows)
        return BRINE_OK;
    self->checked_count = in->count;
    return brn_bind_numbers(build, me, in, &self->checked);
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct dummy *self = me->self;
    BRN_TRY(bind_checked(me, in, build));
    const char *const *names = brn_label_names(build, BRINE_METHOD_PREDICT_PROBA, self->labels);
    const char *const *log_names =
        brn_label_names(build, BRINE_METHOD_PREDICT_LOG_PROBA, self->labels);
    if (!names || !log_names)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &self->labels, 1);
    me->out[BRINE_METHOD_PREDICT_PROBA] = brn_schema_numbers(build->arena, self->count, names);
    me->out[BRINE_METHOD_PREDICT_LOG_PROBA] =
        brn_schema_numbers(build->arena, self->count, log_names);
    return me->out[BRINE_METHOD_PREDICT] && me->out[BRINE_METHOD_PREDICT_PROBA] &&
                   me->out[BRINE_METHOD_PREDICT_LOG_PROBA]
               ? BRINE_OK
               : brn_fail_memory(build->err);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct dummy *self = me->self;
    BRN_TRY(bind_checked(me, in, build));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, self->count, NULL);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

static brine_status run_answer(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct dummy *self = me->self;
    if (self->checked)
        BRN_TRY(brn_check_finite(work, in, self->checked, self->checked_count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < out->rows; r++)
        memcpy(out->numbers + r * out->number_stride, self->answer, self->count * sizeof(double));
    return BRINE_OK;
}

static brine_status run_code(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work)
{
    const struct dummy *self = me->self;
    if (self->checked)
        BRN_TRY(brn_check_finite(work, in, self->checked, self->checked_count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < out->rows; r++)
        out->codes[r * out->code_stride] = self->code;
    return BRINE_OK;
}

/* ---- the family ---- */

static const char *const modules[] = {"sklearn.dummy", NULL};

static const struct brn_estimator dummy_classifier = {
    .name = "DummyClassifier",
    .modules = modules,
    .size = sizeof(struct dummy),
    .fields = classifier_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .takes_any_width = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_code, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_answer, BRN_EXACT},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS},
        },
};

static const struct brn_estimator dummy_regressor = {
    .name = "DummyRegressor",
    .modules = modules,
    .size = sizeof(struct dummy),
    .fields = regressor_fields,
    .prepare = prepare_regressor,
    .bind = bind_regressor,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_PREDICT] = {run_answer, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&dummy_classifier, &dummy_regressor, NULL};

const struct brn_family brn_family_dummy = {estimators};

const double *brn_dummy_answer(const struct brn_instance *child, size_t *ret_count)
{
    if (child->estimator != &dummy_classifier && child->estimator != &dummy_regressor)
        return NULL;
    const struct dummy *self = child->self;
    *ret_count = self->count;
    return self->answer;
}
