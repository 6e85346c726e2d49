# SPDX-License-Identifier: Apache-2.0
"""Metrics of a probability, with intervals by resampling whole clusters (days), and by slice."""
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from flights import SEED


def ece(y, p, bins=15):
    order = np.argsort(p, kind="stable")
    return float(sum(len(b) * abs(y[b].mean() - p[b].mean()) for b in np.array_split(order, bins)) / len(y))


def bootstrap(metric, y, columns, cluster, times=1000):
    """The metric of every column of probabilities on the same resamples, (times, columns)."""
    rng = np.random.default_rng(SEED)
    _, code = np.unique(cluster, return_inverse=True)
    members = [np.flatnonzero(code == k) for k in range(code.max() + 1)]
    out = []
    for _ in range(times):
        rows = np.concatenate([members[k] for k in rng.integers(0, len(members), len(members))])
        out.append([metric(y[rows], c[rows]) for c in columns])
    return np.array(out)


def interval(values):
    return [round(float(v), 4) for v in np.percentile(values, [2.5, 97.5])]


def measure(p, y, day, base):
    """base: baselines by name; the gain over each has its own interval."""
    ap, b = average_precision_score(y, p), bootstrap(average_precision_score, y, [p, *base.values()], day)
    result = {"average_precision": round(ap, 4), "ap_interval_by_day": interval(b[:, 0]),
              "roc_auc": round(roc_auc_score(y, p), 4), "brier": round(brier_score_loss(y, p), 4),
              "ece": round(ece(y, p), 4), "mean_probability": round(float(p.mean()), 4)}
    for i, name in enumerate(base):
        gain = ap - average_precision_score(y, base[name])
        result["gain_over_" + name] = [round(gain, 4), *interval(b[:, 0] - b[:, 1 + i])]
    return result


def interval_by_row(p, y):
    return interval(bootstrap(average_precision_score, y, [p], np.arange(len(y)))[:, 0])


def slices(p, y, frame):
    hours = pd.cut(frame.sched_minute, [0, 600, 900, 1140, 1440], right=False,
                   labels=["<10h", "10-15h", "15-19h", ">19h"])
    keys = {"origin": frame.origin, "carrier": frame.carrier, "part_of_day": hours.astype(str),
            "month": frame.flight_date.str[:7], "pressure_missing": frame.pressure.isna().astype(str)}
    out = {}
    for name, key in keys.items():
        for value, g in pd.Series(np.arange(len(y))).groupby(key.to_numpy()):
            i = g.to_numpy()
            auc = round(roc_auc_score(y[i], p[i]), 4) if 0 < y[i].sum() < len(i) else None
            out[f"{name}={value}"] = {"n": len(i), "rate": round(float(y[i].mean()), 4),
                                      "mean_p": round(float(p[i].mean()), 4), "auc": auc}
    return out
