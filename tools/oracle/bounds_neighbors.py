# SPDX-License-Identifier: Apache-2.0
"""Bounds of nearest neighbours.  Trees search with plain sums (class A).  With all rows, Euclidean distances and cosines come
from a matrix product (class B): then what stands within the error of the k-th distance proves nothing."""
import numpy as np

from bounds import ULPS, classed, dense
from registry import VERSION

EPS = np.finfo(float).eps
HEAP = (1, 1)  # since then of equally far rows the first stay; before, and for some metrics, argpartition decides
PLAIN = ("manhattan", "cityblock", "l1", "chebyshev", "minkowski")


def whole(X):
    """Rows whose products and sums have no rounding."""
    with np.errstate(invalid="ignore"):
        return (np.abs(X) < 2 ** 20).all(axis=1) & (X == np.floor(X)).all(axis=1)


def units(X):
    length = np.sqrt((X ** 2).sum(axis=1, keepdims=True))
    return X / np.where(length == 0, 1, length)


def brute_distances(model, X):
    """Squared Euclidean distances or cosines, and their errors."""
    X, Y = np.asarray(dense(X), dtype=float), np.asarray(dense(model._fit_X), dtype=float)
    with np.errstate(all="ignore"):
        if model.effective_metric_ == "cosine":
            X, Y = units(X), units(Y)
            return np.clip(1 - X @ Y.T, 0, 2), np.full((len(X), len(Y)), 8 * (X.shape[1] + 3) * EPS)
        d = ((X[:, None, :] - Y[None]) ** 2).sum(axis=2)
        size = (X ** 2).sum(axis=1)[:, None] + (Y ** 2).sum(axis=1)[None] + 2 * np.abs(X) @ np.abs(Y).T
        error = 4 * (X.shape[1] + 2) * EPS * size
        error[np.ix_(whole(X), whole(Y))] = 0
        single = np.float32 in (getattr(model._fit_X, "dtype", None), X.dtype)
    return d, np.where(np.isfinite(error), error + (np.finfo(np.float32).eps * size if single else 0), np.inf)


def is_product(model):
    return model._fit_method == "brute" and model.effective_metric_ in ("euclidean", "l2", "cosine")


def has_heap(model):
    return model._fit_method != "brute" or (VERSION >= HEAP and model.effective_metric_ in ("euclidean", "l2") + PLAIN
                                            and not hasattr(model._fit_X, "toarray"))


def near_kth(model, X):
    """Rows whose k nearest are not certain, and the largest relative error of a squared distance among them."""
    d, error = brute_distances(model, X)
    if not is_product(model):
        d, error = model_distances(model, X), np.zeros_like(d)
    order = np.argsort(d, axis=1)
    row = np.arange(len(d))[:, None]
    d, error = d[row, order], error[row, order]
    k = model.n_neighbors
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(error[:, :k] > 0, error[:, :k] / (d[:, :k] - error[:, :k]), 0)
        relative = np.where((relative < 0) | ~np.isfinite(relative), np.inf, relative).max(axis=1)
        if k == d.shape[1]:
            return np.zeros(len(d), dtype=bool), relative
        gap, room = d[:, k] - d[:, k - 1], error[:, k] + error[:, k - 1]
        uncertain = ~(gap > room) & ((room > 0) | (not has_heap(model)))
    return uncertain | ~np.isfinite(room), relative


def model_distances(model, X):
    from sklearn.metrics import pairwise_distances
    return pairwise_distances(dense(X), dense(model._fit_X), metric=model.effective_metric_, **model.effective_metric_params_)


def near_edge(model, X):
    """The same for a radius."""
    d, error = brute_distances(model, X)
    edge = model.radius if model.effective_metric_ == "cosine" else model.radius ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        uncertain = (~(np.abs(d - edge) > error) & (error > 0)).any(axis=1)
        relative = np.where((error > 0) & (d - error <= edge), error / (d - error), 0)
    return uncertain, np.where((relative < 0) | ~np.isfinite(relative), np.inf, relative).max(axis=1)


def doubt(model, X):
    """Rows that prove nothing, and the relative error of the weights."""
    if model._fit_method != "brute":
        return np.zeros(len(dense(X)), dtype=bool), np.zeros(len(dense(X)))
    with np.errstate(all="ignore"):
        if "Radius" in type(model).__name__:
            uncertain, relative = near_edge(model, X) if is_product(model) else (np.zeros(len(dense(X)), dtype=bool),) * 2
        else:
            uncertain, relative = near_kth(model, X)
    return uncertain, relative if model.weights == "distance" else np.zeros(len(relative))


def neighbors_bound(model, X, method, answer):
    uncertain, relative = doubt(model, X)
    minkowski = model.effective_metric_ == "minkowski" and model.weights == "distance"
    if method == "predict" and hasattr(model, "classes_"):
        return None
    size = 1 if method == "predict_proba" else np.abs(model._y).max()
    error = 2 * size * np.minimum(relative, 1) + (64 * EPS * size if minkowski or relative.any() else 0)
    # which rows are near may be certain, and yet not their order, in which a mean is summed
    error = error + (4 * (model.n_neighbors or 8) * EPS * size if model._fit_method == "brute" and not hasattr(model, "classes_") else 0)
    error = np.where(uncertain | ~np.isfinite(relative), np.inf, error)
    return classed(np.broadcast_to(error.reshape((-1,) + (1,) * (np.ndim(answer) - 1)), np.shape(answer)).copy(), "B")


def neighbors_unstable(model, X):
    if not hasattr(model, "classes_") or model._fit_method != "brute":
        return None
    uncertain, relative = doubt(model, X)
    if model.weights == "distance" and hasattr(model, "predict_proba"):
        for p in (model.predict_proba(X) if model.outputs_2d_ else [model.predict_proba(X)]):
            best = np.sort(p, axis=1)
            uncertain = uncertain | (best[:, -1] - best[:, -2] <= 4 * np.minimum(relative, 1)) & (relative > 0)
    return uncertain


KINDS = ("KNeighborsClassifier", "KNeighborsRegressor", "RadiusNeighborsClassifier", "RadiusNeighborsRegressor")
BOUNDS = dict.fromkeys(KINDS, neighbors_bound)
UNSTABLE = dict.fromkeys(KINDS, neighbors_unstable)
