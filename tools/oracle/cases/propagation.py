# SPDX-License-Identifier: Apache-2.0
"""LabelPropagation and LabelSpreading: the kernels rbf and knn, of trees and of all rows."""
import numpy as np
import scipy.sparse
from sklearn.semi_supervised import LabelPropagation, LabelSpreading

from registry import case
from rows import classes, numbers, numeric_rows


def fitted(rng, model, k=3, n=40, p=3, labels=None, dtype=np.float64, sparse=False, ties=False):
    X = numbers(rng, n=n, p=p)
    X = X / np.abs(X).max(axis=0)
    if ties:
        X = np.round(X * 3)
    y = classes(rng, X, k, labels)
    y[rng.random(n) < 0.5] = -1
    y[:k] = np.arange(k) if labels is None else labels
    X = X.astype(dtype)
    rows = numeric_rows(rng, X, dtype=dtype)
    return model.fit(scipy.sparse.csr_matrix(X) if sparse else X, y), rows


for name, make in [("propagation", LabelPropagation), ("spreading", LabelSpreading)]:
    for kind, parameters, others in [("rbf", {}, {}), ("rbf-2", dict(gamma=2), dict(k=2)), ("rbf-labels", dict(gamma=5), dict(labels=[3, 7, 9])),
                                     ("rbf-float32", dict(gamma=2), dict(dtype=np.float32)), ("rbf-sparse", dict(gamma=3), dict(sparse=True)),
                                     ("knn", dict(kernel="knn", n_neighbors=4), {}), ("knn-ties", dict(kernel="knn"), dict(ties=True, n=60)),
                                     ("knn-9", dict(kernel="knn", n_neighbors=9), dict(k=9, n=80)),
                                     ("knn-brute", dict(kernel="knn", n_neighbors=12), dict(n=20)),
                                     ("knn-wide", dict(kernel="knn", n_neighbors=3), dict(p=18))]:
        case(name + "-" + kind, since=(1, 3) if "sparse" in kind else (0, 0))(
            lambda rng, make=make, parameters=parameters, others=others: fitted(rng, make(max_iter=20, **parameters), **others))
