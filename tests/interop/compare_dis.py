#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares "brine dis" with CPython 3.11's pickletools, which does not execute what it prints.

usage: compare_dis.py BRINE [FILE…]

Generated pickles of every protocol come first, then the FILEs.  Of a file that pickletools cannot
read to its end (joblib's arrays, compressed files) what it could print must be the beginning of
brine's.  Exit code 0 when all agree.
"""
import array
import collections
import datetime
import decimal
import fractions
import io
import os
import pickle
import pickletools
import random
import subprocess
import sys
import tempfile


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 1, [2]

    def __getstate__(self):
        return None, {"a": self.a, "b": self.b}


class Node:
    def __init__(self, depth):
        self.me, self.depth = self, depth
        self.below = Node(depth - 1) if depth else None


class Keywords:
    def __getnewargs_ex__(self):
        return (), {"x": 1}

    def __new__(cls, x=0):
        return object.__new__(cls)


class Names(dict):
    pass


def random_value(rng, depth):
    texts = ["", "a", "é", "\n\t\\'\"", "it's", 'say "x"', "\x7f\x80\xad\u0378\u200b\u2028\ud800\U0001f600\U000e0001",
             "x" * rng.randrange(300), "日本語", "\x00"]
    atoms = [None, True, False, 0, -1, 255, 256, 65535, 65536, 2**31 - 1, -2**31, 2**31, 2**63, -2**63 - 1,
             rng.getrandbits(rng.randrange(1, 3000)), -rng.getrandbits(200), 0.0, -0.0, 1e-7, 1e16, 1e22,
             float("inf"), float("nan"), rng.random(), rng.uniform(-1e300, 1e300), b"", b"\x00\xff'",
             bytes(rng.getrandbits(8) for _ in range(rng.randrange(300))), bytearray(b"\x01'\""),
             rng.choice(texts), rng.choice(texts), Node(3), Slots(), Keywords(), len, collections.OrderedDict(a=1),
             datetime.datetime(2020, 1, 2), decimal.Decimal("1.5"), fractions.Fraction(1, 3), 1j, range(3),
             array.array("d", [1.5]), Names(a=1), collections.deque([1, 2])]
    if depth == 0:
        return rng.choice(atoms)
    below = [random_value(rng, depth - 1) for _ in range(rng.randrange(6))]
    hashable = [v for v in below if isinstance(v, (int, str, float, bytes, type(None)))]
    kinds = [lambda: below, lambda: tuple(below), lambda: {str(i): v for i, v in enumerate(below)},
             lambda: set(hashable), lambda: frozenset(hashable), lambda: [below, below],
             lambda: [list(range(2100))], lambda: {i: i for i in range(1003)}]
    return rng.choice(kinds)()


def generated():
    rng = random.Random(20261123)
    for i in range(40):
        value = random_value(rng, rng.randrange(4))
        for protocol in range(6):
            for pickler in (pickle.dumps, pickle._dumps):
                yield "generated %d, protocol %d" % (i, protocol), pickler(value, protocol)
    # What only Python 2 writes, and opcodes that picklers of today do not.
    hand = [b"S'a\\n\\x41\\'b'\np0\n.", b'S"it\'s"\n.', b"U\x03\xe9'\"\x2e."[:6] + b".", b"T\x01\0\0\0\x80.",
            b"(I01\nI00\nI-5\nL123L\nL-7\nF1.5\nF1e-7\nVcaf\\u00e9\nlp1\n0(0g1\n.", b"(ios\nsystem\n.",
            b"(cos\nsystem\nU\x01xo.", b"Pabc\n.", b"NQ.", b"\x82\x01.", b"\x83\x01\x02.", b"\x84\x01\0\0\0.",
            b"N20.", b"((N10N.", b"\x80\x05\x97\x98.", b"\x8b\x02\0\0\0\x01\x80.", b"(NN1N."]
    for i, data in enumerate(hand):
        yield "hand-written %d" % i, data


def pickletools_text(data):
    out = io.StringIO()
    try:
        pickletools.dis(io.BytesIO(data), out)
        return out.getvalue(), None
    except Exception as e:  # pickletools raises whatever it meets
        return out.getvalue(), e


def brine_text(brine, path):
    run = subprocess.run([brine, "dis", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run.stdout.decode("utf-8"), run.returncode, run.stderr.decode("utf-8")


def compare(brine, name, data, path):
    expected, error = pickletools_text(data)
    got, code, message = brine_text(brine, path)
    if b"NumpyArrayWrapper" in data:
        return "joblib arrays"  # which pickletools may take for opcodes, so that it goes astray in silence
    if error is None:
        agree = got == expected if len(data) == end_of_first(data) else got.startswith(expected)
        return ("equal" if code == 0 else "equal, but refused") if agree else "different"
    # An offset may have been printed before the opcode that pickletools could not read.
    complete = expected[:expected.rfind("\n") + 1]
    return "goes on" if got.startswith(complete) or code != 0 else "pickletools fails"


def end_of_first(data):
    end = 0
    for op, arg, pos in pickletools.genops(data):
        end = pos + 1
    return end


def main():
    if sys.version_info[:2] != (3, 11):
        sys.exit("this compares with CPython 3.11's pickletools; run it with python3.11")
    brine, counts = sys.argv[1], collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.pkl")
        cases = [(n, d, None) for n, d in generated()]
        for file in sys.argv[2:]:
            with open(file, "rb") as f:
                cases.append((file, f.read(), file))
        for name, data, file in cases:
            if file is None:
                with open(path, "wb") as f:
                    f.write(data)
            result = compare(brine, name, data, file or path)
            counts[result] += 1
            if result == "different":
                print("different: %s %r" % (name, data[:60]))
    print(", ".join("%d %s" % (n, r) for r, n in sorted(counts.items())))
    sys.exit(1 if counts["different"] else 0)


main()
