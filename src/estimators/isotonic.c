/* SPDX-License-Identifier: Apache-2.0
 *
 * isotonic.c - IsotonicRegression: straight lines between thresholds.
 * sklearn/isotonic.py; scipy's interp1d, which asks np.interp for float64 and computes itself for
 * float32. */
#include "estimators/shared_names.h"

#include <math.h>

enum beyond { BEYOND_NAN, BEYOND_CLIP, BEYOND_RAISE };

struct isotonic {
    struct brn_matrix x, y; /* the thresholds, ascending, and their answers */
    double least, most;     /* where out_of_bounds="clip" cuts */
    const char *out_of_bounds;
    enum beyond beyond;
    bool takes_anything; /* NaN and infinities are not refused */
    bool is_single;      /* rows become float32, and answers are */
    bool rounds;         /* the lines are computed in float32 */
    int32_t *column;
};

static const struct brn_era input_eras[] = {
    {0, 2100, true, "as_float_array: float32 stays, nothing is refused: isotonic.py 0.20.4"},
    {2100, 0, false, "check_array to the type of the thresholds"},
    BRN_ERA_END,
};

/* ---- preparing ---- */

static brine_status check_thresholds(const struct isotonic *m, struct brn_build *build)
{
    size_t n = m->x.columns;
    if (m->x.rows != 1 || m->y.rows != 1 || n == 0 || m->y.columns != n)
        return brn_ill_formed(build, "X_thresholds_", "has %zu values, y_thresholds_ %zu",
                              m->x.columns, m->y.columns);
    for (size_t i = 1; i < n; i++)
        if (!(m->x.values[i - 1] <= m->x.values[i]))
            return brn_ill_formed(build, "X_thresholds_", "does not ascend at %zu", i);
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    static const char *const words[] = {"nan", "clip", "raise"}; /* enum beyond */
    struct isotonic *m = me->self;
    size_t word = 0;
    BRN_TRY(brn_expect_features(build, me, 1, "X_thresholds_"));
    BRN_TRY(check_thresholds(m, build));
    while (word < 3 && !brn_text_is(m->out_of_bounds, words[word]))
        word++;
    if (word == 3)
        return brn_unsupported(build, "out_of_bounds", "is none that brine knows");
    m->beyond = (enum beyond)word;
    m->takes_anything = brn_era_behaviour(input_eras, me->version);
    m->rounds = m->x.itemsize == 4 && m->y.itemsize == 4;
    m->is_single = m->x.itemsize == 4 && !m->takes_anything;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct isotonic *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->column));
    const char *const *names = brn_class_names(build, me, 1);
    me->out[BRINE_METHOD_PREDICT] = brn_schema_numbers(build->arena, 1, NULL);
    if (names)
        me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, 1, names);
    bool whole = me->out[BRINE_METHOD_PREDICT] && me->out[BRINE_METHOD_TRANSFORM];
    return whole ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* The last threshold that is not above x; x is within them. */
static size_t segment_of(const struct isotonic *m, double x)
{
    size_t low = 0, high = m->x.columns;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (m->x.values[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* np.interp. */
static double interpolate(const struct isotonic *m, double at)
{
    const double *x = m->x.values, *y = m->y.values;
    size_t j = segment_of(m, at);
    if (j + 1 == m->x.columns || x[j] == at)
        return y[j];
    double slope = (y[j + 1] - y[j]) / (x[j + 1] - x[j]);
    return slope * (at - x[j]) + y[j];
}

/* scipy's interp1d._call_linear in float32: a threshold belongs to the line that ends there. */
static double interpolate_single(const struct isotonic *m, double at, bool single)
{
    size_t j = segment_of(m, at);
    while (j > 0 && m->x.values[j] == at)
        j--;
    float x0 = (float)m->x.values[j], x1 = (float)m->x.values[j + 1];
    float y0 = (float)m->y.values[j], y1 = (float)m->y.values[j + 1];
    float slope = (y1 - y0) / (x1 - x0);
    if (single)
        return (double)(slope * ((float)at - x0) + y0);
    return (double)slope * (at - (double)x0) + (double)y0;
}

static const char *name_of(const struct isotonic *m, const struct brn_tile *in)
{
    return in->number_names ? in->number_names[m->column[0]] : NULL;
}

static brine_status answer(const struct isotonic *m, const struct brn_tile *in, size_t r, double at,
                           const struct brn_work *work, double *ret)
{
    size_t n = m->x.columns;
    bool below = at<m->x.values[0], above = at> m->x.values[n - 1];
    if (n == 1)
        *ret = m->y.values[0];
    else if ((below || above) && m->beyond == BEYOND_RAISE)
        return brn_refuse(work, in, r, name_of(m, in),
                          "%.17g is outside of what the model was fitted on", at);
    else if (below || above || isnan(at))
        *ret = (double)NAN;
    else
        *ret =
            m->rounds ? interpolate_single(m, at, in->single || m->is_single) : interpolate(m, at);
    return BRINE_OK;
}

/* np.clip leaves NaN. */
static double clipped(const struct isotonic *m, double at, bool single)
{
    double least = single ? (double)(float)m->least : m->least;
    double most = single ? (double)(float)m->most : m->most;
    return at < least ? least : at > most ? most : at;
}

static brine_status run(const struct brn_instance *me, const struct brn_tile *in,
                        struct brn_tile *out, struct brn_work *work)
{
    const struct isotonic *m = me->self;
    if (!m->takes_anything)
        BRN_TRY(brn_check_finite(work, in, m->column, 1, BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++) {
        double at = in->numbers[r * in->number_stride + (size_t)m->column[0]];
        if (m->is_single)
            at = (double)(float)at;
        if (m->is_single && isinf(at))
            return brn_refuse(work, in, r, name_of(m, in), "the value is too large for float32");
        if (m->beyond == BEYOND_CLIP)
            at = clipped(m, at, m->takes_anything && in->single);
        BRN_TRY(answer(m, in, r, at, work, &out->numbers[r * out->number_stride]));
    }
    out->single = m->is_single;
    return BRINE_OK;
}

/* ---- table ---- */

static const struct brn_field fields[] = {
    BRN_FIELD_WINDOW(struct isotonic, x, "_necessary_X_", MATRIX, 0, 2400, "the thresholds"),
    BRN_FIELD_WINDOW(struct isotonic, y, "_necessary_y_", MATRIX, 0, 2400, "their answers"),
    BRN_FIELD_WINDOW(struct isotonic, x, "X_thresholds_", MATRIX, 2400, 0, "the thresholds"),
    BRN_FIELD_WINDOW(struct isotonic, y, "y_thresholds_", MATRIX, 2400, 0, "their answers"),
    BRN_FIELD(struct isotonic, least, "X_min_", NUMBER, "where clip cuts below"),
    BRN_FIELD(struct isotonic, most, "X_max_", NUMBER, "where clip cuts above"),
    BRN_FIELD(struct isotonic, out_of_bounds, "out_of_bounds", TEXT, "nan, clip or raise"),
    BRN_FIELD_IGNORE("_X_", "of the training rows"),
    BRN_FIELD_IGNORE("_y_", "of the training rows"),
    BRN_FIELD_IGNORE("increasing", "of fit; the thresholds have it"),
    BRN_FIELD_IGNORE("increasing_", "of fit; the thresholds have it"),
    BRN_FIELD_IGNORE("y_max", "of fit; the answers have it"),
    BRN_FIELD_IGNORE("y_min", "of fit; the answers have it"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.isotonic", NULL};

static const struct brn_estimator isotonic = {
    .name = "IsotonicRegression",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct isotonic),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run, BRN_EXACT},
            [BRINE_METHOD_TRANSFORM] = {run, BRN_EXACT},
        },
};

static const struct brn_estimator *const estimators[] = {&isotonic, NULL};

const struct brn_family brn_family_isotonic = {estimators};
