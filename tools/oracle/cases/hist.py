# SPDX-License-Identifier: Apache-2.0
"""Histogram gradient boosting: raw float64 values against thresholds, bitsets for categories, NaN to its own side."""
import numpy as np
import pandas as pd

from registry import VERSION, case, optional
from rows import classes, frame, frame_rows, frame_target, holes

from .trees import LABELS, classifier, regressor

if (0, 21) <= VERSION < (1, 0):
    optional("sklearn.experimental.enable_hist_gradient_boosting")
HistGradientBoostingClassifier, HistGradientBoostingRegressor = optional(
    "sklearn.ensemble", "HistGradientBoostingClassifier", "HistGradientBoostingRegressor")
NO_EARLY = {"early_stopping": False} if VERSION >= (0, 23) else {}

ABSOLUTE = "absolute_error" if VERSION >= (1, 0) else "least_absolute_deviation"


def hist(kind, **parameters):
    return kind(**{"max_iter": 12, "max_leaf_nodes": 8, "min_samples_leaf": 5, "random_state": 0, **NO_EARLY,
                   **parameters})


@case("hist-binary", since=(0, 21))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier))


@case("hist-binary-missing", since=(0, 22))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier), 2, ["no", "yes"], missing=True)


@case("hist-multiclass", since=(0, 22))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier, max_iter=6), 4, LABELS, missing=True)


@case("hist-balanced-no-leaf-limit", since=(1, 2))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier, class_weight="balanced", max_leaf_nodes=None, max_depth=4))


@case("hist-early-stopping", since=(0, 23))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier, early_stopping=True, validation_fraction=0.3, l2_regularization=1.0))


@case("hist-monotonic", since=(0, 23))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier, monotonic_cst=[1, 0, -1, 0, 0, 0]))


@case("hist-interactions", since=(1, 2))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier, interaction_cst=[{0, 1}, {2, 3, 4, 5}], max_bins=16))


@case("hist-float32-input", since=(0, 22))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier), missing=True, dtype=np.float32)


@case("hist-int64-input", since=(0, 21))
def _(rng):
    return classifier(rng, hist(HistGradientBoostingClassifier), dtype=np.int64)


@case("hist-regression", since=(0, 22))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor), missing=True)


@case("hist-regression-absolute", since=(0, 23))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor, loss=ABSOLUTE))


@case("hist-regression-poisson", since=(0, 23))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor, loss="poisson"), positive=True)


@case("hist-regression-gamma", since=(1, 3))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor, loss="gamma"), positive=True)


@case("hist-regression-quantile", since=(1, 1))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor, loss="quantile", quantile=0.8))


@case("hist-wide", since=(0, 21))
def _(rng):
    return regressor(rng, hist(HistGradientBoostingRegressor, max_iter=8), p=60)


def codes(rng, n=240):
    """Two columns of category codes, one number, all with holes."""
    X = np.column_stack([rng.integers(0, 9, n), rng.normal(size=n), rng.choice([0, 3, 40, 41, 250], n)]).astype(float)
    y = classes(rng, np.column_stack([X[:, 0] * 7 % 4, X[:, 1], X[:, 2] % 7]))
    return holes(rng, X, 0.08), y


def code_rows(rng, X):
    known = np.where(np.isnan(X), 2, X)
    odd = [-1.0, -0.0, 0.5, 3.7, 8.0, 9.0, 31.0, 32.0, 63.0, 64.0, 250.0, 251.0, 255.0, 256.0, 296.0, 300.5, 1e6, np.nan]
    rows = known[rng.integers(len(known), size=2 * len(odd))]
    rows[:len(odd), 0], rows[len(odd):, 2] = odd, odd
    return np.vstack([X[:20], rows])


@case("hist-categories-by-position", since=(0, 24))
def _(rng):
    X, y = codes(rng)
    return hist(HistGradientBoostingClassifier, categorical_features=[0, 2]).fit(X, y), code_rows(rng, X)


@case("hist-categories-by-mask", since=(0, 24))
def _(rng):
    X, y = codes(rng)
    model = hist(HistGradientBoostingRegressor, categorical_features=[True, False, True])
    return model.fit(X, y + np.nan_to_num(X[:, 2]) / 100), code_rows(rng, X)


@case("hist-categories-by-name", since=(1, 2))
def _(rng):
    X, y = codes(rng)
    table, rows = (pd.DataFrame(part, columns=["kind", "amount", "code"]) for part in (X, code_rows(rng, X)))
    return hist(HistGradientBoostingClassifier, categorical_features=["code", "kind"]).fit(table, y), rows


@case("hist-categories-from-dtype", since=(1, 4))
def _(rng):
    table = frame(rng)
    target = frame_target(rng, table)
    rows = frame_rows(rng, table)
    for c in ("city", "colour"):
        kinds = sorted(set(table[c]))
        table[c] = pd.Categorical(table[c], categories=kinds)
        rows[c] = pd.Categorical(rows[c], categories=kinds + sorted(set(rows[c].dropna()) - set(kinds)))
    model = hist(HistGradientBoostingClassifier, categorical_features="from_dtype")
    return model.fit(table, (target > np.median(target)).astype(int)), rows
