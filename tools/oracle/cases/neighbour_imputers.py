# SPDX-License-Identifier: Apache-2.0
"""KNNImputer; MissingIndicator beside an imputer."""
import numpy as np
from sklearn.pipeline import FeatureUnion

from registry import case, optional
from rows import holes, numbers, numeric_rows

KNNImputer, MissingIndicator, SimpleImputer = optional("sklearn.impute", "KNNImputer", "MissingIndicator", "SimpleImputer")


def imputed(rng, dtype=np.float64, empty=False, n=40, **parameters):
    X = numbers(rng, n=n, p=5)
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    rows = holes(rng, X[:24], 0.3)
    rows[0], rows[1, 1:] = np.nan, np.nan
    fitted = holes(rng, X)
    if empty:
        fitted[:, 2] = np.nan
    hostile = numeric_rows(rng, X, ordinary=2)
    return KNNImputer(**parameters).fit(fitted.astype(dtype)), np.vstack([rows, hostile]).astype(dtype)


for name, since, parameters in [("knn", (0, 22), {}), ("knn-1", (0, 22), dict(n_neighbors=1)), ("knn-many", (0, 22), dict(n_neighbors=60)),
                                ("knn-distance", (0, 22), dict(weights="distance", n_neighbors=3)),
                                ("knn-empty", (0, 22), dict(empty=True)), ("knn-indicator", (1, 3), dict(add_indicator=True)),
                                ("knn-keep-empty", (1, 3), dict(empty=True, keep_empty_features=True, add_indicator=True)),
                                ("knn-float32", (0, 22), dict(dtype=np.float32))]:
    case(name, since=since)(lambda rng, parameters=parameters: imputed(rng, **parameters))


@case("knn-zero-is-missing", since=(0, 22))
def _(rng):
    X = np.where(rng.random((40, 3)) < 0.25, 0.0, numbers(rng, 40, 3) + 1)
    rows = np.vstack([X[:15], np.zeros((1, 3))])
    return KNNImputer(missing_values=0, n_neighbors=3).fit(X), rows


def picked_by_accident(model, rows):
    """Whether the answer depends on which of the rows, equally far in whole numbers, are taken."""
    X, k = model._fit_X, model.n_neighbors
    marks = np.zeros(len(rows), dtype=bool)
    for r, row in enumerate(rows):
        d = np.nanmean((X - row) ** 2, axis=1)
        for i in np.flatnonzero(np.isnan(row)):
            have = ~np.isnan(X[:, i]) & ~np.isnan(d)
            last = np.sort(d[have])[k - 1]
            tied = d[have] == last
            marks[r] |= (d[have] <= last).sum() > k and len(set(X[have, i][tied])) > 1
    return marks


@case("knn-ties", since=(0, 22))
def _(rng):
    """One missing value a row and three left: their mean square times four thirds is a tie, or clearly none."""
    X = np.hstack([rng.integers(0, 4, (60, 3)), rng.integers(0, 2, (60, 1))]).astype(float)
    X = np.vstack([X, [[9, 9, 9, 7], [9, 9, 9, 7], [9, 9, 9, 7], [9, 9, 9, 7], [8, 9, 9, 7]]])
    rows = np.vstack([X[:30], [[9, 9, 9, 7], [9, 9, 8, 7], [9, 9, 9, 1]]])
    for r in range(len(rows)):
        rows[r, 3 if r >= 30 else r % 4] = np.nan
    model = KNNImputer(n_neighbors=4).fit(X)
    marks = picked_by_accident(model, rows)
    assert 3 < marks.sum() < len(rows) - 3
    return model, rows, marks


# ---- MissingIndicator, beside what fills in ----

def indicated(rng, model, missing=np.nan):
    X = holes(rng, numbers(rng, n=60, p=4))
    X[np.isnan(X[:, 1]), 1] = 1.5
    rows = numeric_rows(rng, np.where(np.isnan(X), 0.5, X), ordinary=6)
    if missing == 0:
        X, rows = np.nan_to_num(X), np.where(np.isfinite(rows), rows, 0)
    both = FeatureUnion([("fill", SimpleImputer(missing_values=missing)), ("flags", model)])
    return both.fit(X), np.vstack([rows, X[:12]])


for name, make in [("indicator", lambda: MissingIndicator()), ("indicator-all", lambda: MissingIndicator(features="all")),
                   ("indicator-lenient", lambda: MissingIndicator(error_on_new=False))]:
    case(name, since=(0, 20))(lambda rng, make=make: indicated(rng, make()))
case("indicator-zero", since=(0, 20))(lambda rng: indicated(rng, MissingIndicator(missing_values=0, error_on_new=False), 0))
