/* SPDX-License-Identifier: Apache-2.0
 *
 * gaussian_classifier.c - the two classes of a GaussianProcessClassifier, by Laplace's
 * approximation.  sklearn/gaussian_process/_gpc.py: Rasmussen and Williams, Algorithm 3.2. */
#include "estimators/shared_gp_kernel.h"
#include "estimators/shared_parts.h"
#include "kernel/dot.h"

#include <math.h>

struct laplace {
    struct brn_matrix rows, y, pi, roots, lower;
    const struct brn_node *kernel_node, *classes;

    struct brn_gp_kernel kernel;
    struct brn_dictionary *labels;
    double *coefs; /* y - pi, by training row */
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status check_vector(struct brn_build *build, const struct brn_matrix *values,
                                 const char *attribute, size_t count)
{
    if (values->present && values->dimensions == 1 && values->columns == count)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "is no vector of %zu values", count);
}

/* Substitution reads what is below the diagonal: there must be nothing above. */
static brine_status check_lower(struct brn_build *build, const struct brn_matrix *lower,
                                size_t count)
{
    if (lower->dimensions != 2 || lower->rows != count || lower->columns != count)
        return brn_ill_formed(build, "L_", "is %zu x %zu of %zu x %zu", lower->rows, lower->columns,
                              count, count);
    for (size_t i = 0; i < count; i++) {
        const double *row = lower->values + i * count;
        if (!(row[i] > 0))
            return brn_ill_formed(build, "L_", "has no positive diagonal at %zu", i);
        for (size_t j = 0; j < count; j++)
            if (!isfinite(row[j]) || (j > i && row[j] != 0))
                return brn_ill_formed(build, "L_", "is not lower triangular at %zu, %zu", i, j);
    }
    return BRINE_OK;
}

static brine_status read_coefs(struct laplace *m, struct brn_build *build)
{
    size_t count = m->rows.rows;
    BRN_TRY(check_vector(build, &m->y, "y_train_", count));
    BRN_TRY(check_vector(build, &m->pi, "pi_", count));
    BRN_TRY(check_vector(build, &m->roots, "W_sr_", count));
    BRN_TRY(check_lower(build, &m->lower, count));
    m->coefs = BRN_BUILD_NEW(build, double, count);
    if (!m->coefs)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        m->coefs[i] = m->y.values[i] - m->pi.values[i];
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct laplace *m = me->self;
    if (!m->rows.present || m->rows.dimensions != 2 || m->rows.rows == 0 || m->rows.columns == 0)
        return brn_ill_formed(build, "X_train_", "is no matrix of training rows");
    BRN_TRY(brn_expect_features(build, me, m->rows.columns, "X_train_"));
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    if (m->labels->count != 2)
        return brn_ill_formed(build, "classes_", "are %zu: it tells two apart", m->labels->count);
    BRN_TRY(read_coefs(m, build));
    brine_status status = brn_gp_kernel_read(build, me, m->kernel_node, &m->rows, &m->kernel);
    if (status != BRINE_OK)
        brn_error_within(build->err, "kernel_");
    return status;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct laplace *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    return brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels);
}

/* ---- running ---- */

/* What a tile needs: its rows, and memory for one of them. */
struct reading {
    const struct laplace *m;
    const double *x;
    size_t stride;
    bool divides_single;
    double *stack, *solved;
};

static brine_status begin(const struct brn_instance *me, const struct brn_tile *in,
                          struct brn_work *work, struct reading *s)
{
    const struct laplace *m = me->self;
    size_t n = m->kernel.columns;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    s->m = m;
    s->x = brn_tile_gather(work, in, m->columns, n, &s->stride);
    s->divides_single = in->single && brn_era_behaviour(brn_gp_single_eras, me->version);
    s->stack = brn_work_take(work, brn_gp_kernel_room(&m->kernel), sizeof(double));
    s->solved = brn_work_take(work, m->kernel.count, sizeof(double));
    return s->x && s->stack && s->solved ? BRINE_OK : brn_fail_memory(work->err);
}

/* The mean of the latent function at row r; the kernel's values stay on the stack. */
static double mean_at(const struct reading *s, size_t r)
{
    double mean;
    brn_gp_kernel_values(&s->m->kernel, s->x + r * s->stride, s->divides_single, s->stack);
    brn_dot_rows(s->stack, 1, 0, s->m->coefs, 1, s->m->kernel.count, NULL, &mean, 0);
    return mean;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    struct reading s;
    BRN_TRY(begin(me, in, work, &s));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = mean_at(&s, r) > 0;
    return BRINE_OK;
}

/* |v|^2 of L v = W_sr k. */
static double explained(const struct reading *s)
{
    const struct laplace *m = s->m;
    size_t n = m->kernel.count;
    double *v = s->solved, square;
    for (size_t i = 0; i < n; i++) {
        const double *row = m->lower.values + i * n;
        double sum;
        brn_dot_rows(v, 1, 0, row, 1, i, NULL, &sum, 0);
        v[i] = (m->roots.values[i] * s->stack[i] - sum) / row[i];
    }
    brn_dot_rows(v, 1, 0, v, 1, n, NULL, &square, 0);
    return square;
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

/* The logistic function's mean over a normal distribution, by five error functions: Williams and
 * Barber, Bayesian Classification with Gaussian Processes, Appendix A. */
static double mean_logistic(double mean, double variance)
{
    static const double slopes[] = {0.41, 0.4, 0.37, 0.44, 0.39};
    static const double coefs[] = {-1854.8214151, 3516.89893646, 221.29346712, 128.12323805,
                                   -2010.49422654};
    static const double pi = 3.14159265358979323846;
    double alpha = 1 / (2 * variance), sum = 0, all = 0;
    for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++) {
        double slope = slopes[i], at = slope * mean * sqrt(alpha / (alpha + slope * slope));
        double integral = sqrt(pi / alpha) * erf(at) / (2 * sqrt(variance * 2 * pi));
        sum += coefs[i] * integral;
        all += coefs[i];
    }
    return sum + 0.5 * all;
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    struct reading s;
    BRN_TRY(begin(me, in, work, &s));
    for (size_t r = 0; r < in->rows; r++) {
        double *to = out->numbers + r * out->number_stride, mean = mean_at(&s, r), own;
        if (!all_finite(s.stack, s.m->kernel.count))
            return brn_refuse(work, in, r, NULL, "its kernel is not finite");
        own = explained(&s);
        own = brn_gp_kernel_own(&s.m->kernel, s.x + r * s.stride, in->single, s.stack) - own;
        to[1] = mean_logistic(mean, own);
        to[0] = 1 - to[1];
    }
    return BRINE_OK;
}

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field fields[] = {
    BRN_FIELD(struct laplace, rows, "X_train_", MATRIX, "the training rows"),
    BRN_FIELD(struct laplace, y, "y_train_", MATRIX, "their classes, 0 and 1"),
    BRN_FIELD(struct laplace, pi, "pi_", MATRIX, "their probabilities"),
    BRN_FIELD(struct laplace, roots, "W_sr_", MATRIX, "roots of their weights"),
    BRN_FIELD(struct laplace, lower, "L_", MATRIX, "Cholesky's factor"),
    BRN_FIELD(struct laplace, kernel_node, "kernel_", NODE, "a tree of kernels"),
    BRN_FIELD(struct laplace, classes, "classes_", NODE, "the two labels"),
    OF_FIT("kernel"),
    OF_FIT("optimizer"),
    OF_FIT("n_restarts_optimizer"),
    OF_FIT("max_iter_predict"),
    OF_FIT("warm_start"),
    OF_FIT("copy_X_train"),
    OF_FIT("random_state"),
    OF_FIT("rng"),
    OF_FIT("f_cached"),
    OF_FIT("log_marginal_likelihood_value_"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.gaussian_process._gpc",
                                      "sklearn.gaussian_process.gpc", NULL};

static const struct brn_estimator laplace = {
    .name = "_BinaryGaussianProcessClassifierLaplace",
    .modules = modules,
    .size = sizeof(struct laplace),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_ULPS},
                [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&laplace, NULL};

const struct brn_family brn_family_gaussian_classifier = {estimators};
