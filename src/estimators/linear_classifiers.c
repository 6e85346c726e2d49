/* SPDX-License-Identifier: Apache-2.0
 *
 * linear_classifiers.c - classes by the scores of a linear model, other than logistic regression.
 * sklearn/linear_model: _stochastic_gradient.py, _perceptron.py, _passive_aggressive.py, _ridge.py;
 * sklearn/svm/_classes.py. */
#include "estimators/shared_linear_classifier.h"
#include "estimators/shared_multilabel.h"

struct classifier {
    struct brn_linear_classifier base;
    const char *loss;                       /* SGDClassifier */
    const struct brn_node *label_binarizer; /* RidgeClassifier */
};

static brine_status prepare(struct brn_instance *me, struct brn_build *build)
{
    return brn_linear_classifier_check(me->self, me, build);
}

/* predict_proba is there for two losses alone; "log" became "log_loss" in 1.1. */
static brine_status prepare_sgd(struct brn_instance *me, struct brn_build *build)
{
    struct classifier *m = me->self;
    if (brn_text_is(m->loss, "log") || brn_text_is(m->loss, "log_loss"))
        m->base.link = BRN_LINK_RATES;
    if (brn_text_is(m->loss, "modified_huber"))
        m->base.link = BRN_LINK_HUBER;
    return prepare(me, build);
}

/* classes_ is a property through 1.7; fit refuses several labels before 1.0. */
static brine_status prepare_ridge(struct brn_instance *me, struct brn_build *build)
{
    struct classifier *m = me->self;
    BRN_TRY(brn_decode_values(build, brn_node_attribute(m->label_binarizer, "classes_"),
                              &m->base.classes));
    m->base.is_multilabel = brn_is_multilabel(m->label_binarizer);
    return prepare(me, build);
}

static const struct brn_field fields[] = {
    BRN_LINEAR_CLASSIFIER_FIELDS,
    BRN_FIELD_END,
};

static const struct brn_field sgd_fields[] = {
    BRN_LINEAR_CLASSIFIER_FIELDS,
    BRN_FIELD(struct classifier, loss, "loss", TEXT, "two of them have predict_proba"),
    BRN_FIELD_END,
};

static const struct brn_field ridge_fields[] = {
    BRN_LINEAR_FIELDS,
    BRN_FIELD(struct classifier, label_binarizer, "_label_binarizer", NODE,
              "has the classes and whether each is a label of its own"),
    BRN_FIELD_IGNORE("classes_", "_label_binarizer has them"),
    BRN_FIELD_END,
};

static const char *const svm_modules[] = {"sklearn.svm._classes", "sklearn.svm.classes", NULL};

#define IN(module) \
    ((const char *const[]){"sklearn.linear_model._" module, "sklearn.linear_model." module, NULL})
#define CLASSIFIER(class, in, own_fields, own_prepare)                                         \
    &(const struct brn_estimator)                                                              \
    {                                                                                          \
        .name = class, .modules = in, .size = sizeof(struct classifier), .fields = own_fields, \
        .more_fields = brn_linear_fit_fields, .prepare = own_prepare,                          \
        .bind = brn_linear_classifier_bind, .methods = BRN_LINEAR_CLASSIFIER_METHODS,          \
        .takes_compressed = true,                                                              \
    }

static const struct brn_estimator *const estimators[] = {
    CLASSIFIER("LinearSVC", svm_modules, fields, prepare),
    CLASSIFIER("PassiveAggressiveClassifier", IN("passive_aggressive"), fields, prepare),
    CLASSIFIER("Perceptron", IN("perceptron"), fields, prepare),
    CLASSIFIER("RidgeClassifier", IN("ridge"), ridge_fields, prepare_ridge),
    CLASSIFIER("RidgeClassifierCV", IN("ridge"), ridge_fields, prepare_ridge),
    CLASSIFIER("SGDClassifier", IN("stochastic_gradient"), sgd_fields, prepare_sgd),
    NULL,
};

const struct brn_family brn_family_linear_classifiers = {estimators};
