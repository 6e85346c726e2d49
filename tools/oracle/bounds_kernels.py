# SPDX-License-Identifier: Apache-2.0
"""Bounds of models that keep training rows: support vector machines, kernel ridge, Gaussian processes.  See bounds.py for what B and C are."""
import numpy as np

from bounds import ULPS, classed, dense, finite_or_inf, log_error, ulp

EPS = np.finfo(float).eps


# ---- kernels between rows: value and error ----

def dots(X, Y):
    return X @ Y.T, 4 * (X.shape[1] + 1) * EPS * (np.abs(X) @ np.abs(Y).T)


def squares(X, Y):
    """Of the differences.  What keeps rows sparse may take x^2 + y^2 - 2 x y instead."""
    value = ((X[:, None, :] - Y[None]) ** 2).sum(axis=2)
    return value, 4 * (X.shape[1] + 2) * EPS * np.where(np.isfinite(value), value, 0)


def expanded_squares(X, Y):
    own, other = (X ** 2).sum(axis=1)[:, None], (Y ** 2).sum(axis=1)[None]
    return squares(X, Y)[0], 4 * (X.shape[1] + 2) * EPS * (own + other + 2 * np.abs(X) @ np.abs(Y).T)


def exponentials(gamma, value, error):
    k = np.exp(-gamma * value)
    shift = gamma * error + EPS * gamma * value
    return k, np.where(np.isfinite(error), k * np.expm1(np.minimum(shift, 700)) + ULPS * ulp(k), np.inf)


def kernel(kind, X, Y, gamma, coef0, degree, sparse=False):
    if kind == "rbf":
        return exponentials(gamma, *(expanded_squares if sparse else squares)(X, Y))
    value, error = dots(X, Y)
    if kind == "linear":
        return value, error
    at = gamma * value + coef0
    error = gamma * error + 2 * EPS * (np.abs(gamma * value) + np.abs(coef0))
    if kind == "sigmoid":
        k = np.tanh(at)
        return k, np.minimum((1 - k ** 2) * error + error ** 2, 2) + ULPS * ulp(k)
    k = at ** degree
    return k, (np.abs(at) + error) ** degree - np.abs(at) ** degree + 4 * (degree + 1) * EPS * np.abs(k)


# ---- libsvm ----

def sums(coef, k, error, intercept):
    total = np.abs(k) @ np.abs(coef)
    return k @ coef + intercept, error @ np.abs(coef) + 4 * (len(coef) + 1) * EPS * (total + np.abs(intercept))


def support_counts(model):
    return np.asarray(model.n_support_)


def decisions(model, X):
    """libsvm's own values, and their errors: one column a pair of classes."""
    with np.errstate(all="ignore"):
        X, vectors = np.asarray(dense(X), dtype=float), np.asarray(dense(model.support_vectors_), dtype=float)
        coef, intercept = np.atleast_2d(dense(model._dual_coef_)), model._intercept_
        if not len(vectors):
            return np.tile(intercept, (len(X), 1)), np.zeros((len(X), 1))
        k, error = kernel(model.kernel, X, vectors, model._gamma, model.coef0, model.degree, model._sparse)
        if not hasattr(model, "classes_"):
            pairs = [sums(coef[0], k, error, intercept[0])]
        else:
            starts, pairs = np.r_[0, np.cumsum(support_counts(model))], []
            for i in range(len(model.classes_)):
                for j in range(i + 1, len(model.classes_)):
                    own, other = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
                    both = np.r_[coef[j - 1, own], coef[i, other]]
                    pairs.append(sums(both, np.hstack([k[:, own], k[:, other]]), np.hstack([error[:, own], error[:, other]]),
                                      intercept[len(pairs)]))
    values, errors = (np.stack(column, axis=1) for column in zip(*pairs))
    return values, np.where(np.isfinite(values), finite_or_inf(errors), np.inf)


def turning(model, X):
    """Pairs whose sign the error can turn."""
    values, errors = decisions(model, X)
    return ~(np.abs(values) > errors) & (errors > 0)


def against_rest(model, X, answer):
    """Scores are within (-1/3, 1/3) of the votes, and as smooth as the sum of the pairs."""
    _, errors = decisions(model, X)
    k = answer.shape[1]
    error = errors.sum(axis=1, keepdims=True) / 3 + 8 * k * EPS + np.zeros_like(answer)
    error[turning(model, X).any(axis=1)] = np.inf
    return error


def platt(values, a, b):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.clip(1 / (1 + np.exp(values * a + b)), 1e-7, 1 - 1e-7)


def couple(rates, k):
    """multiclass_probability of svm.cpp, and after how many rounds it stopped."""
    r, p, at = np.zeros((k, k)), np.full(k, 1 / k), 0
    for i in range(k):
        for j in range(i + 1, k):
            r[i, j], r[j, i], at = rates[at], 1 - rates[at], at + 1
    q = -r.T * r
    for t in range(k):
        q[t, t] = sum(r[j, t] ** 2 for j in range(k) if j != t)
    for round_ in range(max(100, k)):
        qp = q @ p
        pqp = p @ qp
        if np.abs(qp - pqp).max() < 0.005 / k:
            break
        for t in range(k):
            diff = (pqp - qp[t]) / q[t, t]
            p[t] += diff
            pqp = (pqp + diff * (diff * q[t, t] + 2 * qp[t])) / (1 + diff) / (1 + diff)
            qp, p = (qp + diff * q[t]) / (1 + diff), p / (1 + diff)
    return p, round_


def coupling_error(rates, errors, k):
    """Each pair moved by its error: the sum of what that does, infinite where the rounds change."""
    base, rounds = couple(rates, k)
    total = np.full(k, 64 * k * EPS)
    for pair in range(len(rates)):
        for sign in (-1, 1):
            moved = rates.copy()
            step = max(errors[pair], 1e-9)  # a slope, where the error is too small for one
            moved[pair] += sign * step
            p, others = couple(moved, k)
            total += np.abs(p - base) * errors[pair] / step if others == rounds else np.inf
    return total


def svm_probability_error(model, X, p):
    values, errors = decisions(model, X)
    a, b = (np.asarray(getattr(model, "_prob" + x, None) if hasattr(model, "_prob" + x) else getattr(model, "prob" + x + "_"))
            for x in "AB")
    rates = platt(values, a, b)
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.minimum(np.abs(a) * errors + 2 * EPS * (np.abs(a * values) + np.abs(b)), 1)
    steps = np.where(np.isfinite(steps), steps, 1) * rates * (1 - rates) * 2 + ULPS * ulp(rates)
    error = np.array([coupling_error(rates[r], steps[r], p.shape[1]) for r in range(len(p))]).reshape(p.shape)
    error[~np.isfinite(values).all(axis=1)] = np.inf
    return error


def svm_bound(model, X, method, answer):
    letter = "B" if model.kernel in ("linear", "poly") else "C"
    if method == "predict_proba":
        return classed(svm_probability_error(model, X, answer), "C")
    if method == "predict_log_proba":
        p = model.predict_proba(X)
        return classed(log_error(p, svm_probability_error(model, X, p), answer), "C")
    if method == "decision_function" and answer.ndim == 2 and getattr(model, "decision_function_shape", "") == "ovr":
        return classed(against_rest(model, X, answer), "C")
    if method == "predict" and hasattr(model, "classes_"):
        return None
    return classed(decisions(model, X)[1].reshape(answer.shape), letter)


def one_class_bound(model, X, method, answer):
    letter = "B" if model.kernel in ("linear", "poly") else "C"
    if method == "predict":
        return None
    error = decisions(model, X)[1].reshape(answer.shape)
    return classed(error + EPS * np.abs(answer) if method == "score_samples" else error, letter)


def svm_unstable(model, X):
    return turning(model, X).any(axis=1) if type(model).__name__ not in ("SVR", "NuSVR") else None


BOUNDS = {"SVC": svm_bound, "NuSVC": svm_bound, "SVR": svm_bound, "NuSVR": svm_bound, "OneClassSVM": one_class_bound}
UNSTABLE = dict.fromkeys(("SVC", "NuSVC", "OneClassSVM"), svm_unstable)


# ---- kernel ridge regression ----

def pairwise(model, X, Y):
    gamma = 1 / X.shape[1] if model.gamma is None else model.gamma
    kind = {"polynomial": "poly"}.get(model.kernel, model.kernel)
    if kind == "rbf":
        return exponentials(gamma, *expanded_squares(X, Y))
    if kind == "laplacian":
        value = np.abs(X[:, None, :] - Y[None]).sum(axis=2)
        return exponentials(gamma, value, 4 * (X.shape[1] + 2) * EPS * value)
    if kind == "cosine":
        length = [np.sqrt((A ** 2).sum(axis=1, keepdims=True)) for A in (X, Y)]
        value = (X / np.where(length[0] == 0, 1, length[0])) @ (Y / np.where(length[1] == 0, 1, length[1])).T
        return value, np.full(value.shape, 8 * (X.shape[1] + 3) * EPS)
    return kernel(kind, X, Y, gamma, model.coef0, model.degree)


def ridge_bound(model, X, method, answer):
    with np.errstate(all="ignore"):
        k, error = pairwise(model, np.asarray(dense(X), dtype=float), np.asarray(dense(model.X_fit_), dtype=float))
        return combined(k, error, model.dual_coef_, answer)


def combined(k, error, coef, answer, scale=1, shift=0):
    """Of a sum over training rows, for every output."""
    coef = coef.reshape(len(coef), -1)
    total = error @ np.abs(coef) + 4 * (len(coef) + 1) * EPS * (np.abs(k) @ np.abs(coef))
    total = np.abs(scale) * total + 2 * EPS * (np.abs(shift) + np.abs(scale) * np.abs(k @ coef))
    total = np.where(np.isfinite(k @ coef), finite_or_inf(total), np.inf)
    return classed(total.reshape(answer.shape), "C")


# ---- Gaussian processes ----

def scaled_squares(X, Y, scale):
    value = squares(X / scale, Y / scale)[0]
    return value, 4 * (X.shape[1] + 4) * EPS * np.where(np.isfinite(value), value, 0)


def matern(kernel_, X, Y):
    square, error = scaled_squares(X, Y, kernel_.length_scale)
    d, factor = np.sqrt(square), {0.5: 1, 1.5: np.sqrt(3), 2.5: np.sqrt(5)}[kernel_.nu]
    k, error = factor * d, factor * 4 * (X.shape[1] + 4) * EPS * d
    if kernel_.nu == 0.5:
        return exponentials(1, k, error)
    value = (1 + k + (k ** 2 / 3 if kernel_.nu == 2.5 else 0)) * np.exp(-k)
    return value, (1 + k + k ** 2) * np.exp(-k) * error + 4 * ULPS * ulp(value)


def rational(kernel_, X, Y):
    square, error = scaled_squares(X, Y, 1)
    base = 1 + square / (2 * kernel_.alpha * kernel_.length_scale ** 2)
    value = base ** -kernel_.alpha
    return value, value * kernel_.alpha * (error / square.clip(1e-300) + 4 * EPS) + 2 * ULPS * ulp(value)


def periodic(kernel_, X, Y):
    square, error = scaled_squares(X, Y, 1)
    argument = np.pi / kernel_.periodicity * np.sqrt(square)
    s = np.sin(argument) / kernel_.length_scale
    error = np.minimum((4 * (X.shape[1] + 4) + 4) * EPS * argument + 4 * EPS, 2) / kernel_.length_scale + ULPS * ulp(s)
    value = np.exp(-2 * s ** 2)
    return value, value * np.expm1(np.minimum(4 * np.abs(s) * error + 2 * error ** 2, 50)) + 2 * ULPS * ulp(value)


def tree(kernel_, X, Y):
    """The kernel between X and Y, and its error."""
    kind = type(kernel_).__name__
    if kind in ("Sum", "Product"):
        (a, ea), (b, eb) = tree(kernel_.k1, X, Y), tree(kernel_.k2, X, Y)
        if kind == "Sum":
            return a + b, ea + eb + EPS * np.abs(a + b)
        return a * b, ea * np.abs(b) + eb * np.abs(a) + ea * eb + EPS * np.abs(a * b)
    if kind == "Exponentiation":
        value, error = tree(kernel_.kernel, X, Y)
        e = kernel_.exponent
        return value ** e, (np.abs(value) + error) ** e - np.abs(value) ** e + 2 * ULPS * ulp(value ** e)
    shape = (len(X), len(Y))
    if kind in ("ConstantKernel", "WhiteKernel"):
        return np.full(shape, kernel_.constant_value if kind == "ConstantKernel" else 0.0), np.zeros(shape)
    if kind == "DotProduct":
        value, error = dots(X, Y)
        return value + kernel_.sigma_0 ** 2, error + EPS * np.abs(value) + 2 * EPS * kernel_.sigma_0 ** 2
    if kind == "RBF":
        return exponentials(0.5, *scaled_squares(X, Y, kernel_.length_scale))
    return {"Matern": matern, "RationalQuadratic": rational, "ExpSineSquared": periodic}[kind](kernel_, X, Y)


def process_bound(model, X, method, answer):
    mean = getattr(model, "_y_train_mean", getattr(model, "y_train_mean", 0))
    with np.errstate(all="ignore"):
        k, error = tree(model.kernel_, np.asarray(dense(X), dtype=float), np.asarray(model.X_train_, dtype=float))
        return combined(k, error, model.alpha_, answer, getattr(model, "_y_train_std", 1), mean)


BOUNDS.update({"KernelRidge": ridge_bound, "GaussianProcessRegressor": process_bound})
