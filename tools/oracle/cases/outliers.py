# SPDX-License-Identifier: Apache-2.0
"""LocalOutlierFactor, EllipticEnvelope and NearestCentroid: distances and their thresholds."""
import numpy as np
from sklearn.covariance import EllipticEnvelope
from sklearn.neighbors import NearestCentroid

from registry import case, optional
from rows import classes, numbers, numeric_rows

LocalOutlierFactor = optional("sklearn.neighbors", "LocalOutlierFactor")


def table(rng, p=3, n=70):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def fitted(rng, model, p=3, dtype=None):
    X = table(rng, p)
    return model.fit(X), numeric_rows(rng, X, dtype=dtype or np.float64)


def classed(rng, model, k=3, labels=None, p=4):
    X = table(rng, p)
    rows = numeric_rows(rng, X)
    with np.errstate(invalid="ignore"):  # since 1.8 predict_proba, and it alone, refuses scores that overflow
        rows = rows[~((np.abs(rows) > 1e100) & np.isfinite(rows)).any(axis=1)]
    return model.fit(X, classes(rng, X, k, labels)), rows


@case("outlier-factor", since=(0, 20))
def _(rng):
    return fitted(rng, LocalOutlierFactor(n_neighbors=7, novelty=True, leaf_size=8, algorithm="kd_tree", contamination=0.1))


@case("outlier-factor-ball-tree", since=(0, 20))
def _(rng):
    return fitted(rng, LocalOutlierFactor(n_neighbors=12, novelty=True, algorithm="ball_tree", metric="manhattan", leaf_size=8,
                                          contamination=0.05))


@case("outlier-factor-brute", since=(0, 20))
def _(rng):
    return fitted(rng, LocalOutlierFactor(n_neighbors=9, novelty=True, algorithm="brute", contamination=0.1))


@case("outlier-factor-float32-input", since=(0, 20))
def _(rng):
    return fitted(rng, LocalOutlierFactor(n_neighbors=5, novelty=True, algorithm="kd_tree", contamination=0.1), dtype=np.float32)


@case("envelope")
def _(rng):
    return fitted(rng, EllipticEnvelope(random_state=0, contamination=0.1))


@case("envelope-centered")
def _(rng):
    return fitted(rng, EllipticEnvelope(random_state=0, contamination=0.2, assume_centered=True, support_fraction=0.9), p=2)


@case("centroid")
def _(rng):
    return classed(rng, NearestCentroid(), labels=["a", "b", "c"])


@case("centroid-binary")
def _(rng):
    return classed(rng, NearestCentroid(), 2)


@case("centroid-shrunken")
def _(rng):
    return classed(rng, NearestCentroid(shrink_threshold=0.3), 4)


@case("centroid-manhattan")
def _(rng):
    return classed(rng, NearestCentroid(metric="manhattan"))


@case("centroid-priors", since=(1, 6))
def _(rng):
    return classed(rng, NearestCentroid(priors=[0.2, 0.3, 0.5]))


@case("centroid-empirical", since=(1, 6))
def _(rng):
    return classed(rng, NearestCentroid(priors="empirical"), 2)
