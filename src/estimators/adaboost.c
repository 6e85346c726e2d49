/* SPDX-License-Identifier: Apache-2.0
 *
 * adaboost.c - AdaBoostClassifier (SAMME, and SAMME.R until 1.7) and AdaBoostRegressor.
 * sklearn/ensemble/_weight_boosting.py. */
#include "estimators/shared_ensemble.h"
#include "estimators/shared_parts.h"
#include "kernel/link.h"
#include "kernel/sum.h"

#include <float.h>
#include <math.h>

struct adaboost {
    struct brn_instances parts;
    struct brn_matrix weights; /* one a part, and 0 for those that fit did not come to */
    const struct brn_node *classes;
    const char *algorithm;

    struct brn_dictionary *labels;
    int32_t **codes; /* by part and its class */
    double total;    /* of the weights */
    bool real;       /* SAMME.R: by probabilities */
    struct brn_input_check check;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct adaboost *m = me->self;
    return brn_parts_first(&m->parts);
}

/* ---- preparing ---- */

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct adaboost *m = me->self;
    size_t weights = m->weights.columns;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    if (!m->weights.present || m->weights.rows != 1 || weights < m->parts.count)
        return brn_ill_formed(build, "estimator_weights_", "are %zu for %zu estimators",
                              m->weights.rows * weights, m->parts.count);
    m->total = brn_sum_numpy(m->weights.values, weights);
    return BRINE_OK;
}

enum algorithm { AS_SAID, ALWAYS_SAMME };

static const struct brn_era algorithm_eras[] = {
    {0, 10600, AS_SAID, "algorithm says SAMME or SAMME.R"},
    {10600, 0, ALWAYS_SAMME, "SAMME.R is gone"},
    BRN_ERA_END,
};

static brine_status prepare_classifier(struct brn_instance *me, struct brn_build *build)
{
    struct adaboost *m = me->self;
    bool said = brn_era_behaviour(algorithm_eras, me->version) == AS_SAID;
    m->real = said && brn_text_is(m->algorithm, "SAMME.R");
    if (said && !m->real && !brn_text_is(m->algorithm, "SAMME"))
        return brn_ill_formed(build, "algorithm", "is neither SAMME nor SAMME.R");
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    if (m->labels->count < 2)
        return brn_unsupported(build, "classes_", "there is only one");
    return prepare(me, build);
}

/* ---- binding ---- */

static brine_status bind_parts(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct adaboost *m = me->self;
    BRN_TRY(brn_input_check_bind(build, me, in, true, &m->check));
    return brn_parts_bind(build, &m->parts, in);
}

static brine_status bind_codes(struct brn_build *build, struct adaboost *m)
{
    m->codes = BRN_BUILD_NEW(build, int32_t *, m->parts.count);
    if (!m->codes)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(brn_part_codes(build, m->parts.at[i], m->labels, &m->codes[i]));
    return BRINE_OK;
}

enum proba {
    OF_PROBABILITIES, /* until 0.21: of the parts' own */
    OF_DECISIONS,     /* a softmax of decision_function */
};

static const struct brn_era proba_eras[] = {
    {0, 2200, OF_PROBABILITIES, "exp of the parts' weighted probabilities"},
    {2200, 0, OF_DECISIONS, "_compute_proba_from_decision"},
    BRN_ERA_END,
};

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    struct adaboost *m = me->self;
    static const brine_method methods[] = {BRINE_METHOD_PREDICT, BRINE_METHOD_DECISION_FUNCTION,
                                           BRINE_METHOD_PREDICT_PROBA,
                                           BRINE_METHOD_PREDICT_LOG_PROBA};
    bool own = brn_era_behaviour(proba_eras, me->version) == OF_PROBABILITIES;
    BRN_TRY(bind_parts(me, in, build));
    BRN_TRY(bind_codes(build, m));
    bool has_proba = brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT_PROBA, m->labels->count);
    if (m->real && !has_proba)
        return brn_unsupported(build, "estimators_", "have not the probabilities of all classes");
    size_t count = own && !has_proba ? 2 : 4;
    for (size_t i = 0; i < count; i++)
        BRN_TRY(brn_parts_offer_classes(build, me, methods[i], m->labels));
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct adaboost *m = me->self;
    BRN_TRY(bind_parts(me, in, build));
    if (!brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT, 1))
        return brn_unsupported(build, "estimators_", "do not answer with one number each");
    return brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, 1, NULL);
}

/* ---- scores by class: one row is classes values ---- */

static const struct brn_era against_eras[] = {
    {0, 10300, false, "a vote counts for its class"},
    {10300, 0, true, "and against the others: w / (1 - classes)"},
    BRN_ERA_END,
};

/* SAMME: votes. */
static brine_status add_votes(const struct brn_instance *me, size_t i, const struct brn_tile *in,
                              struct brn_tile *scores, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    size_t classes = m->labels->count;
    double weight = m->weights.values[i];
    bool against = brn_era_behaviour(against_eras, me->version);
    double other = against ? -1.0 / (double)(classes - 1) * weight : 0 * weight;
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->parts.at[i], BRINE_METHOD_PREDICT, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = scores->numbers + r * scores->number_stride;
        size_t code = (size_t)m->codes[i][tile.codes[r * tile.code_stride]];
        for (size_t k = 0; k < classes; k++)
            row[k] += k == code ? weight : other;
    }
    return BRINE_OK;
}

/* (classes - 1) (log p - mean log p), where p is at least the precision. */
static void add_logarithms(const double *p, size_t classes, bool single, double *logs, double *row)
{
    double least = single ? (double)FLT_EPSILON : DBL_EPSILON;
    for (size_t k = 0; k < classes; k++)
        logs[k] = brn_rounded(log(p[k] < least ? least : p[k]), single);
    double mean = brn_rounded(1.0 / (double)classes * brn_sum_numpy(logs, classes), single);
    for (size_t k = 0; k < classes; k++) {
        double score = brn_rounded((double)(classes - 1) * (logs[k] - mean), single);
        row[k] = brn_rounded(row[k] + score, single);
    }
}

/* SAMME.R: logarithms of probabilities. */
static brine_status add_real(const struct brn_instance *me, size_t i, const struct brn_tile *in,
                             struct brn_tile *scores, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    size_t classes = m->labels->count;
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->parts.at[i], BRINE_METHOD_PREDICT_PROBA, in, work, &tile));
    double *logs = brn_work_take(work, classes, sizeof *logs);
    if (!logs)
        return brn_fail_memory(work->err);
    scores->single = tile.single && (i == 0 || scores->single);
    for (size_t r = 0; r < in->rows; r++)
        add_logarithms(tile.numbers + r * tile.number_stride, classes, scores->single, logs,
                       scores->numbers + r * scores->number_stride);
    return BRINE_OK;
}

/* Until 0.21, SAMME: weighted probabilities. */
static brine_status add_weighted(const struct brn_instance *me, size_t i, const struct brn_tile *in,
                                 struct brn_tile *scores, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->parts.at[i], BRINE_METHOD_PREDICT_PROBA, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < m->labels->count; k++)
            scores->numbers[r * scores->number_stride + k] +=
                tile.numbers[r * tile.number_stride + k] * m->weights.values[i];
    return BRINE_OK;
}

typedef brine_status add_part(const struct brn_instance *me, size_t i, const struct brn_tile *in,
                              struct brn_tile *scores, struct brn_work *work);

/* The sum over the parts, divided by the sum of the weights; in the work's memory. */
static brine_status sum_scores(const struct brn_instance *me, add_part *add,
                               const struct brn_tile *in, struct brn_work *work,
                               struct brn_tile *ret_scores)
{
    const struct adaboost *m = me->self;
    size_t classes = m->labels->count;
    *ret_scores = (struct brn_tile){.rows = in->rows, .number_stride = classes};
    ret_scores->numbers = brn_work_take(work, in->rows * classes, sizeof(double));
    if (!ret_scores->numbers)
        return brn_fail_memory(work->err);
    memset(ret_scores->numbers, 0, in->rows * classes * sizeof(double));
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        BRN_TRY(add(me, i, in, ret_scores, work));
        brn_work_release(work, mark);
    }
    for (size_t k = 0; k < in->rows * classes; k++)
        ret_scores->numbers[k] = brn_rounded(ret_scores->numbers[k] / m->total, ret_scores->single);
    return BRINE_OK;
}

static brine_status sum_decisions(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_work *work, struct brn_tile *ret_scores)
{
    const struct adaboost *m = me->self;
    return sum_scores(me, m->real ? add_real : add_votes, in, work, ret_scores);
}

/* Of two classes. */
static double decision_of_two(const struct brn_tile *scores, size_t r)
{
    const double *row = scores->numbers + r * scores->number_stride;
    return brn_rounded(-row[0] + row[1], scores->single);
}

/* ---- running ---- */

static brine_status run_decisions(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    struct brn_tile scores;
    BRN_TRY(sum_decisions(me, in, work, &scores));
    out->single = scores.single;
    for (size_t r = 0; r < in->rows; r++) {
        double *to = out->numbers + r * out->number_stride;
        if (m->labels->count == 2)
            to[0] = decision_of_two(&scores, r);
        else
            memcpy(to, scores.numbers + r * scores.number_stride, m->labels->count * sizeof *to);
    }
    return BRINE_OK;
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    struct brn_tile scores;
    BRN_TRY(sum_decisions(me, in, work, &scores));
    for (size_t r = 0; r < in->rows; r++) {
        int32_t *code = &out->codes[r * out->code_stride];
        if (m->labels->count == 2)
            *code = decision_of_two(&scores, r) > 0;
        else
            brn_argmax(scores.numbers + r * scores.number_stride, 1, m->labels->count, code, 1);
    }
    return BRINE_OK;
}

static void softmax_of_decisions(const struct brn_tile *scores, size_t classes,
                                 struct brn_tile *out)
{
    for (size_t r = 0; r < scores->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (classes == 2) {
            row[1] = decision_of_two(scores, r) / 2;
            row[0] = -row[1];
        }
        for (size_t k = 0; classes > 2 && k < classes; k++)
            row[k] = scores->numbers[r * classes + k] / (double)(classes - 1);
        brn_softmax(row, classes);
    }
}

/* Until 0.21: exp(x / (classes - 1)), divided by the sum, or by 1 where that is 0. */
static void exponentials(const struct brn_tile *scores, size_t classes, struct brn_tile *out)
{
    for (size_t r = 0; r < scores->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        for (size_t k = 0; k < classes; k++)
            row[k] = exp(1.0 / (double)(classes - 1) * scores->numbers[r * classes + k]);
        double sum = brn_sum_numpy(row, classes);
        for (size_t k = 0; sum != 0 && k < classes; k++)
            row[k] /= sum;
    }
}

static brine_status run_proba(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct adaboost *m = me->self;
    struct brn_tile scores;
    if (brn_era_behaviour(proba_eras, me->version) == OF_PROBABILITIES) {
        BRN_TRY(sum_scores(me, m->real ? add_real : add_weighted, in, work, &scores));
        exponentials(&scores, m->labels->count, out);
    } else {
        BRN_TRY(sum_decisions(me, in, work, &scores));
        softmax_of_decisions(&scores, m->labels->count, out);
    }
    out->single = scores.single;
    return BRINE_OK;
}

/* ---- the weighted median of a regressor ---- */

/* Places in ascending order of the values; equal ones stay in their order. */
static void sort_places(const double *values, size_t count, size_t *places)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = i;
        for (; k > 0 && values[places[k - 1]] > values[i]; k--)
            places[k] = places[k - 1];
        places[k] = i;
    }
}

static double weighted_median(const struct adaboost *m, const double *values, size_t *places)
{
    size_t count = m->parts.count;
    double total = 0, sum = 0;
    sort_places(values, count, places);
    for (size_t i = 0; i < count; i++)
        total += m->weights.values[places[i]];
    for (size_t i = 0; i < count; i++) {
        sum += m->weights.values[places[i]];
        if (sum >= 0.5 * total)
            return values[places[i]];
    }
    return values[places[0]];
}

static brine_status run_median(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    static const struct brn_part_score predict = {BRINE_METHOD_PREDICT, 0};
    const struct adaboost *m = me->self;
    size_t count = m->parts.count;
    double *values = brn_work_take(work, in->rows * count, sizeof *values);
    size_t *places = brn_work_take(work, count, sizeof *places);
    bool all = true, single;
    if (!values || !places)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    for (size_t i = 0; i < count; i++) {
        BRN_TRY(brn_part_run_score(m->parts.at[i], &predict, in, values + i, count, &single, work));
        all = all && single;
    }
    out->single = all;
    for (size_t r = 0; r < in->rows; r++)
        out->numbers[r * out->number_stride] = weighted_median(m, values + r * count, places);
    return BRINE_OK;
}

/* ---- the family ---- */

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct adaboost *m = me->self;
    bool votes = method == BRINE_METHOD_PREDICT || method == BRINE_METHOD_DECISION_FUNCTION;
    enum brn_equality parts =
        brn_parts_equality(&m->parts, m->real ? BRINE_METHOD_PREDICT_PROBA : BRINE_METHOD_PREDICT);
    if (m->labels && !m->real)
        parts = brn_jumping(parts); /* votes */
    return votes && !m->real ? parts : brn_weaker(BRN_ULPS, parts);
}

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct adaboost, parts, "estimators_", CHILDREN, "the fitted estimators"),
    BRN_FIELD(struct adaboost, weights, "estimator_weights_", MATRIX, "a weight an estimator"),
    BRN_ENSEMBLE_TEMPLATES,
    BRN_FIELD_IGNORE("estimator_errors_", "of the training rows"),
    BRN_FIELD_IGNORE("n_estimators", "estimators_ are what fit came to"),
    BRN_FIELD_IGNORE("learning_rate", "of fit; estimator_weights_ have it"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_END,
};

static const struct brn_field classifier_fields[] = {
    BRN_FIELD(struct adaboost, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_OPTIONAL(struct adaboost, algorithm, "algorithm", TEXT,
                       "until 1.7: by votes (SAMME) or by probabilities (SAMME.R)"),
    BRN_FIELD_IGNORE("n_classes_", "the number of classes_"),
    BRN_FIELD_END,
};

static const struct brn_field regressor_fields[] = {
    BRN_FIELD_IGNORE("loss", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.ensemble._weight_boosting",
                                      "sklearn.ensemble.weight_boosting", NULL};

static const struct brn_estimator classifier = {
    .name = "AdaBoostClassifier",
    .modules = modules,
    .size = sizeof(struct adaboost),
    .fields = classifier_fields,
    .more_fields = common_fields,
    .prepare = prepare_classifier,
    .bind = bind_classifier,
    .input_of = first_part,
    .takes_any_width = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_proba, BRN_ULPS},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_ULPS},
            [BRINE_METHOD_DECISION_FUNCTION] = {run_decisions, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator regressor = {
    .name = "AdaBoostRegressor",
    .modules = modules,
    .size = sizeof(struct adaboost),
    .fields = regressor_fields,
    .more_fields = common_fields,
    .prepare = prepare,
    .bind = bind_regressor,
    .input_of = first_part,
    .takes_any_width = true,
    .methods = {[BRINE_METHOD_PREDICT] = {run_median, BRN_EXACT}},
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&classifier, &regressor, NULL};

const struct brn_family brn_family_adaboost = {estimators};
