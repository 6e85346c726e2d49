# SPDX-License-Identifier: Apache-2.0
"""Dummy estimators whose answer is always the same."""
import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from registry import case
from rows import classes, numbers, numeric_rows, score


def behind(rng, model, k=2, labels=None):
    """Behind a scaler, because some releases leave Dummies without a width."""
    X = numbers(rng)
    y = classes(rng, X, k, labels) if k else score(rng, X)
    return make_pipeline(MinMaxScaler(), model).fit(X, y), numeric_rows(rng, X)


@case("dummy-prior")
def _(rng):
    return behind(rng, DummyClassifier(strategy="prior"), 3)


@case("dummy-most-frequent")
def _(rng):
    return behind(rng, DummyClassifier(strategy="most_frequent"), 3, ["été", "no", "yes"])


@case("dummy-constant")
def _(rng):
    return behind(rng, DummyClassifier(strategy="constant", constant=1), 3)


@case("dummy-mean")
def _(rng):
    return behind(rng, DummyRegressor(), 0)


@case("dummy-median")
def _(rng):
    return behind(rng, DummyRegressor(strategy="median"), 0)


@case("dummy-quantile")
def _(rng):
    return behind(rng, DummyRegressor(strategy="quantile", quantile=0.8), 0)


@case("dummy-value")
def _(rng):
    return behind(rng, DummyRegressor(strategy="constant", constant=2.5), 0)
