# SPDX-License-Identifier: Apache-2.0
"""The benchmark's models and rows, made once, all seeds fixed.

OUT/models/NAME.pkl and .joblib, OUT/data/SET.npy or .csv, OUT/manifest.json: the layout that brine-bench reads.
"""
import gzip, json, pickle, shutil
from pathlib import Path

import joblib, numpy as np, pandas as pd
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

SEED = 20261123
ROWS = 100_000
REPOSITORY = Path(__file__).resolve().parent.parent


def numbers():
    """A table as tables are: prices with cents, counts, measurements, in float64."""
    X, y = make_classification(ROWS + 20_000, 20, n_informative=12, n_redundant=3, flip_y=0.05,
                               random_state=SEED)
    X[:, 0:5] = np.round(np.exp(X[:, 0:5] / 2) * 100, 2)
    X[:, 5:8] = np.round(X[:, 5:8] * 10)
    return X[ROWS:], y[ROWS:], np.ascontiguousarray(X[:ROWS])


def texts(words=20_000, documents=20_000):
    """Words of a made-up language, with the frequencies that words have."""
    rng = np.random.default_rng(SEED)
    parts = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu"]
    vocabulary = sorted({"".join(rng.choice(parts, rng.integers(2, 6))) for _ in range(words * 3)})
    rng.shuffle(vocabulary)
    vocabulary = vocabulary[:words]
    rank = np.minimum(rng.zipf(1.2, documents * 60), words) - 1
    drawn = np.array(vocabulary)[rank].reshape(documents, 60)
    return [" ".join(line) for line in drawn] + [" ".join(vocabulary)]


def forest(trees, X, y, **given):
    return RandomForestClassifier(trees, n_jobs=-1, random_state=SEED, **given).fit(X, y).set_params(n_jobs=None)


def save(out, manifest, name, model, data, method):
    with open(out / f"models/{name}.pkl", "wb") as f:
        pickle.dump(model, f, protocol=5)
    joblib.dump(model, out / f"models/{name}.joblib")
    manifest["models"][name] = {"data": data, "method": method,
                                "bytes": (out / f"models/{name}.joblib").stat().st_size}


def demo(out, manifest):
    """The demo's shipped pipeline, and its held-out flights over and over up to ROWS."""
    for suffix in (".pkl", ".joblib"):
        shutil.copy(REPOSITORY / f"demo/models/clean-boosted{suffix}", out / f"models/flights{suffix}")
    with gzip.open(REPOSITORY / "demo/data/test.csv.gz", "rt", encoding="utf-8") as f:
        flights = pd.read_csv(f)
    flights = flights.sample(ROWS, replace=True, random_state=SEED)
    flights.to_csv(out / "data/flights.csv", index=False)
    manifest["models"]["flights"] = {"data": "flights", "method": "predict_proba",
                                     "bytes": (out / "models/flights.joblib").stat().st_size}


def make(out):
    if (out / "manifest.json").exists():
        return
    for folder in ("models", "data"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    manifest = {"models": {}}
    X, y, rows = numbers()
    np.save(out / "data/numbers.npy", rows)
    save(out, manifest, "forest", forest(100, X, y, max_depth=8), "numbers", "predict_proba")
    save(out, manifest, "large-forest", forest(500, X, y), "numbers", "predict_proba")
    hist = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=SEED)
    save(out, manifest, "hist", hist.fit(X, y), "numbers", "predict_proba")
    save(out, manifest, "words", TfidfVectorizer(max_features=20_000).fit(texts()), "", "transform")
    demo(out, manifest)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1))
