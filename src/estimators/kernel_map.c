/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel_map.c - kernels with training rows, then a product: Nystroem and KernelPCA; and
 * KernelCenterer, for kernels that are the input.  sklearn/kernel_approximation.py,
 * sklearn/decomposition/_kernel_pca.py, sklearn/metrics/pairwise.py. */
#include "estimators/shared_kernel_rows.h"
#include "estimators/shared_outputs.h"
#include "kernel/dot.h"
#include "kernel/sum.h"

#include <math.h>

/* KernelCenterer: of training, the mean of each row of the kernel and of all. */
struct centerer {
    struct brn_matrix rows, all;
    size_t count;
    int32_t *columns;
};

struct kernel_map {
    const struct brn_node *kernel, *gamma, *fitted_gamma, *degree, *coef0, *kernel_params;
    const struct brn_node *fit_node;
    struct brn_matrix normalization;   /* Nystroem: outputs x rows */
    struct brn_matrix values, vectors; /* KernelPCA: eigenvalues, rows x outputs */
    struct brn_instance *centerer_instance;

    const struct centerer *centerer;
    struct brn_kernel_rows rows;
    double *weights; /* outputs x rows */
    size_t outputs, width;
    bool is_single;
    int32_t *columns;
};

/* ---- KernelCenterer ---- */

static brine_status prepare_centerer(struct brn_instance *me, struct brn_build *build)
{
    struct centerer *m = me->self;
    m->count = m->rows.columns;
    if (m->rows.rows != 1 || m->all.rows * m->all.columns != 1)
        return brn_ill_formed(build, "K_fit_rows_", "is no row of means, or K_fit_all_ no number");
    return brn_expect_features(build, me, m->count, "K_fit_rows_");
}

static brine_status bind_centerer(struct brn_instance *me, const struct brn_schema *in,
                                  struct brn_build *build)
{
    struct centerer *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_prefixed(build, me, m->count);
}

/* K - rows - mean(K) + all, in place, in scikit-learn's order. */
static void center_kernels(const struct centerer *m, double *kernels)
{
    double mean = brn_sum_numpy(kernels, m->count) / (double)m->count;
    for (size_t i = 0; i < m->count; i++)
        kernels[i] = kernels[i] - m->rows.values[i] - mean + m->all.values[0];
}

static brine_status transform_centerer(const struct brn_instance *me, const struct brn_tile *in,
                                       struct brn_tile *out, struct brn_work *work)
{
    const struct centerer *m = me->self;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        for (size_t i = 0; i < m->count; i++)
            row[i] = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
        center_kernels(m, row);
    }
    return BRINE_OK;
}

static const struct brn_field centerer_fields[] = {
    BRN_FIELD(struct centerer, rows, "K_fit_rows_", MATRIX, "means of the training kernel's rows"),
    BRN_FIELD(struct centerer, all, "K_fit_all_", MATRIX, "its mean"),
    BRN_FIELD_END,
};

static const char *const centerer_modules[] = {"sklearn.preprocessing._data",
                                               "sklearn.preprocessing.data", NULL};

static const struct brn_estimator kernel_centerer = {
    .name = "KernelCenterer",
    .modules = centerer_modules,
    .size = sizeof(struct centerer),
    .fields = centerer_fields,
    .prepare = prepare_centerer,
    .bind = bind_centerer,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform_centerer, BRN_BOUNDED}},
};

/* ---- kernels ---- */

static brine_status read_kind(struct kernel_map *m, struct brn_build *build)
{
    static const struct {
        const char *name;
        enum brn_kernel_kind kind;
    } kinds[] = {{"linear", BRN_KERNEL_LINEAR},       {"poly", BRN_KERNEL_POWER},
                 {"polynomial", BRN_KERNEL_POWER},    {"rbf", BRN_KERNEL_RBF},
                 {"laplacian", BRN_KERNEL_LAPLACIAN}, {"sigmoid", BRN_KERNEL_SIGMOID},
                 {"cosine", BRN_KERNEL_COSINE}};
    char text[100];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (brn_node_is_text(m->kernel, kinds[i].name)) {
            m->rows.kind = kinds[i].kind;
            return BRINE_OK;
        }
    struct brn_slice name = brn_node_text(m->kernel);
    brn_node_describe(m->kernel, text, sizeof text);
    return name.n ? brn_unsupported(build, "kernel", "%.*s is not run", BRN_S(name))
                  : brn_unsupported(build, "kernel", "%s is not run", text);
}

static brine_status number_or(struct brn_build *build, const struct brn_node *node,
                              double otherwise, const char *attribute, double *ret)
{
    *ret = otherwise;
    if (!node || brn_is(node, BRN_NONE))
        return BRINE_OK;
    brine_status status = brn_decode_number(build, node, ret);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}

/* The training rows, and the parameters' defaults in sklearn/metrics/pairwise.py. */
static brine_status read_rows(struct brn_instance *me, struct brn_build *build,
                              const char *attribute)
{
    struct kernel_map *m = me->self;
    const struct brn_node *gamma = m->fitted_gamma ? m->fitted_gamma : m->gamma;
    struct brn_build aside = *build;
    struct brn_matrix fit = {0};
    if (brn_node_count(m->kernel_params))
        return brn_unsupported(build, "kernel_params", "are not passed on");
    BRN_TRY(read_kind(m, build));
    brine_status status = brn_kernel_rows_read(build, m->fit_node, &m->rows);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "%s", attribute);
        return status;
    }
    m->width = m->rows.columns;
    BRN_TRY(brn_expect_features(build, me, m->width, attribute));
    aside.arena = build->scratch;
    if (brn_node_is_array(m->fit_node))
        BRN_TRY(brn_decode_matrix(&aside, m->fit_node, &fit));
    m->is_single = fit.itemsize == 4;
    BRN_TRY(number_or(build, gamma, 1.0 / (double)m->width, "gamma", &m->rows.gamma));
    BRN_TRY(number_or(build, m->degree, 3, "degree", &m->rows.degree));
    return number_or(build, m->coef0, 1, "coef0", &m->rows.coef0);
}

static brine_status prepare_nystroem(struct brn_instance *me, struct brn_build *build)
{
    struct kernel_map *m = me->self;
    BRN_TRY(read_rows(me, build, "components_"));
    if (m->normalization.dimensions != 2 || m->normalization.columns != m->rows.count)
        return brn_ill_formed(build, "normalization_", "has %zu columns for %zu components",
                              m->normalization.columns, m->rows.count);
    m->outputs = m->normalization.rows;
    m->weights = m->normalization.values;
    m->is_single &= m->normalization.itemsize == 4;
    return BRINE_OK;
}

static const struct brn_era null_eras[] = {
    {0, 2200, false, "all eigenvectors are divided by the roots of their eigenvalues"},
    {2200, 0, true, "those of the eigenvalue 0 count as 0"},
    BRN_ERA_END,
};

static brine_status scale_vectors(struct brn_instance *me, struct brn_build *build)
{
    struct kernel_map *m = me->self;
    bool nulls = brn_era_behaviour(null_eras, me->version);
    size_t n = m->rows.count;
    m->weights = BRN_BUILD_NEW(build, double, m->outputs *n);
    if (!m->weights)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->outputs; k++) {
        double value = m->values.values[k];
        bool is_null = nulls && value >= 0 && value <= 0;
        for (size_t i = 0; i < n; i++)
            m->weights[k * n + i] =
                is_null ? 0 : m->vectors.values[i * m->outputs + k] / sqrt(value);
    }
    return BRINE_OK;
}

static brine_status prepare_pca(struct brn_instance *me, struct brn_build *build)
{
    struct kernel_map *m = me->self;
    BRN_TRY(read_rows(me, build, "X_fit_"));
    if (!m->centerer_instance || m->centerer_instance->estimator != &kernel_centerer)
        return brn_ill_formed(build, "_centerer", "is no KernelCenterer");
    m->centerer = m->centerer_instance->self;
    m->outputs = m->values.columns;
    if (m->values.rows != 1 || m->outputs == 0 || m->vectors.rows != m->rows.count ||
        m->vectors.columns != m->outputs || m->centerer->count != m->rows.count)
        return brn_ill_formed(build, "X_fit_",
                              "%zu rows, %zu eigenvalues and %zu x %zu "
                              "eigenvectors do not go together",
                              m->rows.count, m->outputs, m->vectors.rows, m->vectors.columns);
    m->is_single = false;
    return scale_vectors(me, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct kernel_map *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_prefixed(build, me, m->outputs);
}

/* KernelCenterer takes no others. */
static brine_status check_kernels(const struct kernel_map *m, const struct brn_tile *in, size_t r,
                                  const double *kernels, const struct brn_work *work)
{
    for (size_t i = 0; m->centerer && i < m->rows.count; i++)
        if (!isfinite(kernels[i]))
            return brn_refuse(work, in, r, NULL, "the kernel of this row overflows");
    return BRINE_OK;
}

static void project(const struct kernel_map *m, double *kernels, double *row, bool single)
{
    if (m->centerer)
        center_kernels(m->centerer, kernels);
    brn_dot_rows(kernels, 1, m->rows.count, m->weights, m->outputs, m->rows.count, NULL, row,
                 m->outputs);
    for (size_t k = 0; single && k < m->outputs; k++)
        row[k] = (double)(float)row[k];
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct kernel_map *m = me->self;
    size_t stride, most = brn_kernel_rows_block(&m->rows);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, m->width, &stride);
    double *kernels = brn_work_take(work, most * m->rows.stride, sizeof *kernels);
    if (!x || !kernels)
        return brn_fail_memory(work->err);
    out->single = in->single && m->is_single;
    for (size_t first = 0; first < in->rows; first += most) {
        size_t rows = in->rows - first < most ? in->rows - first : most;
        brn_kernel_rows_values(&m->rows, x + first * stride, rows, stride, kernels);
        for (size_t r = 0; r < rows; r++) {
            double *row = out->numbers + (first + r) * out->number_stride;
            BRN_TRY(check_kernels(m, in, first + r, kernels + r * m->rows.stride, work));
            project(m, kernels + r * m->rows.stride, row, out->single);
        }
    }
    return BRINE_OK;
}

#define OF_FIT(name) BRN_FIELD_IGNORE(name, "of fit")

#define KERNEL                                                                              \
    BRN_FIELD(struct kernel_map, kernel, "kernel", NODE, "its name"),                       \
        BRN_FIELD(struct kernel_map, gamma, "gamma", NODE, "a factor; None: 1 / features"), \
        BRN_FIELD(struct kernel_map, degree, "degree", NODE, "of poly; None: 3"),           \
        BRN_FIELD(struct kernel_map, coef0, "coef0", NODE, "of poly and sigmoid; None: 1"), \
        BRN_FIELD(struct kernel_map, kernel_params, "kernel_params", NODE, "of functions")

static const struct brn_field nystroem_fields[] = {
    KERNEL,
    BRN_FIELD(struct kernel_map, fit_node, "components_", NODE, "training rows"),
    BRN_FIELD(struct kernel_map, normalization, "normalization_", MATRIX, "outputs x rows"),
    OF_FIT("component_indices_"),
    OF_FIT("n_components"),
    OF_FIT("_n_features_out"),
    OF_FIT("n_jobs"),
    OF_FIT("random_state"),
    BRN_FIELD_END,
};

static const struct brn_field pca_fields[] = {
    KERNEL,
    BRN_FIELD_OPTIONAL(struct kernel_map, fitted_gamma, "gamma_", NODE, "the factor"),
    BRN_FIELD(struct kernel_map, fit_node, "X_fit_", NODE, "training rows"),
    BRN_FIELD(struct kernel_map, centerer_instance, "_centerer", CHILD, "of the kernel"),
    BRN_FIELD_WINDOW(struct kernel_map, values, "eigenvalues_", MATRIX, 10000, 0, "one an output"),
    BRN_FIELD_WINDOW(struct kernel_map, vectors, "eigenvectors_", MATRIX, 10000, 0,
                     "rows x outputs"),
    BRN_FIELD_WINDOW(struct kernel_map, values, "lambdas_", MATRIX, 0, 10000, "one an output"),
    BRN_FIELD_WINDOW(struct kernel_map, vectors, "alphas_", MATRIX, 0, 10000, "rows x outputs"),
    OF_FIT("n_components"),
    OF_FIT("n_jobs"),
    OF_FIT("random_state"),
    OF_FIT("alpha"),
    OF_FIT("copy_X"),
    OF_FIT("eigen_solver"),
    OF_FIT("fit_inverse_transform"),
    OF_FIT("iterated_power"),
    OF_FIT("max_iter"),
    OF_FIT("remove_zero_eig"),
    OF_FIT("tol"),
    BRN_FIELD_IGNORE("dual_coef_", "of inverse_transform"),
    BRN_FIELD_IGNORE("X_transformed_fit_", "of inverse_transform"),
    BRN_FIELD_END,
};

static const char *const nystroem_modules[] = {"sklearn.kernel_approximation", NULL};
static const char *const pca_modules[] = {"sklearn.decomposition._kernel_pca",
                                          "sklearn.decomposition.kernel_pca", NULL};

static const struct brn_estimator nystroem = {
    .name = "Nystroem",
    .modules = nystroem_modules,
    .size = sizeof(struct kernel_map),
    .fields = nystroem_fields,
    .prepare = prepare_nystroem,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS}},
};

static const struct brn_estimator kernel_pca = {
    .name = "KernelPCA",
    .modules = pca_modules,
    .size = sizeof(struct kernel_map),
    .fields = pca_fields,
    .prepare = prepare_pca,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&kernel_centerer, &nystroem, &kernel_pca,
                                                         NULL};

const struct brn_family brn_family_kernel_map = {estimators};
