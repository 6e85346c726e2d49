/* SPDX-License-Identifier: Apache-2.0
 *
 * polynomial.c - PolynomialFeatures: products of the features, by degree and then by feature.
 * sklearn/preprocessing/_polynomial.py. */
#include "model/estimator.h"

#include <stdio.h>

enum { MOST_DEGREE = 64, MOST_OUTPUTS = 1 << 20 };

struct polynomial {
    const struct brn_node *degree;
    bool interaction_only, include_bias;
    int64_t declared; /* n_output_features_ */

    size_t least, most; /* degrees; without the bias */
    /* Output k is the product of features factors[starts[k]] to factors[starts[k + 1]]. */
    uint32_t *factors;
    size_t *starts;
    size_t outputs, factor_count;
    bool left_first; /* a b c is (a b) c, else a (b c): roundings differ */
    int32_t *columns;
    size_t width;
};

/* An int, the highest; or (lowest, highest). */
static brine_status read_degrees(struct polynomial *m, struct brn_build *build)
{
    int64_t least = 0, most = 0;
    if (brn_node_count(m->degree) == 2) {
        BRN_TRY(brn_decode_int(build, brn_node_item(m->degree, 0), &least));
        BRN_TRY(brn_decode_int(build, brn_node_item(m->degree, 1), &most));
    } else {
        BRN_TRY(brn_decode_int(build, m->degree, &most));
    }
    if (least < 0 || most < least || most > MOST_DEGREE)
        return brn_ill_formed(build, "degree", "is %lld to %lld", (long long)least,
                              (long long)most);
    m->least = least > 1 ? (size_t)least : 1;
    m->most = (size_t)most;
    return BRINE_OK;
}

/* ---- combinations ---- */

/* The next combination of d features in lexical order, with repetition unless interaction_only. */
static bool next_combination(uint32_t *at, size_t d, size_t width, bool once)
{
    for (size_t i = d; i-- > 0;) {
        size_t limit = once ? width - (d - i) : width - 1;
        if (at[i] >= limit)
            continue;
        at[i]++;
        for (size_t k = i + 1; k < d; k++)
            at[k] = once ? at[k - 1] + 1 : at[i];
        return true;
    }
    return false;
}

static bool first_combination(uint32_t *at, size_t d, size_t width, bool once)
{
    for (size_t i = 0; i < d; i++)
        at[i] = once ? (uint32_t)i : 0;
    return width > 0 && (!once || d <= width);
}

/* Visits all outputs; writes them where there is room (starts). */
static bool visit(struct polynomial *m)
{
    uint32_t at[MOST_DEGREE];
    m->outputs = m->factor_count = 0;
    if (m->include_bias) {
        if (m->starts)
            m->starts[1] = 0;
        m->outputs = 1;
    }
    for (size_t d = m->least; d <= m->most; d++) {
        bool more = first_combination(at, d, m->width, m->interaction_only);
        for (; more; more = next_combination(at, d, m->width, m->interaction_only)) {
            if (m->outputs >= MOST_OUTPUTS)
                return false;
            if (m->starts) {
                memcpy(m->factors + m->factor_count, at, d * sizeof *at);
                m->starts[m->outputs + 1] = m->factor_count + d;
            }
            m->factor_count += d;
            m->outputs++;
        }
    }
    return true;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct polynomial *m = me->self;
    BRN_TRY(read_degrees(m, build));
    m->width = me->feature_count;
    if (!visit(m))
        return brn_unsupported(build, "degree", "makes more than %d outputs", MOST_OUTPUTS);
    if ((int64_t)m->outputs != m->declared || m->outputs == 0)
        return brn_ill_formed(build, "n_output_features_", "is %lld for %zu outputs",
                              (long long)m->declared, m->outputs);
    m->factors = BRN_BUILD_NEW(build, uint32_t, m->factor_count);
    m->starts = BRN_BUILD_NEW(build, size_t, m->outputs + 1);
    if (!m->factors || !m->starts)
        return brn_fail_memory(build->err);
    visit(m);
    return BRINE_OK;
}

/* Older files say their width in n_input_features_. */
static brine_status prepare_width(struct brn_instance *me, struct brn_build *build)
{
    int64_t width = 0;
    const struct brn_node *node = brn_node_attribute(me->node, "n_input_features_");
    if (node->kind != BRN_NIL && me->feature_count == 0) {
        BRN_TRY(brn_decode_int(build, node, &width));
        if (width < 0 || width > MOST_OUTPUTS)
            return brn_ill_formed(build, "n_input_features_", "is %lld", (long long)width);
        BRN_TRY(brn_expect_features(build, me, (size_t)width, "n_input_features_"));
    }
    return prepare(me, build);
}

/* ---- names: "1", "x0", "x0^2", "x0 x1" ---- */

static const char *factor_name(struct brn_build *build, const struct brn_schema *in, size_t feature,
                               size_t times, const char *before)
{
    const char *name = brn_schema_name(in, feature), *space = before[0] ? " " : "";
    char numbered[32];
    snprintf(numbered, sizeof numbered, "x%zu", feature);
    name = name ? name : numbered;
    return times > 1 ? brn_arena_printf(build->arena, "%s%s%s^%zu", before, space, name, times)
                     : brn_arena_printf(build->arena, "%s%s%s", before, space, name);
}

static const char *output_name(const struct polynomial *m, struct brn_build *build,
                               const struct brn_schema *in, size_t k)
{
    const char *name = "";
    size_t i = m->starts[k], end = m->starts[k + 1], times;
    if (i == end)
        return "1";
    for (; name && i < end; i += times) {
        for (times = 1; i + times < end && m->factors[i + times] == m->factors[i];)
            times++;
        name = factor_name(build, in, m->factors[i], times, name);
    }
    return name;
}

static const struct brn_era order_eras[] = {
    {0, 2200, true, "numpy's product of the columns, from the left"},
    {2200, 0, false, "a feature times the product of those behind it"},
    BRN_ERA_END,
};

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct polynomial *m = me->self;
    const char **names = BRN_BUILD_NEW(build, const char *, m->outputs);
    m->left_first = in->is_sparse || brn_era_behaviour(order_eras, me->version);
    for (size_t k = 0; names && k < m->outputs; k++)
        if (!(names[k] = output_name(m, build, in, k)))
            return brn_fail_memory(build->err);
    struct brn_schema *out = names ? brn_schema_numbers(build->arena, m->outputs, names) : NULL;
    if (!out)
        return brn_fail_memory(build->err);
    out->is_sparse = in->is_sparse;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return brn_bind_numbers(build, me, in, &m->columns);
}

/* ---- running ---- */

static double product(const double *x, const uint32_t *factors, size_t n, bool left_first,
                      bool single)
{
    if (n == 0)
        return 1;
    double value = x[factors[left_first ? 0 : n - 1]];
    for (size_t i = 1; i < n; i++) {
        value *= x[factors[left_first ? i : n - 1 - i]];
        value = single ? (double)(float)value : value;
    }
    return value;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct polynomial *m = me->self;
    size_t stride;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    const double *x = brn_tile_gather(work, in, m->columns, m->width, &stride);
    if (!x)
        return brn_fail_memory(work->err);
    for (size_t r = 0; r < in->rows; r++, x += stride)
        for (size_t k = 0; k < m->outputs; k++)
            out->numbers[r * out->number_stride + k] =
                product(x, m->factors + m->starts[k], m->starts[k + 1] - m->starts[k],
                        m->left_first, in->single);
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct polynomial, degree, "degree", NODE, "the highest, or the lowest and highest"),
    BRN_FIELD(struct polynomial, interaction_only, "interaction_only", BOOL,
              "whether a feature is in a product once at most"),
    BRN_FIELD(struct polynomial, include_bias, "include_bias", BOOL, "whether 1 goes ahead"),
    BRN_FIELD(struct polynomial, declared, "n_output_features_", INT, "how many outputs"),
    BRN_FIELD_IGNORE("n_input_features_", "read where n_features_in_ is missing"),
    BRN_FIELD_IGNORE("order", "layout of the result"),
    BRN_FIELD_IGNORE("_min_degree", "degree has it"),
    BRN_FIELD_IGNORE("_max_degree", "degree has it"),
    BRN_FIELD_IGNORE("_n_out_full", "outputs of all degrees"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.preprocessing._polynomial",
                                      "sklearn.preprocessing._data", "sklearn.preprocessing.data",
                                      NULL};

static const struct brn_estimator polynomial_features = {
    .name = "PolynomialFeatures",
    .modules = modules,
    .size = sizeof(struct polynomial),
    .fields = fields,
    .prepare = prepare_width,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&polynomial_features, NULL};

const struct brn_family brn_family_polynomial = {estimators};
