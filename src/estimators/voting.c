/* SPDX-License-Identifier: Apache-2.0
 *
 * voting.c - VotingClassifier and VotingRegressor.  sklearn/ensemble/_voting.py. */
#include "estimators/shared_parts.h"
#include "kernel/sum.h"

struct voting {
    struct brn_instances parts;
    const struct brn_node *estimators, *weights_node, *flatten, *classes;
    const char *voting;

    const char **names; /* of the parts */
    double *weights;    /* of the parts; NULL: all alike */
    double total;
    struct brn_dictionary *labels;
    int32_t **places; /* by part and its class: which label */
    bool is_soft;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct voting *m = me->self;
    return brn_parts_first(&m->parts);
}

/* ---- preparing ---- */

static bool is_dropped(const struct brn_node *entry)
{
    const struct brn_node *estimator = brn_node_item(entry, 1);
    return brn_is(estimator, BRN_NONE) || brn_node_is_text(estimator, "drop");
}

static brine_status read_weight(struct brn_build *build, const struct brn_values *weights, size_t i,
                                double *ret_weight)
{
    if (i >= weights->count || !brn_value_number(weights->at[i], ret_weight))
        return brn_ill_formed(build, "weights", "has no number for each of the estimators");
    return BRINE_OK;
}

/* Names and weights of the estimators that were not dropped, in the order of estimators_. */
static brine_status read_entries(struct brn_build *build, struct voting *m,
                                 const struct brn_values *weights)
{
    size_t count = brn_node_count(m->estimators), at = 0;
    for (size_t i = 0; i < count; i++) {
        const struct brn_node *entry = brn_node_item(m->estimators, i);
        struct brn_slice name = brn_node_text(brn_node_item(entry, 0));
        if (brn_node_count(entry) != 2 || !name.p)
            return brn_ill_formed(build, "estimators", "entry %zu is no pair", i);
        if (is_dropped(entry))
            continue;
        if (at == m->parts.count)
            break;
        if (m->weights)
            BRN_TRY(read_weight(build, weights, i, &m->weights[at]));
        m->names[at] = brn_arena_text(build->arena, name);
        if (!m->names[at++])
            return brn_fail_memory(build->err);
    }
    return at == m->parts.count
               ? BRINE_OK
               : brn_ill_formed(build, "estimators", "are not those of estimators_");
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct voting *m = me->self;
    struct brn_values weights = {0};
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    m->names = BRN_BUILD_NEW(build, const char *, m->parts.count);
    if (!m->names)
        return brn_fail_memory(build->err);
    if (brn_is(m->weights_node, BRN_NONE))
        return read_entries(build, m, &weights);
    m->weights = BRN_BUILD_NEW(build, double, m->parts.count);
    if (!m->weights)
        return brn_fail_memory(build->err);
    brine_status status = brn_decode_values(build, m->weights_node, &weights);
    if (status != BRINE_OK) {
        brn_error_within(build->err, "weights");
        return status;
    }
    BRN_TRY(read_entries(build, m, &weights));
    m->total = brn_sum_numpy(m->weights, m->parts.count);
    return BRINE_OK;
}

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct voting *m = me->self;
    m->is_soft = brn_text_is(m->voting, "soft");
    if (!m->is_soft && !brn_text_is(m->voting, "hard"))
        return brn_ill_formed(build, "voting", "is neither hard nor soft");
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    return prepare(me, build);
}

/* ---- binding ---- */

static brine_status bind_places(struct brn_build *build, struct voting *m)
{
    m->places = BRN_BUILD_NEW(build, int32_t *, m->parts.count);
    if (!m->places)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(brn_part_places(build, m->parts.at[i], m->labels->count, &m->places[i]));
    return BRINE_OK;
}

/* transform: each part's columns side by side, "votingclassifier_NAME" or "…_NAME0", "…_NAME1"…. */
static brine_status offer_columns(struct brn_build *build, struct brn_instance *me,
                                  const char *class_name, size_t each)
{
    const struct voting *m = me->self;
    size_t count = m->parts.count * each;
    const char **names = BRN_BUILD_NEW(build, const char *, count);
    for (size_t i = 0; names && i < count; i++) {
        const char *name = m->names[i / each];
        names[i] = each == 1 && !m->is_soft
                       ? brn_arena_printf(build->arena, "%s_%s", class_name, name)
                       : brn_arena_printf(build->arena, "%s_%s%zu", class_name, name, i % each);
        if (!names[i])
            names = NULL;
    }
    if (!names)
        return brn_fail_memory(build->err);
    struct brn_schema *out = brn_schema_numbers(build->arena, count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->integer_bytes = m->labels && !m->is_soft ? 8 : 0;
    me->out[BRINE_METHOD_TRANSFORM] = out;
    return BRINE_OK;
}

static brine_status bind_soft(struct brn_instance *me, struct brn_build *build)
{
    struct voting *m = me->self;
    size_t classes = m->labels->count;
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(brn_part_needs(build, m->parts.at[i], BRINE_METHOD_PREDICT_PROBA));
    if (!brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT_PROBA, classes))
        return brn_ill_formed(build, "estimators_", "have other numbers of classes than classes_");
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels));
    bool flat = m->flatten && brn_is(m->flatten, BRN_BOOL) && m->flatten->as.boolean;
    return flat ? offer_columns(build, me, "votingclassifier", classes) : BRINE_OK;
}

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct voting *m = me->self;
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    if (m->is_soft)
        return bind_soft(me, build);
    BRN_TRY(bind_places(build, m));
    return offer_columns(build, me, "votingclassifier", 1);
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct voting *m = me->self;
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    if (!brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT, 1))
        return brn_unsupported(build, "estimators_", "do not answer with one number each");
    BRN_TRY(brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, 1, NULL));
    return offer_columns(build, me, "votingregressor", 1);
}

/* ---- running ---- */

/* np.average: the sum of what is weighted, by the sum of the weights, in float64 as these are. */
static brine_status run_weighted(const struct voting *m, brine_method method,
                                 const struct brn_tile *in, struct brn_tile *out,
                                 struct brn_work *work)
{
    size_t width = m->parts.at[0]->out[method]->count;
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        struct brn_tile tile;
        BRN_TRY(brn_run_into(m->parts.at[i], method, in, work, &tile));
        for (size_t r = 0; r < in->rows; r++)
            for (size_t k = 0; k < width; k++) {
                double *sum = &out->numbers[r * out->number_stride + k];
                double value = tile.numbers[r * tile.number_stride + k] * m->weights[i];
                *sum = i == 0 ? value : *sum + value;
            }
        brn_work_release(work, mark);
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < width; k++)
            out->numbers[r * out->number_stride + k] /= m->total;
    return BRINE_OK;
}

static brine_status run_average(const struct voting *m, brine_method method,
                                const struct brn_tile *in, struct brn_tile *out,
                                struct brn_work *work)
{
    if (m->weights)
        return run_weighted(m, method, in, out, work);
    return brn_parts_sum(&m->parts, method, (double)m->parts.count, in, out, work);
}

static brine_status run_proba(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    return run_average(me->self, BRINE_METHOD_PREDICT_PROBA, in, out, work);
}

static brine_status run_regressor(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    return run_average(me->self, BRINE_METHOD_PREDICT, in, out, work);
}

/* Places of the labels that the parts predict, one a part. */
static brine_status run_places(const struct voting *m, const struct brn_tile *in, double *places,
                               size_t stride, struct brn_work *work)
{
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        struct brn_tile tile;
        BRN_TRY(brn_run_into(m->parts.at[i], BRINE_METHOD_PREDICT, in, work, &tile));
        for (size_t r = 0; r < in->rows; r++)
            places[r * stride + i] = m->places[i][tile.codes[r * tile.code_stride]];
        brn_work_release(work, mark);
    }
    return BRINE_OK;
}

/* np.argmax(np.bincount(row, weights)): of the labels up to the last that has a vote. */
static int32_t most_votes(const struct voting *m, const double *places, double *votes)
{
    size_t last = 0, best = 0;
    memset(votes, 0, m->labels->count * sizeof *votes);
    for (size_t i = 0; i < m->parts.count; i++) {
        size_t place = (size_t)places[i];
        votes[place] += m->weights ? m->weights[i] : 1;
        last = place > last ? place : last;
    }
    for (size_t k = 1; k <= last; k++)
        if (votes[k] > votes[best])
            best = k;
    return (int32_t)best;
}

static brine_status predict_hard(const struct voting *m, const struct brn_tile *in,
                                 struct brn_tile *out, struct brn_work *work)
{
    double *places = brn_work_take(work, in->rows * m->parts.count, sizeof *places);
    double *votes = brn_work_take(work, m->labels->count, sizeof *votes);
    if (!places || !votes)
        return brn_fail_memory(work->err);
    BRN_TRY(run_places(m, in, places, m->parts.count, work));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = most_votes(m, places + r * m->parts.count, votes);
    return BRINE_OK;
}

static brine_status predict_soft(const struct brn_instance *me, const struct brn_tile *in,
                                 struct brn_tile *out, struct brn_work *work)
{
    const struct voting *m = me->self;
    struct brn_tile tile;
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_PREDICT_PROBA], in, &tile));
    BRN_TRY(run_proba(me, in, &tile, work));
    for (size_t r = 0; r < in->rows; r++)
        brn_argmax(tile.numbers + r * tile.number_stride, 1, m->labels->count,
                   &out->codes[r * out->code_stride], 1);
    return BRINE_OK;
}

static brine_status run_classifier(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct voting *m = me->self;
    return m->is_soft ? predict_soft(me, in, out, work) : predict_hard(m, in, out, work);
}

static brine_status run_columns(const struct voting *m, brine_method method,
                                const struct brn_tile *in, struct brn_tile *out,
                                struct brn_work *work)
{
    size_t each = m->parts.at[0]->out[method]->count;
    bool all = true;
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_tile own = *out;
        own.numbers = out->numbers + i * each;
        BRN_TRY(brn_run_child(m->parts.at[i], method, in, &own, work));
        all = all && own.single;
    }
    out->single = all;
    return BRINE_OK;
}

static brine_status transform_classifier(const struct brn_instance *me, const struct brn_tile *in,
                                         struct brn_tile *out, struct brn_work *work)
{
    const struct voting *m = me->self;
    if (m->is_soft)
        return run_columns(m, BRINE_METHOD_PREDICT_PROBA, in, out, work);
    out->single = false;
    return run_places(m, in, out->numbers, out->number_stride, work);
}

static brine_status transform_regressor(const struct brn_instance *me, const struct brn_tile *in,
                                        struct brn_tile *out, struct brn_work *work)
{
    return run_columns(me->self, BRINE_METHOD_PREDICT, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct voting *m = me->self;
    (void)method; /* all ask the parts the same */
    enum brn_equality parts = brn_parts_equality(&m->parts, m->is_soft ? BRINE_METHOD_PREDICT_PROBA
                                                                       : BRINE_METHOD_PREDICT);
    return m->labels && !m->is_soft ? brn_jumping(parts) : parts;
}

/* ---- the family ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct voting, parts, "estimators_", CHILDREN, "the fitted estimators"),
    BRN_FIELD(struct voting, estimators, "estimators", NODE, "their names, and which were dropped"),
    BRN_FIELD(struct voting, weights_node, "weights", NODE, "None, or a weight an estimator"),
    BRN_FIELD_IGNORE("named_estimators_", "estimators_ by name"),
    BRN_FIELD_IGNORE("named_estimators", "unfitted templates by name, until 0.20"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct voting, voting, "voting", TEXT, "hard: by label; soft: by probability"),
    BRN_FIELD(struct voting, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_OPTIONAL(struct voting, flatten, "flatten_transform", NODE,
                       "True: transform of probabilities is a matrix"),
    BRN_FIELD_IGNORE("le_", "classes_ are its labels"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._voting", "sklearn.ensemble.voting",
                                      "sklearn.ensemble.voting_classifier", NULL};

static const struct brn_estimator voting_classifier = {
    .name = "VotingClassifier",
    .modules = modules,
    .size = sizeof(struct voting),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_classifier, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_proba, BRN_EXACT},
            [BRINE_METHOD_TRANSFORM] = {transform_classifier, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator voting_regressor = {
    .name = "VotingRegressor",
    .since = 2100,
    .modules = modules,
    .size = sizeof(struct voting),
    .fields = regressor_fields,
    .more_fields = common_fields,
    .prepare = prepare,
    .bind = bind_regressor,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_regressor, BRN_EXACT},
            [BRINE_METHOD_TRANSFORM] = {transform_regressor, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&voting_classifier, &voting_regressor,
                                                         NULL};

const struct brn_family brn_family_voting = {estimators};
