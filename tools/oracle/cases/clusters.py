# SPDX-License-Identifier: Apache-2.0
"""The nearest of some centers."""
import numpy as np
from sklearn.cluster import AffinityPropagation, Birch, KMeans, MeanShift, MiniBatchKMeans

from registry import case, optional
from rows import numbers, numeric_rows

BisectingKMeans = optional("sklearn.cluster", "BisectingKMeans")


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def fitted(rng, model, p=4, n=60, dtype=None, fit_dtype=None):
    X = small(numbers(rng, n=n, p=p))
    return model.fit(X.astype(fit_dtype or np.float64)), numeric_rows(rng, X, dtype=dtype or np.float64)


@case("kmeans")
def _(rng):
    return fitted(rng, KMeans(n_clusters=5, n_init=2, random_state=0))


@case("kmeans-many")
def _(rng):
    return fitted(rng, KMeans(n_clusters=40, n_init=1, random_state=0), p=3, n=100)


@case("kmeans-wide")
def _(rng):
    return fitted(rng, KMeans(n_clusters=3, n_init=1, random_state=0), p=60)


@case("kmeans-one")
def _(rng):
    return fitted(rng, KMeans(n_clusters=1, n_init=1, random_state=0))


@case("kmeans-float32")
def _(rng):
    return fitted(rng, KMeans(n_clusters=4, n_init=1, random_state=0), dtype=np.float32, fit_dtype=np.float32)


@case("kmeans-int64-input")
def _(rng):
    return fitted(rng, KMeans(n_clusters=4, n_init=1, random_state=0), dtype=np.int64)


@case("kmeans-mini-batch")
def _(rng):
    return fitted(rng, MiniBatchKMeans(n_clusters=4, n_init=2, batch_size=20, random_state=0))


@case("kmeans-mini-batch-float32")
def _(rng):
    return fitted(rng, MiniBatchKMeans(n_clusters=3, n_init=2, batch_size=20, random_state=0), dtype=np.float32,
                  fit_dtype=np.float32)


@case("kmeans-bisecting", since=(1, 1))
def _(rng):
    return fitted(rng, BisectingKMeans(n_clusters=6, random_state=0))


@case("kmeans-bisecting-largest", since=(1, 1))
def _(rng):
    return fitted(rng, BisectingKMeans(n_clusters=5, random_state=0, bisecting_strategy="largest_cluster"), p=2)


@case("birch")
def _(rng):
    return fitted(rng, Birch(n_clusters=4, threshold=0.6))


@case("birch-all")
def _(rng):
    return fitted(rng, Birch(n_clusters=None, threshold=0.8, branching_factor=5))


@case("birch-float32-input")
def _(rng):
    return fitted(rng, Birch(n_clusters=3, threshold=0.6), dtype=np.float32)


@case("mean-shift")
def _(rng):
    return fitted(rng, MeanShift(bandwidth=0.9))


@case("affinity-propagation")
def _(rng):
    return fitted(rng, AffinityPropagation(damping=0.8))


@case("affinity-propagation-float32-input")
def _(rng):
    return fitted(rng, AffinityPropagation(damping=0.7), dtype=np.float32)
