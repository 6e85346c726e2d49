/* SPDX-License-Identifier: Apache-2.0
 *
 * additive_chi2.c - AdditiveChi2Sampler: of each feature its root, then cosines and sines of its
 * logarithm.  sklearn/kernel_approximation.py. */
#include "model/estimator.h"

#include <math.h>
#include <stdio.h>

enum { MOST_STEPS = 1 << 16 };

struct additive_chi2 {
    const struct brn_node *given; /* sample_interval; None: after sample_steps */
    struct brn_matrix fitted;     /* what fit made of it, until 1.4 */
    int64_t steps;

    double interval;
    double *divisors; /* cosh(pi j interval) of step j */
    size_t width;
    int32_t *columns;
};

static brine_status read_interval(struct additive_chi2 *m, struct brn_build *build)
{
    static const double defaults[] = {0.8, 0.5, 0.4};
    if (m->fitted.present) {
        if (m->fitted.rows * m->fitted.columns != 1)
            return brn_ill_formed(build, "sample_interval_", "is no number");
        m->interval = m->fitted.values[0];
        return BRINE_OK;
    }
    if (brn_is(m->given, BRN_NONE)) {
        if (m->steps > 3)
            return brn_ill_formed(build, "sample_interval", "is None for %lld steps",
                                  (long long)m->steps);
        m->interval = defaults[m->steps - 1];
        return BRINE_OK;
    }
    brine_status status = brn_decode_number(build, m->given, &m->interval);
    if (status != BRINE_OK)
        brn_error_within(build->err, "sample_interval");
    return status;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    static const double pi = 3.14159265358979323846;
    struct additive_chi2 *m = me->self;
    if (m->steps < 1 || m->steps > MOST_STEPS)
        return brn_ill_formed(build, "sample_steps", "is %lld", (long long)m->steps);
    BRN_TRY(read_interval(m, build));
    m->divisors = BRN_BUILD_NEW(build, double, (size_t)m->steps);
    if (!m->divisors)
        return brn_fail_memory(build->err);
    for (int64_t j = 0; j < m->steps; j++)
        m->divisors[j] = cosh(pi * (double)j * m->interval);
    return BRINE_OK;
}

/* "additivechi2sampler_x0_cos1"; group 0 is of roots, then cosines and sines by turns. */
static const char *output_name(struct brn_build *build, const struct brn_schema *in, size_t group,
                               size_t i)
{
    char number[32];
    const char *name = brn_schema_name(in, i);
    if (!name) {
        (void)snprintf(number, sizeof number, "x%zu", i);
        name = number;
    }
    if (group == 0)
        return brn_arena_printf(build->arena, "additivechi2sampler_%s_sqrt", name);
    return brn_arena_printf(build->arena, "additivechi2sampler_%s_%s%zu", name,
                            group % 2 ? "cos" : "sin", (group + 1) / 2);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct additive_chi2 *m = me->self;
    size_t groups = 2 * (size_t)m->steps - 1;
    m->width = in->count;
    if (m->width > UINT32_MAX / groups)
        return brn_fail_memory(build->err);
    const char **names = BRN_BUILD_NEW(build, const char *, groups * m->width);
    for (size_t k = 0; names && k < groups * m->width; k++)
        if (!(names[k] = output_name(build, in, k / m->width, k % m->width)))
            return brn_fail_memory(build->err);
    struct brn_schema *out =
        names ? brn_schema_numbers(build->arena, groups * m->width, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = in->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return brn_bind_numbers(build, me, in, &m->columns);
}

/* Of float32 rows until 1.4 (numpy 1) everything is float32; later the factors are float64. */
static const struct brn_era factor_eras[] = {
    {0, 10500, true, "factors of float32 rows are float32 (numpy 1)"},
    {10500, 0, false, "they are float64 (numpy 2)"},
    BRN_ERA_END,
};

static double rounded(bool single, double v)
{
    return single ? (double)(float)v : v;
}

struct precision {
    bool single, factors;
};

/* The columns of one feature, width apart. */
static void sample(const struct additive_chi2 *m, double x, struct precision is, double *out)
{
    double interval = rounded(is.single, m->interval);
    bool zero = x <= 0;
    double log_step = zero ? 0 : rounded(is.single, interval * rounded(is.single, log(x)));
    double step = rounded(is.single, rounded(is.single, 2 * x) * interval);
    out[0] = zero ? 0 : rounded(is.single, sqrt(rounded(is.single, x * interval)));
    for (int64_t j = 1; j < m->steps; j++) {
        double part = rounded(is.factors, step / rounded(is.factors, m->divisors[j]));
        double factor = rounded(is.factors, sqrt(part));
        double angle = rounded(is.single, (double)j * log_step);
        double *to = out + (size_t)(2 * j - 1) * m->width;
        to[0] = zero ? 0 : rounded(is.single, factor * rounded(is.single, cos(angle)));
        to[m->width] = zero ? 0 : rounded(is.single, factor * rounded(is.single, sin(angle)));
    }
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct additive_chi2 *m = me->self;
    struct precision is = {in->single, in->single && brn_era_behaviour(factor_eras, me->version)};
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->width; i++) {
            double x = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            if (x < 0)
                return brn_refuse(work, in, r, NULL, "a value is negative");
            sample(m, x, is, out->numbers + r * out->number_stride + i);
        }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct additive_chi2, steps, "sample_steps", INT, "how many samples are taken"),
    BRN_FIELD(struct additive_chi2, given, "sample_interval", NODE,
              "between samples; None: 0.8, 0.5, 0.4"),
    BRN_FIELD_WINDOW(struct additive_chi2, fitted, "sample_interval_", MATRIX, 0, 10300,
                     "the same after fit"),
    BRN_FIELD_WINDOW(struct additive_chi2, fitted, "_sample_interval", MATRIX, 10300, 10500,
                     "the same after fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.kernel_approximation", NULL};

static const struct brn_estimator additive_chi2_sampler = {
    .name = "AdditiveChi2Sampler",
    .modules = modules,
    .size = sizeof(struct additive_chi2),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS}},
};

static const struct brn_estimator *const estimators[] = {&additive_chi2_sampler, NULL};

const struct brn_family brn_family_additive_chi2 = {estimators};
