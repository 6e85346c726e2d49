# SPDX-License-Identifier: Apache-2.0
"""Bounds of Gaussian mixtures: squares of dot products (B), then exponentials and logarithms of them (C)."""
import numpy as np

from bounds import ULPS, classed, dense, finite_or_inf
from bounds_clusters import too_near
from registry import VERSION

EPS = np.finfo(float).eps


def factor(model, k):
    """The matrix of component k."""
    chol, n = model.precisions_cholesky_, model.means_.shape[1]
    return {"full": lambda: chol[k], "tied": lambda: chol, "diag": lambda: np.diag(chol[k]),
            "spherical": lambda: np.eye(n) * chol[k]}[model.covariance_type]()


def log_error(model, X):
    """Of each component's logarithm; scikit-learn expands the square of diagonal ones."""
    single = VERSION >= (1, 7) and dense(X).dtype == np.float32
    X, n = np.asarray(dense(X), dtype=float), model.means_.shape[1]
    columns = []
    for k, mean in enumerate(model.means_):
        p = factor(model, k)
        size = (np.abs(X) + np.abs(mean)) @ np.abs(p)
        if model.covariance_type in ("diag", "spherical"):
            columns.append(4 * (n + 3) * EPS * (size ** 2).sum(axis=1))
            continue
        y, error = np.abs((X - mean) @ p), 4 * (n + 2) * EPS * size
        own = np.finfo(np.float32).eps if single else 4 * n * EPS  # of the sum, since 1.7 of the type of the rows
        columns.append((2 * y * error + error ** 2).sum(axis=1) + (1 + single) * own * ((y ** 2).sum(axis=1) + 2 * single * n))
    constants = 64 * (n + 1) * EPS * (1 + np.abs(np.log(np.abs(model.precisions_cholesky_[model.precisions_cholesky_ != 0]))).max())
    return finite_or_inf(0.5 * np.stack(columns, axis=1) + constants)


def mixture_bound(model, X, method, answer):
    if method == "predict":
        return None
    with np.errstate(all="ignore"):
        error, logs = log_error(model, X), model._estimate_weighted_log_prob(np.asarray(dense(X)))
        size = np.abs(logs).max(axis=1, keepdims=True)
        if method == "score_samples":
            return classed(error.max(axis=1) + EPS * (2 * size.ravel() + ULPS * np.abs(answer) + 2 * ULPS), "C")
        common = (answer * error).sum(axis=1, keepdims=True) + EPS * (4 * size + 4 * ULPS + answer.shape[1])
        return classed(answer * np.expm1(np.minimum(error + common, 50)) + 2e-323, "C")


def mixture_unstable(model, X):
    with np.errstate(all="ignore"):
        logs = model._estimate_weighted_log_prob(np.asarray(dense(X)))
        return too_near(-logs, log_error(model, X) + 4 * EPS * np.abs(logs)) | ~np.isfinite(logs).all(axis=1)


BOUNDS = {"GaussianMixture": mixture_bound, "BayesianGaussianMixture": mixture_bound}
UNSTABLE = {"GaussianMixture": mixture_unstable, "BayesianGaussianMixture": mixture_unstable}
