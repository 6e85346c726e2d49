# SPDX-License-Identifier: Apache-2.0
"""Bounds of classifiers that score each class by a joint log likelihood: naive Bayes, quadratic discriminant analysis."""
import numpy as np

from bounds import ULPS, classed, dense, dot_error, finite_or_inf, ulp


def log_sum_error(score, error, p):
    """Of score - log(sum(exp(score))): numpy subtracts the maximum first, so the size of the scores counts."""
    with np.errstate(invalid="ignore", over="ignore"):
        eps = np.finfo(p.dtype).eps
        common = (p * np.where(p > 0, error, 0)).sum(axis=1, keepdims=True)
        largest = np.abs(np.where(np.isfinite(score), score, 0)).max(axis=1, keepdims=True)
        return finite_or_inf(error + common + eps * (2 * largest + 2 * ULPS + score.shape[1]))


def proba_error(p, log_error):
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(p > 0, finite_or_inf(p * np.expm1(np.minimum(log_error, 700)) + ULPS * ulp(p)), ULPS * ulp(p))


def joint_of(model, X):
    """(scores, their error); the model's own check of its input first, as its methods do."""
    kind, X = type(model).__name__, dense(X)
    with np.errstate(all="ignore"):
        if kind == "GaussianNB":
            return gaussian(model, X)
        if kind == "CategoricalNB":
            score = model._joint_log_likelihood(X.astype(int))
            return score, np.zeros_like(score)
        if kind == "BernoulliNB":
            return bernoulli(model, X)
        prior = model.class_log_prior_ if kind == "MultinomialNB" or len(model.classes_) == 1 else 0
        score = np.asarray(model._joint_log_likelihood(X))
        return score, dot_error(X.astype(np.float64), model.feature_log_prob_, prior)


def gaussian(model, X):
    """Logarithms, and a sum of squares that others may add in another order."""
    score = np.asarray(model._joint_log_likelihood(X))
    variance = getattr(model, "var_", None)
    variance = model.sigma_ if variance is None else variance
    eps = np.finfo(score.dtype).eps
    error = np.zeros(score.shape)
    for k in range(len(model.classes_)):
        squares = ((X - model.theta_[k]) ** 2 / variance[k]).astype(np.float64)
        logarithms = np.abs(np.log(model.class_prior_[k])) + np.abs(np.log(2 * np.pi * variance[k])).sum()
        error[:, k] = 4 * (X.shape[1] + 1) * eps * (np.abs(squares).sum(axis=1) + logarithms)
    return score, finite_or_inf(error)


def bernoulli(model, X):
    bits = X
    if model.binarize is not None:  # numpy compares float32 with a threshold of Python's as float32
        bits = (X > (X.dtype.type(model.binarize) if X.dtype.kind == "f" else model.binarize)).astype(np.float64)
    absent = np.log(1 - np.exp(model.feature_log_prob_))
    weights, bias = model.feature_log_prob_ - absent, model.class_log_prior_ + absent.sum(axis=1)
    logarithms = ULPS * np.finfo(float).eps * (np.abs(bits).dot(np.abs(absent).T) + np.abs(absent).sum(axis=1))
    error = dot_error(bits, weights, np.abs(model.class_log_prior_) + np.abs(absent).sum(axis=1)) + logarithms
    return bits.dot(weights.T) + bias, finite_or_inf(error)


def bound(model, X, method, answer):
    if method == "predict":
        return None
    score, error = joint_of(model, X)
    p = np.asarray(model.predict_proba(X))
    error = log_sum_error(score, error, p)
    return classed(error if method == "predict_log_proba" else proba_error(p, error), "C")


def margin(score, error):
    with np.errstate(invalid="ignore"):
        if score.shape[1] == 1:
            return np.zeros(len(score), dtype=bool)
        first, second = np.sort(score, axis=1)[:, [-1, -2]].T
        room = 2 * error.max(axis=1)
        return ~(first - second > room) & (room > 0)


def unstable(model, X):
    return margin(*joint_of(model, X))


NAMES = ("GaussianNB", "MultinomialNB", "ComplementNB", "BernoulliNB", "CategoricalNB")
BOUNDS = {name: bound for name in NAMES}
UNSTABLE = {name: unstable for name in NAMES}
