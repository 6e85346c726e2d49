# SPDX-License-Identifier: Apache-2.0
"""How a case's model, rows and answers are written; nothing here depends on the time or the machine."""
import gzip
import importlib
import importlib.util
import itertools
import json
import pickle
import types
import zlib

import joblib
import numpy as np
import pandas as pd
from registry import VERSION

# Every pickle protocol and every codec of joblib; the suffix is for people, brine goes by content.
FORMATS = [("pickle", p, None, "pkl") for p in range(pickle.HIGHEST_PROTOCOL + 1)] + [
    ("joblib", None, None, "joblib"), ("joblib", None, ("zlib", 3), "joblib.z"), ("joblib", None, ("gzip", 3), "joblib.gz"),
    ("joblib", None, ("bz2", 3), "joblib.bz2"), ("joblib", None, ("lzma", 3), "joblib.lzma"),
    ("joblib", None, ("xz", 3), "joblib.xz"), ("joblib", None, ("lz4", 3), "joblib.lz4")]
if not importlib.util.find_spec("lz4"):
    FORMATS.pop()
# Through 0.20 scikit-learn had a joblib of its own, whose classes have other names in the file.
JOBLIBS = [joblib] + ([importlib.import_module("sklearn.externals.joblib")] if VERSION <= (0, 20) else [])
WRITTEN = {}  # case: (file, bytes, how) that another interpreter wrote, to be kept as they are

gzip.time = types.SimpleNamespace(time=lambda: 0)  # joblib gives gzip no mtime of its own


def model(folder, name, estimator):
    """In one of the formats, another one in every version."""
    if name in WRITTEN:
        file, data, how = WRITTEN[name]
        (folder / file).write_bytes(data)
        return dict(how, file=file)
    chosen = FORMATS[(zlib.crc32(name.encode()) + 5 * VERSION[1]) % len(FORMATS)]
    writer, protocol, codec, suffix = chosen
    path = folder / f"model.{suffix}"
    if writer == "pickle":
        path.write_bytes(pickle.dumps(estimator, protocol=protocol))
    else:
        used = JOBLIBS[len(name) % len(JOBLIBS) if suffix != "joblib.lz4" else 0]
        used.dump(estimator, str(path), compress=codec or 0)
        writer = used.__name__
    return {"file": path.name, "writer": writer, "protocol": protocol, "codec": codec and codec[0]}


def field(value):
    """One CSV field: text is always quoted, nothing is missing."""
    if value is None or value is getattr(pd, "NA", None) or isinstance(value, float) and np.isnan(value):
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value.item() if isinstance(value, np.generic) else value)


def csv(path, names, columns):
    lines = [",".join(field(name) for name in names)]
    lines += [",".join(field(value) for value in row) for row in zip(*columns)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8"))


def table(folder, rows):
    """Frames and object arrays as CSV, numbers as .npy of their own type."""
    if isinstance(rows, pd.DataFrame):
        csv(folder / "input.csv", rows.columns, [rows[c].tolist() for c in rows])
        return "input.csv"
    if rows.dtype.kind in "OU":
        if rows.ndim == 1 and isinstance(rows[0], dict):
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
            (folder / "input.jsonl").write_bytes("".join(lines).encode("utf-8"))
            return "input.jsonl"
        if rows.ndim == 1 and any(isinstance(row, tuple) for row in rows):  # of labels, as many as there are
            rows = np.array(list(itertools.zip_longest(*rows)), dtype=object).T
        rows = rows.reshape(len(rows), -1)  # documents are one column
        csv(folder / "input.csv", [f"x{j}" for j in range(rows.shape[1])], rows.T.tolist())
        return "input.csv"
    np.save(folder / "input.npy", rows)
    return "input.npy"


def answer(folder, stem, values):
    """The file's name; arrays that mix text and numbers become CSV."""
    if values.dtype != object:
        np.save(folder / f"{stem}.npy", values)
        return f"{stem}.npy"
    columns = values.reshape(len(values), -1).T
    csv(folder / f"{stem}.csv", [f"x{j}" for j in range(len(columns))], columns.tolist())
    return f"{stem}.csv"
