# SPDX-License-Identifier: Apache-2.0
"""Every number that brine prints reads back as the same bits: random bit patterns through a model that changes nothing."""
import csv
import json
import pathlib
import pickle
import tempfile
import unittest

import numpy as np
from program import SEED, brine
from sklearn.impute import SimpleImputer
from sklearn.tree import DecisionTreeClassifier

EDGES = [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308, 1e22, 1e23, 9007199254740993.0, 0.1, 1 / 3,
         123456789012345680.0, 1e16, 1e15, 1e-5, 1e-4, 4.35, 2.0 ** 70]


def patterns(rng, dtype, unsigned, n):
    """Finite floats, each bit pattern as likely as any other, and the edges."""
    values = rng.integers(0, np.iinfo(unsigned).max, n, dtype=unsigned, endpoint=True).view(dtype)
    with np.errstate(over="ignore"):
        edges = np.array(EDGES).astype(dtype)
    values = np.concatenate([values, edges, np.round(rng.normal(size=n), 2).astype(dtype)])
    return values[np.isfinite(values)]


class Numbers(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def through(self, values, suffix):
        """The file that brine writes of a column of numbers, through an imputer that has nothing to impute."""
        model = SimpleImputer().fit(np.ones((2, 1), dtype=values.dtype))
        (self.folder / "model.pkl").write_bytes(pickle.dumps(model))
        np.save(self.folder / "in.npy", values.reshape(-1, 1))
        out = self.folder / ("out" + suffix)
        brine("predict", self.folder / "model.pkl", self.folder / "in.npy", "--method", "transform", "--output", out)
        return out

    def check(self, got, want):
        got = np.array(got, dtype=np.float64).astype(want.dtype)
        wrong = np.flatnonzero(got.view(f"u{want.itemsize}") != want.view(f"u{want.itemsize}"))
        self.assertEqual(len(wrong), 0, wrong.size and f"{want[wrong[0]]!r} came back as {got[wrong[0]]!r}")

    def read_csv(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            return [float(row[0]) for row in list(csv.reader(file))[1:]]

    def read_json_lines(self, path):
        values = [json.loads(line) for line in path.read_text().splitlines()]
        return [v[0] if isinstance(v, list) else v for v in values]

    def test_float64(self):
        values = patterns(np.random.default_rng(SEED), np.float64, np.uint64, 50000)
        self.check(self.read_csv(self.through(values, ".csv")), values)
        self.check(self.read_json_lines(self.through(values, ".jsonl")), values)
        self.check(np.load(self.through(values, ".npy")).ravel(), values)

    def test_float32(self):
        values = patterns(np.random.default_rng(SEED), np.float32, np.uint32, 50000)
        self.check(self.read_csv(self.through(values, ".csv")), values)
        self.check(self.read_json_lines(self.through(values, ".jsonl")), values)
        self.check(np.load(self.through(values, ".npy")).ravel(), values)

    def test_csv_in(self):
        """Numbers as Python writes them, and with far too many digits, are read as Python reads them."""
        values = patterns(np.random.default_rng(SEED + 1), np.float64, np.uint64, 20000)
        texts = [repr(float(v)) for v in values[::2]] + [f"{float(v):.25e}" for v in values[1::2]]
        model = SimpleImputer().fit(np.ones((2, 1)))
        (self.folder / "model.pkl").write_bytes(pickle.dumps(model))
        (self.folder / "in.csv").write_text("x0\n" + "\n".join(texts) + "\n")
        out = self.folder / "out.npy"
        brine("predict", self.folder / "model.pkl", self.folder / "in.csv", "--method", "transform", "--output", out)
        self.check(np.load(out).ravel(), np.array([float(t) for t in texts]))

    def test_large_labels(self):
        labels = np.array([2 ** 53 + 1, -2 ** 62 - 1, 7, 2 ** 63 - 1])
        model = DecisionTreeClassifier().fit([[0], [1], [2], [3]], labels)
        (self.folder / "model.pkl").write_bytes(pickle.dumps(model))
        np.save(self.folder / "in.npy", np.arange(4.0).reshape(-1, 1))
        out = brine("predict", self.folder / "model.pkl", self.folder / "in.npy").decode().split()
        self.assertEqual([int(v) for v in out[1:]], labels.tolist())


if __name__ == "__main__":
    unittest.main()
