/* SPDX-License-Identifier: Apache-2.0
 *
 * calibrators.c - what turns scores into probabilities inside a CalibratedClassifierCV:
 * _SigmoidCalibration, _TemperatureScaling.  (The third is IsotonicRegression.)
 * sklearn/calibration.py. */
#include "estimators/shared_parts.h"
#include "kernel/link.h"
#include "kernel/sum.h"

#include <math.h>

struct calibrator {
    double a, b; /* of a sigmoid */
    double beta; /* of a temperature */
    int32_t *columns;
    size_t count;
};

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct calibrator *m = me->self;
    m->count = in->count;
    return brn_bind_numbers(build, me, in, &m->columns);
}

/* ---- _SigmoidCalibration ---- */

static brine_status bind_sigmoid(struct brn_instance *me, const struct brn_schema *in,
                                 struct brn_build *build)
{
    if (in->count != 1)
        return brn_ill_formed(build, "", "takes one score, not %zu", in->count);
    BRN_TRY(bind(me, in, build));
    return brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, 1, NULL);
}

static const struct brn_era precision_eras[] = {
    {0, 10500, true, "float32 scores: numpy 1 computes in float32, for a_ is a scalar"},
    {10500, 0, false, "numpy 2 computes in float64"},
    BRN_ERA_END,
};

static brine_status run_sigmoid(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    const struct calibrator *m = me->self;
    bool single = in->single && brn_era_behaviour(precision_eras, me->version);
    double a = brn_rounded(m->a, single), b = brn_rounded(m->b, single);
    (void)work;
    out->single = single;
    for (size_t r = 0; r < in->rows; r++) {
        double score = in->numbers[r * in->number_stride + (size_t)m->columns[0]];
        double at = brn_rounded(brn_rounded(a * score, single) + b, single);
        out->numbers[r * out->number_stride] = brn_rounded(brn_expit(-at), single);
    }
    return BRINE_OK;
}

/* ---- _TemperatureScaling ---- */

static brine_status bind_temperature(struct brn_instance *me, const struct brn_schema *in,
                                     struct brn_build *build)
{
    BRN_TRY(bind(me, in, build));
    return brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, in->count == 1 ? 2 : in->count,
                                   NULL);
}

/* _convert_to_logits looks whether rows are probabilities (all of a call together; here each for
 * itself). */
static bool are_probabilities(const double *row, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!(row[k] >= 0 && row[k] <= 1))
            return false;
    return fabs(brn_sum_numpy(row, count) - 1) <= 1e-5;
}

static void find_logits(double *row, size_t count, bool single)
{
    if (count == 1) {
        row[1] = row[0];
        row[0] = -row[0];
        return;
    }
    bool logarithm = are_probabilities(row, count);
    for (size_t k = 0; logarithm && k < count; k++)
        row[k] = brn_rounded(log(brn_rounded(row[k] + 1e-12, single)), single);
}

static brine_status run_temperature(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct calibrator *m = me->self;
    size_t width = me->out[BRINE_METHOD_PREDICT]->count;
    (void)work;
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        for (size_t k = 0; k < m->count; k++)
            row[k] = in->numbers[r * in->number_stride + (size_t)m->columns[k]];
        find_logits(row, m->count, in->single);
        for (size_t k = 0; k < width; k++)
            row[k] *= m->beta;
        brn_softmax(row, width);
    }
    return BRINE_OK;
}

/* ---- the family ---- */

static const struct brn_field sigmoid_fields[] = {
    BRN_FIELD(struct calibrator, a, "a_", NUMBER, "slope"),
    BRN_FIELD(struct calibrator, b, "b_", NUMBER, "intercept"),
    BRN_FIELD_END,
};

static const struct brn_field temperature_fields[] = {
    BRN_FIELD(struct calibrator, beta, "beta_", NUMBER, "what scores are multiplied by"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.calibration", NULL};

static const struct brn_estimator sigmoid = {
    .name = "_SigmoidCalibration",
    .modules = modules,
    .size = sizeof(struct calibrator),
    .fields = sigmoid_fields,
    .bind = bind_sigmoid,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_PREDICT] = {run_sigmoid, BRN_ULPS}},
};

static const struct brn_estimator temperature = {
    .name = "_TemperatureScaling",
    .since = 10800,
    .modules = modules,
    .size = sizeof(struct calibrator),
    .fields = temperature_fields,
    .bind = bind_temperature,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_PREDICT] = {run_temperature, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&sigmoid, &temperature, NULL};

const struct brn_family brn_family_calibrators = {estimators};
