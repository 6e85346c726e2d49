/* SPDX-License-Identifier: Apache-2.0
 *
 * one_vs_one.c - OneVsOneClassifier: a classifier for each pair of classes.  sklearn/multiclass.py,
 * utils/multiclass.py _ovr_decision_function. */
#include "estimators/shared_parts.h"

#include <math.h>

struct one_vs_one {
    struct brn_instances parts;
    const struct brn_node *classes, *pairwise;

    struct brn_dictionary *labels;
    struct brn_part_number *numbers; /* of each part's predict */
    struct brn_part_score *scores;   /* how sure it is */
    double threshold;                /* of two classes */
};

/* What the parts say of a tile: votes and confidences, parts a row. */
struct answers {
    double *votes, *confidences;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct one_vs_one *m = me->self;
    return brn_parts_first(&m->parts);
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct one_vs_one *m = me->self;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    if (m->pairwise && !brn_is(m->pairwise, BRN_NONE))
        return brn_unsupported(build, "pairwise_indices_", "estimators of precomputed distances");
    size_t classes = m->labels->count;
    if (classes > 1 && m->parts.count == classes * (classes - 1) / 2)
        return BRINE_OK;
    return brn_ill_formed(build, "estimators_", "are %zu for %zu classes", m->parts.count, classes);
}

/* ---- how answers become scores ---- */

enum scores {
    ARGMAX_OF_TWO, /* 0.18: the same for two classes as for more */
    SCALED,        /* confidences are scaled by the largest among all rows */
    TRANSFORMED,   /* each row stands for itself */
};

static const struct brn_era score_eras[] = {
    {0, 1900, ARGMAX_OF_TWO, "confidences are scaled over all rows; two classes as many"},
    {1900, 2100, SCALED, "confidences are scaled over all rows: utils/multiclass.py 0.20"},
    {2100, 0, TRANSFORMED, "x / (3 (|x| + 1)): utils/multiclass.py 0.21"},
    BRN_ERA_END,
};

static const struct brn_era threshold_eras[] = {
    {0, 10100, false, "two classes: a score above 0"},
    {10100, 0, true, "above 0.5 without decision_function: _threshold_for_binary_predict"},
    BRN_ERA_END,
};

static brine_status bind_answers(struct brn_build *build, struct one_vs_one *m)
{
    m->numbers = BRN_BUILD_NEW(build, struct brn_part_number, m->parts.count);
    m->scores = BRN_BUILD_NEW(build, struct brn_part_score, m->parts.count);
    if (!m->numbers || !m->scores)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++) {
        BRN_TRY(brn_part_number(build, m->parts.at[i], &m->numbers[i]));
        BRN_TRY(brn_part_score(build, m->parts.at[i], &m->scores[i]));
    }
    return BRINE_OK;
}

/* Scores that depend on the other rows are no answer of a row: before 0.21 there is predict alone.
 */
static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct one_vs_one *m = me->self;
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    BRN_TRY(bind_answers(build, m));
    bool decides = m->scores[0].method == BRINE_METHOD_DECISION_FUNCTION;
    bool by_kind = brn_era_behaviour(threshold_eras, me->version);
    m->threshold = by_kind && !(decides && brn_part_classes(m->parts.at[0])) ? 0.5 : 0;
    if (brn_era_behaviour(score_eras, me->version) == TRANSFORMED)
        BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_DECISION_FUNCTION, m->labels));
    return brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels);
}

/* ---- running ---- */

static brine_status run_votes(const struct one_vs_one *m, const struct brn_tile *in, double *votes,
                              struct brn_work *work)
{
    for (size_t i = 0; i < m->parts.count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        struct brn_tile tile;
        BRN_TRY(brn_run_into(m->parts.at[i], BRINE_METHOD_PREDICT, in, work, &tile));
        for (size_t r = 0; r < in->rows; r++)
            votes[r * m->parts.count + i] = brn_part_value(&m->numbers[i], &tile, r);
        brn_work_release(work, mark);
    }
    return BRINE_OK;
}

static brine_status ask(const struct one_vs_one *m, const struct brn_tile *in,
                        struct brn_work *work, struct answers *ret_answers)
{
    size_t count = m->parts.count;
    struct answers a = {brn_work_take(work, in->rows * count, sizeof(double)),
                        brn_work_take(work, in->rows * count, sizeof(double))};
    bool single;
    if (!a.votes || !a.confidences)
        return brn_fail_memory(work->err);
    BRN_TRY(run_votes(m, in, a.votes, work));
    *ret_answers = a;
    return brn_parts_run_scores(&m->parts, m->scores, in, a.confidences, count, &single, work);
}

/* Votes and sums of confidences by class. */
static void count_votes(const double *votes, const double *confidences, size_t classes,
                        double *ret_votes, double *ret_sums)
{
    memset(ret_votes, 0, classes * sizeof *ret_votes);
    memset(ret_sums, 0, classes * sizeof *ret_sums);
    for (size_t i = 0, k = 0; i < classes; i++)
        for (size_t j = i + 1; j < classes; j++, k++) {
            ret_sums[i] -= confidences[k];
            ret_sums[j] += confidences[k];
            ret_votes[i] += votes[k] == 0;
            ret_votes[j] += votes[k] == 1;
        }
}

static void transform_scores(double *votes, const double *sums, size_t classes)
{
    for (size_t k = 0; k < classes; k++)
        votes[k] += sums[k] / (3 * (fabs(sums[k]) + 1));
}

/* Most votes, then most confidence, then the first: what scaling all confidences leaves.  A sum
 * that overflowed is scaled to NaN, which argmax takes for the largest. */
static int32_t best_of_scaled(const double *votes, const double *sums, size_t classes)
{
    size_t best = 0;
    for (size_t k = 0; k < classes; k++)
        if (!isfinite(sums[k]))
            return (int32_t)k;
    for (size_t k = 1; k < classes; k++)
        if (votes[k] > votes[best] || (votes[k] == votes[best] && sums[k] > sums[best]))
            best = k;
    return (int32_t)best;
}

static int32_t choose(const struct one_vs_one *m, int scores, double *votes, const double *sums)
{
    size_t classes = m->labels->count;
    int32_t best = 0;
    if (scores == SCALED && classes == 2)
        return votes[1] > 0 || sums[1] > 0;
    if (scores != TRANSFORMED)
        return best_of_scaled(votes, sums, classes);
    transform_scores(votes, sums, classes);
    if (classes == 2)
        return votes[1] > m->threshold;
    brn_argmax(votes, 1, classes, &best, 1);
    return best;
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct one_vs_one *m = me->self;
    size_t classes = m->labels->count, parts = m->parts.count;
    double *votes = brn_work_take(work, classes, sizeof *votes);
    double *sums = brn_work_take(work, classes, sizeof *sums);
    int scores = brn_era_behaviour(score_eras, me->version);
    struct answers a;
    if (!votes || !sums)
        return brn_fail_memory(work->err);
    BRN_TRY(ask(m, in, work, &a));
    for (size_t r = 0; r < in->rows; r++) {
        count_votes(a.votes + r * parts, a.confidences + r * parts, classes, votes, sums);
        out->codes[r * out->code_stride] = choose(m, scores, votes, sums);
    }
    return BRINE_OK;
}

static brine_status decide(const struct brn_instance *me, const struct brn_tile *in,
                           struct brn_tile *out, struct brn_work *work)
{
    const struct one_vs_one *m = me->self;
    size_t classes = m->labels->count, parts = m->parts.count;
    double *votes = brn_work_take(work, classes, sizeof *votes);
    double *sums = brn_work_take(work, classes, sizeof *sums);
    struct answers a;
    if (!votes || !sums)
        return brn_fail_memory(work->err);
    BRN_TRY(ask(m, in, work, &a));
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        count_votes(a.votes + r * parts, a.confidences + r * parts, classes, votes, sums);
        transform_scores(votes, sums, classes);
        if (classes == 2)
            row[0] = votes[1];
        else
            memcpy(row, votes, classes * sizeof *row);
    }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct one_vs_one *m = me->self;
    enum brn_equality weakest = brn_parts_equality(&m->parts, BRINE_METHOD_PREDICT);
    (void)method; /* both ask the parts the same */
    for (size_t i = 0; i < m->parts.count; i++)
        weakest = brn_weaker(weakest, brn_equality_of(m->parts.at[i], m->scores[i].method));
    return brn_jumping(weakest); /* votes */
}

static const struct brn_field fields[] = {
    BRN_FIELD(struct one_vs_one, parts, "estimators_", CHILDREN, "one estimator a pair of classes"),
    BRN_FIELD(struct one_vs_one, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_OPTIONAL(struct one_vs_one, pairwise, "pairwise_indices_", NODE,
                       "training rows of each pair, for precomputed distances"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template of estimators_"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.multiclass", NULL};

static const struct brn_estimator one_vs_one = {
    .name = "OneVsOneClassifier",
    .modules = modules,
    .size = sizeof(struct one_vs_one),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_EXACT},
            [BRINE_METHOD_DECISION_FUNCTION] = {decide, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&one_vs_one, NULL};

const struct brn_family brn_family_one_vs_one = {estimators};
