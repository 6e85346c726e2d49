# SPDX-License-Identifier: Apache-2.0
"""GaussianProcessClassifier: two classes, one against the rest, one against one."""
import numpy as np
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, ExpSineSquared, Matern, RationalQuadratic, WhiteKernel

from registry import case
from rows import classes, numbers, numeric_rows


def fitted(rng, kernel, k=2, p=2, n=18, labels=None, dtype=np.float64, fit_dtype=np.float64, limit=np.inf, **parameters):
    X = numbers(rng, n=n, p=p)
    X = X / np.abs(X).max(axis=0) * 1.7
    y = classes(rng, X, k, labels)
    y[:k] = np.arange(k) if labels is None else labels
    model = GaussianProcessClassifier(kernel, **dict({"optimizer": None}, **parameters))
    rows = numeric_rows(rng, X, dtype=dtype)
    return model.fit(X.astype(fit_dtype), y), rows[~(np.abs(rows) > limit).any(axis=1) | np.isinf(rows).any(axis=1)]


TREE = (ConstantKernel(0.5) * RBF(1.1) + Matern(0.6, nu=1.5) * DotProduct(1.0)) * RationalQuadratic() + WhiteKernel(0.3)
SMALL = dict(limit=1e6)  # beyond, kernels are infinite or NaN: predict_proba refuses such rows, predict does not

for name, kernel, others in [
        ("default", None, {}), ("optimised", 2.0 * RBF([0.5, 1.5, 1.0]), dict(p=3, optimizer="fmin_l_bfgs_b")),
        ("text", 4.0 * Matern(0.8, nu=0.5), dict(labels=["no", "yes"])), ("matern-3", Matern([0.8, 1.2], nu=1.5), SMALL),
        ("white", Matern(0.8, nu=2.5) + WhiteKernel(0.1), SMALL), ("rational", RationalQuadratic(0.7, 1.3) ** 2, {}),
        ("periodic", ExpSineSquared(0.9, 2.0), dict(p=1, **SMALL)), ("dot", DotProduct(0.5) + ConstantKernel(0.3), SMALL),
        ("tree", TREE, SMALL), ("float32", 3.0 * RBF(0.7), dict(dtype=np.float32)),
        ("float32-dot", DotProduct(0.5) ** 2 + 0.1, dict(dtype=np.float32, **SMALL)),
        ("float32-fit", 3.0 * RBF(0.7) + Matern([0.8, 1.2], nu=1.5), dict(dtype=np.float32, fit_dtype=np.float32, **SMALL)),
        ("rest", 2.0 * RBF(0.6), dict(k=3, n=24)), ("rest-text", RBF(0.6), dict(k=4, n=24, labels=["d", "a", "c", "b"])),
        ("rest-optimised", RBF(0.6), dict(k=3, optimizer="fmin_l_bfgs_b")),
        ("one", 2.0 * RBF(0.6), dict(k=3, n=24, multi_class="one_vs_one")),
        ("one-text", RBF(0.6), dict(k=4, n=24, labels=["d", "a", "c", "b"], multi_class="one_vs_one"))]:
    case("classifier-process-" + name)(lambda rng, kernel=kernel, others=others: fitted(rng, kernel, **others))
case("classifier-process-far", without=("predict",))(lambda rng: fitted(rng, Matern(0.8, nu=2.5)))
