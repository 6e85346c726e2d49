# SPDX-License-Identifier: Apache-2.0
"""Bounds of estimators that are made of others: how the errors of the parts add up.  See bounds.py for what B and C are."""
import numpy as np
from sklearn.base import is_regressor

import bounds
from bounds import ULPS, classed, finite_or_inf, log_error, softmax_error, ulp

EPS = np.finfo(float).eps


# ---- the parts ----

def answer_of(part, X, method):
    """What the part answers, as floats, and its error."""
    answer = np.asarray(getattr(part, method)(X))
    known = bounds.bound(part, X, method, answer) if answer.dtype.kind == "f" else None
    return answer, known[1] if known else np.zeros(answer.shape)


def turned(part, X):
    """Rows whose label the error of the part can turn."""
    marks = None if is_regressor(part) else bounds.unstable(part, X)
    return np.zeros(len(bounds.dense(X)), dtype=bool) if marks is None else marks


def any_turned(parts, X):
    return np.any([turned(part, X) for part in parts], axis=0)


def margins(score, error, limit=0.0):
    """Rows that are as near to the limit, or whose two best are as near to each other, as the error is large."""
    if score.ndim == 1 or score.shape[1] == 1:
        score, error = score.ravel(), error.ravel()
        return (np.abs(score - limit) <= error) & (error > 0)
    order = np.argsort(score, axis=1)
    pick = lambda values, k: values[np.arange(len(values)), order[:, k]]
    margin, room = pick(score, -1) - pick(score, -2), pick(error, -1) + pick(error, -2)
    return (margin <= room) & (room > 0)


def by_method(method):
    """predict is the argmax of the method, or whether it is above 0."""
    def unstable(model, X):
        score, error = answer_of(model, X, method)
        return margins(score, error) if np.any(error) else None
    return unstable


def logarithm(model, X, answer):
    p, error = answer_of(model, X, "predict_proba")
    return classed(log_error(p, error, answer), "C")


# ---- those that hand everything to one other ----

def delegate(*names):
    def part(model):
        return next(getattr(model, name) for name in names if hasattr(model, name))

    def bound(model, X, method, answer):
        return bounds.bound(part(model), X, method, answer)

    def unstable(model, X):
        return bounds.unstable(part(model), X)
    return bound, unstable


def threshold_scores(model, X):
    part = getattr(model, "estimator_", model.estimator)
    method = model.response_method
    if method == "auto":
        method = "predict_proba" if hasattr(part, "predict_proba") else "decision_function"
    score, error = answer_of(part, X, method)
    positive = getattr(model, "pos_label", None)
    if hasattr(model, "_curve_scorer"):
        positive = model._curve_scorer._get_pos_label()
    first = positive is not None and part.classes_[0] == positive
    if method == "predict_proba":
        return score[:, 0 if first else 1], error[:, 0 if first else 1], 0.5
    return -score if first else score, error, 0.0


def threshold_unstable(model, X):
    score, error, limit = threshold_scores(model, X)
    given = getattr(model, "best_threshold_", getattr(model, "threshold", "auto"))
    return margins(score, error, limit if isinstance(given, str) else given) if np.any(error) else None


# ---- transformed targets ----

def inverse_slope(transformer, predicted):
    """How much steeper than 1 the way back is."""
    if hasattr(transformer, "inverse_func"):
        return 1.0 if transformer.inverse_func is None else np.exp(predicted)  # exp and expm1 are what the goldens have
    return transformer.scale_


def target_bound(model, X, method, answer):
    predicted, error = answer_of(model.regressor_, X, "predict")
    function = getattr(model.transformer_, "inverse_func", None) is not None
    if not function and not np.any(error):
        return None
    shape = predicted.shape if predicted.ndim == 2 else (-1, 1)
    with np.errstate(over="ignore", invalid="ignore"):
        carried = (error.reshape(shape) * inverse_slope(model.transformer_, predicted.reshape(shape))).reshape(answer.shape)
    return classed(finite_or_inf(1.01 * carried + ULPS * ulp(answer)), "C")


# ---- sklearn.multiclass ----

def binary_scores(model, X):
    """One score an estimator, as _predict_binary finds it."""
    found = []
    for part in model.estimators_:
        method = "decision_function" if hasattr(part, "decision_function") else \
            "predict" if is_regressor(part) else "predict_proba"
        score, error = answer_of(part, X, method)
        found.append((score[:, 1], error[:, 1]) if method == "predict_proba" else (score.ravel(), error.ravel()))
    return [np.stack(column, axis=1) for column in zip(*found)]


def rest_bound(model, X, method, answer):
    if method == "decision_function":
        return classed(binary_scores(model, X)[1].reshape(answer.shape), "B")
    if method != "predict_proba":
        return None
    found = [answer_of(part, X, method) for part in model.estimators_]
    p, error = (np.stack([f[i][:, 1] for f in found], axis=1) for i in (0, 1))
    if not np.any(error):
        return None
    if p.shape[1] == 1:
        p, error = np.hstack([1 - p, p]), np.hstack([error, error]) + EPS
    if model.multilabel_:
        return classed(error, "C")
    total = np.abs(p.sum(axis=1, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        return classed((error + answer * error.sum(axis=1, keepdims=True)) / total + 4 * ulp(answer), "C")


def rest_unstable(model, X):
    score, error = binary_scores(model, X)
    if not np.any(error):
        return None
    limit = 0.0 if hasattr(model.estimators_[0], "decision_function") else 0.5
    if model.multilabel_:
        return ((np.abs(score - limit) <= error) & (error > 0)).any(axis=1)
    return margins(score, error, limit)


def one_bound(model, X, method, answer):
    """Scores are within (-1/3, 1/3) of the votes, and no steeper than the sum of the confidences / 3."""
    if method != "decision_function":
        return None
    error = binary_scores(model, X)[1].sum(axis=1)
    if not np.any(error):
        return None
    error = error / 3 + 8 * EPS * len(model.estimators_)
    error = np.where(any_turned(model.estimators_, X), np.inf, error)
    return classed(np.broadcast_to(error.reshape((-1,) + (1,) * (answer.ndim - 1)), answer.shape), "B")


def one_unstable(model, X):
    marks = any_turned(model.estimators_, X)
    if not np.any(binary_scores(model, X)[1]):
        return None
    score, error = answer_of(model, X, "decision_function")
    return marks | margins(score, error, 0.0) | margins(score, error, 0.5) if score.ndim == 1 else marks | margins(score, error)


def code_unstable(model, X):
    """Distances to the codes, as close as their rounding."""
    score, error = binary_scores(model, X)
    score = score.astype(float)
    with np.errstate(over="ignore", invalid="ignore"):
        distance = ((score[:, None, :] - model.code_book_[None]) ** 2).sum(axis=2)
        size = (score ** 2).sum(axis=1, keepdims=True) + (model.code_book_ ** 2).sum(axis=1)[None]
        moved = 2 * (np.abs(score[:, None, :] - model.code_book_[None]) * error[:, None, :]).sum(axis=2)
    return margins(-distance, moved + 8 * (score.shape[1] + 2) * EPS * size)


# ---- sklearn.multioutput ----

def outputs_bound(model, X, method, answer):
    """Of regressors; classifiers have trees in the goldens."""
    if method != "predict" or hasattr(model, "classes_"):
        return None
    return classed(np.stack([answer_of(part, X, method)[1] for part in model.estimators_], axis=1), "B")


def chain_bound(model, X, method, answer):
    """Of linear regressors: an error goes on to the next by its weight."""
    if method == "predict_log_proba":
        return logarithm(model, X, answer)
    if method != "predict" or not hasattr(model.estimators_[0], "coef_"):
        return None
    seen, errors, p = bounds.dense(X), [], bounds.dense(X).shape[1]
    for part in model.estimators_:
        own = bounds.dot_error(seen, part.coef_, part.intercept_).ravel()
        carried = sum(np.abs(part.coef_.ravel()[p + i]) * e for i, e in enumerate(errors))
        errors.append(own + carried)
        seen = np.hstack([seen, part.predict(seen).reshape(-1, 1)])
    places = np.argsort(model.order_)
    return classed(np.stack(errors, axis=1)[:, places], "B")


# ---- voting and stacking ----

def kept_weights(model):
    if model.weights is None:
        return np.ones(len(model.estimators_))
    dropped = [entry[1] is None or isinstance(entry[1], str) for entry in model.estimators]
    return np.array([w for w, gone in zip(model.weights, dropped) if not gone], dtype=float)


def average_error(model, X, method, answer):
    weights = kept_weights(model)
    errors = np.stack([answer_of(part, X, method)[1] for part in model.estimators_])
    if not np.any(errors):
        return None
    scale = np.abs(weights).reshape((-1,) + (1,) * (errors.ndim - 1)) / np.abs(weights.sum())
    return (errors * scale).sum(axis=0) + 4 * len(weights) * ulp(answer)


def voting_bound(model, X, method, answer):
    if method == "transform":
        soft = getattr(model, "voting", "") == "soft"
        if getattr(model, "voting", "soft") == "hard":
            return None
        errors = [answer_of(part, X, "predict_proba" if soft else "predict")[1] for part in model.estimators_]
        return classed(np.column_stack(errors), "C")
    if method == "predict" and hasattr(model, "classes_"):
        return None
    return classed(average_error(model, X, method, answer), "C")


def voting_unstable(model, X):
    if not hasattr(model, "classes_"):
        return None
    if model.voting == "soft":
        return by_method("predict_proba")(model, X)
    marks = any_turned(model.estimators_, X)
    return marks if np.any(marks) else None


def stacked_exactly(model, X):
    """The goldens stack trees, and a linear model or a tree on top."""
    for part, method in zip(model.estimators_, model.stack_method_):
        if np.any(answer_of(part, X, method)[1]):
            raise SystemExit("a stack of estimators that are not exact has no bound here")
    return model.transform(X)


def stacking_bound(model, X, method, answer):
    below = stacked_exactly(model, X)
    if method == "transform" or (method == "predict" and hasattr(model, "classes_")):
        return None
    return bounds.bound(model.final_estimator_, below, method, answer)


def stacking_unstable(model, X):
    return bounds.unstable(model.final_estimator_, stacked_exactly(model, X))


# ---- calibration ----

def part_scores(part, X):
    """What a calibrator is given, and its error: one column a score."""
    decides = hasattr(part, "decision_function")
    score, error = answer_of(part, X, "decision_function" if decides else "predict_proba")
    if score.ndim == 1:
        return score.reshape(-1, 1), error.reshape(-1, 1)
    return (score[:, 1:], error[:, 1:]) if not decides and score.shape[1] == 2 else (score, error)


def calibrated_column(calibrator, score, error):
    p = calibrator.predict(score)
    if not hasattr(calibrator, "a_"):  # isotonic: exact where its scores are
        return p, np.where(error > 0, np.inf, 0.0)
    slope = p * (1 - p)
    at = np.abs(calibrator.a_) * error + 2 * np.finfo(p.dtype).eps * (np.abs(calibrator.a_ * score) + np.abs(calibrator.b_))
    return p, slope * at + ULPS * ulp(p)


def calibrated_error(one, X, answer):
    """Of one _CalibratedClassifier."""
    part = getattr(one, "estimator", None) or getattr(one, "base_estimator", None)
    score, error = part_scores(part, X)
    calibrators = getattr(one, "calibrators", None) or one.calibrators_
    if one.method == "temperature":
        pair = np.hstack([-score, score]) if score.shape[1] == 1 else np.log(np.maximum(score, 1e-12))
        steep = np.maximum(error, 8 * EPS * np.abs(pair)) + np.zeros_like(pair)
        return softmax_error(answer, calibrators[0].beta_ * pair, np.abs(calibrators[0].beta_) * steep)
    found = [calibrated_column(c, score[:, k], error[:, k]) for k, c in enumerate(calibrators[:score.shape[1]])]
    p, errors = (np.stack(column, axis=1) for column in zip(*found))
    if p.shape[1] == 1:
        return np.hstack([errors + EPS, errors]) if np.any(errors) else np.zeros_like(answer)
    if not np.any(errors):
        return np.zeros_like(answer)
    total = p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (errors.max(axis=1, keepdims=True) + answer * errors.sum(axis=1, keepdims=True)) / total
    return finite_or_inf(spread) + 4 * ulp(answer)


def calibrated_bound(model, X, method, answer):
    if method != "predict_proba":
        return None
    parts = model.calibrated_classifiers_
    return classed(sum(calibrated_error(one, X, one.predict_proba(X)) for one in parts) / len(parts), "C")


# ---- ensembles that weigh and that draw ----

def real_error(model, X):
    """SAMME.R adds logarithms of probabilities."""
    k, error = len(model.classes_), 0
    for part in model.estimators_:
        p = part.predict_proba(X)
        logs = np.log(np.maximum(p, np.finfo(p.dtype).eps))
        error = error + (k - 1) * np.abs(logs).max(axis=1) * np.finfo(p.dtype).eps * (2 * ULPS + k)
    return error / model.estimator_weights_.sum() * 2


def boost_bound(model, X, method, answer):
    if not hasattr(model, "classes_") or method == "predict":
        return None
    k, real = len(model.classes_), getattr(model, "algorithm", "") == "SAMME.R"
    error = real_error(model, X) if real else np.zeros(len(answer))
    if method == "decision_function":
        return classed(np.broadcast_to(error.reshape((-1,) + (1,) * (answer.ndim - 1)), answer.shape) + 0.0, "C")
    if method == "predict_log_proba":
        return logarithm(model, X, answer)
    score = np.asarray(model.decision_function(X))
    score = np.column_stack([-score, score]) / 2 if score.ndim == 1 else score / (k - 1)
    return classed(softmax_error(answer, score + np.zeros_like(answer), 2 * error[:, None] + np.zeros_like(answer)), "C")


def drawn(model, X, method):
    """(answer, error, classes) of every part, on its columns."""
    for part, features in zip(model.estimators_, model.estimators_features_):
        own = bounds.dense(X)[:, features]
        yield answer_of(part, own, method) + (getattr(part, "classes_", None),)


def bagged_error(model, X, method, answer):
    error = np.zeros(answer.shape)
    for _, own, labels in drawn(model, X, method):
        if method == "predict_proba":
            error[:, labels] += own
        else:
            error += own.reshape(error.shape)
    return error / len(model.estimators_) + 2 * ulp(answer) if np.any(error) else None


def bagged_bound(model, X, method, answer):
    if method == "predict" and hasattr(model, "classes_"):
        return None
    if method == "predict_log_proba":
        if not hasattr(model.estimators_[0], method):
            return logarithm(model, X, answer)
        error = np.zeros(answer.shape)
        for own, carried, labels in drawn(model, X, method):
            error[:, labels] += carried + ULPS * ulp(np.maximum(np.where(np.isfinite(own), np.abs(own), 0), 1))
        return classed(error + 2 * ULPS * ulp(np.maximum(np.where(np.isfinite(answer), np.abs(answer), 0), 4)), "C")
    if method == "predict_proba" and not hasattr(model.estimators_[0], method):
        return None
    return classed(bagged_error(model, X, method, answer), "C")


def bagged_unstable(model, X):
    if not hasattr(model, "classes_"):
        return None
    if hasattr(model.estimators_[0], "predict_proba"):
        return by_method("predict_proba")(model, X)
    marks = np.zeros(len(X), dtype=bool)
    for part, features in zip(model.estimators_, model.estimators_features_):
        marks |= turned(part, bounds.dense(X)[:, features])
    return marks if np.any(marks) else None


# ---- isolation ----

def isolation_bound(model, X, method, answer):
    """2^-x, where x is a sum of logarithms by another; x is log2 of the answer."""
    if method == "predict":
        return None
    score = 0.5 - model.decision_function(X) if not hasattr(model, "score_samples") else -model.score_samples(X)
    return classed(isolation_error(score) + (ulp(answer) if method == "decision_function" else 0), "C")


def isolation_error(score):
    return score * np.log(2) * np.abs(np.log2(score)) * 16 * EPS + ULPS * ulp(score)


def isolation_unstable(model, X):
    decision = model.decision_function(X)
    limit = getattr(model, "_threshold_", getattr(model, "__dict__", {}).get("threshold_", 0.0))
    return np.abs(decision - limit) <= isolation_error(np.ones_like(decision)) + ulp(decision)


# ---- the tables ----

BEST = delegate("best_estimator_")
BOUNDS = {
    "GridSearchCV": BEST[0], "RandomizedSearchCV": BEST[0], "HalvingGridSearchCV": BEST[0], "HalvingRandomSearchCV": BEST[0],
    "FrozenEstimator": delegate("estimator")[0], "SelfTrainingClassifier": delegate("estimator_", "base_estimator_")[0],
    "FixedThresholdClassifier": delegate("estimator_", "estimator")[0], "TunedThresholdClassifierCV": delegate("estimator_")[0],
    "OneVsRestClassifier": rest_bound, "OneVsOneClassifier": one_bound, "OutputCodeClassifier": lambda *arguments: None,
    "MultiOutputClassifier": outputs_bound, "MultiOutputRegressor": outputs_bound, "ClassifierChain": chain_bound,
    "RegressorChain": chain_bound, "VotingClassifier": voting_bound, "VotingRegressor": voting_bound,
    "StackingClassifier": stacking_bound, "StackingRegressor": stacking_bound, "TransformedTargetRegressor": target_bound,
    "CalibratedClassifierCV": calibrated_bound, "AdaBoostClassifier": boost_bound, "AdaBoostRegressor": boost_bound,
    "BaggingClassifier": bagged_bound, "BaggingRegressor": bagged_bound, "IsolationForest": isolation_bound,
}
NEVER = lambda model, X: None  # noqa: E731
UNSTABLE = {
    "GridSearchCV": BEST[1], "RandomizedSearchCV": BEST[1], "HalvingGridSearchCV": BEST[1], "HalvingRandomSearchCV": BEST[1],
    "FrozenEstimator": delegate("estimator")[1], "SelfTrainingClassifier": delegate("estimator_", "base_estimator_")[1],
    "FixedThresholdClassifier": threshold_unstable, "TunedThresholdClassifierCV": threshold_unstable,
    "OneVsRestClassifier": rest_unstable, "OneVsOneClassifier": one_unstable, "OutputCodeClassifier": code_unstable,
    "MultiOutputClassifier": NEVER, "MultiOutputRegressor": NEVER, "ClassifierChain": NEVER, "RegressorChain": NEVER,
    "VotingClassifier": voting_unstable, "VotingRegressor": NEVER,
    "StackingClassifier": stacking_unstable, "StackingRegressor": NEVER, "TransformedTargetRegressor": NEVER,
    "CalibratedClassifierCV": by_method("predict_proba"), "AdaBoostClassifier": by_method("decision_function"),
    "AdaBoostRegressor": NEVER, "BaggingClassifier": bagged_unstable, "BaggingRegressor": NEVER,
    "IsolationForest": isolation_unstable,
}
