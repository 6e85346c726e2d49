# SPDX-License-Identifier: Apache-2.0
"""Bounds of GaussianProcessClassifier: the error of the latent mean and variance, through five error functions."""
import numpy as np
from scipy.linalg import lu
from scipy.special import erf

import bounds
from bounds import ULPS, classed, dense, finite_or_inf, ulp
from bounds_kernels import EPS, tree

SLOPES = np.array([0.41, 0.4, 0.37, 0.44, 0.39])[:, None]
COEFS = np.array([-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654])[:, None]


def own(kernel, X):
    """kernel.diag(X); a DotProduct of float32 rows is summed in float32."""
    value = kernel.diag(X).astype(float)
    eps = np.finfo(np.float32).eps if X.dtype == np.float32 and "DotProduct" in repr(kernel) else EPS
    return value, 4 * (X.shape[1] + 3) * eps * np.abs(value)


def mean_of(model, X):
    k, error = tree(model.kernel_, np.asarray(X, dtype=float), np.asarray(model.X_train_, dtype=float))
    coef = model.y_train_ - model.pi_
    wrong = error @ np.abs(coef) + 4 * (len(coef) + 1) * EPS * (np.abs(k) @ np.abs(coef))
    return k, error, k @ coef, wrong


def variance_of(model, X, k, error):
    """solve() is Gaussian elimination: (L + E) v = b with |E| <= 3 n eps |P L'| |U'| (Higham, theorem 9.4)."""
    L, roots, n = model.L_, model.W_sr_, len(model.L_)
    inverse = np.abs(np.linalg.inv(L))
    p, lower, upper = lu(L)
    v = np.linalg.solve(L, roots[:, None] * k.T)
    backward = 3 * n * EPS * (np.abs(p @ lower) @ np.abs(upper) + np.abs(L))
    of_v = inverse @ (backward @ np.abs(v) + roots[:, None] * (error.T + 2 * EPS * np.abs(k.T)))
    square = (v ** 2).sum(axis=0)
    diagonal, of_diagonal = own(model.kernel_, X)
    value = diagonal - square
    wrong = (2 * np.abs(v) * of_v + of_v ** 2).sum(axis=0) + 2 * (n + 1) * EPS * square + of_diagonal + EPS * np.abs(value)
    return value, wrong


def probability(mean, variance):
    """Its value, its slopes by mean and variance, and what rounding the five terms may do."""
    z = SLOPES * mean / np.sqrt(1 + 2 * variance * SLOPES ** 2)
    density = 2 / np.sqrt(np.pi) * np.exp(-z ** 2)
    by_mean = (COEFS * density * SLOPES / np.sqrt(1 + 2 * variance * SLOPES ** 2)).sum(axis=0) / 2
    by_variance = (COEFS * density * -z * SLOPES ** 2 / (1 + 2 * variance * SLOPES ** 2)).sum(axis=0) / 2
    terms = np.abs(COEFS) / 2 * (density * np.abs(z) * 8 * EPS + 12 * EPS * np.abs(erf(z)) + ULPS * ulp(erf(z)))
    rounding = terms.sum(axis=0) + 8 * EPS * np.abs(COEFS).sum() / 2
    return by_mean, by_variance, rounding


def laplace_error(model, X):
    X = dense(X)
    with np.errstate(all="ignore"):
        k, error, mean, of_mean = mean_of(model, X)
        variance, of_variance = variance_of(model, X, k, error)
        by_mean, by_variance, rounding = probability(mean, variance)
        # the slopes change by less than a half over such errors, where they are small
        total = 1.5 * (np.abs(by_mean) * of_mean + np.abs(by_variance) * of_variance) + rounding + of_mean ** 2 + of_variance ** 2
        good = np.isfinite(mean) & (variance > 2 * of_variance) & (of_mean < 1e-3) & (of_variance < 1e-3)
        return np.where(good, finite_or_inf(total), np.inf)


def laplace_bound(model, X, method, answer):
    if method != "predict_proba":
        return None
    return classed(np.repeat(laplace_error(model, X)[:, None], 2, axis=1) + EPS, "C")


def laplace_unstable(model, X):
    with np.errstate(all="ignore"):
        _, _, mean, error = mean_of(model, dense(X))
        return ~(np.abs(mean) > error) & (error > 0)


BOUNDS = {"_BinaryGaussianProcessClassifierLaplace": laplace_bound,
          "GaussianProcessClassifier": lambda model, X, method, answer: bounds.bound(model.base_estimator_, X, method, answer)}
UNSTABLE = {"_BinaryGaussianProcessClassifierLaplace": laplace_unstable,
            "GaussianProcessClassifier": lambda model, X: bounds.unstable(model.base_estimator_, X)}
