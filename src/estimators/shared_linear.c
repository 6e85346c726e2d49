/* SPDX-License-Identifier: Apache-2.0 */
#include "estimators/shared_linear.h"

#include "kernel/dot.h"

brine_status brn_linear_check(struct brn_linear *m, const struct brn_instance *me,
                              struct brn_build *build)
{
    size_t outputs = m->coef.rows, biases = m->intercept.columns;
    if (!m->coef.present || outputs == 0 || m->coef.columns == 0)
        return brn_ill_formed(build, "coef_", "is empty");
    if (me->feature_count && m->coef.columns != me->feature_count)
        return brn_ill_formed(build, "coef_", "has %zu columns for %zu features", m->coef.columns,
                              me->feature_count);
    if (!m->intercept.present || m->intercept.rows != 1 || (biases != 1 && biases != outputs))
        return brn_ill_formed(build, "intercept_", "has %zu values for %zu outputs", biases,
                              outputs);
    m->bias = BRN_BUILD_NEW(build, double, outputs);
    if (!m->bias)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < outputs; i++)
        m->bias[i] = m->intercept.values[biases == 1 ? 0 : i];
    return BRINE_OK;
}

brine_status brn_linear_scores(const struct brn_linear *m, const struct brn_tile *in, double *out,
                               size_t stride, struct brn_work *work)
{
    size_t x_stride, n = m->coef.columns;
    BRN_TRY(brn_check_finite(work, in, m->columns, n, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, n, &x_stride);
    if (!x)
        return brn_fail_memory(work->err);
    brn_dot_rows(x, in->rows, x_stride, m->coef.values, m->coef.rows, n, m->bias, out, stride);
    return BRINE_OK;
}
