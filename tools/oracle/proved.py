# SPDX-License-Identifier: Apache-2.0
"""Writes src/estimators/proved.inc from tests/golden/MANIFEST.json: which class is proved against which scikit-learn.

A row says that a golden of that version holds a model of that class; the C tests hold the archives against the rows.
"""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = "/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tools/oracle/proved.py from tests/golden/MANIFEST.json: do not edit. */\n"


def rows(manifest):
    for version, made in manifest["versions"].items():
        major, minor = version.split(".")[:2]
        for name in {name for case in made["cases"].values() for name in case["estimators"]}:
            yield name, int(major) * 100 + int(minor), version


def main():
    manifest = json.loads((ROOT / "tests" / "golden" / "MANIFEST.json").read_text())
    lines = [f'X("{name}", {number}, "{version}")\n' for name, number, version in sorted(rows(manifest))]
    target = ROOT / "src" / "estimators" / "proved.inc"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(HEADER + "".join(lines))


if __name__ == "__main__":
    main()
