# SPDX-License-Identifier: Apache-2.0
"""Linear models: dot products (class B) and their links (class C)."""
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from registry import case
from rows import classes, numbers, numeric_rows, score

SMALL = 1.7  # the columns are brought to about this size, so that solvers converge


def small(X):
    return X / np.abs(X).max(axis=0) * SMALL


def classifier(rng, k=2, labels=None, p=6, dtype=np.float64, input_dtype=None, **parameters):
    X = small(numbers(rng, p=p)).astype(dtype)
    y = classes(rng, X, k, labels)
    model = LogisticRegression(**{"max_iter": 300, **parameters}).fit(X, y)
    return model, numeric_rows(rng, X, dtype=input_dtype or dtype)


def several(rng, X, targets):
    return np.column_stack([score(rng, X) for _ in range(targets)])


def regressor(rng, model, p=6, targets=0, input_dtype=np.float64):
    X = small(numbers(rng, p=p))
    y = several(rng, X, targets) if targets else score(rng, X)
    return model.fit(X, y), numeric_rows(rng, X, dtype=input_dtype)


@case("logistic-binary")
def _(rng):
    return classifier(rng)


@case("logistic-strings")
def _(rng):
    return classifier(rng, labels=["no", "yes"])


@case("logistic-multinomial")
def _(rng):
    return classifier(rng, k=3, labels=["été", "autumn", "winter"])


@case("logistic-booleans-l1")
def _(rng):
    return classifier(rng, labels=[False, True], penalty="l1", solver="liblinear")


@case("logistic-liblinear-ovr", until=(1, 7))
def _(rng):
    return classifier(rng, k=4, labels=[-1, 3, 5, 2 ** 40], solver="liblinear")


@case("logistic-ovr", until=(1, 7))
def _(rng):
    return classifier(rng, k=3, multi_class="ovr")


@case("logistic-ovr-binary", until=(1, 7))
def _(rng):
    return classifier(rng, multi_class="ovr")


@case("logistic-multinomial-binary", until=(1, 7))
def _(rng):
    return classifier(rng, multi_class="multinomial", solver="lbfgs")


@case("logistic-no-intercept", since=(0, 21))
def _(rng):
    return classifier(rng, k=3, fit_intercept=False, penalty="elasticnet", l1_ratio=0.5, solver="saga", max_iter=100)


@case("logistic-no-intercept-binary")
def _(rng):
    """The row of zeros scores exactly 0."""
    return classifier(rng, fit_intercept=False)


@case("logistic-newton-cholesky", since=(1, 2))
def _(rng):
    """One against the rest through 1.5, multinomial later."""
    return classifier(rng, k=3, solver="newton-cholesky", max_iter=30)


@case("logistic-float32")
def _(rng):
    return classifier(rng, dtype=np.float32)


@case("logistic-float32-multinomial")
def _(rng):
    return classifier(rng, k=3, dtype=np.float32)


@case("logistic-float32-input")
def _(rng):
    return classifier(rng, input_dtype=np.float32)


@case("logistic-int64-input")
def _(rng):
    return classifier(rng, input_dtype=np.int64)


@case("logistic-wide")
def _(rng):
    return classifier(rng, k=5, p=150)


@case("logistic-one-feature")
def _(rng):
    return classifier(rng, p=1)


@case("linear-regression")
def _(rng):
    return regressor(rng, LinearRegression())


@case("linear-several-targets")
def _(rng):
    return regressor(rng, LinearRegression(), targets=3)


@case("linear-one-target-column")
def _(rng):
    return regressor(rng, LinearRegression(), targets=1)


@case("linear-positive-no-intercept", since=(0, 24))
def _(rng):
    X = small(numbers(rng))
    model = LinearRegression(positive=True, fit_intercept=False)
    return model.fit(X, X.dot([1.5, 0, 0.25, -1, 2, 0.125])), numeric_rows(rng, X)


@case("linear-float32-input")
def _(rng):
    return regressor(rng, LinearRegression(), input_dtype=np.float32)


@case("ridge")
def _(rng):
    return regressor(rng, Ridge(alpha=2.0))


@case("ridge-several-targets")
def _(rng):
    return regressor(rng, Ridge(alpha=np.array([0.1, 1, 10.0])), targets=3)


@case("ridge-no-intercept-wide")
def _(rng):
    return regressor(rng, Ridge(fit_intercept=False), p=100)


@case("ridge-int64-input")
def _(rng):
    return regressor(rng, Ridge(solver="svd"), input_dtype=np.int64)
