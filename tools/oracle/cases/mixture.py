# SPDX-License-Identifier: Apache-2.0
"""Gaussian mixtures: four kinds of covariance, and the Bayesian weights."""
import numpy as np
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from registry import case
from rows import numbers, numeric_rows


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def fitted(rng, model, p=3, n=80, dtype=None):
    X = small(numbers(rng, n=n, p=p))
    return model.set_params(random_state=0, max_iter=20).fit(X), numeric_rows(rng, X, dtype=dtype or np.float64)


@case("mixture")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=3))


@case("mixture-wide")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=2, reg_covar=0.05), p=14)


@case("mixture-one")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=1))


@case("mixture-tied")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=3, covariance_type="tied"))


@case("mixture-diag")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=4, covariance_type="diag"))


@case("mixture-spherical")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=5, covariance_type="spherical"))


@case("mixture-float32-input")
def _(rng):
    return fitted(rng, GaussianMixture(n_components=2), dtype=np.float32)


@case("mixture-bayesian")
def _(rng):
    return fitted(rng, BayesianGaussianMixture(n_components=4))


@case("mixture-bayesian-distribution")
def _(rng):
    return fitted(rng, BayesianGaussianMixture(n_components=4, weight_concentration_prior_type="dirichlet_distribution",
                                               covariance_type="tied"))


@case("mixture-bayesian-diag")
def _(rng):
    return fitted(rng, BayesianGaussianMixture(n_components=3, covariance_type="diag"))


@case("mixture-bayesian-spherical")
def _(rng):
    return fitted(rng, BayesianGaussianMixture(n_components=3, covariance_type="spherical", weight_concentration_prior=10.0))
