# SPDX-License-Identifier: Apache-2.0
"""Kernels with training rows: Nystroem, KernelPCA, KernelCenterer."""
import numpy as np
from sklearn import decomposition, kernel_approximation, preprocessing

from registry import case
from rows import numbers, numeric_rows


def mapped(rng, model, dtype=np.float64):
    X = numbers(rng, n=40, p=4)
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    X /= X.std(axis=0)
    rows = numeric_rows(rng, X, ordinary=12)
    rows = rows[~(np.abs(rows) > 1e6).any(axis=1)]  # squares of larger ones leave nothing of the distances
    return model.fit(X.astype(dtype)), np.vstack([rows, np.full((1, 4), np.nan), np.full((1, 4), np.inf)]).astype(dtype)


for kernel, parameters in [("rbf", {}), ("rbf-gamma", dict(gamma=0.3)), ("linear", {}), ("poly", {}), ("poly-2", dict(degree=2, coef0=0.5, gamma=0.1)),
                           ("sigmoid", dict(gamma=0.05, coef0=0.1)), ("cosine", {}), ("laplacian", dict(gamma=0.2))]:
    name = kernel.split("-")[0]
    case("nystroem-" + kernel)(lambda rng, name=name, parameters=parameters: mapped(
        rng, kernel_approximation.Nystroem(kernel=name, n_components=8, random_state=0, **parameters)))
    if name != "laplacian":
        case("kernel-pca-" + kernel)(lambda rng, name=name, parameters=parameters: mapped(
            rng, decomposition.KernelPCA(3, kernel=name, eigen_solver="dense", **parameters)))


@case("nystroem-float32", since=(1, 2))
def _(rng):
    return mapped(rng, kernel_approximation.Nystroem(n_components=8, random_state=0), np.float32)


@case("centerer")
def _(rng):
    X = numbers(rng, n=12, p=4) / 50
    X[:, 3] = 1
    K = X @ X.T
    return preprocessing.KernelCenterer().fit(K), numeric_rows(rng, K)
