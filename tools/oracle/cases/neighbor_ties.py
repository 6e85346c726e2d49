# SPDX-License-Identifier: Apache-2.0
"""Nearest neighbours among all rows where equally far rows answer differently: scikit-learn answers by accident, brine refuses."""
import numpy as np
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsRegressor

from registry import VERSION, case

HEAP = (1, 1)  # since then the first of equally far rows stay, for metrics other than hamming


def picked_by_accident(X, y, rows, k, metric):
    """Distances are whole numbers, or whole numbers by one divisor."""
    marks = []
    for d in cdist(rows, X, metric.replace("manhattan", "cityblock")):
        last = np.sort(d)[k - 1]
        marks.append((d <= last).sum() > k and len(set(y[d == last])) > 1)
    return np.array(marks)


def tied(rng, metric, is_open):
    X = rng.integers(0, 3, (50, 4)).astype(float)
    X[40:] += 20
    X[40:46] = X[40]
    y = np.rint(X.sum(axis=1))
    rows = np.vstack([rng.integers(0, 3, (20, 4)), X[38:]]).astype(float)
    model = KNeighborsRegressor(n_neighbors=4, algorithm="brute", metric=metric).fit(X, y)
    marks = picked_by_accident(X, y, rows, 4, metric)
    assert marks.any() and not marks.all()
    return (model, rows, marks) if is_open else (model, rows)


case("knr-brute-tied-hamming")(lambda rng: tied(rng, "hamming", True))
case("knr-brute-tied-euclidean")(lambda rng: tied(rng, "euclidean", VERSION < HEAP))
case("knr-brute-tied-manhattan")(lambda rng: tied(rng, "manhattan", VERSION < HEAP))
