# SPDX-License-Identifier: Apache-2.0
"""brine dis prints what pickletools.dis prints, character for character."""
import array
import collections
import datetime
import decimal
import fractions
import io
import pathlib
import pickle
import pickletools
import random
import tempfile
import unittest
import uuid

import numpy as np
from program import SEED, brine
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

Point = collections.namedtuple("Point", "x y")


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 1, [2]


def recursive():
    a, d = [1], {}
    d["list"], d["self"] = a, d
    a.append(d)
    return a


def shared():
    one = ["once"]
    return [one, one, (one, one), {"k": one}]


def deep(n):
    a = []
    for _ in range(n):
        a = [a, (a,)] if _ % 7 == 0 else [a]
    return a


FIXED = {
    "none": None, "booleans": [True, False], "ellipsis": [..., NotImplemented], "integers": [0, 1, -1, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -2 ** 31,
    -2 ** 31 - 1, 2 ** 63, -2 ** 63, 2 ** 64, 10 ** 300, -10 ** 300, 2 ** 2050], "floats": [0.0, -0.0, 1.5, 1e308, 5e-324, 0.1, float("inf"), float("-inf"), 1e16, 123456789.125],
    "complex": [1j, complex(-0.0, 2.5)], "texts": ["", "a", "é", "東京", "\U0001f642", "line\nbreak", "quote'\"", "back\\slash", "\x00\x1a", "\ud800", "x" * 300, "y" * 70000],
    "bytes": [b"", b"a", b"\x00\xff\n'\"\\", b"z" * 300, b"w" * 70000, bytearray(b"ab\x80")], "containers": [[], (), {}, set(), frozenset(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
    {1: 2}, {"a": {"b": {}}}, {1, 2}, frozenset("ab"), collections.OrderedDict(a=1), collections.deque([1, 2], 5), collections.Counter("abca"),
    collections.defaultdict(list, k=[1])], "many": list(range(3000)), "mapping": {str(k): k for k in range(2500)}, "recursive": recursive(), "shared": shared(),
    "deep": deep(200), "objects": [Point(1, 2), uuid.UUID(int=5), datetime.datetime(2026, 1, 2, 3, 4, 5, 6), datetime.timedelta(1, 2, 3),
    decimal.Decimal("1.10"), fractions.Fraction(3, 7), range(3), slice(1, None, 2), len, int, Point, array.array("d", [1.5, 2])],
    "numpy": [np.arange(5), np.float32(1.5), np.array(["a", "éé"]), np.array([None, "x"], dtype=object), np.zeros((0, 3)), np.dtype([("a", "<i4"), ("b", ">f8")]),
              np.asfortranarray(np.eye(3)), np.datetime64("2026-01-01"), np.ones(3, dtype=bool)]}


def random_object(rng, depth=0):
    """Anything that pickle takes, sometimes something already made."""
    leaves = [lambda: rng.randint(-10 ** rng.randint(0, 40), 10 ** rng.randint(0, 40)), lambda: rng.random() * 10 ** rng.randint(-300, 300),
              lambda: "".join(chr(rng.choice([rng.randint(32, 126), rng.randint(0, 0xd7ff), rng.randint(0x10000, 0x10ffff)])) for _ in range(rng.randint(0, 12))),
              lambda: rng.randbytes(rng.randint(0, 300)), lambda: rng.choice([None, True, False, ..., int, len])]
    if depth > 5 or rng.random() < 0.3:
        return rng.choice(leaves)()
    parts = [random_object(rng, depth + 1) for _ in range(rng.randint(0, 5))]
    if parts and rng.random() < 0.3:
        parts.append(parts[0])
    hashable = [p for p in parts if isinstance(p, (int, float, str, bytes, type(None)))]
    return rng.choice([lambda: parts, lambda: tuple(parts), lambda: dict(zip(hashable, parts)), lambda: set(hashable), lambda: frozenset(hashable)])()


class Dis(unittest.TestCase):
    def setUp(self):
        self.path = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "thing.pkl"

    def check(self, data):
        want = io.StringIO()
        pickletools.dis(data, want)
        self.path.write_bytes(data)
        got = brine("dis", self.path).decode("utf-8", "surrogatepass").splitlines(keepends=True)
        want = want.getvalue().splitlines(keepends=True)
        different = [i for i, (a, b) in enumerate(zip(got, want)) if a != b]
        if different:
            i = different[0]
            self.fail(f"line {i + 1}: {got[i]!r}, pickletools prints {want[i]!r}")
        self.assertEqual(len(got), len(want), f"lines; the last of pickletools: {want[-1]!r}")

    def check_object(self, thing):
        for protocol in range(6):
            with self.subTest(protocol=protocol):
                try:
                    data = pickle.dumps(thing, protocol)
                except pickle.PicklingError:
                    continue
                self.check(data)
                self.check(pickletools.optimize(data))

    def test_random_objects(self):
        rng = random.Random(SEED)
        for i in range(150):
            with self.subTest(i=i):
                self.check(pickle.dumps([random_object(rng) for _ in range(3)], rng.randint(0, 5)))

    def test_models(self):
        X = np.random.default_rng(SEED).normal(size=(40, 3))
        for model in (LogisticRegression().fit(X, X[:, 0] > 0), OneHotEncoder().fit(np.array([["a"], ["é"]], dtype=object))):
            self.check_object(model)

    def test_python_pickler(self):
        """The one written in Python writes other opcodes than the one written in C."""
        for name, thing in FIXED.items():
            if name != "deep":
                with self.subTest(name):
                    self.check(pickle._dumps(thing, 4))

    def test_buffers_out_of_band(self):
        self.check(pickle.dumps([pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"d"))], 5, buffer_callback=lambda b: None))

    def test_slots_and_persistent_ids(self):
        class Pickler(pickle.Pickler):
            def persistent_id(self, thing):
                return "id 7" if thing == 7 else None
        for protocol in (0, 1, 2, 4):
            out = io.BytesIO()
            Pickler(out, protocol).dump([7, 8])
            self.check(out.getvalue())
        self.check(pickle.dumps(Slotted(), 2))


def add_fixed(name, thing):
    setattr(Dis, "test_" + name, lambda self: self.check_object(thing))


for name, thing in FIXED.items():
    add_fixed(name, thing)

if __name__ == "__main__":
    unittest.main()
