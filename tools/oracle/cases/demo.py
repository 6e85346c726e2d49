# SPDX-License-Identifier: Apache-2.0
"""The demo's two pipelines in small, so that every version proves them."""
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from registry import case, optional
from rows import score, text

ColumnTransformer, OrdinalEncoder = optional("sklearn.compose", "ColumnTransformer"), optional("sklearn.preprocessing", "OrdinalEncoder")
SimpleImputer = optional("sklearn.impute", "SimpleImputer")
HistGradientBoostingClassifier = optional("sklearn.ensemble", "HistGradientBoostingClassifier")
NUMBERS, CATEGORIES = ["sched_minute", "temp", "wind_gust", "recent_delay"], ["carrier", "dest"]


def flights(rng, n=400):
    table = pd.DataFrame({
        "carrier": text(rng, n, ["UA", "B6", "EV", "DL", "AA", "HA"]), "dest": text(rng, n, ["ATL", "ORD", "LAX", "BOS", "SFO", "JAC"]),
        "sched_minute": rng.integers(300, 1439, n), "temp": np.round(rng.normal(55, 18, n), 2),
        "wind_gust": np.where(rng.random(n) < 0.7, np.nan, np.round(rng.gamma(9, 3, n), 2)),
        "recent_delay": np.where(rng.random(n) < 0.1, np.nan, np.round(rng.normal(12, 20, n), 2))})
    s = score(rng, table[NUMBERS].values.astype(float))
    return table, (s > np.quantile(s, 0.8)).astype(int)


def rows_of(rng, table):
    rows = table.iloc[:40].copy()
    for k, (column, value) in enumerate([("carrier", "ZZ"), ("dest", "東京"), ("carrier", np.nan), ("temp", np.nan), ("wind_gust", np.inf),
                                         ("recent_delay", -0.0), ("temp", 1e308), ("sched_minute", -5)]):
        rows.iloc[k, rows.columns.get_loc(column)] = value
    return rows


@case("demo-linear", since=(1, 1))
def _(rng):
    table, y = flights(rng)
    number = Pipeline([("impute", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())])
    category = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=40)
    prepare = ColumnTransformer([("number", number, NUMBERS), ("category", category, CATEGORIES)])
    model = Pipeline([("prepare", prepare), ("model", LogisticRegression(C=1.0, max_iter=2000))])
    return model.fit(table, y), rows_of(rng, table)


@case("demo-boosted", since=(1, 0))
def _(rng):
    table, y = flights(rng)
    category = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    prepare = ColumnTransformer([("category", category, CATEGORIES), ("number", "passthrough", NUMBERS)])
    booster = HistGradientBoostingClassifier(max_iter=15, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=10,
                                             categorical_features=[0, 1], early_stopping=False, random_state=0)
    return Pipeline([("prepare", prepare), ("model", booster)]).fit(table, y), rows_of(rng, table)
