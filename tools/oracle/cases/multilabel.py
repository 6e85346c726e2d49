# SPDX-License-Identifier: Apache-2.0
"""MultiLabelBinarizer: rows of any number of labels."""
import numpy as np
from sklearn.preprocessing import MultiLabelBinarizer

from registry import case
from rows import CITIES


def labelled(rng, labels, n=30, most=4):
    """An array of tuples, none longer than most; a label may stand in one twice."""
    rows = np.empty(n, dtype=object)
    for i in range(n):
        rows[i] = tuple(labels[k] for k in rng.integers(len(labels), size=i % (most + 1)))
    return rows


def fitted(rng, labels, strangers, **parameters):
    rows = labelled(rng, labels + strangers)
    return MultiLabelBinarizer(**parameters).fit(labelled(rng, labels, most=6)), rows


for name, labels, strangers in [("text", CITIES, ["", "PARIS", "1"]), ("integers", [-3, 0, 7, 11], [1, 12]), ("digits", ["1", "02", "7"], ["8", "1.0"]),
                                ("floats", [0.5, 1.0, 2.25, -0.0], [2.0, 1e300]), ("mixed", [1, 2.5, 3, True], [0, 4])]:
    case("multilabel-" + name)(lambda rng, labels=labels, strangers=strangers: fitted(rng, labels, strangers))
    case("multilabel-sparse-" + name)(lambda rng, labels=labels, strangers=strangers: fitted(rng, labels, strangers, sparse_output=True))
case("multilabel-given")(lambda rng: fitted(rng, ["b", "a", "c"], ["d"], classes=["c", "e", "a", "b"]))
case("multilabel-given-mixed")(lambda rng: fitted(rng, ["b", 3, "c"], ["d", 4], classes=["c", "e", 3, "b"]))
case("multilabel-one")(lambda rng: fitted(rng, ["only"], ["other"]))


@case("multilabel-matrix")
def _(rng):
    return MultiLabelBinarizer().fit(rng.integers(0, 6, (30, 3))), rng.integers(0, 8, (20, 3)).astype(float)


@case("multilabel-fit-transform")
def _(rng):
    model = MultiLabelBinarizer()
    model.fit_transform(labelled(rng, ["y", "x", "z"]))
    return model, labelled(rng, ["x", "y", "w"], n=12)
