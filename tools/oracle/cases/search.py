# SPDX-License-Identifier: Apache-2.0
"""Estimators that hand everything to one other: searches, thresholds, frozen and self-training ones, transformed targets."""
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

if VERSION >= (0, 20):
    from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

if VERSION >= (0, 24):
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401
    from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV
    from sklearn.semi_supervised import SelfTrainingClassifier
if VERSION >= (1, 5):
    from sklearn.metrics import f1_score, make_scorer
    from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
if VERSION >= (1, 6):
    from sklearn.frozen import FrozenEstimator

DEPTHS = {"max_depth": [2, 3]}


def table(rng, n=60, p=4):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def tree(**parameters):
    return DecisionTreeClassifier(random_state=0, **parameters)


def classifier(rng, model, k=2, labels=None, dtype=np.float64):
    X = table(rng)
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


def regressor(rng, model, targets=0, positive=False, column=False):
    X = table(rng)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    y = np.exp(y) if positive else y
    return model.fit(X, y.reshape(-1, 1) if column else y), numeric_rows(rng, X, ordinary=12)


# ---- searches ----

@case("grid-search-tree")
def _(rng):
    return classifier(rng, GridSearchCV(tree(), DEPTHS, cv=3), 3, ["a", "b", "ü"])


@case("grid-search-pipeline")
def _(rng):
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
    return classifier(rng, GridSearchCV(model, {"logisticregression__C": [0.1, 1.0]}, cv=3))


@case("grid-search-transformer")
def _(rng):
    model = make_pipeline(MinMaxScaler(), StandardScaler())
    X = table(rng)
    search = GridSearchCV(model, {"standardscaler__with_std": [True, False]}, cv=3, scoring=constant)
    return search.fit(X), numeric_rows(rng, X, ordinary=12)


def constant(model, X, y=None):
    return 1.0


@case("grid-search-regressor")
def _(rng):
    return regressor(rng, GridSearchCV(DecisionTreeRegressor(random_state=0), DEPTHS, cv=3))


@case("grid-search-metrics", since=(0, 19))
def _(rng):
    return classifier(rng, GridSearchCV(tree(), DEPTHS, cv=3, scoring=["accuracy", "precision"], refit="precision"))


@case("random-search")
def _(rng):
    return classifier(rng, RandomizedSearchCV(tree(), DEPTHS, n_iter=2, cv=3, random_state=0), 3)


@case("grid-search-of-the-old-module", until=(0, 19))
def _(rng):
    from sklearn.grid_search import GridSearchCV as Old
    return classifier(rng, Old(tree(), DEPTHS, cv=3), 3)


@case("random-search-of-the-old-module", until=(0, 19))
def _(rng):
    from sklearn.grid_search import RandomizedSearchCV as Old
    return classifier(rng, Old(tree(), DEPTHS, n_iter=2, cv=3, random_state=0))


@case("halving-grid-search", since=(0, 24))
def _(rng):
    return classifier(rng, HalvingGridSearchCV(tree(), DEPTHS, cv=3, random_state=0), 3)


@case("halving-random-search", since=(0, 24))
def _(rng):
    return classifier(rng, HalvingRandomSearchCV(tree(), DEPTHS, cv=3, random_state=0))


# ---- frozen, self-training ----

@case("frozen", since=(1, 6))
def _(rng):
    X = table(rng)
    inner = tree(max_depth=3).fit(X, classes(rng, X, 3))
    return FrozenEstimator(inner).fit(X, None), numeric_rows(rng, X, inner)


@case("frozen-in-a-pipeline", since=(1, 6))
def _(rng):
    X = table(rng)
    y = classes(rng, X, 2)
    scaler = FrozenEstimator(StandardScaler().fit(X))
    return make_pipeline(scaler, LogisticRegression()).fit(X, y), numeric_rows(rng, X)


@case("self-training", since=(0, 24))
def _(rng):
    X = table(rng)
    y = classes(rng, X, 3)
    y[rng.random(len(y)) < 0.4] = -1
    model = SelfTrainingClassifier(tree(max_depth=3), max_iter=3).fit(X, y)
    return model, numeric_rows(rng, X)


@case("self-training-linear", since=(0, 24))
def _(rng):
    X = table(rng)
    y = np.array(["no", "yes"], dtype=object)[classes(rng, X, 2)]
    y[rng.random(len(y)) < 0.4] = -1
    y = np.where(y == "no", 3, np.where(y == "yes", 5, -1)).astype(int)
    return SelfTrainingClassifier(LogisticRegression()).fit(X, y), numeric_rows(rng, X)


# ---- thresholds ----

@case("threshold-fixed-auto", since=(1, 5))
def _(rng):
    return classifier(rng, FixedThresholdClassifier(tree(max_depth=3)), labels=["no", "yes"])


@case("threshold-fixed-value", since=(1, 5))
def _(rng):
    return classifier(rng, FixedThresholdClassifier(tree(max_depth=3), threshold=0.25))


@case("threshold-fixed-first-class", since=(1, 5))
def _(rng):
    return classifier(rng, FixedThresholdClassifier(tree(max_depth=3), threshold=0.75, pos_label="no"), labels=["no", "yes"])


@case("threshold-fixed-decision", since=(1, 5))
def _(rng):
    model = FixedThresholdClassifier(LogisticRegression(), response_method="decision_function", pos_label=0, threshold=-0.1)
    return classifier(rng, model)


@case("threshold-fixed-linear-auto", since=(1, 5))
def _(rng):
    return classifier(rng, FixedThresholdClassifier(LogisticRegression()), dtype=np.float32)


@case("threshold-fixed-prefit", since=(1, 6))
def _(rng):
    X = table(rng)
    inner = FrozenEstimator(tree(max_depth=3).fit(X, classes(rng, X, 2)))
    return FixedThresholdClassifier(inner, threshold=0.3).fit(X, classes(rng, X, 2)), numeric_rows(rng, X)


@case("threshold-tuned", since=(1, 5))
def _(rng):
    return classifier(rng, TunedThresholdClassifierCV(tree(max_depth=3), cv=3, random_state=0), labels=["no", "yes"])


@case("threshold-tuned-f1", since=(1, 5))
def _(rng):
    scoring = make_scorer(f1_score, pos_label="no")
    return classifier(rng, TunedThresholdClassifierCV(tree(max_depth=3), cv=3, scoring=scoring, random_state=0),
                      labels=["no", "yes"])


@case("threshold-tuned-linear", since=(1, 5))
def _(rng):
    return classifier(rng, TunedThresholdClassifierCV(LogisticRegression(), cv=3, scoring="f1", random_state=0))


# ---- transformed targets ----

@case("target-function", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0), func=np.log1p,
                                                     inverse_func=np.expm1), positive=True)


@case("target-function-linear", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp), positive=True)


@case("target-without-function", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0)))


@case("target-default-regressor", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(), targets=2)


@case("target-scaled", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0),
                                                     transformer=StandardScaler()))


@case("target-scaled-several", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0),
                                                     transformer=MinMaxScaler()), targets=3)


@case("target-of-a-column", since=(0, 20))
def _(rng):
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0),
                                                     transformer=StandardScaler()), column=True)


@case("target-pipeline", since=(0, 20))
def _(rng):
    steps = make_pipeline(MinMaxScaler(feature_range=(1, 2)), StandardScaler())
    return regressor(rng, TransformedTargetRegressor(DecisionTreeRegressor(max_depth=3, random_state=0), transformer=steps))
