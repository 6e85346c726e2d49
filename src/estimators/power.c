/* SPDX-License-Identifier: Apache-2.0
 *
 * power.c - PowerTransformer: Box-Cox or Yeo-Johnson, then a StandardScaler.
 * sklearn/preprocessing/_data.py; scipy/special/_boxcox.pxd; scipy/stats/_morestats.py. */
#include "model/estimator.h"

#include <float.h>
#include <math.h>

struct power {
    const char *method;
    bool standardize, is_box_cox;
    struct brn_matrix lambdas;
    struct brn_instance *scaler;
    int32_t *columns;
    size_t count;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct power *m = me->self;
    m->is_box_cox = brn_text_is(m->method, "box-cox");
    if (!m->is_box_cox && !brn_text_is(m->method, "yeo-johnson"))
        return brn_ill_formed(build, "method", "is neither box-cox nor yeo-johnson");
    if (m->lambdas.rows != 1)
        return brn_ill_formed(build, "lambdas_", "has more than one dimension");
    if (m->standardize && !m->scaler)
        return brn_ill_formed(build, "_scaler", "is missing");
    return brn_expect_features(build, me, m->lambdas.columns, "lambdas_");
}

/* The scaler standardizes what this one gives. */
static brine_status bind_scaler(struct power *m, const struct brn_schema *powers,
                                struct brn_build *build)
{
    if (!m->standardize)
        return BRINE_OK;
    BRN_TRY(brn_bind_child(build, m->scaler, powers));
    const struct brn_schema *out = m->scaler->out[BRINE_METHOD_TRANSFORM];
    if (!out || out->count != powers->count || !m->scaler->out[BRINE_METHOD_INVERSE_TRANSFORM])
        return brn_ill_formed(build, "_scaler", "is no scaler");
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct power *m = me->self;
    m->count = in->count;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 0));
    me->out[BRINE_METHOD_INVERSE_TRANSFORM] = me->out[BRINE_METHOD_TRANSFORM];
    return bind_scaler(m, me->out[BRINE_METHOD_TRANSFORM], build);
}

/* ---- the transformations and their inverses, of one value ---- */

static double box_cox(double x, double lambda)
{
    if (fabs(lambda) < 1e-19)
        return log(x);
    double power = lambda * log(x);
    if (power < 709.78)
        return expm1(power) / lambda;
    return copysign(1, lambda) * exp(power - log(fabs(lambda))) - 1 / lambda;
}

static double inverse_box_cox(double x, double lambda)
{
    if (lambda <= 0 && lambda >= 0)
        return exp(x);
    return exp(log1p(lambda * x) / lambda);
}

static const struct brn_era yeo_johnson_eras[] = {
    {0, 10900, false, "a power, less 1"},
    {10900, 0, true, "expm1 of the logarithm's multiple (scipy.stats.yeojohnson)"},
    BRN_ERA_END,
};

/* (y + 1)^lambda - 1, over lambda, of y >= 0. */
static double lifted(double y, double lambda, bool by_expm1)
{
    if (fabs(lambda) < DBL_EPSILON)
        return log1p(y);
    return by_expm1 ? expm1(lambda * log1p(y)) / lambda : (pow(y + 1, lambda) - 1) / lambda;
}

static double yeo_johnson(double x, double lambda, bool by_expm1)
{
    if (x >= 0)
        return lifted(x, lambda, by_expm1);
    if (fabs(lambda - 2) > DBL_EPSILON)
        return by_expm1 ? -expm1((2 - lambda) * log1p(-x)) / (2 - lambda)
                        : -(pow(-x + 1, 2 - lambda) - 1) / (2 - lambda);
    return -log1p(-x);
}

static double inverse_yeo_johnson(double x, double lambda)
{
    if (x >= 0)
        return fabs(lambda) < DBL_EPSILON ? exp(x) - 1 : pow(x * lambda + 1, 1 / lambda) - 1;
    if (fabs(lambda - 2) > DBL_EPSILON)
        return 1 - pow(-(2 - lambda) * x + 1, 1 / (2 - lambda));
    return 1 - exp(-x);
}

/* ---- running ---- */

static double powered(const struct brn_instance *me, size_t i, double x)
{
    const struct power *m = me->self;
    double lambda = m->lambdas.values[i];
    if (m->is_box_cox)
        return box_cox(x, lambda);
    return yeo_johnson(x, lambda, brn_era_behaviour(yeo_johnson_eras, me->version));
}

static brine_status check_positive(const struct power *m, const struct brn_tile *in, size_t r,
                                   const struct brn_work *work)
{
    for (size_t i = 0; m->is_box_cox && i < m->count; i++) {
        int32_t place = m->columns[i];
        if (in->numbers[r * in->number_stride + (size_t)place] <= 0)
            return brn_refuse(work, in, r, in->number_names ? in->number_names[place] : NULL,
                              "Box-Cox takes positive numbers only");
    }
    return BRINE_OK;
}

static brine_status raise_rows(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, const struct brn_work *work)
{
    const struct power *m = me->self;
    for (size_t r = 0; r < in->rows; r++) {
        BRN_TRY(check_positive(m, in, r, work));
        for (size_t i = 0; i < m->count; i++) {
            double x = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            double y = powered(me, i, x);
            out->numbers[r * out->number_stride + i] = in->single ? (double)(float)y : y;
        }
    }
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct power *m = me->self;
    struct brn_tile powers;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_ALLOWED));
    if (!m->standardize)
        return raise_rows(me, in, out, work);
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_TRANSFORM], in, &powers));
    BRN_TRY(raise_rows(me, in, &powers, work));
    return brn_run_child(m->scaler, BRINE_METHOD_TRANSFORM, &powers, out, work);
}

static brine_status lower_rows(const struct power *m, const struct brn_tile *in,
                               const int32_t *columns, struct brn_tile *out)
{
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            size_t place = columns ? (size_t)columns[i] : i;
            double x = in->numbers[r * in->number_stride + place], lambda = m->lambdas.values[i];
            double y = m->is_box_cox ? inverse_box_cox(x, lambda) : inverse_yeo_johnson(x, lambda);
            out->numbers[r * out->number_stride + i] = in->single ? (double)(float)y : y;
        }
    return BRINE_OK;
}

static brine_status inverse(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct power *m = me->self;
    struct brn_tile given, powers;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_ALLOWED));
    if (!m->standardize)
        return lower_rows(m, in, m->columns, out);
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_TRANSFORM], in, &given));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++)
            given.numbers[r * given.number_stride + i] =
                in->numbers[r * in->number_stride + (size_t)m->columns[i]];
    BRN_TRY(brn_run_into(m->scaler, BRINE_METHOD_INVERSE_TRANSFORM, &given, work, &powers));
    powers.single = in->single;
    out->single = in->single;
    return lower_rows(m, &powers, NULL, out);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct power, method, "method", TEXT, "yeo-johnson or box-cox"),
    BRN_FIELD(struct power, standardize, "standardize", BOOL, "whether _scaler follows"),
    BRN_FIELD(struct power, lambdas, "lambdas_", MATRIX, "an exponent a feature"),
    BRN_FIELD_OPTIONAL(struct power, scaler, "_scaler", CHILD, "of the powers"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._data", "sklearn.preprocessing.data",
                                      NULL};

static const struct brn_estimator power_transformer = {
    .name = "PowerTransformer",
    .modules = modules,
    .since = 2000,
    .size = sizeof(struct power),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS},
            [BRINE_METHOD_INVERSE_TRANSFORM] = {inverse, BRN_ULPS},
        },
};

static const struct brn_estimator *const estimators[] = {&power_transformer, NULL};

const struct brn_family brn_family_power = {estimators};
