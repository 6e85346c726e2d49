# SPDX-License-Identifier: Apache-2.0
"""The public classes of each scikit-learn that answer about rows: they have predict, transform or a kin of these when fitted.

    classes.py              writes classes.json: {class: {module: releases}}, from the environments of environments.json

With the argument --here it prints those of the scikit-learn that runs it.
"""
import json
import subprocess
import sys

METHODS = ("predict", "transform", "predict_proba", "decision_function", "score_samples")


def modules():
    """Every module of scikit-learn that can be imported, without its tests."""
    import importlib
    import pkgutil
    import warnings

    import sklearn
    warnings.simplefilter("ignore")
    for found in pkgutil.walk_packages(sklearn.__path__, "sklearn.", onerror=lambda name: None):
        if any(part in found[1] for part in (".tests", ".externals", ".conftest", "._build_utils", ".setup", "__check_build", "mocking")):
            continue
        try:
            yield importlib.import_module(found[1])
        except BaseException:  # optional parts, and scripts
            continue


def here():
    import inspect

    from sklearn.base import BaseEstimator
    found = {}
    for module in modules():
        for name, thing in vars(module).items():
            if inspect.isclass(thing) and issubclass(thing, BaseEstimator) and thing.__module__.startswith("sklearn.") \
                    and not name.startswith("_") and name == thing.__name__ and not inspect.isabstract(thing) \
                    and not name.startswith("Base") and any(hasattr(thing, method) for method in METHODS):
                found[name] = thing.__module__
    return found


def main():
    from environments import ENVIRONMENTS, HERE, environment
    out = {}
    for version, pinned in ENVIRONMENTS.items():
        if pinned.get("families") or pinned["python"].startswith("2"):
            continue
        done = subprocess.run([environment(version), "-B", __file__, "--here"], stdout=subprocess.PIPE, check=True)
        for name, module in json.loads(done.stdout).items():
            out.setdefault(name, {}).setdefault(module, []).append(version)
    rows = [f" {json.dumps(name)}: {json.dumps(out[name])}" for name in sorted(out)]
    (HERE / "classes.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    print(f"{len(out)} classes")


if __name__ == "__main__":
    if "--here" in sys.argv:
        print(json.dumps(here()))
    else:
        main()
