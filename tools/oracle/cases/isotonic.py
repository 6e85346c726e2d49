# SPDX-License-Identifier: Apache-2.0
"""Isotonic regression: between thresholds and beyond them."""
import numpy as np
from sklearn.isotonic import IsotonicRegression

from registry import VERSION, case
from rows import SPECIAL


def shaped(x):
    """A column; one dimension for releases that take no other."""
    return x.reshape(-1, 1) if VERSION >= (0, 24) else x


def rows_for(rng, x, dtype=np.float64):
    x = np.sort(x.astype(np.float64))
    middle = (x[:-1] + x[1:]) / 2
    near = [np.nextafter(x[0], -np.inf), np.nextafter(x[0], np.inf), np.nextafter(x[-1], np.inf), np.nextafter(x[-1], -np.inf)]
    rows = np.concatenate([x[::6], middle[::5], near, [x[0] - 1, x[-1] + 1], rng.random(8) * 10, SPECIAL])
    with np.errstate(over="ignore", invalid="ignore"):
        return shaped(rows.astype(dtype))


def plain(label, n=60, dtype=np.float64, input_dtype=None, since=(0, 0), **parameters):
    @case(label, since)
    def _(rng):
        x = (np.round(rng.random(n), 2) * 10).astype(dtype)
        y = (np.floor(x) + rng.normal(0, 1, n)).astype(dtype)
        if parameters.get("increasing") is False:
            y = -y
        return IsotonicRegression(**parameters).fit(x, y), rows_for(rng, x, input_dtype or dtype)


plain("isotonic")
plain("isotonic-clip", out_of_bounds="clip")
plain("isotonic-raise", out_of_bounds="raise")
plain("isotonic-falling", increasing=False, out_of_bounds="clip")
plain("isotonic-auto", increasing="auto")
plain("isotonic-limited", y_min=2.0, y_max=7.0, out_of_bounds="clip")
plain("isotonic-two", n=2, out_of_bounds="clip")
plain("isotonic-float32", dtype=np.float32)
plain("isotonic-float32-clip", dtype=np.float32, out_of_bounds="clip")
plain("isotonic-float32-input", input_dtype=np.float32)
plain("isotonic-float32-input-clip", input_dtype=np.float32, out_of_bounds="clip")
plain("isotonic-float32-model", dtype=np.float32, input_dtype=np.float64)


@case("isotonic-constant")
def _(rng):
    return IsotonicRegression().fit(np.full(5, 3.0), np.arange(5.0)), rows_for(rng, np.array([1.0, 3.0]))
