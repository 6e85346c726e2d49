# SPDX-License-Identifier: Apache-2.0
"""Pickle streams by a grammar: valid, nearly valid and hostile ones, the same for the same seed.

streams(seed, count) yields (kind, bytes).  A writer keeps the stack's shape in mind while it writes opcodes, so that most
streams load; with a small chance each, it picks an opcode that does not fit, an odd argument, a frame of a wrong length or
another protocol's opcode.  Some streams are then damaged byte by byte.
"""
import collections
import pickle
import pickletools
import random
import struct

NAMES = [("collections", "OrderedDict"), ("numpy", "dtype"), ("numpy", "ndarray"), ("builtins", "set"),
         ("sklearn.tree._tree", "Tree"), ("sklearn.linear_model._base", "LinearRegression"),
         ("copyreg", "_reconstructor"), ("copy_reg", "_reconstructor"), ("_codecs", "encode"),
         ("numpy.core.multiarray", "_reconstruct"), ("functools", "partial"), ("os", "system"), ("builtins", "eval"),
         ("acme.models", "Forest"), ("acme", "a.b.c"), ("__main__", "f"), ("__builtin__", "set")]
ODD_NAMES = ["", ".", "a.", ".a", "a b", "\u00e9", "\U0001f600", "os\0", "a\r", "..", "__import__('os')", "x" * 300, "A\u0301"]
INTEGERS = ["0", "1", "-1", "00", "01", "010", "0x1f", "0b1", "0o7", "+1", "-0", " 1", "1 ", "1_0", "1_", "_1", "99999999999",
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1" * 40, "1L",
            "1.0", "", "x", "\t2", "٣", "0x", "+-1", "1\r", "007", "08"]
FLOATS = ["0", "-0", "1.5", "-1e400", "1e400", "nan", "inf", "-Infinity", " 1", "1 ", "1_0", "1e", "0x1p3", ".5", "5.", "", "1e-400",
          "infinit", "NaN", "1\r", "1,5", "+1.25", "1E5", "1d5", "--1"]
QUOTED = [b"''", b'""', b"'a'", b'"a\'b"', b"'\\x41'", b"'\\x4'", b"'\\n\\t\\\\'", b"'\\400'", b"'\\q'", b"'a", b"a", b"'", b" 'a'",
          b"'a' ", b"'\xe9'", b"'\\\n", b"'\\'", b"'\\'\\\"'", b"'\\12'", b"\"'", b"u'a'", b"'\\u0041'", b"'a\r'"]
RAW = [b"", b"a", b"\\u0041", b"\\u004", b"\\U0001F600", b"\\U00110000", b"\xe9", b"\\\\u0041", b"\\n", b"\\", b"\\ud800", b"\\\\",
       b"\\ud83d\\ude00", b"\xff\\", b"a\r", b"\\u00e9b", b"\\U0000000a"]
TEXTS = [b"", b"a", b"key", b"os", b"system", b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xff", b"\xc3", b"a\0b", b"\xc0\x80",
         b"\xf4\x90\x80\x80", b"x" * 255, b"collections", b"OrderedDict", b"line\nline"]
LONGS = [b"", b"\0", b"\xff", b"\xff\0", b"\x80", b"\0\0", b"\xff\xff", b"\1" * 8, b"\xff" * 9, b"\0" * 7 + b"\x80", b"\0" * 8 + b"\x80",
         b"\xfe" * 40]
EXTENSIONS = [1, 2, 255, 256, 65536, 3, 0, 77777, -1]
MANY = 1 << 20

# What lies on the stack, as far as the grammar cares.
PLAIN, TEXT, TUPLE, LIST, DICT, SET, GLOBAL, OBJECT, BYTES, PERSISTENT, EXTENSION, FROZEN = range(12)
HASHABLE = (PLAIN, TEXT, TUPLE, GLOBAL, OBJECT, BYTES, PERSISTENT, EXTENSION, FROZEN)
CALLABLE = (GLOBAL, EXTENSION)


class Writer:
    def __init__(self, rng):
        self.rng, self.out = rng, bytearray()
        self.stack, self.marks, self.memo = [], [], {}
        self.faults = rng.choice([0, 0, 0, 0.01, 0.03, 0.1])
        self.protocol = rng.choice([0, 1, 2, 3, 4, 5])
        self.frames = self.protocol >= 4 and rng.random() < 0.6

    def faulty(self):
        return self.rng.random() < self.faults

    def op(self, code, argument=b""):
        self.out += (code if isinstance(code, bytes) else code.encode("latin1")) + argument

    def push(self, *kinds):
        self.stack.extend(kinds)

    def fence(self):
        return self.marks[-1] if self.marks else 0

    def free(self):
        """Items above the innermost mark."""
        return len(self.stack) - self.fence()

    def has(self, *kinds):
        """Whether the topmost items are such; None takes any."""
        top = self.stack[len(self.stack) - len(kinds):]
        return self.free() >= len(kinds) and all(k is None or s in (k if isinstance(k, tuple) else (k,))
                                                 for k, s in zip(kinds, top))

    def above(self):
        """What lies above the mark, which is taken away with it."""
        begin = self.marks.pop()
        items = self.stack[begin:]
        del self.stack[begin:]
        return items

    # ---- what pushes a value ----

    def number(self):
        r = self.rng
        code = r.choice("IJKMLGFI\x8a\x8b")
        if code == "I":
            text = r.choice(INTEGERS) if self.faulty() or r.random() < 0.2 else str(r.randrange(-300, 300))
            self.op("I", text.encode() + b"\n")
        elif code == "L":
            text = r.choice(INTEGERS) if self.faulty() else str(r.randrange(-2 ** 70, 2 ** 70))
            self.op("L", text.encode() + r.choice([b"L", b""]) + b"\n")
        elif code == "F":
            text = r.choice(FLOATS) if self.faulty() or r.random() < 0.1 else repr(r.uniform(-9, 9))
            self.op("F", text.encode() + b"\n")
        elif code in "\x8a\x8b":
            value = r.choice(LONGS)
            self.op(code, (struct.pack("<B", len(value)) if code == "\x8a" else self.length("<i", len(value))) + value)
        else:
            low, high, form = {"J": (-2 ** 31, 2 ** 31, "<i"), "K": (0, 256, "<B"), "M": (0, 65536, "<H"),
                               "G": (0, 2 ** 64, ">Q")}[code]
            self.op(code, struct.pack(form, r.randrange(low, high)))
        self.push(PLAIN)

    def length(self, form, n):
        """The length of what follows; rarely another."""
        if self.faulty():
            n = self.rng.choice([0, n + 1, n - 1, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 63 - 1, 2 ** 63])
        size = struct.calcsize(form)
        return (n % 2 ** (8 * size)).to_bytes(size, "little")

    def text(self):
        r = self.rng
        code = r.choice("XXVSTU\x8c\x8d\x8c")
        value = r.choice(TEXTS[:7] + TEXTS[-4:]) if not self.faulty() else r.choice(TEXTS)
        if code == "V":
            self.op("V", (r.choice(RAW) if r.random() < 0.3 else b"abc") + b"\n")
        elif code == "S":
            self.op("S", (r.choice(QUOTED) if r.random() < 0.3 else b"'abc'") + b"\n")
        else:
            self.op(code, self.length({"X": "<I", "T": "<i", "U": "<B", "\x8c": "<B", "\x8d": "<Q"}[code], len(value)) + value)
        self.push(TEXT)

    def binary(self):
        code, value = self.rng.choice("BC\x8e\x96"), self.rng.choice(TEXTS + [pickle.dumps([1])])
        self.op(code, self.length({"B": "<I", "C": "<B", "\x8e": "<Q", "\x96": "<Q"}[code], len(value)) + value)
        self.push(BYTES if code != "\x96" else LIST + 100)  # a bytearray is not hashable, nor to be filled

    def constant(self):
        code, kind = self.rng.choice([("N", PLAIN), ("\x88", PLAIN), ("\x89", PLAIN), (")", TUPLE), ("]", LIST), ("}", DICT),
                                      ("\x8f", SET)])
        self.op(code)
        self.push(kind)

    def name(self):
        module, name = self.rng.choice(NAMES)
        if self.rng.random() < 0.04:
            module = self.rng.choice(ODD_NAMES)
        if self.rng.random() < 0.04:
            name = self.rng.choice(ODD_NAMES)
        return module, name

    def imported(self):
        module, name = self.name()
        if self.rng.random() < 0.5:
            self.op("c", module.encode() + b"\n" + name.encode() + b"\n")
        else:
            for part in (module, name):
                encoded = part.encode()
                self.op("X", struct.pack("<I", len(encoded)) + encoded)
                if self.rng.random() < 0.3:
                    self.push(TEXT)
                    self.remember()
                    self.stack.pop()
            self.op("\x93")
        self.push(GLOBAL)

    def foreign(self):
        r = self.rng
        code = r.choice("PQ\x82\x83\x84")
        if code == "P":
            self.op("P", r.choice([b"id", b"", b"1", b"\xe9"] if self.faulty() else [b"id", b"7"]) + b"\n")
            self.push(PERSISTENT)
        elif code == "Q":
            if not self.stack or not self.free():
                return self.constant()
            self.op("Q")
            self.stack[-1] = PERSISTENT
        else:
            number = r.choice(EXTENSIONS if self.faulty() else EXTENSIONS[:5])
            width = {"\x82": 1, "\x83": 2, "\x84": 4}[code]
            self.op(code, (number % 256 ** width).to_bytes(width, "little"))
            self.push(EXTENSION)

    def buffer(self):
        self.op("\x97")
        self.push(LIST + 100)

    def get(self):
        if not self.memo:
            return self.constant()
        index = self.rng.choice(list(self.memo))
        code = self.rng.choice("ghj" if index < 256 else "gj")
        shown = index + 1 if self.faulty() else index
        self.op(code, b"%d\n" % shown if code == "g" else struct.pack("<B" if code == "h" else "<I", shown % 256 if code == "h" else shown))
        self.push(self.memo[index])

    # ---- what changes the stack ----

    def remember(self):
        code = self.rng.choice("pqr\x94\x94")
        index = len(self.memo)
        if code != "\x94" and self.rng.random() < 0.3:
            index = self.rng.choice([0, 1, 5, 255, 256, 1000, 3000, MANY if self.faulty() else 7])
        if code == "q":
            index %= 256
        self.op(code, {"p": b"%d\n" % index, "q": struct.pack("<B", index % 256), "r": struct.pack("<I", index),
                       "\x94": b""}[code])
        self.memo[index] = self.stack[-1] if self.stack else PLAIN

    def mark(self):
        self.op("(")
        self.marks.append(len(self.stack))

    def collect(self):
        code, kind = self.rng.choice([("t", TUPLE), ("l", LIST), ("t", TUPLE), ("\x91", FROZEN), ("d", DICT)])
        items = self.stack[self.marks[-1]:]
        hashed = items[::2] if code == "d" else items if code == "\x91" else []
        if not self.faulty() and (any(i not in HASHABLE for i in hashed) or (code == "d" and len(items) % 2)):
            code, kind = "t", TUPLE
        self.op(code)
        self.above()
        self.push(kind)

    def tuple(self):
        n = self.rng.randrange(1, 4)
        if self.free() >= n:
            self.op(("", "\x85", "\x86", "\x87")[n])
            del self.stack[-n:]
            self.push(TUPLE)

    def fill_one(self):
        if self.has(DICT, HASHABLE, None) or self.has((OBJECT, GLOBAL, PERSISTENT), None, None) and self.rng.random() < 0.5:
            self.op("s")
            del self.stack[-2:]
        elif self.has(LIST, None) or self.has((OBJECT, GLOBAL, PERSISTENT, EXTENSION), None):
            self.op("a")
            del self.stack[-1:]
        else:
            self.build()

    def fill_many(self):
        begin = self.marks[-1]
        below = self.stack[begin - 1] if begin > (self.marks[-2] if len(self.marks) > 1 else 0) else None
        items = self.stack[begin:]
        if below == DICT and len(items) % 2 == 0 and all(i in HASHABLE for i in items[::2]):
            code = "u"
        elif below == SET and all(i in HASHABLE for i in items):
            code = "\x90"
        elif below == LIST:
            code = "e"
        elif below in (OBJECT, GLOBAL, PERSISTENT, EXTENSION):
            code = self.rng.choice("e\x90" + ("u" if len(items) % 2 == 0 else ""))
        else:
            return self.collect()
        self.op(code)
        self.above()

    def call(self):
        if self.has(CALLABLE, TUPLE) or self.has((OBJECT, PERSISTENT), TUPLE) and self.rng.random() < 0.2:
            plain = self.stack[-2] in CALLABLE
            self.op(self.rng.choice("R\x81" if plain else "R"))
            del self.stack[-2:]
            self.push(OBJECT)
        elif self.has(CALLABLE, TUPLE, DICT):
            self.op("\x92")  # its keywords must be texts, which DICT does not promise
            del self.stack[-3:]
            self.push(OBJECT)
        elif self.has(GLOBAL):
            self.op(")R" if self.rng.random() < 0.5 else ")\x81")
            self.stack[-1] = OBJECT
        elif self.marks and self.has(CALLABLE, None):
            pass
        else:
            self.imported()

    def call_marked(self):
        items = self.stack[self.marks[-1]:]
        if items and items[0] in CALLABLE:
            self.op("o")
        else:
            module, name = self.name()
            self.op("i", module.encode() + b"\n" + name.encode() + b"\n")
        self.above()
        self.push(OBJECT)

    def build(self):
        if self.has((OBJECT, OBJECT, GLOBAL, PERSISTENT, EXTENSION), None):
            self.op("b")
            self.stack.pop()
        elif self.has(OBJECT):
            self.op(self.rng.choice(["}b", "Nb", "(}}tb", "}X\1\0\0\0aK\1sb"]))

    def drop(self):
        if self.free():
            self.op("0")
            self.stack.pop()
        elif self.marks:
            self.op(self.rng.choice("01"))
            self.marks.pop()

    def twice(self):
        if self.free():
            self.op("2")
            self.push(self.stack[-1])

    def header(self):
        if self.rng.random() < (0.95 if self.protocol >= 2 and not len(self.out) else 0.02):
            protocol = self.rng.choice([0, 1, 6, 255]) if self.faulty() else self.protocol
            self.op("\x80", bytes([protocol]))

    def stray(self):
        """Any opcode, whether it fits or not; what the stack is then, nobody knows."""
        op = self.rng.choice(pickletools.opcodes)
        take = {None: b""}.get(op.arg)
        if take is None:
            n = op.arg.n
            take = bytes(self.rng.randrange(3) for _ in range(n)) if n > 0 else self.rng.choice([b"0\n", b"a\n", b"\n", b"a\nb\n", b"\1\0\0\0a"])
        self.op(op.code, take)

    def statement(self):
        r = self.rng
        if self.faulty():
            return self.stray()
        if self.free() and r.random() < 0.12:
            return self.remember()
        if self.marks and r.random() < 0.2:
            return r.choice([self.collect, self.fill_many, self.fill_many, self.call_marked])()
        return r.choices([self.number, self.text, self.binary, self.constant, self.imported, self.get, self.foreign, self.buffer,
                          self.mark, self.tuple, self.fill_one, self.call, self.build, self.drop, self.twice, self.header],
                         [12, 12, 3, 14, 10, 6, 1, 0.3, 8, 6, 12, 12, 6, 3, 0.5, 0.3])[0]()

    def finish(self):
        while self.marks:
            self.collect() if self.rng.random() < 0.95 else self.drop()
        while len(self.stack) > 1 and self.rng.random() < 0.97:
            n = min(len(self.stack), 3)
            self.op(("", "\x85", "\x86", "\x87")[n])
            del self.stack[-n:]
            self.push(TUPLE)
        if not self.stack:
            self.constant()
        self.op(".")

    def stream(self):
        self.header()
        pieces, begin = [bytes(self.out)], len(self.out)
        for _ in range(self.rng.randrange(1, 30)):
            self.statement()
            if self.frames and self.rng.random() < 0.1:
                pieces.append(self.framed(bytes(self.out[begin:])))
                begin = len(self.out)
        self.finish()
        pieces.append(self.framed(bytes(self.out[begin:])) if self.frames else bytes(self.out[begin:]))
        return b"".join(pieces)

    def framed(self, piece):
        n = len(piece)
        if self.faulty():
            n = self.rng.choice([0, 1, n - 1, n + 1, n + 9, 2 ** 40, 2 ** 64 - 1])
        return b"\x95" + struct.pack("<Q", max(n, 0)) + piece


def damaged(rng, stream):
    stream = bytearray(stream)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        at = rng.randrange(len(stream) + 1)
        what = rng.randrange(6)
        if what == 0 and at < len(stream):
            stream[at] = rng.randrange(256)
        elif what == 1 and at < len(stream):
            stream[at] ^= 1 << rng.randrange(8)
        elif what == 2:
            del stream[at:at + rng.randrange(1, 4)]
        elif what == 3:
            stream[at:at] = bytes([rng.choice(pickletools.opcodes).code.encode("latin1")[0]])
        elif what == 4:
            end = min(len(stream), at + rng.randrange(1, 12))
            stream[at:at] = stream[at:end]
        else:
            del stream[at:]
    return bytes(stream)


def value(rng, depth=0):
    """Something that a real pickler writes."""
    leaves = [None, True, 0, -1, 2 ** 40, 2 ** 70, 1.5, float("inf"), "text", "", "\u00e9", b"bytes", bytearray(b"x"), len, collections.OrderedDict]
    if depth > 3 or rng.random() < 0.3:
        return rng.choice(leaves)
    items = [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if items and rng.random() < 0.2:
        items.append(items[0])
    kind = rng.randrange(7)
    if kind == 0:
        return tuple(items)
    if kind == 1:
        return {str(i): v for i, v in enumerate(items)}
    if kind == 2:
        return collections.OrderedDict((i, v) for i, v in enumerate(items))
    if kind == 3:
        return {i for i in items if isinstance(i, (str, int, bytes))}
    if kind == 4:
        return collections.Counter(str(i) for i in range(len(items)))
    if kind == 5:
        return frozenset(i for i in items if isinstance(i, (str, int)))
    return items


def pickled(rng):
    stream = pickle.dumps(value(rng), rng.randrange(6))
    return pickletools.optimize(stream) if rng.random() < 0.2 else stream


def streams(seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        what = rng.random()
        stream = pickled(rng) if what < 0.1 else Writer(rng).stream()
        if 0.1 <= what < 0.2:
            yield "two in a row", stream + Writer(rng).stream()
        elif 0.2 <= what < 0.25:
            yield "trailing bytes", stream + rng.choice([b"\0", b"junk", b"\x80", b".", stream[:5]])
        elif 0.05 <= what < 0.1 or 0.25 <= what < 0.45:
            yield "damaged", damaged(rng, stream)
        else:
            yield "pickled" if what < 0.1 else "written", stream
