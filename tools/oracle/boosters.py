# SPDX-License-Identifier: Apache-2.0
"""XGBoost, LightGBM and CatBoost: their models, rows that part implementations, and by how much answers may differ.

Margins are float32 (XGBoost) or float64 sums of leaves in a fixed order: class A.  What goes through exp or log is class C: 4 ulp
of the result's type, after the margin's own error, which is not 0 only where the base margin is itself a logarithm.
"""
import json
import re

import numpy as np

from rows import around, hostile

ULPS = 4
LIBRARIES = ("xgboost", "lightgbm", "catboost")


def library_of(model):
    name = type(model).__module__.split(".")[0]
    return name if name in LIBRARIES else None


def asked(model, rows):
    """The rows as the model's methods take them."""
    if library_of(model) == "xgboost" and type(model).__name__ == "Booster":
        import xgboost
        return xgboost.DMatrix(rows)
    return rows


def versions():
    """Of the library that this environment has, and what its files say of their writer ("proves"), where that is less."""
    for name in LIBRARIES:
        try:
            module = __import__(name)
        except ImportError:
            continue
        found = {name: module.__version__}
        if name == "xgboost" and module.__version__.startswith("0."):
            found["proves"] = "0.90"  # the binary format had no version before 1.0
        if name == "catboost":
            found["proves"] = "1.0"
        if name == "lightgbm":  # the text says its format, not its writer
            found["proves"] = "2.0" if module.__version__ < "2.3" else "3.0" if module.__version__ < "4" else "4.0"
        return found
    return {}


# ---- thresholds ----

def thresholds(model):
    """(feature, threshold) of the trees."""
    library = library_of(model)
    if library == "xgboost":
        booster = model if type(model).__name__ == "Booster" else model.get_booster()
        names = booster.feature_names or []
        try:
            found = re.findall(r"\[([^<\]]+)<([^\]]+)\]", "".join(booster.get_dump()))
        except Exception:  # trees whose leaves are vectors cannot be dumped
            return []
        return [(names.index(f) if f in names else int(f[1:]), float(t)) for f, t in found]
    if library == "lightgbm":
        booster = model if type(model).__name__ == "Booster" else model.booster_
        text = booster.model_to_string()
        found = []
        for block in text.split("\nTree=")[1:]:
            lines = dict(line.split("=", 1) for line in block.split("\n") if "=" in line)
            if lines.get("split_feature"):
                kinds = [int(k) & 1 for k in lines["decision_type"].split()]
                splits = zip(lines["split_feature"].split(), lines["threshold"].split(), kinds)
                found += [(int(f), float(t)) for f, t, categorical in splits if not categorical]
        return found
    borders = model.get_borders() if hasattr(model, "get_borders") else {}
    return [(int(f), float(t)) for f, values in borders.items() for t in values]


def numeric_rows(rng, X, model, ordinary=14, dtype=np.float64):
    base = X[rng.choice(len(X), min(ordinary, len(X)), replace=False)].astype(np.float64)
    found = thresholds(model)
    points = []
    if found:
        chosen = rng.choice(len(found), min(3, len(found)), replace=False)
        points = [(int(found[c][0]), v) for c in chosen for v in around(found[c][1])]
    rows = np.vstack([base, hostile(rng, base, points)])
    if np.issubdtype(dtype, np.integer):
        whole = np.where(np.isnan(rows), -1, rows)
        return np.clip(np.rint(whole), -2.0 ** 24, 2.0 ** 24).astype(dtype)
    with np.errstate(over="ignore"):
        return rows.astype(dtype)


# ---- bounds ----

def ulp(values):
    values = np.abs(np.asarray(values))
    return np.spacing(values.astype(np.float32 if values.dtype == np.float32 else np.float64)).astype(np.float64)


def xgboost_objective(model):
    booster = model.get_booster() if hasattr(model, "get_booster") else model
    if hasattr(booster, "save_config"):
        return json.loads(booster.save_config())["learner"]["learner_train_param"]["objective"]
    return re.search(br"(reg|binary|multi|count|rank|survival):[a-z]+", bytes(booster.save_raw())).group().decode()


def by_exp(model):
    """Whether the margin goes through exp on its way to the prediction."""
    library = library_of(model)
    if library == "xgboost":
        return xgboost_objective(model) in ("binary:logistic", "reg:logistic", "count:poisson", "reg:gamma", "reg:tweedie", "multi:softprob",
                                            "multi:softmax", "survival:cox", "survival:aft")
    if library == "lightgbm":
        booster = model if type(model).__name__ == "Booster" else model.booster_
        found = re.search(r"\nobjective=(\S+)", booster.model_to_string())
        return bool(found) and found.group(1) in ("binary", "multiclass", "multiclassova", "cross_entropy", "cross_entropy_lambda", "xentropy", "xentlambda", "poisson",
                                                  "gamma", "tweedie")
    return hasattr(model, "predict_proba") or str(model.get_all_params()["loss_function"]).startswith(("Poisson", "Tweedie"))


def bound(model, X, method, answer):
    """As bounds.bound, for a model of one of the libraries."""
    is_labels = method == "predict" and hasattr(model, "predict_proba")
    if is_labels or method == "decision_function" or not by_exp(model) or not np.issubdtype(answer.dtype, np.floating):
        return None
    error = ULPS * ulp(answer)
    if method == "predict_proba":
        error = np.maximum(error, ULPS * ulp(answer).max(axis=-1, keepdims=True) / 2)  # 1 - p has the error of p
    if method == "predict_log_proba":
        error = np.maximum(error, ULPS * np.finfo(answer.dtype).eps)  # log(1 + x) has the error of 1 + x
    return "C", error


def unstable(model, X):
    """Rows whose label hangs on less than the bound."""
    if not hasattr(model, "predict_proba"):
        return None
    p = np.sort(model.predict_proba(X).astype(np.float64), axis=1)
    room = 16 * np.finfo(np.float32 if library_of(model) == "xgboost" else np.float64).eps
    return p[:, -1] - p[:, -2] <= room if by_exp(model) and p.ndim == 2 else None
