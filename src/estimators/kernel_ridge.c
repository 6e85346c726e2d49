/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel_ridge.c - KernelRidge: kernels with all training rows, times dual_coef_.
 * sklearn/kernel_ridge.py and sklearn/metrics/pairwise.py. */
#include "estimators/shared_kernel_rows.h"
#include "kernel/dot.h"

struct kernel_ridge {
    const struct brn_node *kernel_name, *rows_node, *gamma, *degree, *coef0;
    struct brn_matrix dual;

    struct brn_kernel_rows rows;
    size_t outputs;
    double *coefs; /* outputs x training rows */
    int32_t *columns;
};

static const struct {
    const char *name;
    enum brn_kernel_kind kind;
} kernels[] = {
    {"linear", BRN_KERNEL_LINEAR},    {"poly", BRN_KERNEL_POWER},
    {"polynomial", BRN_KERNEL_POWER}, {"rbf", BRN_KERNEL_RBF},
    {"sigmoid", BRN_KERNEL_SIGMOID},  {"laplacian", BRN_KERNEL_LAPLACIAN},
    {"cosine", BRN_KERNEL_COSINE},
};

static brine_status read_kernel(struct kernel_ridge *m, struct brn_build *build)
{
    struct brn_slice name = brn_node_text(m->kernel_name);
    if (!name.p)
        return brn_unsupported(build, "kernel", "is a function of Python's");
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++)
        if (brn_slice_is(name, kernels[i].name)) {
            m->rows.kind = kernels[i].kind;
            return BRINE_OK;
        }
    return brn_unsupported(build, "kernel", "\"%.*s\" is not run", BRN_S(name));
}

static brine_status read_number(struct brn_build *build, const struct brn_node *node,
                                const char *attribute, double otherwise, double *ret)
{
    if (brn_is(node, BRN_NONE)) {
        *ret = otherwise;
        return BRINE_OK;
    }
    brine_status status = brn_decode_number(build, node, ret);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}

/* One output's coefficients become contiguous. */
static brine_status read_coefs(struct kernel_ridge *m, struct brn_build *build)
{
    const struct brn_matrix *dual = &m->dual;
    bool one = dual->dimensions == 1;
    size_t rows = one ? dual->columns : dual->rows;
    m->outputs = one ? 1 : dual->columns;
    if (!dual->present || rows != m->rows.count || m->outputs == 0)
        return brn_ill_formed(build, "dual_coef_", "has %zu rows for %zu training rows", rows,
                              m->rows.count);
    m->coefs = BRN_BUILD_NEW(build, double, rows * m->outputs);
    if (!m->coefs)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < rows; i++)
        for (size_t o = 0; o < m->outputs; o++)
            m->coefs[o * rows + i] = dual->values[i * m->outputs + o];
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct kernel_ridge *m = me->self;
    BRN_TRY(read_kernel(m, build));
    brine_status status = brn_kernel_rows_read(build, m->rows_node, &m->rows);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "X_fit_");
        return status;
    }
    BRN_TRY(brn_expect_features(build, me, m->rows.columns, "X_fit_"));
    BRN_TRY(read_number(build, m->gamma, "gamma", 1.0 / (double)m->rows.columns, &m->rows.gamma));
    BRN_TRY(read_number(build, m->degree, "degree", 3, &m->rows.degree));
    BRN_TRY(read_number(build, m->coef0, "coef0", 1, &m->rows.coef0));
    return read_coefs(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct kernel_ridge *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->outputs, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = m->dual.dimensions == 2;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct kernel_ridge *m = me->self;
    size_t n = m->rows.columns, stride, most = brn_kernel_rows_block(&m->rows);
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &stride);
    double *values = brn_work_take(work, most * m->rows.stride, sizeof *values);
    if (!x || !values)
        return brn_fail_memory(work->err);
    for (size_t first = 0; first < in->rows; first += most) {
        size_t left = in->rows - first, rows = left < most ? left : most;
        brn_kernel_rows_values(&m->rows, x + first * stride, rows, stride, values);
        brn_dot_rows(values, rows, m->rows.stride, m->coefs, m->outputs, m->rows.count, NULL,
                     out->numbers + first * out->number_stride, out->number_stride);
    }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct kernel_ridge, kernel_name, "kernel", NODE, "of sklearn.metrics.pairwise"),
    BRN_FIELD(struct kernel_ridge, rows_node, "X_fit_", NODE, "the training rows"),
    BRN_FIELD(struct kernel_ridge, dual, "dual_coef_", MATRIX, "training rows x outputs"),
    BRN_FIELD(struct kernel_ridge, gamma, "gamma", NODE, "of the kernel; None: 1 / features"),
    BRN_FIELD(struct kernel_ridge, degree, "degree", NODE, "of the kernel poly"),
    BRN_FIELD(struct kernel_ridge, coef0, "coef0", NODE, "of the kernels poly and sigmoid"),
    BRN_FIELD_IGNORE("alpha", "of fit"),
    BRN_FIELD_IGNORE("kernel_params", "of kernels that are functions"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.kernel_ridge", NULL};

static const struct brn_estimator kernel_ridge = {
    .name = "KernelRidge",
    .modules = modules,
    .size = sizeof(struct kernel_ridge),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&kernel_ridge, NULL};

const struct brn_family brn_family_kernel_ridge = {estimators};
