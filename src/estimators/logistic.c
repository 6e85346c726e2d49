/* SPDX-License-Identifier: Apache-2.0
 *
 * logistic.c - LogisticRegression.
 * sklearn/linear_model/_logistic.py predict_proba and _base.py LinearClassifierMixin, 1.2 to 1.9.
 */
#include "estimators/shared_linear.h"
#include "kernel/link.h"

/* How scores become probabilities. */
enum link {
    LINK_SIGMOID,  /* binary: expit of the one score */
    LINK_RATES,    /* one against the rest: expit of each, divided by their sum */
    LINK_SOFTMAX,  /* multinomial */
    LINK_SOFTMAX2, /* multinomial of two classes: softmax of -score and score */
};

struct logistic {
    struct brn_linear linear;
    struct brn_values classes;
    const char *multi_class, *solver;
    struct brn_dictionary *labels;
    enum link link;
};

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (brn_text_is(text, *list))
            return true;
    return false;
}

enum chooser { BY_MULTI_CLASS, BY_MULTI_CLASS_NEWTON_ALONE, BY_CLASSES };

static const struct brn_era chooser_eras[] = {
    {0, 10200, BY_MULTI_CLASS, "multi_class decides; liblinear is one against the rest"},
    {10200, 10600, BY_MULTI_CLASS_NEWTON_ALONE,
     "so is newton-cholesky: _logistic.py 1.5.2, line 1423"},
    {10600, 10800, BY_MULTI_CLASS, "newton-cholesky is multinomial"},
    {10800, 0, BY_CLASSES, "the number of classes decides"},
    BRN_ERA_END,
};

static enum link choose_link(const struct logistic *m, brn_version version)
{
    static const char *const ovr[] = {"ovr", "warn", NULL};
    static const char *const automatic[] = {"auto", "deprecated", NULL};
    static const char *const binary_solvers[] = {"liblinear", NULL};
    static const char *const newton_alone[] = {"liblinear", "newton-cholesky", NULL};
    bool binary = m->classes.count <= 2;
    int chooser = brn_era_behaviour(chooser_eras, version);
    if (chooser == BY_CLASSES)
        return binary ? LINK_SIGMOID : LINK_SOFTMAX;
    const char *const *alone =
        chooser == BY_MULTI_CLASS_NEWTON_ALONE ? newton_alone : binary_solvers;
    bool rates = is_one_of(m->multi_class, ovr) ||
                 (is_one_of(m->multi_class, automatic) && (binary || is_one_of(m->solver, alone)));
    if (rates)
        return binary ? LINK_SIGMOID : LINK_RATES;
    return binary ? LINK_SOFTMAX2 : LINK_SOFTMAX;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct logistic *m = me->self;
    BRN_TRY(brn_linear_check(&m->linear, me, build));
    size_t classes = m->classes.count, scores = m->linear.coef.rows;
    if (classes < 2 || (classes == 2 ? scores != 1 : scores != classes))
        return brn_ill_formed(build, "coef_", "has %zu rows for %zu classes", scores, classes);
    m->link = choose_link(m, me->version);
    return brn_labels(build, &m->classes, &m->labels);
}

static brine_status bind(struct brn_instance *me, const struct brn_schema *in,
                         struct brn_build *build)
{
    struct logistic *m = me->self;
    struct brn_arena *arena = build->arena;
    size_t classes = m->classes.count, scores = m->linear.coef.rows;
    const char *const *proba = brn_label_names(build, BRINE_METHOD_PREDICT_PROBA, m->labels);
    const char *const *log_proba =
        brn_label_names(build, BRINE_METHOD_PREDICT_LOG_PROBA, m->labels);
    const char *const *decision = brn_label_names(build, BRINE_METHOD_DECISION_FUNCTION, m->labels);
    BRN_TRY(brn_bind_numbers(build, me, in, &m->linear.columns));
    if (!proba || !log_proba || !decision)
        return brn_fail_memory(build->err);
    me->out[BRINE_METHOD_PREDICT] = brn_schema_labels(arena, &m->labels, 1);
    me->out[BRINE_METHOD_PREDICT_PROBA] = brn_schema_numbers(arena, classes, proba);
    me->out[BRINE_METHOD_PREDICT_LOG_PROBA] = brn_schema_numbers(arena, classes, log_proba);
    me->out[BRINE_METHOD_DECISION_FUNCTION] =
        brn_schema_numbers(arena, scores, scores > 1 ? decision : NULL);
    for (brine_method method = 0; method <= BRINE_METHOD_DECISION_FUNCTION; method++)
        if (!me->out[method])
            return brn_fail_memory(build->err);
    return BRINE_OK;
}

static brine_status decision_function(const struct brn_instance *me, const struct brn_tile *in,
                                      struct brn_tile *out, struct brn_work *work)
{
    const struct logistic *m = me->self;
    out->single = brn_linear_is_single(&m->linear, in);
    return brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work);
}

static brine_status predict(const struct brn_instance *me, const struct brn_tile *in,
                            struct brn_tile *out, struct brn_work *work)
{
    const struct logistic *m = me->self;
    size_t scores = m->linear.coef.rows;
    double *values = brn_work_take(work, in->rows * scores, sizeof *values);
    if (!values)
        return brn_fail_memory(work->err);
    BRN_TRY(brn_linear_scores(&m->linear, in, values, scores, work));
    if (scores > 1) {
        brn_argmax(values, in->rows, scores, out->codes, out->code_stride);
        return BRINE_OK;
    }
    for (size_t r = 0; r < in->rows; r++)
        out->codes[r * out->code_stride] = values[r] > 0;
    return BRINE_OK;
}

static void rates(double *row, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i] = brn_expit(row[i]);
    for (size_t i = 0; i < n; i++)
        row[i] /= sum;
}

static void apply_link(enum link link, double *row, size_t classes)
{
    switch (link) {
    case LINK_SIGMOID:
        row[1] = brn_expit(row[0]);
        row[0] = 1 - row[1];
        break;
    case LINK_SOFTMAX2:
        row[1] = row[0];
        row[0] = -row[0];
        brn_softmax(row, 2);
        break;
    case LINK_RATES:
        rates(row, classes);
        break;
    case LINK_SOFTMAX:
        brn_softmax(row, classes);
        break;
    }
}

static brine_status predict_proba(const struct brn_instance *me, const struct brn_tile *in,
                                  struct brn_tile *out, struct brn_work *work)
{
    const struct logistic *m = me->self;
    out->single = brn_linear_is_single(&m->linear, in);
    BRN_TRY(brn_linear_scores(&m->linear, in, out->numbers, out->number_stride, work));
    for (size_t r = 0; r < in->rows; r++)
        apply_link(m->link, out->numbers + r * out->number_stride, m->classes.count);
    return BRINE_OK;
}

static const struct brn_field fields[] = {
    BRN_LINEAR_FIELDS,
    BRN_FIELD(struct logistic, classes, "classes_", VALUES, "labels in the order of the outputs"),
    BRN_FIELD_OPTIONAL(struct logistic, multi_class, "multi_class", TEXT,
                       "through 1.7: how several classes are scored"),
    BRN_FIELD(struct logistic, solver, "solver", TEXT, "decides multi_class=\"auto\" through 1.7"),
    BRN_FIELD_IGNORE("penalty", "of fit"),
    BRN_FIELD_IGNORE("dual", "of fit"),
    BRN_FIELD_IGNORE("tol", "tolerance of fit"),
    BRN_FIELD_IGNORE("C", "strength of the penalty of fit"),
    BRN_FIELD_IGNORE("intercept_scaling", "of fit; intercept_ has it applied"),
    BRN_FIELD_IGNORE("class_weight", "weights of fit"),
    BRN_FIELD_IGNORE("random_state", "of fit"),
    BRN_FIELD_IGNORE("max_iter", "limit of fit"),
    BRN_FIELD_IGNORE("verbose", "of fit"),
    BRN_FIELD_IGNORE("warm_start", "of fit"),
    BRN_FIELD_IGNORE("l1_ratio", "of fit"),
    BRN_FIELD_IGNORE("n_iter_", "of fit"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.linear_model._logistic", NULL};

static const struct brn_estimator logistic_regression = {
    .name = "LogisticRegression",
    .modules = modules,
    .size = sizeof(struct logistic),
    .fields = fields,
    .prepare = prepare,
    .bind = bind,
    .methods =
        {
            [BRINE_METHOD_PREDICT] = {predict, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_PROBA] = {predict_proba, BRN_BOUNDED},
            [BRINE_METHOD_PREDICT_LOG_PROBA] = {brn_run_log_proba, BRN_BOUNDED},
            [BRINE_METHOD_DECISION_FUNCTION] = {decision_function, BRN_BOUNDED},
        },
};

static const struct brn_estimator *const estimators[] = {&logistic_regression, NULL};

const struct brn_family brn_family_logistic = {estimators};
