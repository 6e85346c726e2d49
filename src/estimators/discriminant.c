/* SPDX-License-Identifier: Apache-2.0
 *
 * discriminant.c - LinearDiscriminantAnalysis: a linear classifier that can also project.
 * sklearn/discriminant_analysis.py. */
#include "estimators/shared_linear_classifier.h"
#include "estimators/shared_names.h"

#include "kernel/dot.h"

#include <float.h>
#include <math.h>

struct discriminant {
    struct brn_linear_classifier classifier;
    const char *solver;
    struct brn_matrix mean;     /* xbar_; subtracted by solver svd */
    struct brn_matrix scalings; /* features x components */
    int64_t most_components;
    bool is_centered;
    double *axes; /* components x features */
    size_t components;
    int32_t *columns;
};

static const struct brn_era link_eras[] = {
    {0, 2100, BRN_LINK_RATES, "one against the rest: discriminant_analysis.py 0.20.4"},
    {2100, 0, BRN_LINK_SOFTMAX, "softmax"},
    BRN_ERA_END,
};

static const struct brn_era zero_eras[] = {
    {0, 2400, false, "the logarithm of 0 is -inf"},
    {2400, 0, true, "0 is the smallest normal number first: discriminant_analysis.py 0.24.2"},
    BRN_ERA_END,
};

/* ---- preparing ---- */

static brine_status check_projection(struct discriminant *m, const struct brn_instance *me,
                                     struct brn_build *build)
{
    if (m->scalings.rows != me->feature_count)
        return brn_ill_formed(build, "scalings_", "has %zu rows for %zu features", m->scalings.rows,
                              me->feature_count);
    if (m->is_centered && (m->mean.rows != 1 || m->mean.columns != me->feature_count))
        return brn_ill_formed(build, "xbar_", "has %zu values for %zu features", m->mean.columns,
                              me->feature_count);
    if (m->most_components < 0)
        return brn_ill_formed(build, "_max_components", "is %lld", (long long)m->most_components);
    return BRINE_OK;
}

static brine_status prepare_projection(struct discriminant *m, const struct brn_instance *me,
                                       struct brn_build *build)
{
    m->is_centered = brn_text_is(m->solver, "svd");
    if (!m->is_centered && !brn_text_is(m->solver, "eigen"))
        return BRINE_OK; /* lsqr does not project */
    BRN_TRY(check_projection(m, me, build));
    size_t n = me->feature_count, width = m->scalings.columns;
    m->components = width < (size_t)m->most_components ? width : (size_t)m->most_components;
    m->axes = BRN_BUILD_NEW(build, double, m->components *n); /* not more than scalings_ */
    if (!m->axes)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->components; k++)
        for (size_t i = 0; i < n; i++)
            m->axes[k * n + i] = m->scalings.values[i * width + k];
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct discriminant *m = me->self;
    m->classifier.link = m->classifier.classes.count == 2
                             ? BRN_LINK_RATES
                             : (enum brn_score_link)brn_era_behaviour(link_eras, me->version);
    BRN_TRY(brn_linear_classifier_check(&m->classifier, me, build));
    return prepare_projection(m, me, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct discriminant *m = me->self;
    BRN_TRY(brn_linear_classifier_bind(me, in, build));
    if (m->components == 0)
        return BRINE_OK;
    m->columns = m->classifier.linear.product.features.columns;
    const char *const *names = brn_class_names(build, me, m->components);
    if (names)
        me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, m->components, names);
    return me->out[BRINE_METHOD_TRANSFORM] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

static brine_status predict_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct discriminant *m = me->self;
    bool lifts_zero = brn_era_behaviour(zero_eras, me->version);
    BRN_TRY(brn_linear_classifier_predict_proba(me, in, out, work));
    double least = out->single ? (double)FLT_MIN : DBL_MIN;
    for (size_t r = 0; r < out->rows; r++)
        for (size_t i = 0; i < m->classifier.classes.count; i++) {
            double *p = &out->numbers[r * out->number_stride + i];
            double kept = out->single ? (double)(float)*p : *p;
            *p = log(kept == 0 && lifts_zero ? least : kept);
        }
    return BRINE_OK;
}

/* float32 less float32 is float32, also where scalings_ are not (1.5 with numpy 2). */
static double moved(double value, double mean, bool rounds)
{
    double difference = value - mean;
    return rounds ? (double)(float)difference : difference;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct discriminant *m = me->self;
    size_t n = me->feature_count, x_stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    double *row = brn_work_take(work, n, sizeof *row);
    if (!x || !row)
        return brn_fail_memory(work->err);
    bool rounds = in->single && m->mean.itemsize == 4;
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t i = 0; i < n; i++)
            row[i] = m->is_centered ? moved(x[r * x_stride + i], m->mean.values[i], rounds)
                                    : x[r * x_stride + i];
        brn_dot_rows(row, 1, n, m->axes, m->components, n, NULL,
                     out->numbers + r * out->number_stride, out->number_stride);
    }
    bool is_double = m->scalings.itemsize != 4 || (m->is_centered && m->mean.itemsize != 4);
    out->single = in->single && !is_double;
    return BRINE_OK;
}

/* ---- table ---- */

static const struct brn_field fields[] = {
    BRN_LINEAR_CLASSIFIER_FIELDS,
    BRN_FIELD(struct discriminant, solver, "solver", TEXT, "lsqr does not project"),
    BRN_FIELD_OPTIONAL(struct discriminant, mean, "xbar_", MATRIX,
                       "the mean of the training rows, subtracted by solver svd"),
    BRN_FIELD_OPTIONAL(struct discriminant, scalings, "scalings_", MATRIX,
                       "features x components: the projection"),
    BRN_FIELD(struct discriminant, most_components, "_max_components", INT,
              "how many of the components transform gives"),
    BRN_FIELD_IGNORE("_n_features_out", "what transform gives"),
    BRN_FIELD_IGNORE("covariance_", "of the training rows; coef_ has it"),
    BRN_FIELD_IGNORE("covariance_estimator", "of fit"),
    BRN_FIELD_IGNORE("explained_variance_ratio_", "of the training rows"),
    BRN_FIELD_IGNORE("means_", "of the training rows; coef_ has them"),
    BRN_FIELD_IGNORE("n_components", "of fit; _max_components has it"),
    BRN_FIELD_IGNORE("priors", "of fit; intercept_ has them"),
    BRN_FIELD_IGNORE("priors_", "of fit; intercept_ has them"),
    BRN_FIELD_IGNORE("shrinkage", "of fit"),
    BRN_FIELD_IGNORE("store_covariance", "whether fit keeps covariance_"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.discriminant_analysis", NULL};

static const struct brn_estimator discriminant = {
    .name = "LinearDiscriminantAnalysis",
    .modules = modules,
    .size = sizeof(struct discriminant),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {brn_linear_classifier_predict, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_PROBA] = {brn_linear_classifier_predict_proba, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {predict_log_proba, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {brn_linear_classifier_decide, BRN_BOUNDED},
            [BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&discriminant, NULL};

const struct brn_family brn_family_discriminant = {estimators};
