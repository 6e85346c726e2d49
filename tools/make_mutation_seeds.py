#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Writes the small files of tests/golden/mutate, one for each container, codec and era.

    make_mutation_seeds.py DIRECTORY

Run once in each of three environments; what one can write follows from its versions:
    Python 2.7,  numpy 1.16.6, joblib 0.9.4              STRING opcodes, ZF files, companion .npy files
    Python 3.8,  numpy 1.19.5, joblib 0.14.1             joblib arrays without padding
    Python 3.11, numpy 2.2.6,  joblib 1.5.2, lz4 4.4.4, zstandard 0.25.0   everything else
Values are made with seed 7.  Every file is at most 4 KiB.  The versions that wrote them are in
DIRECTORY/versions.txt.
"""
from __future__ import print_function

import collections
import io
import os
import pickle
import sys

import joblib
import numpy as np

SEED = 7
LIMIT = 4096


class Estimator(object):
    """A stand-in with what scikit-learn's estimators hold."""

    def __init__(self):
        rng = np.random.RandomState(SEED)
        self.coef_ = rng.normal(size=(2, 3))
        self.columns_ = np.asfortranarray(np.arange(6, dtype="<i4").reshape(2, 3))
        self.empty_ = np.zeros((0, 4))
        self.big_ = np.arange(4, dtype=">f8")
        self.names_ = np.array(["a", u"\xe9", None, 1.5], dtype=object)
        self.text_ = np.array([u"left", u"right"])
        self.nodes_ = np.array([(1, 0.5), (-1, -2.0)], dtype=[("child", "<i8"), ("threshold", "<f8")])
        self.scalar_ = np.float64(0.25)
        self.vocabulary_ = {u"word": 1, u"wort": 2}
        self.numbers_ = [0, -1, 255, 65536, 2 ** 31, 2 ** 70, -2 ** 70, 0.1, True, None]
        self.sets_ = (set([1, 2]), frozenset([3]), collections.OrderedDict(a=1))
        self.same_ = [self.vocabulary_, self.vocabulary_]


Estimator.__module__ = "sklearn.seed"
sys.modules["sklearn"] = sys.modules["sklearn.seed"] = sys.modules[__name__]
seed = sys.modules[__name__]


def write(directory, name, data):
    with open(os.path.join(directory, name), "wb") as f:
        f.write(data)


def dump_joblib(directory, name, value, **kwargs):
    joblib.dump(value, os.path.join(directory, name), **kwargs)


def of_python2(directory, value):
    write(directory, "python2-protocol0.pkl", pickle.dumps(value, 0))
    write(directory, "python2-protocol2.pkl", pickle.dumps(value, 2))
    dump_joblib(directory, "legacy-zf.joblib", value, compress=3)
    dump_joblib(directory, "legacy-companions.joblib", value.coef_, compress=0)


def of_python3(directory, value):
    for protocol in (0, 1, 4, 5):
        write(directory, "protocol%d.pkl" % protocol, pickle.dumps(value, protocol))
    dump_joblib(directory, "aligned.joblib", value)
    small = {"coef_": value.coef_, "names_": value.names_, "text": u"\xe9", "n": 2 ** 70}
    for codec in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4"):
        dump_joblib(directory, codec + ".joblib", small, compress=(codec, 3))
    import zstandard
    raw = io.BytesIO()
    joblib.dump(small, raw)
    write(directory, "zstd.joblib", zstandard.ZstdCompressor(write_checksum=True).compress(raw.getvalue()))
    write(directory, "two-streams.pkl", pickle.dumps([1], 2) + pickle.dumps({"a": value.coef_}, 4))


def main():
    directory = sys.argv[1]
    if not os.path.isdir(directory):
        os.makedirs(directory)
    value = Estimator()
    if sys.version_info[0] == 2:
        of_python2(directory, value)
    elif joblib.__version__ < "1.":
        dump_joblib(directory, "unaligned.joblib", value)
    else:
        of_python3(directory, value)
    with open(os.path.join(directory, "versions.txt"), "a") as f:
        f.write("Python %d.%d.%d, numpy %s, joblib %s, seed %d\n"
                % (sys.version_info[:3] + (np.__version__, joblib.__version__, SEED)))
    for name in os.listdir(directory):
        if os.path.getsize(os.path.join(directory, name)) > LIMIT:
            sys.exit("%s is larger than %d bytes" % (name, LIMIT))


main()
