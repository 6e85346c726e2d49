# SPDX-License-Identifier: Apache-2.0
"""CalibratedClassifierCV by isotonic regression."""
import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.tree import DecisionTreeClassifier

from registry import case
from rows import classes, numbers, numeric_rows

LABELS = ["été", "no", "yes", "zz"]


def tree(depth=3):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def classifier(rng, model, k=2, labels=None):
    X = numbers(rng, n=90, p=4)
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, ordinary=12)


@case("isotonic-tree")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(4), method="isotonic", cv=3))


@case("isotonic-tree-several")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(), method="isotonic", cv=3), 4, LABELS)


@case("isotonic-tree-one-for-all", since=(0, 24))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(), method="isotonic", cv=3, ensemble=False))
