# SPDX-License-Identifier: Apache-2.0
"""One-hot and ordinal encoders: every kind of category, every way with the unknown, infrequent categories."""
import inspect

import numpy as np
import pandas as pd
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder

from registry import case, optional
from rows import CITIES, STRANGERS, frame, frame_rows, text

OrdinalEncoder = optional("sklearn.preprocessing", "OrdinalEncoder")
DENSE = {"sparse_output": False} if "sparse_output" in inspect.signature(OneHotEncoder).parameters else {"sparse": False}
TEXT = ["city", "colour"]


def on_frame(rng, encoder, columns=TEXT, missing_text=0.0, rows=None):
    table = frame(rng)[columns]
    for c in [c for c in columns if table[c].dtype == object]:
        table.loc[rng.random(len(table)) < missing_text, c] = np.nan
    return encoder.fit(table), frame_rows(rng, table)


def on_numbers(rng, encoder, dtype=np.float64, missing=False):
    X = np.column_stack([rng.integers(-2, 4, 120), rng.choice([0.5, 0.1 + 0.2, 1e20, -7.25], 120)])
    rows = np.vstack([X[:25], [[v, 0.5] for v in (9, -0.0, 2.0, 2.0000000000000004, 1e300)],
                      [[1, v] for v in (0.3, 0.30000000000000004, 1e20, -1e20, 5e-324, 1.5)]])
    if np.issubdtype(dtype, np.integer):
        return encoder.fit(X.clip(-9, 9).astype(dtype)), np.vstack([rows.clip(-9, 9).astype(dtype), [[2 ** 40, 1]]])
    if missing:
        X[::7, 0], rows[::5, 0], rows[2::9, 1] = np.nan, np.nan, np.nan
    return encoder.fit(X.astype(dtype)), rows.astype(dtype)


# ---- one-hot ----

@case("onehot-error", since=(0, 20))
def _(rng):
    return on_frame(rng, OneHotEncoder())


@case("onehot-ignore", since=(0, 20))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="ignore"))


@case("onehot-ignore-dense-float32", since=(0, 20))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="ignore", dtype=np.float32, **DENSE))


@case("onehot-warn", since=(1, 6))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="warn", min_frequency=20))


@case("onehot-infrequent-frequency", since=(1, 1))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=15))


@case("onehot-infrequent-share", since=(1, 1))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=0.12), missing_text=0.1)


@case("onehot-infrequent-count", since=(1, 1))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=4, drop="first"))


@case("onehot-infrequent-none", since=(1, 1))
def _(rng):
    """Nothing is infrequent: an unknown value is all zeros."""
    return on_frame(rng, OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=1))


@case("onehot-infrequent-error", since=(1, 1))
def _(rng):
    return on_frame(rng, OneHotEncoder(min_frequency=15))


@case("onehot-infrequent-drop-binary", since=(1, 1))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="ignore", max_categories=2, drop="if_binary"), TEXT + ["member"])


@case("onehot-drop-first", since=(0, 21))
def _(rng):
    return on_frame(rng, OneHotEncoder(drop="first", **DENSE))


@case("onehot-drop-first-ignore", since=(1, 0))
def _(rng):
    return on_frame(rng, OneHotEncoder(drop="first", handle_unknown="ignore"))


@case("onehot-drop-if-binary", since=(0, 23))
def _(rng):
    return on_frame(rng, OneHotEncoder(drop="if_binary"), ["colour", "member", "size"])


@case("onehot-drop-chosen", since=(1, 0))
def _(rng):
    return on_frame(rng, OneHotEncoder(drop=["São Paulo", "green"], handle_unknown="ignore"))


@case("onehot-floats", since=(0, 24))
def _(rng):
    return on_numbers(rng, OneHotEncoder(handle_unknown="ignore"), missing=True)


@case("onehot-floats-error", since=(0, 20))
def _(rng):
    return on_numbers(rng, OneHotEncoder(categories="auto"))


@case("onehot-float32", since=(0, 20))
def _(rng):
    return on_numbers(rng, OneHotEncoder(handle_unknown="ignore"), np.float32)


@case("onehot-integers", since=(0, 20))
def _(rng):
    return on_numbers(rng, OneHotEncoder(handle_unknown="ignore"), np.int64)


@case("onehot-text-with-nan", since=(0, 24))
def _(rng):
    return on_frame(rng, OneHotEncoder(handle_unknown="ignore"), missing_text=0.15)


@case("onehot-text-with-none", since=(0, 24))
def _(rng):
    table = pd.DataFrame({"a": text(rng, 120, missing=0.2, missing_value=None), "b": text(rng, 120, ["u", "v"])})
    rows = pd.concat([table.iloc[:30], pd.DataFrame({"a": pd.Series(STRANGERS, dtype=object), "b": "u"})], ignore_index=True)
    return OneHotEncoder(handle_unknown="ignore").fit(table), rows.astype(object)


def none_and_nan(rng):
    """A column with both None and NaN; a table's missing value is then NaN."""
    column = text(rng, 150, missing=0.2, missing_value=None)
    column[rng.random(150) < 0.1] = np.nan
    table = pd.DataFrame({"a": column, "b": text(rng, 150, ["u", "v"])})
    return table, table[[v is not None for v in table.a]].iloc[:35]


@case("onehot-text-with-none-and-nan", since=(0, 24))
def _(rng):
    table, rows = none_and_nan(rng)
    return OneHotEncoder(handle_unknown="ignore").fit(table), rows


@case("ordinal-text-with-none-and-nan", since=(1, 1))
def _(rng):
    table, rows = none_and_nan(rng)
    return OrdinalEncoder(encoded_missing_value=-5).fit(table), rows


@case("onehot-string-dtype", since=(1, 9))
def _(rng):
    """pandas 3 keeps text in a type of its own; missing is NaN there."""
    table = pd.DataFrame({"a": text(rng, 120, missing=0.2), "b": text(rng, 120, ["u", "v"])}).astype("str")
    rows = pd.concat([table.iloc[:30], pd.DataFrame({"a": STRANGERS, "b": "u"}).astype("str")], ignore_index=True)
    return OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=8).fit(table), rows


@case("onehot-unicode-array", since=(0, 20))
def _(rng):
    """Categories of a fixed width; longer values must not be cut to it."""
    values = np.array(["a", "ab", "abc", "é", "日本"])
    rows = np.array([["abcd", "a"], ["ab", "日本語"], ["a", "e\u0301"], ["é", "abc"]] + [[v, v] for v in values])
    return OneHotEncoder(handle_unknown="ignore").fit(values[rng.integers(5, size=(80, 2))]), rows


@case("onehot-given-categories", since=(0, 20))
def _(rng):
    encoder = OneHotEncoder(categories=[sorted(CITIES) + ["zz"], ["blue", "green", "red", "ultramarine", "white"]],
                            handle_unknown="ignore")
    return on_frame(rng, encoder)


@case("onehot-names-combined", since=(1, 3))
def _(rng):
    return on_frame(rng, OneHotEncoder(feature_name_combiner="concat"), ["member", "size"])


@case("onehot-objects-mixed-columns", since=(0, 20))
def _(rng):
    """An object array without names: numbers, texts and booleans."""
    X = frame(rng)[["city", "size", "member"]].values.astype(object)
    rows = X[:30].copy()
    rows[3, 1], rows[4, 0], rows[5, 1] = 77, "Atlantis", -1
    return OneHotEncoder(handle_unknown="ignore").fit(X), rows


# ---- one-hot of whole numbers: all there was before 0.20, and legacy mode of 0.20 and 0.21 ----

def whole(rng, n=120):
    return np.column_stack([rng.integers(0, 4, n), rng.choice([0, 2, 7], n), np.round(rng.normal(0, 3, n), 1),
                            rng.integers(1, 3, n)]).astype(float)


def on_whole(rng, encoder, columns=(0, 1, 3)):
    X = whole(rng)[:, list(columns)]
    odd = [0.5, 0.999, -0.5, -0.999, -1.0, 3.7, 4.0, 1.0, 8.0, 1e6, 1e18, 1e19, 1e300, -1e19, np.nan, np.inf, -0.0]
    rows = X[rng.integers(len(X), size=2 * len(odd))]
    rows[:len(odd), 0], rows[len(odd):, 1] = odd, odd
    return encoder.fit(X), np.vstack([X[:20], rows])


@case("onehot-legacy", until=(0, 21))
def _(rng):
    return on_whole(rng, OneHotEncoder())


@case("onehot-legacy-ignore", until=(0, 19))
def _(rng):
    return on_whole(rng, OneHotEncoder(handle_unknown="ignore"))


@case("onehot-legacy-values", until=(0, 21))
def _(rng):
    return on_whole(rng, OneHotEncoder(n_values=9, handle_unknown="ignore", sparse=False))


@case("onehot-legacy-values-each", until=(0, 21))
def _(rng):
    return on_whole(rng, OneHotEncoder(n_values=[4, 8, 5]))


@case("onehot-legacy-mask", until=(0, 21))
def _(rng):
    mask = np.array([True, False, False, True])
    return on_whole(rng, OneHotEncoder(categorical_features=mask, handle_unknown="ignore"), range(4))


@case("onehot-legacy-mask-float32", until=(0, 21))
def _(rng):
    mask = np.array([True, True, False, True])
    return on_whole(rng, OneHotEncoder(categorical_features=mask, handle_unknown="ignore", dtype=np.float32, sparse=False), range(4))


@case("onehot-legacy-positions", until=(0, 21))
def _(rng):
    """The file does not say how many columns there are: the scaler ahead of it does."""
    model = make_pipeline(MinMaxScaler((0, 3)), OneHotEncoder(categorical_features=[3, 0], handle_unknown="ignore"))
    X = whole(rng)
    return model.fit(X), X[:40]


# ---- ordinal ----

@case("ordinal-error", since=(0, 20))
def _(rng):
    return on_frame(rng, OrdinalEncoder())


@case("ordinal-minus-one", since=(0, 24))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.int64))


@case("ordinal-nan", since=(1, 0))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), missing_text=0.1)


@case("ordinal-missing-value", since=(1, 1))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
                    missing_text=0.2)


@case("ordinal-missing-unseen", since=(1, 1))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2))


@case("ordinal-infrequent", since=(1, 3))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=15))


@case("ordinal-infrequent-count", since=(1, 3))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, max_categories=3,
                                        encoded_missing_value=-1), missing_text=0.15)


@case("ordinal-floats", since=(1, 0))
def _(rng):
    return on_numbers(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=99), missing=True)


@case("ordinal-integers-float32", since=(0, 24))
def _(rng):
    return on_numbers(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.float32), np.int64)


@case("ordinal-booleans-and-numbers", since=(0, 24))
def _(rng):
    return on_frame(rng, OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["member", "size"])


@case("ordinal-pandas-output", since=(1, 2))
def _(rng):
    return on_frame(rng, OrdinalEncoder().set_output(transform="pandas"))
