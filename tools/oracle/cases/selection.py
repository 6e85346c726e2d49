# SPDX-License-Identifier: Apache-2.0
"""sklearn.feature_selection."""
import numpy as np
from sklearn import feature_selection as fs
from sklearn.ensemble import AdaBoostClassifier, ExtraTreesRegressor, GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from registry import case
from rows import classes, frame, frame_rows, frame_target, numbers, numeric_rows, score


def fitted(rng, selector, dtype=np.float64, p=8, k=2, target=None, double=False, **parameters):
    X = numbers(rng, n=120, p=p)
    X[:, 3] = (X[:, 3] - 1.6e9) / 1e6
    y = classes(rng, X, k) if target is None else target(rng, X)
    if double:  # equal scores
        X[:, 1], X[:, 6] = X[:, 0], X[:, 5]
    return selector.fit(X.astype(dtype), y, **parameters), numeric_rows(rng, X, ordinary=8, dtype=dtype)


# ---- scores ----

for name, make in [("k-best", lambda: fs.SelectKBest(k=3)), ("k-best-all", lambda: fs.SelectKBest(k="all")),
                   ("percentile", lambda: fs.SelectPercentile(percentile=40)), ("percentile-70", lambda: fs.SelectPercentile(percentile=70)),
                   ("percentile-29", lambda: fs.SelectPercentile(percentile=29)), ("percentile-100", lambda: fs.SelectPercentile(percentile=100)),
                   ("fpr", lambda: fs.SelectFpr(alpha=0.05)), ("fdr", lambda: fs.SelectFdr(alpha=0.2)), ("fwe", lambda: fs.SelectFwe(alpha=0.2)),
                   ("generic-percentile", lambda: fs.GenericUnivariateSelect(mode="percentile", param=45)),
                   ("generic-k-best", lambda: fs.GenericUnivariateSelect(mode="k_best", param=4)),
                   ("generic-fpr", lambda: fs.GenericUnivariateSelect(mode="fpr", param=0.1)),
                   ("generic-fdr", lambda: fs.GenericUnivariateSelect(mode="fdr", param=0.3)),
                   ("generic-fwe", lambda: fs.GenericUnivariateSelect(mode="fwe", param=0.4))]:
    case(name)(lambda rng, make=make: fitted(rng, make()))
    if name in ("k-best", "percentile", "percentile-70", "percentile-29"):
        case(name + "-ties")(lambda rng, make=make: fitted(rng, make(), double=True))


@case("k-best-regression")
def _(rng):
    return fitted(rng, fs.SelectKBest(fs.f_regression, k=2), target=score)


@case("k-best-mutual-information", since=(0, 19))
def _(rng):
    return fitted(rng, fs.SelectKBest(fs.mutual_info_classif, k=4))


@case("k-best-nan-scores")
def _(rng):
    def constant(rng, X):
        y = classes(rng, X)
        X[:, 2] = 1.5
        return y
    return fitted(rng, fs.SelectKBest(k=7), target=constant)


@case("k-best-float32")
def _(rng):
    return fitted(rng, fs.SelectKBest(k=3), np.float32)


@case("percentile-float32")
def _(rng):
    return fitted(rng, fs.SelectPercentile(percentile=55), np.float32, double=True)


@case("variance")
def _(rng):
    return fitted(rng, fs.VarianceThreshold(threshold=0.9))


@case("variance-zero")
def _(rng):
    X = numbers(rng, n=80)
    X[:, 1], X[:, 4] = 0.1, 7
    return fs.VarianceThreshold().fit(X), numeric_rows(rng, X)


@case("variance-float32")
def _(rng):
    return fitted(rng, fs.VarianceThreshold(threshold=0.9), np.float32)


# ---- SelectFromModel ----

def liblinear(**parameters):
    return LogisticRegression(solver="liblinear", random_state=0, **parameters)


for name, make, k in [
        ("logistic", lambda: fs.SelectFromModel(liblinear()), 2),
        ("logistic-multiclass", lambda: fs.SelectFromModel(LogisticRegression(solver="lbfgs", max_iter=50)), 3),
        ("logistic-norm-2", lambda: fs.SelectFromModel(LogisticRegression(solver="lbfgs", max_iter=50), norm_order=2), 3),
        ("logistic-norm-inf", lambda: fs.SelectFromModel(LogisticRegression(solver="lbfgs", max_iter=50), norm_order=np.inf), 3),
        ("logistic-l1", lambda: fs.SelectFromModel(liblinear(penalty="l1", C=0.05)), 2),
        ("median", lambda: fs.SelectFromModel(liblinear(), threshold="median"), 2),
        ("multiple", lambda: fs.SelectFromModel(liblinear(), threshold="0.3*mean"), 2),
        ("multiple-of-median", lambda: fs.SelectFromModel(liblinear(), threshold=" 1.25 * median "), 2),
        ("number", lambda: fs.SelectFromModel(liblinear(), threshold=0.01), 2),
        ("tree", lambda: fs.SelectFromModel(DecisionTreeClassifier(max_depth=4, random_state=0)), 2),
        ("forest", lambda: fs.SelectFromModel(RandomForestClassifier(7, max_depth=4, random_state=0)), 3),
        ("forest-stumps", lambda: fs.SelectFromModel(RandomForestClassifier(7, min_samples_leaf=30, random_state=0), threshold="0.5*mean"), 2),
        ("boosting", lambda: fs.SelectFromModel(GradientBoostingClassifier(n_estimators=5, max_depth=2, random_state=0)), 3),
        ("ada", lambda: fs.SelectFromModel(AdaBoostClassifier(n_estimators=5, random_state=0)), 2)]:
    case("from-" + name, since=(0, 19) if "norm" in name else (0, 0))(lambda rng, make=make, k=k: fitted(rng, make(), k=k))


@case("from-lasso")
def _(rng):
    return fitted(rng, fs.SelectFromModel(Lasso(alpha=0.02)), target=score)


@case("from-linear-prefit")
def _(rng):
    X = numbers(rng)
    X[:, 3] -= 1.6e9
    return fs.SelectFromModel(LinearRegression().fit(X, score(rng, X)), prefit=True, threshold="median"), numeric_rows(rng, X)


@case("from-max-features", since=(0, 20))
def _(rng):
    return fitted(rng, fs.SelectFromModel(ExtraTreesRegressor(5, max_depth=4, random_state=0), max_features=3, threshold=-np.inf), target=score)


@case("from-max-features-function", since=(1, 1))
def _(rng):
    return fitted(rng, fs.SelectFromModel(RandomForestRegressor(5, max_depth=4, random_state=0), max_features=np.ndim, threshold="mean"), target=score)


@case("from-pipeline", since=(0, 24), until=(1, 5))
def _(rng):
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit
    return fitted(rng, fs.SelectFromModel(DecisionTreeClassifier(max_depth=3, random_state=0), importance_getter="feature_importances_"))


@case("from-frame")
def _(rng):
    table = frame(rng, missing=0)[["price", "size", "share"]].astype(float)
    y = (table.share > 0.5).astype(int)
    rows = frame_rows(rng, table)
    return fs.SelectFromModel(DecisionTreeClassifier(max_depth=2, random_state=0)).fit(table, y), rows


@case("from-frame-pandas-output", since=(1, 2))
def _(rng):
    table = frame(rng, missing=0)[["price", "size", "share"]].astype(float)
    y = (table.share > 0.5).astype(int)
    model = fs.SelectFromModel(DecisionTreeClassifier(max_depth=2, random_state=0)).set_output(transform="pandas")
    return model.fit(table, y), frame_rows(rng, table)


# ---- elimination ----

def tame(model, rows):
    """Without what the selector lets pass and its tree refuses."""
    return model, rows[(np.abs(rows) < 1e38).all(axis=1)]


@case("rfe")
def _(rng):
    return fitted(rng, fs.RFE(liblinear(), n_features_to_select=3))


@case("rfe-multiclass")
def _(rng):
    return fitted(rng, fs.RFE(LogisticRegression(solver="lbfgs", max_iter=50), n_features_to_select=4), k=3)


@case("rfe-tree", since=(1, 2))
def _(rng):
    return tame(*fitted(rng, fs.RFE(DecisionTreeClassifier(max_depth=3, random_state=0), n_features_to_select=4)))


@case("rfe-regression", since=(0, 19))
def _(rng):
    return fitted(rng, fs.RFE(LinearRegression(), n_features_to_select=3, step=2), target=score)


@case("rfe-pipeline")
def _(rng):
    X = numbers(rng)
    model = make_pipeline(MinMaxScaler(), fs.RFE(liblinear(), n_features_to_select=3), LogisticRegression(solver="lbfgs"))
    return model.fit(X, classes(rng, X)), numeric_rows(rng, X)


@case("rfecv")
def _(rng):
    return fitted(rng, fs.RFECV(liblinear(), cv=3, step=2))


@case("rfecv-tree", since=(1, 2))
def _(rng):
    return tame(*fitted(rng, fs.RFECV(DecisionTreeClassifier(max_depth=3, random_state=0), cv=3, step=2)))


@case("sequential", since=(0, 24))
def _(rng):
    return fitted(rng, fs.SequentialFeatureSelector(liblinear(), n_features_to_select=2, cv=2), p=5)


@case("sequential-forest", since=(0, 24))
def _(rng):
    model = RandomForestClassifier(3, max_depth=2, random_state=0)
    return fitted(rng, fs.SequentialFeatureSelector(model, n_features_to_select=3, direction="backward", cv=2), p=5)
