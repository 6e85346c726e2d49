# SPDX-License-Identifier: Apache-2.0
"""Bounds of SparsePCA: (C C' + alpha) u = C (x - mean), by a Cholesky factor or an inverse made of it."""
import numpy as np

from bounds import classed, dense, finite_or_inf

EPS = np.finfo(float).eps


def ridge_bound(model, X, method, answer):
    """Backward errors of the square, and of the factor R, whose |R'| |R| is at most what roots of the diagonal make."""
    C, X = model.components_, dense(X).astype(float) - model.mean_
    k, p = C.shape
    A = C @ C.T + model.ridge_alpha * np.eye(k)
    inverse, root = np.abs(np.linalg.inv(A)), np.sqrt(np.diag(A))
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs(X) @ np.abs(C).T
        solved = np.abs(X @ C.T) @ inverse
        backward = EPS * (8 * (p + 1) * (np.abs(C) @ np.abs(C).T + model.ridge_alpha * np.eye(k)) + 8 * (3 * k + 1) * np.outer(root, root))
        error = (solved @ backward + 4 * (p + 1) * EPS * size) @ inverse + 4 * (k + 1) * EPS * solved
    return classed(np.where(np.isfinite(answer), finite_or_inf(error), np.inf), "B")


BOUNDS = dict.fromkeys(("SparsePCA", "MiniBatchSparsePCA"), ridge_bound)
