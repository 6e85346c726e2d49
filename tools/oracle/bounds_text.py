# SPDX-License-Identifier: Apache-2.0
"""bounds.py for tf-idf: sublinear_tf takes logarithms (4 ulp), which weights, a sum and a division carry on; all else is bit-equal."""
import numpy as np

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


BOUNDS = {"TfidfVectorizer": vectorizer, "TfidfTransformer": transformer}
