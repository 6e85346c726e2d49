# SPDX-License-Identifier: Apache-2.0
"""Rows times components: sklearn.decomposition, sklearn.random_projection, the samplers of sklearn.kernel_approximation."""
import numpy as np
from sklearn import decomposition, kernel_approximation, random_projection
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from registry import case
from rows import numbers, numeric_rows

SCORES = ("score_samples",)  # of PCA and FactorAnalysis: not run

def projected(rng, model, dtype=np.float64, fit_dtype=None, positive=False, p=7, n=90):
    X = numbers(rng, n=n, p=p)
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    if positive:
        X = np.abs(X)
    return model.fit(X.astype(fit_dtype or dtype)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


for name, since, make in [
        ("pca", (0, 18), lambda: decomposition.PCA(n_components=3, random_state=0)),
        ("pca-whiten", (0, 18), lambda: decomposition.PCA(n_components=4, whiten=True, random_state=0)),
        ("pca-share", (0, 18), lambda: decomposition.PCA(n_components=0.9, svd_solver="full")),
        ("pca-randomized", (0, 18), lambda: decomposition.PCA(n_components=2, svd_solver="randomized", random_state=0)),
        ("pca-arpack", (0, 18), lambda: decomposition.PCA(n_components=2, svd_solver="arpack", random_state=0)),
        ("incremental", (0, 18), lambda: decomposition.IncrementalPCA(n_components=3, batch_size=20)),
        ("incremental-whiten", (0, 18), lambda: decomposition.IncrementalPCA(n_components=3, whiten=True, batch_size=20)),
        ("svd", (0, 18), lambda: decomposition.TruncatedSVD(n_components=3, random_state=0)),
        ("svd-arpack", (0, 18), lambda: decomposition.TruncatedSVD(n_components=3, algorithm="arpack", random_state=0)),
        ("ica", (0, 18), lambda: decomposition.FastICA(n_components=3, random_state=0, max_iter=50)),
        ("ica-deflation", (0, 18), lambda: decomposition.FastICA(n_components=2, algorithm="deflation", random_state=0, max_iter=50)),
        ("ica-no-whitening", (1, 2), lambda: decomposition.FastICA(whiten=False, random_state=0, max_iter=3)),
        ("ica-unit-variance", (1, 1), lambda: decomposition.FastICA(n_components=3, whiten="unit-variance", random_state=0, max_iter=50)),
        ("factors", (0, 18), lambda: decomposition.FactorAnalysis(n_components=3, random_state=0)),
        ("factors-varimax", (0, 24), lambda: decomposition.FactorAnalysis(n_components=2, rotation="varimax", random_state=0)),
        ("gaussian-projection", (0, 18), lambda: random_projection.GaussianRandomProjection(n_components=4, random_state=0)),
        ("sparse-projection", (0, 18), lambda: random_projection.SparseRandomProjection(n_components=4, random_state=0)),
        ("rbf-sampler", (0, 18), lambda: kernel_approximation.RBFSampler(n_components=5, gamma=0.01, random_state=0))]:
    case(name, since=since, without=SCORES)(lambda rng, make=make: projected(rng, make()))
    if "-" not in name or name.endswith(("projection", "sampler", "whiten")):
        case(name + "-float32", since=since, without=SCORES)(lambda rng, make=make: projected(rng, make(), np.float32))
        case(name + "-float32-input", since=since, without=SCORES)(lambda rng, make=make: projected(rng, make(), np.float32, np.float64))


@case("randomized-pca", until=(0, 19), without=SCORES)
def _(rng):
    return projected(rng, decomposition.RandomizedPCA(n_components=3, whiten=True, random_state=0))


def skewed(rng, dtype):
    X = np.abs(numbers(rng, p=6)) + 0.1
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    rows = numeric_rows(rng, X, dtype=dtype)
    model = kernel_approximation.SkewedChi2Sampler(skewedness=0.25, n_components=4, random_state=0)
    return model.fit(X.astype(dtype)), np.vstack([rows, np.full((1, 6), -0.25), np.full((1, 6), -0.2)]).astype(dtype)


@case("skewed-sampler")
def _(rng):
    return skewed(rng, np.float64)


@case("skewed-sampler-float32")
def _(rng):
    return skewed(rng, np.float32)


@case("constant-pca-whiten", without=SCORES)
def _(rng):
    X = numbers(rng)[:, :3]
    X = np.column_stack([X, X[:, 0] * 2, np.ones(len(X))])
    return decomposition.PCA(n_components=2, whiten=True, svd_solver="full").fit(X), numeric_rows(rng, X)


def sparse(rng, model):
    X = np.column_stack([rng.integers(0, 4, 120), rng.integers(0, 5, 120)])
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), StandardScaler(with_mean=False), model)
    return model.fit(X), np.column_stack([rng.integers(0, 6, 40), rng.integers(0, 6, 40)])


for name, since, make in [
        ("svd", (1, 2), lambda: decomposition.TruncatedSVD(n_components=3, random_state=0)),
        ("pca", (1, 5), lambda: decomposition.PCA(n_components=3, svd_solver="arpack", random_state=0)),
        ("incremental", (1, 2), lambda: decomposition.IncrementalPCA(n_components=3, batch_size=40)),
        ("projection", (1, 2), lambda: random_projection.SparseRandomProjection(n_components=4, density=0.5, random_state=0)),
        ("rbf-sampler", (1, 2), lambda: kernel_approximation.RBFSampler(n_components=5, gamma=0.1, random_state=0))]:
    case("compressed-" + name, since=since, without=SCORES)(lambda rng, make=make: sparse(rng, make()))


