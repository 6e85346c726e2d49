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
import inspect
import io
import json
import os
import pickle
import random
import resource
import subprocess
import sys
import tempfile

import joblib
import joblib.numpy_pickle as numpy_pickle
import joblib.numpy_pickle_compat as compat
import joblib.numpy_pickle_utils as utils
import numpy as np

WRAPPERS = (numpy_pickle.NumpyArrayWrapper, compat.NDArrayWrapper)
log = []


def name_of(thing):
    return getattr(type(thing), "recorded", None) or getattr(thing, "recorded", None) or type(thing).__name__


class RecordedType(type):
    """What find_class() returns: a class, because NEWOBJ and INST ask for one."""

    def __call__(cls, *args, **kwargs):
        return cls.__new__(cls, *args, **kwargs)

    def __getattribute__(cls, name):
        if name in ("__setstate__", "append", "extend", "add"):
            return lambda state: log.append(("build", type.__getattribute__(cls, "recorded")))
        return type.__getattribute__(cls, name)

    def __setitem__(cls, key, value):
        log.append(("build", cls.recorded))


class Recorded(metaclass=RecordedType):
    recorded = ""

    def __new__(cls, *args, **kwargs):
        log.append(("call", cls.recorded))
        if cls.recorded == "_codecs.encode" and args[1:] == ("latin1",):
            return args[0].encode("latin1")  # how protocols 0 to 2 write bytes
        made = cls
        if cls.recorded.endswith("._reconstructor") and issubclass(args[0], WRAPPERS):
            made = args[0]  # as protocols 0 and 1 make joblib's wrappers
        self = object.__new__(made)
        self.__dict__["recorded"] = cls.recorded
        return self

    def __setstate__(self, state):
        log.append(("build", self.recorded))

    def __call__(self, *args, **kwargs):
        log.append(("call", self.recorded))
        return recorder(self.recorded).silent()

    @classmethod
    def silent(cls):
        return object.__new__(cls)

    def append(self, item):
        pass

    def extend(self, items):
        pass

    def add(self, item):
        pass

    def __setitem__(self, key, value):
        pass


def recorder(name):
    return RecordedType("Recorded", (Recorded,), {"recorded": name})


class RecordedDtype(Recorded, metaclass=RecordedType):
    """Becomes a real dtype when one of joblib's wrappers asks for its size, and not before: numpy crashes
    on some states that a hostile file can give it."""

    recorded = "numpy.dtype"

    def __new__(cls, *args):
        log.append(("call", "numpy.dtype"))
        self = object.__new__(cls)
        self.args, self.state = args, None
        return self

    def __setstate__(self, state):
        log.append(("build", "numpy.dtype"))
        self.state = state

    def make(self):
        dtype = np.dtype(*[real(a) for a in self.args])
        if self.state is not None:
            dtype.__setstate__(real(self.state))
        return dtype


def real(value):
    """Plain values, with recorded dtypes and array classes taken out of their recorders."""
    if isinstance(value, RecordedDtype):
        return value.make()
    if isinstance(value, RecordedType):
        return np.record if value.recorded == "numpy.record" else np.ndarray
    if isinstance(value, tuple):
        return tuple(real(v) for v in value)
    if isinstance(value, dict):
        return {real(k): real(v) for k, v in value.items()}
    return value


def wrapper(name, base, reads):
    class Wrapper(base):
        recorded = name

        def __new__(cls, *args):
            log.append(("call", name))
            return object.__new__(cls)

        def __setstate__(self, state):
            log.append(("build", self.__dict__.pop("recorded", name)))
            self.__dict__.update(real(state))

        if not reads:  # a companion file: none of this file's bytes
            def read(self, *args, **kwargs):
                return None
    return Wrapper


class Recording:
    """A mixin that imports nothing."""

    def find_class(self, module, name):
        full = module + "." + name
        log.append(("import", full))
        if full == "numpy.dtype":
            return RecordedDtype
        if isinstance(self, numpy_pickle.NumpyUnpickler) and module.split(".")[-2:-1] == ["joblib"]:
            for base, reads in ((numpy_pickle.NumpyArrayWrapper, True), (compat.NDArrayWrapper, False),
                                (compat.ZNDArrayWrapper, False)):
                if name == base.__name__:
                    return wrapper(full, base, reads)
        return recorder(full)

    def persistent_load(self, pid):
        return recorder("persistent id").silent()


class PlainUnpickler(Recording, pickle._Unpickler):
    pass


class JoblibUnpickler(Recording, numpy_pickle.NumpyUnpickler):
    pass


class InertPickle:
    """Stands for the pickle module inside joblib: object arrays are nested pickles there."""

    def __getattr__(self, name):
        return getattr(pickle, name)

    @staticmethod
    def load(file, **kwargs):
        return PlainUnpickler(file, encoding="latin1").load()


numpy_pickle.pickle = InertPickle()
if hasattr(numpy_pickle, "_ObjectArrayUnpickler"):
    sys.exit("this joblib reads object arrays in a way that this tool does not know")


def joblib_load(path):
    with open(path, "rb") as f:
        if f.read(2) == b"ZF":
            f.seek(0)
            return unpickle(io.BytesIO(compat.read_zfile(f)), path)
        f.seek(0)
        if hasattr(utils, "_validate_fileobject_and_memmap"):  # joblib 1.5
            with utils._validate_fileobject_and_memmap(f, path, None) as (opened, _):
                return unpickle(opened, path)
        with utils._read_fileobject(f, path, None) as opened:
            return unpickle(opened, path)


def unpickle(file, path):
    parameters = inspect.signature(numpy_pickle.NumpyUnpickler.__init__).parameters
    extra = {"ensure_native_byte_order": False} if "ensure_native_byte_order" in parameters else {}
    unpickler = JoblibUnpickler(path, file, **extra)
    unpickler.encoding = "latin1"
    return unpickler.load()


def expected_events(path):
    del log[:]
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
