/* SPDX-License-Identifier: Apache-2.0
 *
 * count_sketch.c - PolynomialCountSketch: each degree adds the features, with signs, into buckets;
 * the sketches are convolved.  sklearn/kernel_approximation.py does that by FFT, whose rounding
 * spreads over all buckets; here the products are added as they are. */
#include "estimators/shared_outputs.h"

#include <math.h>

struct count_sketch {
    double gamma, coef0;
    struct brn_matrix indices, signs; /* degrees x features, and one for coef0 */
    int64_t components;

    size_t buckets, degrees, entries, width;
    double scale, offset; /* roots of gamma and coef0 */
    uint32_t *places;     /* of indices */
    int32_t *columns;
};

static brine_status read_places(struct count_sketch *m, struct brn_build *build)
{
    size_t count = m->degrees * m->entries;
    m->places = BRN_BUILD_NEW(build, uint32_t, count);
    if (!m->places)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++) {
        double place = m->indices.values[i], sign = m->signs.values[i];
        if (!(place >= 0 && place < (double)m->buckets) || floor(place) < place)
            return brn_ill_formed(build, "indexHash_", "%g is no component of %zu", place,
                                  m->buckets);
        if (!(fabs(sign) >= 1 && fabs(sign) <= 1))
            return brn_ill_formed(build, "bitHash_", "%g is no sign", sign);
        m->places[i] = (uint32_t)place;
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct count_sketch *m = me->self;
    bool shifts = m->coef0 < 0 || m->coef0 > 0;
    if (!(m->gamma >= 0 && m->coef0 >= 0))
        return brn_unsupported(build, "gamma", "%g, or coef0, %g, has no root", m->gamma, m->coef0);
    if (m->components < 1 || m->components > INT32_MAX)
        return brn_ill_formed(build, "n_components", "is %lld", (long long)m->components);
    m->buckets = (size_t)m->components;
    m->degrees = m->indices.rows;
    m->entries = m->indices.columns;
    if (m->indices.dimensions != 2 || m->degrees == 0 || m->entries <= shifts ||
        m->signs.rows != m->degrees || m->signs.columns != m->entries)
        return brn_ill_formed(build, "indexHash_", "is %zu x %zu, bitHash_ %zu x %zu", m->degrees,
                              m->entries, m->signs.rows, m->signs.columns);
    m->width = m->entries - shifts;
    m->scale = sqrt(m->gamma);
    m->offset = sqrt(m->coef0);
    BRN_TRY(brn_expect_features(build, me, m->width, "indexHash_"));
    return read_places(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct count_sketch *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_prefixed(build, me, m->buckets);
}

/* What numpy of the release's time makes of float64 * float32 rows. */
static const struct brn_era single_eras[] = {
    {0, 10500, true, "float32 rows are multiplied as float32 (numpy 1)"},
    {10500, 0, false, "they become float64 (numpy 2)"},
    BRN_ERA_END,
};

struct sketching {
    double *values;            /* of the row, one an entry */
    double *sketch, *sum, *to; /* one a bucket */
};

/* One degree's sketch. */
static void sketch_degree(const struct count_sketch *m, size_t degree, const double *values,
                          double *sketch)
{
    const uint32_t *places = m->places + degree * m->entries;
    const double *signs = m->signs.values + degree * m->entries;
    memset(sketch, 0, m->buckets * sizeof *sketch);
    for (size_t i = 0; i < m->entries; i++)
        sketch[places[i]] += signs[i] * values[i];
}

/* to = sum convolved with sketch, in a circle; what is 0 of the sketch adds nothing. */
static void convolve(const struct count_sketch *m, const struct sketching *s)
{
    size_t n = m->buckets;
    memset(s->to, 0, n * sizeof *s->to);
    for (size_t k = 0; k < n; k++) {
        double factor = s->sketch[k];
        if (factor >= 0 && factor <= 0)
            continue;
        for (size_t i = 0; i < n - k; i++)
            s->to[i + k] += factor * s->sum[i];
        for (size_t i = n - k; i < n; i++)
            s->to[i + k - n] += factor * s->sum[i];
    }
}

static void transform_row(const struct count_sketch *m, struct sketching s, double *out)
{
    sketch_degree(m, 0, s.values, s.sum);
    for (size_t degree = 1; degree < m->degrees; degree++) {
        double *swap = s.sum;
        sketch_degree(m, degree, s.values, s.sketch);
        convolve(m, &s);
        s.sum = s.to;
        s.to = swap;
    }
    memcpy(out, s.sum, m->buckets * sizeof *out);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct count_sketch *m = me->self;
    bool rounds = in->single && brn_era_behaviour(single_eras, me->version);
    double scale = rounds ? (double)(float)m->scale : m->scale;
    struct sketching s = {.values = brn_work_take(work, m->entries, sizeof(double)),
                          .sketch = brn_work_take(work, m->buckets, sizeof(double)),
                          .sum = brn_work_take(work, m->buckets, sizeof(double)),
                          .to = brn_work_take(work, m->buckets, sizeof(double))};
    if (!s.values || !s.sketch || !s.sum || !s.to)
        return brn_fail_memory(work->err);
    out->single = false;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t i = 0; i < m->width; i++) {
            double x = scale * in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            s.values[i] = rounds ? (double)(float)x : x;
        }
        if (m->width < m->entries)
            s.values[m->width] = m->offset;
        transform_row(m, s, out->numbers + r * out->number_stride);
    }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct count_sketch, gamma, "gamma", NUMBER, "rows are multiplied by its root"),
    BRN_FIELD(struct count_sketch, coef0, "coef0", NUMBER, "its root is one more feature"),
    BRN_FIELD(struct count_sketch, components, "n_components", INT, "how many outputs"),
    BRN_FIELD(struct count_sketch, indices, "indexHash_", MATRIX, "where each feature is added"),
    BRN_FIELD(struct count_sketch, signs, "bitHash_", MATRIX, "and with which sign"),
    BRN_FIELD_IGNORE("degree", "indexHash_ has a row a degree"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("_n_features_out", "n_components"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.kernel_approximation", NULL};

static const struct brn_estimator polynomial_count_sketch = {
    .name = "PolynomialCountSketch",
    .modules = modules,
    .since = 2400,
    .size = sizeof(struct count_sketch),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}},
};

static const struct brn_estimator *const estimators[] = {&polynomial_count_sketch, NULL};

const struct brn_family brn_family_count_sketch = {estimators};
