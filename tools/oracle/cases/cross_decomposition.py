# SPDX-License-Identifier: Apache-2.0
"""Partial least squares: predict and transform, whose scaling and shapes changed between releases."""
import numpy as np
from sklearn import cross_decomposition

from registry import case
from rows import numbers, numeric_rows, score

P = 5


def plain(name, label=None, targets=2, dtype=np.float64, input_dtype=None, **parameters):
    @case(label or name.lower())
    def _(rng):
        X = numbers(rng, n=70, p=P).astype(dtype)
        Y = np.column_stack([score(rng, X) for _ in range(max(targets, 1))]) * [1, 40, 0.2][:max(targets, 1)]
        model = getattr(cross_decomposition, name)(**parameters).fit(X, Y if targets else Y.ravel())
        return model, numeric_rows(rng, X, ordinary=8, dtype=input_dtype or dtype)


plain("PLSRegression", targets=3)
plain("PLSRegression", "plsregression-flat", targets=0)
plain("PLSRegression", "plsregression-column", targets=1)
plain("PLSRegression", "plsregression-unscaled", scale=False)
plain("PLSRegression", "plsregression-one-component", n_components=1)
plain("PLSRegression", "plsregression-float32", dtype=np.float32)
plain("PLSRegression", "plsregression-int64-input", input_dtype=np.int64)
plain("PLSCanonical", n_components=2)
plain("PLSCanonical", "plscanonical-svd", n_components=1, algorithm="svd")
plain("PLSCanonical", "plscanonical-float32-input", n_components=2, input_dtype=np.float32)
plain("CCA", n_components=2)
plain("CCA", "cca-unscaled", n_components=1, scale=False)
plain("PLSSVD", n_components=2)
plain("PLSSVD", "plssvd-unscaled-float32", n_components=1, scale=False, dtype=np.float32)
