# SPDX-License-Identifier: Apache-2.0
"""SparsePCA and MiniBatchSparsePCA, since 0.22: before, outputs were scaled over all rows."""
import numpy as np
import pandas as pd
from sklearn.decomposition import MiniBatchSparsePCA, SparsePCA

from registry import case
from rows import numbers, numeric_rows


def fitted(rng, make, p=6, dtype=np.float64, frame=False, **parameters):
    X = numbers(rng, n=30, p=p)
    X = X / np.abs(X).max(axis=0)
    model = make(random_state=0, **dict(dict(n_components=3, alpha=0.1), **parameters))
    rows = numeric_rows(rng, X, ordinary=12, dtype=dtype)
    if frame:
        names = ["c%d" % j for j in range(p)]
        return model.fit(pd.DataFrame(X, columns=names)), pd.DataFrame(rows, columns=names)
    return model.fit(X), rows


for name, make in [("sparse-pca", SparsePCA), ("mini-batch-sparse-pca", MiniBatchSparsePCA)]:
    for kind, parameters in [("", {}), ("-dense", dict(alpha=0.001, ridge_alpha=0.5)), ("-zero", dict(alpha=10)),
                             ("-cd", dict(method="cd", n_components=2, alpha=0.5)), ("-wide", dict(p=24, n_components=5)), ("-float32", dict(dtype=np.float32)),
                             ("-small-ridge", dict(ridge_alpha=1e-6))]:
        case(name + kind, since=(0, 22))(lambda rng, make=make, parameters=parameters: fitted(rng, make, **parameters))
    case(name + "-frame", since=(1, 0))(lambda rng, make=make: fitted(rng, make, frame=True))
