# SPDX-License-Identifier: Apache-2.0
"""Naive Bayes: Gaussian, of counts, of bits, of categories."""
import numpy as np
from sklearn import naive_bayes

from registry import VERSION, case
from rows import classes, numbers, numeric_rows

P = 4
SEASONS = ["été", "autumn", "winter", "spring"]


def gaussian(label, since=(0, 0), until=(99, 99), k=2, labels=None, dtype=np.float64, input_dtype=None, p=P, **parameters):
    @case(label, since, until)
    def _(rng):
        X = numbers(rng, n=80, p=p).astype(dtype)
        y = classes(rng, X, k, labels)
        return naive_bayes.GaussianNB(**parameters).fit(X, y), numeric_rows(rng, X, ordinary=8, dtype=input_dtype or dtype)


gaussian("gaussian")
gaussian("gaussian-four", k=4, labels=SEASONS)
gaussian("gaussian-priors", k=3, priors=[0.5, 0.3, 0.2])
gaussian("gaussian-prior-zero", k=3, priors=[0.7, 0.3, 0.0])
gaussian("gaussian-smooth", since=(0, 20), var_smoothing=1e-3)
gaussian("gaussian-float32", dtype=np.float32)
gaussian("gaussian-float32-input", k=3, input_dtype=np.float32)
gaussian("gaussian-int64-input", input_dtype=np.int64)
gaussian("gaussian-wide", k=3, p=21)
gaussian("gaussian-one-feature", labels=[False, True], p=1)


@case("gaussian-constant-feature", since=(0, 20))
def _(rng):
    X = numbers(rng, n=60, p=P)
    X[:, 2] = 1
    return naive_bayes.GaussianNB(var_smoothing=0).fit(X, classes(rng, X)), numeric_rows(rng, X, ordinary=6)


@case("gaussian-partial-fit")
def _(rng):
    X = numbers(rng, n=80, p=P)
    y = classes(rng, X, 3)
    model = naive_bayes.GaussianNB().partial_fit(X[:40], y[:40], classes=[0, 1, 2, 9])
    return model.partial_fit(X[40:], y[40:]), numeric_rows(rng, X, ordinary=6)


# ---- counts, and bits ----

def counts(rng, n=80, p=5):
    return rng.poisson(2, (n, p)) * (rng.random((n, p)) < 0.6)


def discrete(name, label=None, since=(0, 0), until=(99, 99), k=2, labels=None, dtype=np.float64, input_dtype=None, **parameters):
    @case(label or name.lower(), since, until)
    def _(rng):
        X = counts(rng).astype(dtype)
        y = classes(rng, X + 0.01 * rng.random(X.shape), k, labels)
        model = getattr(naive_bayes, name)(**parameters).fit(X, y)
        return model, numeric_rows(rng, X, ordinary=8, dtype=input_dtype or dtype)


OFF = {"force_alpha": True} if (1, 2) <= VERSION else {}
for name, since in (("MultinomialNB", (0, 0)), ("ComplementNB", (0, 20)), ("BernoulliNB", (0, 0))):
    discrete(name, since=since)
    discrete(name, name.lower() + "-four", since, k=4, labels=SEASONS)
    discrete(name, name.lower() + "-uniform", since, k=3, fit_prior=False, alpha=0.1)
    discrete(name, name.lower() + "-priors", since, k=3, class_prior=[0.5, 0.3, 0.2])
    discrete(name, name.lower() + "-float32", since, k=3, dtype=np.float32)
    discrete(name, name.lower() + "-int64", since, dtype=np.int64)
    discrete(name, name.lower() + "-no-smoothing", since, k=3, alpha=0.0, **OFF)
discrete("ComplementNB", "complementnb-norm", since=(0, 20), k=3, norm=True)
discrete("BernoulliNB", "bernoullinb-above-2", k=3, binarize=2.0)
discrete("BernoulliNB", "bernoullinb-below-0", until=(1, 1), binarize=-0.5)
discrete("BernoulliNB", "bernoullinb-float32-threshold", binarize=0.1, dtype=np.float32)


@case("bernoullinb-float32-exact")
def _(rng):
    """0.1 of float32 is above 0.1 of float64, but not above the threshold."""
    X = (counts(rng) * 0.1).astype(np.float32)
    y = classes(rng, X + 0.01 * rng.random(X.shape), 3)
    model = naive_bayes.BernoulliNB(binarize=0.1).fit(X, y)
    return model, np.vstack([X[:20], numeric_rows(rng, X, ordinary=4, dtype=np.float32)])


@case("bernoullinb-as-it-is")
def _(rng):
    X = (counts(rng) > 0).astype(float)
    y = classes(rng, X + 0.01 * rng.random(X.shape), 3)
    return naive_bayes.BernoulliNB(binarize=None).fit(X, y), numeric_rows(rng, X, ordinary=8)


@case("complementnb-one-class", since=(1, 0))
def _(rng):
    X = counts(rng).astype(float)
    return naive_bayes.ComplementNB().fit(X, np.full(len(X), 7)), numeric_rows(rng, X, ordinary=4)


# ---- categories ----

def categorical(label, since=(0, 22), k=2, labels=None, dtype=np.float64, **parameters):
    @case(label, since)
    def _(rng):
        X = np.minimum(rng.poisson(1.2, (80, 4)), 4)
        y = classes(rng, X + 0.01 * rng.random(X.shape), k, labels)
        model = naive_bayes.CategoricalNB(**parameters).fit(X.astype(dtype), y)
        rows = numeric_rows(rng, X.astype(np.float64), ordinary=8, dtype=np.float64)
        more = rows[:8].copy()
        more[np.arange(8), np.arange(8) % 4] = [1.7, -0.5, -1, 5, 6, 4.999, -0.0, 2 ** 31]
        return model, np.vstack([rows, more]).astype(dtype)


categorical("categorical")
categorical("categorical-four", k=4, labels=SEASONS)
categorical("categorical-uniform", k=3, fit_prior=False, alpha=0.3)
categorical("categorical-float32", k=3, dtype=np.float32)
categorical("categorical-min-categories", since=(0, 24), min_categories=7)
categorical("categorical-priors", k=3, class_prior=[0.2, 0.3, 0.5])
