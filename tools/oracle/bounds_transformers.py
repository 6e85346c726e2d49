# SPDX-License-Identifier: Apache-2.0
"""bounds.py for transformers: BOUNDS[class](model, X, method, answer) -> None (class A) | (class, error of each value)."""
import numpy as np

ULPS = 4


def ulp(values):
    return np.spacing(np.abs(np.asarray(values)).astype(np.asarray(values).dtype, copy=False)).astype(np.float64)


def dense(X):
    return np.asarray(X.toarray() if hasattr(X, "toarray") else X)


def eps_of(*arrays):
    return np.finfo(np.result_type(np.float32, *[np.asarray(a).dtype for a in arrays])).eps


# ---- one number to one number ----

def normalizer(model, X, method, answer):
    if model.norm == "max":
        return None
    return "B", 4 * (answer.shape[1] + 1) * eps_of(answer) * np.abs(answer.astype(np.float64))


def lifted_error(y, lam, single, by_expm1):
    """Of ((y + 1)^lam - 1) / lam, y >= 0: the power, its logarithm, and for float32 lam itself are rounded."""
    eps = np.finfo(np.float32 if single else np.float64).eps
    log = np.log1p(y)
    if abs(lam) < np.spacing(1.0):
        return ULPS * eps * (log + (y > 0))
    power = np.exp(lam * log)
    through = ULPS * eps * log * power if by_expm1 or single else 0
    scale = power if not by_expm1 or single else np.abs(power - 1)
    of_lambda = eps * (log * power + np.abs(power - 1) / abs(lam)) if single else 0
    return through + ULPS * eps * scale / abs(lam) + of_lambda


def power(model, X, method, answer):
    X = dense(X)
    single, error = X.dtype == np.float32, np.zeros(X.shape)
    x = X.astype(np.float64)
    if method == "inverse_transform":
        return "C", inverse_power_error(model, x, answer)
    from registry import VERSION
    for i, lam in enumerate(np.asarray(model.lambdas_, dtype=np.float64)):
        c = x[:, i]
        if model.method == "box-cox":
            log = np.log(c)
            eps = np.finfo(X.dtype).eps
            error[:, i] = ULPS * eps * (np.abs(log) * c ** lam + np.abs(c ** lam - 1) / abs(lam))
            error[:, i] += eps * (np.abs(log) * c ** lam + 1) / abs(lam) if single else 0
        else:
            expm1 = VERSION >= (1, 9)
            error[:, i] = np.where(c >= 0, lifted_error(np.abs(c), lam, single, expm1), lifted_error(np.abs(c), 2 - lam, single, expm1))
    if model.standardize:
        scale = model._scaler.scale_
        size = np.abs(answer) * scale + np.abs(model._scaler.mean_)
        error = (error + 2 * np.finfo(answer.dtype).eps * size) / scale
    return "C", np.where(np.isfinite(error), error, np.inf) + 2 * ulp(answer)


def inverse_power_error(model, x, answer):
    """By what a change of the last places of the scaled value and of lambda's power does."""
    eps = np.finfo(answer.dtype).eps
    error = np.zeros(x.shape)
    for i, lam in enumerate(np.asarray(model.lambdas_, dtype=np.float64)):
        z = x[:, i]
        scale, mean = (model._scaler.scale_[i], model._scaler.mean_[i]) if model.standardize else (1.0, 0.0)
        y, dy = z * scale + mean, 2 * eps * (np.abs(z * scale) + abs(mean))
        if model.method == "box-cox":
            base, k = lam * y + 1, lam
        else:
            k = np.where(y >= 0, lam, 2 - lam)
            base = k * np.abs(y) + 1
        with np.errstate(all="ignore"):
            log = np.log(base)
            grown = np.exp(log / k)
            error[:, i] = grown * (ULPS * eps * (1 + np.abs(log / k)) + (np.abs(k) * dy + 2 * eps * base) / np.abs(base * k))
    return np.where(np.isfinite(error), error, np.inf) + ULPS * ulp(answer)


def quantile(model, X, method, answer):
    if model.output_distribution == "uniform":
        return None
    if method == "transform":
        return "C", ULPS * ulp(answer) + (ULPS * np.finfo(np.float32).eps * np.abs(answer) if answer.dtype == np.float32 else 0)
    from scipy.stats import norm
    p, error = norm.cdf(dense(X).astype(np.float64)), np.zeros(answer.shape)
    move = ULPS * np.maximum(np.spacing(p), np.spacing(p.astype(answer.dtype)).astype(np.float64))
    for i in range(p.shape[1]):
        near = [np.interp(p[:, i] + s * move[:, i], model.references_, model.quantiles_[:, i]) for s in (-1, 0, 1)]
        error[:, i] = np.abs(near[2] - near[1]) + np.abs(near[0] - near[1])
    return "C", error + 2 * ulp(answer)


def kernel_centerer(model, X, method, answer):
    X = np.abs(dense(X)).astype(np.float64)
    size = X + np.abs(model.K_fit_rows_) + X.mean(axis=1)[:, None] + abs(model.K_fit_all_)
    return "B", 4 * (X.shape[1] + 1) * eps_of(answer) * size


# ---- products ----

def product_error(X, weights, eps, extra=0):
    """(rows, outputs) of what n terms in another order may differ; weights are outputs x features."""
    weights = np.abs(dense(weights)).astype(np.float64)
    return 4 * (weights.shape[1] + 1) * eps * (np.abs(dense(X)).astype(np.float64) @ weights.T + extra)


def plain_product(model, X, method, answer):
    return "B", product_error(X, model.components_, eps_of(answer))


def centred_product(model, X, method, answer):
    mean = getattr(model, "mean_", None)
    X = np.abs(dense(X)).astype(np.float64) + (0 if mean is None else np.abs(mean))
    error = product_error(X, model.components_, eps_of(answer))
    if getattr(model, "whiten", False) and hasattr(model, "explained_variance_") and type(model).__name__ != "RandomizedPCA":
        error = error / np.sqrt(model.explained_variance_) + 2 * ulp(answer)
    return "B", error


def factors(model, X, method, answer):
    weights = model.components_ / model.noise_variance_
    square = np.eye(len(weights)) + weights @ model.components_.T
    inverse, eps = np.linalg.inv(square), np.finfo(float).eps
    X = dense(X).astype(np.float64)
    first = np.abs(X) + np.abs(model.mean_)
    error = product_error(first, weights, eps) @ np.abs(inverse)
    wrong = 8 * len(weights) * eps * np.linalg.cond(square) * np.abs(inverse).max()
    return "B", error + (first @ np.abs(weights).T) @ (wrong + 4 * (len(weights) + 1) * eps * np.abs(inverse))


def sampler(model, X, method, answer):
    if type(model).__name__ == "SkewedChi2Sampler":
        eps = eps_of(dense(X))
        X = np.log(dense(X).astype(np.float64) + model.skewedness)
        own = 2 * ULPS * eps * (np.abs(X) + 1) @ np.abs(model.random_weights_)
    else:
        own = 0
    factor = np.sqrt(2.0 / len(model.random_offset_))
    error = own + product_error(X, model.random_weights_.T, eps_of(answer), np.abs(model.random_offset_))
    return "C", factor * error + ULPS * ulp(answer) + ULPS * factor * eps_of(answer)


# ---- neighbours ----

def knn_imputer(model, X, method, answer):
    """Means of the nearest rows; of distances that are equal within their error any row may be the nearer one."""
    from sklearn.metrics.pairwise import nan_euclidean_distances
    X, fit, gone = dense(X).astype(np.float64), np.asarray(model._fit_X, dtype=np.float64), model._mask_fit_X
    eps, missing = eps_of(answer), (np.isnan(X) if np.isnan(model.missing_values) else X == model.missing_values)
    distances = nan_euclidean_distances(X.copy(), fit.copy(), missing_values=model.missing_values) ** 2
    sizes = np.nansum(X ** 2, axis=1)[:, None] + np.where(gone, 0, fit ** 2).sum(axis=1)
    error = 8 * X.shape[1] ** 2 * eps * sizes
    bound, at = np.zeros(answer.shape), 0
    for i in range(X.shape[1]):
        have = ~gone[:, i]
        if not have.any():
            at += bool(getattr(model, "keep_empty_features", False))
            continue
        values = fit[have, i]
        for r in np.flatnonzero(missing[:, i]):
            d, e = distances[r, have], error[r, have]
            order, k = np.argsort(d), min(model.n_neighbors, have.sum())
            tie = k < len(d) and not d[order[k]] - d[order[k - 1]] > e[order[k]] + e[order[k - 1]]
            tie = tie and len(set(values[np.abs(d - d[order[k - 1]]) <= 2 * e.max()])) > 1
            unclear = np.isnan(d[order[:k]]).any() and not np.isnan(d).all()
            near = e.max() >= 1e-4 * d[order[:k]].min() if model.weights == "distance" else False
            bound[r, at] = np.inf if tie or unclear or near else 8 * (len(values) + 1) * eps * np.abs(values).max()
            if model.weights == "distance":
                bound[r, at] += np.abs(values).max() * 2 * (e / np.maximum(d, 1e-300)).max() if not near else 0
        at += 1
    return ("B", bound) if bound.any() else None


# ---- kernels ----

def kernel_values(model, X, fit, eps):
    """The kernels, and how far off they may be."""
    from sklearn.metrics.pairwise import pairwise_kernels
    X, fit, name, n = X.astype(np.float64), np.asarray(fit, dtype=np.float64), model.kernel, X.shape[1]
    gamma = 1.0 / n if model.gamma is None else model.gamma
    coef0, degree = (1 if model.coef0 is None else model.coef0), (3 if model.degree is None else model.degree)
    K = pairwise_kernels(X, fit, metric=name, filter_params=True, gamma=gamma, coef0=coef0, degree=degree)
    products = np.abs(X) @ np.abs(fit).T
    if name == "rbf":
        error = K * gamma * 8 * (n + 2) * eps * ((X ** 2).sum(axis=1)[:, None] + (fit ** 2).sum(axis=1))
    elif name == "laplacian":
        error = K * gamma * 4 * (n + 2) * eps * (np.abs(X).sum(axis=1)[:, None] + np.abs(fit).sum(axis=1))
    elif name == "cosine":
        error = 4 * (n + 4) * eps * np.ones_like(K)
    else:
        error = 4 * (n + 2) * eps * products
        if name != "linear":
            error = gamma * error + 2 * eps * abs(coef0)
        if name in ("poly", "polynomial"):
            error = degree * error * (gamma * products + abs(coef0)) ** (degree - 1)
    return K, error + 2 * ULPS * eps * np.abs(K)


def nystroem(model, X, method, answer):
    eps = eps_of(answer)
    K, error = kernel_values(model, dense(X), model.components_, eps)
    weights = np.abs(model.normalization_.T).astype(np.float64)
    return "C", (error + 4 * (K.shape[1] + 1) * eps * np.abs(K)) @ weights


def kernel_pca(model, X, method, answer):
    eps = np.finfo(float).eps
    K, error = kernel_values(model, dense(X), model.X_fit_, eps)
    c = model._centerer
    size = np.abs(K) + np.abs(K).mean(axis=1)[:, None] + np.abs(c.K_fit_rows_) + abs(c.K_fit_all_)
    error = error + error.mean(axis=1)[:, None] + 4 * (K.shape[1] + 1) * eps * size
    values = model.eigenvalues_ if "eigenvalues_" in vars(model) else model.lambdas_
    vectors = model.eigenvectors_ if "eigenvectors_" in vars(model) else model.alphas_
    return "C", (error + 4 * (K.shape[1] + 1) * eps * size) @ np.abs(vectors / np.sqrt(values))


RULES = {"Normalizer": normalizer, "PowerTransformer": power, "QuantileTransformer": quantile, "KernelCenterer": kernel_centerer,
         "KNNImputer": knn_imputer, "Nystroem": nystroem, "KernelPCA": kernel_pca, "PCA": centred_product, "RandomizedPCA": centred_product, "IncrementalPCA": centred_product, "FastICA": centred_product,
         "TruncatedSVD": plain_product, "GaussianRandomProjection": plain_product, "SparseRandomProjection": plain_product,
         "FactorAnalysis": factors, "RBFSampler": sampler, "SkewedChi2Sampler": sampler}


def finite(rule):
    """Bounds that cannot be reckoned are infinite: such a value proves nothing."""
    def bound(model, X, method, answer):
        with np.errstate(all="ignore"):
            found = rule(model, X, method, np.asarray(answer))
        return found and (found[0], np.where(np.isfinite(found[1]), found[1], np.inf))
    return bound


BOUNDS = {name: finite(rule) for name, rule in RULES.items()}
