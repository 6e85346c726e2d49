# SPDX-License-Identifier: Apache-2.0
"""sklearn2pmml: powers are those of a mathematics library, within a few units in the last place."""
import bounds


def power(model, X, method, answer):
    return bounds.classed(bounds.ULPS * bounds.ulp(answer), "C")


BOUNDS = {"PowerFunctionTransformer": power}
