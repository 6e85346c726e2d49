# SPDX-License-Identifier: Apache-2.0
"""Samplers of kernels: AdditiveChi2Sampler, PolynomialCountSketch."""
import numpy as np
import pandas as pd
from sklearn.kernel_approximation import AdditiveChi2Sampler
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MaxAbsScaler

from registry import VERSION, case, optional
from rows import numbers, numeric_rows

PolynomialCountSketch = optional("sklearn.kernel_approximation", "PolynomialCountSketch")


def sampled(rng, model, dtype=np.float64, width=4):
    X = np.abs(numbers(rng, n=30, p=width))
    if VERSION < (0, 24):  # the sampler itself does not know its features
        model = Pipeline([("scale", MaxAbsScaler()), ("sample", model)])
    return model.fit(X.astype(dtype)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


for steps, interval in [(1, None), (2, None), (3, None), (2, 0.7), (4, 0.3), (2, 1)]:
    name = "additive-chi2-{}".format(steps) + ("" if interval is None else "-{}".format(str(interval).replace(".", "")))
    case(name)(lambda rng, steps=steps, interval=interval: sampled(rng, AdditiveChi2Sampler(sample_steps=steps, sample_interval=interval)))
case("additive-chi2-float32")(lambda rng: sampled(rng, AdditiveChi2Sampler(sample_steps=3), np.float32))


@case("additive-chi2-frame", since=(0, 24))
def _(rng):
    X = pd.DataFrame(np.abs(numbers(rng, n=30, p=3)), columns=["a", "b", "a b"])
    return AdditiveChi2Sampler().fit(X), X.iloc[:8]


def sketched(rng, dtype=np.float64, width=4, **parameters):
    X = numbers(rng, n=30, p=width)
    X = X / np.abs(X).max(axis=0)
    model = PolynomialCountSketch(random_state=int(rng.integers(1000)), **parameters)
    return model.fit(X.astype(dtype)), numeric_rows(rng, X, ordinary=12, dtype=dtype)


for name, parameters in [("", {}), ("-linear", dict(degree=1)), ("-coef0", dict(coef0=1, gamma=0.5)), ("-3", dict(degree=3, coef0=0.3)),
                         ("-5", dict(degree=5, gamma=0.1)), ("-small", dict(n_components=3, degree=4)), ("-prime", dict(n_components=97)),
                         ("-float32", dict(dtype=np.float32, gamma=0.3, degree=3)),
                         ("-float32-coef0", dict(dtype=np.float32, gamma=0.7, coef0=0.2))]:
    case("count-sketch" + name, since=(0, 24))(
        lambda rng, parameters=parameters: sketched(rng, **dict(dict(n_components=16), **parameters)))


@case("count-sketch-scaled", since=(0, 24))
def _(rng):
    X = numbers(rng, n=30, p=5)
    model = Pipeline([("scale", MaxAbsScaler()), ("sketch", PolynomialCountSketch(n_components=12, random_state=0))])
    return model.fit(X), numeric_rows(rng, X, ordinary=12)
