# SPDX-License-Identifier: Apache-2.0
"""Bounds of discriminant analysis and partial least squares: dot products of rows that are moved, and perhaps scaled, first."""
import numpy as np

from bounds import ULPS, binary_error, classed, dense, dot_error, finite_or_inf, log_error, normalised_error, softmax_error, ulp
from bounds_likelihood import log_sum_error, margin, proba_error
from registry import VERSION


def moved_error(X, mean, axes, offset=0):
    """Of (X - mean) . axes + offset, axes having a column an output: the difference is rounded, then the products."""
    X = dense(X)
    eps = np.finfo(np.result_type(X.dtype, np.asarray(axes).dtype, np.float32)).eps
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.abs(X.astype(np.float64) - mean).dot(np.abs(np.asarray(axes, dtype=np.float64))) + np.abs(offset)
    return finite_or_inf(4 * (X.shape[1] + 1) * eps * total)


# ---- linear ----

def linear_scores(model, X):
    return np.asarray(model.decision_function(X)), dot_error(X, model.coef_, model.intercept_)


def linear_proba_error(model, X, p):
    score, error = linear_scores(model, X)
    if score.ndim == 1:
        return binary_error(p, error)
    with np.errstate(over="ignore", invalid="ignore"):
        rates = 1 / (1 + np.exp(-score))
        if np.allclose(rates / rates.sum(axis=1, keepdims=True), p, rtol=1e-5, atol=0, equal_nan=True):
            return finite_or_inf(normalised_error(p, score, error))
    return softmax_error(p, score, error)


def linear_bound(model, X, method, answer):
    if method == "predict":
        return None
    if method == "transform":
        mean = model.xbar_ if model.solver == "svd" else 0
        return classed(moved_error(X, mean, model.scalings_[:, :answer.shape[1]]), "B")
    if method == "decision_function":
        return classed(linear_scores(model, X)[1].reshape(answer.shape), "B")
    p = np.asarray(model.predict_proba(X))
    error = linear_proba_error(model, X, p)
    if method == "predict_proba":
        return classed(error, "C")
    tiny = np.finfo(p.dtype).tiny
    raised = np.where((p < 16 * tiny) & (error > 0), np.inf, log_error(p, error, answer))  # a 0 may become the smallest number
    return classed(raised, "C")


def linear_unstable(model, X):
    score, error = linear_scores(model, X)
    if score.ndim == 1:
        return (np.abs(score) <= error.ravel()) & (error.ravel() > 0)
    return margin(score, error)


# ---- quadratic ----

def quadratic_scores(model, X):
    X = dense(X)
    with np.errstate(all="ignore"):
        score = np.asarray(model._decision_function(X))
        error = np.zeros(score.shape)
        for k in range(score.shape[1]):
            axes = model.rotations_[k] * model.scalings_[k] ** -0.5
            along = np.abs((X - model.means_[k]).astype(np.float64).dot(axes.astype(np.float64)))
            each = moved_error(X, model.means_[k], axes)
            eps = np.finfo(np.result_type(X.dtype, axes.dtype)).eps
            squares = (2 * along * each + each ** 2 + 4 * (axes.shape[1] + 1) * eps * along ** 2).sum(axis=1)
            logarithms = np.abs(np.log(model.scalings_[k])).sum() + np.abs(np.log(model.priors_[k]))
            error[:, k] = squares + 4 * (axes.shape[1] + 1) * eps * logarithms
    return score, finite_or_inf(error)


def quadratic_bound(model, X, method, answer):
    if method == "predict":
        return None
    score, error = quadratic_scores(model, X)
    if method == "decision_function":
        return classed(error.sum(axis=1) + ulp(score).max(axis=1) if answer.ndim == 1 else error, "B")
    p = np.asarray(model.predict_proba(X))
    error = log_sum_error(score, error, p)
    if method == "predict_proba":
        return classed(proba_error(p, error), "C")
    return classed(np.where(np.isfinite(answer), error + log_error(p, proba_error(p, error), answer), np.inf), "C")


# ---- partial least squares ----

def attribute(model, *names):
    return next(getattr(model, name) for name in names if hasattr(model, name))


def pls_bound(model, X, method, answer):
    """A float32 row is rounded when it is centered and when it is scaled; float64 coefficients follow."""
    mean, deviation = attribute(model, "_x_mean", "x_mean_"), attribute(model, "_x_std", "x_std_")
    if method == "transform":
        axes, offset = attribute(model, "x_rotations_", "x_weights_") / deviation[:, None], 0
    else:
        axes = model.__dict__["_coef_"].T if VERSION in ((1, 1), (1, 2)) else model.coef_ if VERSION < (1, 1) else model.coef_.T
        axes = axes / (deviation[:, None] if VERSION < (1, 5) else 1)
        offset = attribute(model, "_y_mean", "y_mean_")
    return classed(moved_error(X, mean, axes, offset).reshape(answer.shape), "B")


BOUNDS = {"LinearDiscriminantAnalysis": linear_bound, "QuadraticDiscriminantAnalysis": quadratic_bound}
UNSTABLE = {"LinearDiscriminantAnalysis": linear_unstable,
            "QuadraticDiscriminantAnalysis": lambda model, X: margin(*quadratic_scores(model, X))}
BOUNDS.update({name: pls_bound for name in ("PLSRegression", "PLSCanonical", "CCA", "PLSSVD")})
