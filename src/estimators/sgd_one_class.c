/* SPDX-License-Identifier: Apache-2.0
 *
 * sgd_one_class.c - SGDOneClassSVM: on which side of a plane a row is (1 within, -1 an outlier).
 * sklearn/linear_model/_stochastic_gradient.py. */
#include "estimators/shared_integer_labels.h"
#include "estimators/shared_linear.h"

struct one_class {
    struct brn_linear linear; /* intercept is offset_, which is subtracted */
    double offset;
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct one_class *m = me->self;
    if (!m->linear.intercept.present || m->linear.intercept.columns != 1 ||
        m->linear.intercept.rows != 1)
        return brn_ill_formed(build, "offset_", "is no number");
    BRN_TRY(brn_linear_check(&m->linear, me, build));
    if (m->linear.coef.rows != 1)
        return brn_ill_formed(build, "coef_", "has %zu rows", m->linear.coef.rows);
    m->offset = m->linear.bias[0];
    m->linear.bias[0] = -m->offset;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct one_class *m = me->self;
    BRN_TRY(brn_linear_bind(&m->linear, me, in, build));
    BRN_TRY(brn_bind_outlier_labels(build, me));
    me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(build->arena, 1, NULL);
    me->out[BRINE_METHOD_SCORE_SAMPLES] = brn_schema_numbers(build->arena, 1, NULL);
    bool whole = me->out[BRINE_METHOD_DECISION_FUNCTION] && me->out[BRINE_METHOD_SCORE_SAMPLES];
    return whole ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status decide(const struct brn_instance *me, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work)
{
    const struct one_class *m = me->self;
    out->single = brn_linear_is_single(&m->linear, in);
    return brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work);
}

static brine_status score_samples(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct one_class *m = me->self;
    BRN_TRY(decide(me, in, out, work));
    for (size_t r = 0; r < out->rows; r++)
        out->numbers[r * out->number_stride] += m->offset;
    return BRINE_OK;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct one_class *m = me->self;
    double *scores = brn_work_take(work, in->rows, sizeof *scores);
    if (!scores)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_linear_scores(&m->linear, in, scores, 1, work));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = scores[r] >= 0;
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct brn_linear, coef_node, "coef_", NODE, "a weight a feature"),
    BRN_FIELD(struct brn_linear, intercept, "offset_", MATRIX, "what is subtracted"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.linear_model._stochastic_gradient", NULL};

static const struct brn_estimator sgd_one_class = {
    .name = "SGDOneClassSVM",
    .modules = modules,
    .size = sizeof(struct one_class),
    .fields = fields,
    .more_fields = brn_linear_fit_fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {decide, BRN_BOUNDED},
            [BRINE_METHOD_SCORE_SAMPLES] = {score_samples, BRN_BOUNDED},
        },
    .takes_compressed = true,
    .since = 10000,
};

static const struct brn_estimator *const estimators[] = {&sgd_one_class, NULL};

const struct brn_family brn_family_sgd_one_class = {estimators};
