# SPDX-License-Identifier: Apache-2.0
"""Bounds of label propagation: sums of kernels over training rows, divided by their sum; knn as in bounds_neighbors.py."""
import numpy as np

from bounds import classed, dense, ulp
from bounds_kernels import expanded_squares, exponentials
from bounds_neighbors import is_product, near_kth

EPS = np.finfo(float).eps


def kernels(model, X):
    """Between rows and training rows, with errors; both float32: then scikit-learn's kernel is."""
    X, Y = dense(X), dense(model.X_)
    value, error = expanded_squares(X.astype(float), Y.astype(float))
    if X.dtype == Y.dtype == np.float32:
        single = np.finfo(np.float32).eps / EPS
        k, error = exponentials(model.gamma, value, error * single)
        return k, error + 4 * (1 + model.gamma * value) * np.finfo(np.float32).eps * k + np.finfo(np.float32).tiny
    return exponentials(model.gamma, value, error)


def shares(model, X):
    """Probabilities and their errors; infinite where the sum may be 0."""
    with np.errstate(all="ignore"):
        if model.kernel == "knn":
            p = np.asarray(model.predict_proba(X))
            if model.nn_fit._fit_method != "brute":
                return p, np.zeros(p.shape)
            uncertain = near_kth(model.nn_fit, X)[0]
            # which rows are near may be certain, and yet not their order, in which shares are summed
            order = 4 * model.nn_fit.n_neighbors * EPS if is_product(model.nn_fit) else 0
            return p, np.where(uncertain[:, None], np.inf, order + np.zeros(p.shape))
        k, error = kernels(model, X)
        d = model.label_distributions_
        value, error = k @ d, error @ d + 4 * (len(d) + 1) * EPS * (k @ d)
        total, of_total = value.sum(axis=1, keepdims=True), error.sum(axis=1, keepdims=True)
        p = value / total
        wrong = (error + p * of_total) / (total - of_total) + 4 * ulp(p)
        return p, np.where((total > 2 * of_total) & np.isfinite(wrong), wrong, np.inf)


def propagation_bound(model, X, method, answer):
    return None if method == "predict" else classed(shares(model, X)[1], "B" if model.kernel == "knn" else "C")


def propagation_unstable(model, X):
    p, error = shares(model, X)
    with np.errstate(all="ignore"):
        order = np.argsort(p, axis=1)
        row = np.arange(len(p))
        best, next_best = order[:, -1], order[:, -2]
        room = error[row, best] + error[row, next_best]
        return (room > 0) & ~(p[row, best] - p[row, next_best] > room)


KINDS = ("LabelPropagation", "LabelSpreading")
BOUNDS = dict.fromkeys(KINDS, propagation_bound)
UNSTABLE = dict.fromkeys(KINDS, propagation_unstable)
