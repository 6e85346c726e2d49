# SPDX-License-Identifier: Apache-2.0
"""Fits every case under the scikit-learn that runs this and writes what it answers.

    generate.py OUT FAMILY[/CASE]...

Writes OUT/FAMILY/CASE/; only the modules of those families are imported. tests/golden/README.md describes the files.  Rows are predicted one by one to find those
that scikit-learn refuses, then the others at once: where the two ways differ (the order of a sum), they must do so within the bound.
A case may name rows that scikit-learn answers by accident (a mask): brine has to refuse these.
"""
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import importlib
import json
import pathlib
import platform
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import scipy
import sklearn

import bounds
import boosters
import store
from registry import CASES, RAISING, SEED, WITHOUT, generator

BESIDE = ("sklearn2pmml", "sklearn_pandas")  # libraries whose models a case may hold, beside those that boosters.py knows
METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples", "transform")


def plain(answer):
    """Frames, sparse matrices and object arrays of one type as numpy arrays."""
    if hasattr(answer, "toarray"):
        answer = answer.toarray()
    answer = np.asarray(answer)
    if answer.dtype == object and all(isinstance(v, str) for v in answer.ravel()):
        answer = answer.astype(str) if answer.size else answer.astype("U1")
    return answer


def ask(model, method, rows):
    """A list of arrays: several for the probabilities of several targets."""
    answer = getattr(model, method)(boosters.asked(model, rows))
    return [plain(a) for a in answer] if isinstance(answer, list) else [plain(answer)]


def pick(rows, index):
    return rows.iloc[index] if isinstance(rows, pd.DataFrame) else rows[index]


def row_by_row(model, method, rows):
    """What each row alone is answered: a list, with the message where scikit-learn refuses."""
    answers = []
    for i in range(len(rows)):
        try:
            answers.append(ask(model, method, pick(rows, [i])))
        except Exception as refusal:  # whatever it is: the row has no answer
            answers.append(str(refusal).strip().split("\n")[0][:160] or type(refusal).__name__)
    return answers


def differs(a, b, error):
    """Whether two answers differ by more than the error (None: at all)."""
    if error is None:
        return a.dtype != b.dtype and a.dtype.kind != "U" or not same(a, b)
    with np.errstate(invalid="ignore"):
        return not np.all((a == b) | (np.abs(a - b) <= error) | (np.isnan(a) & np.isnan(b)) | np.isinf(error))


def same(a, b):
    if a.dtype.kind in "fiub":
        return a.tobytes() == b.tobytes() or a.shape == b.shape and bool(np.all((a == b) | (a != a) & (b != b)))
    return [repr(v) for v in a.ravel()] == [repr(v) for v in b.ravel()]


def scatter(values, accepted):
    """Back to all rows; a refused row holds NaN, 0, False or ""."""
    fill = np.nan if values.dtype.kind == "f" else None if values.dtype == object else np.zeros(1, values.dtype)[0]
    out = np.full((len(accepted),) + values.shape[1:], fill, dtype=values.dtype)
    out[accepted] = values
    return out


def names_out(model, method, answer):
    """None also where they are fewer than the columns (KNNImputer that keeps empty features)."""
    if method != "transform" or not hasattr(model, "get_feature_names_out"):
        return None
    try:
        names = [str(name) for name in model.get_feature_names_out()]
        return names if answer.ndim == 2 and len(names) == answer.shape[1] else None
    except Exception:  # steps without names
        return None


class NotOffered(Exception):
    """A method that answers no row, where others do: older releases had some that could only fail."""


class Recorder:
    """One case being written."""

    def __init__(self, folder, name, model, rows, accidents=None):
        self.folder, self.name, self.model, self.rows = folder, name, model, rows
        self.accidents = np.zeros(len(rows), dtype=bool) if accidents is None else accidents
        self.refused, self.methods, self.refusals = None, {}, {}

    def agree_on_refusals(self, method, answers):
        refused = np.array([isinstance(a, str) for a in answers])
        if self.refused is not None and refused.all() and not self.refused.all():
            raise NotOffered
        if self.refused is not None and not np.array_equal(refused, self.refused):
            raise SystemExit(f"{self.name}: {method} refuses other rows than the methods before it")
        self.refused = refused
        self.refusals = {str(i): a for i, a in enumerate(answers) if isinstance(a, str)}

    def compute(self, method):
        """Answers of the accepted rows together, checked against the same rows alone."""
        alone = row_by_row(self.model, method, self.rows)
        alone = ["an answer by accident" if mark else a for a, mark in zip(alone, self.accidents)]
        self.agree_on_refusals(method, alone)
        accepted = np.flatnonzero(~self.refused)
        if not len(accepted):
            raise SystemExit(f"{self.name}: every row is refused: {alone[0]}")
        rows = pick(self.rows, accepted)
        together = ask(self.model, method, rows)
        alone = [np.concatenate([alone[i][k] for i in accepted]) for k in range(len(together))]
        alone = [a.reshape(t.shape) if a.size == t.size else a for a, t in zip(alone, together)]  # SparsePCA gives one row as a vector
        return rows, together, alone

    def record(self, method):
        try:
            rows, together, alone = self.compute(method)
        except NotOffered:
            return
        unstable = bounds.unstable(self.model, rows) if method == "predict" else None
        entry = {"class": "A", "files": [], "bounds": [], "names": names_out(self.model, method, together[0])}
        for k, answer in enumerate(together):
            target = self.target(method, k, len(together), rows)
            classed = bounds.bound(target[0], target[1], method, answer)
            self.check(method, answer, alone[k], classed, unstable)
            stem = method if len(together) == 1 else f"{method}.{k}"
            entry["files"].append(store.answer(self.folder, stem, scatter(answer, ~self.refused)))
            entry["bounds"].append(None)
            if classed:
                entry["class"] = classed[0]
                entry["bounds"][k] = store.answer(self.folder, stem + ".bound", scatter(classed[1], ~self.refused))
        if unstable is not None:
            marks = scatter(unstable, ~self.refused)
            entry["unstable"] = store.answer(self.folder, "unstable", marks)
        self.methods[method] = entry

    def target(self, method, k, count, rows):
        """What bounds.py is to look at: one target of several has its logarithm bounded on its own."""
        if count == 1 or method != "predict_log_proba":
            return self.model, rows
        return OneTarget(self.model, k), rows

    def check(self, method, together, alone, classed, unstable):
        if unstable is not None:
            together, alone = together[~unstable], alone[~unstable]
        if differs(together, alone, classed and classed[1]):
            raise SystemExit(f"{self.name}: {method} of a row alone and among others differ by more than the bound")


class OneTarget:
    def __init__(self, model, k):
        self.model, self.k = model, k

    def predict_proba(self, rows):
        return self.model.predict_proba(rows)[self.k]


def estimators(thing, found, seen):
    """Names of the estimator classes anywhere in a model."""
    if id(thing) in seen:
        return found
    seen.add(id(thing))
    if isinstance(thing, dict):
        children = thing.values()
    elif isinstance(thing, (list, tuple)) or isinstance(thing, np.ndarray) and thing.dtype == object:
        children = list(np.ravel(thing)) if isinstance(thing, np.ndarray) else thing
    else:
        package = type(thing).__module__.split(".")[0]
        library = package if package in BESIDE else boosters.library_of(thing)
        if library:
            found.add("%s.%s" % (library, type(thing).__name__))
        elif isinstance(thing, sklearn.base.BaseEstimator):
            found.add(type(thing).__name__)
        children = vars(thing).values() if package in BESIDE + ("sklearn",) and hasattr(thing, "__dict__") else ()
    for child in children:
        estimators(child, found, seen)
    return found


def offers(model, method):
    """0.18 still had a deprecated transform on what has coefficients or importances, and a decision_function on some
    regressors: those are no methods of the model."""
    last = model
    while hasattr(last, "steps") or hasattr(last, "best_estimator_"):
        last = last.steps[-1][1] if hasattr(last, "steps") else last.best_estimator_
    owner = next((base.__name__ for base in type(last).__mro__ if "transform" in vars(base)), "")
    deprecated = owner == "_LearntSelectorMixin"
    if method == "decision_function" and isinstance(last, sklearn.base.RegressorMixin):
        return False
    return hasattr(model, method) and not (method == "transform" and deprecated)


def check_raising(name, model, rows):
    for method in RAISING[name]:
        if not all(isinstance(answer, str) for answer in row_by_row(model, method, rows)):
            raise SystemExit(f"{name}: {method} answers")


def run(folder, name, function):
    folder.mkdir(parents=True, exist_ok=True)
    np.random.seed(SEED)  # for the solvers and trees that are given no random_state
    model, rows, *more = function(generator(name))  # more: methods that METHODS does not have; accidents
    accidents = [mark for mark in more if isinstance(mark, np.ndarray)]
    recorder = Recorder(folder, name, model, rows, *accidents)
    for method in METHODS + tuple(m for m in more if isinstance(m, str)):
        if offers(model, method) and method not in WITHOUT[name] + RAISING[name]:
            recorder.record(method)
    check_raising(name, model, rows)
    np.save(folder / "refused.npy", recorder.refused)
    described = {
        "name": name, "estimators": sorted(estimators(model, set(), set())), "seed": SEED,
        "versions": dict({"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
                     "pandas": pd.__version__, "joblib": joblib.__version__, "python": platform.python_version()}, **boosters.versions()),
        "model": store.model(folder, name, model), "input": store.table(folder, rows), "rows": len(rows),
        "refused": int(recorder.refused.sum()), "refusals": recorder.refusals, "methods": recorder.methods}
    if RAISING[name]:
        described["raising"] = list(RAISING[name])
    (folder / "case.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def chosen(wanted):
    """The cases of the families and single cases that are wanted, and how many families could not be imported."""
    broken = 0
    for family in sorted({name.split("/")[0] for name in wanted}):
        try:
            importlib.import_module("cases." + family)
        except Exception as failure:
            broken += 1
            print(f"{family}: {type(failure).__name__}: {failure}", file=sys.stderr)
    return [c for c in CASES if c[0] in wanted or f"{c[0]}/{c[1]}" in wanted], broken


def main(out, *wanted):
    warnings.simplefilter("ignore")
    found, failed = chosen(wanted)
    for family, name, function in found:
        try:
            run(pathlib.Path(out) / family / name, name, function)
        except (Exception, SystemExit) as failure:
            failed += 1
            print(f"{family}/{name}: {type(failure).__name__}: {failure}", file=sys.stderr)
    print(f"scikit-learn {sklearn.__version__}: {len(found)} cases, {failed} failed", flush=True)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
