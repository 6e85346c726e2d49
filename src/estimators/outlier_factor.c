/* SPDX-License-Identifier: Apache-2.0
 *
 * outlier_factor.c - LocalOutlierFactor with novelty=True.  sklearn/neighbors/_lof.py. */
#include "estimators/shared_integer_labels.h"
#include "estimators/shared_neighbor_ties.h"
#include "kernel/sum.h"

struct outlier_factor {
    struct brn_neighbors neighbors; /* first: brn_neighbors_fields */
    struct brn_matrix densities, distances;
    int64_t k;
    bool novelty;
    double offset;
    double *farthest; /* of each training row: the distance of its k-th neighbour */
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct outlier_factor *m = me->self;
    if (!m->novelty)
        return brn_unsupported(build, "novelty", "is False: there is no predict");
    BRN_TRY(brn_neighbors_prepare(&m->neighbors, me, build));
    size_t count = m->neighbors.tree.count;
    if (m->k < 1 || (uint64_t)m->k > count)
        return brn_ill_formed(build, "n_neighbors_", "is %lld of %zu training rows",
                              (long long)m->k, count);
    m->neighbors.k = m->k;
    if (!m->densities.present || m->densities.rows * m->densities.columns != count)
        return brn_ill_formed(build, "_lrd", "has %zu values for %zu training rows",
                              m->densities.rows * m->densities.columns, count);
    if (!m->distances.present || m->distances.dimensions != 2 || m->distances.rows != count ||
        m->distances.columns < (size_t)m->k)
        return brn_ill_formed(build, "_distances_fit_X_", "has %zu rows for %zu training rows",
                              m->distances.rows, count);
    m->farthest = BRN_BUILD_NEW(build, double, count);
    if (!m->farthest)
        return brn_fail_memory(build->err);
    for (size_t r = 0; r < count; r++)
        m->farthest[r] = m->distances.values[r * m->distances.columns + (size_t)m->k - 1];
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct outlier_factor *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->neighbors.columns));
    BRN_TRY(brn_bind_outlier_labels(build, me));
    me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(build->arena, 1, NULL);
    me->out[BRINE_METHOD_SCORE_SAMPLES] = brn_schema_numbers(build->arena, 1, NULL);
    return me->out[BRINE_METHOD_DECISION_FUNCTION] && me->out[BRINE_METHOD_SCORE_SAMPLES]
               ? BRINE_OK
               : brn_fail_memory(build->err);
}

/* One row's neighbours; distances become room. */
static double score(const struct outlier_factor *m, double *distances, const uint32_t *indices)
{
    size_t k = (size_t)m->k;
    for (size_t i = 0; i < k; i++)
        if (m->farthest[indices[i]] > distances[i])
            distances[i] = m->farthest[indices[i]];
    double own = 1.0 / (brn_sum_numpy(distances, k) / (double)k + 1e-10);
    for (size_t i = 0; i < k; i++)
        distances[i] = m->densities.values[indices[i]] / own;
    return -(brn_sum_numpy(distances, k) / (double)k);
}

/* Which of equally far rows answer matters where they differ. */
static brine_status check_tied(const struct outlier_factor *m, const struct brn_found *found,
                               const struct brn_tile *in, size_t r, struct brn_work *work)
{
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tied tied;
    bool are_alike = true;
    brine_status status = brn_neighbors_tied(&m->neighbors, found, in, r, work, &tied);
    for (size_t i = 1; status == BRINE_OK && i < tied.count; i++)
        are_alike = are_alike &&
                    m->densities.values[tied.indices[i]] == m->densities.values[tied.indices[0]] &&
                    m->farthest[tied.indices[i]] == m->farthest[tied.indices[0]];
    brn_work_release(work, mark);
    return status != BRINE_OK || are_alike ? status : brn_refuse_tied(&m->neighbors, in, r, work);
}

static const struct brn_era single_eras[] = {
    {0, 10200, false, "distances are float64"},
    {10200, 0, true, "float32 rows: distances are rounded"},
    BRN_ERA_END,
};

static brine_status scores(const struct brn_instance *me, const struct brn_tile *in,
                           struct brn_work *work, double **ret_scores)
{
    const struct outlier_factor *m = me->self;
    struct brn_found found;
    size_t k = (size_t)m->k;
    double *values = brn_work_take(work, in->rows, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_neighbors_nearest(&m->neighbors, in, work, &found));
    for (size_t r = 0; r < in->rows; r++)
        BRN_TRY(check_tied(m, &found, in, r, work));
    bool rounds = in->single && brn_era_behaviour(single_eras, me->version);
    for (size_t i = 0; rounds && i < in->rows * k; i++)
        found.distances[i] = (double)(float)found.distances[i];
    for (size_t r = 0; r < in->rows; r++)
        values[r] = score(m, found.distances + r * k, found.indices + r * k);
    *ret_scores = values;
    return BRINE_OK;
}

static brine_status score_samples(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    double *values;
    BRN_TRY(scores(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = values[r];
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct outlier_factor *m = me->self;
    double *values;
    BRN_TRY(scores(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = values[r] - m->offset;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct outlier_factor *m = me->self;
    double *values;
    BRN_TRY(scores(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = !(values[r] - m->offset < 0);
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct outlier_factor *m = me->self;
    (void)method;
    return brn_neighbors_equality(&m->neighbors);
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct outlier_factor, k, "n_neighbors_", INT, "how many rows answer"),
    BRN_FIELD(struct outlier_factor, densities, "_lrd", MATRIX,
              "the reachability density of each training row"),
    BRN_FIELD(struct outlier_factor, distances, "_distances_fit_X_", MATRIX,
              "of each training row's neighbours"),
    BRN_FIELD(struct outlier_factor, offset, "offset_", NUMBER, "the score of the threshold"),
    BRN_FIELD(struct outlier_factor, novelty, "novelty", BOOL, "whether new rows can be asked"),
    BRN_FIELD_IGNORE("negative_outlier_factor_", "of the training rows"),
    BRN_FIELD_IGNORE("contamination", "offset_ is what it came to"),
    BRN_FIELD_IGNORE("_contamination", "offset_ is what it came to"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.neighbors._lof", "sklearn.neighbors.lof", NULL};

static const struct brn_estimator outlier_factor = {
    .name = "LocalOutlierFactor",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct outlier_factor),
    .fields = fields,
    .more_fields = brn_neighbors_fields,
    .prepare = prepare,
    .bind = bind,
    .equality = equality,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_BOUNDED},
            [BRINE_METHOD_SCORE_SAMPLES] = {score_samples, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&outlier_factor, NULL};

const struct brn_family brn_family_outlier_factor = {estimators};
