# SPDX-License-Identifier: Apache-2.0
"""Kernel ridge regression."""
import numpy as np
import scipy.sparse
from sklearn.kernel_ridge import KernelRidge

from registry import case
from rows import numbers, numeric_rows, score


def fitted(rng, model, p=3, n=50, outputs=1, dtype=None, sparse=False):
    X = numbers(rng, n=n, p=p)
    X = X / np.abs(X).max(axis=0) * 1.7
    y = np.column_stack([score(rng, X) for _ in range(outputs)]) if outputs > 1 else score(rng, X)
    return model.fit(scipy.sparse.csr_matrix(X) if sparse else X, y), numeric_rows(rng, X, dtype=dtype or np.float64)


@case("kernel-ridge")
def _(rng):
    return fitted(rng, KernelRidge(kernel="rbf", alpha=0.1))


@case("kernel-ridge-linear")
def _(rng):
    return fitted(rng, KernelRidge())


@case("kernel-ridge-poly")
def _(rng):
    return fitted(rng, KernelRidge(kernel="poly", degree=2, coef0=0.5, gamma=0.7))


@case("kernel-ridge-polynomial")
def _(rng):
    return fitted(rng, KernelRidge(kernel="polynomial"), outputs=2)


@case("kernel-ridge-sigmoid")
def _(rng):
    return fitted(rng, KernelRidge(kernel="sigmoid", coef0=0.1), dtype=np.float32)


@case("kernel-ridge-laplacian")
def _(rng):
    return fitted(rng, KernelRidge(kernel="laplacian", gamma=0.4), outputs=3)


@case("kernel-ridge-cosine")
def _(rng):
    return fitted(rng, KernelRidge(kernel="cosine"))


@case("kernel-ridge-sparse")
def _(rng):
    return fitted(rng, KernelRidge(kernel="rbf", gamma=0.3), sparse=True)
