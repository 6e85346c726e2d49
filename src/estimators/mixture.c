/* SPDX-License-Identifier: Apache-2.0
 *
 * mixture.c - GaussianMixture and BayesianGaussianMixture.  sklearn/mixture/_base.py,
 * _gaussian_mixture.py (_estimate_log_gaussian_prob) and _bayesian_mixture.py. */
#include "estimators/shared_integer_labels.h"
#include "kernel/digamma.h"
#include "kernel/dot.h"
#include "kernel/sum.h"

#include <math.h>

struct mixture {
    struct brn_matrix weights, means, freedom, mean_precision;
    const struct brn_node *cholesky, *concentration;
    const char *kind, *prior;

    size_t components, width;
    bool is_whole;     /* full or tied: a matrix a component; else a value a feature */
    double *factors;   /* is_whole: components x width x width, each matrix transposed; else
                          components x width */
    double *shifts;    /* the means times the factors, negative: components x width */
    double *constants; /* what is added to -0.5 |y|^2, the logarithm of the weight included */
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status read_cholesky(struct mixture *m, struct brn_build *build, double **ret_values,
                                  size_t wanted)
{
    struct brn_array array;
    if (!brn_node_is_array(m->cholesky))
        return brn_ill_formed(build, "precisions_cholesky_", "is no array");
    brine_status status = brn_node_array(m->cholesky, build->scratch, &array, build->err);
    if (status == BRINE_OK && array.count != wanted)
        return brn_ill_formed(build, "precisions_cholesky_", "has %llu values, not %zu",
                              (unsigned long long)array.count, wanted);
    if (status == BRINE_OK)
        status = brn_array_doubles(&array, build->scratch, ret_values, build->err);
    if (status != BRINE_OK)
        brn_error_within(build->err, "precisions_cholesky_");
    return status;
}

/* One component's matrix; returns the logarithm of its determinant. */
static double lay_out_matrix(struct mixture *m, size_t k, const double *matrix)
{
    size_t n = m->width;
    double *to = m->factors + k * n * n, log_det = 0;
    for (size_t j = 0; j < n; j++) {
        double shift = 0;
        for (size_t i = 0; i < n; i++) {
            to[j * n + i] = matrix[i * n + j];
            shift += m->means.values[k * n + i] * matrix[i * n + j];
        }
        m->shifts[k * n + j] = -shift;
        log_det += log(matrix[j * n + j]);
    }
    return log_det;
}

/* One component's factors, step apart (0: the same for all features). */
static double lay_out_diagonal(struct mixture *m, size_t k, const double *factors, size_t step)
{
    size_t n = m->width;
    double log_det = 0;
    for (size_t f = 0; f < n; f++) {
        m->factors[k * n + f] = factors[f * step];
        m->shifts[k * n + f] = -m->means.values[k * n + f];
        log_det += log(factors[f * step]);
    }
    return log_det;
}

static brine_status allocate(struct mixture *m, struct brn_build *build)
{
    size_t each = m->is_whole ? m->width * m->width : m->width, all;
    if (m->width > 1 << 16 || __builtin_mul_overflow(each, m->components, &all))
        return brn_fail_memory(build->err);
    m->factors = BRN_BUILD_NEW(build, double, all);
    m->shifts = BRN_BUILD_NEW(build, double, m->components * m->width);
    m->constants = BRN_BUILD_NEW(build, double, m->components);
    return m->factors && m->shifts && m->constants ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status read_factors(struct mixture *m, struct brn_build *build)
{
    size_t n = m->width, k = m->components;
    bool full = brn_text_is(m->kind, "full"), tied = brn_text_is(m->kind, "tied");
    bool diagonal = brn_text_is(m->kind, "diag"), spherical = brn_text_is(m->kind, "spherical");
    double *values = NULL;
    if (!full && !tied && !diagonal && !spherical)
        return brn_unsupported(build, "covariance_type", "\"%s\" is not known",
                               m->kind ? m->kind : "None");
    m->is_whole = full || tied;
    BRN_TRY(allocate(m, build));
    size_t matrices = full ? k : 1, wanted = m->is_whole ? matrices * n * n : spherical ? k : k * n;
    BRN_TRY(read_cholesky(m, build, &values, wanted));
    if (!values)
        return brn_fail_memory(build->err);
    for (size_t c = 0; c < k; c++) {
        double log_det = m->is_whole ? lay_out_matrix(m, c, values + (full ? c * n * n : 0))
                                     : lay_out_diagonal(m, c, values + c * (spherical ? 1 : n),
                                                        spherical ? 0 : 1);
        m->constants[c] = log_det - 0.5 * (double)n * log(2 * 3.14159265358979323846);
    }
    return BRINE_OK;
}

static brine_status check_components(struct brn_build *build, const struct brn_matrix *matrix,
                                     const char *attribute, size_t count)
{
    if (matrix->present && matrix->rows * matrix->columns == count)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "has %zu values for %zu components",
                          matrix->rows * matrix->columns, count);
}

static brine_status prepare_common(struct brn_instance *me, struct brn_build *build)
{
    struct mixture *m = me->self;
    if (!m->means.present || m->means.dimensions != 2 || m->means.rows == 0 ||
        m->means.columns == 0)
        return brn_ill_formed(build, "means_", "is no matrix");
    if (m->means.itemsize < 8 && m->means.kind == 'f')
        return brn_unsupported(build, "means_", "is float32: such a mixture is not run");
    m->components = m->means.rows;
    m->width = m->means.columns;
    BRN_TRY(brn_expect_features(build, me, m->width, "means_"));
    return read_factors(m, build);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct mixture *m = me->self;
    BRN_TRY(prepare_common(me, build));
    BRN_TRY(check_components(build, &m->weights, "weights_", m->components));
    for (size_t c = 0; c < m->components; c++)
        m->constants[c] += log(m->weights.values[c]);
    return BRINE_OK;
}

/* ---- the Bayesian one's weights ---- */

static brine_status read_concentration(struct mixture *m, struct brn_build *build, size_t i,
                                       struct brn_matrix *ret)
{
    bool process = brn_text_is(m->prior, "dirichlet_process");
    const struct brn_node *node = process ? brn_node_item(m->concentration, i) : m->concentration;
    brine_status status = brn_decode_matrix(build, node, ret);
    if (status != BRINE_OK)
        brn_error_within(build->err, "weight_concentration_");
    else
        status = check_components(build, ret, "weight_concentration_", m->components);
    return status;
}

static brine_status add_process_weights(struct mixture *m, struct brn_build *build)
{
    struct brn_matrix a = {0}, b = {0};
    double before = 0;
    BRN_TRY(read_concentration(m, build, 0, &a));
    BRN_TRY(read_concentration(m, build, 1, &b));
    for (size_t c = 0; c < m->components; c++) {
        double whole = brn_digamma(a.values[c] + b.values[c]);
        m->constants[c] += brn_digamma(a.values[c]) - whole + before;
        before += brn_digamma(b.values[c]) - whole;
    }
    return BRINE_OK;
}

static brine_status add_distribution_weights(struct mixture *m, struct brn_build *build)
{
    struct brn_matrix a = {0};
    double sum = 0;
    BRN_TRY(read_concentration(m, build, 0, &a));
    for (size_t c = 0; c < m->components; c++)
        sum += a.values[c];
    for (size_t c = 0; c < m->components; c++)
        m->constants[c] += brn_digamma(a.values[c]) - brn_digamma(sum);
    return BRINE_OK;
}

static brine_status prepare_bayesian(struct brn_instance *me, struct brn_build *build)
{
    struct mixture *m = me->self;
    double n;
    BRN_TRY(prepare_common(me, build));
    BRN_TRY(check_components(build, &m->mean_precision, "mean_precision_", m->components));
    bool shared = m->freedom.rows * m->freedom.columns == 1; /* tied: by all components */
    BRN_TRY(
        check_components(build, &m->freedom, "degrees_of_freedom_", shared ? 1 : m->components));
    n = (double)m->width;
    for (size_t c = 0; c < m->components; c++) {
        double lambda = n * log(2.0), freedom = m->freedom.values[shared ? 0 : c];
        for (size_t f = 0; f < m->width; f++)
            lambda += brn_digamma(0.5 * (freedom - (double)f));
        m->constants[c] +=
            -0.5 * n * log(freedom) + 0.5 * (lambda - n / m->mean_precision.values[c]);
    }
    if (brn_text_is(m->prior, "dirichlet_process"))
        return add_process_weights(m, build);
    if (brn_text_is(m->prior, "dirichlet_distribution"))
        return add_distribution_weights(m, build);
    return brn_unsupported(build, "weight_concentration_prior_type", "\"%s\" is not known",
                           m->prior ? m->prior : "None");
}

/* ---- binding ---- */

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct mixture *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_cluster_labels(build, me, m->components));
    const char **names = BRN_BUILD_NEW(build, const char *, m->components);
    for (size_t c = 0; names && c < m->components; c++)
        if (!(names[c] = brn_arena_printf(build->arena, "predict_proba[%zu]", c)))
            return brn_fail_memory(build->err);
    if (!names)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT_PROBA] =
        brn_schema_numbers(build->arena, m->components, (const char *const *)names);
    me->out[BRINE_METHOD_SCORE_SAMPLES] = brn_schema_numbers(build->arena, 1, NULL);
    return me->out[BRINE_METHOD_PREDICT_PROBA] && me->out[BRINE_METHOD_SCORE_SAMPLES]
               ? BRINE_OK
               : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* |y|^2 of one row and component; y is room. */
static double square(const struct mixture *m, const double *x, size_t c, double *y)
{
    size_t n = m->width;
    double sum = 0;
    if (m->is_whole)
        brn_dot_rows(x, 1, 0, m->factors + c * n * n, n, n, m->shifts + c * n, y, n);
    for (size_t f = 0; f < n; f++) {
        double d = m->is_whole ? y[f] : (x[f] + m->shifts[c * n + f]) * m->factors[c * n + f];
        sum += d * d;
    }
    return sum;
}

static const struct brn_era single_eras[] = {
    {0, 10700, false, "logarithms are float64"},
    {10700, 0, true, "float32 rows, covariances full or tied: squares are kept as float32"},
    BRN_ERA_END,
};

/* -0.5 (n log(2 pi) + square) as float32, without the first term, which the constants have. */
static double half_single(const struct mixture *m, double square)
{
    double share = (double)m->width * log(2 * 3.14159265358979323846);
    float sum = (float)share + (float)square;
    return (double)(-0.5f * sum) + 0.5 * share;
}

/* Logarithms of weight times density: components a row. */
static brine_status log_densities(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_work *work, double **ret_logs)
{
    const struct mixture *m = me->self;
    size_t stride, k = m->components;
    bool rounds = in->single && m->is_whole && brn_era_behaviour(single_eras, me->version);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, m->width, &stride);
    double *logs = brn_work_take(work, in->rows * k, sizeof *logs);
    double *y = brn_work_take(work, m->width, sizeof *y);
    if (!x || !logs || !y)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t c = 0; c < k; c++) {
            double sum = square(m, x + r * stride, c, y);
            logs[r * k + c] = (rounds ? half_single(m, sum) : -0.5 * sum) + m->constants[c];
        }
    *ret_logs = logs;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct mixture *m = me->self;
    double *logs;
    BRN_TRY(log_densities(me, in, work, &logs));
    brn_argmax(logs, in->rows, m->components, out->codes, out->code_stride);
    return BRINE_OK;
}

/* scipy.special.logsumexp. */
static double log_sum(const double *logs, size_t n, double *room)
{
    double most = logs[0];
    for (size_t c = 1; c < n; c++)
        most = logs[c] > most ? logs[c] : most;
    most = isfinite(most) ? most : 0;
    for (size_t c = 0; c < n; c++)
        room[c] = exp(logs[c] - most);
    return log(brn_sum_numpy(room, n)) + most;
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct mixture *m = me->self;
    size_t k = m->components;
    double *logs;
    BRN_TRY(log_densities(me, in, work, &logs));
    for (size_t r = 0; r < in->rows; r++, logs += k) {
        double *to = out->numbers + r * out->number_stride, whole = log_sum(logs, k, to);
        for (size_t c = 0; c < k; c++)
            to[c] = exp(logs[c] - whole);
    }
    return BRINE_OK;
}

static brine_status score_samples(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct mixture *m = me->self;
    double *logs, *room = brn_work_take(work, m->components, sizeof *room);
    if (!room)
        return brn_fail_memory(work->err);
    BRN_TRY(log_densities(me, in, work, &logs));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] =
            log_sum(logs + r * m->components, m->components, room);
    return BRINE_OK;
}

/* ---- tables ---- */

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct mixture, means, "means_", MATRIX, "components x features"),
    BRN_FIELD(struct mixture, cholesky, "precisions_cholesky_", NODE,
              "the Cholesky factors of the precisions"),
    BRN_FIELD(struct mixture, kind, "covariance_type", TEXT, "full, tied, diag or spherical"),
    BRN_FIELD_IGNORE("covariances_", "precisions_cholesky_ is made of them"),
    BRN_FIELD_IGNORE("precisions_", "precisions_cholesky_ is their factor"),
    OF_FIT("n_components"),
    OF_FIT("tol"),
    OF_FIT("reg_covar"),
    OF_FIT("max_iter"),
    OF_FIT("n_init"),
    OF_FIT("init_params"),
    OF_FIT("random_state"),
    OF_FIT("warm_start"),
    OF_FIT("verbose"),
    OF_FIT("verbose_interval"),
    OF_FIT("converged_"),
    OF_FIT("n_iter_"),
    OF_FIT("lower_bound_"),
    OF_FIT("lower_bounds_"),
    BRN_FIELD_END,
};

static const struct brn_field fields[] = {
    BRN_FIELD(struct mixture, weights, "weights_", MATRIX, "of the components"),
    OF_FIT("weights_init"),
    OF_FIT("means_init"),
    OF_FIT("precisions_init"),
    BRN_FIELD_END,
};

static const struct brn_field bayesian_fields[] = {
    BRN_FIELD(struct mixture, concentration, "weight_concentration_", NODE,
              "of the components' weights: an array, or two of them"),
    BRN_FIELD(struct mixture, prior, "weight_concentration_prior_type", TEXT,
              "dirichlet_process or dirichlet_distribution"),
    BRN_FIELD(struct mixture, freedom, "degrees_of_freedom_", MATRIX, "of the components"),
    BRN_FIELD(struct mixture, mean_precision, "mean_precision_", MATRIX, "of the components"),
    BRN_FIELD_IGNORE("weights_", "weight_concentration_ is what predict goes by"),
    OF_FIT("covariance_prior"),
    OF_FIT("covariance_prior_"),
    OF_FIT("degrees_of_freedom_prior"),
    OF_FIT("degrees_of_freedom_prior_"),
    OF_FIT("mean_precision_prior"),
    OF_FIT("mean_precision_prior_"),
    OF_FIT("mean_prior"),
    OF_FIT("mean_prior_"),
    OF_FIT("weight_concentration_prior"),
    OF_FIT("weight_concentration_prior_"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.mixture._gaussian_mixture",
                                      "sklearn.mixture.gaussian_mixture", NULL};
static const char *const bayesian_modules[] = {"sklearn.mixture._bayesian_mixture",
                                               "sklearn.mixture.bayesian_mixture", NULL};

#define ESTIMATOR(identifier, text, of, rows, preparing)                  \
    static const struct brn_estimator identifier = {                      \
        .name = text,                                                     \
        .modules = of,                                                    \
        .size = sizeof(struct mixture),                                   \
        .fields = rows,                                                   \
        .more_fields = common_fields,                                     \
        .prepare = preparing,                                             \
        .bind = bind,                                                     \
        .methods =                                                        \
            {                                                             \
                [BRINE_METHOD_PREDICT] = {predict, BRN_ULPS},             \
                [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS}, \
                [BRINE_METHOD_SCORE_SAMPLES] = {score_samples, BRN_ULPS}, \
            },                                                            \
    }

ESTIMATOR(gaussian, "GaussianMixture", modules, fields, prepare);
ESTIMATOR(bayesian, "BayesianGaussianMixture", bayesian_modules, bayesian_fields, prepare_bayesian);

static const struct brn_estimator *const estimators[] = {&gaussian, &bayesian, NULL};

const struct brn_family brn_family_mixture = {estimators};
