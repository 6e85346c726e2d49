# SPDX-License-Identifier: Apache-2.0
"""Bounds of AdditiveChi2Sampler (roots are exact; the angle is a rounded logarithm) and PolynomialCountSketch (a convolution)."""
import numpy as np

from bounds import ULPS, classed, dense, finite_or_inf, ulp
from registry import VERSION


def interval_of(model):
    fitted = getattr(model, "_sample_interval", getattr(model, "sample_interval_", None) if VERSION < (1, 3) else None)
    return fitted or model.sample_interval or {1: 0.8, 2: 0.5, 3: 0.4}[model.sample_steps]


def additive_bound(model, X, method, answer):
    """Of factor * cos(j * interval * log(x)): the angle has the error of a few roundings, the factor too."""
    X = dense(X)
    eps, interval = np.finfo(answer.dtype).eps, interval_of(model)
    x = X.astype(np.float64)
    error = [np.zeros(X.shape)]
    with np.errstate(all="ignore"):
        log = np.where(x > 0, np.log(x), 0)
        for j in range(1, model.sample_steps):
            factor = np.sqrt(2 * x * interval / np.cosh(np.pi * j * interval))
            turned = ULPS * eps * np.abs(j * interval * log) + ULPS * eps
            error += 2 * [np.where(x > 0, factor * turned + ULPS * np.finfo(answer.dtype).tiny * eps, 0)]
    total = np.hstack(error)
    return classed(np.where(np.isfinite(answer), finite_or_inf(total), np.inf), "C") if total.any() else None


def sketch_bound(model, X, method, answer):
    """An FFT of n values has an error of eps log2(n) times their size in every component: the product of the sketches' sums."""
    X = dense(X)
    row = np.sqrt(model.gamma) * X
    if model.coef0:
        row = np.hstack([row, np.full((len(X), 1), np.sqrt(model.coef0))])
    size = np.ones(len(X))
    eps, degree = np.finfo(np.float64).eps, len(model.indexHash_)
    with np.errstate(all="ignore"):
        for d in range(degree):
            size = size * np.abs(row.astype(np.float64)).sum(axis=1)
        total = 4 * (np.log2(model.n_components) + row.shape[1] + 1) * degree * eps * size
    error = finite_or_inf(total)[:, None] + np.zeros(answer.shape)
    return classed(np.where(np.isfinite(answer), error, np.inf), "B")


BOUNDS = {"AdditiveChi2Sampler": additive_bound, "PolynomialCountSketch": sketch_bound}
