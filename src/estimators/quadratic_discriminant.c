/* SPDX-License-Identifier: Apache-2.0
 *
 * quadratic_discriminant.c - QuadraticDiscriminantAnalysis: how far a row is from each class's
 * mean, by that class's own axes.  sklearn/discriminant_analysis.py. */
#include "estimators/shared_likelihood.h"

#include "kernel/dot.h"
#include "kernel/link.h"
#include "kernel/sum.h"

#include <math.h>

struct class_axes {
    size_t count;
    double *axes; /* count x features, divided by their deviations */
    double log_scale, log_prior;
};

struct quadratic {
    struct brn_likelihood base;
    struct brn_matrix means, priors;
    const struct brn_node *rotations, *scalings; /* lists: an item a class */
    struct class_axes *classes;
    size_t most_axes;
    bool is_single; /* distances of float32 rows are float32 */
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status read_class(struct quadratic *m, struct brn_build *build, size_t k, size_t n)
{
    struct class_axes *class = &m->classes[k];
    struct brn_matrix rotation = {0}, scaling = {0};
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->rotations, k), &rotation));
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->scalings, k), &scaling));
    class->count = rotation.columns;
    if (!rotation.present || rotation.rows != n || scaling.rows != 1 ||
        scaling.columns != class->count)
        return brn_fail(build->err, BRINE_MODEL, "is %zu x %zu with %zu scalings for %zu features",
                        rotation.rows, rotation.columns, scaling.columns, n);
    class->axes = BRN_BUILD_NEW(build, double, class->count *n);
    double *terms = BRN_NEW(build->scratch, double, class->count);
    if (!class->axes || !terms)
        return brn_fail_memory(build->err);
    for (size_t a = 0; a < class->count; a++) {
        double factor = pow(scaling.values[a], -0.5);
        for (size_t i = 0; i < n; i++)
            class->axes[a * n + i] = rotation.values[i * class->count + a] * factor;
        terms[a] = log(scaling.values[a]);
    }
    class->log_scale = brn_sum_numpy(terms, class->count);
    class->log_prior = log(m->priors.values[k]);
    m->most_axes = class->count > m->most_axes ? class->count : m->most_axes;
    return BRINE_OK;
}

static brine_status read_classes(struct quadratic *m, struct brn_build *build, size_t count)
{
    m->is_single = m->means.itemsize == 4;
    m->classes = BRN_BUILD_NEW(build, struct class_axes, count);
    if (!m->classes)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < count; k++) {
        brine_status status = read_class(m, build, k, m->means.columns);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "rotations_[%zu]", k);
            return status;
        }
    }
    return BRINE_OK;
}

static brn_joint joint;

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct quadratic *m = me->self;
    size_t classes = m->base.classes.count;
    BRN_TRY(brn_likelihood_check(&m->base, build, joint));
    BRN_TRY(brn_expect_features(build, me, m->means.columns, "means_"));
    if (m->means.rows != classes || classes < 2)
        return brn_ill_formed(build, "means_", "has %zu rows for %zu classes", m->means.rows,
                              classes);
    if (m->priors.rows * m->priors.columns != classes)
        return brn_ill_formed(build, "priors_", "has %zu values for %zu classes",
                              m->priors.rows * m->priors.columns, classes);
    if (brn_node_count(m->rotations) != classes || brn_node_count(m->scalings) != classes)
        return brn_ill_formed(build, "rotations_", "has %zu items for %zu classes",
                              brn_node_count(m->rotations), classes);
    return read_classes(m, build, classes);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct quadratic *m = me->self;
    size_t classes = m->base.classes.count;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_likelihood_bind(me, build));
    const char *const *names =
        brn_label_names(build, BRINE_METHOD_DECISION_FUNCTION, m->base.labels);
    if (names)
        me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(
            build->arena, classes == 2 ? 1 : classes, classes == 2 ? NULL : names);
    return me->out[BRINE_METHOD_DECISION_FUNCTION] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* centered holds the features, along most_axes values. */
static double posterior(const struct quadratic *m, const double *x, size_t k, bool single,
                        double *centered, double *along)
{
    const struct class_axes *class = &m->classes[k];
    size_t n = m->means.columns;
    for (size_t i = 0; i < n; i++)
        centered[i] = x[i] - m->means.values[k * n + i];
    brn_dot_rows(centered, 1, n, class->axes, class->count, n, NULL, along, class->count);
    for (size_t a = 0; a < class->count; a++)
        along[a] *= along[a];
    double distance = brn_sum_numpy(along, class->count);
    if (single)
        distance = (double)(float)distance; /* may be infinite */
    return -0.5 * (distance + class->log_scale) + class->log_prior;
}

static brine_status joint(const struct brn_instance *me, const struct brn_tile *in, double *out,
                          size_t stride, struct brn_work *work)
{
    const struct quadratic *m = me->self;
    size_t n = m->means.columns, x_stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    double *centered = brn_work_take(work, n, sizeof *centered);
    double *along = brn_work_take(work, m->most_axes, sizeof *along);
    if (!x || !centered || !along)
        return brn_fail_memory(work->err);
    bool single = in->single && m->is_single;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < m->base.classes.count; k++)
            out[r * stride + k] = posterior(m, x + r * x_stride, k, single, centered, along);
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct quadratic *m = me->self;
    if (m->base.classes.count > 2)
        return joint(me, in, out->numbers, out->number_stride, work);
    double *scores = brn_work_take(work, in->rows * 2, sizeof *scores);
    if (!scores)
        return brn_fail_memory(work->err);
    BRN_TRY(joint(me, in, scores, 2, work));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = scores[2 * r + 1] - scores[2 * r];
    return BRINE_OK;
}

/* Through 1.5 probabilities come first and their logarithms are taken; since 1.6 the other way
 * round: DiscriminantAnalysisPredictionMixin. */
static const struct brn_era first_eras[] = {
    {0, 10600, true, "exp of what is less than the largest, divided by its sum"},
    {10600, 0, false, "exp of predict_log_proba"},
    BRN_ERA_END,
};

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct quadratic *m = me->self;
    if (!brn_era_behaviour(first_eras, me->version))
        return brn_likelihood_proba(me, in, out, work);
    BRN_TRY(joint(me, in, out->numbers, out->number_stride, work));
    for (size_t r = 0; r < in->rows; r++)
        brn_softmax(out->numbers + r * out->number_stride, m->base.classes.count);
    return BRINE_OK;
}

static brine_status predict_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    if (brn_era_behaviour(first_eras, me->version))
        return brn_run_log_proba(me, in, out, work);
    return brn_likelihood_log_proba(me, in, out, work);
}

/* ---- table ---- */

static const struct brn_field fields[] = {
    BRN_LIKELIHOOD_FIELDS,
    BRN_FIELD(struct quadratic, means, "means_", MATRIX, "a mean a class and feature"),
    BRN_FIELD(struct quadratic, priors, "priors_", MATRIX, "a probability a class"),
    BRN_FIELD(struct quadratic, rotations, "rotations_", NODE, "a class's axes in its columns"),
    BRN_FIELD(struct quadratic, scalings, "scalings_", NODE, "variances along a class's axes"),
    BRN_FIELD_IGNORE("covariance_", "rotations_ and scalings_ have it"),
    BRN_FIELD_IGNORE("covariances_", "rotations_ and scalings_ have it"),
    BRN_FIELD_IGNORE("covariance_estimator", "of fit"),
    BRN_FIELD_IGNORE("priors", "of fit; priors_ has them"),
    BRN_FIELD_IGNORE("reg_param", "of fit; scalings_ have it applied"),
    BRN_FIELD_IGNORE("shrinkage", "of fit"),
    BRN_FIELD_IGNORE("solver", "of fit"),
    BRN_FIELD_IGNORE("store_covariance", "whether fit keeps covariance_"),
    BRN_FIELD_IGNORE("store_covariances", "whether fit keeps covariances_"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.discriminant_analysis", NULL};

static const struct brn_estimator quadratic = {
    .name = "QuadraticDiscriminantAnalysis",
    .modules = modules,
    .size = sizeof(struct quadratic),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {brn_likelihood_predict, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {predict_log_proba, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&quadratic, NULL};

const struct brn_family brn_family_quadratic_discriminant = {estimators};
