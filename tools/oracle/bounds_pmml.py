# SPDX-License-Identifier: Apache-2.0
"""sklearn2pmml: powers are those of a mathematics library, within a few units in the last place; a network may end early."""
import copy

import bounds
import bounds_network


def power(model, X, method, answer):
    return bounds.classed(bounds.ULPS * bounds.ulp(answer), "C")


def network(model, X, method, answer):
    cut = copy.copy(model.mlp_)
    cut.coefs_, cut.intercepts_ = cut.coefs_[:cut.n_layers_ - 1], cut.intercepts_[:cut.n_layers_ - 1]
    return bounds_network.bound(cut, X, "predict", answer)


BOUNDS = {"PowerFunctionTransformer": power, "MLPTransformer": network}
