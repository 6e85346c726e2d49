# SPDX-License-Identifier: Apache-2.0
"""sklearn2pmml's MLPTransformer: an autoencoder's output, and what its hidden layers say."""
import numpy as np
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from registry import case, optional

MLPTransformer = optional("sklearn2pmml.neural_network", "MLPTransformer")


def coded(rng, layers, activation, at, kind=np.float64):
    X = rng.normal(size=(80, 4)).dot(rng.normal(size=(4, 4)))
    network = MLPRegressor(hidden_layer_sizes=layers, activation=activation, solver="lbfgs", max_iter=40, random_state=3)
    steps = [("scaler", StandardScaler()), ("network", MLPTransformer(network, transformer_output_layer=at))]
    given = np.vstack([X[:24], np.zeros((1, 4)), 50 * X[:4]])
    return Pipeline(steps).fit(X), given.astype(kind)


if MLPTransformer:
    @case("autoencoder")
    def _(rng):
        return coded(rng, (5, 2, 5), "tanh", -1)

    @case("autoencoder-first")
    def _(rng):
        return coded(rng, (3,), "relu", 1)

    @case("autoencoder-middle")
    def _(rng):
        return coded(rng, (5, 2, 5), "logistic", 2)

    @case("autoencoder-single")
    def _(rng):
        return coded(rng, (5, 2, 5), "relu", 2, np.float32)
