# SPDX-License-Identifier: Apache-2.0
"""IterativeImputer.  Rows of which all is missing are left out: scikit-learn's answer depends on the rows beside them."""
import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

try:
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
except ImportError:
    pass
from registry import case, optional
from rows import holes, numeric_rows

IterativeImputer = optional("sklearn.impute", "IterativeImputer")


def table(rng, n=60, p=5):
    X = rng.normal(0, 1, (n, 2)) @ rng.normal(0, 1, (2, p)) + rng.normal(0, 0.3, (n, p))
    X[:, 1] = np.round(10 * X[:, 1])
    X[:, 2] = 1000 + 50 * X[:, 2]
    return X


def imputed(rng, dtype=np.float64, empty=False, p=5, share=0.2, **parameters):
    X = table(rng, p=p)
    fitted = holes(rng, X, share)
    if empty:
        fitted[:, 2] = np.nan
    rows = X[:16].copy()
    rows[rng.random(rows.shape) < 0.4] = np.nan
    rows[0], rows[1, 1:] = X[0], np.nan
    rows = np.vstack([rows, numeric_rows(rng, np.where(np.isnan(fitted), 0.5, fitted), ordinary=2)])
    kept = ~np.isnan(fitted).all(axis=0)
    rows = rows[~np.isnan(rows[:, kept]).all(axis=1)]
    model = IterativeImputer(random_state=0, **dict(dict(max_iter=3), **parameters)).fit(fitted.astype(dtype))
    return model, rows.astype(dtype)


def tree():
    return DecisionTreeRegressor(max_depth=3, random_state=0)


for name, since, make in [
        ("iterative", (0, 21), lambda: {}),
        ("iterative-many-rounds", (0, 21), lambda: dict(max_iter=10, tol=1e-6, p=3)),
        ("iterative-no-round", (0, 22), lambda: dict(max_iter=0, add_indicator=True)),
        ("iterative-no-round-empty", (0, 22), lambda: dict(max_iter=0, empty=True)),
        ("iterative-indicator", (0, 21), lambda: dict(add_indicator=True, initial_strategy="median")),
        ("iterative-empty", (0, 21), lambda: dict(empty=True, add_indicator=True)),
        ("iterative-nearest", (0, 21), lambda: dict(n_nearest_features=2, imputation_order="random")),
        ("iterative-arabic", (0, 21), lambda: dict(imputation_order="arabic", initial_strategy="most_frequent")),
        ("iterative-roman-tree", (0, 21), lambda: dict(imputation_order="roman", estimator=tree())),
        ("iterative-descending-tree", (0, 21), lambda: dict(imputation_order="descending", estimator=tree())),
        ("iterative-skip-complete", (0, 22), lambda: dict(skip_complete=True)),
        ("iterative-constant", (0, 21), lambda: dict(initial_strategy="constant", estimator=Ridge())),
        ("iterative-limits", (0, 21), lambda: dict(min_value=-2, max_value=1000.25)),
        ("iterative-limits-each", (0, 23), lambda: dict(min_value=[-1, -10, 950, -1, -1.5], max_value=[0.5, 5, 1040, 0.25, np.inf])),
        ("iterative-limits-tree", (0, 21), lambda: dict(min_value=-0.5, max_value=1000, estimator=tree())),
        ("iterative-limits-empty", (1, 6), lambda: dict(empty=True, min_value=[-1, -10, 950, -1, -1.5])),
        ("iterative-keep-empty", (1, 2), lambda: dict(empty=True, keep_empty_features=True, add_indicator=True)),
        ("iterative-keep-empty-tree", (1, 2), lambda: dict(empty=True, keep_empty_features=True, estimator=tree())),
        ("iterative-constant-empty", (1, 6), lambda: dict(empty=True, initial_strategy="constant", estimator=tree())),
        ("iterative-fill-value", (1, 3), lambda: dict(initial_strategy="constant", fill_value=7.5, max_iter=1)),
        ("iterative-extra-trees", (0, 21), lambda: dict(estimator=ExtraTreesRegressor(5, max_depth=3, random_state=0), max_iter=2)),
        ("iterative-boosting", (0, 21), lambda: dict(estimator=GradientBoostingRegressor(n_estimators=3, random_state=0), max_iter=1, p=3)),
        ("iterative-neighbours", (0, 21), lambda: dict(estimator=KNeighborsRegressor(3, algorithm="kd_tree"), max_iter=2)),
        ("iterative-linear", (0, 21), lambda: dict(estimator=LinearRegression())),
        ("iterative-float32", (0, 21), lambda: dict(dtype=np.float32)),
        ("iterative-float32-tree", (0, 21), lambda: dict(dtype=np.float32, estimator=tree(), max_value=1000.1))]:
    case(name, since=since)(lambda rng, make=make: imputed(rng, **make()))


@case("iterative-zero-is-missing", since=(0, 21))
def _(rng):
    X = np.where(rng.random((60, 4)) < 0.2, 0.0, table(rng, 60, 4))
    model = IterativeImputer(missing_values=0, max_iter=3, random_state=0, add_indicator=True).fit(X)
    rows = np.vstack([X[:20], -X[:4]])
    return model, rows[(rows != 0).any(axis=1)]
