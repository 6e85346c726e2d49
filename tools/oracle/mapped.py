# SPDX-License-Identifier: Apache-2.0
"""Mappers, pipelines and tables for the cases with classes of sklearn2pmml and sklearn_pandas."""
import numpy as np
import pandas as pd
import sklearn2pmml
from sklearn.tree import DecisionTreeClassifier
from sklearn2pmml import preprocessing as pre

from rows import frame, frame_rows, frame_target

try:  # scikit-learn 1.7 and later lack what sklearn_pandas imports
    from sklearn2pmml.sklearn_pandas import patch_sklearn
    patch_sklearn()
except ImportError:
    pass
try:
    import sklearn_pandas
    from sklearn_pandas import DataFrameMapper
except ImportError:
    sklearn_pandas = DataFrameMapper = None
try:
    from sklearn.preprocessing import OneHotEncoder
    OneHotEncoder(handle_unknown="ignore").fit([["a"]])
except ValueError:  # takes text since 0.20
    OneHotEncoder = None

PMMLPipeline = sklearn2pmml.PMMLPipeline
KEPT = ["city", "size", "price", "colour", "share"]


def table(rng, missing=0.1):
    return frame(rng, 150, missing)[KEPT]


FORKED = [int(n) for n in sklearn2pmml.__version__.split(".")[:2]] < [0, 54]  # files of then do not say whether invalid values are refused


def rows(rng, data, strangers=("Paris ", "")):
    """Ordinary rows and rows with values that fit has not seen; no text is missing, where releases differ."""
    if FORKED:
        return data.iloc[rng.choice(len(data), 30, replace=False)].reset_index(drop=True)
    out = frame_rows(rng, data, ordinary=24, strangers=list(strangers))
    return out[out.city.notnull() & out.colour.notnull()].reset_index(drop=True)


def tree(data, k=0):
    return DecisionTreeClassifier(max_depth=4, random_state=k)


def target(rng, data):
    y = frame_target(rng, data.assign(member=False))
    return pd.Series((y > np.median(y)).astype(int), name="bought")


def fitted(rng, features, data, **options):
    mapper = DataFrameMapper(features, **options)
    y = target(rng, data)
    return PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y)


def on_mapper(rng, features, missing=0.1, strangers=("Paris ",), **options):
    data = table(rng, missing)
    return fitted(rng, features(data) if callable(features) else features, data, **options), rows(rng, data, strangers)


def text_steps():
    """Something that makes numbers of text."""
    return pre.PMMLLabelBinarizer()
