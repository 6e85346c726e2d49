/* SPDX-License-Identifier: Apache-2.0
 *
 * label_propagation.c - LabelPropagation and LabelSpreading, which ask the training rows near to a
 * row for their classes; and NearestNeighbors, by which they do.
 * sklearn/semi_supervised/_label_propagation.py, sklearn/neighbors/_unsupervised.py. */
#include "estimators/shared_class_outputs.h"
#include "estimators/shared_kernel_rows.h"
#include "estimators/shared_neighbors.h"
#include "kernel/dot.h"
#include "kernel/sum.h"

/* ---- NearestNeighbors ---- */

static brine_status prepare_nearest(struct brn_instance *me, struct brn_build *build)
{
    return brn_neighbors_prepare_count(me->self, me, build);
}

static brine_status bind_nearest(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    struct brn_neighbors *m = me->self;
    return brn_bind_numbers(build, me, in, &m->columns);
}

static const struct brn_field no_fields[] = {BRN_FIELD_END};

static const char *const nearest_modules[] = {"sklearn.neighbors._unsupervised",
                                              "sklearn.neighbors.unsupervised", NULL};

/* It answers with rows of the training data: no method of a model of its own. */
static const struct brn_estimator nearest_neighbors = {
    .name = "NearestNeighbors",
    .modules = nearest_modules,
    .size = sizeof(struct brn_neighbors),
    .fields = no_fields,
    .more_fields = brn_neighbors_fields,
    .prepare = prepare_nearest,
    .bind = bind_nearest,
};

/* ---- preparing ---- */

struct propagation {
    const struct brn_node *kernel, *gamma, *rows_node, *classes;
    struct brn_instance *near_instance;
    struct brn_matrix shares; /* training rows x classes */

    const struct brn_neighbors *near; /* of the kernel knn, else NULL */
    struct brn_kernel_rows rows;      /* of rbf */
    bool is_single;
    double *by_class; /* classes x training rows */
    struct brn_class_outputs labels;
    size_t classes_count, width;
    int32_t *columns;
};

static brine_status prepare_near(struct brn_instance *me, struct brn_build *build,
                                 size_t *ret_count)
{
    struct propagation *m = me->self;
    if (!m->near_instance || m->near_instance->estimator != &nearest_neighbors)
        return brn_ill_formed(build, "nn_fit", "is no NearestNeighbors");
    m->near = m->near_instance->self;
    m->width = m->near->metric.columns;
    *ret_count = m->near->tree.count;
    return brn_expect_features(build, me, m->width, "nn_fit");
}

static brine_status prepare_rows(struct brn_instance *me, struct brn_build *build,
                                 size_t *ret_count)
{
    struct propagation *m = me->self;
    struct brn_build aside = *build;
    struct brn_matrix fit = {0};
    m->rows.kind = BRN_KERNEL_RBF;
    brine_status status = brn_kernel_rows_read(build, m->rows_node, &m->rows);
    aside.arena = build->scratch;
    if (status == BRINE_OK && brn_node_is_array(m->rows_node))
        status = brn_decode_matrix(&aside, m->rows_node, &fit);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "X_");
        return status;
    }
    m->is_single = fit.kind == 'f' && fit.itemsize == 4;
    m->width = m->rows.columns;
    *ret_count = m->rows.count;
    BRN_TRY(brn_expect_features(build, me, m->width, "X_"));
    m->rows.gamma = 1.0 / (double)m->width;
    if (brn_is(m->gamma, BRN_NONE))
        return BRINE_OK;
    status = brn_decode_number(build, m->gamma, &m->rows.gamma);
    if (status != BRINE_OK)
        brn_error_within(build->err, "gamma");
    return status;
}

/* One class's shares become contiguous. */
static brine_status read_shares(struct propagation *m, struct brn_build *build, size_t count)
{
    BRN_TRY(brn_class_outputs_read(build, m->classes, 1, &m->labels));
    m->classes_count = m->labels.width;
    if (!m->shares.present || m->shares.dimensions != 2 || m->shares.rows != count ||
        m->shares.columns != m->classes_count)
        return brn_ill_formed(build, "label_distributions_", "is %zu x %zu of %zu x %zu",
                              m->shares.rows, m->shares.columns, count, m->classes_count);
    m->by_class = BRN_BUILD_NEW(build, double, count * m->classes_count);
    if (!m->by_class)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < m->classes_count; k++)
            m->by_class[k * count + i] = m->shares.values[i * m->classes_count + k];
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct propagation *m = me->self;
    size_t count = 0;
    if (brn_node_is_text(m->kernel, "knn"))
        BRN_TRY(prepare_near(me, build, &count));
    else if (brn_node_is_text(m->kernel, "rbf"))
        BRN_TRY(prepare_rows(me, build, &count));
    else
        return brn_unsupported(build, "kernel", "is neither \"rbf\" nor \"knn\"");
    return read_shares(m, build, count);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct propagation *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    if (m->near)
        BRN_TRY(brn_bind_child(build, m->near_instance, in));
    BRN_TRY(brn_class_outputs_bind(build, me, &m->labels));
    me->out[BRINE_METHOD_PREDICT_LOG_PROBA] = NULL; /* they have none */
    return BRINE_OK;
}

/* ---- running ---- */

/* The sums of the shares of the nearest rows, one by one as numpy adds rows. */
static brine_status sum_nearest(const struct propagation *m, const struct brn_tile *in,
                                struct brn_work *work, double *out, size_t stride)
{
    struct brn_found found;
    size_t k = (size_t)m->near->k, classes = m->classes_count;
    BRN_TRY(brn_neighbors_nearest(m->near, in, work, &found));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t c = 0; c < classes; c++) {
            const uint32_t *rows = found.indices + r * k;
            double sum = m->shares.values[rows[0] * classes + c];
            for (size_t i = 1; i < k; i++)
                sum += m->shares.values[rows[i] * classes + c];
            out[r * stride + c] = sum;
        }
    return BRINE_OK;
}

/* The shares of all training rows, by the kernel. */
static brine_status sum_kernels(const struct propagation *m, const struct brn_tile *in,
                                struct brn_work *work, double *out, size_t stride)
{
    size_t x_stride, most = brn_kernel_rows_block(&m->rows);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, m->width, &x_stride);
    double *values = brn_work_take(work, most * m->rows.stride, sizeof *values);
    if (!x || !values)
        return brn_fail_memory(work->err);
    for (size_t first = 0; first < in->rows; first += most) {
        size_t left = in->rows - first, rows = left < most ? left : most;
        brn_kernel_rows_values(&m->rows, x + first * x_stride, rows, x_stride, values);
        for (size_t r = 0; r < rows && in->single && m->is_single; r++)
            for (size_t i = 0; i < m->rows.count; i++)
                values[r * m->rows.stride + i] = (double)(float)values[r * m->rows.stride + i];
        brn_dot_rows(values, rows, m->rows.stride, m->by_class, m->classes_count, m->rows.count,
                     NULL, out + first * stride, stride);
    }
    return BRINE_OK;
}

/* A row that is far from all has no shares: 0 / 0. */
static brine_status shares_of(const struct propagation *m, const struct brn_tile *in,
                              struct brn_work *work, double *out, size_t stride)
{
    BRN_TRY(m->near ? sum_nearest(m, in, work, out, stride)
                    : sum_kernels(m, in, work, out, stride));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out + r * stride, sum = brn_sum_numpy(row, m->classes_count);
        for (size_t c = 0; c < m->classes_count; c++)
            row[c] /= sum;
    }
    return BRINE_OK;
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    return shares_of(me->self, in, work, out->numbers, out->number_stride);
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct propagation *m = me->self;
    double *shares = brn_work_take(work, in->rows * m->classes_count, sizeof *shares);
    if (!shares)
        return brn_fail_memory(work->err);
    BRN_TRY(shares_of(m, in, work, shares, m->classes_count));
    brn_class_outputs_argmax(&m->labels, shares, out);
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct propagation *m = me->self;
    (void)method;
    return m->near ? brn_weaker(brn_neighbors_equality(m->near), brn_jumping(me->given)) : BRN_ULPS;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct propagation, kernel, "kernel", NODE, "rbf or knn"),
    BRN_FIELD(struct propagation, gamma, "gamma", NODE, "of rbf"),
    BRN_FIELD(struct propagation, rows_node, "X_", NODE, "the training rows"),
    BRN_FIELD(struct propagation, classes, "classes_", NODE, "the labels"),
    BRN_FIELD(struct propagation, shares, "label_distributions_", MATRIX,
              "training rows x classes"),
    BRN_FIELD_OPTIONAL(struct propagation, near_instance, "nn_fit", CHILD, "of knn"),
    BRN_FIELD_IGNORE("n_neighbors", "nn_fit has it"),
    BRN_FIELD_IGNORE("alpha", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_IGNORE("tol", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("transduction_", "labels of the training rows"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.semi_supervised._label_propagation",
                                      "sklearn.semi_supervised.label_propagation", NULL};

#define PROPAGATION(identifier, text)                                          \
    static const struct brn_estimator identifier = {                           \
        .name = text,                                                          \
        .modules = modules,                                                    \
        .size = sizeof(struct propagation),                                    \
        .fields = fields,                                                      \
        .prepare = prepare,                                                    \
        .bind = bind,                                                          \
        .equality = equality,                                                  \
        .methods = {[BRINE_METHOD_PREDICT] = {predict, BRN_ULPS},              \
                    [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS}}, \
    }

PROPAGATION(label_propagation, "LabelPropagation");
PROPAGATION(label_spreading, "LabelSpreading");

static const struct brn_estimator *const estimators[] = {&nearest_neighbors, &label_propagation,
                                                         &label_spreading, NULL};

const struct brn_family brn_family_label_propagation = {estimators};
