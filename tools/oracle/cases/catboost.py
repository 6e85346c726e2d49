# SPDX-License-Identifier: Apache-2.0
"""CatBoost with features that are numbers: float32 values above borders, symmetric trees and others, float64 sums, scale and bias."""
from __future__ import absolute_import

import catboost as cb
import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from boosters import numeric_rows
from registry import case
from rows import classes, holes, numbers, score


def small(kind, **parameters):
    return kind(**dict({"iterations": 9, "depth": 3, "thread_count": 1, "random_seed": 0, "verbose": False, "allow_writing_files": False},
                       **parameters))


def classifier(rng, model, k=2, labels=None, missing=False, dtype=np.float64, p=6):
    X = numbers(rng, p=p)
    model.fit(holes(rng, X) if missing else X, classes(rng, X, k, labels))
    return model, numeric_rows(rng, X, model, dtype=dtype)


def regressor(rng, model, missing=False, positive=False, dtype=np.float64, p=6, targets=0):
    X = numbers(rng, p=p)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    model.fit(holes(rng, X) if missing else X, np.exp(y) if positive else y)
    return model, numeric_rows(rng, X, model, dtype=dtype)


@case("cat-binary")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier))


@case("cat-binary-missing-strings")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier), 2, ["no", "yes"], missing=True)


@case("cat-missing-above")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier, nan_mode="Max"), 2, [3, 7], missing=True)


@case("cat-multiclass")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier), 4, ["a", "b", "zz", u"\u00e9"], missing=True)


@case("cat-one-vs-all")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier, loss_function="MultiClassOneVsAll"), 3)


@case("cat-cross-entropy")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier, loss_function="CrossEntropy"))


@case("cat-float32")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier), dtype=np.float32)


@case("cat-int64")
def _(rng):
    return classifier(rng, small(cb.CatBoostClassifier), 3, dtype=np.int64)


for policy in ("Depthwise", "Lossguide"):
    @case("cat-" + policy.lower())
    def _(rng, policy=policy):
        return regressor(rng, small(cb.CatBoostRegressor, grow_policy=policy), missing=True)

    @case("cat-multiclass-" + policy.lower())
    def _(rng, policy=policy):
        return classifier(rng, small(cb.CatBoostClassifier, grow_policy=policy), 3)


@case("cat-regression")
def _(rng):
    return regressor(rng, small(cb.CatBoostRegressor, iterations=30))


@case("cat-regression-no-bias")
def _(rng):
    return regressor(rng, small(cb.CatBoostRegressor, boost_from_average=False))


@case("cat-shrunk")
def _(rng):
    return regressor(rng, small(cb.CatBoostRegressor, model_shrink_rate=0.2, model_shrink_mode="Constant"))


for loss in ("MAE", "Quantile:alpha=0.8", "Poisson", "Tweedie:variance_power=1.5", "MAPE"):
    @case("cat-regression-" + loss.split(":")[0].lower())
    def _(rng, loss=loss):
        return regressor(rng, small(cb.CatBoostRegressor, loss_function=loss), positive=True)


@case("cat-several-targets")
def _(rng):
    return regressor(rng, small(cb.CatBoostRegressor, loss_function="MultiRMSE"), targets=3)


@case("cat-deep-wide")
def _(rng):
    return regressor(rng, small(cb.CatBoostRegressor, depth=8, iterations=3), p=300)


@case("cat-early-stopping")
def _(rng):
    X = numbers(rng)
    y = classes(rng, X, 3)
    model = small(cb.CatBoostClassifier, iterations=60, learning_rate=0.9, early_stopping_rounds=3)
    model.fit(X[:90], y[:90], eval_set=(X[90:], y[90:]))
    return model, numeric_rows(rng, X, model)


@case("cat-ranker")
def _(rng):
    X = numbers(rng)
    kind = getattr(cb, "CatBoostRanker", None)
    model = small(kind, loss_function="QueryRMSE").fit(X, classes(rng, X, 3), group_id=np.repeat(np.arange(5), 30))
    return model, numeric_rows(rng, X, model)


@case("cat-plain")
def _(rng):
    return regressor(rng, small(lambda **parameters: cb.CatBoost(parameters), loss_function="Poisson"), positive=True)


@case("cat-names")
def _(rng):
    X = pd.DataFrame(numbers(rng, p=4), columns=["price", "size", "a b", "last"])
    model = small(cb.CatBoostRegressor).fit(X, score(rng, X.values))
    return model, pd.DataFrame(numeric_rows(rng, X.values, model)[:20], columns=X.columns)


@case("cat-pipeline")
def _(rng):
    X = numbers(rng)
    model = make_pipeline(StandardScaler(), small(cb.CatBoostClassifier)).fit(X, classes(rng, X, 2))
    return model, np.vstack([X[:20], X[:4] * 1e3])
