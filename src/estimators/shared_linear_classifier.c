/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_linear_classifier.h"

#include "estimators/shared_multilabel.h"
#include "kernel/link.h"

static const struct brn_era zero_eras[] = {
    {0, 10900, false, "0 / 0"},
    {10900, 0, true, "_base.py 1.9.1, _predict_proba_lr: all_zero"},
    BRN_ERA_END,
};

brine_status brn_linear_classifier_check(struct brn_linear_classifier *m, struct brn_instance *me,
                                         struct brn_build *build)
{
    BRN_TRY(brn_linear_check(&m->linear, me, build));
    size_t classes = m->classes.count, scores = m->linear.coef.rows;
    bool one = classes == 2 && !m->is_multilabel;
    if (classes < 2 || scores != (one ? 1 : classes))
        return brn_ill_formed(build, "coef_", "has %zu rows for %zu classes", scores, classes);
    m->zero_is_uniform = m->link == BRN_LINK_HUBER || brn_era_behaviour(zero_eras, me->version);
    return brn_labels(build, &m->classes, &m->labels);
}

/* ---- binding ---- */

static brine_status bind_numbers(struct brn_instance *me, struct brn_build *build,
                                 brine_method method, size_t count)
{
    const struct brn_linear_classifier *m = me->self;
    const char *const *names = count > 1 ? brn_label_names(build, method, m->labels) : NULL;
    if (names || count == 1)
        me->out[method] = brn_schema_numbers(build->arena, count, names);
    return me->out[method] ? BRINE_OK : brn_fail_memory(build->err);
}

brine_status brn_linear_classifier_bind(struct brn_instance *me, const struct brn_schema *in,
                                        struct brn_build *build)
{
    struct brn_linear_classifier *m = me->self;
    size_t scores = m->linear.coef.rows;
    BRN_TRY(brn_linear_bind(&m->linear, me, in, build));
    me->out[BRINE_METHOD_PREDICT] = m->is_multilabel
                                        ? brn_multilabel_schema(build, scores)
                                        : brn_schema_labels(build->arena, &m->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    BRN_TRY(bind_numbers(me, build, BRINE_METHOD_DECISION_FUNCTION, scores));
    if (m->link == BRN_LINK_NONE)
        return BRINE_OK;
    BRN_TRY(bind_numbers(me, build, BRINE_METHOD_PREDICT_PROBA, m->classes.count));
    return bind_numbers(me, build, BRINE_METHOD_PREDICT_LOG_PROBA, m->classes.count);
}

/* ---- running ---- */

brine_status brn_linear_classifier_decide(const struct brn_instance *me, const struct brn_tile *in,
                                          struct brn_tile *out, struct brn_work *work)
{
    const struct brn_linear_classifier *m = me->self;
    out->single = brn_linear_is_single(&m->linear, in);
    return brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work);
}

brine_status brn_linear_classifier_predict(const struct brn_instance *me, const struct brn_tile *in,
                                           struct brn_tile *out, struct brn_work *work)
{
    const struct brn_linear_classifier *m = me->self;
    size_t scores = m->linear.coef.rows;
    double *values = brn_work_take(work, in->rows * scores, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_linear_scores(&m->linear, in, values, scores, work));
    if (scores > 1 && !m->is_multilabel) {
        brn_argmax(values, in->rows, scores, out->codes, out->code_stride);
        return BRINE_OK;
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < scores; k++)
            out->codes[r * out->code_stride + k] = values[r * scores + k] > 0;
    return BRINE_OK;
}

static void divide_by_sum(const struct brn_linear_classifier *m, double *row)
{
    size_t n = m->classes.count;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    bool uniform = sum == 0 && m->zero_is_uniform;
    for (size_t i = 0; i < n; i++)
        row[i] = uniform ? 1 / (double)n : row[i] / sum;
}

static double moved(double score)
{
    return ((score < -1 ? -1 : score > 1 ? 1 : score) + 1) / 2;
}

/* Of each class for itself; of two classes there is one score. */
static void rates(const struct brn_linear_classifier *m, double *row)
{
    for (size_t i = 0; i < m->linear.coef.rows; i++)
        row[i] = m->link == BRN_LINK_HUBER ? moved(row[i]) : brn_expit(row[i]);
    if (m->linear.coef.rows > 1) {
        divide_by_sum(m, row);
        return;
    }
    row[1] = row[0];
    row[0] = 1 - row[0];
}

static void apply_link(const struct brn_linear_classifier *m, double *row)
{
    size_t n = m->classes.count;
    switch (m->link) {
    case BRN_LINK_NONE:
        break;
    case BRN_LINK_SOFTMAX2:
        row[1] = row[0];
        row[0] = -row[0];
        brn_softmax(row, 2);
        break;
    case BRN_LINK_SOFTMAX:
        brn_softmax(row, n);
        break;
    case BRN_LINK_RATES:
    case BRN_LINK_HUBER:
        rates(m, row);
        break;
    }
}

brine_status brn_linear_classifier_predict_proba(const struct brn_instance *me,
                                                 const struct brn_tile *in, struct brn_tile *out,
                                                 struct brn_work *work)
{
    const struct brn_linear_classifier *m = me->self;
    BRN_TRY(brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work));
    for (size_t r = 0; r < in->rows; r++)
        apply_link(m, out->numbers + r * out->number_stride);
    /* np.ones((n, 2)) is float64 whatever the scores are: _stochastic_gradient.py. */
    bool is_double = m->link == BRN_LINK_HUBER && m->classes.count == 2;
    out->single = brn_linear_is_single(&m->linear, in) && !is_double;
    return BRINE_OK;
}
