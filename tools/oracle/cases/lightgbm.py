# SPDX-License-Identifier: Apache-2.0
"""LightGBM: float64 sums of leaves over x <= threshold, categories by bitsets, three kinds of missing, linear leaves."""
from __future__ import absolute_import

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from boosters import numeric_rows
from registry import case
from rows import classes, holes, numbers, score

VERSION = tuple(int(part) for part in lgb.__version__.split(".")[:2])
LABELS = ["a", "b", "zz", u"\u00e9"]


def lgb_case(name, since=(0, 0), until=(99, 99)):
    return case("lgb-" + name) if since <= VERSION <= until else lambda function: function


def small(kind, **parameters):
    return kind(**dict({"n_estimators": 8, "num_leaves": 6, "min_child_samples": 5, "n_jobs": 1, "random_state": 0}, **parameters))


def tiny(rows):
    """Values that LightGBM takes for 0, and their neighbours that it does not."""
    edge = float(np.float32(1e-35))
    extra = np.repeat(rows[:1], 12, axis=0)
    values = [edge, -edge, np.nextafter(edge, 1), -np.nextafter(edge, 1), 1e-36, -1e-36, 1e-300, 0.0, -0.0, 1e-34, -1e-34, np.nan]
    for i, value in enumerate(values):
        extra[i, :3] = value
    return np.vstack([rows, extra])


def classifier(rng, model, k=2, labels=None, missing=False, dtype=np.float64, p=6, **fit):
    X = numbers(rng, p=p)
    y = classes(rng, X, k, labels)
    model.fit(holes(rng, X) if missing else X, y, **fit)
    return model, numeric_rows(rng, X, model, dtype=dtype)


def regressor(rng, model, missing=False, positive=False, dtype=np.float64, p=6):
    X = numbers(rng, p=p)
    y = score(rng, X)
    model.fit(holes(rng, X) if missing else X, np.exp(y) if positive else y)
    return model, numeric_rows(rng, X, model, dtype=dtype)


@lgb_case("binary")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier))


@lgb_case("binary-missing-strings")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier), 2, ["no", "yes"], missing=True)


@lgb_case("multiclass")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier, n_estimators=5), 4, LABELS, missing=True)


@lgb_case("multiclassova")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier, n_estimators=5, objective="multiclassova", sigmoid=0.7), 3)


@lgb_case("binary-sigmoid")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier, sigmoid=2.5))


@lgb_case("float32")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier), dtype=np.float32)


@lgb_case("int64")
def _(rng):
    return classifier(rng, small(lgb.LGBMClassifier), 3, dtype=np.int64)


for kind in ("gbdt", "dart", "goss", "rf"):
    @lgb_case("boosting-" + kind)
    def _(rng, kind=kind):
        more = {"subsample": 0.7, "subsample_freq": 1} if kind == "rf" else {}
        return classifier(rng, small(lgb.LGBMClassifier, boosting_type=kind, **more), 3)


@lgb_case("rf-regression")
def _(rng):
    return regressor(rng, small(lgb.LGBMRegressor, boosting_type="rf", subsample=0.7, subsample_freq=1), missing=True)


for objective in ("regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie", "cross_entropy",
                  "cross_entropy_lambda"):
    if objective == "cross_entropy_lambda" and (2, 3) <= VERSION < (4, 0):
        continue  # refused: two kinds of releases write the format v3

    @lgb_case("regression-" + objective.replace("_", "-"))
    def _(rng, objective=objective):
        if objective.startswith("cross"):
            X = numbers(rng)
            model = small(lgb.LGBMRegressor, objective=objective).fit(X, classes(rng, X, 2).astype(float))
            return model, numeric_rows(rng, X, model)
        return regressor(rng, small(lgb.LGBMRegressor, objective=objective), positive=True)


@lgb_case("regression-sqrt")
def _(rng):
    return regressor(rng, small(lgb.LGBMRegressor, reg_sqrt=True), positive=True)


@lgb_case("deep-wide")
def _(rng):
    return regressor(rng, small(lgb.LGBMRegressor, num_leaves=90, min_child_samples=1, n_estimators=3), p=300)


@lgb_case("zero-as-missing")
def _(rng):
    X = numbers(rng)
    X[rng.random(X.shape) < 0.3] = 0
    model = small(lgb.LGBMRegressor, zero_as_missing=True).fit(holes(rng, X, 0.1), score(rng, X))
    return model, tiny(numeric_rows(rng, X, model))


@lgb_case("zeros")
def _(rng):
    X = rng.normal(size=(150, 4)) * (rng.random((150, 4)) < 0.6)
    model = small(lgb.LGBMRegressor).fit(X, score(rng, X) + (X[:, 0] == 0) + 2 * (X[:, 1] == 0))
    return model, tiny(numeric_rows(rng, X, model))


@lgb_case("no-missing-handling")
def _(rng):
    X = numbers(rng)
    model = small(lgb.LGBMRegressor, use_missing=False).fit(holes(rng, X), score(rng, X))
    return model, tiny(numeric_rows(rng, X, model))


@lgb_case("early-stopping")
def _(rng):
    X = numbers(rng)
    y = classes(rng, X, 3)
    model = small(lgb.LGBMClassifier, n_estimators=60, learning_rate=0.7)
    if VERSION >= (4, 0):
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], callbacks=[lgb.early_stopping(3, verbose=False)])
    else:
        model.fit(X[:90], y[:90], eval_set=[(X[90:], y[90:])], early_stopping_rounds=3, verbose=False)
    return model, numeric_rows(rng, X, model)


@lgb_case("single-leaves")
def _(rng):
    return regressor(rng, small(lgb.LGBMRegressor, min_child_samples=149))


@lgb_case("ranker")
def _(rng):
    X = numbers(rng)
    model = small(lgb.LGBMRanker).fit(X, classes(rng, X, 3), group=[30] * 5)
    return model, numeric_rows(rng, X, model)


@lgb_case("names")
def _(rng):
    X = pd.DataFrame(numbers(rng, p=4), columns=["price", "size", "city_code", "last"])
    model = small(lgb.LGBMRegressor).fit(X, score(rng, X.values))
    return model, pd.DataFrame(numeric_rows(rng, X.values, model)[:20], columns=X.columns)


@lgb_case("pipeline")
def _(rng):
    X = numbers(rng)
    model = make_pipeline(StandardScaler(), small(lgb.LGBMClassifier)).fit(X, classes(rng, X, 3))
    return model, np.vstack([X[:20], X[:4] * 1e3])


def codes(rng, n=300):
    X = np.column_stack([rng.integers(0, 9, n), rng.normal(size=n), rng.choice([0, 3, 40, 41, 300], n)]).astype(float)
    y = classes(rng, np.column_stack([X[:, 0] * 7 % 4, X[:, 1], X[:, 2] % 7]))
    return holes(rng, X, 0.08), y


def code_rows(rng, X):
    known = np.where(np.isnan(X), 2, X)
    odd = [-5.0, -1.0, -0.9, -0.0, 0.5, 3.7, 8.0, 9.0, 31.0, 32.0, 63.0, 64.0, 255.0, 256.0, 300.0, 301.0, 319.0, 320.0, 1e6, 2.0 ** 31, 1e300, 1e-40,
           np.nan, np.inf, -np.inf]
    rows = known[rng.integers(0, len(known), size=2 * len(odd))]
    rows[:len(odd), 0], rows[len(odd):, 2] = odd, odd
    return np.vstack([X[:20], rows])


for max_onehot in (1, 100):
    @lgb_case("categories-%d" % max_onehot)
    def _(rng, max_onehot=max_onehot):
        X, y = codes(rng)
        model = small(lgb.LGBMClassifier, max_cat_to_onehot=max_onehot, min_data_per_group=5, cat_smooth=1)
        return model.fit(X, y, categorical_feature=[0, 2]), code_rows(rng, X)


@lgb_case("linear-trees", since=(3, 2))
def _(rng):
    X = numbers(rng) / 1000
    model = small(lgb.LGBMRegressor, linear_tree=True).fit(X, score(rng, X))
    rows = tiny(numeric_rows(rng, X, model))
    return model, rows[np.all(np.isnan(rows) | (np.abs(rows) < 1e6), axis=1)]


def frame_of_categories(rng, n=240):
    """Two columns of categories (text, numbers) and two of numbers; the target depends on all."""
    table = pd.DataFrame({"amount": rng.normal(size=n), "city": rng.choice(["Paris", "Rome", u"S\u00e3o Paulo", "Oslo", "paris"], n),
                          "share": rng.random(n), "level": rng.choice([1, 2, 5, 10], n)})
    y = table.amount + (table.city == "Rome") - (table.level == 5) + 0.1 * rng.normal(size=n)
    return table, y


def categorical_frame(rng):
    """The rows' own categories are others than those of fit: LightGBM takes what it knows of them."""
    table, y = frame_of_categories(rng)
    rows = table.iloc[:24].copy()
    cities = list(rows["city"][:18]) + ["", "PARIS", "nan", "Rome ", None, None]
    levels = list(rows["level"][:16].astype(float)) + [3.0, 0.0, -1.0, 2.0, np.nan, 1e9, 5.0, 1.0]
    rows.iloc[3, 0] = np.nan
    for name, values in (("city", cities), ("level", levels)):
        table[name] = pd.Categorical(table[name])
        rows[name] = pd.Categorical(values, categories=sorted(set(v for v in values if v is not None and v == v)))
    return y, table, rows


@lgb_case("frame-categories")
def _(rng):
    y, table, rows = categorical_frame(rng)
    return small(lgb.LGBMRegressor, min_data_per_group=5, cat_smooth=1).fit(table, y), rows


@lgb_case("frame-categories-classifier")
def _(rng):
    y, table, rows = categorical_frame(rng)
    return small(lgb.LGBMClassifier, max_cat_to_onehot=100, min_data_per_group=5, cat_smooth=1).fit(table, y > y.median()), rows


# ---- boosters of their own ----

def booster(rng, parameters, y=None, rounds=6):
    X = numbers(rng)
    data = lgb.Dataset(holes(rng, X), label=classes(rng, X, 3) if y is None else y(rng, X))
    model = lgb.train(dict({"num_leaves": 6, "min_data_in_leaf": 5, "num_threads": 1, "verbose": -1}, **parameters), data, rounds)
    return model, numeric_rows(rng, X, model)


@lgb_case("booster-regression")
def _(rng):
    return booster(rng, {}, score)


@lgb_case("booster-multiclass")
def _(rng):
    return booster(rng, {"objective": "multiclass", "num_class": 3})


@lgb_case("booster-own-objective", since=(4, 0))
def _(rng):
    return booster(rng, {"objective": lambda preds, data: (preds - data.get_label(), np.ones_like(preds))}, score)
