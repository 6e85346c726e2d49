# SPDX-License-Identifier: Apache-2.0
"""By how much may another correct implementation differ from scikit-learn's answer?

    bound(model, X, method, answer) -> None              class A: not a bit
                                     | (class, array)     "B" or "C", and the permitted absolute error of each value
    unstable(model, X) -> None | bool array               rows whose predicted label the bound can turn: they prove nothing

B: a dot product of n terms in another order, 4·n·eps·(Σ|aᵢbᵢ| + |intercept|), n counting the intercept.
C: a transcendental function (4 ulp), or B put through one (first order: the link's derivative).
An infinite bound says that the value proves nothing (a logarithm next to zero, a sum that overflows).
Only the classes in RULES are not class A; the steps ahead of the last one never are in the goldens.
"""
import importlib
import pathlib

import numpy as np
from sklearn.base import BaseEstimator

import boosters

ULPS = 4  # of exp, log and what is made of them


def ulp(values):
    return np.spacing(np.abs(np.asarray(values)).astype(np.asarray(values).dtype, copy=False)).astype(np.float64)


def dense(X):
    return np.asarray(X.toarray() if hasattr(X, "toarray") else X)


def finite_or_inf(error):
    return np.where(np.isfinite(error), error, np.inf)


def dot_error(X, coef, intercept):
    """(rows, outputs) of |X|·|coef|, scaled; the precision is that of the product."""
    X, coef = dense(X), np.atleast_2d(coef)
    eps = np.finfo(np.result_type(X.dtype, coef.dtype, np.float32)).eps
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.abs(X).astype(np.float64) @ np.abs(coef).T.astype(np.float64) + np.abs(intercept)
        return finite_or_inf(4 * (coef.shape[1] + 1) * eps * total)


# ---- links: error of the result from the error of the score ----

def binary_error(p, score_error):
    """Of the columns 1 - p and p, where p = expit(score)."""
    positive = p[:, 1] * (1 - p[:, 1]) * score_error.ravel() + ULPS * ulp(p[:, 1])
    return np.column_stack([positive + ulp(p[:, 0]), positive])


def softmax_error(p, score, score_error):
    """numpy subtracts the maximum or the logarithm of the sum first, so the size of the scores counts."""
    eps = np.finfo(p.dtype).eps
    shift = eps * np.abs(score).max(axis=1, keepdims=True)
    common = (p * score_error).sum(axis=1, keepdims=True) + 2 * shift + (2 * ULPS + p.shape[1]) * eps
    return p * (score_error + common)


def normalised_error(p, score, score_error):
    """expit of every score, divided by their sum (one-vs-rest)."""
    s = 1 / (1 + np.exp(-score))
    error, total = s * (1 - s) * score_error + ULPS * ulp(s), s.sum(axis=1, keepdims=True)
    return (error + p * error.sum(axis=1, keepdims=True)) / total + (p.shape[1] + 2) * ulp(p)


def log_error(p, p_error, logarithm):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(p > 0, p_error / p, np.where(p_error > 0, np.inf, 0))
    carried = np.where(ratio < 0.5, -np.log1p(-np.minimum(ratio, 0.5)), np.inf)
    return np.where(np.isneginf(logarithm) & (ratio == 0), 0, carried + ULPS * ulp(logarithm))


# ---- families: the error of the score, then of the probabilities ----

def linear_score(model, X):
    return dot_error(X, model.coef_, model.intercept_)


def booster_raw(model, X):
    """Before 0.21 the init estimators were no BaseEstimators, and held the very score."""
    if hasattr(model, "_raw_predict"):
        return model._raw_predict(X), model._raw_predict_init(X)
    return model._decision_function(X), model._init_decision_function(X)


def booster_score(model, X):
    """The initial score is a logarithm or a dot product; every tree adds one rounding to what it left."""
    raw, start = booster_raw(model, np.ascontiguousarray(dense(X), dtype=np.float32))
    init = getattr(model.init_, "coef_", None)
    error = np.zeros_like(raw)
    if init is not None:
        error = dot_error(dense(X).astype(np.float32), init, model.init_.intercept_)
    if hasattr(model, "classes_") and isinstance(model.init_, BaseEstimator):
        if init is not None:  # logit(expit(dot product)): what expit rounded away near 0 and 1 does not come back
            p = model.init_.predict_proba(dense(X).astype(np.float32)).min(axis=1, keepdims=True)
            error = error.sum(axis=1, keepdims=True) + np.finfo(p.dtype).eps * ULPS / np.maximum(p, 1e-16)
        error = error + 2 * ULPS * np.finfo(float).eps * np.maximum(1, np.abs(start))
    if not error.any():
        return error
    return error + len(model.estimators_) * np.finfo(float).eps * (np.abs(start) + np.abs(raw - start) + 1)


def no_score_error(model, X):
    """Sums of leaves in one fixed order are class A."""
    return np.zeros((len(dense(X)), 1))


def score_error(model, X):
    return RULES[type(model).__name__](model, X)


def probability_error(model, X, p):
    kind = type(model).__name__
    if kind not in RULES:
        return np.zeros_like(p, dtype=np.float64)
    error, score = score_error(model, X), np.asarray(model.decision_function(X), dtype=p.dtype)
    if score.ndim == 1:
        halves = np.column_stack([-score, score])  # LogisticRegression(multi_class="multinomial") of two classes
        as_softmax = np.exp(halves) / np.exp(halves).sum(axis=1, keepdims=True)
        if kind in LOGISTIC and np.allclose(as_softmax, p, rtol=1e-5, atol=0):
            return softmax_error(p, halves, error)
        return binary_error(p, error * (2 if getattr(model, "loss", "") == "exponential" else 1))
    s = 1 / (1 + np.exp(-score))
    if kind in LOGISTIC and np.allclose(s / s.sum(axis=1, keepdims=True), p, rtol=1e-5, atol=0):
        return normalised_error(p, score, error)
    return softmax_error(p, score, error + np.zeros_like(p))


def predicted_error(model, X, answer):
    """Of a regressor's answer."""
    error = score_error(model, X)
    if getattr(model, "loss", "") in EXPONENTIAL:
        error = ULPS * ulp(answer)
    return error.reshape(np.shape(answer)) if np.any(error) else None


RULES = {"LinearRegression": linear_score, "Ridge": linear_score, "LogisticRegression": linear_score,
         "LogisticRegressionCV": linear_score,
         "GradientBoostingClassifier": booster_score, "GradientBoostingRegressor": booster_score,
         "HistGradientBoostingClassifier": no_score_error, "HistGradientBoostingRegressor": no_score_error}
EXPONENTIAL = ("poisson", "gamma")  # losses whose predictions are exp(score)
LOGISTIC = ("LogisticRegression", "LogisticRegressionCV")
DOT = ("LinearRegression", "Ridge") + LOGISTIC


def last_step(model, X):
    """The estimator at the end of nested Pipelines, and what it is given."""
    while hasattr(model, "steps"):
        for _, step in model.steps[:-1]:
            X = X if step in (None, "passthrough") else step.transform(X)
        model = model.steps[-1][1]
    if type(model).__name__ in ("RFE", "RFECV"):
        return last_step(model.estimator_, model.transform(X))
    return model, X


def classed(error, letter):
    return (letter, finite_or_inf(error)) if error is not None and np.any(error) else None


def own(table):
    """Of families that reckon in their own way, in modules bounds_*.py: {class: function}; table is BOUNDS or UNSTABLE."""
    found = {}
    for path in sorted(pathlib.Path(__file__).resolve().parent.glob("bounds_*.py")):
        found.update(getattr(importlib.import_module(path.stem), table, {}))
    return found


def bound(model, X, method, answer):
    model, X = last_step(model, X)
    if boosters.library_of(model):
        return boosters.bound(model, X, method, answer)
    kind = type(model).__name__
    if kind in own("BOUNDS"):
        return own("BOUNDS")[kind](model, X, method, answer)
    if method == "predict_proba" and kind in RULES:
        return classed(probability_error(model, X, answer), "C")
    if method == "predict_log_proba":
        p = model.predict_proba(X)
        return classed(log_error(p, probability_error(model, X, p), answer), "C")
    if method == "decision_function" and kind in RULES:
        error = score_error(model, X)
        return classed(error.reshape(np.shape(answer)) if np.any(error) else None, "B" if kind in DOT else "C")
    if method == "predict" and kind in RULES and not hasattr(model, "classes_"):
        return classed(predicted_error(model, X, answer), "C" if getattr(model, "loss", "") in EXPONENTIAL else "B")
    return None


def unstable(model, X):
    model, X = last_step(model, X)
    if boosters.library_of(model):
        return boosters.unstable(model, X)
    if type(model).__name__ in own("UNSTABLE"):
        return own("UNSTABLE")[type(model).__name__](model, X)
    if type(model).__name__ not in RULES or not hasattr(model, "classes_"):
        return None
    score = np.asarray(model.decision_function(X), dtype=np.float64)
    error = score_error(model, X)
    if type(model).__name__ not in DOT:
        error = error + 8 * np.finfo(float).eps  # older boosters take the larger of two rounded probabilities
    if score.ndim == 1:
        return (np.abs(score) <= error.ravel()) & (error.ravel() > 0)  # a score of products that are all 0 is stable
    error, order = error + np.zeros_like(score), np.argsort(score, axis=1)
    pick = lambda values, k: values[np.arange(len(values)), order[:, k]]
    margin, room = pick(score, -1) - pick(score, -2), pick(error, -1) + pick(error, -2)
    return (margin <= room) & (room > 0)
