# SPDX-License-Identifier: Apache-2.0
"""FunctionTransformer behind a step that knows the width: which functions, and what validate refuses."""
import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler

from registry import case
from rows import numbers, numeric_rows


def behind(rng, *steps, **given):
    X = numbers(rng)
    model = make_pipeline(MinMaxScaler((0.5, 3)), *steps)
    return model.fit(X), numeric_rows(rng, X, **given)


@case("function-default")
def _(rng):
    """validate is True before 0.22."""
    return behind(rng, FunctionTransformer(np.sqrt))


@case("function-validated")
def _(rng):
    return behind(rng, FunctionTransformer(np.log1p, validate=True))


@case("function-not-validated")
def _(rng):
    return behind(rng, FunctionTransformer(np.sqrt, validate=False))


@case("function-two")
def _(rng):
    return behind(rng, FunctionTransformer(np.abs, validate=False), FunctionTransformer(np.sqrt, validate=True))


@case("function-none")
def _(rng):
    return behind(rng, FunctionTransformer())


@case("function-none-validated")
def _(rng):
    return behind(rng, FunctionTransformer(validate=True))


@case("function-float32-input")
def _(rng):
    return behind(rng, FunctionTransformer(np.sqrt, validate=True), dtype=np.float32)
