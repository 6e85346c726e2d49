# SPDX-License-Identifier: Apache-2.0
"""The list of golden cases: a case is a function that is given a random generator and returns (fitted model, rows)."""
import zlib

import numpy as np
import sklearn

SEED = 20260101
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
CASES = []  # (family, name, function)


def case(name, since=(0, 0), until=(99, 99)):
    """Registers a case for scikit-learn since <= version <= until."""
    def register(function):
        if since <= VERSION <= until:
            CASES.append((function.__module__.split(".")[-1], name, function))
        return function
    return register


def generator(name):
    """Of its own name, so that a new case moves no other one."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])
