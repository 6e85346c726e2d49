# SPDX-License-Identifier: Apache-2.0
"""ColumnTransformer, FeatureUnion and Pipeline in all the ways they are put together."""
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from registry import case, optional
from rows import frame, frame_rows, frame_target, holes, numbers, numeric_rows, score

ColumnTransformer, make_column_selector, make_column_transformer = optional(
    "sklearn.compose", "ColumnTransformer", "make_column_selector", "make_column_transformer")
SimpleImputer, OrdinalEncoder = optional("sklearn.impute", "SimpleImputer"), optional("sklearn.preprocessing", "OrdinalEncoder")
NUMERIC, TEXT = ["price", "share"], ["city", "colour"]


def onehot():
    return OneHotEncoder(handle_unknown="ignore")


def on_frame(rng, model, columns=None):
    table = frame(rng)
    table = table if columns is None else table[columns]
    return model.fit(table), frame_rows(rng, table)


def with_target(rng, model, binary=True):
    table = frame(rng)
    target = frame_target(rng, table)
    return model.fit(table, (target > np.median(target)).astype(int) if binary else target), frame_rows(rng, table)


def on_array(rng, model, p=6):
    X = holes(rng, numbers(rng, p=p))
    return model.fit(X), numeric_rows(rng, np.where(np.isnan(X), 0.5, X))


# ---- ColumnTransformer ----

@case("columns-names", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), NUMERIC), ("t", onehot(), TEXT)]))


@case("columns-names-out-of-order-passthrough", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), ["share", "size"])], remainder="passthrough"),
                    ["size", "price", "member", "share"])


@case("columns-plain-names", since=(1, 0))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), NUMERIC), ("t", onehot(), TEXT), ("keep", "passthrough", ["size"])],
                                           verbose_feature_names_out=False))


@case("columns-positions", since=(0, 20))
def _(rng):
    return on_array(rng, ColumnTransformer([("a", StandardScaler(), [4, 0]), ("b", MinMaxScaler(), [-1]), ("c", "drop", [1])],
                                           remainder="passthrough"))


@case("columns-slices", since=(0, 20))
def _(rng):
    return on_array(rng, ColumnTransformer([("a", StandardScaler(), slice(0, 2)), ("b", MinMaxScaler(), slice(-2, None))],
                                           remainder="passthrough"))


@case("columns-name-slice", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("a", StandardScaler(), slice("size", "price"))], remainder="drop"))


@case("columns-mask", since=(0, 20))
def _(rng):
    mask = np.array([True, False, False, True, False, True])
    return on_array(rng, ColumnTransformer([("a", StandardScaler(), mask), ("b", SimpleImputer(), [not m for m in mask])]))


@case("columns-selector", since=(0, 22))
def _(rng):
    return on_frame(rng, make_column_transformer(
        (StandardScaler(), make_column_selector(dtype_include=np.number)), (onehot(), make_column_selector(pattern="city|colour"))))


@case("columns-remainder-estimator", since=(0, 21))
def _(rng):
    return on_array(rng, ColumnTransformer([("a", "passthrough", [2])], remainder=SimpleImputer(strategy="median", add_indicator=True)))


@case("columns-overlap", since=(0, 24))
def _(rng):
    """One column to two transformers, and one to none."""
    return on_frame(rng, ColumnTransformer([("a", StandardScaler(), NUMERIC), ("b", MinMaxScaler(), ["price", "size"]),
                                            ("c", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["colour"])]))


@case("columns-weights", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), NUMERIC), ("t", onehot(), TEXT)],
                                           transformer_weights={"n": 0.3, "t": 2.5}))


@case("columns-empty-selection", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("none", StandardScaler(), []), ("n", MinMaxScaler(), NUMERIC)], remainder="drop"))


@case("columns-dense", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), NUMERIC), ("t", onehot(), TEXT)], sparse_threshold=0))


@case("columns-sparse", since=(0, 20))
def _(rng):
    return on_frame(rng, ColumnTransformer([("n", SimpleImputer(), NUMERIC), ("t", onehot(), TEXT)], sparse_threshold=1.0))


@case("columns-pandas-output", since=(1, 2))
def _(rng):
    text = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return on_frame(rng, ColumnTransformer([("n", StandardScaler(), NUMERIC), ("t", text, TEXT)],
                                           remainder="passthrough").set_output(transform="pandas"))


@case("columns-text-passthrough", since=(0, 20))
def _(rng):
    """The result mixes text and numbers."""
    return on_frame(rng, ColumnTransformer([("n", SimpleImputer(), ["price"])], remainder="passthrough"), ["city", "price", "size"])


@case("columns-nested", since=(0, 21))
def _(rng):
    inner = ColumnTransformer([("scale", StandardScaler(), [0]), ("range", MinMaxScaler(), [1])])
    number = Pipeline([("fill", SimpleImputer(strategy="median", add_indicator=True)), ("parts", inner)])
    return on_frame(rng, ColumnTransformer([("n", number, NUMERIC), ("t", make_pipeline(SimpleImputer(strategy="most_frequent"), onehot()), TEXT)]))


# ---- FeatureUnion ----

@case("union", since=(0, 21))
def _(rng):
    return on_array(rng, FeatureUnion([("s", StandardScaler()), ("m", MinMaxScaler()), ("i", SimpleImputer(add_indicator=True))]))


@case("union-weights-passthrough-drop", since=(1, 1))
def _(rng):
    return on_array(rng, FeatureUnion([("s", StandardScaler()), ("keep", "passthrough"), ("gone", "drop")],
                                      transformer_weights={"s": 10.0, "keep": 0.1}))


@case("union-sparse-and-dense", since=(0, 24))
def _(rng):
    return on_frame(rng, FeatureUnion([("t", onehot()), ("o", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1))]),
                    ["city", "colour"])


@case("union-of-old", until=(0, 23))
def _(rng):
    """None was the only way to leave a part out before 0.20."""
    X = numbers(rng)
    model = FeatureUnion([("s", StandardScaler()), ("gone", None), ("m", MinMaxScaler())], transformer_weights={"m": 3.0})
    return model.fit(X), numeric_rows(rng, X)


# ---- Pipeline ----

@case("pipeline-of-old", until=(1, 1))
def _(rng):
    X = numbers(rng)
    model = Pipeline([("a", None), ("b", StandardScaler()), ("c", MinMaxScaler()), ("d", LinearRegression())])
    return model.fit(X, score(rng, X)), numeric_rows(rng, X)


@case("pipeline-passthrough-step", since=(0, 21))
def _(rng):
    X = numbers(rng)
    model = Pipeline([("a", "passthrough"), ("b", StandardScaler()), ("c", None), ("d", LinearRegression())])
    return model.fit(X, score(rng, X)), numeric_rows(rng, X)


@case("pipeline-nested", since=(0, 20))
def _(rng):
    X = holes(rng, numbers(rng))
    inner = Pipeline([("fill", SimpleImputer()), ("scale", StandardScaler())])
    model = Pipeline([("prepare", Pipeline([("inner", inner)])), ("end", Pipeline([("model", Ridge())]))])
    return model.fit(X, score(rng, X)), numeric_rows(rng, np.where(np.isnan(X), 0.5, X))


@case("pipeline-transform-only", since=(0, 21))
def _(rng):
    return on_array(rng, make_pipeline(SimpleImputer(), MinMaxScaler(), "passthrough"))


@case("pipeline-mixed-logistic", since=(1, 1))
def _(rng):
    number = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    prepare = ColumnTransformer([("n", number, ["price", "share", "size"]), ("t", OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10), TEXT),
                                 ("b", "passthrough", ["member"])])
    return with_target(rng, make_pipeline(prepare, LogisticRegression(max_iter=500)))


@case("pipeline-mixed-forest", since=(0, 20))
def _(rng):
    prepare = ColumnTransformer([("n", SimpleImputer(), ["price", "share"]), ("t", onehot(), TEXT)], remainder="passthrough")
    return with_target(rng, make_pipeline(prepare, RandomForestClassifier(8, max_depth=5, random_state=1)))


@case("pipeline-mixed-ridge", since=(0, 20))
def _(rng):
    prepare = ColumnTransformer([("n", make_pipeline(SimpleImputer(), MinMaxScaler()), NUMERIC), ("t", onehot(), TEXT)])
    return with_target(rng, make_pipeline(prepare, Ridge()), binary=False)


@case("pipeline-union-in-columns", since=(0, 20))
def _(rng):
    both = FeatureUnion([("s", StandardScaler()), ("m", make_pipeline(SimpleImputer(), MinMaxScaler()))])
    return on_frame(rng, ColumnTransformer([("n", both, NUMERIC), ("t", onehot(), TEXT)], remainder="drop"))
