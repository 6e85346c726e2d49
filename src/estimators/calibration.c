/* SPDX-License-Identifier: Apache-2.0
 *
 * calibration.c - CalibratedClassifierCV: classifiers whose scores a function of one number each
 * turns into probabilities; these are averaged.  sklearn/calibration.py. */
#include "estimators/shared_parts.h"
#include "kernel/sum.h"

/* A _CalibratedClassifier, which is no estimator of its own. */
struct calibrated {
    struct brn_instance *part;
    struct brn_instances calibrators;
    bool temperature; /* one calibrator for all scores */

    brine_method method;      /* of the part */
    size_t skip, count;       /* scores: the columns of the method behind the first skip */
    int32_t *places;          /* calibrator i gives the probability of class places[i] */
    struct brn_schema *score; /* what a calibrator is bound to */
};

struct calibration {
    const struct brn_node *list, *classes;
    struct calibrated *all;
    size_t count;
    struct brn_dictionary *labels;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct calibration *m = me->self;
    return m->count ? m->all[0].part : NULL;
}

/* ---- preparing ---- */

/* The first of the names that the object has. */
static const struct brn_node *either(const struct brn_node *object, const char *name,
                                     const char *old_name)
{
    const struct brn_node *node = brn_node_attribute(object, name);
    return node->kind != BRN_NIL ? node : brn_node_attribute(object, old_name);
}

static brine_status read_calibrators(struct brn_build *build, struct brn_instance *me, size_t i,
                                     const struct brn_node *list)
{
    struct calibration *m = me->self;
    struct brn_instances *to = &m->all[i].calibrators;
    size_t count = brn_node_count(list);
    to->at = BRN_BUILD_NEW(build, struct brn_instance *, count);
    if (!to->at)
        return brn_fail_memory(build->err);
    for (size_t k = 0; k < count; k++)
        BRN_TRY(brn_decode_child(build, me, brn_node_item(list, k), &to->at[k],
                                 "calibrated_classifiers_[%zu].calibrators[%zu]", i, k));
    to->count = count;
    return count ? BRINE_OK
                 : brn_ill_formed(build, "calibrated_classifiers_", "number %zu has no calibrators",
                                  i);
}

static brine_status read_calibrated(struct brn_build *build, struct brn_instance *me, size_t i)
{
    struct calibration *m = me->self;
    const struct brn_node *object = brn_node_item(m->list, i);
    if (!brn_node_is_global(brn_node_class(object), "sklearn.calibration", "_CalibratedClassifier"))
        return brn_ill_formed(build, "calibrated_classifiers_",
                              "number %zu is no _CalibratedClassifier", i);
    m->all[i].temperature = brn_node_is_text(brn_node_attribute(object, "method"), "temperature");
    BRN_TRY(brn_decode_child(build, me, either(object, "estimator", "base_estimator"),
                             &m->all[i].part, "calibrated_classifiers_[%zu].estimator", i));
    return read_calibrators(build, me, i, either(object, "calibrators", "calibrators_"));
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct calibration *m = me->self;
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    m->count = brn_node_count(m->list);
    m->all = BRN_BUILD_NEW(build, struct calibrated, m->count);
    if (!m->all)
        return brn_fail_memory(build->err);
    if (m->count == 0 || m->labels->count < 2)
        return brn_ill_formed(build, "calibrated_classifiers_", "are %zu for %zu classes", m->count,
                              m->labels->count);
    for (size_t i = 0; i < m->count; i++)
        BRN_TRY(read_calibrated(build, me, i));
    return BRINE_OK;
}

/* ---- binding ---- */

enum one_column { OF_TWO_IN_ALL, OF_TWO_OF_ITS_OWN };

static const struct brn_era column_eras[] = {
    {0, 10400, OF_TWO_IN_ALL, "of predict_proba one column is taken when classes_ are two"},
    {10400, 0, OF_TWO_OF_ITS_OWN, "when the estimator's classes are two: _get_response_values"},
    BRN_ERA_END,
};

/* decision_function, or predict_proba where there is none. */
static brine_status find_scores(struct brn_build *build, const struct brn_instance *me,
                                struct calibrated *c, size_t own_classes)
{
    const struct calibration *m = me->self;
    bool decides = c->part->out[BRINE_METHOD_DECISION_FUNCTION] != NULL;
    bool own = brn_era_behaviour(column_eras, me->version) == OF_TWO_OF_ITS_OWN;
    c->method = decides ? BRINE_METHOD_DECISION_FUNCTION : BRINE_METHOD_PREDICT_PROBA;
    BRN_TRY(brn_part_needs(build, c->part, c->method));
    if (!brn_part_gives_numbers(c->part, c->method))
        return brn_unsupported(build, c->part->place, "does not give numbers");
    c->skip = !decides && (own ? own_classes : m->labels->count) == 2;
    c->count = c->part->out[c->method]->count;
    if (c->count <= c->skip)
        return brn_ill_formed(build, c->part->place, "gives %zu scores", c->count);
    c->count -= c->skip;
    return BRINE_OK;
}

static brine_status bind_calibrators(struct brn_build *build, struct calibrated *c)
{
    for (size_t k = 0; k < c->calibrators.count; k++) {
        BRN_TRY(brn_bind_given(build, c->calibrators.at[k], c->score,
                               brn_equality_of(c->part, c->method)));
        if (!brn_part_gives_numbers(c->calibrators.at[k], BRINE_METHOD_PREDICT))
            return brn_unsupported(build, c->calibrators.at[k]->place, "gives no probabilities");
    }
    return BRINE_OK;
}

/* Of two classes the one score is for the second. */
static brine_status find_places(struct brn_build *build, const struct calibration *m,
                                struct calibrated *c, size_t own_classes)
{
    size_t count = c->count < c->calibrators.count ? c->count : c->calibrators.count;
    BRN_TRY(brn_part_codes(build, c->part, m->labels, &c->places));
    c->count = count < own_classes ? count : own_classes;
    for (size_t k = 0; m->labels->count == 2 && k < c->count; k++)
        if (++c->places[k] > 1)
            return brn_ill_formed(build, c->part->place, "has no score of the second class alone");
    for (size_t k = 0; k < c->count; k++)
        if (c->calibrators.at[k]->out[BRINE_METHOD_PREDICT]->count != 1)
            return brn_ill_formed(build, c->calibrators.at[k]->place, "gives several numbers");
    return BRINE_OK;
}

/* One calibrator turns all scores into all probabilities. */
static brine_status bind_temperature(struct brn_build *build, const struct calibration *m,
                                     struct calibrated *c)
{
    bool pair = c->skip && m->labels->count == 2; /* 1 - p and p */
    c->skip = pair ? 0 : c->skip;
    c->count += pair;
    c->score = brn_schema_numbers(build->arena, c->count, NULL);
    if (!c->score)
        return brn_fail_memory(build->err);
    BRN_TRY(bind_calibrators(build, c));
    if (c->calibrators.count == 1 &&
        c->calibrators.at[0]->out[BRINE_METHOD_PREDICT]->count == m->labels->count)
        return BRINE_OK;
    return brn_ill_formed(build, c->part->place, "has other scores than classes");
}

static brine_status bind_calibrated(struct brn_build *build, const struct brn_instance *me,
                                    struct calibrated *c, const struct brn_schema *in)
{
    const struct calibration *m = me->self;
    BRN_TRY(brn_bind_child(build, c->part, in));
    const struct brn_dictionary *own = brn_part_classes(c->part);
    if (!own)
        return brn_unsupported(build, c->part->place, "is no classifier of one output");
    BRN_TRY(find_scores(build, me, c, own->count));
    if (c->temperature)
        return bind_temperature(build, m, c);
    c->score = brn_schema_numbers(build->arena, 1, NULL);
    if (!c->score)
        return brn_fail_memory(build->err);
    BRN_TRY(bind_calibrators(build, c));
    return find_places(build, m, c, own->count);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct calibration *m = me->self;
    for (size_t i = 0; i < m->count; i++)
        BRN_TRY(bind_calibrated(build, me, &m->all[i], in));
    BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    return brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels);
}

/* ---- running ---- */

/* Each score through its calibrator, into its column of probabilities. */
static brine_status calibrate(const struct calibrated *c, const struct brn_tile *scores,
                              struct brn_tile *proba, struct brn_work *work)
{
    for (size_t k = 0; k < c->count; k++) {
        struct brn_tile one = *scores, to = *proba;
        one.numbers = scores->numbers + c->skip + k;
        to.numbers = proba->numbers + c->places[k];
        BRN_TRY(brn_run_child(c->calibrators.at[k], BRINE_METHOD_PREDICT, &one, &to, work));
    }
    return BRINE_OK;
}

/* Where no class has a probability, all are alike: by way of NaN until 0.24. */
static void normalise(double *row, size_t classes)
{
    if (classes == 2) {
        row[0] = 1.0 - row[1];
        return;
    }
    double sum = brn_sum_numpy(row, classes);
    for (size_t k = 0; k < classes; k++)
        row[k] = sum != 0 ? row[k] / sum : 1.0 / (double)classes;
}

static void clip(double *row, size_t classes)
{
    for (size_t k = 0; k < classes; k++)
        if (row[k] > 1.0 && row[k] <= 1.0 + 1e-5)
            row[k] = 1.0;
}

static brine_status run_calibrated(const struct calibration *m, const struct calibrated *c,
                                   const struct brn_tile *in, struct brn_tile *proba,
                                   struct brn_work *work)
{
    size_t classes = m->labels->count;
    struct brn_tile scores;
    BRN_TRY(brn_run_into(c->part, c->method, in, work, &scores));
    if (c->temperature) {
        BRN_TRY(brn_run_child(c->calibrators.at[0], BRINE_METHOD_PREDICT, &scores, proba, work));
    } else {
        memset(proba->numbers, 0, in->rows * classes * sizeof(double));
        BRN_TRY(calibrate(c, &scores, proba, work));
        for (size_t r = 0; r < in->rows; r++)
            normalise(proba->numbers + r * classes, classes);
    }
    for (size_t r = 0; r < in->rows; r++)
        clip(proba->numbers + r * classes, classes);
    return BRINE_OK;
}

static brine_status run_proba(const struct brn_instance *me, const struct brn_tile *in,
                              struct brn_tile *out, struct brn_work *work)
{
    const struct calibration *m = me->self;
    size_t classes = m->labels->count;
    struct brn_tile proba;
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_PREDICT_PROBA], in, &proba));
    for (size_t i = 0; i < m->count; i++) {
        struct brn_work_mark mark = brn_work_mark(work);
        BRN_TRY(run_calibrated(m, &m->all[i], in, &proba, work));
        brn_work_release(work, mark);
        for (size_t r = 0; r < in->rows; r++)
            for (size_t k = 0; k < classes; k++) {
                double *to = &out->numbers[r * out->number_stride + k];
                *to = (i ? *to : 0) + proba.numbers[r * classes + k];
            }
    }
    for (size_t r = 0; r < in->rows; r++)
        for (size_t k = 0; k < classes; k++)
            out->numbers[r * out->number_stride + k] /= (double)m->count;
    return BRINE_OK;
}

static brine_status run_labels(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct calibration *m = me->self;
    struct brn_tile proba;
    BRN_TRY(brn_work_tile(work, me->out[BRINE_METHOD_PREDICT_PROBA], in, &proba));
    BRN_TRY(run_proba(me, in, &proba, work));
    for (size_t r = 0; r < in->rows; r++)
        brn_argmax(proba.numbers + r * proba.number_stride, 1, m->labels->count,
                   &out->codes[r * out->code_stride], 1);
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct calibration *m = me->self;
    enum brn_equality weakest = BRN_EXACT;
    (void)method; /* predict is of the probabilities, too */
    for (size_t i = 0; i < m->count; i++) {
        const struct calibrated *c = &m->all[i];
        weakest = brn_weaker(weakest, brn_equality_of(c->part, c->method));
        weakest = brn_weaker(weakest, brn_parts_equality(&c->calibrators, BRINE_METHOD_PREDICT));
    }
    return weakest;
}

/* ---- the family ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct calibration, list, "calibrated_classifiers_", NODE,
              "classifiers and their calibrators"),
    BRN_FIELD(struct calibration, classes, "classes_", NODE, "class labels"),
    BRN_FIELD_IGNORE("estimator", "the template of the classifiers"),
    BRN_FIELD_IGNORE("base_estimator", "the template of the classifiers, until 1.3"),
    BRN_FIELD_IGNORE("method", "the calibrators have it"),
    BRN_FIELD_IGNORE("cv", "folds of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("ensemble", "of fit: how many classifiers there are"),
    BRN_FIELD_IGNORE("label_encoder_", "classes_ are its labels"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.calibration", NULL};

static const struct brn_estimator calibration = {
    .name = "CalibratedClassifierCV",
    .modules = modules,
    .size = sizeof(struct calibration),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_labels, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {run_proba, BRN_EXACT},
        },
    .equality = equality,
};

static const struct brn_estimator *const estimators[] = {&calibration, NULL};

const struct brn_family brn_family_calibration = {estimators};
