# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd

from registry import case, optional
from rows import frame, frame_rows, holes, numbers, numeric_rows

SimpleImputer, Imputer = optional("sklearn.impute", "SimpleImputer"), optional("sklearn.preprocessing", "Imputer")


def numeric(rng, empty=False, dtype=np.float64, **parameters):
    X = holes(rng, numbers(rng, p=5))
    X[::3, 1] = np.round(X[::3, 1])
    if empty:
        X[:, 2] = np.nan
    X = X.astype(dtype)
    model = SimpleImputer(**parameters).fit(X)
    return model, numeric_rows(rng, np.where(np.isnan(X), 1.5, X), dtype=dtype)


@case("imputer-mean", since=(0, 20))
def _(rng):
    return numeric(rng)


@case("imputer-mean-empty-column", since=(0, 20))
def _(rng):
    return numeric(rng, empty=True)


@case("imputer-median-indicator", since=(0, 21))
def _(rng):
    return numeric(rng, strategy="median", add_indicator=True)


@case("imputer-most-frequent", since=(0, 20))
def _(rng):
    return numeric(rng, strategy="most_frequent")


@case("imputer-constant", since=(0, 20))
def _(rng):
    return numeric(rng, empty=True, strategy="constant", fill_value=-7.5)


@case("imputer-keep-empty", since=(1, 2))
def _(rng):
    return numeric(rng, empty=True, keep_empty_features=True, add_indicator=True)


@case("imputer-keep-empty-median", since=(1, 2))
def _(rng):
    return numeric(rng, empty=True, keep_empty_features=True, strategy="median")


@case("imputer-float32", since=(0, 20))
def _(rng):
    return numeric(rng, dtype=np.float32)


@case("imputer-minus-one", since=(0, 21))
def _(rng):
    X = rng.integers(-1, 9, (100, 4))
    return SimpleImputer(missing_values=-1, strategy="median", add_indicator=True).fit(X), rng.integers(-2, 12, (40, 4))


@case("imputer-zero-is-missing", since=(0, 20))
def _(rng):
    X = np.where(rng.random((100, 3)) < 0.3, 0.0, numbers(rng, 100, 3))
    return SimpleImputer(missing_values=0, strategy="mean").fit(X), np.vstack([X[:30], -X[:6]])


def with_names(rng, columns, **parameters):
    table = frame(rng, missing=0.2)[columns]
    for c in columns:
        if table[c].dtype == object:
            table.loc[rng.random(len(table)) < 0.2, c] = np.nan
    return SimpleImputer(**parameters).fit(table), frame_rows(rng, table)


@case("imputer-text", since=(0, 20))
def _(rng):
    return with_names(rng, ["city", "colour"], strategy="most_frequent")


@case("imputer-text-constant", since=(0, 21))
def _(rng):
    return with_names(rng, ["city", "colour"], strategy="constant", fill_value="unknown", add_indicator=True)


@case("imputer-frame", since=(0, 21))
def _(rng):
    return with_names(rng, ["price", "size", "share"], strategy="median", add_indicator=True)


@case("imputer-pandas-output", since=(1, 2))
def _(rng):
    table = frame(rng, missing=0.2)[["price", "share"]]
    model = SimpleImputer(add_indicator=True).set_output(transform="pandas").fit(table)
    return model, frame_rows(rng, table)


@case("imputer-indicator-unseen-missing", since=(0, 21))
def _(rng):
    """Missing only while predicting: the indicator has no column for it."""
    table = pd.DataFrame({"a": np.r_[np.nan, rng.normal(size=60)], "b": rng.normal(size=61)})
    rows = table.iloc[:30].copy()
    rows.loc[3:9, "b"] = np.nan
    return SimpleImputer(add_indicator=True).fit(table), rows


# ---- Imputer, until 0.21 ----

def old(rng, empty=False, dtype=np.float64, **parameters):
    X = holes(rng, numbers(rng, p=5))
    X[::3, 1] = np.round(X[::3, 1])
    if empty:
        X[:, 2] = np.nan
    X = X.astype(dtype)
    return Imputer(**parameters).fit(X), numeric_rows(rng, np.where(np.isnan(X), 1.5, X), dtype=dtype)


@case("old-imputer", until=(0, 21))
def _(rng):
    return old(rng)


@case("old-imputer-median-empty-column", until=(0, 21))
def _(rng):
    return old(rng, empty=True, strategy="median")


@case("old-imputer-most-frequent-float32", until=(0, 21))
def _(rng):
    return old(rng, dtype=np.float32, strategy="most_frequent")


@case("old-imputer-zero-is-missing", until=(0, 21))
def _(rng):
    X = np.where(rng.random((100, 3)) < 0.3, 0.0, numbers(rng, 100, 3))
    return Imputer(missing_values=0).fit(X), np.vstack([X[:30], -X[:6]])
