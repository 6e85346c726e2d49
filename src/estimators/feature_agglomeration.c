/* SPDX-License-Identifier: Apache-2.0
 *
 * feature_agglomeration.c - FeatureAgglomeration: groups of features, each pooled to one number.
 * sklearn/cluster/_feature_agglomeration.py. */
#include "estimators/shared_outputs.h"

enum pooling { POOL_MEAN, POOL_MAX, POOL_MIN, POOL_MEDIAN };

struct agglomeration {
    const struct brn_node *function;
    struct brn_matrix labels; /* of each feature: its group */

    enum pooling pooling;
    size_t width, groups, most; /* most: features of the largest group */
    size_t *starts;             /* of each group in members; groups + 1 */
    size_t *members;            /* features by group, ascending */
    int32_t *columns;
};

/* ---- preparing ---- */

static brine_status read_function(struct agglomeration *m, struct brn_build *build)
{
    static const struct {
        const char *module, *name;
        enum pooling pooling;
    } known[] = {
        {"numpy", "mean", POOL_MEAN},
        {"numpy", "max", POOL_MAX},
        {"numpy", "amax", POOL_MAX},
        {"numpy", "min", POOL_MIN},
        {"numpy", "amin", POOL_MIN},
        {"numpy", "median", POOL_MEDIAN},
        {"numpy.core.fromnumeric", "mean", POOL_MEAN},
        {"numpy.core.fromnumeric", "amax", POOL_MAX},
        {"numpy.core.fromnumeric", "amin", POOL_MIN},
        {"numpy.lib.function_base", "median", POOL_MEDIAN},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (brn_node_is_global(m->function, known[i].module, known[i].name)) {
            m->pooling = known[i].pooling;
            return BRINE_OK;
        }
    return brn_unsupported(build, "pooling_func", "is none of numpy's mean, max, min and median");
}

/* Groups are 0, 1… without a gap: then scikit-learn's two ways to find them agree. */
static brine_status count_groups(struct agglomeration *m, struct brn_build *build)
{
    m->starts = BRN_BUILD_NEW(build, size_t, m->width + 1);
    if (!m->starts)
        return brn_fail_memory(build->err);
    memset(m->starts, 0, (m->width + 1) * sizeof *m->starts);
    for (size_t f = 0; f < m->width; f++) {
        double label = m->labels.values[f];
        if (!(label >= 0 && label < (double)m->width) || label != (double)(size_t)label)
            return brn_ill_formed(build, "labels_", "has %g for one of %zu features", label,
                                  m->width);
        m->starts[(size_t)label + 1]++;
        m->groups = (size_t)label >= m->groups ? (size_t)label + 1 : m->groups;
    }
    for (size_t g = 0; g < m->groups; g++) {
        if (m->starts[g + 1] == 0)
            return brn_ill_formed(build, "labels_", "has no feature in group %zu", g);
        m->most = m->starts[g + 1] > m->most ? m->starts[g + 1] : m->most;
        m->starts[g + 1] += m->starts[g];
    }
    return BRINE_OK;
}

static brine_status read_groups(struct agglomeration *m, struct brn_build *build)
{
    BRN_TRY(count_groups(m, build));
    size_t *next = BRN_NEW(build->scratch, size_t, m->groups);
    m->members = BRN_BUILD_NEW(build, size_t, m->width);
    if (!next || !m->members)
        return brn_fail_memory(build->err);
    memcpy(next, m->starts, m->groups * sizeof *next);
    for (size_t f = 0; f < m->width; f++)
        m->members[next[(size_t)m->labels.values[f]]++] = f;
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct agglomeration *m = me->self;
    bool integers = m->labels.kind == 'i' || m->labels.kind == 'u';
    if (!m->labels.present || m->labels.dimensions != 1 || m->labels.columns == 0 || !integers)
        return brn_ill_formed(build, "labels_", "is no vector of groups");
    m->width = m->labels.columns;
    BRN_TRY(brn_expect_features(build, me, m->width, "labels_"));
    BRN_TRY(read_function(m, build));
    return read_groups(m, build);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct agglomeration *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    return brn_bind_prefixed(build, me, m->groups);
}

/* ---- running ---- */

static const struct brn_era mean_eras[] = {
    {0, 2000, false, "np.mean of each group: of float32 rows in float32"},
    {2000, 0, true, "np.bincount, which adds to 0 in float64"},
    BRN_ERA_END,
};

static double rounded(double value, bool single)
{
    return single ? (double)(float)value : value;
}

/* Both ways begin at 0: there is no -0. */
static double mean_of(const double *values, size_t n, bool single)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum = rounded(sum + values[i], single);
    return rounded(sum / (double)n, single);
}

/* Of 0 and -0 the first stays; which numpy takes is up to its build. */
static double extreme_of(const double *values, size_t n, bool largest)
{
    double best = values[0];
    for (size_t i = 1; i < n; i++)
        if (largest ? values[i] > best : values[i] < best)
            best = values[i];
    return best;
}

static double median_of(double *values, size_t n, bool single)
{
    for (size_t i = 1; i < n; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
    return n % 2 ? values[n / 2]
                 : rounded(rounded(values[n / 2 - 1] + values[n / 2], single) / 2, single);
}

static double pool(const struct agglomeration *m, double *values, size_t n, bool single)
{
    switch (m->pooling) {
    case POOL_MEAN:
        return mean_of(values, n, single);
    case POOL_MEDIAN:
        return median_of(values, n, single);
    case POOL_MAX:
    case POOL_MIN:
        break;
    }
    return extreme_of(values, n, m->pooling == POOL_MAX);
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct agglomeration *m = me->self;
    bool counts = m->pooling == POOL_MEAN && brn_era_behaviour(mean_eras, me->version);
    double *values = brn_work_take(work, m->most, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_check_finite(work, in, m->columns, m->width, BRN_NAN_REFUSED));
    out->single = in->single && !counts;
    for (size_t r = 0; r < in->rows; r++) {
        const double *row = in->numbers + r * in->number_stride;
        for (size_t g = 0; g < m->groups; g++) {
            size_t first = m->starts[g], n = m->starts[g + 1] - first;
            for (size_t i = 0; i < n; i++)
                values[i] = row[m->columns[m->members[first + i]]];
            out->numbers[r * out->number_stride + g] = pool(m, values, n, out->single);
        }
    }
    return BRINE_OK;
}

/* np.mean of a row alone adds eight and more features in pairs, of many rows one by one. */
static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct agglomeration *m = me->self;
    (void)method;
    bool ordered = m->pooling != POOL_MEAN || m->most < 8;
    return ordered || brn_era_behaviour(mean_eras, me->version) ? BRN_EXACT : BRN_BOUNDED;
}

#define OF_FIT(attribute) BRN_FIELD_IGNORE(attribute, "of fit")

static const struct brn_field fields[] = {
    BRN_FIELD(struct agglomeration, labels, "labels_", MATRIX, "the group of each feature"),
    BRN_FIELD(struct agglomeration, function, "pooling_func", NODE, "numpy's mean, max, …"),
    OF_FIT("n_clusters"),
    OF_FIT("n_clusters_"),
    OF_FIT("affinity"),
    OF_FIT("metric"),
    OF_FIT("_metric"),
    OF_FIT("memory"),
    OF_FIT("connectivity"),
    OF_FIT("compute_full_tree"),
    OF_FIT("compute_distances"),
    OF_FIT("distance_threshold"),
    OF_FIT("linkage"),
    BRN_FIELD_IGNORE("children_", "the tree of which labels_ is a cut"),
    BRN_FIELD_IGNORE("distances_", "of the tree"),
    BRN_FIELD_IGNORE("n_leaves_", "of the tree"),
    BRN_FIELD_IGNORE("n_components_", "of the connectivity"),
    BRN_FIELD_IGNORE("n_connected_components_", "of the connectivity"),
    BRN_FIELD_IGNORE("_n_features_out", "the groups of labels_"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.cluster._agglomerative",
                                      "sklearn.cluster.hierarchical", NULL};

static const struct brn_estimator feature_agglomeration = {
    .name = "FeatureAgglomeration",
    .modules = modules,
    .size = sizeof(struct agglomeration),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .equality = equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_EXACT}},
};

static const struct brn_estimator *const estimators[] = {&feature_agglomeration, NULL};

const struct brn_family brn_family_feature_agglomeration = {estimators};
