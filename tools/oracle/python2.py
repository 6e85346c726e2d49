# SPDX-License-Identifier: Apache-2.0
"""Fits one model under Python 2.7 and writes it as that Python does; see cases/python2.py, which asks for it.

    python2.py CASE FOLDER WRITER PROTOCOL      WRITER: pickle, joblib or sklearn.externals.joblib

FOLDER gets the model, a twin of it as a pickle that Python 3 can read, the rows (.npy, or .csv for tables) and what each method
answers them.  This is the only code of the oracle that runs under Python 2.  Its texts are str, which are bytes there.
"""
from __future__ import print_function

import importlib
import io
import os
import pickle
import sys
import warnings
import zlib

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

METHODS = ("predict", "predict_proba", "decision_function", "transform")


def numbers(rng, n=120):
    X = np.column_stack([np.round(rng.gamma(2, 20, n), 2), rng.poisson(3, n), rng.normal(0, 1, n), rng.random_sample(n) / 3])
    return X, X[:, 0] / 40 + X[:, 2] + 0.3 * rng.normal(0, 1, n)


def classes(score, labels):
    cuts = np.percentile(score, [100. * k / len(labels) for k in range(1, len(labels))])
    return np.asarray(labels)[np.searchsorted(cuts, score)]


def classified(model, labels):
    def make(rng):
        X, score = numbers(rng)
        return model.fit(X, classes(score, labels)), X[:40]
    return make


def regressed(model):
    def make(rng):
        X, score = numbers(rng)
        return model.fit(X, score), X[:40]
    return make


def transformed(model, missing=False):
    def make(rng):
        X, _ = numbers(rng)
        if missing:
            X[rng.random_sample(X.shape) < 0.2] = np.nan
        return model.fit(X), X[:40]
    return make


def table(rng, n=150):
    city = np.array(["Paris", "Oslo", "New York", "a, b"], dtype=object)[rng.randint(0, 4, n)]
    place = np.array([u"S\xe3o Paulo", u"\u6771\u4eac", u"Paris"], dtype=object)[rng.randint(0, 3, n)]
    price = np.round(rng.gamma(2, 20, n), 2)
    return pd.DataFrame({"city": city, "place": place, "price": price, "size": rng.randint(0, 5, n)},
                        columns=["city", "place", "price", "size"])


def on_table(model, columns=None, target=False):
    def make(rng):
        rows = table(rng)
        rows = rows[columns] if columns else rows
        y = (rows["price"] > 30).astype(int) if target else None
        fitted = model.fit(rows, y) if target else model.fit(rows)
        return fitted, rows.iloc[:40]
    return make


def mixed():
    text = OneHotEncoder(handle_unknown="ignore", categories="auto")
    return ColumnTransformer([("number", StandardScaler(), ["price", "size"]), ("text", text, ["city", "place"])])


CASES = {
    "tree": classified(DecisionTreeClassifier(max_depth=4, random_state=0), ["no", "yes", "zz"]),
    "tree-unicode": classified(DecisionTreeClassifier(max_depth=3, random_state=0), [u"\xe9t\xe9", u"no"]),
    "tree-regression": regressed(DecisionTreeRegressor(max_depth=4, random_state=0)),
    "forest": classified(RandomForestClassifier(5, max_depth=4, random_state=0), [0, 1, 2]),
    "forest-long": classified(RandomForestClassifier(3, max_depth=3, random_state=0), [1, 2 ** 40]),
    "boosting": classified(GradientBoostingClassifier(n_estimators=5, random_state=0), ["a", "b"]),
    "boosting-regression": regressed(GradientBoostingRegressor(n_estimators=5, random_state=0)),
    "logistic": classified(LogisticRegression(solver="lbfgs"), ["no", "yes"]),
    "linear": regressed(LinearRegression()),
    "scaled-logistic": classified(make_pipeline(StandardScaler(), LogisticRegression(solver="liblinear")), ["no", "yes"]),
    "standard": transformed(StandardScaler()),
    "union": transformed(FeatureUnion([("s", StandardScaler()), ("m", MinMaxScaler())])),
    "imputer": transformed(SimpleImputer(strategy="median"), missing=True),
    "onehot": on_table(OneHotEncoder(handle_unknown="ignore", categories="auto"), ["city"]),
    "ordinal": on_table(OrdinalEncoder(), ["city"]),
    "columns": on_table(mixed()),
    "pipeline": on_table(Pipeline([("prepare", mixed()), ("model", LogisticRegression(solver="lbfgs"))]), target=True),
}


def write(folder, model, writer, protocol):
    if writer == "pickle":
        with open(os.path.join(folder, "model.pkl"), "wb") as file:
            pickle.dump(model, file, protocol)
    else:
        importlib.import_module(writer).dump(model, os.path.join(folder, "model.joblib"), compress=3 if protocol == 1 else 0)
    with open(os.path.join(folder, "twin.pkl"), "wb") as file:
        pickle.dump(model, file, 2)


def write_rows(folder, rows):
    if not isinstance(rows, pd.DataFrame):
        np.save(os.path.join(folder, "rows.npy"), rows)
        return
    with io.open(os.path.join(folder, "rows.csv"), "wb") as file:
        rows.to_csv(file, index=False, encoding="utf-8")


def main(case, folder, writer, protocol):
    warnings.simplefilter("ignore")
    rng = np.random.RandomState(zlib.crc32(case.encode("ascii")) & 0xffffffff)
    model, rows = CASES[case](rng)
    write(folder, model, writer, int(protocol))
    write_rows(folder, rows)
    for method in METHODS:
        if hasattr(model, method):
            answer = getattr(model, method)(rows)
            np.save(os.path.join(folder, method + ".npy"), answer.toarray() if hasattr(answer, "toarray") else answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
