# SPDX-License-Identifier: Apache-2.0
"""Unpicklers that import nothing: every name becomes an inert recorder, whose calls and changes are written down.

log holds what happened since it was last emptied: ("import" | "call" | "build", dotted name).
"""
import _pickle
import copyreg
import pickle

log = []
EXTENSIONS = (1, 2, 255, 256, 65536)  # codes that copyreg knows here, as extension.CODE


def note(kind, name):
    """A change of something imported is written down once, however many items it takes."""
    if not (kind == "change" and log and log[-1] == ("build", name)):
        log.append(("build" if kind == "change" else kind, name))


class RecordedType(type):
    """What find_class() returns: a class, because NEWOBJ and INST ask for one."""

    def __call__(cls, *args, **kwargs):
        return cls.__new__(cls, *args, **kwargs)

    def __getattribute__(cls, name):
        if name == "__setstate__":
            return lambda state: note("build", type.__getattribute__(cls, "recorded"))
        if name in ("append", "extend", "add"):
            return lambda items: note("change", type.__getattribute__(cls, "recorded"))
        return type.__getattribute__(cls, name)

    def __setitem__(cls, key, value):
        note("change", cls.recorded)


class Recorded(metaclass=RecordedType):
    recorded = ""

    def __new__(cls, *args, **kwargs):
        note("call", cls.recorded)
        return result(cls.made(args), cls, args, kwargs)

    @classmethod
    def made(cls, args):
        return object.__new__(cls)

    def __setstate__(self, state):
        note("build", self.recorded)
        self.states.append(state)

    def __call__(self, *args, **kwargs):
        note("call", self.recorded)
        return result(object.__new__(recorder(self.recorded)), self, args, kwargs)

    def append(self, item):
        self.items.append(item)

    add = append

    def extend(self, items):
        self.items.extend(items)

    def __setitem__(self, key, value):
        self.pairs += [key, value]


class Persistent(Recorded):
    """What persistent_load() gives.  Changes of it are told like those of an imported thing."""

    recorded = "persistent id"

    def append(self, item):
        note("change", self.recorded)

    add = extend = append

    def __setitem__(self, key, value):
        note("change", self.recorded)


def result(made, callee, args, kwargs):
    """made, as what that call gave."""
    made.__dict__.update(recorded=callee.recorded, call=(callee, args, kwargs), states=[], items=[], pairs=[])
    return made


def recorder(name, base=Recorded, **attributes):
    return RecordedType("Recorded", (base,), dict(attributes, recorded=name))


class Recording:
    """A mixin that imports nothing."""

    def find_class(self, module, name):
        note("import", module + "." + name)
        return recorder(module + "." + name, named=(module, name))

    def persistent_load(self, pid):
        return result(object.__new__(Persistent), Persistent, (pid,), {})


class PythonUnpickler(Recording, pickle._Unpickler):
    pass


class CUnpickler(Recording, _pickle.Unpickler):
    pass


def start():
    """Forgets what happened."""
    del log[:]
    copyreg.clear_extension_cache()


for code in EXTENSIONS:
    copyreg.add_extension("extension", str(code), code)
