# SPDX-License-Identifier: Apache-2.0
"""Virtual environments of the scikit-learn versions that the goldens come from.

    environments.py [VERSION...]      builds those that are missing and prints their interpreters

environments.json pins every package: the numpy, scipy, pandas and joblib of each release's own era.  Interpreters are
looked for as pythonX.Y on PATH, then under $PYENV_ROOT/versions.  The environments are kept in $BRINE_ORACLE, or under
build/oracle/.  Python 2.7 has no venv: there the environment is a folder of packages and a script that runs Python on it.
"""
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ENVIRONMENTS = json.loads((HERE / "environments.json").read_text())
for row in ENVIRONMENTS.values():  # a library beside the packages of a scikit-learn
    if "like" in row:
        base = ENVIRONMENTS[row.pop("like")]
        row.update(python=base["python"], packages=base["packages"] + row["packages"])
    if "beside" in row:  # pure Python packages, in a folder of their own over a scikit-learn's environment
        row["python"] = ENVIRONMENTS[row["beside"]]["python"]
STORE = pathlib.Path(os.environ.get("BRINE_ORACLE") or ROOT / "build" / "oracle")
PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]


def interpreter(version):
    """The path of pythonX.Y that runs (a pyenv shim of an inactive version does not)."""
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    on_path = shutil.which("python" + version)
    candidates = [on_path] if on_path else []
    candidates += sorted(glob.glob(f"{pyenv}/versions/{version}.*/bin/python"))
    for path in candidates:
        if subprocess.run([path, "-c", ""], capture_output=True).returncode == 0:
            return path
    sys.exit(f"no Python {version}: put python{version} on PATH or install it with pyenv")


def build_venv(base, folder, packages):
    python = folder / "bin" / "python"
    subprocess.run([base, "-m", "venv", folder], check=True)
    subprocess.run([python, *PIP, *packages], check=True)


def build_python2(base, folder, packages):
    python = folder / "bin" / "python"
    subprocess.run([base, *PIP, "--target", folder / "packages", *packages], check=True)
    python.parent.mkdir(exist_ok=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}/packages" exec "{base}" "$@"\n')
    python.chmod(0o755)


def build_overlay(base, folder, packages):
    """Some come as source alone: setup.py runs, dependencies are not looked for."""
    python = folder / "bin" / "python"
    pip = [argument for argument in PIP if argument not in ("--only-binary", ":all:")]
    subprocess.run([base, *pip, "--no-deps", "--target", folder / "packages", *packages], check=True)
    python.parent.mkdir(exist_ok=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}/packages" exec "{base}" "$@"\n')
    python.chmod(0o755)


def environment(version):
    """The interpreter of that scikit-learn's environment, built when it is not there yet."""
    pinned = ENVIRONMENTS[version]
    folder = STORE / version
    done = folder / "packages.json"
    inside = {key: pinned[key] for key in ("python", "packages")}
    if not (done.exists() and json.loads(done.read_text()).items() >= inside.items()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if "beside" in pinned:
            build_overlay(environment(pinned["beside"]), folder, pinned["packages"])
        else:
            build = build_python2 if pinned["python"].startswith("2") else build_venv
            build(interpreter(pinned["python"]), folder, pinned["packages"])
        done.write_text(json.dumps(inside))
    return folder / "bin" / "python"


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ENVIRONMENTS:
        print(wanted, environment(wanted), flush=True)
