/* SPDX-License-Identifier: Apache-2.0
 *
 * multiclass.c - classifiers of two classes made into one of many: OneVsRestClassifier,
 * OutputCodeClassifier, and _ConstantPredictor, which stands where fit saw one class only.
 * sklearn/multiclass.py. */
#include "estimators/shared_parts.h"

struct multiclass {
    struct brn_instances parts;
    const struct brn_node *binarizer, *classes;
    struct brn_matrix codes; /* of OutputCodeClassifier: classes x parts */

    struct brn_dictionary *labels;
    struct brn_part_score *scores; /* by part */
    bool is_multilabel;
    double threshold; /* of a score that says yes */
    struct brn_input_check check;
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct multiclass *m = me->self;
    return brn_parts_first(&m->parts);
}

static brine_status bind_scores(struct brn_build *build, struct multiclass *m)
{
    m->scores = BRN_BUILD_NEW(build, struct brn_part_score, m->parts.count);
    if (!m->scores)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(brn_part_score(build, m->parts.at[i], &m->scores[i]));
    return BRINE_OK;
}

static double *take_scores(const struct multiclass *m, const struct brn_tile *in,
                           struct brn_work *work)
{
    return brn_work_take(work, in->rows * m->parts.count, sizeof(double));
}

static enum brn_equality score_equality(const struct multiclass *m)
{
    enum brn_equality weakest = BRN_EXACT;
    for (size_t i = 0; i < m->parts.count; i++)
        weakest = brn_weaker(weakest, brn_equality_of(m->parts.at[i], m->scores[i].method));
    return weakest;
}

/* ---- OneVsRestClassifier ---- */

static brine_status check_shape(struct brn_build *build, struct multiclass *m)
{
    const struct brn_node *type = brn_node_attribute(m->binarizer, "y_type_");
    size_t classes = m->labels->count, parts = m->parts.count;
    m->is_multilabel = brn_node_is_text(type, "multilabel-indicator");
    bool binary = brn_node_is_text(type, "binary");
    if (!binary && !m->is_multilabel && !brn_node_is_text(type, "multiclass"))
        return brn_unsupported(build, "label_binarizer_.y_type_", "is none that is known");
    if (binary ? classes == 2 && parts == 1 : classes == parts && (m->is_multilabel || parts > 1))
        return BRINE_OK;
    return brn_ill_formed(build, "estimators_", "are %zu for %zu classes", parts, classes);
}

static brine_status prepare_rest(struct brn_instance *me, struct brn_build *build)
{
    struct multiclass *m = me->self;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    BRN_TRY(brn_labels_of_node(build, brn_node_attribute(m->binarizer, "classes_"),
                               "label_binarizer_.classes_", &m->labels));
    return check_shape(build, m);
}

static brine_status offer_flags(struct brn_build *build, struct brn_instance *me)
{
    const struct multiclass *m = me->self;
    struct brn_value no_yes[2] = {{.kind = BRN_VALUE_INT, .as = {.integer = 0}},
                                  {.kind = BRN_VALUE_INT, .as = {.integer = 1}}};
    struct brn_values values = {.at = no_yes, .count = 2};
    struct brn_dictionary **flags = BRN_BUILD_NEW(build, struct brn_dictionary *, m->parts.count);
    if (!flags)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(brn_labels(build, &values, &flags[i]));
    struct brn_schema *out = brn_schema_labels(build->arena, flags, m->parts.count);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = true;
    me->out[BRINE_METHOD_PREDICT] = out;
    return BRINE_OK;
}

static const struct brn_era vector_eras[] = {
    {0, 1900, false, "decision_function of two classes is a column"},
    {1900, 0, true, "and a vector since 0.19"},
    BRN_ERA_END,
};

static brine_status offer_decisions(struct brn_build *build, struct brn_instance *me)
{
    const struct multiclass *m = me->self;
    const char *const *names = NULL;
    if (m->parts.count > 1) {
        names = brn_label_names(build, BRINE_METHOD_DECISION_FUNCTION, m->labels);
        if (!names)
            return brn_fail_memory(build->err);
    }
    struct brn_schema *out = brn_schema_numbers(build->arena, m->parts.count, names);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = !brn_era_behaviour(vector_eras, me->version);
    me->out[BRINE_METHOD_DECISION_FUNCTION] = out;
    return BRINE_OK;
}

static brine_status bind_rest(struct brn_instance *me, const struct brn_schema *in,
                              struct brn_build *build)
{
    struct multiclass *m = me->self;
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    BRN_TRY(bind_scores(build, m));
    bool decides = m->scores[0].method == BRINE_METHOD_DECISION_FUNCTION;
    m->threshold = decides && brn_part_classes(m->parts.at[0]) ? 0 : 0.5;
    BRN_TRY(m->is_multilabel ? offer_flags(build, me)
                             : brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels));
    if (brn_parts_offer(&m->parts, BRINE_METHOD_DECISION_FUNCTION, 1))
        BRN_TRY(offer_decisions(build, me));
    if (brn_parts_offer(&m->parts, BRINE_METHOD_PREDICT_PROBA, 2))
        BRN_TRY(brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT_PROBA, m->labels));
    return BRINE_OK;
}

enum tie { LAST_WINS, FIRST_WINS };

static const struct brn_era tie_eras[] = {
    {0, 10800, LAST_WINS, "of equal scores the last class wins"},
    {10800, 0, FIRST_WINS, "the first one does, as in np.argmax"},
    BRN_ERA_END,
};

static int32_t best_score(const double *scores, size_t count, bool first_wins)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (scores[i] > scores[best] || (!first_wins && scores[i] == scores[best]))
            best = i;
    return (int32_t)best;
}

static brine_status predict_rest(const struct brn_instance *me, const struct brn_tile *in,
                                 struct brn_tile *out, struct brn_work *work)
{
    const struct multiclass *m = me->self;
    size_t count = m->parts.count;
    double *scores = take_scores(m, in, work);
    bool first_wins = brn_era_behaviour(tie_eras, me->version) == FIRST_WINS, single;
    if (!scores)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_parts_run_scores(&m->parts, m->scores, in, scores, count, &single, work));
    for (size_t r = 0; r < in->rows; r++) {
        const double *row = scores + r * count;
        int32_t *codes = out->codes + r * out->code_stride;
        if (m->is_multilabel || count == 1)
            for (size_t i = 0; i < count; i++)
                codes[i] = row[i] > m->threshold;
        else
            codes[0] = best_score(row, count, first_wins);
    }
    return BRINE_OK;
}

static brine_status decide_rest(const struct brn_instance *me, const struct brn_tile *in,
                                struct brn_tile *out, struct brn_work *work)
{
    const struct multiclass *m = me->self;
    return brn_parts_run_scores(&m->parts, m->scores, in, out->numbers, out->number_stride,
                                &out->single, work);
}

static const struct brn_era zero_eras[] = {
    {0, 10700, false, "rows without any probability become NaN"},
    {10700, 0, true, "they stay 0"},
    BRN_ERA_END,
};

static void normalise(double *row, size_t count, bool keep_zero, bool single)
{
    double sum = row[0];
    for (size_t i = 1; i < count; i++)
        sum = brn_rounded(sum + row[i], single);
    for (size_t i = 0; (sum != 0 || !keep_zero) && i < count; i++)
        row[i] = brn_rounded(row[i] / sum, single);
}

static brine_status proba_rest(const struct brn_instance *me, const struct brn_tile *in,
                               struct brn_tile *out, struct brn_work *work)
{
    const struct multiclass *m = me->self;
    static const struct brn_part_score second = {BRINE_METHOD_PREDICT_PROBA, 1};
    bool keep_zero = brn_era_behaviour(zero_eras, me->version), all = true, single;
    size_t first = m->parts.count == 1 && !m->is_multilabel;
    for (size_t i = 0; i < m->parts.count; i++) {
        BRN_TRY(brn_part_run_score(m->parts.at[i], &second, in, out->numbers + first + i,
                                   out->number_stride, &single, work));
        all = all && single;
    }
    out->single = all;
    for (size_t r = 0; r < in->rows; r++) {
        double *row = out->numbers + r * out->number_stride;
        if (first)
            row[0] = brn_rounded(1 - row[1], all);
        if (!m->is_multilabel)
            normalise(row, m->labels->count, keep_zero, all);
    }
    return BRINE_OK;
}

static enum brn_equality equality_rest(const struct brn_instance *me, brine_method method)
{
    const struct multiclass *m = me->self;
    return method == BRINE_METHOD_PREDICT_PROBA ? brn_parts_equality(&m->parts, method)
                                                : score_equality(m);
}

/* ---- OutputCodeClassifier ---- */

static brine_status prepare_codes(struct brn_instance *me, struct brn_build *build)
{
    struct multiclass *m = me->self;
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    BRN_TRY(brn_labels_of_node(build, m->classes, "classes_", &m->labels));
    if (m->codes.rows == m->labels->count && m->codes.columns == m->parts.count)
        return BRINE_OK;
    return brn_ill_formed(build, "code_book_", "is %zu x %zu for %zu classes and %zu estimators",
                          m->codes.rows, m->codes.columns, m->labels->count, m->parts.count);
}

static const struct brn_era codes_check_eras[] = {
    {0, 1900, false, "the estimators check the rows"},
    {1900, 10000, true, "predict checks the rows itself"},
    {10000, 0, false, "the estimators check the rows"},
    BRN_ERA_END,
};

static brine_status bind_codes(struct brn_instance *me, const struct brn_schema *in,
                               struct brn_build *build)
{
    struct multiclass *m = me->self;
    bool checks = brn_era_behaviour(codes_check_eras, me->version);
    BRN_TRY(brn_parts_bind(build, &m->parts, in));
    BRN_TRY(bind_scores(build, m));
    BRN_TRY(brn_input_check_bind(build, me, in, checks, &m->check));
    return brn_parts_offer_classes(build, me, BRINE_METHOD_PREDICT, m->labels);
}

/* The square of a distance, less what is the same for all codes. */
static double distance(const double *code, const double *row, size_t count)
{
    double product = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        product += row[i] * code[i];
        square += code[i] * code[i];
    }
    return square - 2 * product;
}

static int32_t nearest(const struct multiclass *m, const double *row)
{
    size_t best = 0;
    double least = distance(m->codes.values, row, m->codes.columns);
    for (size_t k = 1; k < m->codes.rows; k++) {
        double d = distance(m->codes.values + k * m->codes.columns, row, m->codes.columns);
        if (d < least) {
            least = d;
            best = k;
        }
    }
    return (int32_t)best;
}

static brine_status predict_codes(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct multiclass *m = me->self;
    double *scores = take_scores(m, in, work);
    bool single;
    if (!scores)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    BRN_TRY(brn_parts_run_scores(&m->parts, m->scores, in, scores, m->parts.count, &single, work));
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = nearest(m, scores + r * m->parts.count);
    return BRINE_OK;
}

static enum brn_equality equality_codes(const struct brn_instance *me, brine_method method)
{
    (void)method; /* it has one: a distance */
    return brn_weaker(BRN_BOUNDED, score_equality(me->self));
}

/* ---- _ConstantPredictor ---- */

struct constant {
    struct brn_matrix y;
};

static brine_status prepare_constant(struct brn_instance *me, struct brn_build *build)
{
    const struct constant *m = me->self;
    return m->y.rows * m->y.columns == 1 ? BRINE_OK
                                         : brn_ill_formed(build, "y_", "is not one value");
}

static brine_status bind_constant(struct brn_instance *me, const struct brn_schema *in,
                                  struct brn_build *build)
{
    (void)in;
    BRN_TRY(brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT, 1, NULL));
    BRN_TRY(brn_parts_offer_numbers(build, me, BRINE_METHOD_DECISION_FUNCTION, 1, NULL));
    return brn_parts_offer_numbers(build, me, BRINE_METHOD_PREDICT_PROBA, 2, NULL);
}

static brine_status run_constant(const struct brn_instance *me, const struct brn_tile *in,
                                 struct brn_tile *out, struct brn_work *work)
{
    const struct constant *m = me->self;
    (void)in;
    (void)work;
    for (size_t r = 0; r < out->rows; r++)
        out->numbers[r * out->number_stride] = m->y.values[0];
    return BRINE_OK;
}

static brine_status proba_constant(const struct brn_instance *me, const struct brn_tile *in,
                                   struct brn_tile *out, struct brn_work *work)
{
    const struct constant *m = me->self;
    (void)in;
    (void)work;
    for (size_t r = 0; r < out->rows; r++) {
        out->numbers[r * out->number_stride] = 1 - m->y.values[0];
        out->numbers[r * out->number_stride + 1] = m->y.values[0];
    }
    return BRINE_OK;
}

/* ---- the family ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD(struct multiclass, parts, "estimators_", CHILDREN, "one fitted estimator a question"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template of estimators_"),
    BRN_FIELD_IGNORE("n_jobs", "threads"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_END,
};

static const struct brn_field rest_fields[] = {
    BRN_FIELD(struct multiclass, binarizer, "label_binarizer_", NODE,
              "classes, and whether a row may have several"),
    BRN_FIELD_IGNORE("classes_", "label_binarizer_ has them"),
    BRN_FIELD_END,
};

static const struct brn_field code_fields[] = {
    BRN_FIELD(struct multiclass, classes, "classes_", NODE, "class labels"),
    BRN_FIELD(struct multiclass, codes, "code_book_", MATRIX, "what the estimators say, by class"),
    BRN_FIELD_IGNORE("code_size", "of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_END,
};

static const struct brn_field constant_fields[] = {
    BRN_FIELD(struct constant, y, "y_", MATRIX, "the one value"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.multiclass", NULL};

static const struct brn_estimator one_vs_rest = {
    .name = "OneVsRestClassifier",
    .modules = modules,
    .size = sizeof(struct multiclass),
    .fields = rest_fields,
    .more_fields = common_fields,
    .prepare = prepare_rest,
    .bind = bind_rest,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict_rest, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {proba_rest, BRN_EXACT},
            [BRINE_METHOD_DECISION_FUNCTION] = {decide_rest, BRN_EXACT},
        },
    .equality = equality_rest,
};

static const struct brn_estimator output_code = {
    .name = "OutputCodeClassifier",
    .modules = modules,
    .size = sizeof(struct multiclass),
    .fields = code_fields,
    .more_fields = common_fields,
    .prepare = prepare_codes,
    .bind = bind_codes,
    .input_of = first_part,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods = {[BRINE_METHOD_PREDICT] = {predict_codes, BRN_BOUNDED}},
    .equality = equality_codes,
};

static const struct brn_estimator constant_predictor = {
    .name = "_ConstantPredictor",
    .modules = modules,
    .size = sizeof(struct constant),
    .fields = constant_fields,
    .prepare = prepare_constant,
    .bind = bind_constant,
    .takes_any_width = true,
    .takes_compressed = true,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {run_constant, BRN_EXACT},
            [BRINE_METHOD_PREDICT_PROBA] = {proba_constant, BRN_EXACT},
            [BRINE_METHOD_DECISION_FUNCTION] = {run_constant, BRN_EXACT},
        },
};

static const struct brn_estimator *const estimators[] = {&one_vs_rest, &output_code,
                                                         &constant_predictor, NULL};

const struct brn_family brn_family_multiclass = {estimators};
