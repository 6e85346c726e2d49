/* SPDX-License-Identifier: Apache-2.0
 *
 * gaussian_process.c - GaussianProcessRegressor: the mean.  sklearn/gaussian_process/_gpr.py. */
#include "estimators/shared_gp_kernel.h"
#include "kernel/dot.h"

struct process {
    struct brn_matrix rows, alpha, mean, deviation;
    const struct brn_node *kernel_node;

    struct brn_gp_kernel kernel;
    size_t outputs;
    double *coefs; /* outputs x training rows */
    int32_t *columns;
};

static brine_status check_output(struct brn_build *build, const struct brn_matrix *matrix,
                                 const char *attribute, size_t outputs)
{
    size_t count = matrix->rows * matrix->columns;
    if (!matrix->present || count == 1 || count == outputs)
        return BRINE_OK;
    return brn_ill_formed(build, attribute, "has %zu values for %zu outputs", count, outputs);
}

static brine_status read_coefs(struct process *m, struct brn_build *build)
{
    bool one = m->alpha.dimensions == 1;
    size_t rows = one ? m->alpha.columns : m->alpha.rows;
    m->outputs = one ? 1 : m->alpha.columns;
    if (!m->alpha.present || rows != m->rows.rows || m->outputs == 0)
        return brn_ill_formed(build, "alpha_", "has %zu rows for %zu training rows", rows,
                              m->rows.rows);
    m->coefs = BRN_BUILD_NEW(build, double, rows * m->outputs);
    if (!m->coefs)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < rows; i++)
        for (size_t o = 0; o < m->outputs; o++)
            m->coefs[o * rows + i] = m->alpha.values[i * m->outputs + o];
    BRN_TRY(check_output(build, &m->mean, "_y_train_mean", m->outputs));
    return check_output(build, &m->deviation, "_y_train_std", m->outputs);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct process *m = me->self;
    if (!m->rows.present || m->rows.dimensions != 2 || m->rows.rows == 0 || m->rows.columns == 0)
        return brn_ill_formed(build, "X_train_", "is no matrix of training rows");
    BRN_TRY(brn_expect_features(build, me, m->rows.columns, "X_train_"));
    BRN_TRY(read_coefs(m, build));
    brine_status status = brn_gp_kernel_read(build, me, m->kernel_node, &m->rows, &m->kernel);
    if (status != BRINE_OK)
        brn_error_within(build->err, "kernel_");
    return status;
}

static const struct brn_era shape_eras[] = {
    {0, 10300, true, "targets that were a column give a column"},
    {10300, 0, false, "of one column of targets predictions have one dimension"},
    BRN_ERA_END,
};

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct process *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    struct brn_schema *out = brn_schema_numbers(build->arena, m->outputs, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix =
        m->alpha.dimensions == 2 && (m->outputs > 1 || brn_era_behaviour(shape_eras, me->version));
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static double value_of(const struct brn_matrix *matrix, size_t output, double otherwise)
{
    if (!matrix->present)
        return otherwise;
    return matrix->values[matrix->rows * matrix->columns == 1 ? 0 : output];
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct process *m = me->self;
    size_t n = m->kernel.columns, stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &stride);
    double *stack = brn_work_take(work, brn_gp_kernel_room(&m->kernel), sizeof *stack);
    if (!x || !stack)
        return brn_fail_memory(work->err);
    bool single = in->single && brn_era_behaviour(brn_gp_single_eras, me->version);
    for (size_t r = 0; r < in->rows; r++) {
        double *to = out->numbers + r * out->number_stride;
        brn_gp_kernel_values(&m->kernel, x + r * stride, single, stack);
        brn_dot_rows(stack, 1, 0, m->coefs, m->outputs, m->kernel.count, NULL, to, 0);
        for (size_t o = 0; o < m->outputs; o++)
            to[o] = value_of(&m->deviation, o, 1) * to[o] + value_of(&m->mean, o, 0);
    }
    return BRINE_OK;
}

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field fields[] = {
    BRN_FIELD(struct process, rows, "X_train_", MATRIX, "the training rows"),
    BRN_FIELD(struct process, alpha, "alpha_", MATRIX, "coefficients, training rows x outputs"),
    BRN_FIELD(struct process, kernel_node, "kernel_", NODE, "a tree of kernels"),
    BRN_FIELD_WINDOW(struct process, mean, "y_train_mean", MATRIX, 0, 1900, "of the targets"),
    BRN_FIELD_WINDOW(struct process, mean, "_y_train_mean", MATRIX, 1900, 0, "of the targets"),
    BRN_FIELD_WINDOW(struct process, deviation, "_y_train_std", MATRIX, 2300, 0, "of the targets"),
    BRN_FIELD_IGNORE("L_", "for the standard deviation"),
    BRN_FIELD_IGNORE("_K_inv", "for the standard deviation"),
    BRN_FIELD_IGNORE("n_targets", "of predictions before fit"),
    BRN_FIELD_IGNORE("_n_targets", "of predictions before fit"),
    OF_FIT("kernel"),
    OF_FIT("alpha"),
    OF_FIT("optimizer"),
    OF_FIT("n_restarts_optimizer"),
    OF_FIT("normalize_y"),
    OF_FIT("copy_X_train"),
    OF_FIT("random_state"),
    OF_FIT("rng"),
    OF_FIT("_rng"),
    OF_FIT("y_train_"),
    OF_FIT("log_marginal_likelihood_value_"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.gaussian_process._gpr",
                                      "sklearn.gaussian_process.gpr", NULL};

static const struct brn_estimator regressor = {
    .name = "GaussianProcessRegressor",
    .modules = modules,
    .size = sizeof(struct process),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&regressor, NULL};

const struct brn_family brn_family_gaussian_process = {estimators};
