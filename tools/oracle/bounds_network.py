# SPDX-License-Identifier: Apache-2.0
"""Bounds of multilayer perceptrons: each layer is a dot product of what the one before already got slightly wrong."""
import numpy as np

from bounds import ULPS, binary_error, classed, dense, finite_or_inf, log_error, softmax_error, ulp
from bounds_likelihood import margin

STEEPEST = {"identity": 1, "relu": 1, "tanh": 1, "logistic": 0.25}


def apply(name, values):
    if name == "relu":
        return np.maximum(values, 0)
    return {"identity": lambda v: v, "tanh": np.tanh, "logistic": lambda v: 1 / (1 + np.exp(-v))}[name](values)


def scores(model, X):
    """(what goes into the last activation, its error), in float64."""
    X = dense(X)
    kind = np.result_type(X.dtype, np.float32, *[c.dtype for c in model.coefs_])
    eps, most = np.finfo(kind).eps, np.finfo(kind).max
    at, error = X.astype(np.float64), np.zeros(X.shape)
    with np.errstate(all="ignore"):
        for k, (coef, intercept) in enumerate(zip(model.coefs_, model.intercepts_)):
            coef, intercept = coef.astype(np.float64), intercept.astype(np.float64)
            total = np.abs(at).dot(np.abs(coef)) + np.abs(intercept)
            error = error.dot(np.abs(coef)) + 4 * (len(coef) + 1) * eps * total
            error = np.where(total < most, finite_or_inf(error), np.inf)
            at = at.dot(coef) + intercept
            if k + 1 < len(model.coefs_):
                at = apply(model.activation, at)
                error = STEEPEST[model.activation] * error + (0 if model.activation in ("identity", "relu") else ULPS * eps)
                if model.activation in ("tanh", "logistic"):
                    at, error = np.where(np.isfinite(at), at, 0), np.minimum(error, 2)
    return at, error


def proba_error(model, score, error, p):
    with np.errstate(all="ignore"):
        if model.out_activation_ == "softmax":
            return finite_or_inf(softmax_error(p, score, error))
        if model.n_outputs_ == 1:
            return finite_or_inf(binary_error(p, error))
        return finite_or_inf(np.minimum(p * (1 - p) * error * 1.1 + error ** 2, 1) + ULPS * ulp(p))


def bound(model, X, method, answer):
    score, error = scores(model, X)
    if not hasattr(model, "classes_"):
        with np.errstate(all="ignore"):
            if model.out_activation_ == "exp":
                grown = np.abs(answer.reshape(score.shape)) * np.expm1(np.minimum(error, 700))
                error = grown + ULPS * ulp(answer).reshape(score.shape)
        return classed(error.reshape(answer.shape), "C")
    if method == "predict":
        return None
    p = np.asarray(model.predict_proba(X))
    error = proba_error(model, score, error, p)
    return classed(error if method == "predict_proba" else log_error(p, error, answer), "C")


def unstable(model, X):
    if not hasattr(model, "classes_"):
        return None
    score, error = scores(model, X)
    if model.n_outputs_ == 1 or model.out_activation_ == "logistic":
        return ~np.all(np.abs(score) > error + 1e-15, axis=1)
    return margin(score, error)


BOUNDS = {"MLPClassifier": bound, "MLPRegressor": bound}
UNSTABLE = {"MLPClassifier": unstable, "MLPRegressor": unstable}
