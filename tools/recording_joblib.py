# SPDX-License-Identifier: Apache-2.0
"""joblib's loader over recording.py.  Its array wrappers are the real ones, because how many bytes they take decides what
is read next.  Needs numpy and joblib (0.12 or later).
"""
import inspect
import io
import pickle
import random
import sys

import joblib
import joblib.numpy_pickle as numpy_pickle
import joblib.numpy_pickle_compat as compat
import joblib.numpy_pickle_utils as utils
import numpy as np

import streams as written
from recording import PythonUnpickler, Recorded, RecordedType, Recording, note, recorder, result

VERSION = joblib.__version__
WRAPPERS = (numpy_pickle.NumpyArrayWrapper, compat.NDArrayWrapper)


class Called(Recorded):
    """What some calls must really give, for the wrappers to find what they need."""

    @classmethod
    def made(cls, args):
        made = cls
        if cls.recorded in ("copyreg._reconstructor", "copy_reg._reconstructor") and args and isinstance(args[0], type) and issubclass(args[0], WRAPPERS):
            made = args[0]  # as protocols 0 and 1 make joblib's wrappers
        return object.__new__(made)

    def __new__(cls, *args, **kwargs):
        if cls.recorded == "_codecs.encode" and args[1:] == ("latin1",):
            note("call", cls.recorded)
            return args[0].encode("latin1")  # how protocols 0 to 2 write bytes
        return Recorded.__new__(cls, *args, **kwargs)


class RecordedDtype(Recorded, metaclass=RecordedType):
    """Becomes a real dtype when one of joblib's wrappers asks for its size, and not before: numpy crashes
    on some states that a hostile file can give it."""

    recorded = "numpy.dtype"

    def __new__(cls, *args):
        note("call", "numpy.dtype")
        self = result(object.__new__(cls), cls, args, {})
        self.state = None
        return self

    def __setstate__(self, state):
        note("build", "numpy.dtype")
        self.state = state

    def make(self):
        dtype = np.dtype(*[real(a) for a in self.call[1]])
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
            note("call", name)
            return object.__new__(cls)

        def __setstate__(self, state):
            note("build", self.__dict__.pop("recorded", name))
            self.__dict__.update(real(state))

        if not reads:  # a companion file: none of this file's bytes
            def read(self, *args, **kwargs):
                return None
    return Wrapper


class JoblibUnpickler(Recording, numpy_pickle.NumpyUnpickler):
    def find_class(self, module, name):
        full = module + "." + name
        note("import", full)
        if full == "numpy.dtype":
            return RecordedDtype
        if module.split(".")[-2:-1] == ["joblib"]:
            for base, reads in ((numpy_pickle.NumpyArrayWrapper, True), (compat.NDArrayWrapper, False),
                                (compat.ZNDArrayWrapper, False)):
                if name == base.__name__:
                    return wrapper(full, base, reads)
        return recorder(full, Called, named=(module, name))


class InertPickle:
    """Stands for the pickle module inside joblib: object arrays are nested pickles there."""

    def __getattr__(self, name):
        return getattr(pickle, name)

    @staticmethod
    def load(file, **kwargs):
        return PythonUnpickler(file, encoding="latin1").load()


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


def unpickle(file, path="stream"):
    parameters = inspect.signature(numpy_pickle.NumpyUnpickler.__init__).parameters
    extra = {"ensure_native_byte_order": False} if "ensure_native_byte_order" in parameters else {}
    unpickler = JoblibUnpickler(path, file, **extra)
    unpickler.encoding = "latin1"
    return unpickler.load()


def value(rng):
    """Plain values and arrays, some of which share their data."""
    dtypes = ["<f8", ">f8", "<i4", "?", "<U3", "S4", "O", "<c16", "M8[ns]", [("a", "<i8"), ("b", "<f4", (2,))]]
    arrays = [np.zeros([rng.randrange(4) for _ in range(rng.randrange(4))], rng.choice(dtypes)) for _ in range(rng.randrange(1, 4))]
    arrays = [np.asfortranarray(a) if rng.random() < 0.3 else a for a in arrays]
    return rng.choice([arrays, arrays[0], {"a": arrays[0], "b": written.value(rng), "c": arrays}, (arrays[-1], arrays[-1].ravel()[::2])])


SPECS = ["f8", "<f8", ">f4", "i4", "u1", "?", "b1", "S4", "U2", "V16", "O8", "O", "M8", "M8[ns]", "c16", "f2", "S", "V", "U", "a3", "f", "d",
         "i8,i8", "(2,)f8", "l", "x", "", "|O", "V0", "b", "B", "f16"]
ORDERS = ["<", ">", "|", "=", "", "<<", None, 7]
SIZES = [-1, -1, -1, 0, 1, 4, 8, 16, 2 ** 31, -2, None]
FLAGS = [0, 0, 63, 1, 27, 2, 62, -1, 128, -128, None, True, 2 ** 40]
SHAPES = [(), (0,), (1,), (3,), (2, 2), (0, 5), (-1,), (2 ** 32, 2 ** 32), (2 ** 63,), 4, [2], (True,), (1.5,), None, ("2",), (3, -1), (2 ** 62, 4)]


def opcodes(value):
    """A value of plain parts and of bytes, which are opcodes already, without PROTO and STOP."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, (tuple, list)):
        return b"(" + b"".join(map(opcodes, value)) + (b"t" if isinstance(value, tuple) else b"l")
    if isinstance(value, dict):
        return b"(" + b"".join(opcodes(k) + opcodes(v) for k, v in value.items()) + b"d"
    return pickle.dumps(value, 0)[:-1]


def state(rng):
    subarray = rng.choice([None] * 5 + [(b"cnumpy\ndtype\n(Vf4\ntR", (2,)), 7])
    names, fields = rng.choice([(None, None)] * 4 + [(("a",), {"a": (b"cnumpy\ndtype\n(Vf8\ntR", 0)}),
                                                     (("a",), {"a": (b"cnumpy\ndtype\n(VO8\ntR", 0)})])
    whole = (rng.choice([3, 3, 3, 4, 2, 1, 0, 5, -1, True]), rng.choice(ORDERS[:4] * 4 + ORDERS), subarray, names, fields,
             rng.choice(SIZES), rng.choice(SIZES), rng.choice(FLAGS))
    if whole[0] == 4:
        whole += (None,)
    return whole[:rng.choice([9] * 6 + [8, 7, 6, 5])]


def crafted(rng):
    """An array of joblib's whose type and shape anyone may have written; what follows it holds imports, so that it shows
    when one side takes more of it for data than the other."""
    dtype = b"cnumpy\ndtype\n" + opcodes((rng.choice(SPECS), False, True)) + b"R"
    if rng.random() < 0.8:
        dtype += opcodes(state(rng)) + b"b"
    attributes = {"subclass": b"cnumpy\nndarray\n", "shape": rng.choice(SHAPES[:6] * 3 + SHAPES),
                  "order": rng.choice(["C", "F", "C", "F", "A", None]), "dtype": dtype, "allow_mmap": rng.choice([True, False])}
    if rng.random() < 0.7:
        attributes["numpy_array_alignment_bytes"] = rng.choice([16, 16, 16, None, 0, 64, -1, True, "16"])
    if rng.random() < 0.1:
        del attributes[rng.choice(sorted(attributes))]
    wrapper = b"(cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81" + opcodes(attributes) + b"b"
    padding = rng.choice([b"", b"\1\xff", b"\0", b"\x03\xff\xff\xff", b"\x02NN", b"\x10" + b"\xff" * 16])
    nested = b"\x80\x02]cacme\ninner\na."
    data = [b"N" * rng.randrange(1, 40), b"cacme\ndata%d\n" % rng.randrange(9), b"N" * rng.randrange(40), b"cacme\nmore\n", b"N" * 8]
    return b"\x80\x02" + wrapper + padding + (nested if rng.random() < 0.3 else b"") + b"".join(data) + b"t."


def streams(seed, count):
    """(kind, bytes) of joblib's own files, whole and damaged, and of such as it would not write; not compressed."""
    rng = random.Random(seed)
    for _ in range(count):
        if rng.random() < 0.5:
            yield "joblib, crafted", crafted(rng)
            continue
        file = io.BytesIO()
        joblib.dump(value(rng), file, protocol=rng.randrange(6))
        damaged = rng.random() < 0.7
        yield ("joblib, damaged", written.damaged(rng, file.getvalue())) if damaged else ("joblib", file.getvalue())
