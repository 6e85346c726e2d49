/* SPDX-License-Identifier: Apache-2.0
 *
 * iterative_imputer.c - IterativeImputer: what is missing is filled in by a SimpleImputer, then
 * estimated anew, feature by feature, from the other features, in the order that fit took.
 * sklearn/impute/_iterative.py. */
#include "estimators/shared_indicator.h"
#include "estimators/shared_parts.h"

#include <math.h>

/* One element of imputation_sequence_. */
struct step {
    size_t feature; /* among those that are kept, as the neighbours are */
    size_t *neighbors, neighbor_count;
    struct brn_instance *estimator;
    struct brn_part_number number;
};

struct iterative_imputer {
    enum brn_equality filled_so_far; /* while binding: how close it is to the writer's */
    const struct brn_node *missing_node, *sequence_node, *low_node, *high_node;
    struct brn_instance *initial, *indicator;
    struct brn_matrix empty; /* 1 for features that fit saw empty */
    bool sample_posterior, keep_empty, add_indicator;
    int64_t rounds;

    double missing;
    size_t *kept, kept_count; /* places in the input */
    bool *is_empty;           /* by kept feature: it stays as it was first filled in */
    double *low, *high;       /* by kept feature */
    struct step *steps;
    size_t step_count;
    const struct brn_values *indicated; /* NULL: nothing has an indicator */
    const struct brn_schema *filled;    /* the kept features */
    int32_t *columns;                   /* of the whole input */
    size_t *initial_places;             /* by kept feature: in what the SimpleImputer gives */
};

/* ---- which features are kept ---- */

static brine_status read_empty(struct iterative_imputer *m, size_t width, bool *ret_empty,
                               struct brn_build *build)
{
    struct brn_values statistics = {0};
    if (m->empty.present) {
        if (m->empty.dimensions != 1 || m->empty.columns != width)
            return brn_ill_formed(build, "_is_empty_feature", "is not of %zu features", width);
        for (size_t i = 0; i < width; i++)
            ret_empty[i] = m->empty.values[i] > 0;
        return BRINE_OK;
    }
    BRN_TRY(
        brn_decode_values(build, brn_node_attribute(m->initial->node, "statistics_"), &statistics));
    if (statistics.count != width)
        return brn_ill_formed(build, "initial_imputer_.statistics_", "is not of %zu features",
                              width);
    for (size_t i = 0; i < width; i++)
        ret_empty[i] = brn_value_is_missing(statistics.at[i]);
    return BRINE_OK;
}

static brine_status read_kept(struct iterative_imputer *m, size_t width, struct brn_build *build)
{
    bool *empty = BRN_NEW(build->scratch, bool, width);
    m->kept = BRN_BUILD_NEW(build, size_t, width);
    m->is_empty = BRN_BUILD_NEW(build, bool, width);
    if (!empty || !m->kept || !m->is_empty)
        return brn_fail_memory(build->err);
    BRN_TRY(read_empty(m, width, empty, build));
    for (size_t i = 0; i < width; i++) {
        if (empty[i] && !m->keep_empty)
            continue;
        m->is_empty[m->kept_count] = empty[i];
        m->kept[m->kept_count++] = i;
    }
    /* Before 1.6 fit took all of them for missing then, and did nothing (n_iter_ is 0). */
    if (m->keep_empty && !m->empty.present && m->rounds > 0)
        return brn_ill_formed(build, "n_iter_", "is not 0, although empty features are kept");
    return BRINE_OK;
}

/* ---- limits, steps ---- */

static brine_status read_limit(const struct iterative_imputer *m, const struct brn_node *node,
                               const char *attribute, double **ret_limits, struct brn_build *build)
{
    struct brn_matrix limits = {0};
    double same = 0;
    *ret_limits = BRN_BUILD_NEW(build, double, m->kept_count);
    if (!*ret_limits)
        return brn_fail_memory(build->err);
    bool is_one = brn_decode_number(build, node, &same) == BRINE_OK;
    if (!is_one && brn_decode_matrix(build, node, &limits) != BRINE_OK)
        return brn_unsupported(build, attribute, "is no number and no array");
    if (!is_one && (limits.dimensions != 1 || limits.columns < m->kept_count))
        return brn_ill_formed(build, attribute, "has no limits for %zu features", m->kept_count);
    for (size_t i = 0; i < m->kept_count; i++)
        (*ret_limits)[i] = is_one ? same : limits.values[i];
    return BRINE_OK;
}

static brine_status read_neighbors(const struct iterative_imputer *m, struct step *step,
                                   const struct brn_node *node, struct brn_build *build)
{
    struct brn_matrix neighbors = {0};
    BRN_TRY(brn_decode_matrix(build, node, &neighbors));
    step->neighbor_count = neighbors.columns;
    step->neighbors = BRN_BUILD_NEW(build, size_t, neighbors.columns);
    if (!step->neighbors)
        return brn_fail_memory(build->err);
    if (neighbors.dimensions != 1 || neighbors.columns == 0)
        return brn_ill_formed(build, "imputation_sequence_", "names no neighbours");
    for (size_t i = 0; i < neighbors.columns; i++) {
        double place = neighbors.values[i];
        if (!(place >= 0 && place < (double)m->kept_count && place <= floor(place)))
            return brn_ill_formed(build, "imputation_sequence_", "has no feature %g", place);
        step->neighbors[i] = (size_t)place;
    }
    return BRINE_OK;
}

static bool is_global(const struct brn_node *node, const char *name)
{
    return brn_is(node, BRN_GLOBAL) && brn_slice_is(node->as.global.name, name);
}

/* A namedtuple _ImputerTriplet(feat_idx, neighbor_feat_idx, estimator); protocols 0 and 1 write it
 * as _reconstructor(_ImputerTriplet, tuple, (...)). */
static const struct brn_node *triplet_of(const struct brn_node *node)
{
    static const char name[] = "_ImputerTriplet";
    if (!brn_is(node, BRN_OBJECT) || !brn_is(node->as.object->args, BRN_TUPLE))
        return NULL;
    const struct brn_node *triplet = node->as.object->args;
    if (is_global(node->as.object->callable, "_reconstructor"))
        triplet = is_global(brn_node_item(triplet, 0), name) ? brn_node_item(triplet, 2) : NULL;
    else if (!is_global(node->as.object->callable, name))
        return NULL;
    return brn_is(triplet, BRN_TUPLE) && brn_node_count(triplet) == 3 ? triplet : NULL;
}

static brine_status read_step(struct brn_instance *me, size_t k, struct brn_build *build)
{
    struct iterative_imputer *m = me->self;
    struct step *step = &m->steps[k];
    const struct brn_node *triplet = triplet_of(brn_node_item(m->sequence_node, k));
    int64_t feature;
    if (!triplet)
        return brn_ill_formed(build, "imputation_sequence_", "item %zu is no triplet", k);
    BRN_TRY(brn_decode_int(build, brn_node_item(triplet, 0), &feature));
    if (feature < 0 || (uint64_t)feature >= m->kept_count)
        return brn_ill_formed(build, "imputation_sequence_", "has no feature %lld",
                              (long long)feature);
    step->feature = (size_t)feature;
    BRN_TRY(read_neighbors(m, step, brn_node_item(triplet, 1), build));
    return brn_decode_child(build, me, brn_node_item(triplet, 2), &step->estimator,
                            "imputation_sequence_[%zu].estimator", k);
}

static brine_status read_steps(struct brn_instance *me, struct brn_build *build)
{
    struct iterative_imputer *m = me->self;
    if (m->rounds == 0)
        return BRINE_OK;
    if (m->sample_posterior)
        return brn_unsupported(build, "sample_posterior", "is True: every answer is drawn anew");
    BRN_TRY(read_limit(m, m->low_node, "_min_value", &m->low, build));
    BRN_TRY(read_limit(m, m->high_node, "_max_value", &m->high, build));
    if (!brn_is(m->sequence_node, BRN_LIST))
        return brn_ill_formed(build, "imputation_sequence_", "is no list");
    size_t count = brn_node_count(m->sequence_node);
    m->steps = BRN_BUILD_NEW(build, struct step, count);
    if (!m->steps)
        return brn_fail_memory(build->err);
    for (; m->step_count < count; m->step_count++)
        BRN_TRY(read_step(me, m->step_count, build));
    return BRINE_OK;
}

/* ---- indicators ---- */

static const struct brn_era indicator_eras[] = {
    {0, 2200, true, "without a round there are no indicators (impute/_iterative.py, transform)"},
    {2200, 0, false, "there are"},
    BRN_ERA_END,
};

static brine_status read_indicator(struct brn_instance *me, struct brn_build *build)
{
    struct iterative_imputer *m = me->self;
    bool is_lost = m->rounds == 0 && brn_era_behaviour(indicator_eras, me->version);
    if (!m->add_indicator || is_lost)
        return BRINE_OK;
    if (!m->indicator || m->indicator->estimator != &brn_missing_indicator)
        return brn_ill_formed(build, "indicator_", "is no MissingIndicator");
    m->indicated = &((struct brn_indicator *)m->indicator->self)->features;
    for (size_t k = 0; k < m->indicated->count; k++) {
        struct brn_value v = m->indicated->at[k];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 ||
            (size_t)v.as.integer >= me->feature_count)
            return brn_ill_formed(build, "indicator_.features_", "names no column of the input");
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct iterative_imputer *m = me->self;
    if (!m->initial || !brn_text_is(m->initial->estimator->name, "SimpleImputer"))
        return brn_ill_formed(build, "initial_imputer_", "is no SimpleImputer");
    if (m->rounds < 0)
        return brn_ill_formed(build, "n_iter_", "is %lld", (long long)m->rounds);
    if (brn_decode_number(build, m->missing_node, &m->missing) != BRINE_OK)
        return brn_unsupported(build, "missing_values", "is no number");
    BRN_TRY(brn_expect_features(build, me, m->initial->feature_count, "initial_imputer_"));
    BRN_TRY(read_kept(m, me->feature_count, build));
    BRN_TRY(read_steps(me, build));
    return read_indicator(me, build);
}

/* ---- binding ---- */

static brine_status bind_step(struct iterative_imputer *m, struct step *step,
                              struct brn_build *build)
{
    struct brn_schema *in =
        brn_schema_select(build->arena, m->filled, step->neighbors, step->neighbor_count);
    if (!in)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_bind_given(build, step->estimator, in, m->filled_so_far));
    m->filled_so_far =
        brn_weaker(m->filled_so_far, brn_equality_of(step->estimator, BRINE_METHOD_PREDICT));
    return brn_part_number(build, step->estimator, &step->number);
}

/* The SimpleImputer gives all features, or those that are kept. */
static brine_status bind_initial(struct iterative_imputer *m, const struct brn_schema *in,
                                 struct brn_build *build)
{
    BRN_TRY(brn_bind_child(build, m->initial, in));
    const struct brn_schema *out = m->initial->out[BRINE_METHOD_TRANSFORM];
    m->initial_places = BRN_BUILD_NEW(build, size_t, m->kept_count);
    if (!m->initial_places)
        return brn_fail_memory(build->err);
    if (out->count != in->count && out->count != m->kept_count)
        return brn_ill_formed(build, "initial_imputer_", "gives %zu of %zu features", out->count,
                              m->kept_count);
    for (size_t i = 0; i < m->kept_count; i++) {
        int32_t place = brn_schema_number(out, out->count == in->count ? m->kept[i] : i);
        if (place < 0)
            return brn_unsupported(build, "initial_imputer_", "fills in text");
        m->initial_places[i] = (size_t)place;
    }
    return BRINE_OK;
}

static brine_status name_outputs(const struct iterative_imputer *m, const struct brn_schema *in,
                                 const char **names, struct brn_build *build)
{
    for (size_t i = 0; i < m->kept_count; i++)
        names[i] = brn_schema_name(in, m->kept[i]);
    for (size_t k = 0; m->indicated && k < m->indicated->count; k++) {
        size_t column = (size_t)m->indicated->at[k].as.integer;
        const char *name = brn_schema_name(in, column);
        const char **to = &names[m->kept_count + k];
        *to = name ? brn_arena_printf(build->arena, "missingindicator_%s", name)
                   : brn_arena_printf(build->arena, "missingindicator_x%zu", column);
        if (!*to)
            return brn_fail_memory(build->err);
    }
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct iterative_imputer *m = me->self;
    size_t count = m->kept_count + (m->indicated ? m->indicated->count : 0);
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    if (!names)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_bind_numbers(build, me, in, &m->columns));
    BRN_TRY(bind_initial(m, in, build));
    BRN_TRY(name_outputs(m, in, names, build));
    m->filled = brn_schema_numbers(build->arena, m->kept_count, NULL);
    me->out[BRINE_METHOD_TRANSFORM] = brn_schema_numbers(build->arena, count, names);
    if (!m->filled || !me->out[BRINE_METHOD_TRANSFORM])
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < m->step_count; k++)
        BRN_TRY(bind_step(m, &m->steps[k], build));
    return BRINE_OK;
}

/* ---- running ---- */

/* The rows under way. */
struct imputing {
    const struct iterative_imputer *m;
    const struct brn_tile *in;
    struct brn_tile filled;
    size_t *rows; /* those that a step asks its estimator for */
    struct brn_work *work;
};

static bool is_missing(const struct iterative_imputer *m, const struct brn_tile *in, size_t r,
                       size_t column)
{
    double value = in->numbers[r * in->number_stride + (size_t)m->columns[column]];
    return isnan(m->missing) ? isnan(value) : value >= m->missing && value <= m->missing;
}

/* A kept feature that is to be estimated. */
static bool is_wanted(const struct imputing *s, size_t r, size_t i)
{
    return !s->m->is_empty[i] && is_missing(s->m, s->in, r, s->m->kept[i]);
}

/* scikit-learn leaves rows as they were first filled in when none of those asked together has any
 * value, and goes on otherwise. */
static brine_status check_any(const struct imputing *s)
{
    for (size_t r = 0; s->m->step_count > 0 && r < s->in->rows; r++) {
        bool any = false;
        for (size_t i = 0; !any && i < s->m->kept_count; i++)
            any = !is_wanted(s, r, i);
        if (!any)
            return brn_refuse(s->work, s->in, r, NULL,
                              "every value is missing: scikit-learn's answer depends on the other "
                              "rows");
    }
    return BRINE_OK;
}

static double clipped(const struct iterative_imputer *m, size_t i, double value)
{
    value = value < m->low[i] ? m->low[i] : value;
    return value > m->high[i] ? m->high[i] : value;
}

/* Asks the estimator for count rows together. */
static brine_status estimate(struct imputing *s, const struct step *step, const size_t *rows,
                             size_t count)
{
    struct brn_tile like = s->filled, asked, answer;
    size_t width = s->m->kept_count;
    like.rows = count;
    like.first_row = s->in->first_row + rows[0];
    BRN_TRY(brn_work_tile(s->work, s->m->filled, &like, &asked));
    for (size_t k = 0; k < count; k++)
        memcpy(asked.numbers + k * asked.number_stride,
               s->filled.numbers + rows[k] * s->filled.number_stride, width * sizeof(double));
    BRN_TRY(brn_run_into(step->estimator, BRINE_METHOD_PREDICT, &asked, s->work, &answer));
    for (size_t k = 0; k < count; k++) {
        double value = clipped(s->m, step->feature, brn_part_value(&step->number, &answer, k));
        s->filled.numbers[rows[k] * s->filled.number_stride + step->feature] =
            brn_rounded(value, s->in->single);
    }
    return BRINE_OK;
}

/* When one of the rows is refused, it is asked alone: then its number is right. */
static brine_status run_step(struct imputing *s, const struct step *step)
{
    struct brn_work_mark mark = brn_work_mark(s->work);
    size_t count = 0;
    for (size_t r = 0; r < s->in->rows; r++)
        if (is_wanted(s, r, step->feature))
            s->rows[count++] = r;
    if (count == 0)
        return BRINE_OK;
    brine_status status = estimate(s, step, s->rows, count);
    for (size_t k = 0; status == BRINE_INPUT && count > 1 && k < count; k++) {
        brn_work_release(s->work, mark);
        BRN_TRY(estimate(s, step, s->rows + k, 1));
    }
    brn_work_release(s->work, mark);
    return status;
}

static brine_status fill_in(struct imputing *s)
{
    struct brn_tile first;
    const struct iterative_imputer *m = s->m;
    BRN_TRY(brn_run_into(m->initial, BRINE_METHOD_TRANSFORM, s->in, s->work, &first));
    BRN_TRY(brn_work_tile(s->work, m->filled, s->in, &s->filled));
    s->rows = brn_work_take(s->work, s->in->rows, sizeof *s->rows);
    if (!s->rows)
        return brn_fail_memory(s->work->err);
    for (size_t r = 0; r < s->in->rows; r++)
        for (size_t i = 0; i < m->kept_count; i++)
            s->filled.numbers[r * s->filled.number_stride + i] =
                first.numbers[r * first.number_stride + m->initial_places[i]];
    return BRINE_OK;
}

static brine_status transform(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct iterative_imputer *m = me->self;
    struct imputing s = {.m = m, .in = in, .work = work};
    BRN_TRY(fill_in(&s));
    BRN_TRY(check_any(&s));
    for (size_t k = 0; k < m->step_count; k++)
        BRN_TRY(run_step(&s, &m->steps[k]));
    for (size_t r = 0; r < in->rows; r++) {
        double *to = out->numbers + r * out->number_stride;
        memcpy(to, s.filled.numbers + r * s.filled.number_stride, m->kept_count * sizeof *to);
        for (size_t k = 0; m->indicated && k < m->indicated->count; k++)
            to[m->kept_count + k] = is_missing(m, in, r, (size_t)m->indicated->at[k].as.integer);
    }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct iterative_imputer *m = me->self;
    enum brn_equality weakest = BRN_EXACT;
    (void)method;
    for (size_t k = 0; k < m->step_count; k++)
        weakest = brn_weaker(weakest, brn_equality_of(m->steps[k].estimator, BRINE_METHOD_PREDICT));
    return weakest;
}

#define F(kind, member, attribute, type, doc) \
    BRN_FIELD##kind(struct iterative_imputer, member, attribute, type, doc)

static const struct brn_field fields[] = {
    F(, initial, "initial_imputer_", CHILD, "fills in what is missing at first"),
    F(, missing_node, "missing_values", NODE, "what counts as missing"),
    F(, rounds, "n_iter_", INT, "0: nothing is estimated"),
    F(, sequence_node, "imputation_sequence_", NODE, "features, their neighbours and estimators"),
    F(, sample_posterior, "sample_posterior", BOOL, "whether answers are drawn at random"),
    F(_OPTIONAL, low_node, "_min_value", NODE, "the least estimate of each feature"),
    F(_OPTIONAL, high_node, "_max_value", NODE, "the largest estimate of each feature"),
    F(_OPTIONAL, empty, "_is_empty_feature", MATRIX, "features that fit saw empty"),
    F(_OPTIONAL, keep_empty, "keep_empty_features", BOOL, "whether such features stay"),
    F(, add_indicator, "add_indicator", BOOL, "whether indicators follow"),
    F(_OPTIONAL, indicator, "indicator_", CHILD, "which columns have indicators"),
    BRN_FIELD_IGNORE("estimator", "imputation_sequence_ has it, fitted"),
    BRN_FIELD_IGNORE("_estimator", "imputation_sequence_ has it, fitted"),
    BRN_FIELD_IGNORE("min_value", "_min_value is what it came to"),
    BRN_FIELD_IGNORE("max_value", "_max_value is what it came to"),
    BRN_FIELD_IGNORE("max_iter", "of fit; imputation_sequence_ has all rounds"),
    BRN_FIELD_IGNORE("tol", "of fit"),
    BRN_FIELD_IGNORE("n_nearest_features", "imputation_sequence_ names the neighbours"),
    BRN_FIELD_IGNORE("initial_strategy", "initial_imputer_ has it"),
    BRN_FIELD_IGNORE("fill_value", "initial_imputer_ has it"),
    BRN_FIELD_IGNORE("imputation_order", "imputation_sequence_ is in that order"),
    BRN_FIELD_IGNORE("skip_complete", "of fit; imputation_sequence_ is what came of it"),
    BRN_FIELD_IGNORE("n_features_with_missing_", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("random_state_", "matters for sample_posterior alone"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.impute._iterative", NULL};

static const struct brn_estimator iterative_imputer = {
    .name = "IterativeImputer",
    .since = 2100,
    .modules = modules,
    .size = sizeof(struct iterative_imputer),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .equality = equality,
    .methods = {[BRINE_METHOD_TRANSFORM] = {transform, BRN_BOUNDED}},
};

static const struct brn_estimator *const estimators[] = {&iterative_imputer, NULL};

const struct brn_family brn_family_iterative_imputer = {estimators};
