# SPDX-License-Identifier: Apache-2.0
"""Pipelines over tables as sklearn2pmml and sklearn_pandas put them together.  Their predictors are trees, whose answers are bit-equal."""
import numpy as np
import pandas as pd
import sklearn2pmml
from mapped import FORKED, DataFrameMapper, OneHotEncoder, PMMLPipeline, fitted, on_mapper, rows, sklearn_pandas, table, target, text_steps, tree
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn2pmml import decoration as deco
from sklearn2pmml import preprocessing as pre

from registry import case
from rows import frame, frame_rows

if DataFrameMapper:
    @case("mapper-domains")
    def _(rng):
        return on_mapper(rng, [(["price", "share"], deco.ContinuousDomain()), (["size"], deco.CategoricalDomain()),
                               (["city"], [deco.CategoricalDomain(), text_steps()])], missing=0)

    @case("mapper-missing-replaced")
    def _(rng):
        return on_mapper(rng, [(["price"], deco.ContinuousDomain(missing_value_treatment="as_value", missing_value_replacement=-1.5, with_data=False)),
                               (["share"], [deco.ContinuousDomain(missing_value_replacement=0.25, with_data=False), StandardScaler()]),
                               (["colour"], [deco.CategoricalDomain(with_data=False), text_steps()])], strangers=())

    @case("mapper-outliers", until=(1, 8))  # pandas 3 gives it arrays that cannot be written
    def _(rng):
        return on_mapper(rng, [(["price"], deco.ContinuousDomain(outlier_treatment="as_extreme_values", low_value=10.0, high_value=60.0, missing_value_replacement=33.0,
                                                                 with_data=False)),
                               (["share"], deco.ContinuousDomain(outlier_treatment="as_missing_values", low_value=0.1, high_value=0.9,
                                                                 missing_value_replacement=0.5, with_data=False))])

    @case("mapper-multi-domain")
    def _(rng):
        return on_mapper(rng, [(["price", "share"], [deco.MultiDomain([deco.ContinuousDomain(), deco.ContinuousDomain()]), StandardScaler()])], missing=0)

    @case("mapper-vectors-and-others", since=(0, 20))
    def _(rng):
        data = frame(rng, 150, 0)[["size", "price", "share"]]
        mapper = DataFrameMapper([("size", None), (["price"], StandardScaler(), {"alias": "cost"})], default=None)
        y = target(rng, data.assign(city="Paris"))
        return (PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y),
                frame_rows(rng, data, ordinary=24, strangers=[]).dropna().reset_index(drop=True))

    @case("mapper-transform")
    def _(rng):
        data = table(rng, 0)
        mapper = DataFrameMapper([(["price", "share"], StandardScaler()), (["city"], [deco.CategoricalDomain(), text_steps()]), (["size"], None)])
        return mapper.fit(data), rows(rng, data, ("Paris ",))

    @case("mapper-expressions")
    def _(rng):
        ratio, whole = "(X[0] / X[1]) + 0.5", "X[0] if pandas.notnull(X[0]) else -999"
        data = frame(rng, 150, 0.1)[["city", "size", "price", "colour", "share"]]
        data["share"] = data["share"].fillna(0.5) + 0.01
        given = rows(rng, data, ())
        given = given[given.share.notnull() & np.isfinite(given.share) & (given.share != 0)].reset_index(drop=True)
        features = [(["size", "share"], pre.ExpressionTransformer(ratio)), (["price"], pre.ExpressionTransformer(whole))]
        return fitted(rng, features, data), given

    @case("mapper-aggregates-and-powers")
    def _(rng):
        aggregate = getattr(pre, "Aggregator", None) or pre.AggregateTransformer
        features = [(["size", "price", "share"], aggregate(function))
                    for function in ("min", "max", "mean")]
        data = table(rng, 0)
        given = rows(rng, data, ()).dropna().reset_index(drop=True)
        return fitted(rng, features, data), given[np.isfinite(given[["price", "share"]]).all(axis=1)].reset_index(drop=True)

    @case("mapper-cuts")
    def _(rng):
        features = [(["price"], [pre.CutTransformer(bins=[0, 20, 40, 80, 400], labels=["XS", "S", "M", "L"]), text_steps()]),
                    (["share"], pre.CutTransformer(bins=[0.1, 0.4, 0.9], labels=False, right=False)),
                    (["share"], pre.CutTransformer(bins=[0.1, 0.4, 0.9], labels=False, include_lowest=False))]
        data = table(rng, 0)
        data["share"] = data["share"] * 0.75 + 0.11
        given = rows(rng, data, ())
        return fitted(rng, features, data), given[given.share.between(0.11, 0.89)].reset_index(drop=True)

    @case("mapper-lookups", since=(0, 20))
    def _(rng):
        sizes = {0: 0.5, 1: 0.25, 2: 4.0, 3: -1.0}
        pairs = {("red", 1): "a", ("green", 2): "b", ("blue", 0): "c", ("ultramarine", 5): "d"}
        features = [(["size"], pre.LookupTransformer(sizes, 9.0)),
                    (["colour"], [deco.CategoricalDomain(), pre.LookupTransformer({"red": "warm", "green": "cold", "blue": "cold"}, "other"), text_steps()]),
                    (["colour", "size"], [pre.MultiLookupTransformer(pairs, "none"), text_steps()])]
        return on_mapper(rng, features, missing=0)

    @case("mapper-alias")
    def _(rng):
        if not hasattr(deco, "Alias"):
            return on_mapper(rng, [(["price", "share"], StandardScaler())], missing=0)
        return on_mapper(rng, [(["price", "share"], deco.Alias(StandardScaler(), "scaled"))], missing=0)

    @case("mapper-imputer")
    def _(rng):
        Imputer = getattr(sklearn_pandas, "CategoricalImputer", None)
        if Imputer is None:
            return on_mapper(rng, [(["price"], deco.ContinuousDomain())], missing=0)
        data = table(rng)
        data.loc[rng.random(len(data)) < 0.1, "city"] = np.nan
        features = [(["city"], [deco.CategoricalDomain(with_data=False), Imputer(), text_steps()]),
                    (["size"], [deco.CategoricalDomain(), Imputer(missing_values=1), StandardScaler()])]
        given = rows(rng, data[data.city.notnull()], ())
        given.loc[3:5, "city"] = np.nan
        return fitted(rng, features, data), given

    if hasattr(pre, "SubstringTransformer"):
        @case("mapper-texts", since=(0, 20))
        def _(rng):
            features = [(["colour"], [deco.CategoricalDomain(), pre.SubstringTransformer(0, 2), text_steps()]),
                        (["city"], [deco.CategoricalDomain(), pre.SubstringTransformer(1, 3), text_steps()]),
                        (["colour", "city"], [deco.MultiDomain([deco.CategoricalDomain(), deco.CategoricalDomain()]), pre.ConcatTransformer("/"), text_steps()]),
                        (["colour"], [deco.CategoricalDomain(), pre.StringNormalizer("uppercase"), text_steps()])]
            return on_mapper(rng, features, missing=0)

        @case("mapper-patterns", since=(0, 20), until=(1, 7))  # later a pipeline that ends in a stateless step counts as not fitted
        def _(rng):
            features = [(["colour"], [deco.CategoricalDomain(), pre.ReplaceTransformer("[aeiou]", ""), text_steps()]),
                        (["city"], [deco.CategoricalDomain(), pre.ReplaceTransformer(r"\W+", "-"), text_steps()])]
            data = table(rng, 0)
            mapper = DataFrameMapper(features + [(["city"], [deco.CategoricalDomain(), pre.MatchesTransformer("^[Pp]aris$")])])
            y = target(rng, data)
            return PMMLPipeline([("mapper", mapper), ("classifier", tree(data))]).fit(data, y), rows(rng, data)

        if hasattr(pre, "CastTransformer") and OneHotEncoder:
            @case("mapper-casts", since=(0, 22), until=(1, 7))  # as above
            def _(rng):
                features = [(["size"], [deco.CategoricalDomain(), pre.CastTransformer(str), pre.ExpressionTransformer("'199' + X[0] + '-03-01'"),
                                        pre.CastTransformer("datetime64[D]"), pre.DaysSinceYearTransformer(1990)]),
                            (["price"], [deco.ContinuousDomain(), pre.CastTransformer(int)]),
                            (["size"], [deco.CategoricalDomain(), pre.CastTransformer(str), OneHotEncoder()])]
                data = table(rng, 0)
                given = rows(rng, data, ()).dropna().reset_index(drop=True)
                return fitted(rng, features, data), given


@case("proxies")
def _(rng):
    data = frame(rng, 150, 0)[["price", "share"]]
    y = target(rng, data.assign(city="Paris", size=1))
    proxy = sklearn2pmml.EstimatorProxy(DecisionTreeClassifier(max_depth=4, random_state=0))
    model = PMMLPipeline([("domain", deco.ContinuousDomain()), ("classifier", proxy)]).fit(data, y)
    return model, data.iloc[:30] if FORKED else frame_rows(rng, data, ordinary=24, strangers=[])


try:
    from sklearn2pmml.feature_extraction.text import Splitter
except ImportError:
    Splitter = None
try:
    from sklearn2pmml.feature_extraction.text import Matcher
except ImportError:
    Matcher = None
SAID = ["So, there is no way!", "(Good) case; excellent value.", "it's a 'quoted' word -- really?", "caf\u00e9 \u00bfqu\u00e9? \u3010\u6771\u4eac\u3011", "...", "a_b c-d e.f",
        "Great\u00a0value \u201cyes\u201d", "100% $5.00 #1"]


def vectorized(rng, tokenizer):
    from sklearn.feature_extraction.text import CountVectorizer
    documents = np.array(SAID * 3, dtype=object)
    given = np.array(SAID + ["No way, (no) value?", "\u00a1Hola! \u00abcaf\u00e9\u00bb", "", "-- --"], dtype=object)
    return CountVectorizer(tokenizer=tokenizer, ngram_range=(1, 2)).fit(documents), given


if Splitter:
    @case("splitter", since=(0, 20))
    def _(rng):
        return vectorized(rng, Splitter())

if Matcher:
    @case("matcher", since=(0, 20))
    def _(rng):
        return vectorized(rng, Matcher())
