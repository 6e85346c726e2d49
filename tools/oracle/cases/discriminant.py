# SPDX-License-Identifier: Apache-2.0
"""Linear and quadratic discriminant analysis: every solver, the projection, priors, float32."""
import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis

from registry import case
from rows import classes, numbers, numeric_rows

P = 4
SEASONS = ["été", "autumn", "winter", "spring"]


def small(X):
    """No column may be nearly constant: covariances must have full rank."""
    return (X - X.mean(axis=0) + 0.1) / X.std(axis=0)


def plain(label, build, since=(0, 0), until=(99, 99), without=(), k=2, labels=None, dtype=np.float64, input_dtype=None, p=P, **parameters):
    @case(label, since, until, without)
    def _(rng):
        X = small(numbers(rng, n=90, p=p)).astype(dtype)
        model = build(**parameters).fit(X, classes(rng, X, k, labels))
        return model, numeric_rows(rng, X, ordinary=8, dtype=input_dtype or dtype)


LDA, QDA = LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
plain("lda", LDA)
plain("lda-strings", LDA, labels=["no", "yes"], solver="eigen")
plain("lda-four", LDA, k=4, labels=SEASONS)
plain("lda-lsqr", LDA, without=("transform",), k=3, solver="lsqr")
plain("lda-eigen-shrinkage", LDA, k=3, solver="eigen", shrinkage="auto")
plain("lda-components", LDA, k=4, n_components=2, store_covariance=True)
plain("lda-priors", LDA, k=3, priors=[0.2, 0.3, 0.5])
plain("lda-float32", LDA, k=3, dtype=np.float32)
plain("lda-float32-eigen", LDA, dtype=np.float32, solver="eigen")
plain("lda-float32-input", LDA, k=3, input_dtype=np.float32)
plain("lda-int64-input", LDA, k=3, input_dtype=np.int64)
plain("lda-one-feature", LDA, p=1)
plain("qda", QDA)
plain("qda-strings", QDA, labels=["no", "yes"])
plain("qda-four", QDA, k=4, labels=SEASONS)
plain("qda-regularised", QDA, k=3, reg_param=0.3)
plain("qda-priors", QDA, k=3, priors=[0.2, 0.3, 0.5])
plain("qda-covariance", QDA, since=(0, 19), store_covariance=True)
plain("qda-eigen", QDA, since=(1, 8), k=3, solver="eigen", shrinkage="auto")
plain("qda-float32", QDA, k=3, dtype=np.float32)
plain("qda-float32-input", QDA, input_dtype=np.float32)
plain("qda-int64-input", QDA, k=3, input_dtype=np.int64)


@case("lda-far")
def _(rng):
    """Probabilities of exactly 0."""
    X = small(numbers(rng, n=90, p=P))
    rows = X[:8] * np.array([[1, 10, 100, 1e3, 1e4, -10, -100, -1e3]]).T
    return LDA().fit(X, classes(rng, X, 3)), rows
