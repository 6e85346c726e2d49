# SPDX-License-Identifier: Apache-2.0
"""Every class of sklearn2pmml's own that frames.py has no case of, each where a release has it, under trees, whose answers are
bit-equal, or alone."""
import inspect

import numpy as np
import pandas as pd
import sklearn2pmml
from mapped import FORKED, DataFrameMapper, PMMLPipeline, fitted, on_mapper, rows, table, target, text_steps, tree
from sklearn.feature_selection import SelectFromModel, SelectKBest, VarianceThreshold, f_classif
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn2pmml import decoration as deco
from sklearn2pmml import preprocessing as pre

from registry import case, optional
from rows import frame, frame_rows

NUMBERS = ["size", "price", "share"]
Slicer = optional("sklearn2pmml.util", "Slicer")
SelectUnique = optional("sklearn2pmml.feature_selection", "SelectUnique")


def has(*names):
    return all(hasattr(deco, name) or hasattr(pre, name) for name in names)


def numbers(rng):
    """A table of numbers without holes, its target, and rows that fit has not seen."""
    data = frame(rng, 150, 0)[NUMBERS].astype(float)
    y = target(rng, data.assign(city="Paris"))
    given = data.iloc[:30].reset_index(drop=True) if FORKED else frame_rows(rng, data, ordinary=24, strangers=[]).dropna().reset_index(drop=True)
    return data, y, given


def modest(given):
    """Without what overflows."""
    return given[(given.abs() < 1e30).all(axis=1)].reset_index(drop=True)


# ---- selectors ----

def on_selector(rng, selector):
    data, y, given = numbers(rng)
    proxy = sklearn2pmml.SelectorProxy(selector.fit(data.values, y))
    steps = [("selector", proxy), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
    return PMMLPipeline(steps).fit(data.values, y), given.values


@case("selector-best")
def _(rng):
    return on_selector(rng, SelectKBest(f_classif, k=2))


@case("selector-variance")
def _(rng):
    return on_selector(rng, VarianceThreshold(0.5))


@case("selector-from-model")
def _(rng):
    return on_selector(rng, SelectFromModel(DecisionTreeClassifier(max_depth=3, random_state=1), threshold=0.2))


@case("selector-in-mapper")
def _(rng):
    features = [(["colour"], [deco.CategoricalDomain(), text_steps(), sklearn2pmml.SelectorProxy(SelectKBest(f_classif, k=2))]), (["size"], None)]
    return on_mapper(rng, features, missing=0)


if SelectUnique:
    @case("selector-unique")
    def _(rng):
        data, y, given = numbers(rng)
        twice = lambda values: np.column_stack([values, values[:, 1], values[:, 0] + 1])
        steps = [("selector", SelectUnique()), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
        return PMMLPipeline(steps).fit(twice(data.values), y), twice(given.values)


# ---- numbers to numbers ----

def powers(data, power):
    """In a pipeline, which says its version."""
    return Pipeline([("all", VarianceThreshold()), ("power", pre.PowerFunctionTransformer(power))]).fit(data.values)


for POWER in (2, 3, 5):
    @case("power-%d" % POWER)
    def _(rng, power=POWER):
        data, y, given = numbers(rng)
        return powers(data, power), modest(given).values


@case("power-single")
def _(rng):
    data, y, given = numbers(rng)
    return powers(data, 2), modest(given).values.astype(np.float32)


@case("power-in-union")
def _(rng):
    data, y, given = numbers(rng)
    union = FeatureUnion([("linear", VarianceThreshold()), ("square", pre.PowerFunctionTransformer(2)), ("cube", pre.PowerFunctionTransformer(3))])
    steps = [("union", union), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
    return PMMLPipeline(steps).fit(data.values, y), modest(given).values


# ---- through to what stands inside ----

if has("MultiAlias"):
    @case("alias-of-many")
    def _(rng):
        data, y, given = numbers(rng)
        steps = [("scaler", deco.MultiAlias(StandardScaler(), names=["a", "b", "c"], prefit=False)),
                 ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
        return PMMLPipeline(steps).fit(data, y), given

    @case("alias-of-fitted", since=(1, 3))
    def _(rng):
        data, y, given = numbers(rng)
        return deco.MultiAlias(StandardScaler().fit(data), names=["a", "b", "c"], prefit=True), given

if has("IdentityTransformer"):
    @case("identity")
    def _(rng):
        data, y, given = numbers(rng)
        steps = [("same", pre.IdentityTransformer()), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
        return PMMLPipeline(steps).fit(data, y), given

if Slicer:
    for LIMITS in ((None, None, None), (1, None, None), (None, -1, None), (None, None, 2), (-2, 9, 1)):
        @case("slicer-" + "-".join(map(str, LIMITS)))
        def _(rng, limits=LIMITS):
            data, y, given = numbers(rng)
            steps = [("columns", Slicer(*limits)), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
            return PMMLPipeline(steps).fit(data, y), given

if has("ContinuousDomainEraser"):
    @case("erasers")
    def _(rng):
        features = [(["price", "share"], [deco.ContinuousDomain(), deco.ContinuousDomainEraser()]),
                    (["size"], [deco.CategoricalDomain(), deco.DiscreteDomainEraser()]),
                    (["colour"], [deco.CategoricalDomain(), deco.DomainEraser(), text_steps()])]
        return on_mapper(rng, features, missing=0)

if has("DataFrameConstructor"):
    @case("frame-constructor")
    def _(rng):
        data, y, given = numbers(rng)
        steps = [("scaler", StandardScaler()), ("frame", pre.DataFrameConstructor(["a", "b", "c"], np.float64)),
                 ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
        return PMMLPipeline(steps).fit(data.values, y), given.values

if has("SeriesConstructor"):
    @case("series-constructor")
    def _(rng):
        features = [(["price"], [deco.ContinuousDomain(), pre.SeriesConstructor("cost", np.float64)]), (["size"], None)]
        return on_mapper(rng, features, missing=0)


# ---- categories ----

@case("label-encoder")
def _(rng):
    features = [(["colour"], [deco.CategoricalDomain(), pre.PMMLLabelEncoder()]), (["size"], [deco.CategoricalDomain(), pre.PMMLLabelEncoder()])]
    return on_mapper(rng, features, missing=0)


@case("label-encoder-missing")
def _(rng):
    data = table(rng, 0)
    y = target(rng, data)
    data.loc[rng.random(len(data)) < 0.2, "colour"] = None
    mapper = DataFrameMapper([(["colour"], pre.PMMLLabelEncoder(missing_values=-1)), (["price"], None)])
    given = data.iloc[:40].reset_index(drop=True)
    return PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y), given


if has("OrdinalDomain"):
    @case("ordinal-domain")
    def _(rng):
        features = [(["size"], deco.OrdinalDomain()), (["colour"], [deco.OrdinalDomain(invalid_value_treatment="as_is", with_data=True), pre.PMMLLabelBinarizer()])]
        return on_mapper(rng, features, missing=0, strangers=())


@case("lookup")
def _(rng):
    sizes = {0: 0.5, 1: 0.25, 2: 4.0, 3: -1.0}
    warmth = {"red": "warm", "green": "cold", "blue": "cold", "ultramarine": "cold"}
    features = [(["size"], pre.LookupTransformer(sizes, 9.0)), (["colour"], [pre.LookupTransformer(warmth, "warm"), text_steps()])]
    return on_mapper(rng, features, missing=0)


if "dtype" in inspect.signature(pre.LookupTransformer).parameters:  # then a missing value stays missing, and the file says so
    @case("lookup-missing")
    def _(rng):
        model, given = on_mapper(rng, [(["size"], pre.LookupTransformer({0: 0.5, 1: 0.25, 2: 4.0, 3: -1.0}, 9.0)), (["price"], None)], missing=0)
        return model, given.assign(size=given["size"].where(np.arange(len(given)) % 3 > 0))


@case("lookup-many")
def _(rng):
    pairs = {("red", "Paris"): 1.0, ("green", "Paris"): 2.5, ("blue", "New York"): -4.0, ("ultramarine", "paris"): 7.0}
    return on_mapper(rng, [(["colour", "city"], pre.MultiLookupTransformer(pairs, 0.5)), (["price"], None)], missing=0)


if has("FilterLookupTransformer"):
    @case("lookup-filter")
    def _(rng):
        features = [(["colour"], [deco.CategoricalDomain(), pre.FilterLookupTransformer({"ultramarine": "blue", "red": "green"}), text_steps()]),
                    (["price"], None)]
        return on_mapper(rng, features, missing=0)


# ---- texts ----

@case("normalizer")
def _(rng):
    features = [(["colour"], [deco.CategoricalDomain(), pre.StringNormalizer("uppercase"), text_steps()]),
                (["city"], [deco.CategoricalDomain(), pre.StringNormalizer("lowercase"), text_steps()])]
    return on_mapper(rng, features, missing=0)


def texts(rng, steps):
    """One column of text, and a number of it."""
    data = table(rng, 0)[["city", "price"]]
    y = target(rng, data.assign(size=1, share=0.5, colour="red"))
    mapper = DataFrameMapper([(["city"], steps), (["price"], None)])
    given = frame_rows(rng, data, ordinary=24, strangers=["a b c", "a-b_c, 1.5", "...", "x"])
    return PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y), given.dropna().reset_index(drop=True)


if has("WordCountTransformer"):
    @case("word-count")
    def _(rng):
        return texts(rng, [pre.WordCountTransformer()])

    @case("word-count-pattern")
    def _(rng):
        return texts(rng, [pre.WordCountTransformer(word_pattern="[a-z]+", non_word_pattern="[^0-9]+")])

if has("StringLengthTransformer"):
    @case("text-length")
    def _(rng):
        return texts(rng, [pre.StringLengthTransformer()])


# ---- times ----

DAYS = ["1990-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "1960-06-05", "2038-01-19"]
TIMES = ["1990-01-01T00:00:00", "1999-12-31T23:59:59", "2000-02-29T12:30:01", "1960-06-05T07:08:09", "2038-01-19T03:14:08"]


def dated(rng, texts, steps):
    n = 60
    data = pd.DataFrame({"when": pd.Series(np.array(texts, dtype=object)[rng.integers(0, len(texts), n)], dtype=object), "price": np.round(rng.gamma(2, 20, n), 2)})
    y = pd.Series((data.when.str[:4].astype(int) + data.price > 2030).astype(int), name="late")
    mapper = DataFrameMapper([(["when"], steps + [StandardScaler()]), (["price"], None)])
    more = pd.DataFrame({"when": pd.Series(texts, dtype=object), "price": np.arange(len(texts)) + 0.5})
    given = pd.concat([data.iloc[:20], more], ignore_index=True)
    return PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y), given


if has("DateDomain"):
    @case("days")
    def _(rng):
        return dated(rng, DAYS, [deco.DateDomain(), pre.DaysSinceYearTransformer(1960)])

    @case("seconds")
    def _(rng):
        return dated(rng, TIMES, [deco.DateTimeDomain(), pre.SecondsSinceYearTransformer(1990)])

if has("DateTimeDomain", "SecondsSinceMidnightTransformer"):
    @case("seconds-of-day")
    def _(rng):
        return dated(rng, TIMES, [deco.DateTimeDomain(), pre.SecondsSinceMidnightTransformer()])

if has("CastTransformer"):
    @case("casts")
    def _(rng):
        features = [(["price"], [deco.ContinuousDomain(), pre.CastTransformer(int)]), (["size"], [deco.CategoricalDomain(), pre.CastTransformer(float)]),
                    (["share"], pre.CastTransformer("float64"))]
        data = table(rng, 0)
        given = rows(rng, data, ()).dropna().reset_index(drop=True)
        return fitted(rng, features, data), given[np.isfinite(given[["price", "share"]]).all(axis=1) & (given.price.abs() < 2 ** 60)].reset_index(drop=True)

if has("MultiCastTransformer"):
    @case("casts-of-many")
    def _(rng):
        data, y, given = numbers(rng)
        steps = [("cast", pre.MultiCastTransformer([int, float, float])), ("classifier", DecisionTreeClassifier(max_depth=4, random_state=0))]
        return PMMLPipeline(steps).fit(data, y), modest(given)[lambda t: t["size"].abs() < 2 ** 60].reset_index(drop=True)
