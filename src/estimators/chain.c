/* SPDX-License-Identifier: Apache-2.0
 *
 * chain.c - ClassifierChain and RegressorChain: each estimator sees the input and what those before
 * it said.  sklearn/multioutput.py. */
#include "estimators/shared_parts.h"

struct chain {
    struct brn_instances parts;
    struct brn_values order_values;
    const char *feature_method;

    size_t *order;                   /* part i answers for target order[i] */
    brine_method feature;            /* what the next estimators see */
    struct brn_part_number *numbers; /* of predict, by part */
    struct brn_schema *augmented;    /* the input's columns and one a part behind them */
    struct brn_input_check check;
    size_t width;   /* of the input */
    bool has_texts; /* labels that predict cannot put into its array: it is not offered */
};

static const struct brn_instance *first_part(const struct brn_instance *me)
{
    const struct chain *m = me->self;
    return brn_parts_first(&m->parts);
}

/* ---- preparing ---- */

/* order_ names every target once. */
static brine_status read_order(struct brn_build *build, struct chain *m)
{
    size_t count = m->parts.count;
    bool *seen = BRN_NEW(build->scratch, bool, count);
    m->order = BRN_BUILD_NEW(build, size_t, count);
    if (!seen || !m->order)
        return brn_fail_memory(build->err);
    if (m->order_values.count != count)
        return brn_ill_formed(build, "order_", "has %zu places for %zu estimators",
                              m->order_values.count, count);
    for (size_t i = 0; i < count; i++) {
        struct brn_value v = m->order_values.at[i];
        if (v.kind != BRN_VALUE_INT || v.as.integer < 0 || (uint64_t)v.as.integer >= count ||
            seen[v.as.integer])
            return brn_ill_formed(build, "order_", "is no order of %zu targets", count);
        m->order[i] = (size_t)v.as.integer;
        seen[m->order[i]] = true;
    }
    return BRINE_OK;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct chain *m = me->self;
    static const brine_method known[] = {BRINE_METHOD_PREDICT, BRINE_METHOD_PREDICT_PROBA,
                                         BRINE_METHOD_PREDICT_LOG_PROBA,
                                         BRINE_METHOD_DECISION_FUNCTION};
    BRN_TRY(brn_parts_check(build, &m->parts, "estimators_"));
    BRN_TRY(read_order(build, m));
    m->feature = BRINE_METHOD_PREDICT;
    if (!m->feature_method)
        return BRINE_OK;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (brn_text_is(m->feature_method, brine_method_name(known[i]))) {
            m->feature = known[i];
            return BRINE_OK;
        }
    return brn_unsupported(build, "chain_method_", "names a method that is not known");
}

/* ---- binding ---- */

static brine_status make_augmented(struct brn_build *build, struct chain *m)
{
    m->augmented = brn_schema_numbers(build->arena, m->width + m->parts.count, NULL);
    return m->augmented ? BRINE_OK : brn_fail_memory(build->err);
}

/* Answers or labels of predict that fit in an array of floats. */
static bool predicts_numbers(const struct brn_instance *part)
{
    const struct brn_dictionary *classes = brn_part_classes(part);
    double ignored;
    for (size_t k = 0; classes && k < classes->count; k++)
        if (!brn_label_number(classes->values[k], &ignored))
            return false;
    return true;
}

/* Of what the parts before part i tell it; labels jump. */
static enum brn_equality equality_before(const struct chain *m, size_t i)
{
    enum brn_equality weakest = BRN_EXACT;
    for (size_t k = 0; k < i; k++) {
        enum brn_equality own = brn_equality_of(m->parts.at[k], m->feature);
        bool is_label = m->feature == BRINE_METHOD_PREDICT && brn_part_classes(m->parts.at[k]);
        weakest = brn_weaker(weakest, is_label ? brn_jumping(own) : own);
    }
    return weakest;
}

/* Part i sees the input and the i columns behind it. */
static brine_status bind_part(struct brn_build *build, struct chain *m, const size_t *places,
                              size_t i)
{
    const struct brn_schema *in =
        brn_schema_select(build->arena, m->augmented, places, m->width + i);
    if (!in)
        return brn_fail_memory(build->err);
    BRN_TRY(brn_bind_given(build, m->parts.at[i], in, equality_before(m, i)));
    if (m->feature == BRINE_METHOD_PREDICT || predicts_numbers(m->parts.at[i]))
        BRN_TRY(brn_part_number(build, m->parts.at[i], &m->numbers[i]));
    else
        m->has_texts = true;
    return brn_part_needs(build, m->parts.at[i], m->feature);
}

static brine_status bind_parts(struct brn_build *build, struct chain *m)
{
    size_t count = m->width + m->parts.count;
    size_t *places = BRN_BUILD_NEW(build, size_t, count);
    m->numbers = BRN_BUILD_NEW(build, struct brn_part_number, m->parts.count);
    if (!places || !m->numbers)
        return brn_fail_memory(build->err);
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    for (size_t i = 0; i < m->parts.count; i++)
        BRN_TRY(bind_part(build, m, places, i));
    return BRINE_OK;
}

/* The column of a part's answer that speaks for its second class. */
static size_t column_of(brine_method method)
{
    return method == BRINE_METHOD_PREDICT_PROBA || method == BRINE_METHOD_PREDICT_LOG_PROBA;
}

/* Of predict_proba and decision_function: of two classes, one column counts. */
static bool offers(const struct chain *m, brine_method method)
{
    return brn_parts_offer(&m->parts, method, column_of(method) + 1);
}

static brine_status offer(struct brn_build *build, struct brn_instance *me, brine_method method)
{
    const struct chain *m = me->self;
    struct brn_schema *out = brn_schema_numbers(build->arena, m->parts.count, NULL);
    if (!out)
        return brn_fail_memory(build->err);
    out->is_matrix = true;
    me->out[method] = out;
    return BRINE_OK;
}

static brine_status bind_regressor(struct brn_instance *me, const struct brn_schema *in,
                                   struct brn_build *build)
{
    struct chain *m = me->self;
    m->width = in->count;
    BRN_TRY(brn_input_check_bind(build, me, in, true, &m->check));
    BRN_TRY(make_augmented(build, m));
    BRN_TRY(bind_parts(build, m));
    if (m->feature != BRINE_METHOD_PREDICT && !offers(m, m->feature))
        return brn_unsupported(build, "chain_method_", "gives no single column");
    return m->has_texts ? BRINE_OK : offer(build, me, BRINE_METHOD_PREDICT);
}

static const struct brn_era log_eras[] = {
    {0, 10400, false, "a chain has no predict_log_proba"},
    {10400, 0, true, "it is the logarithm of predict_proba"},
    BRN_ERA_END,
};

static brine_status bind_classifier(struct brn_instance *me, const struct brn_schema *in,
                                    struct brn_build *build)
{
    const struct chain *m = me->self;
    BRN_TRY(bind_regressor(me, in, build));
    if (offers(m, BRINE_METHOD_PREDICT_PROBA)) {
        BRN_TRY(offer(build, me, BRINE_METHOD_PREDICT_PROBA));
        if (brn_era_behaviour(log_eras, me->version))
            BRN_TRY(offer(build, me, BRINE_METHOD_PREDICT_LOG_PROBA));
    }
    if (offers(m, BRINE_METHOD_DECISION_FUNCTION))
        BRN_TRY(offer(build, me, BRINE_METHOD_DECISION_FUNCTION));
    return BRINE_OK;
}

/* ---- running ---- */

/* One column of what part i gives for the method goes to to. */
static brine_status ask(const struct chain *m, size_t i, brine_method method,
                        const struct brn_tile *in, double *to, size_t stride, struct brn_work *work)
{
    struct brn_work_mark mark = brn_work_mark(work);
    struct brn_tile tile;
    BRN_TRY(brn_run_into(m->parts.at[i], method, in, work, &tile));
    for (size_t r = 0; r < in->rows; r++)
        to[r * stride] = method == BRINE_METHOD_PREDICT
                             ? brn_part_value(&m->numbers[i], &tile, r)
                             : tile.numbers[r * tile.number_stride + column_of(method)];
    brn_work_release(work, mark);
    return BRINE_OK;
}

/* The input's columns, in float64 like the answers that go beside them. */
static brine_status begin(const struct chain *m, const struct brn_tile *in, struct brn_work *work,
                          struct brn_tile *ret_augmented)
{
    BRN_TRY(brn_input_check_run(&m->check, in, work));
    BRN_TRY(brn_work_tile(work, m->augmented, in, ret_augmented));
    ret_augmented->single = false;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t c = 0; c < m->width; c++)
            ret_augmented->numbers[r * ret_augmented->number_stride + c] =
                in->numbers[r * in->number_stride + (size_t)m->check.columns[c]];
    return BRINE_OK;
}

static brine_status run(const struct brn_instance *me, brine_method method,
                        const struct brn_tile *in, struct brn_tile *out, struct brn_work *work)
{
    const struct chain *m = me->self;
    struct brn_tile augmented;
    if (method == BRINE_METHOD_PREDICT_LOG_PROBA)
        return brn_run_log_proba(me, in, out, work);
    BRN_TRY(begin(m, in, work, &augmented));
    for (size_t i = 0; i < m->parts.count; i++) {
        double *said = augmented.numbers + m->width + i;
        BRN_TRY(ask(m, i, m->feature, &augmented, said, augmented.number_stride, work));
        BRN_TRY(
            ask(m, i, method, &augmented, out->numbers + m->order[i], out->number_stride, work));
    }
    return BRINE_OK;
}

static enum brn_equality equality(const struct brn_instance *me, brine_method method)
{
    const struct chain *m = me->self;
    if (method == BRINE_METHOD_PREDICT_LOG_PROBA)
        return brn_weaker(BRN_ULPS, equality(me, BRINE_METHOD_PREDICT_PROBA));
    return brn_weaker(brn_parts_equality(&m->parts, method),
                      equality_before(m, m->parts.count - 1));
}

/* ---- the family ---- */

static const struct brn_field fields[] = {
    BRN_FIELD(struct chain, parts, "estimators_", CHILDREN, "one fitted estimator a target"),
    BRN_FIELD(struct chain, order_values, "order_", VALUES, "which target each of them is for"),
    BRN_FIELD_OPTIONAL(struct chain, feature_method, "chain_method_", TEXT,
                       "since 1.5: what an estimator tells the next ones"),
    BRN_FIELD_IGNORE("chain_method", "chain_method_ is what came of it"),
    BRN_FIELD_IGNORE("estimator", "the unfitted template of estimators_"),
    BRN_FIELD_IGNORE("base_estimator", "the unfitted template of estimators_"),
    BRN_FIELD_IGNORE("classes_", "the estimators have their own"),
    BRN_FIELD_IGNORE("order", "order_ is what came of it"),
    BRN_FIELD_IGNORE("cv", "folds of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("verbose", "messages of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.multioutput", NULL};

#define CHAIN(class_name, came, its_bind)                                                    \
    {                                                                                        \
        .name = class_name, .since = came, .modules = modules, .size = sizeof(struct chain), \
        .fields = fields, .prepare = prepare, .bind = its_bind, .input_of = first_part,      \
        .takes_any_width = true, .run = run, .equality = equality,                           \
    }

static const struct brn_estimator classifier_chain =
    CHAIN("ClassifierChain", 1900, bind_classifier);
static const struct brn_estimator regressor_chain = CHAIN("RegressorChain", 2000, bind_regressor);

static const struct brn_estimator *const estimators[] = {&classifier_chain, &regressor_chain, NULL};

const struct brn_family brn_family_chain = {estimators};
