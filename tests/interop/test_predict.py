# SPDX-License-Identifier: Apache-2.0
"""brine predict against the living scikit-learn: the golden cases fitted anew with another seed, so that nothing can be
tuned to the files, then large whole numbers and float32."""
import pathlib
import pickle
import tempfile
import unittest

import numpy as np
import pandas as pd
from program import SEED, brine
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

import bounds
import cases  # registers them
import registry
import store
from generate import METHODS, ask, pick, row_by_row

registry.SEED = SEED


def columns(values):
    return values.reshape(len(values), -1)


def equal(got, want):
    """Bit-equal; every NaN is the same."""
    if want.dtype.kind in "US":
        return got.astype(str) == want
    same = got == want
    if want.dtype.kind == "f":
        same = same & (np.signbit(got) == np.signbit(want)) | np.isnan(got) & np.isnan(want)
    return same


def within(got, want, bound):
    with np.errstate(invalid="ignore"):
        return equal(got, want) | (np.abs(got - want) <= bound) | np.isinf(bound)


class Predict(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def predict(self, model, rows, method, *options):
        """What brine answers, read back from the .npy that it writes."""
        path = self.folder / "model.pkl"
        path.write_bytes(pickle.dumps(model))
        table, out = self.folder / store.table(self.folder, rows), self.folder / "out.npy"
        brine("predict", path, table, "--method", method, "--output", out, *options)
        return np.load(out)

    def check(self, model, rows, method):
        want = ask(model, method, rows)
        got = self.predict(model, rows, method)
        if len(want) == 1:
            self.assertEqual(got.shape, want[0].shape, method)
            self.assertTrue(got.dtype == want[0].dtype or got.dtype.kind == want[0].dtype.kind == "U",
                            f"{method} is {got.dtype}, expected {want[0].dtype}")
        classed = [bounds.bound(model, rows, method, w) if len(want) == 1 else None for w in want]
        if method == "predict_log_proba" and len(want) > 1:
            classed = [("C", np.abs(w) * 1e-15) for w in want]
        bound = np.hstack([columns(np.broadcast_to(c[1] if c else 0.0, w.shape)) for c, w in zip(classed, want)])
        want, got = np.hstack([columns(w) for w in want]), columns(got)
        right = within(got, want, bound) if bound.any() else equal(got, want)
        unstable = bounds.unstable(model, rows) if method == "predict" else None
        if unstable is not None:
            right[unstable] = True
        wrong = np.argwhere(~right)
        self.assertEqual(len(wrong), 0, "" if not len(wrong) else
                         f"{method} differs in {len(wrong)} values, the first at {wrong[0]}: "
                         f"{got[tuple(wrong[0])]!r}, expected {want[tuple(wrong[0])]!r}")

    def check_refusals(self, model, rows, refused, method):
        """The CSV's fields of exactly the refused rows are empty."""
        path, table = self.folder / "model.pkl", self.folder / store.table(self.folder, rows)
        path.write_bytes(pickle.dumps(model))
        out = self.folder / "out.csv"
        brine("predict", path, table, "--method", method, "--on-error", "null", "--output", out)
        got = pd.read_csv(out, dtype=str, keep_default_na=False, skip_blank_lines=False)
        empty = (got == "").all(axis=1).to_numpy()
        self.assertEqual(np.flatnonzero(empty).tolist(), np.flatnonzero(refused).tolist(), f"{method}: rows refused")

    def check_case(self, function, name):
        np.random.seed(SEED)
        model, rows = function(registry.generator(name))
        methods = [m for m in METHODS if hasattr(model, m)]
        refused = np.array([isinstance(a, str) for a in row_by_row(model, methods[0], rows)])
        accepted = pick(rows, np.flatnonzero(~refused))
        for method in methods:
            with self.subTest(method=method):
                if any(a.dtype == object for a in ask(model, method, accepted)):
                    continue  # text and numbers mixed: no .npy
                self.check(model, accepted, method)
        if methods[0] != "transform":  # an encoder's row may be all empty of itself
            self.check_refusals(model, rows, refused, methods[0])

    # ---- whole numbers that float32 cannot hold, and rows in float32 ----

    def large(self, rng, n=400):
        near = 2 ** 24 + rng.integers(-40, 40, (n, 3))
        near[:, 1] += 2 ** 40
        return near

    def test_integers_beyond_float32(self):
        rng = np.random.default_rng(SEED)
        X = self.large(rng)
        y = X[:, 0] % 7 + X[:, 1] % 5
        for model in (DecisionTreeRegressor(max_depth=8), RandomForestClassifier(5, max_depth=6), HistGradientBoostingRegressor(max_iter=10),
                      make_pipeline(StandardScaler(), DecisionTreeRegressor(max_depth=6)), LinearRegression()):
            model.fit(X.astype(float), y)
            for dtype in (np.int64, np.float64, np.float32):
                with self.subTest(model=type(model).__name__, dtype=dtype.__name__):
                    self.check(model, X.astype(dtype), "predict")

    def test_integers_in_csv(self):
        rng = np.random.default_rng(SEED)
        table = pd.DataFrame(self.large(rng), columns=["a", "b", "c"])
        model = DecisionTreeRegressor(max_depth=8).fit(table, table.a % 7)
        self.check(model, table, "predict")

    def test_float32_rows(self):
        rng = np.random.default_rng(SEED)
        X = (rng.normal(size=(2000, 8)) * 10.0 ** rng.integers(-6, 6, 8)).astype(np.float32)
        y = X[:, 0] > 0
        for model in (RandomForestClassifier(10, max_depth=6), HistGradientBoostingRegressor(max_iter=20), StandardScaler(), LinearRegression()):
            model.fit(X.astype(np.float64), y)
            with self.subTest(model=type(model).__name__):
                self.check(model, X, "predict" if hasattr(model, "predict") else "transform")


def add_case(name, function):
    def test(self):
        self.check_case(function, name)
    setattr(Predict, "test_case_" + name.replace("-", "_"), test)


for name, function in registry.CASES:
    add_case(name, function)

if __name__ == "__main__":
    unittest.main()
