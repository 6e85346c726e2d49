# SPDX-License-Identifier: Apache-2.0
"""Rewrites the peers' section of docs/performance.md from what peers.py measured.  usage: peers_table.py RESULTS.json"""
import json
import sys
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/performance.md"
HEADING = "## Beside what people use instead"


def get(thing, *path):
    for key in path:
        thing = (thing or {}).get(key)
    return thing


def row_us(peer):
    """From the language that the peer is used from; generated C is called from C, as brine is."""
    return get(peer, "row_in_c_us", "p50") or get(peer, "row_us", "p50")


def rate(peer):
    rates = get(peer, "batch", "rows_per_cpu_s") or get(peer, "batch", "rows_per_s")
    return get(rates, "p50")


def is_right(peer):
    """It gave the model's answer: no row of those compared is off by more than 1e-3."""
    equal = peer.get("equal") or {}
    return "max_abs" in equal and not equal.get("nan") and equal["over_1e3"] == 0


def number(x):
    return "–" if x is None else f"{x:,.0f}" if x >= 1000 else f"{x:.3g}"


def best(peers, value, high):
    found = [(value(p), name) for name, p in peers.items() if value(p)]
    return (max if high else min)(found) if found else (None, "–")


def ratio(ours, theirs, high):
    if not ours or not theirs:
        return "–"
    times = ours / theirs if high else theirs / ours
    return f"{'**' if times >= 2 else ''}{times:.2f} ×{'**' if times >= 2 else ''}"


def equality(brine):
    if "failed" in brine:
        return f"refused: {brine['failed'][:70]}"
    equal = brine.get("equal") or {}
    if "max_abs" not in equal:
        return equal.get("note", "not compared")
    return "bit-equal" if equal["max_abs"] == 0 else f"≤ {equal['max_abs']:.0e}"


def scaling(brine):
    one, two = get(brine, "batch", "rows_per_s", "p90"), get(brine, "batch_2t", "rows_per_s", "p90")
    return f"{two / one:.2f} ×" if one and two else "–"


def line(name, measured):
    peers = {k: p for k, p in measured["peers"].items() if k not in ("brine", "sklearnex") and "failed" not in p and is_right(p)}
    brine, sklearn = measured["peers"].get("brine", {}), measured["peers"].get("sklearn", {})
    (row, row_peer), (batch, batch_peer) = best(peers, row_us, False), best(peers, rate, True)
    return (f"| {name} | {equality(brine)} | {number(row_us(sklearn))} | {number(row)} {row_peer} | {number(row_us(brine))} | "
            f"{ratio(row_us(brine), row, False)} | {number((rate(sklearn) or 0) / 1e6)} | {number((batch or 0) / 1e6)} {batch_peer} | "
            f"{number((rate(brine) or 0) / 1e6)} | {ratio(rate(brine), batch, True)} | {scaling(brine)} |")


def milliseconds(seconds):
    return number(seconds * 1e3) if seconds else "–"


def start_line(name, measured):
    peers = measured["peers"]
    load = {k: get(p, "load_s", "pickle" if k == "sklearn" else "-", "p50") for k, p in peers.items()}
    cold = {k: get(p, "cold", "seconds", "p50") for k, p in peers.items()}
    others = [v for k, v in cold.items() if v and k not in ("brine", "sklearn")]
    grown = {k: (get(p, "rss_kb", "loaded", "VmRSS") or 0) - (get(p, "rss_kb", "before", "VmRSS") or 0) for k, p in peers.items()}
    return (f"| {name} | {milliseconds(load.get('sklearn'))} | {milliseconds(load.get('brine'))} | "
            f"{milliseconds(cold.get('sklearn'))} | {milliseconds(min(others, default=None))} | {milliseconds(cold.get('brine'))} | "
            f"{grown.get('sklearn', 0) / 1024:.1f} | {grown.get('brine', 0) / 1024:.1f} |")


def section(out):
    machine, versions = out["machine"], out["versions"]
    yield HEADING + "\n"
    yield (f"Written by `bench/peers` on {out['date']}: {machine['cpu']}, {machine['cores']} CPUs, load average {machine['load'][0]:.1f} at the "
           "start; " + ", ".join(f"{k} {v}" for k, v in versions.items()) + ". The same models and rows for all, rows rotated, "
           "turn by turn, medians. One row in µs (Python's peers called from Python, generated C from C, brine from C); batch in million "
           "rows per second of processor time on one thread. *Best* is the fastest peer that gives the model's answer (no row off by "
           "more than 0.001); bold: brine is at least twice as fast. Leads below 1.5 × are unproven on a machine that others use.\n")
    yield "| model | brine's answer | row: sklearn | best | brine | lead | batch: sklearn | best | brine | lead | 2 threads |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for name, measured in out["models"].items():
        yield line(name, measured)
    yield "\n| | load ms: pickle | brine | start to first answer ms: sklearn | best other | brine | memory of the model MB: sklearn | brine |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, measured in out["models"].items():
        yield start_line(name, measured)
    yield ""


def main():
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    new = "\n".join(section(json.loads(Path(sys.argv[1]).read_text())))
    DOCUMENT.write_text(text.split(HEADING)[0].rstrip("\n") + "\n\n" + new, encoding="utf-8")
    print(new)


if __name__ == "__main__":
    main()
