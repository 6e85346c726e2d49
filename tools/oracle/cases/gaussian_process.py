# SPDX-License-Identifier: Apache-2.0
"""Gaussian processes: the mean, for every kernel and trees of them."""
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, ExpSineSquared, Matern, RationalQuadratic, WhiteKernel

from registry import case
from rows import numbers, numeric_rows, score


def fitted(rng, kernel, p=2, n=20, outputs=0, dtype=None, fit_dtype=np.float64, **parameters):
    X = numbers(rng, n=n, p=p)
    X = X / np.abs(X).max(axis=0) * 1.7
    y = np.column_stack([score(rng, X) for _ in range(outputs)]) if outputs else score(rng, X)
    model = GaussianProcessRegressor(kernel, **dict({"alpha": 0.05, "optimizer": None}, **parameters))
    return model.fit(X.astype(fit_dtype), y), numeric_rows(rng, X, dtype=dtype or np.float64)


@case("process")
def _(rng):
    return fitted(rng, None, optimizer="fmin_l_bfgs_b")


@case("process-rbf-scales")
def _(rng):
    return fitted(rng, 2.0 * RBF([0.5, 1.5, 1.0]), p=3, normalize_y=True)


@case("process-matern-1")
def _(rng):
    return fitted(rng, Matern(0.8, nu=0.5), dtype=np.float32)


@case("process-matern-3")
def _(rng):
    return fitted(rng, Matern([0.8, 1.2], nu=1.5))


@case("process-matern-5")
def _(rng):
    return fitted(rng, Matern(0.8, nu=2.5) + WhiteKernel(0.1))


@case("process-rational-quadratic")
def _(rng):
    return fitted(rng, RationalQuadratic(0.7, 1.3))


@case("process-periodic")
def _(rng):
    return fitted(rng, ExpSineSquared(0.9, 2.0), p=1, alpha=0.5)


@case("process-dot-product")
def _(rng):
    return fitted(rng, DotProduct(0.5) ** 2 + ConstantKernel(0.3))


@case("process-tree")
def _(rng):
    return fitted(rng, (ConstantKernel(0.5) * RBF(1.1) + Matern(0.6, nu=1.5) * DotProduct(1.0)) * RationalQuadratic() + WhiteKernel())


@case("process-outputs")
def _(rng):
    return fitted(rng, RBF(0.9), outputs=2, normalize_y=True)


@case("process-float32-fit")
def _(rng):
    return fitted(rng, RBF(0.9), dtype=np.float32, fit_dtype=np.float32)


@case("process-float32-fit-tree")
def _(rng):
    return fitted(rng, Matern([0.8, 1.2], nu=1.5) + RBF(0.7) * RationalQuadratic(), dtype=np.float32, fit_dtype=np.float32)
