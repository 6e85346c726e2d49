/* SPDX-License-Identifier: Apache-2.0
 *
 * spline.c - SplineTransformer: each feature as its B-splines.
 * sklearn/preprocessing/_polynomial.py; the recurrence of de Boor in the order of scipy
 * (interpolate/src/__fitpack). */
#include "model/estimator.h"

#include <math.h>

enum { MOST_DEGREE = 32 };

enum extrapolation { ERROR, CONSTANT, LINEAR, CONTINUE, PERIODIC };

/* One feature's scipy.interpolate.BSpline. */
struct spline {
    struct brn_matrix knots, coefficients; /* coefficients: knots - degree - 1 rows */
    size_t degree, bases;                  /* bases: knots - degree - 1 */
    double low, high;                      /* where constant and linear extrapolation begin */
    double *at_low, *at_high, *slope_low, *slope_high; /* outputs of a feature each */
    size_t reach; /* how many outputs extrapolation touches on each side */
};

struct spline_transformer {
    const char *extrapolation_name, *missing_name;
    int64_t degree;
    bool include_bias, sparse_output, zeros_missing;
    const struct brn_node *splines_node;

    enum extrapolation extrapolation;
    struct spline *splines;
    size_t width, outputs, kept; /* of a feature: its splines, and how many are given */
    int32_t *columns;
};

/* ---- evaluation ---- */

/* The knot interval of x among those between the outermost degree + 1 knots. */
static size_t interval_of(const struct spline *s, double x)
{
    size_t low = s->degree, high = s->bases;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (x >= s->knots.values[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* One step of the recurrence, from the j bases of degree j - 1 to the next ones; slope: to the
 * derivatives of these. */
static void raise(const double *knots, size_t interval, size_t j, double x, bool slope, double *h)
{
    double before[MOST_DEGREE + 1];
    memcpy(before, h, j * sizeof *h);
    h[0] = 0;
    for (size_t n = 1; n <= j; n++) {
        double above = knots[interval + n], below = knots[interval + n - j];
        h[n] = 0;
        if (above <= below && above >= below)
            continue;
        double w = before[n - 1] / (above - below);
        if (slope) {
            w = (double)j * before[n - 1] / (above - below);
            h[n - 1] -= w;
            h[n] = w;
        } else {
            h[n - 1] += w * (above - x);
            h[n] = w * (x - below);
        }
    }
}

/* The splines (or their slopes) of a feature at x. */
static void evaluate(const struct spline *s, double x, bool slope, double *out, size_t outputs)
{
    double h[MOST_DEGREE + 1];
    size_t interval = interval_of(s, x), k = s->degree;
    h[0] = 1;
    for (size_t j = 1; j <= k; j++)
        raise(s->knots.values, interval, j, x, slope && j == k, h);
    for (size_t o = 0; o < outputs; o++) {
        out[o] = 0;
        for (size_t a = 0; a <= k && !(slope && k == 0); a++)
            out[o] += s->coefficients.values[(interval + a - k) * outputs + o] * h[a];
    }
}

/* ---- preparing ---- */

/* scipy 1.17 hides the arrays. */
static const struct brn_node *part_of(const struct brn_node *spline, const char *name,
                                      const char *hidden)
{
    const struct brn_node *node = brn_node_attribute(spline, name);
    return node->kind == BRN_NIL ? brn_node_attribute(spline, hidden) : node;
}

static brine_status read_spline(struct spline_transformer *m, struct brn_build *build, size_t i,
                                const struct brn_node *node)
{
    struct spline *s = &m->splines[i];
    int64_t degree;
    if (!brn_node_is_global(brn_node_class(node), "scipy.interpolate._bsplines", "BSpline"))
        return brn_ill_formed(build, "bsplines_", "%zu is no BSpline", i);
    BRN_TRY(brn_decode_matrix(build, part_of(node, "t", "_t"), &s->knots));
    BRN_TRY(brn_decode_matrix(build, part_of(node, "c", "_c"), &s->coefficients));
    BRN_TRY(brn_decode_int(build, brn_node_attribute(node, "k"), &degree));
    if (degree < 0 || degree > MOST_DEGREE || degree != m->degree)
        return brn_ill_formed(build, "bsplines_", "%zu is of degree %lld", i, (long long)degree);
    s->degree = (size_t)degree;
    if (s->knots.rows != 1 || s->knots.columns < 2 * s->degree + 2 ||
        s->coefficients.dimensions != 2 || s->coefficients.columns == 0)
        return brn_ill_formed(build, "bsplines_", "%zu has too few knots", i);
    s->bases = s->knots.columns - s->degree - 1;
    if (s->coefficients.rows != s->bases || (i && s->coefficients.columns != m->outputs))
        return brn_ill_formed(build, "bsplines_", "%zu has %zu coefficients for %zu knots", i,
                              s->coefficients.rows, s->knots.columns);
    for (size_t t = 1; t < s->knots.columns; t++)
        if (!(s->knots.values[t] >= s->knots.values[t - 1]))
            return brn_ill_formed(build, "bsplines_", "the knots of %zu do not rise", i);
    m->outputs = s->coefficients.columns;
    return BRINE_OK;
}

/* What stands at the ends of the knots.  scikit-learn raises a degree below 2 once a feature, and
 * counts the ends by it. */
static brine_status read_ends(struct spline_transformer *m, struct brn_build *build, size_t i,
                              size_t *degree)
{
    struct spline *s = &m->splines[i];
    double *room = BRN_BUILD_NEW(build, double, 4 * m->outputs);
    if (!room)
        return brn_fail_memory(build->err);
    s->at_low = room;
    s->at_high = room + m->outputs;
    s->slope_low = room + 2 * m->outputs;
    s->slope_high = room + 3 * m->outputs;
    if (*degree >= s->knots.columns)
        return brn_ill_formed(build, "bsplines_", "%zu has too few knots", i);
    s->low = s->knots.values[*degree];
    s->high = s->knots.values[s->knots.columns - *degree - 1];
    evaluate(s, s->low, false, s->at_low, m->outputs);
    evaluate(s, s->high, false, s->at_high, m->outputs);
    evaluate(s, s->low, true, s->slope_low, m->outputs);
    evaluate(s, s->high, true, s->slope_high, m->outputs);
    if (m->extrapolation == LINEAR && *degree <= 1)
        ++*degree;
    s->reach = *degree < m->outputs ? *degree : m->outputs;
    return BRINE_OK;
}

static brine_status read_words(struct spline_transformer *m, struct brn_build *build)
{
    static const char *const names[] = {"error", "constant", "linear", "continue", "periodic"};
    m->extrapolation = PERIODIC + 1;
    for (enum extrapolation e = ERROR; e <= PERIODIC; e++)
        if (brn_text_is(m->extrapolation_name, names[e]))
            m->extrapolation = e;
    m->zeros_missing = brn_text_is(m->missing_name, "zeros");
    return m->extrapolation <= PERIODIC
               ? BRINE_OK
               : brn_ill_formed(build, "extrapolation", "is none of its known values");
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct spline_transformer *m = me->self;
    size_t degree = (size_t)m->degree;
    BRN_TRY(read_words(m, build));
    m->width = brn_node_count(m->splines_node);
    BRN_TRY(brn_expect_features(build, me, m->width, "bsplines_"));
    m->splines = BRN_BUILD_NEW(build, struct spline, m->width);
    if (!m->splines)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->width; i++)
        BRN_TRY(read_spline(m, build, i, brn_node_item(m->splines_node, i)));
    for (size_t i = 0; i < m->width; i++)
        BRN_TRY(read_ends(m, build, i, &degree));
    m->kept = m->outputs - !m->include_bias;
    return m->kept ? BRINE_OK : brn_ill_formed(build, "bsplines_", "give no output");
}

/* "x0_sp_3" */
static const char *output_name(struct brn_build *build, const struct brn_schema *in, size_t i,
                               size_t k)
{
    const char *name = brn_schema_name(in, i);
    return name ? brn_arena_printf(build->arena, "%s_sp_%zu", name, k)
                : brn_arena_printf(build->arena, "x%zu_sp_%zu", i, k);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct spline_transformer *m = me->self;
    size_t count = m->width * m->kept;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    for (size_t k = 0; names && k < count; k++)
        if (!(names[k] = output_name(build, in, k / m->kept, k % m->kept)))
            return brn_fail_memory(build->err);
    struct brn_schema *out = names ? brn_schema_numbers(build->arena, count, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = m->sparse_output;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return brn_bind_numbers(build, me, in, &m->columns);
}

/* ---- running ---- */

/* As numpy's %: of the sign of the divisor. */
static double wrapped(const struct spline *s, double x)
{
    double begin = s->knots.values[s->degree], span = s->knots.values[s->bases] - begin;
    if (!(span > 0))
        return 0;
    double rest = fmod(x - begin, span);
    return begin + (rest < 0 ? rest + span : rest);
}

static void extend(const struct spline *s, enum extrapolation how, double x, double *out,
                   size_t outputs)
{
    bool below = x < s->low;
    const double *at = below ? s->at_low : s->at_high;
    const double *slope = below ? s->slope_low : s->slope_high;
    for (size_t j = 0; j < s->reach; j++) {
        size_t k = below ? j : outputs - 1 - j;
        out[k] = how == CONSTANT ? at[k] : at[k] + (x - (below ? s->low : s->high)) * slope[k];
    }
}

static bool is_inside(const struct spline *s, double x)
{
    return x >= s->knots.values[s->degree] && x <= s->knots.values[s->bases];
}

static const struct brn_era compare_eras[] = {
    {0, 10500, true, "float32 rows: the ends are rounded before comparing (numpy 1)"},
    {10500, 0, false, "they are compared as float64 (numpy 2)"},
    BRN_ERA_END,
};

/* False: beyond the knots, and that is an error; of degree 0 also where scikit-learn trips over an
 * empty slice. */
static bool splines_at(const struct spline_transformer *m, const struct spline *s, double x,
                       bool rounds, double *out)
{
    double low = rounds ? (double)(float)s->low : s->low;
    double high = rounds ? (double)(float)s->high : s->high;
    memset(out, 0, m->outputs * sizeof *out);
    if (isnan(x)) /* of handle_missing="zeros" */
        return true;
    if (m->extrapolation == ERROR && !is_inside(s, x))
        return false;
    if (m->extrapolation == PERIODIC)
        x = wrapped(s, x);
    bool extends = m->extrapolation == CONSTANT || m->extrapolation == LINEAR;
    if (m->extrapolation == CONSTANT && s->degree == 0 && x > high)
        return false;
    if (extends && (x < low || x > high))
        extend(s, m->extrapolation, x, out, m->outputs);
    else if (extends && !is_inside(s, x))
        for (size_t k = 0; k < m->outputs; k++)
            out[k] = (double)NAN;
    else
        evaluate(s, x, false, out, m->outputs);
    return true;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct spline_transformer *m = me->self;
    bool rounds = in->single && brn_era_behaviour(compare_eras, me->version);
    double *values = brn_work_take(work, m->outputs, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width,
                             m->zeros_missing ? BRN_NAN_ALLOWED : BRN_NAN_REFUSED));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t i = 0; i < m->width; i++) {
            double x = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
            double *to = out->numbers + r * out->number_stride + i * m->kept;
            if (!splines_at(m, &m->splines[i], x, rounds, values))
                return brn_refuse(work, in, r, NULL, "a value is beyond the knots");
            for (size_t k = 0; k < m->kept; k++)
                to[k] = in->single ? (double)(float)values[k] : values[k];
        }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct spline_transformer, degree, "degree", INT, "of the polynomials"),
    BRN_FIELD(struct spline_transformer, extrapolation_name, "extrapolation", TEXT,
              "error, constant, linear, continue or periodic"),
    BRN_FIELD(struct spline_transformer, include_bias, "include_bias", BOOL,
              "whether the last spline of each feature is given"),
    BRN_FIELD(struct spline_transformer, splines_node, "bsplines_", NODE, "one a feature"),
    BRN_FIELD_OPTIONAL(struct spline_transformer, sparse_output, "sparse_output", BOOL,
                       "the container of the result"),
    BRN_FIELD_OPTIONAL(struct spline_transformer, missing_name, "handle_missing", TEXT,
                       "error, or zeros"),
    BRN_FIELD_IGNORE("n_knots", "of fit"),
    BRN_FIELD_IGNORE("knots", "of fit"),
    BRN_FIELD_IGNORE("order", "layout of the result"),
    BRN_FIELD_IGNORE("n_features_out_", "bsplines_ have as many"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._polynomial", NULL};

static const struct brn_estimator spline_transformer = {
    .name = "SplineTransformer",
    .jumps = true,
    .since = 10000,
    .modules = modules,
    .size = sizeof(struct spline_transformer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&spline_transformer, NULL};

const struct brn_family brn_family_spline = {estimators};
