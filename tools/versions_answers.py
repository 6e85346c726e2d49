#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs brine over the suite of models that one exporter fitted under several scikit-learn versions.

    tools/versions_answers.py [--brine FILE] [--corpus DIR] [--write FILE] [--list] [NAME...]

DIR (default $BRINE_CORPUS/versions) holds VERSION/pkl/NAME.pkl, VERSION/csv/DATASET.csv (missing is "N/A") and the writer's own
predictions VERSION/csv/NAME.csv.  Each model is equal (every number within 1e-13 relative, or the class's bound of brine check;
most are bit-equal), equal but not yet proved by a golden, refused with the reason, or different.  Prints one line a version;
--list one a model; --write makes docs/versions.md.  Exit: 1 when any model is different.
"""
import argparse
import collections
import concurrent.futures
import csv
import io
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]

# Columns of the exporter's own, which no method of the estimator gives.
OWN = re.compile(r"nodeId|eval\(|neighbor\(|affinity\(|decision$|bspline\(|power\(|standardScaler\(|xref\(|pca_ratio|outlier$")


def datasets(folder):
    names = [path.stem for path in (folder / "csv").glob("*.csv") if not (folder / "pkl" / f"{path.stem}.pkl").exists()]
    return sorted(names, key=len, reverse=True)


def dataset_of(folder, name):
    """The input is named at the end of the model's name."""
    for data in datasets(folder):
        if name.endswith(data) or (name.endswith("Dict") and name[:-4].endswith(data)):
            return data
    special = {"CQRAuto": "Auto"}
    return special.get(name)


def read(text):
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))
    return rows[0], rows[1:]


def same(a, b):
    if a == b or (a.lower(), b.lower()) in (("true", "true"), ("false", "false")):
        return "bit-equal"
    if {a, b} <= {"", "N/A"}:
        return "bit-equal"
    try:
        x, y = float(a), float(b)
    except ValueError:
        return None
    if x == y or (math.isnan(x) and math.isnan(y)):
        return "bit-equal"
    return "close" if abs(x - y) <= 1e-9 * max(1e-3, abs(x), abs(y)) else None


def brine(program, model, data, method, unproved):
    command = [program, "predict", model, data, "--method", method, "--missing", "N/A"]
    done = subprocess.run(command + (["--allow-unproved"] if unproved else []), capture_output=True, text=True)
    lines = done.stderr.strip().splitlines() or ["nothing was said"]
    return (done.stdout, None) if done.returncode == 0 else (None, lines[0].replace(f"brine: {model}: ", "").replace(f"brine: {data}: ", ""))


def compare_columns(wanted, given, names):
    """The worst of all cells: bit-equal, close, or a sentence about the first that differs."""
    worst = "bit-equal"
    if len(wanted) != len(given):
        return f"{len(given)} rows instead of {len(wanted)}"
    for r, (want, have) in enumerate(zip(wanted, given)):
        if len(want) != len(have):
            return f"{len(have)} columns instead of {len(want)}"
        for name, a, b in zip(names, want, have):
            how = same(a, b)
            if how is None:
                return f"row {r}, {name}: {b} instead of {a}"
            worst = how if how == "close" else worst
    return worst


def judge_method(program, model, data, method, header, rows, columns, unproved):
    out, reason = brine(program, model, data, method, unproved)
    if reason:
        return "refused", reason
    return "answered", compare_columns([[row[c] for c in columns] for row in rows], read(out)[1], [header[c] for c in columns])


def methods_of(header):
    """{method: columns of the expected file}."""
    found = {}
    for i, name in enumerate(header):
        if name == "decisionFunction":
            found.setdefault("decision_function", []).append(i)
        elif name.startswith("probability("):
            found.setdefault("predict_proba", []).append(i)
        elif not OWN.search(name):
            found.setdefault("predict", []).append(i)
    return found


def judge(program, folder, name):
    """(equal | unproved | refused | different, detail)"""
    header, rows = read((folder / "csv" / f"{name}.csv").read_text())
    data = dataset_of(folder, name)
    if data is None:
        return "refused", "no input of that name in the corpus"
    methods, worst = methods_of(header), "bit-equal"
    state = "equal"
    for method, columns in methods.items():
        arguments = (program, str(folder / "pkl" / f"{name}.pkl"), str(folder / "csv" / f"{data}.csv"), method, header, rows, columns)
        how, detail = judge_method(*arguments, False)
        if how == "refused" and "is not among what was proved" in detail or how == "refused" and "not known here" in detail:
            state, why = "unproved", detail
            how, detail = judge_method(*arguments, True)
        if how == "refused":
            return how, detail
        if detail not in ("bit-equal", "close"):
            return "different", f"{method}: {detail}"
        worst = detail if detail == "close" else worst
    if not methods:
        return "refused", "the expected file has columns of the exporter's own only: " + ", ".join(header)
    return state, worst if state == "equal" else f"{worst}; {why}"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brine", default=str(ROOT / "build/release/brine"))
    parser.add_argument("--corpus", default=os.path.join(os.environ.get("BRINE_CORPUS", "../shared/corpus"), "versions"))
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def class_of(detail):
    """A reason without what is particular to one file."""
    detail = re.sub(r" \(in [^)]*\)$", "", detail)
    return re.sub(r" \(row \d+.*\)$", "", detail)


def document(results):
    lines = ["# The models of one suite under several versions", "",
             "Made by `tools/versions_answers.py --write docs/versions.md`. Each model is a `PMMLPipeline` fitted and saved under that",
             "scikit-learn; its own answers are compared with brine's, every cell. *Equal* is bit-equal, or near by 1e-9 where a sum's",
             "order is free (classes B and C of `brine check`); *unproved* is equal too, but some class in it has no golden of",
             "that version yet, so that `predict` wants `--allow-unproved`.", "",
             "| scikit-learn | models | equal | of these bit-equal | unproved | refused | different |", "|---|---|---|---|---|---|---|"]
    for version, models in results.items():
        count = collections.Counter(state for state, _ in models.values())
        bits = sum(state in ("equal", "unproved") and detail.startswith("bit-equal") for state, detail in models.values())
        lines.append(f"| {version} | {len(models)} | {count['equal']} | {bits} | {count['unproved']} | {count['refused']} | {count['different']} |")
    for state in ("different", "refused"):
        lines += ["", f"## {state.capitalize()}", ""]
        reasons = collections.defaultdict(list)
        for version, models in results.items():
            for name, (how, detail) in models.items():
                if how == state:
                    reasons[class_of(detail)].append(f"{name} ({version})")
        lines += [f"- {reason}: {', '.join(names)}" for reason, names in sorted(reasons.items(), key=lambda item: -len(item[1]))] or ["None."]
    return "\n".join(lines) + "\n"


def main():
    args = arguments()
    folders = sorted(path for path in pathlib.Path(args.corpus).iterdir() if (path / "pkl").is_dir())
    results = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for folder in folders:
            names = [path.stem for path in sorted((folder / "pkl").glob("*.pkl")) if not args.names or path.stem in args.names]
            results[folder.name] = dict(zip(names, pool.map(lambda name: judge(args.brine, folder, name), names)))
    for version, models in results.items():
        count = collections.Counter(state for state, _ in models.values())
        print(version, f"{len(models)} models:", ", ".join(f"{count[s]} {s}" for s in ("equal", "unproved", "refused", "different")))
        for name, (state, detail) in models.items():
            if args.list or state == "different":
                print(f"  {state:9} {name}: {detail}")
    if args.write:
        pathlib.Path(args.write).write_text(document(results))
    sys.exit(any(state == "different" for models in results.values() for state, _ in models.values()))


if __name__ == "__main__":
    main()
