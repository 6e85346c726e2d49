# SPDX-License-Identifier: Apache-2.0
"""Models whose first step does not know how many columns it gets: before 0.24 only what has an array of them does."""
import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, FunctionTransformer, Normalizer, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from registry import case
from rows import classes, numbers, numeric_rows, score

SCALER = dict(with_mean=False, with_std=False)


def first(rng, *steps, k=0):
    X = np.abs(numbers(rng, n=60, p=3))
    y = classes(rng, X, k) if k else score(rng, X)
    return make_pipeline(*steps).fit(X, y), numeric_rows(rng, X, ordinary=6)


case("width-function")(lambda rng: first(rng, FunctionTransformer(np.sqrt), DecisionTreeClassifier(max_depth=3, random_state=0), k=3))
case("width-identity")(lambda rng: first(rng, FunctionTransformer(), DecisionTreeClassifier(max_depth=3, random_state=0), k=2))
case("width-normalizer")(lambda rng: first(rng, Normalizer("max"), LogisticRegression(), k=2))
case("width-scaler")(lambda rng: first(rng, StandardScaler(**SCALER), Ridge()))
case("width-two")(lambda rng: first(rng, FunctionTransformer(np.sqrt), Binarizer(threshold=1.5), Ridge()))


def bare(rng, model, k=0):
    X = numbers(rng, n=40, p=3)
    return model.fit(X, classes(rng, X, k, ["a", "b", "c"]) if k else score(rng, X)), numeric_rows(rng, X, ordinary=3)


case("width-dummy-classifier", since=(0, 19))(lambda rng: bare(rng, DummyClassifier(strategy="prior"), 3))
case("width-dummy-regressor", since=(0, 19))(lambda rng: bare(rng, DummyRegressor()))
