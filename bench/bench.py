# SPDX-License-Identifier: Apache-2.0
"""brine beside scikit-learn: each holds a model in its own process, they take turns, always with other rows.

usage: bench.py BUILD WORK      (bench/run makes both)

Prints one table, with the whole distribution of every figure, and writes it to docs/performance.md.
"""
import itertools, os, platform, subprocess, sys, time
from datetime import date
from pathlib import Path

import joblib, numpy, pandas, sklearn

import models
import peers_table

QUICK = bool(os.environ.get("BRINE_BENCH_QUICK"))
TURNS = 4 if QUICK else 20
HERE = Path(__file__).resolve().parent
ROWS = models.ROWS
LABELS = {"forest": "RandomForest 100 × depth 8", "hist": "HistGradientBoosting 100",
          "flights": "the demo's pipeline", "large-forest": "RandomForest 500, unlimited depth",
          "words": "TfidfVectorizer, 20,000 words"}
EXPECTED = {("one row", "forest"): 500, ("one row", "hist"): 200, ("one row", "flights"): 200,
            ("load", "words"): 10, ("start", "forest"): 50, ("start", "hist"): 50, ("start", "flights"): 50}


class Worker:
    def __init__(self, command):
        environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, bufsize=1, env=environment)
        self.answer("start")

    def ask(self, *words):
        print(*words, file=self.process.stdin)
        return self.answer(words)

    def answer(self, words):
        word, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
        if word != "ok":
            raise SystemExit(f"{self.process.args}: {words}: {rest}")
        return [float(x) for x in rest.split()]

    def end(self):
        print("quit", file=self.process.stdin)
        self.process.wait()


def quantiles(values):
    return [float(q) for q in numpy.percentile(values, [10, 50, 90, 99])]


class Bench:
    def __init__(self, build, work):
        self.build, self.work, self.lines = build, work, []
        self.commands = {"scikit-learn": [sys.executable, "-W", "ignore", HERE / "peer.py", work],
                         "brine": [build / "bench/brine-bench", work]}

    def workers(self, name):
        return {peer: Worker([*command, name]) for peer, command in self.commands.items()}

    def add(self, what, name, unit, samples):
        """samples: peer -> figures, in the unit."""
        theirs, ours = (quantiles(samples[peer]) for peer in self.commands)
        less_is_better = not unit.endswith("/s")
        ratio = theirs[1] / ours[1] if less_is_better else ours[1] / theirs[1]
        self.lines.append((what, name, unit, theirs, ours, ratio))
        print(f"{what:8} {LABELS[name]:34} {theirs[1]:12,.2f} {ours[1]:12,.3f} {unit:8} {ratio:8,.1f} x", flush=True)

    # ---- measures ----

    def load(self, name, variant, to_graph=False):
        """From file to something that predicts; what brine does not run (text) to the object graph."""
        workers, samples = self.workers(name), {peer: [] for peer in self.commands}
        for turn, (peer, worker) in itertools.product(range(TURNS), workers.items()):
            command = "open" if peer == "brine" and to_graph else "load"
            seconds = worker.ask(command, variant)[0]
            if turn:                                       # the first one pays for imports
                samples[peer].append(seconds * 1e3)
        for worker in workers.values():
            worker.end()
        self.add("load", name, "ms", samples)

    def ready(self, name):
        workers = self.workers(name)
        for worker in workers.values():
            worker.ask("load", "joblib")
            worker.ask("data", ROWS)
        self.compare(name, workers)
        return workers

    def compare(self, name, workers):
        """Speed without the same answers would be worth nothing."""
        answers = []
        for peer, worker in workers.items():
            path = self.work / f"answers-{peer}"
            worker.ask("answers", 10_000, path)
            answers.append(numpy.fromfile(path))
        difference = abs(answers[0] - answers[1]).max()
        if difference > 1e-14:
            raise SystemExit(f"{name}: answers differ by {difference}")

    def predict(self, name):
        workers = self.ready(name)
        rows = {peer: [] for peer in workers}
        batches = {peer: [] for peer in workers}
        for turn, (peer, worker) in itertools.product(range(TURNS), workers.items()):
            rows[peer] += [ns / 1e3 for ns in worker.ask("lat", turn * 4001 % ROWS, 2000, 250)]
        for turn, (peer, worker) in itertools.product(range(max(TURNS // 2, 2)), workers.items()):
            cpu = worker.ask("batch", 0, ROWS)[1]
            batches[peer].append(ROWS / cpu / 1e6)
        for worker in workers.values():
            worker.end()
        self.add("one row", name, "µs", rows)
        self.add("batch", name, "M rows/s", batches)

    def start(self, name):
        """A process from nothing to its first printed prediction."""
        row = self.work / f"{name}-row.csv"
        self.write_row(name, row)
        model = self.work / f"models/{name}.joblib"
        read = ("import sys, joblib, pandas; m = joblib.load(sys.argv[1]); x = pandas.read_csv(sys.argv[2]); "
                "print(m.predict_proba(x if hasattr(m, 'feature_names_in_') else x.to_numpy()))")
        commands = {"scikit-learn": [sys.executable, "-W", "ignore", "-c", read, model, row],
                    "brine": [self.build / "brine", "predict", model, row, "--method", "predict_proba",
                              "--allow-unproved"]}
        samples = {peer: [] for peer in commands}
        for turn, (peer, command) in itertools.product(range(TURNS), commands.items()):
            before = time.perf_counter()
            subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL)
            samples[peer].append((time.perf_counter() - before) * 1e3)
        self.add("start", name, "ms", samples)

    def write_row(self, name, path):
        if name == "flights":
            pandas.read_csv(self.work / "data/flights.csv", nrows=1).to_csv(path, index=False)
        else:
            values = numpy.load(self.work / "data/numbers.npy", mmap_mode="r")[:1]
            pandas.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])]).to_csv(path, index=False)

    def limits(self):
        largest = self.work / "models/large-forest.joblib"
        out = subprocess.run([str(self.build / "bench/brine-limits"), str(largest)], check=True,
                             capture_output=True, text=True).stdout
        return {name: float(value) for name, value in (line.split() for line in out.splitlines())}


# ---- the document ----

def machine():
    name = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                 if line.startswith("model name")), platform.machine())
    return f"{name}, {os.cpu_count()} CPUs, {platform.system()} {platform.release().split('-')[0]}"


def number(x):
    return f"{x:,.0f}" if x >= 1000 else f"{x:,.1f}" if x >= 10 else f"{x:.3f}"


def spread(q):
    return f"**{number(q[1])}** ({number(q[0])}, {number(q[2])}, {number(q[3])})"


def limit_text(what, name, limits, size):
    if what == "load" and name == "large-forest":
        return f"reading the {size / 1e6:.0f} MB: {size / limits['read'] / 1e6:.0f} ms, copying them: {size / limits['memcpy'] / 1e6:.0f} ms"
    if name == "forest" and what == "one row":
        return f"bare loop: {limits['row.100x8'] * 100 / 1e3:.1f} µs"
    if name == "forest" and what == "batch":
        return f"bare loop: {1e3 / limits['rows.100x8'] / 100:.2f} M rows/s"
    return ""


def document(bench, limits, load_average):
    sizes = {name: (bench.work / f"models/{name}.joblib").stat().st_size for name in LABELS}
    yield "# How fast, measured\n"
    yield (f"Written by `bench/run` on {date.today()}: {machine()}; load average {load_average[0]:.1f} before and "
           f"{os.getloadavg()[0]:.1f} after (other work on the machine slows both sides, and their worst percentiles most). "
           f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, joblib {joblib.__version__}, "
           f"numpy {numpy.__version__}. One thread each, turn by turn in one run, {TURNS} turns, always other rows; "
           "the answers were compared first (no difference above 1e-14).\n")
    yield "Figures are **median** (10th, 90th, 99th percentile). The ratio is of the medians.\n"
    yield "| | model | scikit-learn, joblib | brine | | ratio | expected | limit of the machine |"
    yield "|---|---|---|---|---|---|---|---|"
    for what, name, unit, theirs, ours, ratio in bench.lines:
        expected = EXPECTED.get((what, name))
        yield (f"| {what} | {LABELS[name]} | {spread(theirs)} | {spread(ours)} | {unit} | {number(ratio)} × | "
               f"{f'≥ {expected} ×' if expected else ''} | {limit_text(what, name, limits, sizes[name])} |")
    yield "\n- *load*: the `.joblib` file to a model that predicts, page cache warm; the vectorizer, which brine does not run yet, to its object graph."
    yield "- *one row*: one call, in the process, rows in turn (a repeated row flatters trees two to four times)."
    yield f"- *batch*: {ROWS:,} rows in one call; rows a second of processor time.  The flights are text to brine, as their CSV holds them, and a ready DataFrame to scikit-learn."
    yield "- *start*: a whole process, `brine predict` or Python with joblib and pandas, to the end of the first printed prediction."
    yield (f"- *limit*: measured in the same run by `bench/limits.c`: memcpy {limits['memcpy']:.1f} GB/s, reading the page cache "
           f"{limits['read']:.1f} GB/s; nanoseconds a row and tree of a bare loop over perfect trees: depth 8 × 100 "
           f"{limits['row.100x8']:.1f} for a row alone, {limits['rows.100x8']:.1f} for 16 abreast; depth 11 × 500 "
           f"{limits['row.500x11']:.1f} and {limits['rows.500x11']:.1f}.")


def main():
    build, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    models.make(work)
    bench, load_average = Bench(build, work), os.getloadavg()
    print(f"{'':8} {'':34} {'scikit-learn':>12} {'brine':>12}")
    bench.load("words", "joblib", to_graph=True)
    bench.load("large-forest", "joblib")
    for name in ("forest", "hist", "flights"):
        bench.load(name, "joblib")
        bench.predict(name)
        bench.start(name)
    text = "\n".join(document(bench, bench.limits(), load_average)) + "\n"
    if not QUICK:
        (HERE.parent / "docs").mkdir(exist_ok=True)
        path = HERE.parent / "docs/performance.md"
        kept = path.read_text(encoding="utf-8").split(peers_table.HEADING)[1:] if path.exists() else []
        path.write_text(text + "".join(f"\n{peers_table.HEADING}{part}" for part in kept), encoding="utf-8")
    print("\n" + text)


if __name__ == "__main__":
    main()
