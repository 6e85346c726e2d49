# SPDX-License-Identifier: Apache-2.0
"""Models written under Python 2.7, whose pickles hold str as bytes.

python2.py (the one beside make.py) fits and writes them in the environment that $BRINE_WRITER is the interpreter of; the
same scikit-learn under Python 3 reads a twin of each, answers the rows, and must answer as Python 2 did.
"""
import os
import pathlib
import pickle
import subprocess
import tempfile

import numpy as np
import pandas as pd

import store
from registry import case

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "python2.py"
CASES = [("tree", "pickle", 0), ("tree-unicode", "pickle", 1), ("tree-regression", "joblib", 0), ("forest", "pickle", 2),
         ("forest-long", "sklearn.externals.joblib", 0), ("boosting", "pickle", 0), ("boosting-regression", "joblib", 1),
         ("logistic", "pickle", 0), ("linear", "sklearn.externals.joblib", 1), ("scaled-logistic", "pickle", 2),
         ("standard", "pickle", 1), ("union", "joblib", 0), ("imputer", "pickle", 0), ("onehot", "pickle", 0), ("ordinal", "pickle", 2),
         ("columns", "pickle", 1), ("pipeline", "sklearn.externals.joblib", 0)]


def read_rows(folder):
    if (folder / "rows.npy").exists():
        return np.load(str(folder / "rows.npy"))
    table = pd.read_csv(str(folder / "rows.csv"), encoding="utf-8")
    return table.astype({column: object for column in table if table[column].dtype == object})


def check(folder, model, rows):
    for path in folder.glob("*.npy"):
        if path.stem != "rows":
            here = getattr(model, path.stem)(rows)
            here, there = np.asarray(here.toarray() if hasattr(here, "toarray") else here), np.load(str(path))
            same = here.dtype.kind == "f" and np.allclose(here, there, rtol=1e-12, atol=0) or np.array_equal(here, there)
            if not same:
                raise SystemExit(f"{path.stem}: Python 2 answers otherwise")


def written(name, writer, protocol):
    def make(rng):
        with tempfile.TemporaryDirectory(prefix="brine-python2-") as scratch:
            folder = pathlib.Path(scratch)
            subprocess.run([os.environ["BRINE_WRITER"], "-B", str(SCRIPT), name, scratch, writer, str(protocol)], check=True)
            model = pickle.loads((folder / "twin.pkl").read_bytes(), encoding="latin1")
            rows = read_rows(folder)
            check(folder, model, rows)
            file = next(folder.glob("model.*"))
            store.WRITTEN["python2-" + name] = (file.name, file.read_bytes(), {"writer": writer, "protocol": protocol, "python": "2.7"})
        return model, rows
    return make


for one in CASES:
    case("python2-" + one[0])(written(*one))
