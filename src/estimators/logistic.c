/* SPDX-License-Identifier: Apache-2.0
 *
 * logistic.c - LogisticRegression and LogisticRegressionCV.
 * sklearn/linear_model/_logistic.py predict_proba, 0.18 to 1.9. */
#include "estimators/shared_linear_classifier.h"

struct logistic {
    struct brn_linear_classifier classifier;
    const char *multi_class, *solver;
};

static bool is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (brn_text_is(text, *list))
            return true;
    return false;
}

enum chooser { BY_SCORES, BY_MULTI_CLASS, BY_MULTI_CLASS_NEWTON_ALONE, BY_CLASSES };

static const struct brn_era chooser_eras[] = {
    {0, 2000, BY_SCORES, "one score is a sigmoid whatever multi_class says: logistic.py 0.19.2"},
    {2000, 10200, BY_MULTI_CLASS, "multi_class decides; liblinear is one against the rest"},
    {10200, 10600, BY_MULTI_CLASS_NEWTON_ALONE,
     "so is newton-cholesky: _logistic.py 1.5.2, line 1423"},
    {10600, 10800, BY_MULTI_CLASS, "newton-cholesky is multinomial"},
    {10800, 0, BY_CLASSES, "the number of classes decides"},
    BRN_ERA_END,
};

static enum brn_score_link choose_link(const struct logistic *m, brn_version version)
{
    static const char *const ovr[] = {"ovr", "warn", NULL};
    static const char *const automatic[] = {"auto", "deprecated", NULL};
    static const char *const binary_solvers[] = {"liblinear", NULL};
    static const char *const newton_alone[] = {"liblinear", "newton-cholesky", NULL};
    bool binary = m->classifier.classes.count <= 2;
    int chooser = brn_era_behaviour(chooser_eras, version);
    if (chooser == BY_CLASSES || (chooser == BY_SCORES && binary))
        return binary ? BRN_LINK_RATES : BRN_LINK_SOFTMAX;
    const char *const *alone =
        chooser == BY_MULTI_CLASS_NEWTON_ALONE ? newton_alone : binary_solvers;
    bool rates = is_one_of(m->multi_class, ovr) ||
                 (is_one_of(m->multi_class, automatic) && (binary || is_one_of(m->solver, alone)));
    if (rates)
        return BRN_LINK_RATES;
    return binary ? BRN_LINK_SOFTMAX2 : BRN_LINK_SOFTMAX;
}

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    struct logistic *m = me->self;
    m->classifier.link = choose_link(m, me->version);
    return brn_linear_classifier_check(&m->classifier, me, build);
}

static const struct brn_field fields[] = {
    BRN_LINEAR_CLASSIFIER_FIELDS,
    BRN_FIELD_OPTIONAL(struct logistic, multi_class, "multi_class", TEXT,
                       "through 1.7: how several classes are scored"),
    BRN_FIELD(struct logistic, solver, "solver", TEXT, "decides multi_class=\"auto\" through 1.7"),
    BRN_FIELD_END,
};

static const char *const modules[] = {"sklearn.linear_model._logistic",
                                      "sklearn.linear_model.logistic", NULL};

#define LOGISTIC(variable, class)                  \
    static const struct brn_estimator variable = { \
        .name = class,                             \
        .modules = modules,                        \
        .size = sizeof(struct logistic),           \
        .fields = fields,                          \
        .more_fields = brn_linear_fit_fields,      \
        .prepare = prepare,                        \
        .bind = brn_linear_classifier_bind,        \
        .methods = BRN_LINEAR_CLASSIFIER_METHODS,  \
        .takes_compressed = true,                  \
    }

LOGISTIC(logistic_regression, "LogisticRegression");
LOGISTIC(logistic_regression_cv, "LogisticRegressionCV");

static const struct brn_estimator *const estimators[] = {&logistic_regression,
                                                         &logistic_regression_cv, NULL};

const struct brn_family brn_family_logistic = {estimators};
