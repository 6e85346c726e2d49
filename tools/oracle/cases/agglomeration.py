# SPDX-License-Identifier: Apache-2.0
"""FeatureAgglomeration: groups of features pooled by numpy's mean, max, min and median."""
import numpy as np
import pandas as pd
from sklearn.cluster import FeatureAgglomeration

from registry import case
from rows import SPECIAL, hostile, numbers


def pooled(rng, function, groups=4, p=11, dtype=np.float64, frame=False, **parameters):
    """Which zero is the larger of two is up to numpy's build: rows of extremes have no -0."""
    X = numbers(rng, n=30, p=p)
    X = X / np.abs(X).max(axis=0)
    model = FeatureAgglomeration(n_clusters=groups, pooling_func=function, **parameters)
    rows = np.vstack([X[:14] * rng.choice([1, -3, 1e5], X[:14].shape), hostile(rng, X, [(0, 0.5)], SPECIAL)])
    with np.errstate(over="ignore"):
        rows = rows.astype(dtype)
    if function is not np.mean:
        rows = rows + dtype(0)
    if frame:
        names = ["c%d" % j for j in range(p)]
        return model.fit(pd.DataFrame(X, columns=names)), pd.DataFrame(rows, columns=names)
    return model.fit(X.astype(dtype)), rows


for name, function in [("mean", np.mean), ("max", np.max), ("min", np.min), ("median", np.median)]:
    case("agglomeration-" + name)(lambda rng, function=function: pooled(rng, function))
    case("agglomeration-{}-float32".format(name))(lambda rng, function=function: pooled(rng, function, dtype=np.float32))
case("agglomeration-one")(lambda rng: pooled(rng, np.mean, groups=1, p=7))
case("agglomeration-many")(lambda rng: pooled(rng, np.mean, groups=2, p=30), )
case("agglomeration-each")(lambda rng: pooled(rng, np.median, groups=5, p=5))
case("agglomeration-median-wide")(lambda rng: pooled(rng, np.median, groups=2, p=30))
case("agglomeration-average")(lambda rng: pooled(rng, np.mean, linkage="average"))
case("agglomeration-frame", since=(1, 0))(lambda rng: pooled(rng, np.max, frame=True))
case("agglomeration-distance", since=(0, 21))(lambda rng: pooled(rng, np.mean, groups=None, distance_threshold=2.5, compute_full_tree=True))
