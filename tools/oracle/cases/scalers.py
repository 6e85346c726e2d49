# SPDX-License-Identifier: Apache-2.0
import numpy as np
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from registry import VERSION, case
from rows import holes, numbers, numeric_rows


def scaled(rng, scaler, dtype=np.float64, fit_dtype=None, constant=True, missing=True):
    X = numbers(rng, p=7)
    if constant:
        X[:, 4] = 3.25
    fitted = (holes(rng, X) if missing and VERSION >= (0, 20) else X).astype(fit_dtype or dtype)
    return scaler.fit(fitted), numeric_rows(rng, X, dtype=dtype)


@case("standard")
def _(rng):
    return scaled(rng, StandardScaler())


@case("standard-no-mean")
def _(rng):
    return scaled(rng, StandardScaler(with_mean=False))


@case("standard-no-std")
def _(rng):
    return scaled(rng, StandardScaler(with_std=False))


@case("standard-neither", since=(0, 23))
def _(rng):
    return scaled(rng, StandardScaler(with_mean=False, with_std=False))


@case("standard-float32")
def _(rng):
    return scaled(rng, StandardScaler(), np.float32)


@case("standard-float32-input")
def _(rng):
    return scaled(rng, StandardScaler(), np.float32, np.float64)


@case("standard-int64-input")
def _(rng):
    return scaled(rng, StandardScaler(), np.int64, np.float64)


@case("minmax")
def _(rng):
    return scaled(rng, MinMaxScaler())


@case("minmax-clip", since=(0, 24))
def _(rng):
    return scaled(rng, MinMaxScaler(clip=True, feature_range=(-1, 2)))


@case("minmax-float32")
def _(rng):
    return scaled(rng, MinMaxScaler(feature_range=(0.1, 0.9)), np.float32)


@case("minmax-clip-float32-input", since=(0, 24))
def _(rng):
    return scaled(rng, MinMaxScaler(clip=True, feature_range=(0.1, 0.9)), np.float32, np.float64)


@case("minmax-int64-input")
def _(rng):
    return scaled(rng, MinMaxScaler(), np.int64, np.int64, missing=False)
