# SPDX-License-Identifier: Apache-2.0
"""Forests: the mean over the trees, in their order."""
import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

from registry import case

from .trees import LABELS, TEXTS, classifier, of_texts, regressor


def forest(kind, n=9, **parameters):
    return kind(n, **{"max_depth": 5, "random_state": 0, **parameters})


@case("forest-binary")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier))


@case("forest-strings")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier), 4, LABELS)


@case("forest-booleans")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=4), 2, [False, True])


@case("forest-float-labels")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=4), 3, [-1.0, 2.0, 1e17])


@case("forest-several-targets")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=7), targets=2)


case("forest-several-texts", raising=TEXTS)(lambda rng: of_texts(rng, forest(RandomForestClassifier, n=4, max_depth=3)))


@case("forest-balanced-weights")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=11, class_weight="balanced_subsample"), 3, weights=True)


@case("forest-missing", since=(1, 4))
def _(rng):
    return classifier(rng, forest(RandomForestClassifier), 3, missing=True)


@case("forest-monotonic", since=(1, 4))
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, monotonic_cst=[1, 0, 0, -1, 0, 0]))


@case("forest-wide")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=6), 3, p=300)


@case("forest-one-tree")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier, n=1, bootstrap=False))


@case("forest-float32-input")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier), dtype=np.float32)


@case("forest-int64-input")
def _(rng):
    return classifier(rng, forest(RandomForestClassifier), 5, dtype=np.int64)


@case("forest-regression")
def _(rng):
    return regressor(rng, forest(RandomForestRegressor))


@case("forest-regression-several-targets")
def _(rng):
    return regressor(rng, forest(RandomForestRegressor, n=6), targets=2)


@case("forest-regression-poisson", since=(1, 0))
def _(rng):
    return regressor(rng, forest(RandomForestRegressor, n=6, criterion="poisson"), positive=True)


@case("forest-regression-missing", since=(1, 4))
def _(rng):
    return regressor(rng, forest(RandomForestRegressor), missing=True)


@case("extra-trees")
def _(rng):
    return classifier(rng, forest(ExtraTreesClassifier), 3, LABELS[:3])


@case("extra-trees-several-targets")
def _(rng):
    return classifier(rng, forest(ExtraTreesClassifier, n=5), targets=2)


@case("extra-trees-missing", since=(1, 6))
def _(rng):
    return classifier(rng, forest(ExtraTreesClassifier), missing=True)


@case("extra-trees-regression")
def _(rng):
    return regressor(rng, forest(ExtraTreesRegressor, bootstrap=True))


@case("extra-trees-regression-wide")
def _(rng):
    return regressor(rng, forest(ExtraTreesRegressor, n=5), p=120, dtype=np.float32)
