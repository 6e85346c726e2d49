# SPDX-License-Identifier: Apache-2.0
"""Nearest neighbours: trees and all rows, metrics, weights, ties, several outputs."""
import numpy as np
import scipy.sparse
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, RadiusNeighborsClassifier, RadiusNeighborsRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

N = 90


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def grid(rng, p, n=N, high=4):
    """Whole numbers: many rows are equally far."""
    return rng.integers(0, high, (n, p)).astype(float)


def rows_of(rng, X, dtype=None):
    rows = numeric_rows(rng, X, dtype=dtype or np.float64)
    return np.vstack([X[:8].astype(rows.dtype), rows])


def fitted(rng, model, k=0, ties=False, labels=None, p=3, dtype=None, fit_dtype=None, outputs=1, whole=False, n=N):
    X = grid(rng, p, n) if ties else small(numbers(rng, n=n, p=p))
    if not ties:
        X[n // 2:n // 2 + 6] = X[:6]  # the same row twice, with another answer
    targets = [classes(rng, X, k, labels) if k else np.rint(10 * score(rng, X)) if whole else score(rng, X) for _ in range(outputs)]
    y = np.column_stack(targets) if outputs > 1 else targets[0]
    y = y.astype(np.int64) if whole else y
    return model.fit(X.astype(fit_dtype or np.float64), y), rows_of(rng, X, dtype)


def of_k(k=5, **parameters):
    return KNeighborsClassifier(**dict({"n_neighbors": k}, **parameters))


def mean_of_k(k=5, **parameters):
    return KNeighborsRegressor(**dict({"n_neighbors": k}, **parameters))


def within(radius=0.5, **parameters):
    return RadiusNeighborsClassifier(**dict({"radius": radius}, **parameters))


def mean_within(radius=0.5, **parameters):
    return RadiusNeighborsRegressor(**dict({"radius": radius}, **parameters))


# ---- trees ----

@case("knn-kd-tree")
def _(rng):
    return fitted(rng, of_k(algorithm="kd_tree", leaf_size=8), 3, labels=["été", "autumn", "winter"])


@case("knn-kd-tree-ties")
def _(rng):
    return fitted(rng, of_k(7, algorithm="kd_tree", leaf_size=5), 4, ties=True)


@case("knn-kd-tree-ties-distance")
def _(rng):
    return fitted(rng, of_k(21, algorithm="kd_tree", leaf_size=3, weights="distance"), 3, ties=True)


@case("knn-kd-tree-manhattan-distance")
def _(rng):
    return fitted(rng, of_k(9, algorithm="kd_tree", p=1, weights="distance"), 2, p=5)


@case("knn-kd-tree-chebyshev")
def _(rng):
    return fitted(rng, of_k(3, algorithm="kd_tree", metric="chebyshev", leaf_size=4), 3, ties=True)


@case("knn-kd-tree-minkowski")
def _(rng):
    return fitted(rng, of_k(5, algorithm="kd_tree", p=3, leaf_size=6), 3)


@case("knn-ball-tree")
def _(rng):
    return fitted(rng, of_k(6, algorithm="ball_tree", leaf_size=8, weights="distance"), 3, labels=[-1, 5, 2 ** 40])


@case("knn-ball-tree-ties")
def _(rng):
    return fitted(rng, of_k(17, algorithm="ball_tree", leaf_size=4), 4, ties=True)


@case("knn-ball-tree-canberra")
def _(rng):
    return fitted(rng, of_k(5, algorithm="ball_tree", metric="canberra", leaf_size=10), 3)


@case("knn-ball-tree-braycurtis")
def _(rng):
    return fitted(rng, of_k(5, algorithm="ball_tree", metric="braycurtis", leaf_size=10), 3)


@case("knn-ball-tree-hamming")
def _(rng):
    return fitted(rng, of_k(5, algorithm="ball_tree", metric="hamming", leaf_size=10), 3, ties=True, p=5)


@case("knn-auto-float32-input")
def _(rng):
    return fitted(rng, of_k(), 3, dtype=np.float32)


@case("knn-auto-float32")
def _(rng):
    return fitted(rng, of_k(weights="distance"), 3, dtype=np.float32, fit_dtype=np.float32)


@case("knn-auto-int64-input")
def _(rng):
    return fitted(rng, of_k(4), 3, dtype=np.int64, ties=True)


@case("knn-outputs")
def _(rng):
    return fitted(rng, of_k(4, leaf_size=7), 3, labels=["a", "b", "c"], outputs=3)


@case("knn-outputs-distance")
def _(rng):
    return fitted(rng, of_k(4, weights="distance"), 2, outputs=2)


@case("knn-one")
def _(rng):
    return fitted(rng, of_k(1), 3, ties=True)


@case("knn-many-classes")
def _(rng):
    return fitted(rng, of_k(31, weights="distance", leaf_size=2), 12, n=150)


# ---- all rows ----

@case("knn-brute")
def _(rng):
    return fitted(rng, of_k(algorithm="brute"), 3)


@case("knn-brute-ties")
def _(rng):
    return fitted(rng, of_k(algorithm="brute"), 3, ties=True)


@case("knn-brute-distance")
def _(rng):
    return fitted(rng, of_k(algorithm="brute", weights="distance"), 3)


@case("knn-brute-manhattan")
def _(rng):
    return fitted(rng, of_k(algorithm="brute", metric="manhattan", weights="distance"), 3)


@case("knn-brute-cosine")
def _(rng):
    return fitted(rng, of_k(algorithm="brute", metric="cosine"), 3)


@case("knn-brute-wide")
def _(rng):
    return fitted(rng, of_k(), 3, p=40)


@case("knn-sparse")
def _(rng):
    X = np.where(rng.random((N, 12)) < 0.3, rng.normal(0, 1, (N, 12)), 0)
    return of_k().fit(scipy.sparse.csr_matrix(X), classes(rng, X, 3)), rows_of(rng, X)


# ---- regressors ----

@case("knr-kd-tree")
def _(rng):
    return fitted(rng, mean_of_k(9, leaf_size=8))


@case("knr-kd-tree-ties")
def _(rng):
    return fitted(rng, mean_of_k(20, leaf_size=4, algorithm="kd_tree"), ties=True)


@case("knr-distance-ties")
def _(rng):
    return fitted(rng, mean_of_k(33, leaf_size=3, algorithm="ball_tree", weights="distance"), ties=True)


@case("knr-outputs")
def _(rng):
    return fitted(rng, mean_of_k(9), outputs=3)


@case("knr-outputs-distance")
def _(rng):
    return fitted(rng, mean_of_k(9, weights="distance"), outputs=2)


@case("knr-whole-targets")
def _(rng):
    return fitted(rng, mean_of_k(6), whole=True)


@case("knr-brute")
def _(rng):
    return fitted(rng, mean_of_k(5, algorithm="brute"))


@case("knr-brute-distance")
def _(rng):
    return fitted(rng, mean_of_k(5, algorithm="brute", weights="distance"))


@case("knr-brute-minkowski")
def _(rng):
    return fitted(rng, mean_of_k(5, algorithm="brute", p=3))


# ---- radius ----

@case("radius")
def _(rng):
    return fitted(rng, within(outlier_label=0, leaf_size=8, algorithm="kd_tree"), 3)


@case("radius-refuses")
def _(rng):
    return fitted(rng, within(0.4, leaf_size=6), 3, labels=["a", "b", "c"])


@case("radius-distance")
def _(rng):
    return fitted(rng, within(0.6, algorithm="ball_tree", weights="distance", outlier_label=1), 3)


@case("radius-ties")
def _(rng):
    return fitted(rng, within(1.0, algorithm="kd_tree", outlier_label=2, leaf_size=5), 4, ties=True)


@case("radius-ties-chebyshev")
def _(rng):
    return fitted(rng, within(2.0, algorithm="kd_tree", metric="chebyshev", outlier_label=2, leaf_size=5), 4, ties=True)


@case("radius-brute")
def _(rng):
    return fitted(rng, within(algorithm="brute", outlier_label=0), 3)


@case("radius-most-frequent", since=(0, 22))
def _(rng):
    return fitted(rng, within(0.4, outlier_label="most_frequent", weights="distance"), 3, outputs=2)


@case("radius-regression")
def _(rng):
    return fitted(rng, mean_within(0.6, leaf_size=9))


@case("radius-regression-distance")
def _(rng):
    return fitted(rng, mean_within(0.6, leaf_size=9, weights="distance"))


@case("radius-regression-outputs")
def _(rng):
    return fitted(rng, mean_within(0.6, algorithm="ball_tree", weights="distance"), outputs=2)


@case("radius-regression-outputs-uniform")
def _(rng):
    return fitted(rng, mean_within(2.0, algorithm="kd_tree"), outputs=2, ties=True)


@case("radius-regression-whole")
def _(rng):
    return fitted(rng, mean_within(1.5, algorithm="kd_tree"), ties=True, whole=True)


@case("radius-regression-brute")
def _(rng):
    return fitted(rng, mean_within(0.6, algorithm="brute"))
