# SPDX-License-Identifier: Apache-2.0
"""scikit-learn as a peer: one model, driven line by line as worker.c says."""
import json, pickle, sys, time, warnings
from pathlib import Path

warnings.filterwarnings("ignore")
import joblib, numpy as np, pandas as pd


class Peer:
    def __init__(self, folder, name):
        self.folder, self.name = Path(folder), name
        self.info = json.loads((self.folder / "manifest.json").read_text())["models"][name]

    def load(self, variant):
        path = self.folder / f"models/{self.name}.{'joblib' if variant == 'joblib' else 'pkl'}"
        start = time.perf_counter()
        if variant == "joblib":
            self.model = joblib.load(path)
        else:
            with open(path, "rb") as f:
                self.model = pickle.load(f)
        return f"{time.perf_counter() - start:.9f}"

    def data(self, rows):
        path = self.folder / f"data/{self.info['data']}.npy"
        whole = np.load(path) if path.exists() else pd.read_csv(path.with_suffix(".csv"))
        self.rows = whole[: int(rows)]
        self.predict = getattr(self.model, self.info["method"])
        return ""

    def cut(self, first, count):
        return self.rows.iloc[first:first + count] if hasattr(self.rows, "iloc") else self.rows[first:first + count]

    def lat(self, start, count, milliseconds):
        rows = [self.cut((int(start) + i) % len(self.rows), 1) for i in range(int(count))]
        taken, end = [], time.perf_counter() + float(milliseconds) / 1000
        for row in rows:
            before = time.perf_counter_ns()
            self.predict(row)
            taken.append(time.perf_counter_ns() - before)
            if time.perf_counter() > end:
                break
        return " ".join(map(str, taken))

    def batch(self, start, count):
        rows = self.cut(int(start), int(count))
        wall, cpu = time.perf_counter(), time.process_time()
        self.predict(rows)
        return f"{time.perf_counter() - wall:.9f} {time.process_time() - cpu:.9f}"

    def answers(self, count, path):
        self.predict(self.cut(0, int(count))).astype(np.float64).tofile(path)
        return ""


def main():
    peer = Peer(*sys.argv[1:3])
    print("ok", flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "quit":
            break
        try:
            print("ok", getattr(peer, command)(*arguments), flush=True)
        except Exception as error:
            print("no", repr(error)[:200], flush=True)


if __name__ == "__main__":
    main()
