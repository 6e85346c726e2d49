# SPDX-License-Identifier: Apache-2.0
"""AdaBoost (votes and, until 1.5, probabilities; the weighted median) and bagging (drawn columns, votes, means)."""
import numpy as np
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

SAMME = {"algorithm": "SAMME"} if VERSION < (1, 6) else {}
LABELS = ["été", "no", "yes", "zz"]


def table(rng, n=60, p=4):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def tree(depth=1):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def trunk(depth=2):
    return DecisionTreeRegressor(max_depth=depth, random_state=0)


def classifier(rng, model, k=2, labels=None, dtype=np.float64):
    X = table(rng)
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, model, ordinary=12, dtype=dtype)


def regressor(rng, model, targets=0, dtype=np.float64):
    X = table(rng)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    return model.fit(X, y), numeric_rows(rng, X, model, ordinary=12, dtype=dtype)


# ---- AdaBoost ----

@case("boost-votes")
def _(rng):
    return classifier(rng, AdaBoostClassifier(tree(), n_estimators=6, random_state=0, **SAMME), labels=["no", "yes"])


@case("boost-votes-several")
def _(rng):
    return classifier(rng, AdaBoostClassifier(tree(2), n_estimators=5, random_state=0, **SAMME), 4, LABELS)


@case("boost-default", until=(1, 5))
@case("boost-default-votes", since=(1, 6))
def _(rng):
    return classifier(rng, AdaBoostClassifier(n_estimators=4, random_state=0), 3)


@case("boost-real", until=(1, 5))
def _(rng):
    return classifier(rng, AdaBoostClassifier(tree(2), n_estimators=5, random_state=0, algorithm="SAMME.R"), labels=["no", "yes"])


@case("boost-real-several", until=(1, 5))
def _(rng):
    return classifier(rng, AdaBoostClassifier(tree(2), n_estimators=4, random_state=0, algorithm="SAMME.R"), 4)


@case("boost-perfect")
def _(rng):
    return classifier(rng, AdaBoostClassifier(tree(12), n_estimators=5, random_state=0, **SAMME), 3)


@case("boost-rate-float32")
def _(rng):
    model = AdaBoostClassifier(tree(2), n_estimators=4, learning_rate=0.3, random_state=0, **SAMME)
    return classifier(rng, model, 3, dtype=np.float32)


@case("boost-regressor")
def _(rng):
    return regressor(rng, AdaBoostRegressor(trunk(), n_estimators=6, random_state=0))


@case("boost-regressor-exponential")
def _(rng):
    return regressor(rng, AdaBoostRegressor(trunk(1), n_estimators=20, random_state=0, loss="exponential"), dtype=np.float32)


@case("boost-regressor-default")
def _(rng):
    return regressor(rng, AdaBoostRegressor(n_estimators=4, random_state=0))


# ---- bagging ----

@case("bag-trees")
def _(rng):
    return classifier(rng, BaggingClassifier(tree(3), n_estimators=5, random_state=0), 3, LABELS[:3])


@case("bag-trees-of-few-columns")
def _(rng):
    model = BaggingClassifier(tree(3), n_estimators=5, max_features=2, max_samples=0.6, random_state=0)
    return classifier(rng, model, labels=["no", "yes"])


@case("bag-trees-of-columns-twice")
def _(rng):
    model = BaggingClassifier(tree(3), n_estimators=5, max_features=3, bootstrap_features=True, random_state=1)
    return classifier(rng, model, 3)


@case("bag-trees-without-some-classes")
def _(rng):
    X = table(rng)
    y = classes(rng, X, 3)
    y[:3] = [7, 8, 9]
    return BaggingClassifier(tree(4), n_estimators=6, random_state=0).fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("bag-linear")
def _(rng):
    return classifier(rng, BaggingClassifier(LogisticRegression(), n_estimators=4, max_features=3, random_state=0), 3)


@case("bag-votes")
def _(rng):
    return classifier(rng, BaggingClassifier(RidgeClassifier(), n_estimators=4, random_state=0), 2)


@case("bag-regressors")
def _(rng):
    return regressor(rng, BaggingRegressor(trunk(3), n_estimators=5, random_state=0))


@case("bag-regressors-of-few-columns")
def _(rng):
    return regressor(rng, BaggingRegressor(trunk(3), n_estimators=5, max_features=2, random_state=0), dtype=np.float32)


@case("bag-regressors-several-targets", since=(0, 20))
def _(rng):
    return regressor(rng, BaggingRegressor(trunk(3), n_estimators=4, random_state=0), targets=2)


@case("bag-linear-regressors")
def _(rng):
    return regressor(rng, BaggingRegressor(LinearRegression(), n_estimators=4, max_features=2, random_state=0))
