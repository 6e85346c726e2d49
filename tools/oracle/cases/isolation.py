# SPDX-License-Identifier: Apache-2.0
"""Forests that nobody told a target: IsolationForest, RandomTreesEmbedding."""
import numpy as np
from sklearn.ensemble import IsolationForest, RandomTreesEmbedding

from registry import VERSION, case
from rows import holes, numbers, numeric_rows

AUTO = {"contamination": "auto"} if VERSION >= (0, 20) else {}
NEW = {"behaviour": "new"} if (0, 20) <= VERSION <= (0, 21) else {}


def table(rng, n=80, p=4):
    return numbers(rng, n=n, p=p)


def outliers(rng, dtype=np.float64, p=4, n=80, missing=False, **parameters):
    X = table(rng, n, p)
    model = IsolationForest(random_state=0, **{"n_estimators": 6, **parameters}).fit(holes(rng, X) if missing else X)
    return model, numeric_rows(rng, X, model, ordinary=12, dtype=dtype)


@case("isolation-contamination")
def _(rng):
    return outliers(rng, contamination=0.2, **NEW)


@case("isolation-contamination-old", since=(0, 20), until=(0, 21))
def _(rng):
    return outliers(rng, contamination=0.2, behaviour="old")


@case("isolation-auto", since=(0, 20))
def _(rng):
    return outliers(rng, n_estimators=10, **dict(AUTO, **NEW))


@case("isolation-default")
def _(rng):
    return outliers(rng)


@case("isolation-few-rows")
def _(rng):
    return outliers(rng, max_samples=5, contamination=0.1, **NEW)


@case("isolation-few-columns", since=(0, 19))
def _(rng):
    return outliers(rng, max_features=2, contamination=0.1, **NEW)


@case("isolation-columns-float32", since=(0, 19))
def _(rng):
    return outliers(rng, max_features=0.8, bootstrap=True, contamination=0.1, dtype=np.float32, **NEW)


@case("isolation-one-column")
def _(rng):
    return outliers(rng, p=1, contamination=0.1, **NEW)


@case("isolation-missing", since=(1, 6))
def _(rng):
    return outliers(rng, missing=True)


def embedded(rng, p=4, **parameters):
    X = table(rng, 60, p)
    model = RandomTreesEmbedding(**dict({"n_estimators": 4, "max_depth": 2, "random_state": 0}, **parameters)).fit(X)
    return model, numeric_rows(rng, X, model, ordinary=12)


@case("embedding")
def _(rng):
    return embedded(rng)


@case("embedding-dense")
def _(rng):
    return embedded(rng, sparse_output=False, max_depth=3)


@case("embedding-leaves")
def _(rng):
    return embedded(rng, max_leaf_nodes=5, max_depth=None, p=2)
