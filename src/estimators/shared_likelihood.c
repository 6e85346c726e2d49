/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_likelihood.h"

#include "kernel/sum.h"

#include <math.h>

brine_status brn_likelihood_check(struct brn_likelihood *m, struct brn_build *build,
                                  brn_joint *joint)
{
    m->joint = joint;
    if (m->classes.count == 0)
        return brn_ill_formed(build, "classes_", "is empty");
    return brn_labels(build, &m->classes, &m->labels);
}

brine_status brn_likelihood_bind(struct brn_instance *me, struct brn_build *build)
{
    struct brn_likelihood *m = me->self;
    static const brine_method methods[] = {BRINE_METHOD_PREDICT_PROBA,
                                           BRINE_METHOD_PREDICT_LOG_PROBA};
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &m->labels, 1);
    if (!me->out[BRINE_METHOD_PREDICT])
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        const char *const *names = brn_label_names(build, methods[i], m->labels);
        if (names)
            me->out[methods[i]] = brn_schema_numbers(build->arena, m->classes.count, names);
        if (!me->out[methods[i]])
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

static int32_t largest(const double *row, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n && !isnan(row[best]); i++)
        if (row[i] > row[best] || isnan(row[i]))
            best = i;
    return (int32_t)best;
}

brine_status brn_likelihood_predict(const struct brn_instance *me, const struct brn_tile *in,
                                    struct brn_tile *out, struct brn_work *work)
{
    const struct brn_likelihood *m = me->self;
    size_t n = m->classes.count;
    double *scores = brn_work_take(work, in->rows * n, sizeof *scores);
    if (!scores)
        return brn_fail_memory(work->err);
    BRN_TRY(m->joint(me, in, scores, n, work));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = largest(scores + r * n, n);
    return BRINE_OK;
}

/* scipy.special.logsumexp; terms holds n values. */
static double logsumexp(const double *row, size_t n, double *terms)
{
    double most = row[0];
    for (size_t i = 1; i < n; i++)
        most = row[i] > most || isnan(row[i]) ? row[i] : most;
    double shift = isfinite(most) ? most : 0;
    for (size_t i = 0; i < n; i++)
        terms[i] = exp(row[i] - shift);
    return log(brn_sum_numpy(terms, n)) + shift;
}

brine_status brn_likelihood_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct brn_likelihood *m = me->self;
    size_t n = m->classes.count;
    double *terms = brn_work_take(work, n, sizeof *terms);
    if (!terms)
        return brn_fail_memory(work->err);
    BRN_TRY(m->joint(me, in, out->numbers, out->number_stride, work));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        double all = logsumexp(row, n, terms);
        for (size_t i = 0; i < n; i++)
            row[i] -= all;
    }
    out->single = in->single && m->is_single;
    return BRINE_OK;
}

brine_status brn_likelihood_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct brn_likelihood *m = me->self;
    BRN_TRY(brn_likelihood_log_proba(me, in, out, work));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->classes.count; i++)
            out->numbers[r * out->number_stride + i] =
                exp(out->numbers[r * out->number_stride + i]);
    return BRINE_OK;
}
