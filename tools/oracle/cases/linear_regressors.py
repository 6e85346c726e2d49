# SPDX-License-Identifier: Apache-2.0
"""Linear regressors other than the plainest two: whatever fitted them, a dot product, and for some its exponential."""
import numpy as np
from sklearn import linear_model, svm

from registry import VERSION, case
from rows import numbers, numeric_rows, score

P = 4


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def rows_for(rng, X, dtype=np.float64):
    return numeric_rows(rng, X, ordinary=6, dtype=dtype)


def build(name, module=linear_model, **parameters):
    return getattr(module, name)(**parameters)


def fitted(rng, model, targets=0, positive=False, dtype=np.float64, input_dtype=None):
    X = small(numbers(rng, n=80, p=P)).astype(dtype)
    y = np.column_stack([score(rng, X) for _ in range(targets)]) if targets else score(rng, X)
    if positive:
        y = np.exp(y)
    return model.fit(X, y.astype(dtype)), rows_for(rng, X, input_dtype or dtype)


def plain(name, since=(0, 0), module=linear_model, label=None, until=(99, 99), targets=0, **parameters):
    @case(label or name.lower(), since, until)
    def _(rng):
        return fitted(rng, build(name, module, **parameters), targets)


for name in ("ARDRegression", "BayesianRidge", "ElasticNetCV", "Lars", "LarsCV", "LassoCV", "LassoLarsCV", "LassoLarsIC",
             "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV", "RidgeCV", "TheilSenRegressor"):
    plain(name)
plain("HuberRegressor", epsilon=1.2)
plain("ElasticNet", alpha=0.01, l1_ratio=0.7)
plain("Lasso", alpha=0.01)
plain("LassoLars", alpha=0.001)
plain("SGDRegressor", random_state=3, alpha=0.01)
plain("PassiveAggressiveRegressor", random_state=3)
plain("LinearSVR", module=svm, random_state=3)
plain("QuantileRegressor", since=(1, 1), solver="highs", alpha=0.01, quantile=0.7)
plain("QuantileRegressor", since=(1, 0), until=(1, 0), label="quantileregressor-interior-point", alpha=0.01, quantile=0.7)
plain("MultiTaskLasso", alpha=0.01, targets=2)
plain("MultiTaskElasticNet", alpha=0.01, targets=3)
plain("MultiTaskLassoCV", targets=2)
plain("MultiTaskElasticNetCV", targets=2)
plain("Lars", label="lars-targets", targets=2)
plain("LassoLars", label="lassolars-targets", targets=2, alpha=0.001)
plain("OrthogonalMatchingPursuit", label="orthogonalmatchingpursuit-targets", targets=2)
plain("RidgeCV", label="ridgecv-targets", targets=2)
plain("RidgeCV", label="ridgecv-column", targets=1)
plain("RidgeCV", label="ridgecv-cv", cv=3)
plain("BayesianRidge", label="bayesianridge-scores", compute_score=True)
plain("ARDRegression", label="ardregression-scores", compute_score=True)
plain("Lasso", label="lasso-nothing", alpha=1e6)  # every weight is 0
plain("Lasso", label="lasso-no-intercept", alpha=0.01, fit_intercept=False)
plain("Lasso", label="lasso-normalize", alpha=0.001, normalize=True, until=(1, 1))
plain("BayesianRidge", label="bayesianridge-normalize", normalize=True, until=(1, 1))
plain("LassoLars", label="lassolars-normalize", alpha=0.001, normalize=True, until=(1, 3))
plain("RidgeCV", label="ridgecv-normalize", normalize=True, until=(1, 1))
plain("OrthogonalMatchingPursuit", label="orthogonalmatchingpursuit-normalize", normalize=True, until=(1, 3))
plain("LinearSVR", label="linearsvr-no-intercept", module=svm, fit_intercept=False, random_state=3)
plain("SGDRegressor", label="sgdregressor-average", average=True, random_state=3, alpha=0.01)
plain("SGDRegressor", label="sgdregressor-huber", loss="huber", random_state=3)
plain("SGDRegressor", label="sgdregressor-early", since=(0, 20), early_stopping=True, random_state=3, tol=1e-3, max_iter=50)
plain("PassiveAggressiveRegressor", label="passiveaggressiveregressor-squared", loss="squared_epsilon_insensitive", random_state=3)
plain("Lasso", label="lasso-column", alpha=0.01, targets=1)


@case("lasso-float32")
def _(rng):
    return fitted(rng, linear_model.Lasso(alpha=0.01), dtype=np.float32)


@case("elasticnet-float32-targets")
def _(rng):
    return fitted(rng, linear_model.ElasticNet(alpha=0.01), dtype=np.float32, targets=2)


@case("lasso-float32-input")
def _(rng):
    return fitted(rng, linear_model.Lasso(alpha=0.01), input_dtype=np.float32)


@case("bayesianridge-float32")
def _(rng):
    return fitted(rng, linear_model.BayesianRidge(), dtype=np.float32)


@case("huber-float32")
def _(rng):
    return fitted(rng, linear_model.HuberRegressor(), dtype=np.float32)


@case("lars-float32-no-intercept")
def _(rng):
    return fitted(rng, linear_model.Lars(fit_intercept=False), dtype=np.float32)


@case("sgdregressor-float32")
def _(rng):
    return fitted(rng, linear_model.SGDRegressor(random_state=3), dtype=np.float32)


@case("theilsen-int64-input")
def _(rng):
    return fitted(rng, linear_model.TheilSenRegressor(random_state=1), input_dtype=np.int64)


# ---- generalised: an exponential, or not ----

def generalised(label, name, **parameters):
    @case(label, since=(0, 23))
    def _(rng):
        return fitted(rng, build(name, **parameters), positive=True)


generalised("poisson", "PoissonRegressor", alpha=0.01)
generalised("poisson-no-intercept", "PoissonRegressor", alpha=0.01, fit_intercept=False)
generalised("gamma", "GammaRegressor", alpha=0.01)
generalised("tweedie-normal", "TweedieRegressor", alpha=0.01)
generalised("tweedie-normal-log", "TweedieRegressor", alpha=0.01, link="log")
generalised("tweedie-1.5", "TweedieRegressor", alpha=0.01, power=1.5)
generalised("tweedie-inverse-gaussian", "TweedieRegressor", alpha=0.01, power=3)
generalised("tweedie-gamma-identity", "TweedieRegressor", alpha=0.01, power=2, link="identity")


@case("poisson-newton", since=(1, 2))
def _(rng):
    return fitted(rng, linear_model.PoissonRegressor(alpha=0.01, solver="newton-cholesky"), positive=True)


@case("poisson-float32", since=(0, 23))
def _(rng):
    return fitted(rng, linear_model.PoissonRegressor(alpha=0.01), positive=True, dtype=np.float32)


@case("gamma-int64-input", since=(0, 23))
def _(rng):
    return fitted(rng, linear_model.GammaRegressor(alpha=0.01), positive=True, input_dtype=np.int64)


# ---- RANSAC asks another ----

@case("ransac")
def _(rng):
    return fitted(rng, linear_model.RANSACRegressor(random_state=1))


@case("ransac-targets")
def _(rng):
    return fitted(rng, linear_model.RANSACRegressor(random_state=1), targets=2)


@case("ransac-lasso")
def _(rng):
    inner = linear_model.Lasso(alpha=0.01)
    named = {"estimator" if VERSION >= (1, 1) else "base_estimator": inner}
    return fitted(rng, linear_model.RANSACRegressor(random_state=1, min_samples=10, **named))
