# SPDX-License-Identifier: Apache-2.0
"""CalibratedClassifierCV: sigmoid, isotonic and temperature over scores and over probabilities."""
import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from registry import VERSION, case
from rows import classes, numbers, numeric_rows

if VERSION >= (1, 6):
    from sklearn.frozen import FrozenEstimator

LABELS = ["été", "no", "yes", "zz"]


def table(rng, n=90, p=4):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def tree(depth=3):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def classifier(rng, model, k=2, labels=None, dtype=np.float64, single=False):
    X = table(rng)
    X = X.astype(np.float32) if single else X
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


@case("sigmoid-tree")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(), cv=3), labels=["no", "yes"])


@case("sigmoid-tree-several")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(), cv=3), 4, LABELS)


@case("sigmoid-linear")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(LogisticRegression(), cv=3))


@case("sigmoid-linear-several")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(LogisticRegression(), cv=3), 3)


@case("sigmoid-linear-float32")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(LogisticRegression(), cv=3), dtype=np.float32, single=True)


@case("sigmoid-pipeline")
def _(rng):
    return classifier(rng, CalibratedClassifierCV(make_pipeline(StandardScaler(), tree()), cv=2), 3, LABELS[:3])


@case("sigmoid-tree-one-for-all", since=(0, 24))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(), cv=3, ensemble=False), 3)


@case("sigmoid-prefit", until=(1, 7))
def _(rng):
    X = table(rng)
    y = classes(rng, X, 3, LABELS[:3])
    return CalibratedClassifierCV(tree().fit(X, y), cv="prefit").fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("sigmoid-frozen", since=(1, 6))
def _(rng):
    X = table(rng)
    y = classes(rng, X, 3, LABELS[:3])
    return CalibratedClassifierCV(FrozenEstimator(tree().fit(X, y))).fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("temperature-tree", since=(1, 8))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(2), method="temperature", cv=3))


@case("temperature-tree-several", since=(1, 8))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(tree(2), method="temperature", cv=3), 3)


@case("temperature-linear", since=(1, 8))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(LogisticRegression(C=0.1), method="temperature", cv=3))


@case("temperature-linear-several", since=(1, 8))
def _(rng):
    return classifier(rng, CalibratedClassifierCV(LogisticRegression(C=0.1), method="temperature", cv=3), 3)
