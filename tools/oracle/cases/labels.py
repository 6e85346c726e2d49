# SPDX-License-Identifier: Apache-2.0
"""LabelEncoder and LabelBinarizer, on one column; TargetEncoder."""
import numpy as np
import pandas as pd
from sklearn import preprocessing

from registry import case
from rows import frame, frame_rows, frame_target, text


def texts(rng, model):
    column = text(rng, 90)
    rows = list(column[:20]) + ["", "PARIS", "never seen", "Paris "]
    return model.fit(column.tolist()), pd.DataFrame({"label": pd.Series(rows, dtype=object)})


def numbers(rng, model, labels, strangers):
    y = np.array(labels)[rng.integers(0, len(labels), 60)]
    return model.fit(y), np.r_[y[:12], strangers].reshape(-1, 1)


@case("label-encoder-text")
def _(rng):
    return texts(rng, preprocessing.LabelEncoder())


@case("label-encoder-integers")
def _(rng):
    return numbers(rng, preprocessing.LabelEncoder(), [-3, 0, 7, 11], [1, 12, -4])


@case("label-encoder-floats")
def _(rng):
    return numbers(rng, preprocessing.LabelEncoder(), [0.5, 1.0, 2.25], [0.0, 2.0, 0.75, np.inf])


@case("label-binarizer-text")
def _(rng):
    return texts(rng, preprocessing.LabelBinarizer())


@case("label-binarizer-text-two")
def _(rng):
    rows = pd.DataFrame({"label": pd.Series(["no", "yes", "yes", "no"], dtype=object)})
    return preprocessing.LabelBinarizer(neg_label=-1, pos_label=2).fit(["no", "yes", "no"]), rows


@case("label-binarizer-integers")
def _(rng):
    return numbers(rng, preprocessing.LabelBinarizer(), [-3, 0, 7, 11], [1, 12, -4])


@case("label-binarizer-one")
def _(rng):
    return preprocessing.LabelBinarizer().fit([4, 4]), np.array([[4], [3], [4]])


@case("label-binarizer-sparse")
def _(rng):
    return numbers(rng, preprocessing.LabelBinarizer(sparse_output=True, pos_label=3), [1, 2, 3], [0, 4])


def targeted(rng, model, target, columns=("city", "colour", "size"), missing=0.0):
    table = frame(rng)
    y = target(frame_target(rng, table))
    table = table[list(columns)]
    if missing:
        table = table.copy()
        table.loc[rng.random(len(table)) < missing, "colour"] = np.nan
    return model.fit(table, y), frame_rows(rng, table)


def binary(score):
    return (score > np.median(score)).astype(int)


def several(score):
    return np.array(["low", "middle", "high"])[np.searchsorted(np.quantile(score, [0.3, 0.7]), score)]


@case("target-binary", since=(1, 3))
def _(rng):
    return targeted(rng, preprocessing.TargetEncoder(random_state=0), binary)


@case("target-continuous", since=(1, 3))
def _(rng):
    return targeted(rng, preprocessing.TargetEncoder(random_state=0, smooth=3.0), lambda score: score)


@case("target-multiclass", since=(1, 4))
def _(rng):
    return targeted(rng, preprocessing.TargetEncoder(random_state=0), several)


@case("target-missing", since=(1, 3))
def _(rng):
    return targeted(rng, preprocessing.TargetEncoder(random_state=0), binary, missing=0.2)


@case("target-numbers", since=(1, 3))
def _(rng):
    X = np.column_stack([rng.integers(0, 5, 120).astype(float), rng.integers(0, 3, 120)])
    X[::9, 0] = np.nan
    rows = np.array([[0, 1], [4, 2], [5, 0], [0.5, 1], [np.nan, 2], [1, np.nan], [np.inf, 0], [-0.0, 1]])
    return preprocessing.TargetEncoder(random_state=0).fit(X, rng.integers(0, 2, 120)), rows
