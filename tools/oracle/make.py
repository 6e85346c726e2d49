# SPDX-License-Identifier: Apache-2.0
"""Makes the golden archives: what each scikit-learn answers, and the manifest of it all.

    python3 tools/oracle/make.py [VERSION...]      all versions of environments.json without arguments

Writes tests/golden/sklearn-VERSION.tar.gz and tests/golden/MANIFEST.json; two runs give the same bytes.  Needs the Python
versions of environments.json (see environments.py), a network for the wheels, and a few minutes.
"""
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile

from environments import ENVIRONMENTS, HERE, ROOT, STORE, environment

GOLDEN = ROOT / "tests" / "golden"
MANIFEST = GOLDEN / "MANIFEST.json"


def archive(folder, path):
    """A tar.gz that depends on the files' names and bytes alone."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            member = tarfile.TarInfo(file.relative_to(folder).as_posix())
            member.size, member.mode = file.stat().st_size, 0o644
            tar.addfile(member, io.BytesIO(file.read_bytes()))
    path.write_bytes(gzip.compress(buffer.getvalue(), 9, mtime=0))


def described(folder):
    """The manifest's row of every case."""
    cases = {}
    for file in sorted(folder.glob("*/case.json")):
        case = json.loads(file.read_text(encoding="utf-8"))
        cases[case["name"]] = {"estimators": case["estimators"], "model": case["model"]["file"], "rows": case["rows"]}
    return cases, case


def text(manifest):
    """JSON with one line a case, so that a change shows as one."""
    whole = json.dumps(manifest, indent=1, sort_keys=True)
    return re.sub(r"\n {5,}| *\n {4}(?=})", " ", whole).replace("[ ", "[").replace(" ]", "]") + "\n"


def make(version):
    folder = STORE / "cases" / version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run([environment(version), "-B", HERE / "generate.py", folder], check=True)
    path = GOLDEN / f"sklearn-{version}.tar.gz"
    archive(folder, path)
    cases, last = described(folder)
    return {"archive": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size,
            "environment": last["versions"], "seed": last["seed"], "cases": cases}


def main(versions):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {"versions": {}}
    manifest["command"] = "python3 tools/oracle/make.py"
    for version in versions or ENVIRONMENTS:
        manifest["versions"][version] = make(version)
        MANIFEST.write_text(text(manifest))
    subprocess.run([sys.executable, HERE / "proved.py"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
