# SPDX-License-Identifier: Apache-2.0
"""Multilayer perceptrons: every activation, several layers, several labels, float32."""
import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from registry import case
from rows import classes, numbers, numeric_rows, score

P = 4
SEASONS = ["été", "autumn", "winter", "spring"]


def small(X):
    return X / np.abs(X).max(axis=0) * 1.7


def plain(label, build, since=(0, 0), k=2, labels=None, targets=0, positive=False, dtype=np.float64, input_dtype=None,
          hidden=(5,), **parameters):
    @case(label, since)
    def _(rng):
        X = small(numbers(rng, n=60, p=P)).astype(dtype)
        if build is MLPClassifier:
            y = classes(rng, X, k, labels) if not targets else \
                np.column_stack([score(rng, X) > cut for cut in (0, 0.1, -0.1)[:targets]]).astype(int)
        else:
            y = np.column_stack([score(rng, X) for _ in range(max(targets, 1))])
            y = np.exp(y) if positive else y
            y = y if targets else y.ravel()
        model = build(hidden_layer_sizes=hidden, random_state=3, max_iter=25, **parameters).fit(X, y)
        return model, numeric_rows(rng, X, ordinary=8, dtype=input_dtype or dtype)


for name in ("identity", "logistic", "tanh", "relu"):
    plain("mlp-classifier-" + name, MLPClassifier, activation=name, solver="lbfgs")
    plain("mlp-regressor-" + name, MLPRegressor, activation=name, hidden=(6, 3), solver="lbfgs")
plain("mlp-classifier-four", MLPClassifier, k=4, labels=SEASONS, hidden=(9,))
plain("mlp-classifier-strings", MLPClassifier, labels=["no", "yes"], hidden=(4, 3, 2), solver="sgd")
plain("mlp-classifier-labels", MLPClassifier, targets=3, solver="lbfgs")
plain("mlp-classifier-two-labels", MLPClassifier, targets=2, activation="tanh")
plain("mlp-classifier-early", MLPClassifier, k=3, early_stopping=True, validation_fraction=0.3)
plain("mlp-classifier-wide", MLPClassifier, k=3, hidden=(33,))
plain("mlp-classifier-one-unit", MLPClassifier, k=3, hidden=(1,), activation="tanh")
plain("mlp-classifier-float32", MLPClassifier, k=3, dtype=np.float32)
plain("mlp-classifier-float32-binary", MLPClassifier, dtype=np.float32, activation="tanh")
plain("mlp-classifier-float32-input", MLPClassifier, k=3, input_dtype=np.float32)
plain("mlp-classifier-int64-input", MLPClassifier, input_dtype=np.int64)
plain("mlp-regressor-targets", MLPRegressor, targets=2, solver="lbfgs")
plain("mlp-regressor-column", MLPRegressor, targets=1)
plain("mlp-regressor-float32", MLPRegressor, dtype=np.float32, hidden=(5, 4))
plain("mlp-regressor-early", MLPRegressor, early_stopping=True)
plain("mlp-regressor-poisson", MLPRegressor, since=(1, 7), positive=True, loss="poisson")
