/* SPDX-License-Identifier: Apache-2.0
 *
 * quantile.c - QuantileTransformer: the empirical distribution function of each feature, and for
 * normal outputs the normal quantile of it.  sklearn/preprocessing/_data.py. */
#include "kernel/interpolate.h"
#include "kernel/normal.h"
#include "model/estimator.h"

#include <float.h>
#include <math.h>

struct quantile {
    const char *distribution;
    bool is_normal, ignore_implicit_zeros, is_sparse;
    struct brn_matrix quantiles, references; /* quantiles: points x features */

    size_t points, count;
    double *rising, *falling;   /* of each feature its quantiles, and them negated backwards */
    double *falling_references; /* likewise */
    double lowest, highest;     /* where normal outputs end */
    int32_t *columns;
};

static const double EDGE = 1e-7; /* BOUNDS_THRESHOLD */

static brine_status spread(struct quantile *m, struct brn_build *build)
{
    size_t n = m->points;
    m->rising = BRN_BUILD_NEW(build, double, n * m->count);
    m->falling = BRN_BUILD_NEW(build, double, n * m->count);
    m->falling_references = BRN_BUILD_NEW(build, double, n);
    if (!m->rising || !m->falling || !m->falling_references)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < n; k++) {
        m->falling_references[n - 1 - k] = -m->references.values[k];
        for (size_t i = 0; i < m->count; i++) {
            double q = m->quantiles.values[k * m->count + i];
            m->rising[i * n + k] = q;
            m->falling[i * n + n - 1 - k] = -q;
            if (k > 0 && q < m->rising[i * n + k - 1])
                return brn_unsupported(build, "quantiles_",
                                       "fall at %zu of feature %zu: where numpy's search then ends "
                                       "depends on the rows around",
                                       k, i);
        }
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct quantile *m = me->self;
    m->is_normal = brn_text_is(m->distribution, "normal");
    if (!m->is_normal && !brn_text_is(m->distribution, "uniform"))
        return brn_ill_formed(build, "output_distribution", "is neither uniform nor normal");
    m->points = m->references.columns;
    m->count = m->quantiles.columns;
    if (m->references.rows != 1 || m->points == 0 || m->quantiles.rows != m->points)
        return brn_ill_formed(build, "quantiles_", "are %zu for %zu references_", m->quantiles.rows,
                              m->points);
    m->lowest = brn_normal_quantile(EDGE - DBL_EPSILON);
    m->highest = brn_normal_quantile(1 - (EDGE - DBL_EPSILON));
    BRN_TRY(brn_expect_features(build, me, m->count, "quantiles_"));
    return spread(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct quantile *m = me->self;
    m->is_sparse = in->is_sparse;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(brn_bind_one_to_one(build, me, in, 0));
    me->out[BRINE_METHOD_INVERSE_TRANSFORM] = me->out[BRINE_METHOD_TRANSFORM];
    return BRINE_OK;
}

/* ---- running ---- */

static const struct brn_era edge_eras[] = {
    {0, 2100, true, "values within 1e-7 of an end count as it, and uniform outputs are clipped"},
    {2100, 0, false, "that is so of normal outputs only"},
    BRN_ERA_END,
};

static const struct brn_era compare_eras[] = {
    {0, 10500, true, "float32 rows: ends are rounded before comparing (numpy 1)"},
    {10500, 0, false, "they are compared as float64 (numpy 2)"},
    BRN_ERA_END,
};

static const struct brn_era early_eras[] = {
    {0, 2000, true, "NaN is refused; float32 rows: probabilities are not rounded"},
    {2000, 0, false, "NaN stays NaN; probabilities are rounded"},
    BRN_ERA_END,
};

/* How the values of one tile are mapped. */
struct mapping {
    const struct quantile *m;
    bool has_edges, single, rounds_ends, rounds_shares;
};

static struct mapping mapping_of(const struct brn_instance *me, bool single)
{
    const struct quantile *m = me->self;
    return (struct mapping){m, m->is_normal || brn_era_behaviour(edge_eras, me->version), single,
                            single && brn_era_behaviour(compare_eras, me->version),
                            single && !brn_era_behaviour(early_eras, me->version)};
}

static double rounded(double x, bool single)
{
    return single ? (double)(float)x : x;
}

/* At or beyond the lower (upper) end. */
static bool is_low(const struct mapping *map, double x, double end)
{
    end = rounded(end, map->rounds_ends);
    return map->has_edges ? rounded(x - rounded(EDGE, map->single), map->single) < end
                          : x <= end && x >= end;
}

static bool is_high(const struct mapping *map, double x, double end)
{
    end = rounded(end, map->rounds_ends);
    return map->has_edges ? rounded(x + rounded(EDGE, map->single), map->single) > end
                          : x <= end && x >= end;
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double forward(const struct mapping *map, size_t i, double x)
{
    const struct quantile *m = map->m;
    size_t n = m->points;
    const double *rising = m->rising + i * n, *falling = m->falling + i * n;
    double y = 0.5 * (brn_interpolate(x, rising, m->references.values, n) -
                      brn_interpolate(-x, falling, m->falling_references, n));
    y = rounded(isnan(x) ? x : y, map->rounds_shares);
    if (is_high(map, x, rising[n - 1]))
        y = 1;
    if (is_low(map, x, rising[0]))
        y = 0;
    if (m->is_normal)
        return clip(rounded(brn_normal_quantile(y), map->rounds_shares), m->lowest, m->highest);
    return map->has_edges ? clip(y, EDGE - DBL_EPSILON, 1 - (EDGE - DBL_EPSILON)) : y;
}

static double backward(const struct mapping *map, size_t i, double x)
{
    const struct quantile *m = map->m;
    size_t n = m->points;
    const double *rising = m->rising + i * n;
    double p = x;
    if (m->is_normal)
        p = rounded(brn_normal_cdf(x), map->single);
    else if (map->has_edges) /* scipy.stats.uniform.cdf */
        p = clip(x, 0, 1);
    double y = rounded(brn_interpolate(p, m->references.values, rising, n), map->single);
    if (is_high(map, p, 1))
        y = rising[n - 1];
    if (is_low(map, p, 0))
        y = rising[0];
    return y;
}

static brine_status map_rows(const struct brn_instance *me, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work,
                             double (*one)(const struct mapping *, size_t, double))
{
    const struct quantile *m = me->self;
    struct mapping map = mapping_of(me, in->single);
    out->single = in->single;
    bool early = brn_era_behaviour(early_eras, me->version);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->count,
                             early ? BRN_NAN_REFUSED : BRN_NAN_ALLOWED));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->count; i++) {
            double x = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            bool stored = !m->is_sparse || x < 0 || x > 0 || isnan(x);
            if (m->is_sparse && x < 0 && !m->ignore_implicit_zeros)
                return brn_refuse(work, in, r, NULL, "sparse rows must not be negative here");
            out->numbers[r * out->number_stride + i] =
                stored ? rounded(one(&map, i, x), in->single) : x;
        }
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    return map_rows(me, in, out, work, forward);
}

static brine_status inverse(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    return map_rows(me, in, out, work, backward);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct quantile *m = me->self;
    (void)method;
    return m->is_normal ? BRN_ULPS : BRN_EXACT;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct quantile, distribution, "output_distribution", TEXT, "uniform or normal"),
    BRN_FIELD(struct quantile, ignore_implicit_zeros, "ignore_implicit_zeros", BOOL,
              "whether sparse rows may be negative"),
    BRN_FIELD(struct quantile, quantiles, "quantiles_", MATRIX,
              "of the features, points x features"),
    BRN_FIELD(struct quantile, references, "references_", MATRIX, "their probabilities"),
    BRN_FIELD_IGNORE("n_quantiles", "references_ has them"),
    BRN_FIELD_IGNORE("n_quantiles_", "references_ has them"),
    BRN_FIELD_IGNORE("subsample", "rows of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._data", "sklearn.preprocessing.data",
                                      NULL};

static const struct brn_estimator quantile_transformer = {
    .name = "QuantileTransformer",
    .jumps = true,
    .modules = modules,
    .since = 1900,
    .size = sizeof(struct quantile),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .equality = equality,
    .methods =
        {
            [BRINE_METHOD_TRANSFORM] = {transform, BRN_ULPS},
            [BRINE_METHOD_INVERSE_TRANSFORM] = {inverse, BRN_ULPS},
        },
};

static const struct brn_estimator *const estimators[] = {&quantile_transformer, NULL};

const struct brn_family brn_family_quantile = {estimators};
