# SPDX-License-Identifier: Apache-2.0
"""Bounds of LocalOutlierFactor (of a tree: class A), EllipticEnvelope and NearestCentroid (class B, links class C)."""
import numpy as np

from bounds import ULPS, classed, dense, finite_or_inf, ulp
from bounds_clusters import too_near
from bounds_neighbors import near_kth

EPS = np.finfo(float).eps


# ---- LocalOutlierFactor ----

def factor_error(model, X, scores):
    """With all rows a distance is of a product; each enters as a mean in the score."""
    if model._fit_method != "brute":
        return np.zeros(len(scores))
    asked, model.n_neighbors = model.n_neighbors, model.n_neighbors_
    uncertain, relative = near_kth(model, X)
    model.n_neighbors = asked
    error = np.abs(scores) * np.minimum(2 * relative + 4 * model.n_neighbors_ * EPS, 1)
    return np.where(uncertain | ~np.isfinite(relative) | ~np.isfinite(scores), np.inf, error)


def factor_bound(model, X, method, answer):
    if method == "predict" or model._fit_method != "brute":
        return None
    with np.errstate(all="ignore"):
        scores = model.score_samples(X)
        return classed(factor_error(model, X, scores) + EPS * np.abs(model.offset_), "B")


def factor_unstable(model, X):
    with np.errstate(all="ignore"):
        scores = model.score_samples(X)
        error = factor_error(model, X, scores)
        return ~(np.abs(scores - model.offset_) > error) & (error > 0)


# ---- EllipticEnvelope ----

def mahalanobis(model, X):
    d, p, n = np.asarray(dense(X), dtype=float) - model.location_, model.precision_, model.location_.size
    size = ((np.abs(d) @ np.abs(p)) * np.abs(d)).sum(axis=1)
    value = ((d @ p) * d).sum(axis=1)
    # it is symmetric up to the rounding of its inversion only
    uneven = ((np.abs(d) @ np.abs(p - p.T)) * np.abs(d)).sum(axis=1)
    return value, np.where(np.isfinite(value), finite_or_inf(8 * (n + 2) * EPS * size + uneven), np.inf)


def envelope_bound(model, X, method, answer):
    if method == "predict":
        return None
    with np.errstate(all="ignore"):
        value, error = mahalanobis(model, X)
        if not hasattr(model, "threshold_"):
            return classed(error + 2 * EPS * np.abs(getattr(model, "offset_", 0)), "B")
        root = value ** 0.33
        return classed(finite_or_inf(0.33 * root * error / np.maximum(value - error, 0) + 4 * ULPS * ulp(root)) +
                       4 * ULPS * EPS * model.threshold_ ** 0.33, "C")


def envelope_unstable(model, X):
    with np.errstate(all="ignore"):
        value, error = mahalanobis(model, X)
        threshold = model.threshold_ if hasattr(model, "threshold_") else -model.offset_
        return ~(np.abs(value - threshold) > error)


# ---- NearestCentroid ----

def centroid_squares(model, X, scaled):
    X, Y = np.asarray(dense(X), dtype=float), np.asarray(model.centroids_, dtype=float)
    if scaled:
        deviation = np.where(model.within_class_std_dev_ == 0, 1, model.within_class_std_dev_)
        X, Y = X / deviation, Y / deviation
    d = ((X[:, None, :] - Y[None]) ** 2).sum(axis=2)
    size = (X ** 2).sum(axis=1)[:, None] + (Y ** 2).sum(axis=1)[None] + 2 * np.abs(X) @ np.abs(Y).T
    return d, np.where(np.isfinite(d), finite_or_inf(8 * (X.shape[1] + 3) * EPS * size), np.inf)


def centroid_scores(model, X):
    d, error = centroid_squares(model, X, True)
    prior = 2 * np.log(model.class_prior_)
    return prior - d, error + 4 * EPS * (np.abs(d) + np.abs(prior))


def centroid_bound(model, X, method, answer):
    if method == "predict":
        return None
    with np.errstate(all="ignore"):
        scores, error = centroid_scores(model, X)
        if method == "decision_function":
            error = error if answer.ndim == 2 else error.sum(axis=1) + EPS * np.abs(answer)
            return classed(finite_or_inf(error), "B")
        p = model.predict_proba(X)
        logs = finite_or_inf(2 * error.max(axis=1, keepdims=True) + EPS * (4 * np.abs(scores) + 16))
        if method == "predict_log_proba":
            return classed(logs, "C")
        return classed(np.where(np.isfinite(p), finite_or_inf(p * np.expm1(np.minimum(logs, 700)) + 2e-323), np.inf), "C")


def centroid_unstable(model, X):
    with np.errstate(all="ignore"):
        if hasattr(model, "class_prior_") and not np.isclose(model.class_prior_, 1 / len(model.classes_)).all():
            scores, error = centroid_scores(model, X)
            return too_near(-scores, error)
        d, error = centroid_squares(model, X, False)
        if model.metric == "manhattan":
            X = np.asarray(dense(X), dtype=float)
            d = np.abs(X[:, None, :] - model.centroids_[None]).sum(axis=2)
            error = 4 * (X.shape[1] + 1) * EPS * d
        return too_near(d, error)


BOUNDS = {"LocalOutlierFactor": factor_bound, "EllipticEnvelope": envelope_bound, "NearestCentroid": centroid_bound}
UNSTABLE = {"LocalOutlierFactor": factor_unstable, "EllipticEnvelope": envelope_unstable, "NearestCentroid": centroid_unstable}
