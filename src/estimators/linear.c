/* SPDX-License-Identifier: Apache-2.0
 *
 * linear.c - linear regressors: X coef_^T + intercept_, whatever fitted them, and generalised ones,
 * which put it through the inverse of their link.  A class is a row of the table at the end.
 * sklearn/linear_model/_base.py, LinearModel._decision_function; _glm/glm.py, predict. */
#include "estimators/shared_linear.h"

#include <math.h>

struct regressor {
    struct brn_linear linear;
    const char *link; /* TweedieRegressor */
    double power;
    bool is_exponential; /* the inverse of a logarithmic link */
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct regressor *m = me->self;
    return brn_linear_check(&m->linear, me, build);
}

static brine_status prepare_logarithmic(struct brn_instance *me, struct brn_build *build)
{
    struct regressor *m = me->self;
    m->is_exponential = true;
    return prepare(me, build);
}

/* "auto" is the identity for a normal distribution (and beyond), the logarithm for the others. */
static brine_status prepare_tweedie(struct brn_instance *me, struct brn_build *build)
{
    struct regressor *m = me->self;
    bool automatic = brn_text_is(m->link, "auto");
    m->is_exponential = brn_text_is(m->link, "log") || (automatic && m->power > 0);
    if (!automatic && !m->is_exponential && !brn_text_is(m->link, "identity"))
        return brn_unsupported(build, "link", "is none that brine knows");
    return prepare(me, build);
}

static const struct brn_era decision_eras[] = {
    {0, 1900, true, "decision_function is predict: base.py 0.18.2, LinearModel"},
    {1900, 0, false, "regressors decide nothing"},
    BRN_ERA_END,
};

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct regressor *m = me->self;
    BRN_TRY(brn_linear_bind(&m->linear, me, in, build));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->linear.coef.rows, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = m->linear.coef.dimensions == 2;
    me->out[BRINE_METHOD_PREDICT] = out;
    if (brn_era_behaviour(decision_eras, me->version))
        me->out[BRINE_METHOD_DECISION_FUNCTION] = out;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct regressor *m = me->self;
    out->single = brn_linear_is_single(&m->linear, in);
    BRN_TRY(brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work));
    for (size_t r = 0; m->is_exponential && r < out->rows; r++)
        for (size_t k = 0; k < m->linear.coef.rows; k++)
            out->numbers[r * out->number_stride + k] =
                exp(out->numbers[r * out->number_stride + k]);
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_LINEAR_FIELDS,
    BRN_FIELD_END,
};

#define NOT_ASKED                                                     \
    BRN_FIELD_IGNORE("_base_loss", "the class, power and link tell"), \
        BRN_FIELD_IGNORE("_family_instance", "of the loss of fit"),   \
        BRN_FIELD_IGNORE("_link_instance", "the class, power and link tell")

static const struct brn_field logarithmic_fields[] = {
    BRN_LINEAR_FIELDS,
    NOT_ASKED,
    BRN_FIELD_IGNORE("link", "is \"log\" in these classes"),
    BRN_FIELD_END,
};

static const struct brn_field tweedie_fields[] = {
    BRN_LINEAR_FIELDS,
    NOT_ASKED,
    BRN_FIELD(struct regressor, link, "link", TEXT, "identity, log, or auto: by power"),
    BRN_FIELD(struct regressor, power, "power", NUMBER, "of the variance; decides link=\"auto\""),
    BRN_FIELD_END,
};

static const char *const generalised_modules[] = {"sklearn.linear_model._glm.glm", NULL};
static const char *const svm_modules[] = {"sklearn.svm._classes", "sklearn.svm.classes", NULL};

#define IN(module) \
    ((const char *const[]){"sklearn.linear_model._" module, "sklearn.linear_model." module, NULL})
#define ROW(class, in, own_fields, own_prepare, first)                                        \
    &(const struct brn_estimator)                                                             \
    {                                                                                         \
        .name = class, .modules = in, .size = sizeof(struct regressor), .fields = own_fields, \
        .more_fields = brn_linear_fit_fields, .prepare = own_prepare, .bind = bind,           \
        .takes_compressed = true,                                                             \
        .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},                          \
                    [BRINE_METHOD_DECISION_FUNCTION] = {predict, BRN_BOUNDED}},               \
        .since = first                                                                        \
    }
#define REGRESSOR(class, in, first) ROW(class, in, fields, prepare, first)

static const struct brn_estimator *const estimators[] = {
    REGRESSOR("ARDRegression", IN("bayes"), 0),
    REGRESSOR("BayesianRidge", IN("bayes"), 0),
    REGRESSOR("ElasticNet", IN("coordinate_descent"), 0),
    REGRESSOR("ElasticNetCV", IN("coordinate_descent"), 0),
    REGRESSOR("HuberRegressor", IN("huber"), 0),
    REGRESSOR("Lars", IN("least_angle"), 0),
    REGRESSOR("LarsCV", IN("least_angle"), 0),
    REGRESSOR("Lasso", IN("coordinate_descent"), 0),
    REGRESSOR("LassoCV", IN("coordinate_descent"), 0),
    REGRESSOR("LassoLars", IN("least_angle"), 0),
    REGRESSOR("LassoLarsCV", IN("least_angle"), 0),
    REGRESSOR("LassoLarsIC", IN("least_angle"), 0),
    REGRESSOR("LinearRegression", IN("base"), 0),
    REGRESSOR("LinearSVR", svm_modules, 0),
    REGRESSOR("MultiTaskElasticNet", IN("coordinate_descent"), 0),
    REGRESSOR("MultiTaskElasticNetCV", IN("coordinate_descent"), 0),
    REGRESSOR("MultiTaskLasso", IN("coordinate_descent"), 0),
    REGRESSOR("MultiTaskLassoCV", IN("coordinate_descent"), 0),
    REGRESSOR("OrthogonalMatchingPursuit", IN("omp"), 0),
    REGRESSOR("OrthogonalMatchingPursuitCV", IN("omp"), 0),
    REGRESSOR("PassiveAggressiveRegressor", IN("passive_aggressive"), 0),
    REGRESSOR("QuantileRegressor", IN("quantile"), 10000),
    REGRESSOR("Ridge", IN("ridge"), 0),
    REGRESSOR("RidgeCV", IN("ridge"), 0),
    REGRESSOR("SGDRegressor", IN("stochastic_gradient"), 0),
    REGRESSOR("TheilSenRegressor", IN("theil_sen"), 0),
    ROW("GammaRegressor", generalised_modules, logarithmic_fields, prepare_logarithmic, 2300),
    ROW("PoissonRegressor", generalised_modules, logarithmic_fields, prepare_logarithmic, 2300),
    ROW("TweedieRegressor", generalised_modules, tweedie_fields, prepare_tweedie, 2300),
    NULL,
};

const struct brn_family brn_family_linear = {estimators};
