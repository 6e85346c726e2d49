# SPDX-License-Identifier: Apache-2.0
"""One number to one number: MaxAbsScaler, RobustScaler, Normalizer, Binarizer, PowerTransformer, QuantileTransformer."""
import numpy as np
from sklearn import preprocessing
from sklearn.pipeline import make_pipeline

from registry import VERSION, case
from rows import holes, numbers, numeric_rows

INVERSE = "inverse_transform"


def table(rng, dtype=np.float64, missing=True, constant=False, p=6):
    X = numbers(rng, p=p)
    if constant:
        X[:, 4] = 3.25
    return (holes(rng, X) if missing else X).astype(dtype)


def rows_of(rng, X, dtype=np.float64):
    return numeric_rows(rng, np.where(np.isnan(X), 0.5, X).astype(np.float64), dtype=dtype)


def scaled(rng, scaler, dtype=np.float64, fit_dtype=None, missing=True, inverse=True):
    X = table(rng, fit_dtype or dtype, missing, constant=True)
    return (scaler.fit(X), rows_of(rng, X, dtype)) + ((INVERSE,) if inverse else ())


# ---- scalers ----

@case("max-abs")
def _(rng):
    return scaled(rng, preprocessing.MaxAbsScaler(), missing=False)


@case("max-abs-missing", since=(0, 20))
def _(rng):
    return scaled(rng, preprocessing.MaxAbsScaler())


@case("max-abs-float32")
def _(rng):
    return scaled(rng, preprocessing.MaxAbsScaler(), np.float32, missing=False)


@case("max-abs-float32-input")
def _(rng):
    return scaled(rng, preprocessing.MaxAbsScaler(), np.float32, np.float64, missing=False)


@case("max-abs-clip", since=(1, 9))
def _(rng):
    return scaled(rng, preprocessing.MaxAbsScaler(clip=True))


@case("robust")
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(), missing=False)


@case("robust-missing", since=(0, 20))
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(quantile_range=(10.0, 80.0)))


@case("robust-no-centering")
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(with_centering=False), missing=False)


@case("robust-no-scaling")
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(with_scaling=False), missing=False)


@case("robust-float32-input")
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(), np.float32, np.float64, missing=False)


@case("robust-unit-variance", since=(0, 24))
def _(rng):
    return scaled(rng, preprocessing.RobustScaler(unit_variance=True))


def sparse(scaler, rng):
    """What a transformer does with a sparse matrix: an encoder that gives one goes ahead."""
    X = np.column_stack([rng.integers(0, 4, 120), rng.integers(0, 3, 120)])
    model = make_pipeline(preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.StandardScaler(with_mean=False), scaler)
    return model.fit(X), np.column_stack([rng.integers(0, 6, 40), rng.integers(0, 4, 40)])


for name, make in [("max-abs", lambda: preprocessing.MaxAbsScaler()), ("robust", lambda: preprocessing.RobustScaler(with_centering=False)),
                   ("standard", lambda: preprocessing.StandardScaler(with_mean=False)), ("normalizer", lambda: preprocessing.Normalizer()),
                   ("normalizer-l1", lambda: preprocessing.Normalizer(norm="l1")), ("normalizer-max", lambda: preprocessing.Normalizer(norm="max")),
                   ("binarizer", lambda: preprocessing.Binarizer(threshold=1.5))]:
    case("sparse-" + name, since=(1, 2))(lambda rng, make=make: sparse(make(), rng))


# ---- rows ----

def row_wise(rng, model, dtype=np.float64, p=7):
    X = table(rng, dtype, missing=False, p=p)
    rows = rows_of(rng, X, dtype)
    tiny = np.zeros((3, p), dtype)
    tiny[0, 1], tiny[1, 2], tiny[2] = 1e-17, 1e-15, np.sign(rng.normal(size=p)) * 1e-20
    if VERSION < (0, 23):  # alone it does not say how wide it is
        model = make_pipeline(preprocessing.MaxAbsScaler(), model)
    return model.fit(X), np.vstack([rows, tiny, -rows[:6]]).astype(dtype)


for norm in ("l1", "l2", "max"):
    case("normalizer-" + norm)(lambda rng, norm=norm: row_wise(rng, preprocessing.Normalizer(norm=norm)))
    case("normalizer-%s-float32" % norm)(lambda rng, norm=norm: row_wise(rng, preprocessing.Normalizer(norm=norm), np.float32))
case("normalizer-l1-wide")(lambda rng: row_wise(rng, preprocessing.Normalizer(norm="l1"), p=19))


@case("binarizer")
def _(rng):
    return row_wise(rng, preprocessing.Binarizer())


@case("binarizer-threshold")
def _(rng):
    return row_wise(rng, preprocessing.Binarizer(threshold=0.1))


@case("binarizer-float32")
def _(rng):
    model, rows = row_wise(rng, preprocessing.Binarizer(threshold=0.1), np.float32)
    rows[:5, 0] = np.float32(0.1)
    return model, rows


# ---- PowerTransformer ----

def powered(rng, model, dtype=np.float64, positive=False, missing=True, fit_dtype=np.float64):
    X = numbers(rng, p=6)
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e5
    if positive:
        X = np.abs(X) + 0.25
    rows = rows_of(rng, X, dtype)
    return model.fit((holes(rng, X) if missing else X).astype(fit_dtype)), rows


@case("power-yeo-johnson", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer())


@case("power-yeo-johnson-inverse", since=(0, 20))
def _(rng):
    model, rows = powered(rng, preprocessing.PowerTransformer())
    return model, np.clip(rows, -3, 3)[:24], INVERSE


@case("power-yeo-johnson-plain", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer(standardize=False))


@case("power-yeo-johnson-float32", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer(), np.float32)


@case("power-box-cox", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer(method="box-cox"), positive=True)


@case("power-box-cox-plain", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer(method="box-cox", standardize=False), positive=True)


@case("power-box-cox-inverse", since=(0, 20))
def _(rng):
    model, rows = powered(rng, preprocessing.PowerTransformer(method="box-cox", standardize=False), positive=True)
    return model, np.clip(np.nan_to_num(rows), 0.1, 3)[:24], INVERSE


@case("power-box-cox-float32", since=(0, 20))
def _(rng):
    return powered(rng, preprocessing.PowerTransformer(method="box-cox"), np.float32, positive=True)


# ---- QuantileTransformer ----

def quantiles(rng, dtype=np.float64, fit_dtype=np.float64, missing=False, n=20, **parameters):
    X = table(rng, np.float64, missing, constant=True)
    model = preprocessing.QuantileTransformer(n_quantiles=n, random_state=0, **parameters).fit(X.astype(fit_dtype))
    points = np.asarray(model.quantiles_, dtype=np.float64)[rng.integers(0, n, 12)]
    return model, np.vstack([rows_of(rng, X, dtype), points, np.nextafter(points[:4], np.inf)]).astype(dtype)


@case("quantile-uniform", since=(0, 19))
def _(rng):
    return quantiles(rng)


@case("quantile-uniform-missing", since=(0, 20))
def _(rng):
    return quantiles(rng, missing=True)


@case("quantile-uniform-inverse", since=(0, 20))
def _(rng):
    model, rows = quantiles(rng)
    shares = np.vstack([rng.random((20, 6)), np.linspace(0, 1, 19)[1:-1, None] + np.zeros(6), rows[:4], -rows[:2]])
    shares[3], shares[4], shares[5, 2] = 0, 1, np.nan
    return model, shares, INVERSE


@case("quantile-uniform-float32", since=(0, 19))
def _(rng):
    return quantiles(rng, np.float32)


@case("quantile-uniform-float32-fit", since=(0, 19))
def _(rng):
    return quantiles(rng, np.float32, np.float32)


@case("quantile-normal", since=(0, 19))
def _(rng):
    return quantiles(rng, output_distribution="normal")


@case("quantile-normal-inverse", since=(0, 20))
def _(rng):
    model, _ = quantiles(rng, output_distribution="normal")
    return model, rng.normal(size=(30, 6)) * 2, INVERSE


@case("quantile-normal-float32", since=(0, 19))
def _(rng):
    return quantiles(rng, np.float32, output_distribution="normal")


@case("quantile-one-point", since=(0, 20))
def _(rng):
    return quantiles(rng, n=1)
