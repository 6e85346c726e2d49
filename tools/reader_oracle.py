#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the sequence of imports, calls and state changes that brine reports with what CPython's
pickle and the real joblib do, without executing anything of the files.

usage: reader_oracle.py BRINE [FILE…]

pickle._Unpickler (which joblib uses too) runs with a find_class() that imports nothing: every name
becomes an inert recorder, whose calls and changes are written down.  joblib's own array wrappers are the
real ones, because how many bytes they take decides what is read next.  Generated values of every
protocol and codec come first, then the FILEs.  Needs numpy and joblib (0.12 or later).
Exit code 0 when all sequences are equal.
"""
import collections
import json
import os
import pickle
import random
import resource
import subprocess
import sys
import tempfile

import joblib
import numpy as np

from recording import log, start
from recording_joblib import joblib_load


def expected_events(path):
    start()
    try:
        joblib_load(path)
        return list(log), None
    except Exception as e:  # whatever a hostile stream makes of it
        return list(log), e


def brine_events(brine, path):
    run = subprocess.run([brine, "inspect", "--json", "--events", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    report = json.loads(run.stdout)
    end = report["first_stream_end"]
    events = [(kind, name) for kind, name, offset, beside in report["events"] if not beside and offset < end]
    return events, report["failure"]


def compare(brine, path):
    expected, error = expected_events(path)
    got, failure = brine_events(brine, path)
    if got == expected:
        return ("equal" if error is None else "equal up to an error of both") if (error is None) == (failure is None) \
            else ("equal, brine refuses" if failure else "equal, Python refuses (%s)" % type(error).__name__), None
    if error is not None and got[:len(expected)] == expected:
        return "equal up to Python's %s, brine reads on" % type(error).__name__, None
    if failure is not None and expected[:len(got)] == got:
        return "equal up to brine's error", None
    at = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
    return "different", "event %d: brine %r, Python %r (%s; %s)" % (at, got[at:at + 1], expected[at:at + 1], failure, error)


def generated_values():
    rng = random.Random(20261123)
    for i in range(60):
        shape = tuple(rng.randrange(5) for _ in range(rng.randrange(4)))
        dtype = rng.choice(["<f8", ">f8", "<i4", "?", "<U3", "S4", "O", "<c16", "M8[ns]",
                            [("a", "<i8"), ("b", "<f4", (2,))], [("o", "O"), ("x", "<i2")]])
        array = np.zeros(shape, dtype)
        if rng.random() < 0.5:
            array = np.asfortranarray(array)
        yield {"i": i, "array": array, "same": [array, array], "nested": [(array, "x"), {"k": array.ravel()[::2]}],
               "scalar": np.float64(i), "matrix": np.matrix([[1, 2]]), "masked": np.ma.masked_array([1, 2], [0, 1]),
               "set": {1, 2}, "od": collections.OrderedDict(a=array), "long": 2**100, "rng": np.random.RandomState(i)}


def generated(folder):
    codecs = [0, ("zlib", 3), ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)]
    for i, value in enumerate(generated_values()):
        path = os.path.join(folder, "x")
        joblib.dump(value, path, compress=codecs[i % len(codecs)], protocol=i % 6)
        yield "generated %d by joblib %s" % (i, joblib.__version__), path
        for protocol in range(6):
            with open(path, "wb") as f:
                pickle.dump(value, f, protocol)
            yield "generated %d, protocol %d" % (i, protocol), path


def main():
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    brine, counts, wrong = sys.argv[1], collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        cases = [(os.path.basename(f), f) for f in sys.argv[2:]]
        for name, path in list_then(generated(folder), cases):
            result, detail = compare(brine, path)
            counts[result] += 1
            if detail:
                wrong += 1
                print("%s: %s" % (name, detail))
    print("joblib %s, numpy %s: %s" % (joblib.__version__, np.__version__,
                                       ", ".join("%d %s" % (n, r) for r, n in sorted(counts.items()))))
    sys.exit(1 if wrong else 0)


def list_then(first, second):
    yield from first
    yield from second


main()
