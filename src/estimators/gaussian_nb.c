/* SPDX-License-Identifier: Apache-2.0
 *
 * gaussian_nb.c - GaussianNB.  sklearn/naive_bayes.py. */
#include "estimators/shared_likelihood.h"

#include "kernel/sum.h"

#include <math.h>

struct gaussian {
    struct brn_likelihood base;
    struct brn_matrix mean, variance; /* classes x features */
    struct brn_matrix prior;
    double *log_prior, *log_scale; /* a class: what no row changes */
    int32_t *columns;
};

static brine_status joint(const struct brn_instance *me, const struct brn_tile *in, double *out,
                          size_t stride, struct brn_work *work)
{
    const struct gaussian *m = me->self;
    size_t n = m->mean.columns, x_stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    double *terms = brn_work_take(work, n, sizeof *terms);
    if (!x || !terms)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < m->mean.rows; k++) {
            const double *mean = m->mean.values + k * n, *variance = m->variance.values + k * n;
            for (size_t i = 0; i < n; i++) {
                double from = x[r * x_stride + i] - mean[i];
                terms[i] = from * from / variance[i];
            }
            double likelihood = m->log_scale[k] - 0.5 * brn_sum_numpy(terms, n);
            out[r * stride + k] = m->log_prior[k] + likelihood;
        }
    return BRINE_OK;
}

static brine_status prepare_constants(struct gaussian *m, struct brn_build *build)
{
    size_t classes = m->mean.rows, n = m->mean.columns;
    double *terms = BRN_NEW(build->scratch, double, n);
    m->log_prior = BRN_BUILD_NEW(build, double, classes);
    m->log_scale = BRN_BUILD_NEW(build, double, classes);
    if (!terms || !m->log_prior || !m->log_scale)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < classes; k++) {
        for (size_t i = 0; i < n; i++)
            terms[i] = log(2.0 * 3.14159265358979323846 * m->variance.values[k * n + i]);
        m->log_scale[k] = -0.5 * brn_sum_numpy(terms, n);
        m->log_prior[k] = log(m->prior.values[k]);
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct gaussian *m = me->self;
    size_t classes = m->base.classes.count;
    BRN_TRY(brn_likelihood_check(&m->base, build, joint));
    BRN_TRY(brn_expect_features(build, me, m->mean.columns, "theta_"));
    if (m->mean.rows != classes)
        return brn_ill_formed(build, "theta_", "has %zu rows for %zu classes", m->mean.rows,
                              classes);
    if (m->variance.rows != classes || m->variance.columns != m->mean.columns)
        return brn_ill_formed(build, "var_", "is %zu x %zu, not as theta_", m->variance.rows,
                              m->variance.columns);
    if (m->prior.rows * m->prior.columns != classes)
        return brn_ill_formed(build, "class_prior_", "has %zu values for %zu classes",
                              m->prior.rows * m->prior.columns, classes);
    m->base.is_single = m->mean.itemsize == 4 && m->variance.itemsize == 4;
    return prepare_constants(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct gaussian *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_likelihood_bind(me, build);
}

static const struct brn_field fields[] = {
    BRN_LIKELIHOOD_FIELDS,
    BRN_FIELD(struct gaussian, mean, "theta_", MATRIX, "a mean a class and feature"),
    BRN_FIELD_WINDOW(struct gaussian, variance, "sigma_", MATRIX, 0, 10000,
                     "a variance a class and feature"),
    BRN_FIELD_WINDOW(struct gaussian, variance, "var_", MATRIX, 10000, 0,
                     "a variance a class and feature"),
    BRN_FIELD(struct gaussian, prior, "class_prior_", MATRIX, "a probability a class"),
    BRN_FIELD_IGNORE("class_count_", "rows of fit"),
    BRN_FIELD_IGNORE("epsilon_", "var_ has it added"),
    BRN_FIELD_IGNORE("priors", "of fit; class_prior_ has them"),
    BRN_FIELD_IGNORE("var_smoothing", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.naive_bayes", NULL};

static const struct brn_estimator gaussian_nb = {
    .name = "GaussianNB",
    .modules = modules,
    .size = sizeof(struct gaussian),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {BRN_LIKELIHOOD_METHODS(BRN_ULPS)},
};

static const struct brn_estimator *const estimators[] = {&gaussian_nb, NULL};

const struct brn_family brn_family_gaussian_nb = {estimators};
