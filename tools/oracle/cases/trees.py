# SPDX-License-Identifier: Apache-2.0
"""Single trees: X is rounded to float32, thresholds are float64, values are counts before 1.4 and fractions from there."""
import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

from registry import VERSION, case
from rows import classes, holes, numbers, numeric_rows, score

ABSOLUTE = "absolute_error" if VERSION >= (1, 0) else "mae"
LABELS = ["été", "no", "yes", "zz"]


def classifier(rng, model, k=2, labels=None, p=6, missing=False, weights=False, targets=0, dtype=np.float64):
    X = numbers(rng, p=p)
    y = np.column_stack([classes(rng, X, k + j) for j in range(targets)]) if targets else classes(rng, X, k, labels)
    fitted = holes(rng, X) if missing else X
    given = {"sample_weight": np.round(rng.random(len(X)) * 3, 1)} if weights else {}
    model.fit(fitted, y, **given)
    return model, numeric_rows(rng, X, model, dtype=dtype)


def regressor(rng, model, p=6, missing=False, positive=False, targets=0, dtype=np.float64):
    X = numbers(rng, p=p)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    model.fit(holes(rng, X) if missing else X, np.exp(y) if positive else y)
    return model, numeric_rows(rng, X, model, dtype=dtype)


@case("tree-binary")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, random_state=0))


@case("tree-strings-entropy-weights")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=4, criterion="entropy", random_state=0), 4, LABELS, weights=True)


@case("tree-log-loss-balanced", since=(1, 1))
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_leaf_nodes=9, criterion="log_loss", class_weight="balanced", random_state=0), 3)


@case("tree-several-targets")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=4, random_state=0), targets=3)


def of_texts(rng, model):
    """Two targets of texts, whose labels until 0.20 do not fit into the array of the answers."""
    X = numbers(rng, n=60, p=3)
    y = np.column_stack([classes(rng, X, 2, ["no", "yes"]), classes(rng, X, 3, ["a", "b", "c"])])
    return model.fit(X, y), numeric_rows(rng, X, model, ordinary=4)


TEXTS = () if VERSION >= (0, 21) else ("predict",)
case("tree-several-texts", raising=TEXTS)(lambda rng: of_texts(rng, DecisionTreeClassifier(max_depth=3, random_state=0)))


@case("tree-single-node")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, min_samples_leaf=149, random_state=0), 3)


@case("tree-one-class")
def _(rng):
    X = numbers(rng)
    return DecisionTreeClassifier().fit(X, np.full(len(X), 7)), numeric_rows(rng, X)


@case("tree-one-feature")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=4, random_state=0), p=1)


@case("tree-float32-input")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, random_state=0), dtype=np.float32)


@case("tree-int64-input")
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, random_state=0), dtype=np.int64)


@case("tree-missing", since=(1, 3))
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, random_state=0), 3, missing=True)


@case("tree-monotonic", since=(1, 4))
def _(rng):
    return classifier(rng, DecisionTreeClassifier(max_depth=5, monotonic_cst=[1, -1, 0, 0, 0, 1], random_state=0))


@case("tree-regression")
def _(rng):
    return regressor(rng, DecisionTreeRegressor(max_depth=5, random_state=0))


@case("tree-regression-absolute")
def _(rng):
    return regressor(rng, DecisionTreeRegressor(max_depth=4, criterion=ABSOLUTE, random_state=0))


@case("tree-regression-poisson", since=(0, 24))
def _(rng):
    return regressor(rng, DecisionTreeRegressor(max_depth=4, criterion="poisson", random_state=0), positive=True)


@case("tree-regression-several-targets")
def _(rng):
    return regressor(rng, DecisionTreeRegressor(max_depth=4, criterion="friedman_mse", random_state=0), targets=3)


@case("tree-regression-missing", since=(1, 3))
def _(rng):
    return regressor(rng, DecisionTreeRegressor(max_depth=5, random_state=0), missing=True)


@case("extra-tree")
def _(rng):
    return classifier(rng, ExtraTreeClassifier(max_depth=6, random_state=0), 3, LABELS[:3])


@case("extra-tree-missing", since=(1, 6))
def _(rng):
    return classifier(rng, ExtraTreeClassifier(max_depth=6, random_state=0), 3, missing=True)


@case("extra-tree-regression")
def _(rng):
    return regressor(rng, ExtraTreeRegressor(max_depth=6, random_state=0))
