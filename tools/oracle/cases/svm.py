# SPDX-License-Identifier: Apache-2.0
"""Support vector machines: every kernel, two classes and several, dense and sparse training rows."""
import numpy as np
import scipy.sparse
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from registry import VERSION, case
from rows import classes, numbers, numeric_rows, score

N = 70
# Before 0.21 the scores of one against the rest depended on all rows together.
SHAPE = {"decision_function_shape": "ovo"} if VERSION < (0, 21) else {}
SCALE = {"gamma": 0.3} if VERSION < (0, 20) else {"gamma": "scale"}


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def table(rng, p=4, n=N):
    return small(numbers(rng, n=n, p=p))


def classifier(rng, model, k=2, labels=None, p=4, dtype=None, sparse=False):
    X = table(rng, p)
    y = classes(rng, X, k, labels)
    rows = numeric_rows(rng, X, dtype=dtype or np.float64)
    return model.fit(scipy.sparse.csr_matrix(np.where(X > 0.5, X, 0)) if sparse else X, y), rows


def regressor(rng, model, p=4, sparse=False, dtype=None):
    X = table(rng, p)
    y = 3 * score(rng, X)
    return model.fit(scipy.sparse.csr_matrix(np.where(X > 0.5, X, 0)) if sparse else X, y), numeric_rows(
        rng, X, dtype=dtype or np.float64)


def one_class(rng, model, sparse=False):
    X = table(rng)
    return model.fit(scipy.sparse.csr_matrix(np.where(X > 0.5, X, 0)) if sparse else X), numeric_rows(rng, X)


def svc(kind=SVC, **parameters):
    return kind(**dict(dict(SCALE, **SHAPE), **parameters))


@case("svc-rbf-binary")
def _(rng):
    return classifier(rng, svc(), labels=["no", "yes"])


@case("svc-rbf")
def _(rng):
    return classifier(rng, svc(), 4, labels=["été", "autumn", "winter", "東京"])


@case("svc-linear-binary")
def _(rng):
    return classifier(rng, svc(kernel="linear"))


@case("svc-linear")
def _(rng):
    return classifier(rng, svc(kernel="linear", C=10.0), 3, labels=[-1, 5, 2 ** 40])


@case("svc-poly")
def _(rng):
    return classifier(rng, svc(kernel="poly", degree=4, coef0=0.5), 3)


@case("svc-poly-binary")
def _(rng):
    return classifier(rng, svc(kernel="poly"), labels=[False, True])


@case("svc-sigmoid")
def _(rng):
    return classifier(rng, svc(kernel="sigmoid", coef0=-0.25), 3)


@case("svc-probability-binary")
def _(rng):
    return classifier(rng, svc(probability=True, random_state=0))


@case("svc-probability")
def _(rng):
    return classifier(rng, svc(probability=True, random_state=0, kernel="linear"), 5)


@case("svc-probability-many")
def _(rng):
    return classifier(rng, svc(probability=True, random_state=0, class_weight="balanced"), 3, labels=["a", "b", "c"])


@case("svc-ovo")
def _(rng):
    return classifier(rng, svc(decision_function_shape="ovo"), 4)


@case("svc-break-ties", since=(0, 22))
def _(rng):
    return classifier(rng, svc(break_ties=True), 5)


@case("svc-auto")
def _(rng):
    return classifier(rng, svc(gamma="auto", class_weight={0: 3.0}), 3)


@case("svc-float32-input")
def _(rng):
    return classifier(rng, svc(), 3, dtype=np.float32)


@case("svc-int64-input")
def _(rng):
    return classifier(rng, svc(gamma=1e-3), dtype=np.int64)


@case("svc-wide")
def _(rng):
    return classifier(rng, svc(), p=70)


@case("svc-sparse")
def _(rng):
    return classifier(rng, svc(), 3, sparse=True)


@case("svc-sparse-linear-binary")
def _(rng):
    return classifier(rng, svc(kernel="linear", probability=True, random_state=0), sparse=True)


def scattered(rng, n=40, p=4000):
    X = np.zeros((n, p))
    for row in X:
        row[rng.integers(0, p, 6)] = np.round(rng.normal(0, 1, 6), 3)
        row[rng.integers(0, 12, 3)] = 1.25
    return X


@case("svc-sparse-wide")
def _(rng):
    X = scattered(rng)
    return svc(gamma=0.2).fit(scipy.sparse.csr_matrix(X), X[:, :6].sum(axis=1) > 1), X[:12]


@case("svr-sparse-wide-poly")
def _(rng):
    X = scattered(rng)
    return SVR(kernel="poly", gamma=0.2, coef0=1.0).fit(scipy.sparse.csr_matrix(X), X[:, :6].sum(axis=1)), X[:12]


@case("nusvc")
def _(rng):
    return classifier(rng, svc(NuSVC, nu=0.2), 3)


@case("nusvc-probability-binary")
def _(rng):
    return classifier(rng, svc(NuSVC, nu=0.3, kernel="poly", probability=True, random_state=0))


@case("svr")
def _(rng):
    return regressor(rng, SVR(**SCALE))


@case("svr-linear")
def _(rng):
    return regressor(rng, SVR(kernel="linear", C=4.0, epsilon=0.2))


@case("svr-poly")
def _(rng):
    return regressor(rng, SVR(kernel="poly", degree=2, coef0=1.0, **SCALE), dtype=np.float32)


@case("svr-sigmoid")
def _(rng):
    return regressor(rng, SVR(kernel="sigmoid", **SCALE))


@case("svr-no-vectors")
def _(rng):
    return regressor(rng, SVR(epsilon=100.0, **SCALE))


@case("svr-sparse")
def _(rng):
    return regressor(rng, SVR(**SCALE), sparse=True)


@case("nusvr")
def _(rng):
    return regressor(rng, NuSVR(nu=0.4, **SCALE))


@case("nusvr-linear")
def _(rng):
    return regressor(rng, NuSVR(kernel="linear"))


@case("one-class")
def _(rng):
    return one_class(rng, OneClassSVM(nu=0.2, **SCALE))


@case("one-class-linear")
def _(rng):
    return one_class(rng, OneClassSVM(kernel="linear", nu=0.3))


@case("one-class-poly-sparse")
def _(rng):
    return one_class(rng, OneClassSVM(kernel="poly", nu=0.3, coef0=1.0, **SCALE), sparse=True)
