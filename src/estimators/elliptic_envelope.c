/* SPDX-License-Identifier: Apache-2.0
 *
 * elliptic_envelope.c - EllipticEnvelope: a robust Mahalanobis distance and its threshold.
 * sklearn/covariance/_elliptic_envelope.py, _empirical_covariance.py mahalanobis. */
#include "estimators/shared_integer_labels.h"
#include "estimators/shared_outputs.h"
#include "kernel/dot.h"

#include <math.h>

struct envelope {
    struct brn_matrix location, precision;
    double offset;    /* since 0.20: minus the threshold */
    double threshold; /* before */
    bool is_old;
    int32_t *columns;
};

static const struct brn_era score_eras[] = {
    {0, 2000, true, "the decision is of roots: threshold^0.33 - distance^0.33"},
    {2000, 0, false, "the decision is -distance - offset_"},
    BRN_ERA_END,
};

static const struct brn_era finite_eras[] = {
    {0, 1900, false, "rows need not be finite"},
    {1900, 0, true, "rows must be finite"},
    BRN_ERA_END,
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct envelope *m = me->self;
    m->is_old = brn_era_behaviour(score_eras, me->version);
    size_t n = m->location.rows * m->location.columns;
    if (!m->location.present || n == 0)
        return brn_ill_formed(build, "location_", "is empty");
    BRN_TRY(brn_expect_features(build, me, n, "location_"));
    if (!m->precision.present)
        return brn_unsupported(build, "precision_", "was not stored");
    if (m->precision.rows != n || m->precision.columns != n)
        return brn_ill_formed(build, "precision_", "is %zu x %zu for %zu features",
                              m->precision.rows, m->precision.columns, n);
    for (size_t i = 0; i < n; i++) /* symmetric, so that rows are columns */
        for (size_t j = i + 1; j < n; j++) {
            double *a = &m->precision.values[i * n + j], *b = &m->precision.values[j * n + i];
            *a = *b = 0.5 * (*a + *b);
        }
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct envelope *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_outlier_labels(build, me));
    me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(build->arena, 1, NULL);
    if (!me->out[BRINE_METHOD_DECISION_FUNCTION])
        return brn_fail_memory(build->err);
    if (!m->is_old)
        me->out[BRINE_METHOD_SCORE_SAMPLES] = me->out[BRINE_METHOD_DECISION_FUNCTION];
    return BRINE_OK;
}

/* Squared Mahalanobis distances. */
static brine_status distances(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_work *work, double **ret_distances)
{
    const struct envelope *m = me->self;
    size_t n = m->precision.columns;
    if (brn_era_behaviour(finite_eras, me->version))
        BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    double *x = brn_centered_rows(work, in, m->columns, n, m->location.values, false);
    double *product = brn_work_take(work, n, sizeof *product);
    double *to = brn_work_take(work, in->rows, sizeof *to);
    if (!x || !product || !to)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++) {
        brn_dot_rows(x + r * n, 1, 0, m->precision.values, n, n, NULL, product, 0);
        brn_dot_rows(x + r * n, 1, 0, product, 1, n, NULL, to + r, 0);
    }
    *ret_distances = to;
    return BRINE_OK;
}

static brine_status score_samples(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    double *values;
    BRN_TRY(distances(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = -values[r];
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct envelope *m = me->self;
    double *values;
    BRN_TRY(distances(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] =
            m->is_old ? pow(m->threshold, 0.33) - pow(values[r], 0.33) : -values[r] - m->offset;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct envelope *m = me->self;
    double *values;
    BRN_TRY(distances(me, in, work, &values));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] =
            m->is_old ? values[r] <= m->threshold : -values[r] - m->offset >= 0;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct envelope, location, "location_", MATRIX, "the centre"),
    BRN_FIELD(struct envelope, precision, "precision_", MATRIX, "the inverse of the covariance"),
    BRN_FIELD_WINDOW(struct envelope, threshold, "threshold_", NUMBER, 0, 2000,
                     "the distance of the threshold"),
    BRN_FIELD_WINDOW(struct envelope, offset, "offset_", NUMBER, 2000, 0,
                     "minus the distance of the threshold"),
    BRN_FIELD_IGNORE("covariance_", "precision_ is its inverse"),
    BRN_FIELD_IGNORE("store_precision", "precision_ is there or not"),
    BRN_FIELD_IGNORE("assume_centered", "location_ is what it came to"),
    BRN_FIELD_IGNORE("contamination", "offset_ is what it came to"),
    BRN_FIELD_IGNORE("support_fraction", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("dist_", "of the training rows"),
    BRN_FIELD_IGNORE("support_", "of fit"),
    BRN_FIELD_IGNORE("raw_location_", "of fit"),
    BRN_FIELD_IGNORE("raw_covariance_", "of fit"),
    BRN_FIELD_IGNORE("raw_support_", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.covariance._elliptic_envelope",
                                      "sklearn.covariance.elliptic_envelope",
                                      "sklearn.covariance.outlier_detection", NULL};

static const struct brn_estimator envelope = {
    .name = "EllipticEnvelope",
    .modules = modules,
    .size = sizeof(struct envelope),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_BOUNDED},
            [BRINE_METHOD_SCORE_SAMPLES] = {score_samples, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&envelope, NULL};

const struct brn_family brn_family_elliptic_envelope = {estimators};
