# SPDX-License-Identifier: Apache-2.0
"""Bounds of linear models: a dot product (B), or one put through a link (C)."""
import numpy as np

from bounds import ULPS, binary_error, bound, classed, dense, dot_error, log_error, normalised_error, ulp

REGRESSORS = """ARDRegression BayesianRidge ElasticNet ElasticNetCV HuberRegressor Lars LarsCV Lasso LassoCV LassoLars LassoLarsCV
LassoLarsIC LinearSVR MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV OrthogonalMatchingPursuit
OrthogonalMatchingPursuitCV PassiveAggressiveRegressor QuantileRegressor RidgeCV SGDRegressor TheilSenRegressor""".split()
GENERALISED = "GammaRegressor PoissonRegressor TweedieRegressor".split()
CLASSIFIERS = "LinearSVC PassiveAggressiveClassifier Perceptron RidgeClassifier RidgeClassifierCV SGDClassifier".split()


def linear_error(model, X):
    return dot_error(X, dense(model.coef_), getattr(model, "intercept_", 0) if not hasattr(model, "offset_") else model.offset_)


def is_logarithmic(model):
    link = getattr(model, "link", "log")
    return type(model).__name__ != "TweedieRegressor" or link == "log" or link == "auto" and model.power > 0


def regressor_bound(model, X, method, answer):
    error = linear_error(model, X).reshape(np.shape(answer))
    if type(model).__name__ in GENERALISED and is_logarithmic(model):
        with np.errstate(over="ignore", invalid="ignore"):
            return classed(np.abs(answer) * np.expm1(np.minimum(error, 700)) + ULPS * ulp(answer), "C")
    return classed(error, "B")


def margin(score, error):
    """Rows whose largest score, or sign, the error can turn."""
    score = np.asarray(score, dtype=np.float64)
    if score.ndim == 1:
        return (np.abs(score) <= error.ravel()) & (error.ravel() > 0)
    first, second = np.sort(score, axis=1)[:, [-1, -2]].T
    room = 2 * error.max(axis=1)
    return (first - second <= room) & (room > 0)


def is_multilabel(model):
    binarizer = getattr(model, "_label_binarizer", None)
    return binarizer is not None and binarizer.y_type_.startswith("multilabel")


def classifier_unstable(model, X):
    score, error = model.decision_function(X), linear_error(model, X)
    if is_multilabel(model):
        return margin(score, error) | np.any((np.abs(score) <= error) & (error > 0), axis=1)
    return margin(score, error)


def probability_error(model, X, p):
    score, error = np.asarray(model.decision_function(X)), linear_error(model, X)
    if getattr(model, "loss", "") == "modified_huber":
        return huber_rates_error(score, error, p)
    return binary_error(p, error) if score.ndim == 1 else normalised_error(p, score, error)


def huber_rates_error(score, error, p):
    """modified_huber: cut to -1..1, where an error is cut as well, moved to 0..1, divided by the sum."""
    score = score.reshape(len(p), -1)
    error = np.where(np.abs(score) - error <= 1, error / 2, 0)
    if score.shape[1] == 1:
        return np.column_stack([error] * 2) + ULPS * np.finfo(p.dtype).eps
    total = ((np.clip(score, -1, 1) + 1) / 2).sum(axis=1, keepdims=True)
    all_error = error.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        carried = (error + p * all_error) / total + (p.shape[1] + 2) * ulp(p)
    return np.where(total > 2 * all_error, carried, np.where(all_error > 0, np.inf, ulp(p)))


def classifier_bound(model, X, method, answer):
    if method == "decision_function":
        return classed(linear_error(model, X).reshape(np.shape(answer)), "B")
    if method == "predict_proba":
        return classed(probability_error(model, X, answer), "C")
    if method == "predict_log_proba":
        p = model.predict_proba(X)
        return classed(log_error(p, probability_error(model, X, p), answer), "C")
    return None


def one_class_bound(model, X, method, answer):
    if method == "predict":
        return None
    return classed(linear_error(model, X).reshape(np.shape(answer)) + 2 * ulp(answer), "B")


BOUNDS = {name: regressor_bound for name in REGRESSORS + GENERALISED}
BOUNDS.update({name: classifier_bound for name in CLASSIFIERS})
BOUNDS["SGDOneClassSVM"] = one_class_bound
BOUNDS["RANSACRegressor"] = lambda model, X, method, answer: bound(model.estimator_, X, method, answer)
UNSTABLE = {name: classifier_unstable for name in CLASSIFIERS + ["SGDOneClassSVM"]}
