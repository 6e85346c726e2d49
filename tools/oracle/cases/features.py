# SPDX-License-Identifier: Apache-2.0
"""New features of single numbers: PolynomialFeatures, KBinsDiscretizer, SplineTransformer."""
import numpy as np
from sklearn import preprocessing
from sklearn.pipeline import make_pipeline

from registry import VERSION, case
from rows import frame, frame_rows, numbers, numeric_rows


def made(rng, model, dtype=np.float64, fit_dtype=np.float64, p=4):
    X = numbers(rng, n=80, p=p)
    if p > 3:
        X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    return model.fit(X.astype(fit_dtype)), numeric_rows(rng, X, ordinary=10, dtype=dtype)


# ---- PolynomialFeatures ----

for name, since, make in [("polynomial", (0, 18), lambda: preprocessing.PolynomialFeatures()),
                          ("polynomial-3", (0, 18), lambda: preprocessing.PolynomialFeatures(3)),
                          ("polynomial-4", (0, 18), lambda: preprocessing.PolynomialFeatures(4, include_bias=False)),
                          ("polynomial-interactions", (0, 18), lambda: preprocessing.PolynomialFeatures(3, interaction_only=True)),
                          ("polynomial-0", (1, 2), lambda: preprocessing.PolynomialFeatures(0)),
                          ("polynomial-1", (0, 18), lambda: preprocessing.PolynomialFeatures(1, include_bias=False)),
                          ("polynomial-range", (1, 0), lambda: preprocessing.PolynomialFeatures((2, 3))),
                          ("polynomial-range-no-bias", (1, 0), lambda: preprocessing.PolynomialFeatures((3, 4), include_bias=False)),
                          ("polynomial-range-interactions", (1, 0), lambda: preprocessing.PolynomialFeatures((2, 3), interaction_only=True)),
                          ("polynomial-fortran", (0, 21), lambda: preprocessing.PolynomialFeatures(3, order="F"))]:
    case(name, since=since)(lambda rng, make=make: made(rng, make()))
    if name in ("polynomial-3", "polynomial-interactions"):
        case(name + "-float32", since=since)(lambda rng, make=make: made(rng, make(), np.float32))


@case("polynomial-frame")
def _(rng):
    table = frame(rng, missing=0)[["price", "size", "share"]].astype(float)
    return preprocessing.PolynomialFeatures(2).fit(table), frame_rows(rng, table)


for degree in (2, 3, 4):
    @case("polynomial-sparse-%d" % degree, since=(1, 2))
    def _(rng, degree=degree):
        X = np.column_stack([rng.integers(0, 3, 120), rng.integers(0, 3, 120)])
        model = make_pipeline(preprocessing.OneHotEncoder(handle_unknown="ignore"), preprocessing.StandardScaler(with_mean=False),
                              preprocessing.PolynomialFeatures(degree))
        return model.fit(X), np.column_stack([rng.integers(0, 4, 20), rng.integers(0, 4, 20)])


# ---- KBinsDiscretizer ----

def binned(rng, dtype=np.float64, strategy="quantile", result=None, **parameters):
    if result:
        parameters["dtype"] = result
    if VERSION >= (1, 7) and strategy == "quantile":
        parameters["quantile_method"] = "linear"
    X = numbers(rng, n=80, p=5)
    X[:, 4] = 2.5
    model = preprocessing.KBinsDiscretizer(n_bins=4, strategy=strategy, **parameters).fit(X)
    edges = np.array([np.resize(e, 5) for e in model.bin_edges_]).T
    edges = np.where(np.isfinite(edges), edges, 0)
    near = [edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf), edges * (1 - 0.9e-5), edges * (1 - 1.1e-5), edges - 0.9e-8]
    with np.errstate(over="ignore"):
        return model, np.vstack([numeric_rows(rng, X, ordinary=8, dtype=dtype), np.vstack(near).astype(dtype)])


for encode in ("ordinal", "onehot", "onehot-dense"):
    for strategy in ("quantile", "uniform", "kmeans"):
        case("bins-%s-%s" % (encode, strategy), since=(0, 20))(
            lambda rng, encode=encode, strategy=strategy: binned(rng, encode=encode, strategy=strategy))
    case("bins-%s-float32" % encode, since=(0, 20))(lambda rng, encode=encode: binned(rng, np.float32, encode=encode))
    case("bins-%s-to-float32" % encode, since=(0, 24))(lambda rng, encode=encode: binned(rng, encode=encode, result=np.float32))


# ---- SplineTransformer ----

def splined(rng, dtype=np.float64, **parameters):
    X = numbers(rng, n=80, p=3)
    model = preprocessing.SplineTransformer(**parameters).fit(X)
    knots = np.column_stack([b.t[model.degree:-model.degree or None] for b in model.bsplines_])
    rows = numeric_rows(rng, X, ordinary=10)
    rows = rows[~(np.abs(rows) > 1e30).any(axis=1)]  # beyond, polynomials overflow
    near = [knots, np.nextafter(knots, np.inf), np.nextafter(knots, -np.inf), X[:3] * 1.5, -X[:3]]
    return model, np.vstack([rows] + near).astype(dtype)


for name, since, parameters in [
        ("constant", (1, 0), {}), ("linear", (1, 0), dict(extrapolation="linear")), ("linear-1", (1, 0), dict(extrapolation="linear", degree=1)),
        ("linear-0", (1, 0), dict(extrapolation="linear", degree=0)), ("continue", (1, 0), dict(extrapolation="continue")),
        ("error", (1, 0), dict(extrapolation="error")), ("periodic", (1, 0), dict(extrapolation="periodic", degree=2)),
        ("quantile", (1, 0), dict(knots="quantile", n_knots=4)), ("no-bias", (1, 0), dict(include_bias=False)),
        ("degree-2", (1, 0), dict(degree=2, n_knots=3)), ("degree-0", (1, 0), dict(degree=0)),
        ("sparse", (1, 3), dict(sparse_output=True)), ("float32", (1, 0), dict(dtype=np.float32))]:
    case("spline-" + name, since=since)(lambda rng, parameters=parameters: splined(rng, **parameters))


@case("spline-missing", since=(1, 8))
def _(rng):
    X = numbers(rng, n=80, p=3)
    rows = X[:10].copy()
    rows[2, 1], rows[3], rows[4, 0] = np.nan, np.nan, np.nan
    return preprocessing.SplineTransformer(handle_missing="zeros").fit(X), rows
