/* SPDX-License-Identifier: Apache-2.0
 *
 * linear.c - LinearRegression and Ridge: X coef_^T + intercept_.
 * sklearn/linear_model/_base.py, LinearModel._decision_function. */
#include "estimators/shared_linear.h"

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    return brn_linear_check(me->self, me, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct brn_linear *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->coef.rows, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = m->coef.dimensions == 2;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    out->single = brn_linear_is_single(me->self, in);
    return brn_linear_scores(me->self, in, out->numbers, out->number_stride, work);
}

static const struct brn_field linear_regression_fields[] = {
    BRN_LINEAR_FIELDS,
    BRN_FIELD_IGNORE("copy_X", "how fit treats its input"),
    BRN_FIELD_IGNORE("positive", "a constraint of fit; coef_ obeys it"),
    BRN_FIELD_IGNORE("rank_", "of the training matrix"),
    BRN_FIELD_IGNORE("singular_", "of the training matrix"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("normalize", "a step of fit; coef_ is in the original scale"),
    BRN_FIELD_END,
};

static const struct brn_field ridge_fields[] = {
    BRN_LINEAR_FIELDS,
    BRN_FIELD_IGNORE("alpha", "strength of the penalty of fit"),
    BRN_FIELD_IGNORE("copy_X", "how fit treats its input"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("solver", "of fit"),
    BRN_FIELD_IGNORE("solver_", "of fit"),
    BRN_FIELD_IGNORE("positive", "a constraint of fit; coef_ obeys it"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("normalize", "a step of fit; coef_ is in the original scale"),
    BRN_FIELD_END,
};

static const char *const base_modules[] = {"sklearn.linear_model._base", NULL};
static const char *const ridge_modules[] = {"sklearn.linear_model._ridge", NULL};

static const struct brn_estimator linear_regression = {
    .name = "LinearRegression",
    .modules = base_modules,
    .size = sizeof(struct brn_linear),
    .fields = linear_regression_fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED}},
};

static const struct brn_estimator ridge = {
    .name = "Ridge",
    .modules = ridge_modules,
    .size = sizeof(struct brn_linear),
    .fields = ridge_fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED}},
};

static const struct brn_estimator *const estimators[] = {&linear_regression, &ridge, NULL};

const struct brn_family brn_family_linear = {estimators};
