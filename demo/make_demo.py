# SPDX-License-Identifier: Apache-2.0
"""Makes what the demo ships: data, two honest models, their wrong twins, recorded predictions, and the evidence expected.

    pip install -r requirements.txt
    python make_demo.py OUT [--all]     about two minutes; --all also saves the three single mistakes

One thread, so that a second run gives the same bytes.
"""
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import gzip
import hashlib
import json
import pathlib
import pickle
import sys

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools" / "oracle"))
import bounds
from figures import bootstrap, interval, interval_by_row, measure, slices
from flights import CATEGORIES, CUTOFF, FEATURES, LATE_COLUMNS, N_TRAIN, NUMBERS, SEED, build, sample

SHIPPED = ("clean-linear", "clean-boosted", "leaky", "leak-prepare")


def linear(numbers=NUMBERS):
    number = Pipeline([("impute", SimpleImputer(strategy="median", add_indicator=True)), ("scale", StandardScaler())])
    category = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=50)
    return Pipeline([("prepare", ColumnTransformer([("number", number, numbers), ("category", category, CATEGORIES)])),
                     ("model", LogisticRegression(C=1.0, max_iter=2000))])


def boosted(numbers=NUMBERS):
    category = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    return Pipeline([
        ("prepare", ColumnTransformer([("category", category, CATEGORIES), ("number", "passthrough", numbers)])),
        ("model", HistGradientBoostingClassifier(max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40,
                                                 categorical_features=[0, 1, 2], early_stopping=False, random_state=SEED))])


def fit_apart(pipe, rows_prepare, rows_model, features):
    """Fits the preparation on one set of rows and the model on another: the classic mistake, made on purpose."""
    pipe[0].fit(rows_prepare[features])
    pipe[1].fit(pipe[0].transform(rows_model[features]), rows_model.disrupted)
    return pipe


def baselines(train, test):
    """All from the training rows alone."""
    rate = train.disrupted.mean()
    table = train.assign(h=train.sched_minute // 60).groupby(["carrier", "h"]).disrupted.agg(["sum", "count"])
    table = (table["sum"] + 20 * rate) / (table["count"] + 20)
    lookup = table.reindex(pd.MultiIndex.from_arrays([test.carrier, test.sched_minute // 60])).fillna(rate).to_numpy()
    edges = np.nanquantile(train.recent_delay, np.linspace(0, 1, 9)[1:-1])

    def bin_of(d):
        return np.where(d.recent_delay.isna(), 8, np.searchsorted(edges, d.recent_delay.fillna(0)))

    by_bin = pd.Series(train.disrupted.to_numpy()).groupby(bin_of(train)).mean().reindex(range(9)).fillna(rate)
    return {"prior": np.full(len(test), rate), "carrier_hour": lookup, "recent_delay_alone": by_bin.to_numpy()[bin_of(test)]}


class Run:
    """One making of the demo: the tables, where things go, and what has been measured so far."""

    def __init__(self, out, keep_all):
        self.out, self.names = pathlib.Path(out), None if keep_all else SHIPPED
        for folder in ("data", "models", "recorded"):
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        self.flights = build()
        self.train, self.test = sample(self.flights)
        self.both = pd.concat([self.train, self.test], ignore_index=True)
        self.base = baselines(self.train, self.test)
        self.models = {}
        self.results = {"models": {}, "sizes": {}}

    def write_tables(self):
        for name, table in (("train", self.train), ("test", self.test)):
            text = table.to_csv(index=False, lineterminator="\n").encode()
            (self.out / f"data/{name}.csv.gz").write_bytes(gzip.compress(text, 9, mtime=0))
            self.results.setdefault("data_bytes_gz", {})[name] = os.path.getsize(self.out / f"data/{name}.csv.gz")
            self.results.setdefault("data_sha256", {})[name] = hashlib.sha256(text).hexdigest()

    def save(self, name, model):
        stem = self.out / "models" / name
        stem.with_name(name + ".pkl").write_bytes(pickle.dumps(model, protocol=5))
        joblib.dump(model, f"{stem}.joblib")
        joblib.dump(model, f"{stem}.joblib.z", compress=3)
        self.results["sizes"][name] = {e: os.path.getsize(f"{stem}.{e}") for e in ("pkl", "joblib", "joblib.z")}

    def report(self, name, model, rows, features, fitted, base, evaluated="test (October 2 to December 31)"):
        y, p = rows.disrupted.to_numpy(), model.predict_proba(rows[features])[:, 1]
        entry = {"fitted_on": fitted, "evaluated_on": evaluated, **measure(p, y, rows.flight_date.to_numpy(), base)}
        if name.startswith("clean"):
            entry["ap_interval_by_row"] = interval_by_row(p, y)
        self.results["models"][name] = entry
        self.models[name] = model
        if self.names is None or name in self.names:
            self.save(name, model)
        return p

    def record(self):
        """predict_proba on the test table as it is read back from its file, and the bound of every value."""
        rows = pd.read_csv(self.out / "data/test.csv.gz", float_precision="round_trip")
        self.results["recorded"] = {}
        for name in SHIPPED:
            model = self.models[name]
            p = model.predict_proba(rows[model.feature_names_in_])
            letter, error = bounds.bound(model, rows[model.feature_names_in_], "predict_proba", p)
            np.save(self.out / f"recorded/{name}.predict_proba.npy", p)
            np.save(self.out / f"recorded/{name}.predict_proba.bound.npy", error)
            self.results["recorded"][name] = {"class": letter, "largest_bound": float(error.max())}


def honest(run):
    clean_linear = linear().fit(run.train[FEATURES], run.train.disrupted)
    clean_boosted = boosted().fit(run.train[FEATURES], run.train.disrupted)
    fitted = {"prepare": "train", "model": "train"}
    p_lin = run.report("clean-linear", clean_linear, run.test, FEATURES, fitted, run.base)
    p_gb = run.report("clean-boosted", clean_boosted, run.test, FEATURES, fitted, run.base)
    y, day = run.test.disrupted.to_numpy(), run.test.flight_date.to_numpy()
    both = bootstrap(average_precision_score, y, [p_gb, p_lin], day)
    gain = average_precision_score(y, p_gb) - average_precision_score(y, p_lin)
    run.results["boosted_minus_linear"] = [round(gain, 4), *interval(both[:, 0] - both[:, 1])]
    run.results["slices_clean_boosted"] = slices(p_gb, y, run.test)


def single_mistakes(run):
    train, test, both = run.train, run.test, run.both
    prior = {"prior": run.base["prior"]}
    run.report("leak-prepare", fit_apart(linear(), both, train, FEATURES), test, FEATURES,
               {"prepare": "train+test", "model": "train"}, prior)
    run.report("leak-rows", boosted().fit(both[FEATURES], both.disrupted), test, FEATURES,
               {"prepare": "train+test", "model": "train+test"}, prior)
    late = NUMBERS + LATE_COLUMNS
    run.report("leak-late-columns", boosted(late).fit(train[CATEGORIES + late], train.disrupted), test, CATEGORIES + late,
               {"prepare": "train", "model": "train"}, prior)


def random_split(run):
    """The mistakes that come with a random split; the last is the notebook that makes all of them."""
    order = np.random.default_rng(SEED + 1).permutation(len(run.both))
    train, test = run.both.iloc[order[:N_TRAIN]], run.both.iloc[order[N_TRAIN:]]
    prior, where = {"prior": np.full(len(test), train.disrupted.mean())}, "random 25 % of all months"
    run.report("leak-split", boosted().fit(train[FEATURES], train.disrupted), test, FEATURES,
               {"prepare": "random 75 %", "model": "random 75 %"}, prior, where)
    features = CATEGORIES + NUMBERS + LATE_COLUMNS
    leaky = fit_apart(linear(NUMBERS + LATE_COLUMNS), run.both, train, features)
    run.report("leaky", leaky, test, features, {"prepare": "train+test", "model": "random 75 %"}, prior, where)
    # what it would do in service, where the late columns are not there yet
    blind = run.test.assign(**{c: np.nan for c in LATE_COLUMNS})
    run.results["models"]["leaky"]["in_service_october_to_december"] = measure(
        leaky.predict_proba(blind[features])[:, 1], run.test.disrupted.to_numpy(), run.test.flight_date.to_numpy(),
        {"prior": run.base["prior"]})


def describe(run):
    """Traps and shifts of the tables themselves."""
    train, test, results = run.train, run.test, run.results
    y = test.disrupted.to_numpy()
    results["rows"] = {"train": len(train), "test": len(test)}
    results["rate"] = {"train": round(float(train.disrupted.mean()), 4), "test": round(float(y.mean()), 4)}
    results["baselines"] = {k: {"average_precision": round(average_precision_score(y, v), 4),
                                "brier": round(brier_score_loss(y, v), 4)} for k, v in run.base.items()}
    full = run.flights[run.flights.flight_date < CUTOFF]
    miss = full.tailnum.isna()  # the natural trap: an aircraft number is missing only when the flight was cancelled
    results["missing_tailnum"] = {"rows": int(miss.sum()), "rate_when_missing": round(float(full.disrupted[miss].mean()), 4),
                                  "rate_when_present": round(float(full.disrupted[~miss].mean()), 4),
                                  "in_train_sample": int(train.tailnum.isna().sum())}
    results["train_test_shift"] = {c: [round(float(d[c].mean()), 2) for d in (train, test)] for c in NUMBERS}
    results["missing_percent"] = {c: [round(100 * float(d[c].isna().mean()), 2) for d in (train, test)]
                                  for c in NUMBERS if run.both[c].isna().any()}
    results["unseen"] = {c: {v: int(n) for v, n in test[c][~test[c].isin(train[c])].value_counts().items()} for c in CATEGORIES}
    results["rare_in_train"] = {c: int((train[c].value_counts() < 50).sum()) for c in CATEGORIES}


def pickle_and_joblib(run):
    def difference(name):
        answers = [model.predict_proba(run.test[FEATURES]) for model in
                   (pickle.loads((run.out / f"models/{name}.pkl").read_bytes()), joblib.load(run.out / f"models/{name}.joblib"))]
        return float(np.abs(answers[0] - answers[1]).max())
    run.results["pickle_joblib_max_abs_difference"] = [difference(n) for n in ("clean-linear", "clean-boosted")]


def main(out, *options):
    run = Run(out, "--all" in options)
    for step in (Run.write_tables, describe, honest, single_mistakes, random_split, Run.record, pickle_and_joblib):
        step(run)
    (run.out / "expected.json").write_text(json.dumps(run.results, indent=1) + "\n")
    print(json.dumps(run.results, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
