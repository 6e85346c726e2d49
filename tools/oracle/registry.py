# SPDX-License-Identifier: Apache-2.0
"""The list of golden cases: a case is a function that is given a random generator and returns (fitted model, rows)."""
import importlib
import zlib

import numpy as np
import sklearn

SEED = 20260101
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
CASES = []  # (family, name, function)
WITHOUT = {}  # name -> methods whose answer depends on the other rows, or has three dimensions: they are not recorded
RAISING = {}  # name -> methods that this release has, and that fail for every row: brine must not offer them


def case(name, since=(0, 0), until=(99, 99), without=(), raising=()):
    """Registers a case for scikit-learn since <= version <= until."""
    def register(function):
        if since <= VERSION <= until:
            CASES.append((function.__module__.split(".")[-1], name, function))
            WITHOUT[name], RAISING[name] = without, raising
        return function
    return register


def optional(module, *names):
    """The classes of that module, None for what this release does not have: the cases then say since when they want it."""
    try:
        found = importlib.import_module(module)
    except ImportError:
        found = None
    things = [getattr(found, name, None) for name in names]
    return things[0] if len(things) == 1 else things


class LegacyGenerator(np.random.RandomState):
    """What the cases use of numpy.random.Generator, for numpy before 1.17; its numbers are others."""

    def integers(self, low, high=None, size=None):
        return self.randint(low, high, size, dtype=np.int64)

    def random(self, size=None):
        return self.random_sample(size)


def generator(name):
    """Of its own name, so that a new case moves no other one."""
    make = getattr(np.random, "default_rng", LegacyGenerator)
    return make([SEED, zlib.crc32(name.encode())])
