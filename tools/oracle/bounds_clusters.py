# SPDX-License-Identifier: Apache-2.0
"""Bounds of the nearest center: scikit-learn takes squared distances from matrix products (class B)."""
import numpy as np

from bounds import classed, dense


def centers_of(model):
    return model.subcluster_centers_ if hasattr(model, "subcluster_centers_") else model.cluster_centers_


def squares(model, X):
    """Squared distances and their errors, in the precision of the product."""
    X, Y = dense(X), np.asarray(centers_of(model))
    eps = np.finfo(np.float32 if X.dtype == Y.dtype == np.float32 else float).eps
    X, Y = X.astype(float), Y.astype(float)
    with np.errstate(all="ignore"):
        d = ((X[:, None, :] - Y[None]) ** 2).sum(axis=2)
        size = (X ** 2).sum(axis=1)[:, None] + (Y ** 2).sum(axis=1)[None] + 2 * np.abs(X) @ np.abs(Y).T
        error = 4 * (X.shape[1] + 2) * eps * size
    return d, np.where(np.isfinite(error), error, np.inf)


def clusters_bound(model, X, method, answer):
    if method == "predict":
        return None
    d, error = squares(model, X)
    with np.errstate(invalid="ignore"):
        room = np.maximum(np.sqrt(d + error) - np.sqrt(d), np.sqrt(d) - np.sqrt(np.maximum(d - error, 0)))
    return classed(room + 2 * np.spacing(np.abs(answer)).astype(float), "B")


def too_near(d, error):
    """Rows whose second nearest center may be the nearest."""
    if d.shape[1] == 1:
        return ~np.isfinite(error[:, 0])
    order, row = np.argsort(d, axis=1), np.arange(len(d))
    first, second = order[:, 0], order[:, 1]
    with np.errstate(invalid="ignore"):
        return ~(d[row, second] - d[row, first] > error[row, second] + error[row, first])


def clusters_unstable(model, X):
    d, error = squares(model, X)
    if hasattr(model, "_bisecting_tree"):
        return bisecting_unstable(model, dense(X), error.max(axis=1))
    return too_near(d, error)


def bisecting_unstable(model, X, error):
    """At any node of the tree."""
    unstable, mean = np.zeros(len(X), dtype=bool), getattr(model, "_X_mean", 0)
    waiting = [model._bisecting_tree]
    while waiting:
        node = waiting.pop()
        if node.left is not None:
            waiting += [node.left, node.right]
            with np.errstate(all="ignore"):
                left, right = (((X - child.center - mean) ** 2).sum(axis=1) for child in (node.left, node.right))
                unstable |= ~(np.abs(left - right) > 2 * error)
    return unstable


KINDS = ("KMeans", "MiniBatchKMeans", "BisectingKMeans", "Birch", "MeanShift", "AffinityPropagation")
BOUNDS = dict.fromkeys(KINDS, clusters_bound)
UNSTABLE = dict.fromkeys(KINDS, clusters_unstable)
