# SPDX-License-Identifier: Apache-2.0
"""Bounds of FeatureAgglomeration: before 0.20 np.mean adds eight and more features in pairs or one by one, as they lie in memory."""
import numpy as np

from bounds import classed, dense
from registry import VERSION


def pooled_bound(model, X, method, answer):
    sizes = np.bincount(model.labels_)
    if model.pooling_func is not np.mean or VERSION >= (0, 20) or sizes.max() < 8:
        return None
    X = np.abs(dense(X)).astype(float)
    with np.errstate(over="ignore"):
        total = np.stack([X[:, model.labels_ == g].sum(axis=1) for g in range(len(sizes))], axis=1)
    return classed(4 * np.finfo(answer.dtype).eps * total, "B")


BOUNDS = {"FeatureAgglomeration": pooled_bound}
