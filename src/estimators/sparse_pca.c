/* SPDX-License-Identifier: Apache-2.0
 *
 * sparse_pca.c - SparsePCA and MiniBatchSparsePCA: ridge regression of each row, less the mean, on
 * the components.  sklearn/decomposition/_sparse_pca.py.
 *
 * Before 0.22 (in sparse_pca.py) outputs were divided by the length of each of all rows' columns: a
 * row had no answer of its own. */
#include "estimators/shared_outputs.h"
#include "kernel/definite.h"
#include "kernel/dot.h"

#include <math.h>

struct sparse_pca {
    struct brn_matrix components, mean;
    double alpha;

    double *inverse; /* of components . components^T + alpha */
    size_t width, outputs;
    int32_t *columns;
};

static brine_status check(struct brn_instance *me, struct brn_build *build)
{
    struct sparse_pca *m = me->self;
    enum { MOST_COMPONENTS = 4096 };
    m->outputs = m->components.rows;
    m->width = m->components.columns;
    if (m->components.dimensions != 2 || m->outputs == 0 || m->width == 0)
        return brn_ill_formed(build, "components_", "is no matrix");
    if (m->mean.dimensions != 1 || m->mean.columns != m->width)
        return brn_ill_formed(build, "mean_", "is no vector of %zu values", m->width);
    if (m->components.itemsize != 8 || m->mean.itemsize != 8)
        return brn_unsupported(build, "components_", "is not float64");
    if (m->outputs > m->width || m->outputs > MOST_COMPONENTS)
        return brn_unsupported(build, "components_",
                               "is %zu components of %zu features: at most as many, and %d, are "
                               "run",
                               m->outputs, m->width, MOST_COMPONENTS);
    if (!(m->alpha > 0) || !isfinite(m->alpha))
        return brn_unsupported(build, "ridge_alpha", "is %g: numbers above 0 are run", m->alpha);
    return brn_expect_features(build, me, m->width, "components_");
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct sparse_pca *m = me->self;
    BRN_TRY(check(me, build));
    size_t n = m->outputs;
    double *square = BRN_NEW(build->scratch, double, n *n);
    m->inverse = BRN_BUILD_NEW(build, double, n *n);
    if (!square || !m->inverse)
        return brn_fail_memory(build->err);
    brn_dot_rows(m->components.values, n, m->width, m->components.values, n, m->width, NULL, square,
                 n);
    for (size_t k = 0; k < n; k++)
        square[k * n + k] += m->alpha;
    return brn_invert_definite(square, n, m->inverse)
               ? BRINE_OK
               : brn_ill_formed(build, "components_", "times themselves are not positive definite");
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct sparse_pca *m = me->self;
    if (in->is_sparse)
        return brn_unsupported(build, "", "%s takes no sparse rows", me->estimator->name);
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_prefixed(build, me, m->outputs);
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct sparse_pca *m = me->self;
    size_t n = m->outputs;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    double *rows = brn_centered_rows(work, in, m->columns, m->width, m->mean.values, false);
    double *products = brn_work_take(work, n * in->rows, sizeof *products);
    if (!rows || !products)
        return brn_fail_memory(work->err);
    brn_dot_rows(rows, in->rows, m->width, m->components.values, n, m->width, NULL, products, n);
    for (size_t r = 0; r < in->rows; r++)
        if (!all_finite(products + r * n, n))
            return brn_refuse(work, in, r, NULL, "its product with the components overflows");
    brn_dot_rows(products, in->rows, n, m->inverse, n, n, NULL, out->numbers, out->number_stride);
    out->single = false;
    return BRINE_OK;
}

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field fields[] = {
    BRN_FIELD(struct sparse_pca, components, "components_", MATRIX, "outputs x features"),
    BRN_FIELD(struct sparse_pca, mean, "mean_", MATRIX, "a mean a feature"),
    BRN_FIELD(struct sparse_pca, alpha, "ridge_alpha", NUMBER, "of the ridge regression"),
    OF_FIT("n_components"),
    OF_FIT("n_components_"),
    OF_FIT("alpha"),
    OF_FIT("max_iter"),
    OF_FIT("max_no_improvement"),
    OF_FIT("tol"),
    OF_FIT("method"),
    OF_FIT("n_iter"),
    OF_FIT("n_iter_"),
    OF_FIT("U_init"),
    OF_FIT("V_init"),
    OF_FIT("batch_size"),
    OF_FIT("shuffle"),
    OF_FIT("callback"),
    OF_FIT("random_state"),
    OF_FIT("error_"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_IGNORE("normalize_components", "of no effect since 0.22"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.decomposition._sparse_pca", NULL};

#define SPARSE_PCA(identifier, text)                                      \
    static const struct brn_estimator identifier = {                      \
        .name = text,                                                     \
        .since = 2200,                                                    \
        .modules = modules,                                               \
        .size = sizeof(struct sparse_pca),                                \
        .fields = fields,                                                 \
        .prepare = prepare,                                               \
        .bind = bind,                                                     \
        .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}}, \
    }

SPARSE_PCA(sparse_pca, "SparsePCA");
SPARSE_PCA(mini_batch_sparse_pca, "MiniBatchSparsePCA");

static const struct brn_estimator *const estimators[] = {&sparse_pca, &mini_batch_sparse_pca, NULL};

const struct brn_family brn_family_sparse_pca = {estimators};
