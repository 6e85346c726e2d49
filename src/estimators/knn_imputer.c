/* SPDX-License-Identifier: Apache-2.0
 *
 * knn_imputer.c - KNNImputer: what is missing is the mean of the nearest training rows that have
 * it. sklearn/impute/_knn.py; sklearn/metrics/pairwise.py: nan_euclidean_distances.
 *
 * Of rows that are equally far numpy's argpartition takes any, and scikit-learn's distances come
 * from matrix products, whose rounding is the machine's: where it matters which ones are taken, the
 * row is refused. */
#include "model/estimator.h"

#include <float.h>
#include <math.h>

struct knn_imputer {
    struct brn_matrix fit, fit_mask; /* mask: 1 where the training row has no value */
    int64_t neighbors;
    const struct brn_node *weights_node, *missing_node, *indicator_node;
    const char *metric;
    bool keep_empty, add_indicator, by_distance;
    double missing;

    bool *is_valid; /* by feature: training saw a value */
    double *means;  /* of the values that training saw */
    size_t width, kept;
    size_t *indicated; /* features that have an indicator */
    size_t indicated_count;
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status read_weights(struct knn_imputer *m, struct brn_build *build)
{
    if (!brn_text_is(m->metric, "nan_euclidean"))
        return brn_unsupported(build, "metric", "is not nan_euclidean");
    m->by_distance = brn_node_is_text(m->weights_node, "distance");
    bool known = m->by_distance || brn_is(m->weights_node, BRN_NONE) ||
                 brn_node_is_text(m->weights_node, "uniform");
    return known ? BRINE_OK : brn_unsupported(build, "weights", "is a function");
}

static brine_status read_means(struct knn_imputer *m, struct brn_build *build)
{
    m->is_valid = BRN_BUILD_NEW(build, bool, m->width);
    m->means = BRN_BUILD_NEW(build, double, m->width);
    if (!m->is_valid || !m->means)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->width; i++) {
        double sum = 0, count = 0;
        for (size_t f = 0; f < m->fit.rows; f++)
            if (!(m->fit_mask.values[f * m->width + i] > 0)) {
                sum += m->fit.values[f * m->width + i];
                count++;
            }
        m->is_valid[i] = count > 0;
        m->means[i] = sum / count;
        m->kept += m->is_valid[i] || m->keep_empty;
    }
    return BRINE_OK;
}

static brine_status read_indicator(struct knn_imputer *m, struct brn_build *build)
{
    struct brn_values features = {0};
    if (!m->add_indicator)
        return BRINE_OK;
    BRN_TRY(
        brn_decode_values(build, brn_node_attribute(m->indicator_node, "features_"), &features));
    m->indicated = BRN_BUILD_NEW(build, size_t, features.count);
    if (!m->indicated)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < features.count; k++) {
        struct brn_value v = features.at[k];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (size_t)v.as.integer >= m->width)
            return brn_ill_formed(build, "indicator_.features_", "names no column of the input");
        m->indicated[m->indicated_count++] = (size_t)v.as.integer;
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct knn_imputer *m = me->self;
    if (m->fit.dimensions != 2 || m->fit.rows == 0)
        return brn_ill_formed(build, "_fit_X", "is no matrix of training rows");
    if (m->fit_mask.rows != m->fit.rows || m->fit_mask.columns != m->fit.columns)
        return brn_ill_formed(build, "_mask_fit_X", "is not of _fit_X's shape");
    if (m->neighbors < 1)
        return brn_ill_formed(build, "n_neighbors", "is %lld", (long long)m->neighbors);
    m->width = m->fit.columns;
    BRN_TRY(brn_expect_features(build, me, m->width, "_fit_X"));
    if (brn_decode_number(build, m->missing_node, &m->missing) != BRINE_OK)
        return brn_unsupported(build, "missing_values", "is no number");
    BRN_TRY(read_weights(m, build));
    BRN_TRY(read_means(m, build));
    return read_indicator(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct knn_imputer *m = me->self;
    size_t count = m->kept + m->indicated_count, at = 0;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->width; i++)
        if (m->is_valid[i] || m->keep_empty)
            names[at++] = brn_schema_name(in, i);
    for (size_t k = 0; k < m->indicated_count; k++) {
        const char *name = brn_schema_name(in, m->indicated[k]);
        names[at] = name ? brn_arena_printf(build->arena, "missingindicator_%s", name)
                         : brn_arena_printf(build->arena, "missingindicator_x%zu", m->indicated[k]);
        if (!names[at++])
            return brn_fail_memory(build->err);
    }
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, count, names);
    if (!me->out[BRINE_METHOD_TRANSFORM])
        return brn_fail_memory(build->err);
    return brn_bind_numbers(build, me, in, &m->columns);
}

/* ---- running ---- */

static bool is_missing(const struct knn_imputer *m, double value)
{
    return isnan(m->missing) ? isnan(value) : value >= m->missing && value <= m->missing;
}

/* A training row as it is seen from a row of input. */
struct donor {
    double distance;      /* NaN: the two rows have no feature in common */
    double square, error; /* of the square, as scikit-learn's x x - 2 x y + y y has it */
};

/* The products and sums of width terms round relative to x x + y y, each by half of eps. */
static struct donor see(const struct knn_imputer *m, const double *x, size_t f, double eps)
{
    const double *y = m->fit.values + f * m->width, *mask = m->fit_mask.values + f * m->width;
    double sum = 0, present = 0, size = 0, width = (double)m->width;
    for (size_t i = 0; i < m->width; i++) {
        bool has_x = !is_missing(m, x[i]), has_y = !(mask[i] > 0);
        size += (has_x ? x[i] * x[i] : 0) + (has_y ? y[i] * y[i] : 0);
        if (has_x && has_y) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
            present++;
        }
    }
    if (!(present > 0))
        return (struct donor){.distance = (double)NAN, .square = (double)NAN};
    double square = sum / present * width;
    return (struct donor){sqrt(square), square, (2 * width + 4) * eps * size * width / present};
}

static bool is_nearer(const struct donor *a, const struct donor *b)
{
    return a->distance < b->distance || (isnan(b->distance) && !isnan(a->distance));
}

/* Neither is nearer for certain. */
static bool is_tied(const struct donor *a, const struct donor *b)
{
    if (isnan(a->distance) || isnan(b->distance))
        return isnan(a->distance) && isnan(b->distance);
    return !(fabs(a->square - b->square) > a->error + b->error);
}

/* The nearest training rows that have feature i, the nearest first; returns how many. */
static size_t nearest(const struct knn_imputer *m, const struct donor *donors, size_t i,
                      size_t *neighbors, size_t most)
{
    size_t count = 0;
    for (size_t f = 0; f < m->fit.rows; f++) {
        if (m->fit_mask.values[f * m->width + i] > 0)
            continue;
        if (count == most && !is_nearer(&donors[f], &donors[neighbors[count - 1]]))
            continue;
        size_t k = count < most ? count++ : count - 1;
        for (; k > 0 && is_nearer(&donors[f], &donors[neighbors[k - 1]]); k--)
            neighbors[k] = neighbors[k - 1];
        neighbors[k] = f;
    }
    return count;
}

static const struct brn_era weight_eras[] = {
    {0, 10600, false, "uniform weights: a row without a common feature counts like any other"},
    {10600, 0, true, "it does not count"},
    BRN_ERA_END,
};

static bool skips_strangers(const struct brn_instance *me)
{
    return brn_era_behaviour(weight_eras, me->version);
}

static bool is_bit_equal(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The value that feature i gets does not depend on which rows are taken of those tied with the last
 * of the neighbours: all of them are, or they have one value, or no weight. */
static bool is_settled(const struct brn_instance *me, const struct donor *donors,
                       const size_t *neighbors, size_t count, size_t i)
{
    const struct knn_imputer *m = me->self;
    const struct donor *last = &donors[neighbors[count - 1]];
    double value = m->fit.values[neighbors[count - 1] * m->width + i];
    size_t tied = 0, taken = 0;
    bool is_one_value = true;
    if (isnan(last->distance) && (m->by_distance || skips_strangers(me)))
        return true;
    for (size_t f = 0; f < m->fit.rows; f++)
        if (!(m->fit_mask.values[f * m->width + i] > 0) && is_tied(&donors[f], last)) {
            tied++;
            is_one_value &= is_bit_equal(m->fit.values[f * m->width + i], value);
        }
    for (size_t k = 0; k < count; k++)
        taken += is_tied(&donors[neighbors[k]], last);
    return is_one_value || tied == taken;
}

/* 1, or 1 / distance; where a distance is 0 those rows alone count. */
static double weight_of(const struct knn_imputer *m, double distance, bool any_zero, bool skips)
{
    if (!m->by_distance)
        return skips && isnan(distance) ? 0 : 1;
    if (isnan(distance))
        return 0;
    return any_zero ? distance <= 0 : 1 / distance;
}

static double mean_of(const struct brn_instance *me, const struct donor *donors,
                      const size_t *neighbors, size_t count, size_t i)
{
    const struct knn_imputer *m = me->self;
    bool skips = skips_strangers(me), any_zero = donors[neighbors[0]].distance <= 0;
    double sum = 0, total = 0;
    for (size_t k = 0; k < count; k++) {
        double weight = weight_of(m, donors[neighbors[k]].distance, any_zero, skips);
        sum += weight * m->fit.values[neighbors[k] * m->width + i];
        total += weight;
    }
    return sum / total;
}

/* Room for one row's search. */
struct search {
    double *row;
    struct donor *donors;
    size_t *neighbors, most;
    double eps; /* of the type that scikit-learn reckons distances in */
};

static brine_status new_search(const struct knn_imputer *m, const struct brn_tile *in,
                               struct brn_work *work, struct search *ret)
{
    bool is_single = in->single && m->fit.kind == 'f' && m->fit.itemsize == sizeof(float);
    ret->most = (uint64_t)m->neighbors < m->fit.rows ? (size_t)m->neighbors : m->fit.rows;
    ret->row = brn_work_take(work, m->width, sizeof *ret->row);
    ret->donors = brn_work_take(work, m->fit.rows, sizeof *ret->donors);
    ret->neighbors = brn_work_take(work, ret->most, sizeof *ret->neighbors);
    ret->eps = is_single ? (double)FLT_EPSILON : DBL_EPSILON;
    return ret->row && ret->donors && ret->neighbors ? BRINE_OK : brn_fail_memory(work->err);
}

/* Feature i of row r, when it is missing. */
static brine_status fill(const struct brn_instance *me, const struct search *s,
                         const struct brn_work *work, const struct brn_tile *in, size_t r, size_t i,
                         double *ret_value)
{
    const struct knn_imputer *m = me->self;
    size_t count = nearest(m, s->donors, i, s->neighbors, s->most);
    *ret_value = m->means[i];
    if (count == 0 || isnan(s->donors[s->neighbors[0]].distance))
        return BRINE_OK;
    if (!is_settled(me, s->donors, s->neighbors, count, i))
        return brn_refuse(work, in, r, in->number_names ? in->number_names[m->columns[i]] : NULL,
                          "feature %zu is missing, and training rows with different values of it "
                          "are equally far: scikit-learn takes any of them",
                          i);
    *ret_value = mean_of(me, s->donors, s->neighbors, count, i);
    return BRINE_OK;
}

static brine_status impute(const struct brn_instance *me, const struct search *s,
                           const struct brn_work *work, const struct brn_tile *in, size_t r,
                           double *out)
{
    const struct knn_imputer *m = me->self;
    bool any = false;
    for (size_t i = 0; i < m->width; i++)
        any |= m->is_valid[i] && is_missing(m, s->row[i]);
    for (size_t f = 0; any && f < m->fit.rows; f++)
        s->donors[f] = see(m, s->row, f, s->eps);
    for (size_t i = 0; i < m->width; i++) {
        if (!m->is_valid[i] && m->keep_empty)
            *out++ = 0;
        if (!m->is_valid[i])
            continue;
        double value = s->row[i];
        if (is_missing(m, value))
            BRN_TRY(fill(me, s, work, in, r, i, &value));
        *out++ = in->single ? (double)(float)value : value;
    }
    for (size_t k = 0; k < m->indicated_count; k++)
        *out++ = is_missing(m, s->row[m->indicated[k]]);
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct knn_imputer *m = me->self;
    struct search search;
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width,
                             isnan(m->missing) ? BRN_NAN_ALLOWED : BRN_NAN_REFUSED));
    BRN_TRY(new_search(m, in, work, &search));
    for (size_t r = 0; r < in->rows; r++) {
        for (size_t i = 0; i < m->width; i++)
            search.row[i] = in->numbers[r * in->number_stride + (size_t)m->columns[i]];
        BRN_TRY(impute(me, &search, work, in, r, out->numbers + r * out->number_stride));
    }
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct knn_imputer, fit, "_fit_X", MATRIX, "the training rows"),
    BRN_FIELD(struct knn_imputer, fit_mask, "_mask_fit_X", MATRIX, "what they miss"),
    BRN_FIELD(struct knn_imputer, neighbors, "n_neighbors", INT, "how many rows are averaged"),
    BRN_FIELD(struct knn_imputer, weights_node, "weights", NODE, "uniform or distance"),
    BRN_FIELD(struct knn_imputer, metric, "metric", TEXT, "nan_euclidean"),
    BRN_FIELD(struct knn_imputer, missing_node, "missing_values", NODE, "what counts as missing"),
    BRN_FIELD(struct knn_imputer, add_indicator, "add_indicator", BOOL,
              "whether indicators follow"),
    BRN_FIELD_OPTIONAL(struct knn_imputer, indicator_node, "indicator_", NODE,
                       "which columns have indicators"),
    BRN_FIELD_OPTIONAL(struct knn_imputer, keep_empty, "keep_empty_features", BOOL,
                       "whether columns that fit saw empty stay, as 0"),
    BRN_FIELD_IGNORE("_valid_mask", "reckoned from _mask_fit_X"),
    BRN_FIELD_IGNORE("copy", "how transform treats its input"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.impute._knn", NULL};

static const struct brn_estimator knn_imputer = {
    .name = "KNNImputer",
    .jumps = true,
    .since = 2200,
    .modules = modules,
    .size = sizeof(struct knn_imputer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}},
};

static const struct brn_estimator *const estimators[] = {&knn_imputer, NULL};

const struct brn_family brn_family_knn_imputer = {estimators};
