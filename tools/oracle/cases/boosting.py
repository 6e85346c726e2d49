# SPDX-License-Identifier: Apache-2.0
"""Gradient boosting: an initial score and scaled leaves added in order."""
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows

from .trees import LABELS, classifier, regressor

ABSOLUTE = "absolute_error" if VERSION >= (1, 0) else "lad"


def boosted(kind, **parameters):
    return kind(**{"n_estimators": 15, "max_depth": 3, "random_state": 0, **parameters})


@case("boosting-binary")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier))


@case("boosting-strings")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, n_estimators=7), 4, LABELS)


@case("boosting-exponential")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, loss="exponential"))


@case("boosting-subsample")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, subsample=0.5, max_features=3, learning_rate=0.3), 3)


@case("boosting-zero")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, init="zero"))


@case("boosting-zero-multiclass")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, init="zero", n_estimators=6), 3)


@case("boosting-from-tree", since=(0, 21))
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, init=DecisionTreeClassifier(max_depth=2)))


@case("boosting-from-logistic", since=(0, 21))
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier, init=LogisticRegression(max_iter=20)), p=2)


@case("boosting-float32-input")
def _(rng):
    return classifier(rng, boosted(GradientBoostingClassifier), dtype=np.float32)


@case("boosting-prepared")
def _(rng):
    X = numbers(rng)
    model = make_pipeline(StandardScaler(), boosted(GradientBoostingClassifier))
    return model.fit(X, classes(rng, X)), numeric_rows(rng, X)


@case("boosting-regression")
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor))


@case("boosting-regression-absolute")
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, loss=ABSOLUTE))


@case("boosting-regression-huber")
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, loss="huber", alpha=0.8))


@case("boosting-regression-quantile")
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, loss="quantile", alpha=0.9))


@case("boosting-regression-zero")
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, init="zero"))


@case("boosting-regression-from-linear", since=(0, 21))
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, init=LinearRegression()))


@case("boosting-regression-from-tree", since=(0, 21))
def _(rng):
    return regressor(rng, boosted(GradientBoostingRegressor, init=DecisionTreeRegressor(max_depth=3)))
