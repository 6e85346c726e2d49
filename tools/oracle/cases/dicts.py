# SPDX-License-Identifier: Apache-2.0
"""DictVectorizer and FeatureHasher: rows are dicts.  The first row of a table names every key."""
import numpy as np
from sklearn.feature_extraction import DictVectorizer, FeatureHasher
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from registry import VERSION, case

TRAINING = [
    {"city": "Paris", "size": 3, "price": 12.5, "open": True, "a=b": "c", "\u00e9t\u00e9": "\u6771\u4eac", "n": 7},
    {"city": "London", "size": 0, "price": -1.25}, {"city": "Paris", "size": "large", "n": "7"}, {"city": "", "open": False},
    {"a": "b=c", "price": 1e300, "city": "\u039f\u03a3"}, {"city": "a\"b", "size": 2, "open": "yes", "": 4}]
LABELS = [0, 1, 0, 1, 0, 1]
KEYS = ["city", "size", "price", "open", "a=b", "\u00e9t\u00e9", "n", "a", "", "city=Paris", "unseen", "x"]
HOSTILE = [dict([(key, 1) for key in KEYS])] + TRAINING + [
    {}, {"unseen": 5}, {"city": "paris"}, {"city": 5}, {"city": "5"}, {"size": "3"}, {"size": 0.1}, {"price": -0.0}, {"price": float("nan")},
    {"price": float("inf")}, {"n": 1e-320}, {"city": "Paris", "city=Paris": 3}, {"city=Paris": 2.5, "city": "Paris"}, {"a": "b=c", "a=b": "c"},
    {"open": False, "size": False}, {"": 0.5, "x": ""}, {"a=b": "c" * 300}, {"price": 3.7, "n": -3.7}]
NOTHING = [{"city": None, "price": 1}, {"price": None}, {"unseen": None}]


def rows(dicts):
    out = np.empty(len(dicts), dtype=object)
    out[:] = dicts
    return out


def names_twice(row):
    """A dense DictVectorizer before 1.0 takes the last of the dict, and a table has lost the order."""
    return isinstance(row.get("city"), str) and "city=Paris" in row or isinstance(row.get("a"), str) and "a=b" in row


def vectorizer(name, make, more=NOTHING, since=(0, 0), until=(99, 99)):
    @case(name, since, until)
    def _(rng):
        model = make()
        in_order = VERSION < (1, 0) and not getattr(model, "sparse", True)
        return model.fit(TRAINING), rows([row for row in HOSTILE + more if not (in_order and names_twice(row))])


vectorizer("dict-default", lambda: DictVectorizer())
vectorizer("dict-dense", lambda: DictVectorizer(sparse=False))
vectorizer("dict-float32", lambda: DictVectorizer(dtype=np.float32))
vectorizer("dict-float32-dense", lambda: DictVectorizer(dtype=np.float32, sparse=False))
vectorizer("dict-separator", lambda: DictVectorizer(separator=":", sort=False))
vectorizer("hasher-default", lambda: FeatureHasher(n_features=256))
vectorizer("hasher-narrow", lambda: FeatureHasher(n_features=11))
vectorizer("hasher-float32", lambda: FeatureHasher(n_features=101, dtype=np.float32))
vectorizer("hasher-unsigned", lambda: FeatureHasher(n_features=64, alternate_sign=False), since=(0, 19))
vectorizer("hasher-non-negative", lambda: FeatureHasher(n_features=64, non_negative=True), until=(0, 20))


@case("dict-integers")
def _(rng):
    plain = [{key: value for key, value in row.items() if value == value and abs(value) < 1e15} if not any(isinstance(v, str) for v in row.values()) else row
             for row in HOSTILE]
    return DictVectorizer(dtype=np.int64).fit(TRAINING[:4]), rows(plain)


@case("dict-logistic")
def _(rng):
    """What is as good as never a score of 0."""
    training = [dict(row, price=1.5) if row.get("price") == 1e300 else row for row in TRAINING]
    model = Pipeline([("dict", DictVectorizer()), ("model", LogisticRegression())]).fit(training, LABELS)
    return model, rows(HOSTILE[:1] + training + HOSTILE[7:12])


@case("hasher-least-hash", since=(1, 0))
def _(rng):
    """The name whose hash is -2^31, which has no absolute value."""
    return FeatureHasher(n_features=10).fit(TRAINING), rows([dict([(key, 1) for key in ("akqlrggi", "x", "y")]), {"akqlrggi": 3, "x": 1}, {"x": 2.5}, {"akqlrggi": -2}])
