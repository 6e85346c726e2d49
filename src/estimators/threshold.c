/* SPDX-License-Identifier: Apache-2.0
 *
 * threshold.c - FixedThresholdClassifier and TunedThresholdClassifierCV: two classes, told apart by
 * where a score lies.  sklearn/model_selection/_classification_threshold.py, utils/_response.py. */
#include "estimators/shared_parts.h"

struct threshold {
    struct brn_instance *fitted; /* estimator_; without it, estimator is what was fitted */
    const struct brn_node *pos_label_node, *limit_node, *scorer;
    const char *response_method;
    double limit;
    struct brn_value pos_label; /* NONE: the second class */

    struct brn_instance *part;
    brine_method method;
    size_t column;    /* of predict_proba */
    double sign;      /* of decision_function */
    int32_t codes[2]; /* below the limit, and from there on */
};

static const struct brn_instance *part_of(const struct brn_instance *me)
{
    const struct threshold *m = me->self;
    return m->part;
}

/* ---- preparing ---- */

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct threshold *m = me->self;
    m->part = m->fitted;
    if (m->part)
        return BRINE_OK;
    const struct brn_node *estimator = brn_node_attribute(me->node, "estimator");
    return brn_decode_child(build, me, estimator, &m->part, "estimator");
}

/* What pos_label of a metric is without being told: 1, or the metric has none. */
static const struct metric {
    const char *name;
    bool takes_one;
} metrics[] = {
    {"precision_score", true},
    {"recall_score", true},
    {"f1_score", true},
    {"fbeta_score", true},
    {"jaccard_score", true},
    {"accuracy_score", false},
    {"balanced_accuracy_score", false},
    {"matthews_corrcoef", false},
    {"cohen_kappa_score", false},
    {"hamming_loss", false},
    {"zero_one_loss", false},
    {NULL, false},
};

static brine_status default_of_metric(struct brn_build *build, struct threshold *m)
{
    const struct brn_node *function = brn_node_attribute(m->scorer, "_score_func");
    for (const struct metric *k = metrics; k->name; k++)
        if (brn_node_is_global(function, "sklearn.metrics._classification", k->name)) {
            if (k->takes_one)
                m->pos_label = (struct brn_value){.kind = BRN_VALUE_INT, .as = {.integer = 1}};
            return BRINE_OK;
        }
    return brn_unsupported(build, "_curve_scorer._score_func", "is none whose pos_label is known");
}

static brine_status read_pos_label(struct brn_build *build, const struct brn_node *node,
                                   const char *attribute, struct threshold *m)
{
    brine_status status = brn_decode_value(build, node, &m->pos_label);
    if (status != BRINE_OK)
        brn_error_within(build->err, "%s", attribute);
    return status;
}

static brine_status prepare_fixed(struct brn_instance *me, struct brn_build *build)
{
    struct threshold *m = me->self;
    BRN_TRY(read_pos_label(build, m->pos_label_node, "pos_label", m));
    if (!brn_node_is_text(m->limit_node, "auto")) {
        brine_status status = brn_decode_number(build, m->limit_node, &m->limit);
        if (status != BRINE_OK) {
            brn_error_within(build->err, "threshold");
            return status;
        }
    }
    return prepare(me, build);
}

/* _get_pos_label of the scorer. */
static brine_status prepare_tuned(struct brn_instance *me, struct brn_build *build)
{
    struct threshold *m = me->self;
    const struct brn_node *told =
        brn_node_get(brn_node_attribute(m->scorer, "_kwargs"), "pos_label");
    BRN_TRY(told->kind != BRN_NIL
                ? read_pos_label(build, told, "_curve_scorer._kwargs.pos_label", m)
                : default_of_metric(build, m));
    return prepare(me, build);
}

/* ---- binding ---- */

static brine_status find_method(struct brn_build *build, struct threshold *m)
{
    static const brine_method known[] = {BRINE_METHOD_PREDICT_PROBA,
                                         BRINE_METHOD_DECISION_FUNCTION};
    bool automatic = brn_text_is(m->response_method, "auto");
    for (size_t i = 0; i < 2; i++)
        if (automatic ? m->part->out[known[i]] != NULL
                      : brn_text_is(m->response_method, brine_method_name(known[i]))) {
            m->method = known[i];
            BRN_TRY(brn_part_needs(build, m->part, m->method));
            if (!brn_part_gives_numbers(m->part, m->method) ||
                m->part->out[m->method]->count != 2 - i)
                return brn_unsupported(build, "estimator_", "has no scores of two classes");
            return BRINE_OK;
        }
    return brn_unsupported(build, "response_method", "is none that the estimator has");
}

/* Which class is the positive one. */
static brine_status find_codes(struct brn_build *build, struct threshold *m)
{
    const struct brn_dictionary *classes = brn_part_classes(m->part);
    int32_t positive = 1;
    if (!classes || classes->count != 2)
        return brn_unsupported(build, "estimator_", "is no classifier of two classes");
    if (m->pos_label.kind != BRN_VALUE_NONE) {
        positive = brn_value_equal(classes->values[0], m->pos_label) ? 0 : 1;
        if (!brn_value_equal(classes->values[positive], m->pos_label))
            return brn_ill_formed(build, "pos_label", "is no class of the estimator");
    }
    m->codes[0] = 1 - positive;
    m->codes[1] = positive;
    m->column = m->method == BRINE_METHOD_PREDICT_PROBA ? (size_t)positive : 0;
    m->sign = m->method == BRINE_METHOD_DECISION_FUNCTION && positive == 0 ? -1 : 1;
    return BRINE_OK;
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct threshold *m = me->self;
    BRN_TRY(brn_bind_child(build, m->part, in));
    BRN_TRY(find_method(build, m));
    BRN_TRY(find_codes(build, m));
    if (m->limit_node && brn_node_is_text(m->limit_node, "auto"))
        m->limit = m->method == BRINE_METHOD_PREDICT_PROBA ? 0.5 : 0;
    m->limit_node = NULL; /* of the file, which goes */
    for (brine_method method = 0; method <= BRINE_METHOD_DECISION_FUNCTION; method++)
        me->out[method] = m->part->out[method];
    return BRINE_OK;
}

/* ---- running ---- */

/* A limit that was given is a Python float, which numpy compares in the precision of the scores;
 * one that was found is a numpy.float64. */
static brine_status predict(const struct threshold *m, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->part, m->method, in, work, &tile));
    double limit = brn_rounded(m->limit, tile.single && !m->scorer);
    for (size_t r = 0; r < in->rows; r++) {
        double score = m->sign * tile.numbers[r * tile.number_stride + m->column];
        out->codes[r * out->code_stride] = m->codes[score >= limit];
    }
    return BRINE_OK;
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    const struct threshold *m = me->self;
    return method == BRINE_METHOD_PREDICT ? predict(m, in, out, work)
                                          : brn_run_child(m->part, method, in, out, work);
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct threshold *m = me->self;
    return brn_equality_of(m->part, method == BRINE_METHOD_PREDICT ? m->method : method);
}

/* ---- the family ---- */

static const struct brn_field common_fields[] = {
    BRN_FIELD_OPTIONAL(struct threshold, fitted, "estimator_", CHILD, "gives the scores"),
    BRN_FIELD(struct threshold, response_method, "response_method", TEXT, "which scores"),
    BRN_FIELD_IGNORE("estimator", "the template of estimator_, or what stands for it"),
    BRN_FIELD_END,
};

static const struct brn_field fixed_fields[] = {
    BRN_FIELD(struct threshold, limit_node, "threshold", NODE, "from which score on"),
    BRN_FIELD(struct threshold, pos_label_node, "pos_label", NODE, "what the scores are for"),
    BRN_FIELD_END,
};

static const struct brn_field tuned_fields[] = {
    BRN_FIELD(struct threshold, limit, "best_threshold_", NUMBER, "from which score on"),
    BRN_FIELD(struct threshold, scorer, "_curve_scorer", NODE, "says what the scores are for"),
    BRN_FIELD_IGNORE("scoring", "how fit compared"),
    BRN_FIELD_IGNORE("thresholds", "of fit"),
    BRN_FIELD_IGNORE("cv", "folds of fit"),
    BRN_FIELD_IGNORE("refit", "of fit"),
    BRN_FIELD_IGNORE("n_jobs", "threads of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("store_cv_results", "of fit"),
    BRN_FIELD_IGNORE("cv_results_", "scores of fit"),
    BRN_FIELD_IGNORE("best_score_", "a score of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.model_selection._classification_threshold", NULL};

#define THRESHOLD(class_name, its_fields, its_prepare)                                            \
    {                                                                                             \
        .name = class_name, .since = 10500, .modules = modules, .size = sizeof(struct threshold), \
        .fields = its_fields, .more_fields = common_fields, .prepare = its_prepare, .bind = bind, \
        .input_of = part_of, .takes_any_width = true, .takes_compressed = true, .run = run,       \
        .equality = equality,                                                                     \
    }

static const struct brn_estimator fixed =
    THRESHOLD("FixedThresholdClassifier", fixed_fields, prepare_fixed);
static const struct brn_estimator tuned =
    THRESHOLD("TunedThresholdClassifierCV", tuned_fields, prepare_tuned);

static const struct brn_estimator *const estimators[] = {&fixed, &tuned, NULL};

const struct brn_family brn_family_threshold = {estimators};
