/* SPDX-License-Identifier: Apache-2.0
 *
 * nearest_centroid.c - NearestCentroid.  sklearn/neighbors/_nearest_centroid.py; since 1.6 it has
 * priors, and scores as discriminant analysis (discriminant_analysis.py). */
#include "kernel/metric.h"
#include "kernel/sum.h"
#include "model/estimator.h"

#include <math.h>

struct centroids {
    struct brn_values classes;
    struct brn_matrix centers, priors, deviations;
    const struct brn_node *metric_name;

    struct brn_metric metric;
    struct brn_dictionary *labels;
    bool scores;    /* since 1.6 */
    bool by_prior;  /* predict goes by the scores */
    double *scaled; /* the centers divided by the deviations */
    int32_t *columns;
};

static brine_status read_metric(struct centroids *m, struct brn_build *build)
{
    static const struct {
        const char *name;
        enum brn_metric_kind kind;
    } metrics[] = {{"euclidean", BRN_METRIC_EUCLIDEAN},
                   {"manhattan", BRN_METRIC_MANHATTAN},
                   {"chebyshev", BRN_METRIC_CHEBYSHEV}};
    struct brn_slice name = brn_node_text(m->metric_name);
    m->metric.columns = m->centers.columns;
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
        if (brn_slice_is(name, metrics[i].name)) {
            m->metric.kind = metrics[i].kind;
            return BRINE_OK;
        }
    return brn_unsupported(build, "metric", "\"%.*s\" is not run", BRN_S(name));
}

/* A feature that does not vary within classes is not scaled. */
static double deviation(const struct centroids *m, size_t f)
{
    return m->deviations.values[f] != 0 ? m->deviations.values[f] : 1;
}

static brine_status prepare_scores(struct centroids *m, struct brn_build *build)
{
    size_t k = m->centers.rows, n = m->centers.columns;
    if (m->priors.rows * m->priors.columns != k)
        return brn_ill_formed(build, "class_prior_", "has %zu values for %zu classes",
                              m->priors.rows * m->priors.columns, k);
    if (m->deviations.rows * m->deviations.columns != n)
        return brn_ill_formed(build, "within_class_std_dev_", "has %zu values for %zu features",
                              m->deviations.rows * m->deviations.columns, n);
    m->scores = true;
    for (size_t c = 0; c < k; c++) { /* numpy.isclose */
        double even = 1 / (double)k;
        m->by_prior = m->by_prior || !(fabs(m->priors.values[c] - even) <= 1e-8 + 1e-5 * even);
    }
    m->scaled = BRN_BUILD_NEW(build, double, k *n);
    if (!m->scaled)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < k * n; i++)
        m->scaled[i] = m->centers.values[i] / deviation(m, i % n);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct centroids *m = me->self;
    if (!m->centers.present || m->centers.dimensions != 2 || m->centers.rows == 0 ||
        m->centers.rows != m->classes.count)
        return brn_ill_formed(build, "centroids_", "has %zu rows for %zu classes", m->centers.rows,
                              m->classes.count);
    BRN_TRY(brn_expect_features(build, me, m->centers.columns, "centroids_"));
    BRN_TRY(read_metric(m, build));
    if (m->priors.present)
        BRN_TRY(prepare_scores(m, build));
    return brn_labels(build, &m->classes, &m->labels);
}

static brine_status bind_scores(struct brn_instance *me, struct brn_build *build,
                                brine_method method, size_t count)
{
    const struct centroids *m = me->self;
    const char *const *names = brn_label_names(build, method, m->labels);
    if (!names)
        return brn_fail_memory(build->err);
    me->out[method] = brn_schema_numbers(build->arena, count, count > 1 ? names : NULL);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct centroids *m = me->self;
    size_t k = m->centers.rows;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &m->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    if (!m->scores || m->metric.kind != BRN_METRIC_EUCLIDEAN)
        return BRINE_OK;
    BRN_TRY(bind_scores(me, build, BRINE_METHOD_PREDICT_PROBA, k));
    BRN_TRY(bind_scores(me, build, BRINE_METHOD_PREDICT_LOG_PROBA, k));
    return bind_scores(me, build, BRINE_METHOD_DECISION_FUNCTION, k == 2 ? 1 : k);
}

static brine_status rows_of(const struct centroids *m, const struct brn_tile *in,
                            struct brn_work *work, const double **ret_x, size_t *ret_stride)
{
    BRN_TRY(brn_check_finite(work, in, m->columns, m->centers.columns, BRN_NAN_REFUSED));
    *ret_x = brn_tile_gather(work, in, m->columns, m->centers.columns, ret_stride);
    return *ret_x ? BRINE_OK : brn_fail_memory(work->err);
}

/* -distance^2 + 2 log prior: classes a row. */
static brine_status discriminate(const struct centroids *m, const struct brn_tile *in,
                                 struct brn_work *work, double **ret_scores)
{
    const double *x;
    size_t stride, k = m->centers.rows, n = m->centers.columns;
    double *scores = brn_work_take(work, in->rows * k, sizeof *scores);
    double *row = brn_work_take(work, n, sizeof *row);
    if (!scores || !row)
        return brn_fail_memory(work->err);
    BRN_TRY(rows_of(m, in, work, &x, &stride));
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t f = 0; f < n; f++)
            row[f] = x[r * stride + f] / deviation(m, f);
        for (size_t c = 0; c < k; c++) {
            double d = brn_metric_distance(&m->metric, row, m->scaled + c * n);
            scores[r * k + c] = -(d * d) + 2.0 * log(m->priors.values[c]);
        }
    }
    *ret_scores = scores;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct centroids *m = me->self;
    const double *x;
    double *scores;
    size_t stride, k = m->centers.rows, n = m->centers.columns;
    if (m->by_prior) {
        BRN_TRY(discriminate(m, in, work, &scores));
    } else {
        BRN_TRY(rows_of(m, in, work, &x, &stride));
        scores = brn_work_take(work, in->rows * k, sizeof *scores);
        for (size_t i = 0; scores && i < in->rows * k; i++)
            scores[i] =
                -brn_metric_distance(&m->metric, x + i / k * stride, m->centers.values + i % k * n);
    }
    if (!scores)
        return brn_fail_memory(work->err);
    brn_argmax(scores, in->rows, k, out->codes, out->code_stride);
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct centroids *m = me->self;
    size_t k = m->centers.rows;
    double *scores;
    BRN_TRY(discriminate(m, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++, scores += k) {
        double *to = out->numbers + r * out->number_stride;
        if (k == 2)
            to[0] = scores[1] - scores[0];
        else
            memcpy(to, scores, k * sizeof *to);
    }
    return BRINE_OK;
}

static brine_status predict_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct centroids *m = me->self;
    size_t k = m->centers.rows;
    double *scores, *room = brn_work_take(work, k, sizeof *room);
    if (!room)
        return brn_fail_memory(work->err);
    BRN_TRY(discriminate(m, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++, scores += k) {
        double *to = out->numbers + r * out->number_stride, most = scores[0];
        for (size_t c = 1; c < k; c++)
            most = scores[c] > most ? scores[c] : most;
        for (size_t c = 0; c < k; c++)
            room[c] = exp(scores[c] - most);
        double whole = log(brn_sum_numpy(room, k));
        for (size_t c = 0; c < k; c++)
            to[c] = scores[c] - most - whole;
    }
    return BRINE_OK;
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct centroids *m = me->self;
    BRN_TRY(predict_log_proba(me, in, out, work));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t c = 0; c < m->centers.rows; c++) {
            double *p = &out->numbers[r * out->number_stride + c];
            *p = exp(*p);
        }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct centroids, classes, "classes_", VALUES, "class labels"),
    BRN_FIELD(struct centroids, centers, "centroids_", MATRIX, "classes x features"),
    BRN_FIELD(struct centroids, metric_name, "metric", NODE, "of distances"),
    BRN_FIELD_WINDOW(struct centroids, priors, "class_prior_", MATRIX, 10600, 0, "of the classes"),
    BRN_FIELD_WINDOW(struct centroids, deviations, "within_class_std_dev_", MATRIX, 10600, 0,
                     "of the features"),
    BRN_FIELD_IGNORE("deviations_", "of the classes' centers from the common one"),
    BRN_FIELD_IGNORE("shrink_threshold", "centroids_ is what it came to"),
    BRN_FIELD_IGNORE("priors", "class_prior_ is what they came to"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.neighbors._nearest_centroid",
                                      "sklearn.neighbors.nearest_centroid", NULL};

static const struct brn_estimator centroids = {
    .name = "NearestCentroid",
    .modules = modules,
    .size = sizeof(struct centroids),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_ULPS},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {predict_log_proba, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&centroids, NULL};

const struct brn_family brn_family_nearest_centroid = {estimators};
