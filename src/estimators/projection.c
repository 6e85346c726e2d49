/* SPDX-License-Identifier: Apache-2.0
 *
 * projection.c - rows times components, with what each class does before and after: PCA,
 * IncrementalPCA, TruncatedSVD, FastICA, FactorAnalysis, random projections, RBFSampler,
 * SkewedChi2Sampler.  sklearn/decomposition, sklearn/random_projection.py,
 * sklearn/kernel_approximation.py. */
#include "estimators/shared_csr.h"
#include "estimators/shared_outputs.h"
#include "estimators/shared_product.h"
#include "kernel/definite.h"
#include "kernel/dot.h"

#include <float.h>
#include <math.h>

struct projection {
    struct brn_matrix components, mean, variance, noise;
    struct brn_matrix random_weights, random_offset; /* of samplers: features x outputs */
    const struct brn_node *whiten, *components_node;
    double skewedness;

    /* ((log(x + skewedness) or x - center) . weights + bias), its cosine, times or over something.
     */
    const double *center;
    bool is_single;     /* float32 rows give a float32 result */
    bool rounds_center; /* float32 rows are centred in float32 */
    bool takes_log, takes_cosine;
    double factor;         /* of the cosine */
    const double *divisor; /* a value an output, or NULL */
    double *second;        /* FactorAnalysis: outputs x outputs; or NULL */
    size_t width, outputs;
    const double *weights; /* outputs x width */
    const double *bias;
    struct brn_product product;
};

/* ---- preparing ---- */

static brine_status set_weights(struct brn_instance *me, struct brn_build *build,
                                const struct brn_matrix *weights, const char *attribute)
{
    struct projection *m = me->self;
    if (weights->dimensions != 2 || weights->rows == 0)
        return brn_ill_formed(build, attribute, "is no matrix");
    m->outputs = weights->rows;
    m->width = weights->columns;
    m->weights = weights->values;
    m->is_single = weights->itemsize == 4;
    return brn_expect_features(build, me, m->width, attribute);
}

static brine_status check_row(struct brn_build *build, const struct brn_matrix *row, size_t count,
                              const char *attribute)
{
    if (row->present && row->rows == 1 && row->columns == count)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "has %zu values for %zu", row->rows * row->columns,
                          count);
}

static bool is_whitening(const struct projection *m)
{
    return m->whiten && !brn_is(m->whiten, BRN_NONE) &&
           !(brn_is(m->whiten, BRN_BOOL) && !m->whiten->as.boolean);
}

static const struct brn_era pca_eras[] = {
    {0, 10500, false, "rows are centred, then projected; whitening divides by any deviation"},
    {10500, 0, true, "the mean is projected, too, and subtracted; deviations are at least eps"},
    BRN_ERA_END,
};

/* -mean . weights */
static brine_status project_mean(struct projection *m, struct brn_build *build)
{
    double *bias = BRN_BUILD_NEW(build, double, m->outputs);
    if (!bias)
        return brn_fail_memory(build->err);
    brn_dot_rows(m->mean.values, 1, m->width, m->weights, m->outputs, m->width, NULL, bias,
                 m->outputs);
    for (size_t k = 0; k < m->outputs; k++)
        bias[k] = -bias[k];
    m->bias = bias;
    return BRINE_OK;
}

static brine_status prepare_whitening(struct projection *m, struct brn_build *build, bool clips)
{
    double *divisor = BRN_BUILD_NEW(build, double, m->outputs);
    double least = m->variance.itemsize == 4 ? (double)FLT_EPSILON : DBL_EPSILON;
    BRN_TRY(check_row(build, &m->variance, m->outputs, "explained_variance_"));
    if (!divisor)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->outputs; k++) {
        divisor[k] = sqrt(m->variance.values[k]);
        if (clips && divisor[k] < least)
            divisor[k] = least;
    }
    m->divisor = divisor;
    return BRINE_OK;
}

static brine_status prepare_pca(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    bool newer = brn_era_behaviour(pca_eras, me->version);
    BRN_TRY(set_weights(me, build, &m->components, "components_"));
    BRN_TRY(check_row(build, &m->mean, m->width, "mean_"));
    m->is_single &= m->mean.itemsize == 4;
    m->center = newer ? NULL : m->mean.values;
    BRN_TRY(project_mean(m, build));
    return is_whitening(m) ? prepare_whitening(m, build, newer) : BRINE_OK;
}

/* RandomizedPCA, which whitened its components. */
static brine_status prepare_centered(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    BRN_TRY(set_weights(me, build, &m->components, "components_"));
    if (!m->mean.present)
        return BRINE_OK;
    BRN_TRY(check_row(build, &m->mean, m->width, "mean_"));
    m->center = m->mean.values;
    return BRINE_OK;
}

static brine_status prepare_ica(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    if (!is_whitening(m))
        m->mean.present = false;
    m->rounds_center = true;
    return prepare_centered(me, build);
}

static brine_status prepare_plain(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    return set_weights(me, build, &m->components, "components_");
}

static brine_status prepare_random(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    struct brn_csr csr;
    struct brn_matrix entries = {0};
    if (!brn_node_is_csr(m->components_node)) {
        BRN_TRY(brn_decode_matrix(build, m->components_node, &m->components));
        return prepare_plain(me, build);
    }
    BRN_TRY(brn_decode_csr(build, m->components_node, &csr));
    BRN_TRY(brn_csr_dense(build, &csr, &m->components));
    BRN_TRY(brn_decode_matrix(build, brn_node_attribute(m->components_node, "data"), &entries));
    m->components.dimensions = 2;
    m->components.itemsize = entries.itemsize;
    return prepare_plain(me, build);
}

/* The weights of samplers lie features x outputs. */
static brine_status prepare_sampler(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    const struct brn_matrix *w = &m->random_weights;
    double *turned = BRN_BUILD_NEW(build, double, w->rows * w->columns);
    if (!turned)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < w->rows; i++)
        for (size_t k = 0; k < w->columns; k++)
            turned[k * w->rows + i] = w->values[i * w->columns + k];
    m->components = (struct brn_matrix){.values = turned,
                                        .rows = w->columns,
                                        .columns = w->rows,
                                        .dimensions = w->dimensions,
                                        .itemsize = w->itemsize};
    BRN_TRY(set_weights(me, build, &m->components, "random_weights_"));
    BRN_TRY(check_row(build, &m->random_offset, m->outputs, "random_offset_"));
    m->bias = m->random_offset.values;
    m->takes_cosine = true;
    m->factor = sqrt(2.0 / (double)m->outputs);
    return BRINE_OK;
}

static brine_status prepare_skewed(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    BRN_TRY(prepare_sampler(me, build));
    m->takes_log = true;
    m->factor = sqrt(2.0) / sqrt((double)m->outputs);
    return BRINE_OK;
}

/* ---- FactorAnalysis: (x - mean) . Wpsi^T . (I + Wpsi . components^T)^-1 ---- */

static brine_status prepare_factors(struct brn_instance *me, struct brn_build *build)
{
    struct projection *m = me->self;
    enum { MOST_FACTORS = 4096 };
    BRN_TRY(prepare_centered(me, build));
    BRN_TRY(check_row(build, &m->noise, m->width, "noise_variance_"));
    size_t n = m->outputs, width = m->width;
    if (n > MOST_FACTORS)
        return brn_unsupported(build, "components_", "has %zu factors; %d are run", n,
                               MOST_FACTORS);
    double *scaled = BRN_BUILD_NEW(build, double, n *width);
    double *square = BRN_NEW(build->scratch, double, n *n);
    m->second = BRN_BUILD_NEW(build, double, n *n);
    if (!scaled || !square || !m->second)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < width; i++)
            scaled[k * width + i] = m->weights[k * width + i] / m->noise.values[i];
    brn_dot_rows(scaled, n, width, m->weights, n, width, NULL, square, n);
    for (size_t k = 0; k < n; k++)
        square[k * n + k] += 1;
    m->weights = scaled;
    m->is_single = false;
    return brn_invert_definite(square, n, m->second)
               ? BRINE_OK
               : brn_ill_formed(build, "noise_variance_", "makes no covariance of the factors");
}

/* ---- binding ---- */

/* Rows that are centred first, or logarithms, are dense: scikit-learn takes no sparse ones, or
 * projects the mean as well. */
static bool is_dense_only(const struct projection *m)
{
    return m->takes_log || m->second || m->rounds_center;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct projection *m = me->self;
    if (in->is_sparse && is_dense_only(m))
        return brn_unsupported(build, "", "%s takes no sparse rows", me->estimator->name);
    if (in->is_sparse)
        m->center = NULL;
    m->product.outputs = m->outputs;
    m->product.weights = m->weights;
    m->product.bias = m->center ? NULL : m->bias;
    BRN_TRY(brn_product_bind(build, me, in, &m->product));
    return brn_bind_prefixed(build, me, m->outputs);
}

/* ---- running ---- */

static const struct brn_era skewed_eras[] = {
    {0, 1900, true, "no value may be negative"},
    {1900, 0, false, "no value may be -skewedness or below"},
    BRN_ERA_END,
};

static brine_status refuse_skewed(const struct projection *m, const struct brn_tile *in, size_t r,
                                  const struct brn_work *work)
{
    return brn_refuse(work, in, r, NULL, "a value is too small for a skewedness of %g",
                      m->skewedness);
}

/* log(x + skewedness), float32 for float32 rows. */
static brine_status take_logarithms(const struct brn_instance *me, const struct brn_tile *in,
                                    double *rows, const struct brn_work *work)
{
    const struct projection *m = me->self;
    bool positive = brn_era_behaviour(skewed_eras, me->version);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->width; i++) {
            double *v = &rows[r * m->width + i];
            if (positive ? *v < 0 : *v <= -m->skewedness)
                return refuse_skewed(m, in, r, work);
            *v = log(in->single ? (double)(float)(*v + m->skewedness) : *v + m->skewedness);
            *v = in->single ? (double)(float)*v : *v;
        }
    return BRINE_OK;
}

/* The rows as they are multiplied, when that is not as they came. */
static brine_status project_changed(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct projection *m = me->self;
    const struct brn_features *features = &m->product.features;
    BRN_TRY(brn_features_check(features, in, work));
    double *rows = brn_centered_rows(work, in, features->columns, m->width, m->center,
                                     m->rounds_center && in->single);
    if (!rows)
        return brn_fail_memory(work->err);
    if (m->takes_log)
        BRN_TRY(take_logarithms(me, in, rows, work));
    brn_dot_rows(rows, in->rows, m->width, m->weights, m->outputs, m->width, m->product.bias,
                 out->numbers, out->number_stride);
    return BRINE_OK;
}

static void finish_row(const struct projection *m, double *row)
{
    for (size_t k = 0; k < m->outputs; k++) {
        if (m->takes_cosine)
            row[k] = cos(row[k]) * m->factor;
        if (m->divisor)
            row[k] /= m->divisor[k];
    }
}

static void turn_row(const struct projection *m, double *row, double *scratch)
{
    memcpy(scratch, row, m->outputs * sizeof *row);
    brn_dot_rows(scratch, 1, m->outputs, m->second, m->outputs, m->outputs, NULL, row, m->outputs);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct projection *m = me->self;
    double *scratch = brn_work_take(work, m->outputs, sizeof *scratch);
    if (!scratch)
        return brn_fail_memory(work->err);
    BRN_TRY(m->center || m->takes_log
                ? project_changed(me, in, out, work)
                : brn_product_run(&m->product, in, out->numbers, out->number_stride, work));
    out->single = in->single && m->is_single;
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (m->second)
            turn_row(m, row, scratch);
        finish_row(m, row);
        for (size_t k = 0; out->single && k < m->outputs; k++)
            row[k] = (double)(float)row[k];
    }
    return BRINE_OK;
}

/* ---- classes ---- */

#define OF_FIT(name) BRN_FIELD_IGNORE(name, "of fit")

#define COMPONENTS \
    BRN_FIELD(struct projection, components, "components_", MATRIX, "outputs x features")
#define MEAN BRN_FIELD(struct projection, mean, "mean_", MATRIX, "a mean a feature")

static const struct brn_field common_fields[] = {
    OF_FIT("n_components"),
    OF_FIT("n_components_"),
    OF_FIT("_n_features_out"),
    OF_FIT("n_features_"),
    OF_FIT("n_samples_"),
    OF_FIT("n_samples_seen_"),
    OF_FIT("explained_variance_ratio_"),
    OF_FIT("singular_values_"),
    OF_FIT("noise_variance_"),
    OF_FIT("explained_variance_"),
    OF_FIT("svd_solver"),
    OF_FIT("_fit_svd_solver"),
    OF_FIT("tol"),
    OF_FIT("iterated_power"),
    OF_FIT("n_oversamples"),
    OF_FIT("power_iteration_normalizer"),
    OF_FIT("random_state"),
    OF_FIT("copy"),
    OF_FIT("batch_size"),
    OF_FIT("batch_size_"),
    OF_FIT("var_"),
    OF_FIT("algorithm"),
    OF_FIT("n_iter"),
    OF_FIT("n_iter_"),
    OF_FIT("fun"),
    OF_FIT("fun_args"),
    OF_FIT("max_iter"),
    OF_FIT("w_init"),
    OF_FIT("whiten_solver"),
    OF_FIT("_whiten"),
    OF_FIT("mixing_"),
    OF_FIT("whitening_"),
    OF_FIT("_unmixing"),
    OF_FIT("loglike_"),
    OF_FIT("noise_variance_init"),
    OF_FIT("rotation"),
    OF_FIT("svd_method"),
    OF_FIT("eps"),
    OF_FIT("density"),
    OF_FIT("density_"),
    BRN_FIELD_IGNORE("dense_output", "the container of the result"),
    OF_FIT("compute_inverse_components"),
    BRN_FIELD_IGNORE("inverse_components_", "of inverse_transform"),
    OF_FIT("gamma"),
    OF_FIT("_gamma"),
    OF_FIT("whiten"),
    BRN_FIELD_END,
};

static const struct brn_field pca_fields[] = {
    COMPONENTS,
    MEAN,
    BRN_FIELD(struct projection, whiten, "whiten", NODE, "whether to divide by the deviations"),
    BRN_FIELD(struct projection, variance, "explained_variance_", MATRIX, "of each output"),
    BRN_FIELD_END,
};

static const struct brn_field randomized_fields[] = {COMPONENTS, MEAN, BRN_FIELD_END};

static const struct brn_field svd_fields[] = {COMPONENTS, BRN_FIELD_END};

static const struct brn_field ica_fields[] = {
    COMPONENTS,
    BRN_FIELD_OPTIONAL(struct projection, mean, "mean_", MATRIX, "a mean a feature"),
    BRN_FIELD(struct projection, whiten, "whiten", NODE, "whether mean_ is subtracted"),
    BRN_FIELD_END,
};

static const struct brn_field factor_fields[] = {
    COMPONENTS,
    MEAN,
    BRN_FIELD(struct projection, noise, "noise_variance_", MATRIX, "of each feature"),
    BRN_FIELD_END,
};

static const struct brn_field random_fields[] = {
    BRN_FIELD(struct projection, components_node, "components_", NODE, "outputs x features"),
    BRN_FIELD_END,
};

#define SAMPLED                                                                                    \
    BRN_FIELD(struct projection, random_weights, "random_weights_", MATRIX, "features x outputs"), \
        BRN_FIELD(struct projection, random_offset, "random_offset_", MATRIX, "of each output")

static const struct brn_field sampler_fields[] = {SAMPLED, BRN_FIELD_END};

static const struct brn_field skewed_fields[] = {
    SAMPLED,
    BRN_FIELD(struct projection, skewedness, "skewedness", NUMBER, "added before the logarithm"),
    BRN_FIELD_END,
};

#define PROJECTION(identifier, text, module_list, table, preparation, closeness, last) \
    static const struct brn_estimator identifier = {                                   \
        .name = text,                                                                  \
        .until = last,                                                                 \
        .modules = module_list,                                                        \
        .size = sizeof(struct projection),                                             \
        .fields = table,                                                               \
        .more_fields = common_fields,                                                  \
        .prepare = preparation,                                                        \
        .bind = bind,                                                                  \
        .takes_compressed = true,                                                      \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, closeness}},                \
    }

#define MODULES(identifier, newer, older) \
    static const char *const identifier[] = {"sklearn." newer, "sklearn." older, NULL}

MODULES(pca_modules, "decomposition._pca", "decomposition.pca");
MODULES(incremental_modules, "decomposition._incremental_pca", "decomposition.incremental_pca");
MODULES(svd_modules, "decomposition._truncated_svd", "decomposition.truncated_svd");
MODULES(ica_modules, "decomposition._fastica", "decomposition.fastica_");
MODULES(factor_modules, "decomposition._factor_analysis", "decomposition.factor_analysis");
static const char *const random_modules[] = {"sklearn.random_projection", NULL};
static const char *const sampler_modules[] = {"sklearn.kernel_approximation", NULL};

PROJECTION(pca, "PCA", pca_modules, pca_fields, prepare_pca, BRN_BOUNDED, 0);
PROJECTION(randomized_pca, "RandomizedPCA", pca_modules, randomized_fields, prepare_centered,
           BRN_BOUNDED, 2000);
PROJECTION(incremental_pca, "IncrementalPCA", incremental_modules, pca_fields, prepare_pca,
           BRN_BOUNDED, 0);
PROJECTION(truncated_svd, "TruncatedSVD", svd_modules, svd_fields, prepare_plain, BRN_BOUNDED, 0);
PROJECTION(fast_ica, "FastICA", ica_modules, ica_fields, prepare_ica, BRN_BOUNDED, 0);
PROJECTION(factor_analysis, "FactorAnalysis", factor_modules, factor_fields, prepare_factors,
           BRN_BOUNDED, 0);
PROJECTION(gaussian_projection, "GaussianRandomProjection", random_modules, random_fields,
           prepare_random, BRN_BOUNDED, 0);
PROJECTION(sparse_projection, "SparseRandomProjection", random_modules, random_fields,
           prepare_random, BRN_BOUNDED, 0);
PROJECTION(rbf_sampler, "RBFSampler", sampler_modules, sampler_fields, prepare_sampler, BRN_ULPS,
           0);
PROJECTION(skewed_sampler, "SkewedChi2Sampler", sampler_modules, skewed_fields, prepare_skewed,
           BRN_ULPS, 0);

static const struct brn_estimator *const estimators[] = {&pca,
                                                         &randomized_pca,
                                                         &incremental_pca,
                                                         &truncated_svd,
                                                         &fast_ica,
                                                         &factor_analysis,
                                                         &gaussian_projection,
                                                         &sparse_projection,
                                                         &rbf_sampler,
                                                         &skewed_sampler,
                                                         NULL};

const struct brn_family brn_family_projection = {estimators};
