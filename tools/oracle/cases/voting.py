# SPDX-License-Identifier: Apache-2.0
"""Estimators that vote, and estimators stacked on what others answer."""
import numpy as np
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

if VERSION >= (0, 21):
    from sklearn.ensemble import VotingRegressor
if VERSION >= (0, 22):
    from sklearn.ensemble import StackingClassifier, StackingRegressor

DROPPED = None if VERSION < (0, 22) else "drop"
SOFT = {"voting": "soft", "flatten_transform": True} if VERSION >= (0, 19) else {"voting": "soft"}


def table(rng, n=60, p=4):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def trees():
    return [("a", DecisionTreeClassifier(max_depth=1, random_state=0)), ("b", DecisionTreeClassifier(max_depth=3, random_state=1)),
            ("c", RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0))]


def trunks():
    return [("a", DecisionTreeRegressor(max_depth=1, random_state=0)), ("b", DecisionTreeRegressor(max_depth=3, random_state=1)),
            ("c", DecisionTreeRegressor(max_leaf_nodes=5, random_state=2))]


def classifier(rng, model, k=3, labels=None, dtype=np.float64):
    X = table(rng)
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


def regressor(rng, model, dtype=np.float64):
    X = table(rng)
    return model.fit(X, score(rng, X)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


# ---- voting ----

@case("vote-hard")
def _(rng):
    return classifier(rng, VotingClassifier(trees()), 4, ["a", "b", "ç", "d"])


@case("vote-hard-weights")
def _(rng):
    return classifier(rng, VotingClassifier(trees(), weights=[2, 1.5, 1]), 3)


@case("vote-soft", without=() if VERSION >= (0, 19) else ("transform",))
def _(rng):
    return classifier(rng, VotingClassifier(trees(), **SOFT), 3, ["x", "y", "z"])


@case("vote-soft-weights", without=() if VERSION >= (0, 19) else ("transform",))
def _(rng):
    return classifier(rng, VotingClassifier(trees(), weights=[3, 0.1, 7], **SOFT), 2)


@case("vote-soft-not-flat", without=("transform",), since=(0, 19))
def _(rng):
    return classifier(rng, VotingClassifier(trees(), voting="soft", flatten_transform=False), 2)


@case("vote-soft-linear", without=() if VERSION >= (0, 19) else ("transform",))
def _(rng):
    linear = [("l", LogisticRegression()), ("p", make_pipeline(StandardScaler(), LogisticRegression(C=0.1))), trees()[1]]
    return classifier(rng, VotingClassifier(linear, **SOFT), 2)


@case("vote-dropped", since=(0, 19))
def _(rng):
    model = VotingClassifier(trees(), weights=[1, 2, 3])
    model.set_params(b=DROPPED)
    return classifier(rng, model, 3)


@case("vote-regressor", since=(0, 21))
def _(rng):
    return regressor(rng, VotingRegressor(trunks()))


@case("vote-regressor-weights-dropped", since=(0, 21))
def _(rng):
    model = VotingRegressor(trunks(), weights=[0.3, 5, 2])
    model.set_params(a=DROPPED)
    return regressor(rng, model, dtype=np.float32)


@case("vote-regressor-linear", since=(0, 21))
def _(rng):
    return regressor(rng, VotingRegressor([("l", LinearRegression()), trunks()[1]]))


# ---- stacking ----

@case("stack-linear-on-trees", since=(0, 22))
def _(rng):
    return classifier(rng, StackingClassifier(trees(), LogisticRegression(), cv=3), 2, ["no", "yes"])


@case("stack-linear-on-trees-three", since=(0, 22))
def _(rng):
    return classifier(rng, StackingClassifier(trees(), LogisticRegression(max_iter=300), cv=3), 3, ["x", "y", "z"])


@case("stack-tree-passthrough", since=(0, 22))
def _(rng):
    final = DecisionTreeClassifier(max_depth=3, random_state=0)
    return classifier(rng, StackingClassifier(trees(), final, cv=3, passthrough=True), 3)


@case("stack-predict", since=(0, 22))
def _(rng):
    final = DecisionTreeClassifier(max_depth=3, random_state=0)
    return classifier(rng, StackingClassifier(trees(), final, cv=3, stack_method="predict"), 3, ["x", "y", "z"])


@case("stack-dropped", since=(0, 22))
def _(rng):
    model = StackingClassifier(trees(), LogisticRegression(), cv=3)
    model.set_params(a="drop")
    return classifier(rng, model, 2)


@case("stack-prefit", since=(1, 1))
def _(rng):
    X = table(rng)
    y = classes(rng, X, 3)
    fitted = [(name, tree.fit(X, y)) for name, tree in trees()]
    return StackingClassifier(fitted, LogisticRegression(max_iter=300), cv="prefit").fit(X, y), numeric_rows(rng, X)


@case("stack-regressor", since=(0, 22))
def _(rng):
    return regressor(rng, StackingRegressor(trunks(), LinearRegression(), cv=3))


@case("stack-regressor-passthrough", since=(0, 22))
def _(rng):
    final = DecisionTreeRegressor(max_depth=3, random_state=0)
    return regressor(rng, StackingRegressor(trunks(), final, cv=3, passthrough=True), dtype=np.float32)
