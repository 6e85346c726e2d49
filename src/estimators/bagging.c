/* SPDX-License-Identifier: Apache-2.0
 *
 * bagging.c - BaggingClassifier and BaggingRegressor: estimators of rows and columns that were
 * drawn, averaged.  sklearn/ensemble/_bagging.py.  Sums are made in the order of the estimators, as
 * one thread makes them. */
#include "estimators/shared_ensemble.h"
#include "estimators/shared_parts.h"

#include <math.h>

struct bagging {
    struct brn_instances parts;
    const struct brn_node *features, *classes;
    int64_t count, feature_count;

    size_t **columns; /* by part: of the input */
    size_t *column_counts;
    struct brn_dictionary *labels;
    int32_t **places; /* by part and its class: which label */
    struct brn_input_check check;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct bagging *m = me->self;
    return brn_parts_first(&m->parts);
}

/* ---- preparing ---- */

static brine_status read_columns(struct brn_build *build, const struct brn_instance *me, size_t i)
{
    struct bagging *m = me->self;
    struct brn_values values;
    BRN_TRY(brn_decode_values(build, brn_node_item(m->features, i), &values));
    m->columns[i] = BRN_BUILD_NEW(build, size_t, values.count);
    if (!m->columns[i])
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < values.count; k++) {
        struct brn_value v = values.at[k];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 ||
            (uint64_t)v.as.integer >= me->feature_count)
            return brn_fail(build->err, BRINE_MODEL, "names a column that is not there");
        m->columns[i][k] = (size_t)v.as.integer;
    }
    m->column_counts[i] = values.count;
    return BRINE_OK;
}

static brine_status read_features(struct brn_build *build, const struct brn_instance *me)
{
    struct bagging *m = me->self;
    m->columns = BRN_BUILD_NEW(build, size_t *, m->parts.count);
    m->column_counts = BRN_BUILD_NEW(build, size_t, m->parts.count);
    if (!m->columns || !m->column_counts)
        return brn_fail_memory(build->err);
    if (brn_node_count(m->features) != m->parts.count)
        return brn_ill_formed(build, "estimators_features_", "are %zu for %zu estimators",
                              brn_node_count(m->features), m->parts.count);
    for (size_t i = 0; i < m->parts.count; i++) {
        brine_status status = read_columns(build, me, i);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "estimators_features_[%zu]", i);
            return status;
        }
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct bagging *m = me->self;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    if (m->feature_count > 0)
        BRN_TRY(brn_expect_features(build, me, (size_t)m->feature_count, "n_features_"));
    if (m->count < 1 || (uint64_t)m->count != m->parts.count)
        return brn_ill_formed(build, "n_estimators", "is %lld, but there are %zu",
                              (long long)m->count, m->parts.count);
    return read_features(build, me);
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct bagging *m = me->self;
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    return prepare(me, build);
}

/* ---- binding ---- */

static const struct brn_era check_eras[] = {
    {0, 2000, true, "predict refuses NaN and infinities itself"},
    {2000, 0, false, "the estimators check the rows"},
    BRN_ERA_END,
};

static brine_status bind_parts(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct bagging *m = me->self;
    bool checks = brn_era_behaviour(check_eras, me->version);
    BRN_TRY(brn_input_check_bind(build, me, in, checks, &m->check));
    for (size_t i = 0; i < m->parts.count; i++) {
        const struct brn_schema *own =
            brn_schema_select(build->arena, in, m->columns[i], m->column_counts[i]);
        if (!own)
            return brn_fail_memory(build->err);
        BRN_TRY(brn_bind_child(build, m->parts.at[i], own));
    }
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    const struct bagging *m = me->self;
    BRN_TRY(bind_parts(me, in, build));
    if (!brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT, 0))
        return brn_unsupported(build, "estimators_", "do not answer with numbers");
    size_t count = m->parts.at[0]->out[BRINE_METHOD_PREDICT]->count;
    return brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, count, NULL);
}

/* A part that has probabilities gives one a class of its own. */
static brine_status check_proba(struct brn_build *build, const struct brn_instance *part)
{
    if (!part->out[BRINE_METHOD_PREDICT_PROBA])
        return BRINE_OK;
    if (brn_part_gives_numbers(part, BRINE_METHOD_PREDICT_PROBA) &&
        part->out[BRINE_METHOD_PREDICT_PROBA]->count == brn_part_classes(part)->count)
        return BRINE_OK;
    return brn_unsupported(build, part->place, "has other probabilities than classes");
}

static brine_status bind_places(struct brn_build *build, struct bagging *m)
{
    m->places = BRN_BUILD_NEW(build, int32_t *, m->parts.count);
    if (!m->places)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++) {
        BRN_TRY(brn_part_places(build, m->parts.at[i], m->labels->count, &m->places[i]));
        BRN_TRY(check_proba(build, m->parts.at[i]));
    }
    return BRINE_OK;
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct bagging *m = me->self;
    size_t scores = m->labels->count == 2 ? 1 : m->labels->count;
    BRN_TRY(bind_parts(me, in, build));
    BRN_TRY(bind_places(build, m));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_LOG_PROBA, m->labels));
    if (brn_parts_offer(&m->parts, BRINE_METHOD_DECISION_FUNCTION, scores))
        BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_DECISION_FUNCTION, m->labels));
    return BRINE_OK;
}

/* ---- running ---- */

static brine_status run_mean(const struct brn_instance *me, brine_method method,
                             const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    const struct bagging *m = me->self;
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    return brn_parts_sum(&m->parts, method, (double)m->parts.count, in, out, work);
}

static brine_status run_regressor(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    return run_mean(me, BRINE_METHOD_PREDICT, in, out, work);
}

static brine_status run_decisions(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    return run_mean(me, BRINE_METHOD_DECISION_FUNCTION, in, out, work);
}

/* Probabilities of part i, or its vote when it has none. */
static brine_status add_part(const struct bagging *m, size_t i, const struct brn_tile *in,
                             struct brn_tile *out, struct brn_work *work)
{
    const struct brn_instance *part = m->parts.at[i];
    bool votes = part->out[BRINE_METHOD_PREDICT_PROBA] == NULL;
    size_t classes = brn_part_classes(part)->count;
    struct brn_tile tile;
    BRN_TRY(brn_run_into(part, votes ? BRINE_METHOD_PREDICT : BRINE_METHOD_PREDICT_PROBA, in, work,
                         &tile));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (votes)
            row[m->places[i][tile.codes[r * tile.code_stride]]] += 1;
        for (size_t k = 0; !votes && k < classes; k++)
            row[m->places[i][k]] += tile.numbers[r * tile.number_stride + k];
    }
    return BRINE_OK;
}

static brine_status run_proba(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct bagging *m = me->self;
    size_t classes = m->labels->count;
    for (size_t r = 0; r < in->rows; r++)
        memset(out->numbers + r * out->number_stride, 0, classes * sizeof(double));
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        BRN_TRY(add_part(m, i, in, out, work));
        brn_work_release(work, mark);
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < classes; k++)
            out->numbers[r * out->number_stride + k] /= (double)m->parts.count;
    return BRINE_OK;
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct bagging *m = me->self;
    struct brn_tile tile;
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_PREDICT_PROBA], in, &tile));
    BRN_TRY(run_proba(me, in, &tile, work));
    for (size_t r = 0; r < in->rows; r++)
        brn_argmax(tile.numbers + r * tile.number_stride, 1, m->labels->count,
                   &out->codes[r * out->code_stride], 1);
    return BRINE_OK;
}

/* ---- logarithms, which are added as such ---- */

/* np.logaddexp. */
static double log_add_exp(double x, double y)
{
    if (x == y)
        return x + M_LN2;
    double difference = x - y;
    if (difference > 0)
        return x + log1p(exp(-difference));
    return difference <= 0 ? y + log1p(exp(difference)) : difference;
}

static brine_status add_logarithms(const struct bagging *m, size_t i, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct brn_instance *part = m->parts.at[i];
    size_t classes = brn_part_classes(part)->count;
    struct brn_tile tile;
    BRN_TRY(brn_run_into(part, BRINE_METHOD_PREDICT_LOG_PROBA, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < classes; k++) {
            double *to = &out->numbers[r * out->number_stride + (size_t)m->places[i][k]];
            *to = log_add_exp(*to, tile.numbers[r * tile.number_stride + k]);
        }
    return BRINE_OK;
}

static brine_status run_log_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct bagging *m = me->self;
    size_t classes = m->labels->count;
    for (size_t i = 0; i < m->parts.count; i++)
        if (!brn_part_gives_numbers(m->parts.at[i], BRINE_METHOD_PREDICT_LOG_PROBA))
            return brn_run_log_proba(me, in, out, work);
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < classes; k++)
            out->numbers[r * out->number_stride + k] = -(double)INFINITY;
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        BRN_TRY(add_logarithms(m, i, in, out, work));
        brn_work_release(work, mark);
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < classes; k++)
            out->numbers[r * out->number_stride + k] -= log((double)m->parts.count);
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct bagging *m = me->self;
    if (method == BRINE_METHOD_PREDICT_LOG_PROBA)
        return brn_weaker(BRN_ULPS, equality(me, BRINE_METHOD_PREDICT_PROBA));
    if (method == BRINE_METHOD_DECISION_FUNCTION || !m->labels)
        return brn_parts_equality(&m->parts, method);
    bool votes = !brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT_PROBA, m->labels->count);
    enum brn_equality labels = brn_parts_equality(&m->parts, BRINE_METHOD_PREDICT);
    return brn_weaker(brn_parts_equality(&m->parts, BRINE_METHOD_PREDICT_PROBA),
                      votes ? brn_jumping(labels) : labels);
}

/* ---- the family ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct bagging, parts, "estimators_", CHILDREN, "the fitted estimators"),
    BRN_FIELD(struct bagging, features, "estimators_features_", NODE, "the columns of each"),
    BRN_FIELD(struct bagging, count, "n_estimators", INT, "the sum is divided by it"),
    BRN_FIELD_OPTIONAL(struct bagging, feature_count, "n_features_", INT,
                       "until 0.24: width of the input"),
    BRN_ENSEMBLE_TEMPLATES,
    BRN_FIELD_IGNORE("max_samples", "of fit"),
    BRN_FIELD_IGNORE("_max_samples", "of fit"),
    BRN_FIELD_IGNORE("max_features", "of fit; estimators_features_ came of it"),
    BRN_FIELD_IGNORE("_max_features", "of fit; estimators_features_ came of it"),
    BRN_FIELD_IGNORE("bootstrap", "of fit"),
    BRN_FIELD_IGNORE("bootstrap_features", "of fit; estimators_features_ came of it"),
    BRN_FIELD_IGNORE("oob_score", "of fit"),
    BRN_FIELD_IGNORE("oob_score_", "a score of fit"),
    BRN_FIELD_IGNORE("oob_decision_function_", "of the training rows"),
    BRN_FIELD_IGNORE("oob_prediction_", "of the training rows"),
    BRN_FIELD_IGNORE("_seeds", "of fit"),
    BRN_FIELD_IGNORE("_n_samples", "rows of fit"),
    BRN_FIELD_IGNORE("_sample_weight", "weights of fit"),
    BRN_FIELD_IGNORE("warm_start", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads; the estimators are summed in their order"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct bagging, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_IGNORE("n_classes_", "the number of classes_"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._bagging", "sklearn.ensemble.bagging",
                                      NULL};

static const struct brn_estimator classifier = {
    .name = "BaggingClassifier",
    .modules = modules,
    .size = sizeof(struct bagging),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .input_of = first_part,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_proba, BRN_EXACT},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {run_log_proba, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {run_decisions, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator regressor = {
    .name = "BaggingRegressor",
    .modules = modules,
    .size = sizeof(struct bagging),
    .fields = regressor_fields,
    .more_fields = common_fields,
    .prepare = prepare,
    .bind = bind_regressor,
    .input_of = first_part,
    .methods = {[BRINE_METHOD_PREDICT] = {run_regressor, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_bagging = {estimators};
