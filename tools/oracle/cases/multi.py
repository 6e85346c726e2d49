# SPDX-License-Identifier: Apache-2.0
"""Several classes or several targets, out of estimators of two classes or one target."""
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

if VERSION >= (0, 19):
    from sklearn.multioutput import ClassifierChain
if VERSION >= (0, 20):
    from sklearn.multioutput import RegressorChain

LABELS = ["été", "no", "yes", "zz"]


def table(rng, n=60, p=4):
    X = numbers(rng, n=n, p=p)
    return X / np.abs(X).max(axis=0) * 1.7


def tree(depth=3):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def trunk(depth=3):
    return DecisionTreeRegressor(max_depth=depth, random_state=0)


def classifier(rng, model, k=3, labels=None, dtype=np.float64, single=False):
    X = table(rng)
    X = X.astype(np.float32) if single else X
    return model.fit(X, classes(rng, X, k, labels)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


def flags(rng, X, k=3):
    return np.column_stack([classes(rng, X, 2) for _ in range(k)])


def multilabel(rng, model, k=3):
    X = table(rng)
    return model.fit(X, flags(rng, X, k)), numeric_rows(rng, X, ordinary=12)


def targets(rng, model, k=3):
    X = table(rng)
    return model.fit(X, np.column_stack([score(rng, X) for _ in range(k)])), numeric_rows(rng, X, ordinary=12)


# ---- one against the rest ----

@case("rest-tree")
def _(rng):
    return classifier(rng, OneVsRestClassifier(tree()), 4, LABELS)


@case("rest-shallow-tree-ties")
def _(rng):
    return classifier(rng, OneVsRestClassifier(tree(1)), 4)


@case("rest-tree-binary")
def _(rng):
    return classifier(rng, OneVsRestClassifier(tree()), 2, ["no", "yes"])


@case("rest-linear")
def _(rng):
    return classifier(rng, OneVsRestClassifier(LogisticRegression()), 3, LABELS[:3])


@case("rest-linear-binary")
def _(rng):
    return classifier(rng, OneVsRestClassifier(LogisticRegression()), 2)


@case("rest-linear-float32")
def _(rng):
    return classifier(rng, OneVsRestClassifier(LogisticRegression()), 3, dtype=np.float32, single=True)


@case("rest-regressor")
def _(rng):
    return classifier(rng, OneVsRestClassifier(trunk()), 3)


@case("rest-multilabel-tree")
def _(rng):
    return multilabel(rng, OneVsRestClassifier(tree()))


@case("rest-multilabel-linear")
def _(rng):
    return multilabel(rng, OneVsRestClassifier(LogisticRegression()), 2)


@case("rest-multilabel-constant")
def _(rng):
    X = table(rng)
    y = flags(rng, X)
    y[:, 1], y[:, 2] = 1, 0
    return OneVsRestClassifier(LogisticRegression()).fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("rest-multilabel-constant-first", without=("decision_function",))
def _(rng):
    X = table(rng)
    y = flags(rng, X)
    y[:, 0] = 1
    return OneVsRestClassifier(tree()).fit(X, y), numeric_rows(rng, X, ordinary=12)


# ---- one against one ----

@case("one-tree", without=("decision_function",), until=(0, 20))
@case("one-tree", since=(0, 21))
def _(rng):
    return classifier(rng, OneVsOneClassifier(tree()), 4, LABELS)


@case("one-tree-binary", without=("decision_function",), until=(0, 20))
@case("one-tree-binary", since=(0, 21))
def _(rng):
    return classifier(rng, OneVsOneClassifier(tree()), 2)


@case("one-shallow-tree", without=("decision_function",), until=(0, 20))
@case("one-shallow-tree", since=(0, 21))
def _(rng):
    return classifier(rng, OneVsOneClassifier(tree(1)), 4)


@case("one-linear", without=("decision_function",), until=(0, 20))
@case("one-linear", since=(0, 21))
def _(rng):
    return classifier(rng, OneVsOneClassifier(LogisticRegression()), 3)


@case("one-linear-binary", without=("decision_function",), until=(0, 20))
@case("one-linear-binary", since=(0, 21))
def _(rng):
    return classifier(rng, OneVsOneClassifier(LogisticRegression()), 2, ["no", "yes"])


# ---- codes ----

@case("code-tree")
def _(rng):
    return classifier(rng, OutputCodeClassifier(tree(), code_size=2.5, random_state=3), 4, LABELS)


@case("code-linear")
def _(rng):
    return classifier(rng, OutputCodeClassifier(LogisticRegression(), code_size=3, random_state=1), 3)


# ---- several targets ----

@case("outputs-tree")
def _(rng):
    X = table(rng)
    y = np.column_stack([classes(rng, X, 2), classes(rng, X, 3)])
    return MultiOutputClassifier(tree()).fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("outputs-tree-strings")
def _(rng):
    X = table(rng)
    y = np.column_stack([classes(rng, X, 2, ["no", "yes"]), classes(rng, X, 3, LABELS[:3])])
    return MultiOutputClassifier(tree()).fit(X, y), numeric_rows(rng, X, ordinary=12)


@case("outputs-regressors")
def _(rng):
    return targets(rng, MultiOutputRegressor(trunk()))


@case("outputs-one-regressor")
def _(rng):
    return targets(rng, MultiOutputRegressor(trunk()), 1)


@case("outputs-linear-regressors")
def _(rng):
    return targets(rng, MultiOutputRegressor(LinearRegression()), 2)


# ---- chains ----

@case("chain-tree", since=(0, 19))
def _(rng):
    return multilabel(rng, ClassifierChain(tree(), order=[2, 0, 1]))


@case("chain-tree-random-order", since=(0, 19))
def _(rng):
    return multilabel(rng, ClassifierChain(tree(), order="random", random_state=4), 4)


@case("chain-tree-folds", since=(0, 19))
def _(rng):
    return multilabel(rng, ClassifierChain(tree(), cv=3))


@case("chain-tree-probabilities", since=(1, 5))
def _(rng):
    return multilabel(rng, ClassifierChain(tree(2), chain_method="predict_proba"))


@case("chain-regressors", since=(0, 20))
def _(rng):
    return targets(rng, RegressorChain(trunk(), order=[1, 2, 0]))


@case("chain-linear-regressors", since=(0, 20))
def _(rng):
    return targets(rng, RegressorChain(LinearRegression(), order=[1, 0]), 2)
