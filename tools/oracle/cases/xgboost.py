# SPDX-License-Identifier: Apache-2.0
"""XGBoost: float32 sums of leaves over x < threshold, in every format that its pickles had."""
from __future__ import absolute_import

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from boosters import numeric_rows
from registry import case
from rows import classes, holes, numbers, score

VERSION = tuple(int(part) for part in xgb.__version__.split(".")[:2])
ENCODES = VERSION < (1, 6)  # labels of any kind; later only 0, 1, 2...


def xgb_case(name, since=(0, 0), until=(99, 99)):
    return case("xgb-" + name) if since <= VERSION <= until else lambda function: function


def small(kind, **parameters):
    return kind(**dict({"n_estimators": 8, "max_depth": 3, "n_jobs": 1}, **parameters))


def labelled(y, labels):
    return np.asarray(labels)[y] if ENCODES and labels else y


def classifier(rng, model, k=2, labels=None, missing=False, dtype=np.float64, p=6, **fit):
    X = numbers(rng, p=p)
    y = labelled(classes(rng, X, k), labels)
    model.fit(holes(rng, X) if missing else X, y, **fit)
    return model, numeric_rows(rng, X, model, dtype=dtype)


def regressor(rng, model, missing=False, positive=False, dtype=np.float64, p=6, targets=0):
    X = numbers(rng, p=p)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    model.fit(holes(rng, X) if missing else X, np.exp(y) if positive else y)
    return model, numeric_rows(rng, X, model, dtype=dtype)


@xgb_case("binary")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier))


@xgb_case("binary-missing-strings")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier), 2, ["no", "yes"], missing=True)


@xgb_case("multiclass")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, n_estimators=5), 4, ["a", "b", "zz", u"\u00e9"], missing=True)


@xgb_case("float32")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier), dtype=np.float32)


@xgb_case("int64")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier), 3, dtype=np.int64)


@xgb_case("deep-wide")
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, max_depth=9, n_estimators=4, reg_lambda=0), p=300)


@xgb_case("base-score")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, base_score=0.3, learning_rate=0.3))


@xgb_case("regression")
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, n_estimators=20))


@xgb_case("regression-missing-value")
def _(rng):
    X = numbers(rng)
    y = score(rng, X)
    model = small(xgb.XGBRegressor, missing=-999.0)
    holed = holes(rng, X)
    model.fit(np.where(np.isnan(holed), -999.0, holed), y)
    rows = numeric_rows(rng, X, model)
    rows[:6, 0] = -999.0
    return model, rows


@xgb_case("names")
def _(rng):
    X = pd.DataFrame(numbers(rng, p=4), columns=["price", "size", "a b", "last"])
    model = small(xgb.XGBRegressor).fit(X, score(rng, X.to_numpy() if hasattr(X, "to_numpy") else X.values))
    return model, pd.DataFrame(numeric_rows(rng, np.asarray(X), model)[:20], columns=X.columns)


for objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
    @xgb_case("regression-" + objective.split(":")[1])
    def _(rng, objective=objective):
        return regressor(rng, small(xgb.XGBRegressor, objective=objective), positive=True)


@xgb_case("regression-logistic")
def _(rng):
    X = numbers(rng)
    y = classes(rng, X, 2)
    model = small(xgb.XGBRegressor, objective="reg:logistic").fit(X, y)
    return model, numeric_rows(rng, X, model)


@xgb_case("regression-squaredlog", since=(1, 0))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, objective="reg:squaredlogerror"), positive=True)


@xgb_case("regression-absolute", since=(1, 7))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, objective="reg:absoluteerror"))


@xgb_case("regression-pseudohuber", since=(1, 2))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, objective="reg:pseudohubererror"))


@xgb_case("regression-quantiles", since=(2, 0))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9]))


@xgb_case("hinge", since=(0, 80))
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, objective="binary:hinge"))


@xgb_case("logitraw")
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, objective="binary:logitraw"))


@xgb_case("early-stopping", since=(0, 82))
def _(rng):
    X = numbers(rng)
    y = classes(rng, X, 3)
    parameters = {"n_estimators": 40, "learning_rate": 0.9}
    if VERSION >= (1, 6):
        model = small(xgb.XGBClassifier, early_stopping_rounds=3, eval_metric="mlogloss", **parameters)
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], verbose=False)
    else:
        model = small(xgb.XGBClassifier, **parameters)
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], early_stopping_rounds=3, eval_metric="mlogloss", verbose=False)
    return model, numeric_rows(rng, X, model)


@xgb_case("parallel-trees-early-stopping", since=(0, 90))
def _(rng):
    X = numbers(rng)
    y = score(rng, X)
    parameters = {"n_estimators": 30, "num_parallel_tree": 2, "subsample": 0.7, "learning_rate": 0.9}
    if VERSION >= (1, 6):
        model = small(xgb.XGBRegressor, early_stopping_rounds=2, eval_metric="rmse", **parameters)
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], verbose=False)
    else:
        model = small(xgb.XGBRegressor, **parameters)
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], early_stopping_rounds=2, eval_metric="rmse", verbose=False)
    return model, numeric_rows(rng, X, model)


@xgb_case("forest-classifier", since=(0, 90))
def _(rng):
    return classifier(rng, small(xgb.XGBRFClassifier), 3)


@xgb_case("forest-regressor", since=(0, 90))
def _(rng):
    return regressor(rng, small(xgb.XGBRFRegressor))


@xgb_case("ranker", since=(0, 90))
def _(rng):
    X = numbers(rng)
    model = small(xgb.XGBRanker)
    sizes = [30] * (len(X) // 30)
    if VERSION < (2, 0):
        model.fit(X, classes(rng, X, 3), group=sizes)
    else:
        model.fit(X, classes(rng, X, 3), qid=np.repeat(np.arange(len(sizes)), sizes))
    return model, numeric_rows(rng, X, model)


@xgb_case("dart", since=(1, 0))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, booster="dart", n_estimators=10, rate_drop=0.3), missing=True)


@xgb_case("dart-multiclass", since=(1, 0))
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, booster="dart", rate_drop=0.4), 3)


@xgb_case("linear")
def _(rng):
    X = numbers(rng, p=4) / 100
    model = small(xgb.XGBRegressor, booster="gblinear", n_estimators=5)
    model.fit(X, score(rng, X))
    return model, np.vstack([X[:20], [[np.nan, 1, 2, np.nan], [0, 0, 0, 0], [-0.0, np.nan, np.nan, np.nan]]])


@xgb_case("linear-multiclass")
def _(rng):
    X = numbers(rng, p=4) / 1000
    X[:, 3] /= 1e6
    model = small(xgb.XGBClassifier, booster="gblinear", n_estimators=5)
    model.fit(X, classes(rng, X, 3))
    return model, np.vstack([X[:20], [[np.nan, 1, 2, np.nan], [0, 0, 0, 0]]])


@xgb_case("one-round-stump")
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, n_estimators=1, max_depth=1))


@xgb_case("pruned")
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, gamma=0.5, max_depth=6))


@xgb_case("single-leaves")
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, gamma=1e9))


@xgb_case("pipeline")
def _(rng):
    X = numbers(rng)
    model = make_pipeline(StandardScaler(), small(xgb.XGBClassifier)).fit(X, classes(rng, X, 3))
    return model, np.vstack([X[:20], X[:4] * 1e3])


# ---- boosters of their own ----

def booster(rng, parameters, y=None, rounds=6, **more):
    X = numbers(rng)
    data = xgb.DMatrix(holes(rng, X), label=classes(rng, X, 3) if y is None else y(rng, X), **more)
    model = xgb.train(dict({"max_depth": 3, "nthread": 1}, **parameters), data, rounds)
    return model, numeric_rows(rng, X, model)


@xgb_case("booster-squared")
def _(rng):
    return booster(rng, {}, score)


@xgb_case("booster-softprob")
def _(rng):
    return booster(rng, {"objective": "multi:softprob", "num_class": 3})


@xgb_case("booster-softmax")
def _(rng):
    return booster(rng, {"objective": "multi:softmax", "num_class": 3})


@xgb_case("booster-dart", since=(1, 0))
def _(rng):
    return booster(rng, {"booster": "dart", "rate_drop": 0.3, "eta": 0.7}, score)


@xgb_case("booster-cox", since=(0, 80))
def _(rng):
    return booster(rng, {"objective": "survival:cox"}, lambda rng, X: np.exp(score(rng, X)))


@xgb_case("booster-rank")
def _(rng):
    X = numbers(rng)
    data = xgb.DMatrix(X, label=classes(rng, X, 3))
    data.set_group([50] * 3)
    model = xgb.train({"objective": "rank:pairwise", "max_depth": 3, "nthread": 1}, data, 5)
    return model, numeric_rows(rng, X, model)


# ---- what came later ----

@xgb_case("softmax", since=(1, 7))
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, objective="multi:softmax"), 3)


def codes(rng, n=240):
    X = np.column_stack([rng.integers(0, 9, n), rng.normal(size=n), rng.choice([0, 3, 40, 41, 300], n)]).astype(float)
    y = classes(rng, np.column_stack([X[:, 0] * 7 % 4, X[:, 1], X[:, 2] % 7]))
    return holes(rng, X, 0.08), y


def code_rows(rng, X):
    known = np.where(np.isnan(X), 2, X)
    odd = [-0.0, 3.7, 8.0, 9.0, 31.0, 32.0, 63.0, 64.0, 255.0, 256.0, 300.0, 301.0, 319.0, 320.0, 1e6, np.nan]
    rows = known[rng.integers(len(known), size=2 * len(odd))]
    rows[:len(odd), 0], rows[len(odd):, 2] = odd, odd
    return np.vstack([X[:20], rows])


def categorical(rng, kind, **parameters):
    X, y = codes(rng)
    model = small(kind, tree_method="hist", enable_categorical=True, feature_types=["c", "q", "c"], **parameters)
    return model.fit(X, y), code_rows(rng, X)


@xgb_case("categories-one-hot", since=(1, 7))
def _(rng):
    return categorical(rng, xgb.XGBClassifier, max_cat_to_onehot=100)


@xgb_case("categories-partition", since=(1, 7))
def _(rng):
    return categorical(rng, xgb.XGBRegressor, max_cat_to_onehot=1)


@xgb_case("categories-dart", since=(1, 7))
def _(rng):
    return categorical(rng, xgb.XGBRegressor, max_cat_to_onehot=1, booster="dart", rate_drop=0.3)


@xgb_case("several-targets", since=(1, 6))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, tree_method="hist"), targets=3)


@xgb_case("vector-leaves", since=(2, 0))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, tree_method="hist", multi_strategy="multi_output_tree"), targets=3, missing=True)


@xgb_case("vector-leaves-multiclass", since=(2, 0))
def _(rng):
    return classifier(rng, small(xgb.XGBClassifier, tree_method="hist", multi_strategy="multi_output_tree"), 3)


@xgb_case("multilabel", since=(1, 6))
def _(rng):
    X = numbers(rng)
    y = np.column_stack([classes(rng, X, 2) for _ in range(3)])
    model = small(xgb.XGBClassifier, tree_method="hist").fit(X, y)
    return model, numeric_rows(rng, X, model)


@xgb_case("predictor-by-name", since=(1, 4), until=(1, 7))
def _(rng):
    return regressor(rng, small(xgb.XGBRegressor, predictor="cpu_predictor"))
