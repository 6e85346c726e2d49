# SPDX-License-Identifier: Apache-2.0
"""Bounds of IterativeImputer: each estimate has the error of its own product, and those of the estimates that it is made from."""
import numpy as np

from bounds import classed, dense, dot_error, ulp


def is_missing(X, missing):
    return np.isnan(X) if missing != missing else X == missing


def start(model, X):
    """The rows as they are first filled in, and which features are to be estimated."""
    filled = np.array(model.initial_imputer_.transform(X))
    empty = getattr(model, "_is_empty_feature", np.isnan(np.asarray(model.initial_imputer_.statistics_, dtype=float)))
    wanted = is_missing(X, model.missing_values)
    if getattr(model, "keep_empty_features", False):
        wanted[:, empty] = False
        return filled, wanted
    return (filled[:, ~empty] if filled.shape[1] == X.shape[1] else filled), wanted[:, ~empty]


def iterative(model, X, method, answer):
    X = dense(X)
    if not model.n_iter_ or not all(hasattr(step.estimator, "coef_") for step in model.imputation_sequence_):
        return None
    filled, wanted = start(model, X)
    error = np.zeros(filled.shape)
    limits = [np.broadcast_to(np.asarray(limit, dtype=float), filled.shape[1:]) for limit in (model._min_value, model._max_value)]
    with np.errstate(all="ignore"):
        for feature, neighbours, estimator in model.imputation_sequence_:
            rows = wanted[:, feature]
            if not rows.any():
                continue
            asked, coef = filled[rows][:, neighbours], np.atleast_2d(estimator.coef_)
            carried = error[rows][:, neighbours] @ np.abs(coef).T.astype(float)
            estimate = np.clip(estimator.predict(asked), limits[0][feature], limits[1][feature])
            filled[rows, feature] = estimate
            error[rows, feature] = (dot_error(asked, coef, estimator.intercept_) + carried).ravel()
            error[rows, feature] += ulp(filled[rows, feature])
    out = np.zeros(answer.shape)
    out[:, :filled.shape[1]] = error
    return classed(out, "B")


BOUNDS = {"IterativeImputer": iterative}
