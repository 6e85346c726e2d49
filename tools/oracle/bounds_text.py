# SPDX-License-Identifier: Apache-2.0
"""bounds.py for text: sublinear_tf takes logarithms (4 ulp), which weights, a sum and a division carry on; FeatureHasher adds three and
more floats of one column in the order of an unstable sort.  All else is bit-equal."""
import numpy as np
from sklearn.utils import murmurhash3_32

ULPS = 4


def sublinear(model, answer, dtype):
    if not model.sublinear_tf:
        return None
    single = np.float32 in (dtype, answer.dtype)
    eps = np.finfo(np.float32 if single else np.float64).eps
    return "C", (2 * ULPS + 4) * eps * np.abs(answer.astype(np.float64))


def vectorizer(model, X, method, answer):
    return sublinear(model, answer, model.dtype)


def transformer(model, X, method, answer):
    return sublinear(model, answer, X.dtype.type)


def hashed(key, value):
    name, value = (key + "=" + value, 1) if isinstance(value, str) else (key, value)
    return abs(int(murmurhash3_32(name, 0))), abs(float(value))


def hasher(model, X, method, answer):
    total, terms = np.zeros(answer.shape), np.zeros(answer.shape)
    for r, row in enumerate(X):
        for h, value in (hashed(key, value) for key, value in row.items()):
            total[r, h % model.n_features] += value
            terms[r, h % model.n_features] += value != 0
    eps = np.finfo(answer.dtype).eps
    error = np.where(np.isfinite(total), 4 * terms * eps * total, np.inf)
    return "B", np.where(terms >= 3, error, 0)


BOUNDS = {"TfidfVectorizer": vectorizer, "TfidfTransformer": transformer, "FeatureHasher": hasher}
