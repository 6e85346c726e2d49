# SPDX-License-Identifier: Apache-2.0
"""Linear classifiers other than LogisticRegression: the sign or the largest of dot products; for some, probabilities."""
import numpy as np
from sklearn import linear_model, svm

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

P = 4
SEASONS = ["été", "autumn", "winter", "spring"]


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def fitted(rng, model, k=2, labels=None, dtype=np.float64, input_dtype=None, y=None):
    X = small(numbers(rng, n=80, p=P)).astype(dtype)
    target = classes(rng, X, k, labels) if y is None else y(rng, X)
    return model.fit(X, target), numeric_rows(rng, X, ordinary=6, dtype=input_dtype or dtype)


def plain(label, name, since=(0, 0), module=linear_model, until=(99, 99), k=2, labels=None, dtype=np.float64, input_dtype=None,
          **parameters):
    @case(label, since, until)
    def _(rng):
        return fitted(rng, getattr(module, name)(**parameters), k, labels, dtype, input_dtype)


# ---- scores alone ----

plain("linearsvc", "LinearSVC", module=svm, random_state=3)
plain("linearsvc-seasons", "LinearSVC", module=svm, k=4, labels=SEASONS, random_state=3)
plain("linearsvc-crammer-singer", "LinearSVC", module=svm, k=3, multi_class="crammer_singer", random_state=3)
plain("linearsvc-crammer-singer-binary", "LinearSVC", module=svm, multi_class="crammer_singer", random_state=3)
plain("linearsvc-no-intercept", "LinearSVC", module=svm, fit_intercept=False, random_state=3)
plain("linearsvc-l1", "LinearSVC", module=svm, k=3, penalty="l1", dual=False, C=0.3, random_state=3)
plain("linearsvc-float32-input", "LinearSVC", module=svm, k=3, input_dtype=np.float32, random_state=3)
plain("perceptron", "Perceptron", random_state=3)
plain("perceptron-four", "Perceptron", k=4, labels=[-1, 3, 5, 2 ** 40], random_state=3)
plain("passiveaggressive", "PassiveAggressiveClassifier", labels=["no", "yes"], random_state=3)
plain("passiveaggressive-squared", "PassiveAggressiveClassifier", k=3, loss="squared_hinge", random_state=3)
plain("ridgeclassifier", "RidgeClassifier", alpha=0.5)
plain("ridgeclassifier-three", "RidgeClassifier", k=3, labels=["été", "autumn", "winter"])
plain("ridgeclassifier-balanced", "RidgeClassifier", k=3, class_weight="balanced", fit_intercept=False)
plain("ridgeclassifier-float32", "RidgeClassifier", dtype=np.float32)
plain("ridgeclassifiercv", "RidgeClassifierCV", labels=[False, True])
plain("ridgeclassifiercv-three", "RidgeClassifierCV", k=3, cv=3)
plain("ridgeclassifiercv-normalize", "RidgeClassifierCV", k=3, until=(1, 1), normalize=True)


def two_labels(rng, X):
    return np.column_stack([score(rng, X) > 0, score(rng, X) > 0.1, score(rng, X) > -0.1]).astype(int)


@case("ridgeclassifier-multilabel", since=(1, 0))
def _(rng):
    return fitted(rng, linear_model.RidgeClassifier(), y=two_labels)


# ---- stochastic gradient descent: every loss ----

LOG = "log_loss" if VERSION >= (1, 1) else "log"
SQUARED = "squared_error" if VERSION >= (1, 0) else "squared_loss"
for loss in (LOG, SQUARED, "hinge", "modified_huber", "squared_hinge", "perceptron", "huber", "epsilon_insensitive",
             "squared_epsilon_insensitive"):
    named = {"log_loss": "log", "squared_loss": "squared-error"}.get(loss, loss.replace("_", "-"))
    plain("sgd-" + named, "SGDClassifier", loss=loss, alpha=0.01, random_state=3)
for loss in (LOG, "hinge", "modified_huber"):
    named = {"log_loss": "log"}.get(loss, loss.replace("_", "-"))
    plain("sgd-four-" + named, "SGDClassifier", k=4, labels=SEASONS, loss=loss, alpha=0.01, random_state=3)
    plain("sgd-float32-" + named, "SGDClassifier", k=3, loss=loss, alpha=0.01, random_state=3, dtype=np.float32)
plain("sgd-float32-modified-huber-binary", "SGDClassifier", loss="modified_huber", alpha=0.01, random_state=3, dtype=np.float32)
plain("sgd-average", "SGDClassifier", average=True, loss=LOG, random_state=3)
plain("sgd-early", "SGDClassifier", since=(0, 20), early_stopping=True, k=3, tol=1e-3, max_iter=50, random_state=3)
plain("sgd-elasticnet", "SGDClassifier", penalty="elasticnet", l1_ratio=0.4, loss=LOG, random_state=3, input_dtype=np.int64)


def zeros(rng, model):
    """Rows far outside, where every class has rate 0."""
    model, rows = fitted(rng, model, k=3)
    far = rows[:6].copy() if rows.dtype.kind == "f" else rows
    return model, np.vstack([far, -1e4 * far, 1e4 * far])


@case("sgd-far-modified-huber")
def _(rng):
    return zeros(rng, linear_model.SGDClassifier(loss="modified_huber", alpha=0.01, random_state=3))


@case("sgd-far-log")
def _(rng):
    return zeros(rng, linear_model.SGDClassifier(loss=LOG, alpha=0.01, random_state=3))


def one_class(label, input_dtype=np.float64, dtype=np.float64, **parameters):
    @case(label, since=(1, 0))
    def _(rng):
        X = small(numbers(rng, n=80, p=P)).astype(dtype)
        model = linear_model.SGDOneClassSVM(random_state=3, **parameters).fit(X)
        return model, numeric_rows(rng, X, ordinary=6, dtype=input_dtype)


one_class("sgdoneclass")
one_class("sgdoneclass-average", average=True, nu=0.2)
one_class("sgdoneclass-no-intercept", fit_intercept=False)
one_class("sgdoneclass-float32", dtype=np.float32, input_dtype=np.float32)

# ---- coef_ as a sparse matrix ----

def sparsified(label, name, module=linear_model, k=2, dtype=np.float64, **parameters):
    @case(label)
    def _(rng):
        model, rows = fitted(rng, getattr(module, name)(random_state=3, **parameters), k, dtype=dtype)
        return model.sparsify(), rows


sparsified("sgd-sparsified", "SGDClassifier", penalty="l1", alpha=0.02, loss=LOG)
sparsified("sgd-sparsified-float32", "SGDClassifier", k=3, penalty="l1", alpha=0.02, dtype=np.float32)
sparsified("linearsvc-sparsified", "LinearSVC", svm, k=3, penalty="l1", dual=False, C=0.2)

# ---- cross-validated logistic regression ----

plain("logisticcv", "LogisticRegressionCV", Cs=3)
plain("logisticcv-strings", "LogisticRegressionCV", Cs=3, labels=["no", "yes"], solver="liblinear")
plain("logisticcv-three", "LogisticRegressionCV", Cs=3, k=3, solver="lbfgs")
plain("logisticcv-three-multinomial", "LogisticRegressionCV", Cs=3, k=3, solver="lbfgs", multi_class="multinomial", until=(1, 7))
plain("logisticcv-multinomial-binary", "LogisticRegressionCV", Cs=3, solver="lbfgs", multi_class="multinomial", until=(1, 7))
plain("logisticcv-three-ovr", "LogisticRegressionCV", Cs=3, k=3, multi_class="ovr", until=(1, 7))
plain("logisticcv-three-liblinear", "LogisticRegressionCV", Cs=3, k=3, solver="liblinear", until=(1, 7))
plain("logisticcv-no-refit", "LogisticRegressionCV", Cs=3, refit=False, fit_intercept=False)
plain("logisticcv-elasticnet", "LogisticRegressionCV", since=(0, 22), Cs=2, k=3, penalty="elasticnet", solver="saga",
      l1_ratios=[0.2, 0.8], max_iter=50, random_state=3)
plain("logisticcv-float32", "LogisticRegressionCV", Cs=2, k=3, dtype=np.float32)
plain("logisticcv-scalars", "LogisticRegressionCV", since=(1, 8), Cs=3, k=3, use_legacy_attributes=False)
