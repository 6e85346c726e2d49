/* SPDX-License-Identifier: Apache-2.0
 *
 * isolation_forest.c - IsolationForest: how soon random splits isolate a row.
 * sklearn/ensemble/_iforest.py.
 *
 * What a tree adds depends on the leaf alone: its depth, and the depth that its training rows would
 * have needed on.  It is the leaf's value in the forest that the kernels walk. */
#include "estimators/shared_ensemble.h"
#include "estimators/shared_tree_estimator.h"

#include <math.h>

struct isolation {
    struct brn_instances trees;
    const struct brn_node *features, *lengths, *depths;
    const char *behaviour;
    double offset, threshold, old_threshold;
    int64_t max_samples, feature_count, drawn_features;

    enum brn_missing missing;
    double length; /* that max_samples rows need on average */
    struct brn_forest *forest;
    int32_t *columns;
};

/* ---- the depth that rows in one leaf would still need ---- */

enum length { OF_0_18, OF_0_19, OF_0_21 };

static const struct brn_era length_eras[] = {
    {0, 1900, OF_0_18, "2 (log n + 0.5772156649) - 2 (n - 1) / n, and 1 for one row"},
    {1900, 2100, OF_0_19, "log (n - 1) instead"},
    {2100, 0, OF_0_21, "and 0 for one row, 1 for two"},
    BRN_ERA_END,
};

static double average_length(int64_t rows, brn_version version)
{
    static const double euler_gamma = 0.57721566490153286060651209;
    int rule = brn_era_behaviour(length_eras, version);
    double n = (double)rows;
    if (rows <= 1)
        return rule == OF_0_21 ? 0 : 1;
    if (rule == OF_0_21 && rows == 2)
        return 1;
    double logarithm = rule == OF_0_18 ? log(n) + 0.5772156649 : log(n - 1.0) + euler_gamma;
    return 2.0 * logarithm - 2.0 * (n - 1.0) / n;
}

/* ---- preparing ---- */

enum sum {
    OF_MEANS,  /* (depth - 1) + length, whose mean is divided by the average */
    OF_SUMS,   /* depth + length - 1, whose sum is divided by trees x average */
    OF_STORED, /* the same, of what the file holds by node */
};

static const struct brn_era sum_eras[] = {
    {0, 2100, OF_MEANS, "depths.mean(axis=1) / average"},
    {2100, 10300, OF_SUMS, "depths / (trees * average)"},
    {10300, 0, OF_STORED, "of _decision_path_lengths and _average_path_length_per_tree"},
    BRN_ERA_END,
};

static brine_status stored_values(struct brn_build *build, const struct isolation *m, size_t i,
                                  uint32_t nodes, double *values)
{
    struct brn_matrix lengths, depths;
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->lengths, i), &lengths));
    BRN_TRY(brn_decode_matrix(build, brn_node_item(m->depths, i), &depths));
    if (!lengths.present || lengths.rows != 1 || lengths.columns != nodes || !depths.present ||
        depths.rows != 1 || depths.columns != nodes)
        return brn_fail(build->err, BRINE_MODEL, "has path lengths of other nodes");
    for (uint32_t node = 0; node < nodes; node++)
        values[node] = depths.values[node] + lengths.values[node] - 1.0;
    return BRINE_OK;
}

static brine_status reckoned_values(struct brn_build *build, const struct brn_instance *me,
                                    const struct brn_tree_source *source, double *values)
{
    const uint32_t *depths;
    bool of_means = brn_era_behaviour(sum_eras, me->version) == OF_MEANS;
    if (!source->samples.itemsize)
        return brn_fail(build->err, BRINE_MODEL, "has no n_node_samples");
    BRN_TRY(brn_tree_depths(build, source, &depths));
    for (uint32_t node = 0; node < source->node_count; node++) {
        double depth = depths[node];
        double length =
            average_length(brn_tree_integer(source, node, &source->samples), me->version);
        values[node] = of_means ? depth - 1.0 + length : depth + length - 1.0;
    }
    return BRINE_OK;
}

/* A copy of the tree whose nodes have what they add for values. */
static brine_status valued_source(struct brn_build *build, const struct brn_instance *me, size_t i,
                                  const struct brn_tree_source **ret_source)
{
    const struct isolation *m = me->self;
    const struct brn_tree_estimator *tree = brn_tree_estimator_of(m->trees.at[i], false);
    if (!tree)
        return brn_fail(build->err, BRINE_UNSUPPORTED, "is no tree of regression");
    struct brn_tree_source *source = BRN_NEW(build->scratch, struct brn_tree_source, 1);
    double *values = BRN_NEW(build->scratch, double, tree->source->node_count);
    if (!source || !values)
        return brn_fail_memory(build->err);
    *source = *tree->source;
    source->values = values;
    source->value_count = source->outputs = source->classes = 1;
    *ret_source = source;
    if (brn_era_behaviour(sum_eras, me->version) == OF_STORED)
        return stored_values(build, m, i, source->node_count, values);
    return reckoned_values(build, me, source, values);
}

/* The columns that tree i was given; NULL: all of them. */
static brine_status read_features(struct brn_build *build, const struct brn_instance *me, size_t i,
                                  size_t **ret_features)
{
    const struct isolation *m = me->self;
    struct brn_values values;
    size_t own = m->trees.at[i]->feature_count;
    *ret_features = NULL;
    if ((uint64_t)m->drawn_features == me->feature_count)
        return own == me->feature_count
                   ? BRINE_OK
                   : brn_fail(build->err, BRINE_MODEL, "has other features than the forest");
    BRN_TRY(brn_decode_values(build, brn_node_item(m->features, i), &values));
    size_t *features = BRN_NEW(build->scratch, size_t, values.count);
    if (!features)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < values.count; k++) {
        struct brn_value v = values.at[k];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 ||
            (uint64_t)v.as.integer >= me->feature_count)
            return brn_fail(build->err, BRINE_MODEL, "is of a column that is not there");
        features[k] = (size_t)v.as.integer;
    }
    *ret_features = features;
    return values.count == own
               ? BRINE_OK
               : brn_fail(build->err, BRINE_MODEL, "has %zu features of %zu", own, values.count);
}

static brine_status within_tree(struct brn_build *build, brine_status status, size_t i)
{
    if (status != BRINE_OK)
        brn_error_within(build->err, "estimators_[%zu]", i);
    return status;
}

static brine_status add_tree(struct brn_forest_plan *plan, const struct brn_instance *me, size_t i,
                             const struct brn_tree_source *source)
{
    const struct isolation *m = me->self;
    size_t *features;
    BRN_TRY(read_features(plan->build, me, i, &features));
    plan->features = features;
    plan->tree_features = m->trees.at[i]->feature_count;
    return brn_forest_add_tree(plan, source, 0);
}

static brine_status lower(struct brn_instance *me, struct brn_build *build)
{
    static const size_t width = 1;
    struct isolation *m = me->self;
    const struct brn_tree_source **sources =
        BRN_NEW(build->scratch, const struct brn_tree_source *, m->trees.count);
    struct brn_forest_plan plan;
    if (!sources)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->trees.count; i++)
        BRN_TRY(within_tree(build, valued_source(build, me, i, &sources[i]), i));
    BRN_TRY(brn_forest_begin(&plan, build, sources, m->trees.count, me->feature_count, 1, false));
    plan.leaf_values = brn_leaf_as_it_is;
    plan.context = &width;
    for (size_t i = 0; i < m->trees.count; i++)
        BRN_TRY(within_tree(build, add_tree(&plan, me, i, sources[i]), i));
    m->forest = brn_forest_end(&plan);
    return BRINE_OK;
}

static const struct brn_era missing_eras[] = {
    {0, 10600, BRN_NAN_REFUSED, "takes neither NaN nor infinities"},
    {10600, 0, BRN_ANY_ALLOWED, "nothing is checked: ensure_all_finite=False"},
    BRN_ERA_END,
};

static const struct brn_era drawn_eras[] = {
    {0, 1900, false, "trees of drawn columns cannot predict"},
    {1900, 0, true, "they get their columns"},
    BRN_ERA_END,
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct isolation *m = me->self;
    if (m->feature_count > 0)
        BRN_TRY(brn_expect_features(build, me, (size_t)m->feature_count, "n_features_"));
    if (m->trees.count == 0)
        return brn_ill_formed(build, "estimators_", "is empty: this forest was not fitted");
    for (size_t i = 0; i < m->trees.count; i++)
        if (!m->trees.at[i])
            return brn_ill_formed(build, "estimators_", "number %zu is None", i);
    if ((uint64_t)m->drawn_features != me->feature_count &&
        !brn_era_behaviour(drawn_eras, me->version))
        return brn_unsupported(build, "_max_features", "0.18 does not predict with drawn columns");
    m->length = average_length(m->max_samples, me->version);
    m->missing = (enum brn_missing)brn_era_behaviour(missing_eras, me->version);
    return lower(me, build);
}

/* ---- binding ---- */

static const struct brn_era score_eras[] = {
    {0, 2000, false, "there is decision_function alone: 0.5 - 2^-depth"},
    {2000, 0, true, "score_samples is -2^-depth; decision_function is it less offset_"},
    BRN_ERA_END,
};

static brine_status offer_labels(struct brn_instance *me, struct brn_build *build)
{
    struct brn_value both[2] = {{.kind = BRN_VALUE_INT, .as = {.integer = -1}},
                                {.kind = BRN_VALUE_INT, .as = {.integer = 1}}};
    struct brn_values values = {.at = both, .count = 2};
    struct brn_dictionary *labels;
    BRN_TRY(brn_labels(build, &values, &labels));
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(build->arena, &labels, 1);
    return me->out[BRINE_METHOD_PREDICT] ? BRINE_OK : brn_fail_memory(build->err);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct isolation *m = me->self;
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(offer_labels(me, build));
    me->out[BRINE_METHOD_DECISION_FUNCTION] = brn_schema_numbers(build->arena, 1, NULL);
    if (brn_era_behaviour(score_eras, me->version)) {
        me->out[BRINE_METHOD_SCORE_SAMPLES] = brn_schema_numbers(build->arena, 1, NULL);
        if (!me->out[BRINE_METHOD_SCORE_SAMPLES])
            return brn_fail_memory(build->err);
    }
    return me->out[BRINE_METHOD_DECISION_FUNCTION] ? BRINE_OK : brn_fail_memory(build->err);
}

/* ---- running ---- */

/* 2^-(mean depth / average depth); one row alone has no depth: then 2^-1. */
static double anomaly(const struct isolation *m, int rule, double depths)
{
    double trees = (double)m->forest->tree_count;
    if (rule == OF_MEANS)
        return exp2(-(depths / trees) / m->length);
    double denominator = trees * m->length;
    return exp2(-(denominator != 0 ? depths / denominator : 1));
}

static brine_status find_anomalies(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_work *work, double *values, size_t stride)
{
    const struct isolation *m = me->self;
    struct brn_forest_rows rows;
    int rule = brn_era_behaviour(sum_eras, me->version);
    BRN_TRY(brn_forest_single_rows(m->forest, work, in, m->columns, me->feature_count, m->missing,
                                   &rows));
    for (size_t r = 0; r < in->rows; r++)
        values[r * stride] = 0;
    brn_forest_add(m->forest, &rows, values, stride);
    for (size_t r = 0; r < in->rows; r++)
        values[r * stride] = anomaly(m, rule, values[r * stride]);
    return BRINE_OK;
}

static brine_status run_scores(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(find_anomalies(me, in, work, out->numbers, out->number_stride));
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] *= -1;
    return BRINE_OK;
}

static double decide(const struct brn_instance *me, double anomaly)
{
    const struct isolation *m = me->self;
    return brn_era_behaviour(score_eras, me->version) ? -anomaly - m->offset : 0.5 - anomaly;
}

static brine_status run_decisions(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    BRN_TRY(find_anomalies(me, in, work, out->numbers, out->number_stride));
    for (size_t r = 0; r < in->rows; r++) {
        double *v = &out->numbers[r * out->number_stride];
        *v = decide(me, *v);
    }
    return BRINE_OK;
}

enum limit { AT_THRESHOLD, BY_BEHAVIOUR, BELOW_0 };

static const struct brn_era limit_eras[] = {
    {0, 2000, AT_THRESHOLD, "an outlier is at threshold_ or below"},
    {2000, 2200, BY_BEHAVIOUR, "behaviour=\"old\": below _threshold_; else below 0"},
    {2200, 0, BELOW_0, "below 0"},
    BRN_ERA_END,
};

static bool is_outlier(const struct isolation *m, int rule, double decision)
{
    if (rule == AT_THRESHOLD)
        return decision <= m->threshold;
    bool old = rule == BY_BEHAVIOUR && brn_text_is(m->behaviour, "old");
    return decision < (old ? m->old_threshold : 0);
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct isolation *m = me->self;
    int rule = brn_era_behaviour(limit_eras, me->version);
    double *values = brn_work_take(work, in->rows, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(find_anomalies(me, in, work, values, 1));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = !is_outlier(m, rule, decide(me, values[r]));
    return BRINE_OK;
}

/* ---- the family ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct isolation, trees, "estimators_", CHILDREN, "the fitted trees"),
    BRN_FIELD(struct isolation, features, "estimators_features_", NODE, "the columns of each"),
    BRN_FIELD(struct isolation, drawn_features, "_max_features", INT,
              "how many columns a tree has"),
    BRN_FIELD(struct isolation, max_samples, "max_samples_", INT, "rows that a tree was grown on"),
    BRN_FIELD_WINDOW(struct isolation, offset, "offset_", NUMBER, 2000, 0,
                     "decision_function is score_samples less it"),
    BRN_FIELD_WINDOW(struct isolation, threshold, "threshold_", NUMBER, 0, 2000,
                     "what outliers are not above"),
    BRN_FIELD_OPTIONAL(struct isolation, old_threshold, "_threshold_", NUMBER,
                       "of behaviour=\"old\", in 0.20 and 0.21: what outliers are below"),
    BRN_FIELD_OPTIONAL(struct isolation, behaviour, "behaviour", TEXT,
                       "until 0.23: decides in 0.20 and 0.21 what outliers are"),
    BRN_FIELD_WINDOW(struct isolation, lengths, "_average_path_length_per_tree", NODE, 10300, 0,
                     "by node: depth that its rows would still need"),
    BRN_FIELD_WINDOW(struct isolation, depths, "_decision_path_lengths", NODE, 10300, 0,
                     "by node: nodes on the way to it"),
    BRN_FIELD_OPTIONAL(struct isolation, feature_count, "n_features_", INT,
                       "until 0.24: width of the input"),
    BRN_ENSEMBLE_TEMPLATES,
    BRN_FIELD_IGNORE("n_estimators", "estimators_ are as many"),
    BRN_FIELD_IGNORE("contamination", "offset_ came of it"),
    BRN_FIELD_IGNORE("_contamination", "offset_ came of it"),
    BRN_FIELD_IGNORE("max_samples", "max_samples_ came of it"),
    BRN_FIELD_IGNORE("_max_samples", "max_samples_ is the same"),
    BRN_FIELD_IGNORE("max_features", "_max_features came of it"),
    BRN_FIELD_IGNORE("bootstrap", "fit only"),
    BRN_FIELD_IGNORE("bootstrap_features", "fit only"),
    BRN_FIELD_IGNORE("oob_score", "fit only"),
    BRN_FIELD_IGNORE("_seeds", "fit only"),
    BRN_FIELD_IGNORE("_n_samples", "rows of fit"),
    BRN_FIELD_IGNORE("_sample_weight", "fit only"),
    BRN_FIELD_IGNORE("warm_start", "fit only"),
    BRN_FIELD_IGNORE("n_jobs", "threads; the trees are summed in their order"),
    BRN_FIELD_IGNORE("random_state", "fit only"),
    BRN_FIELD_IGNORE("verbose", "messages"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._iforest", "sklearn.ensemble.iforest",
                                      NULL};

static const struct brn_estimator isolation_forest = {
    .name = "IsolationForest",
    .jumps = true,
    .modules = modules,
    .size = sizeof(struct isolation),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {run_decisions, BRN_ULPS},
            [BRINE_METHOD_SCORE_SAMPLES] = {run_scores, BRN_ULPS},
        },
};

static const struct brn_estimator *const estimators[] = {&isolation_forest, NULL};

const struct brn_family brn_family_isolation_forest = {estimators};
