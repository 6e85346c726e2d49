# SPDX-License-Identifier: Apache-2.0
"""Tables to fit on and rows to predict: ordinary ones, and those on which implementations are known to part."""
import numpy as np
import pandas as pd

CITIES = ["Paris", "São Paulo", "東京", "New York", "O'Hare, IL", 'the "Hague"', "paris", " Paris", "e\u0301t\u00e9"]
STRANGERS = ["", "Paris ", "PARIS", "été", "nan", "None", "🙂", "x" * 400, "0", "New York\nCity", "Sao Paulo"]
SPECIAL = [0.0, -0.0, 5e-324, -1e-310, 1e-30, 2.0 ** 24 + 1, -(2.0 ** 24 + 1), 2.0 ** 53 + 2, 3.4028235e38, 3.5e38, 1e308, -1e308,
           np.inf, -np.inf, np.nan]


def quantile(values, q):
    return np.quantile(values, q) if hasattr(np, "quantile") else np.percentile(values, 100 * np.asarray(q))  # numpy 1.15


# ---- numbers ----

def numbers(rng, n=150, p=6):
    """Columns of the kinds that tables have, in turn: prices, counts, measurements, time stamps, codes, shares."""
    kinds = [lambda: np.round(rng.gamma(2, 20, n), 2), lambda: rng.poisson(3, n).astype(float), lambda: rng.normal(0, 1, n),
             lambda: 1.6e9 + rng.integers(0, 10 ** 6, n).astype(float), lambda: rng.integers(0, 5, n).astype(float),
             lambda: rng.random(n) / 3]
    return np.column_stack([kinds[j % len(kinds)]() for j in range(p)])


def score(rng, X, noise=0.7):
    """A target that the columns explain, by rank so that their scale does not matter."""
    ranks = np.argsort(np.argsort(np.nan_to_num(X), axis=0), axis=0) / len(X)
    weights = rng.normal(0, 1, X.shape[1]) / np.sqrt(X.shape[1])
    return ranks @ weights + noise * 0.3 * rng.normal(0, 1, len(X))


def classes(rng, X, k=2, labels=None):
    """Of uneven size: what comes of equal ones (a first score of 0) would prove less."""
    s = score(rng, X)
    code = np.searchsorted(quantile(s, (np.arange(1, k) / k) ** 1.4), s)
    return code if labels is None else np.asarray(labels)[code]


def holes(rng, X, share=0.15):
    """Some values missing, in every column but the last."""
    X = X.copy()
    missing = rng.random(X.shape) < share
    missing[:, -1] = False
    X[missing] = np.nan
    return X


def thresholds(model):
    """(feature, threshold) of the trees in a model without preparation."""
    found = []
    for tree in np.ravel(getattr(model, "estimators_", [model])):
        if hasattr(tree, "tree_"):
            t = tree.tree_
            found += list(zip(t.feature[t.feature >= 0], t.threshold[t.feature >= 0]))
    for stage in getattr(model, "_predictors", []):
        for predictor in stage:
            nodes = predictor.nodes[predictor.nodes["is_leaf"] == 0]
            name = "num_threshold" if "num_threshold" in nodes.dtype.names else "threshold"
            found += [(f, t) for f, t in zip(nodes["feature_idx"], nodes[name]) if np.isfinite(t)]
    return found


def around(t):
    """A threshold, its neighbours, and values that float32 moves onto or across it."""
    single = np.float32(t)
    up, down = np.nextafter(single, np.float32(np.inf)), np.nextafter(single, np.float32(-np.inf))
    return [t, np.nextafter(t, np.inf), np.nextafter(t, -np.inf), float(single), float(up), float(down),
            (float(single) + float(up)) / 2, (float(single) + float(down)) / 2]


def hostile(rng, base, points, special=SPECIAL):
    """Rows of base with one value replaced: points are (column, value); then the special values."""
    rows = []
    for column, value in points:
        rows.append(base[rng.integers(len(base))].copy())
        rows[-1][column] = value
    for k, value in enumerate(special):
        rows.append(base[rng.integers(len(base))].copy())
        rows[-1][(k + rng.integers(base.shape[1])) % base.shape[1]] = value
    rows.append(np.full(base.shape[1], np.nan))
    rows.append(np.zeros(base.shape[1]))
    return np.array(rows)


def numeric_rows(rng, X, model=None, ordinary=16, dtype=np.float64):
    """Ordinary rows, the trees' thresholds (or values seen in training), special values."""
    base = X[rng.choice(len(X), min(ordinary, len(X)), replace=False)].astype(np.float64)
    found = thresholds(model) if model is not None else []
    if found:
        chosen = rng.choice(len(found), min(3, len(found)), replace=False)
        points = [(int(found[c][0]), v) for c in chosen for v in around(found[c][1])]
    else:
        columns = rng.integers(X.shape[1], size=8)
        points = [(int(c), v) for c, v in zip(columns, np.r_[np.nanmin(X, axis=0)[columns][:4], np.nanmax(X, axis=0)[columns][4:]])]
    rows = np.vstack([base, hostile(rng, base, points)])
    if np.issubdtype(dtype, np.integer):
        whole = np.where(np.isnan(rows), -1, np.where(np.isinf(rows), np.sign(rows) * 2.0 ** 31, rows))
        return np.clip(np.rint(whole), -2.0 ** 62, 2.0 ** 62).astype(dtype)
    with np.errstate(over="ignore"):
        return rows.astype(dtype)


# ---- tables with text ----

def text(rng, n, values=CITIES, missing=0.0, missing_value=np.nan):
    """Few of the values are frequent, some rare, as in real columns."""
    weight = 1 / np.arange(1, len(values) + 1) ** 1.3
    column = np.array(values, dtype=object)[rng.choice(len(values), n, p=weight / weight.sum())]
    column[rng.random(n) < missing] = missing_value
    return pd.Series(column, dtype=object)


def frame(rng, n=200, missing=0.1):
    """city and colour are text, size an integer, price and share numbers with holes, member a boolean."""
    price, share = np.round(rng.gamma(2, 20, n), 2), rng.random(n)
    price[rng.random(n) < missing] = np.nan
    share[rng.random(n) < missing] = np.nan
    return pd.DataFrame({"city": text(rng, n), "size": rng.integers(0, 6, n), "price": price,
                         "colour": text(rng, n, ["red", "green", "blue", "ultramarine"]), "share": share,
                         "member": rng.random(n) < 0.4})


def frame_target(rng, table):
    numeric = table[["size", "price", "share"]].fillna(0).values.astype(float)
    return score(rng, numeric) + 0.2 * (table.city == "Paris").values + 0.1 * table.member.values


def frame_rows(rng, table, ordinary=20, strangers=STRANGERS):
    """Ordinary rows, then rows with one cell replaced by text never seen, nothing, or a special number."""
    rows = table.iloc[rng.choice(len(table), ordinary, replace=False)].to_dict("records")
    changes = [("city", v) for v in strangers if "city" in table] + [("colour", v) for v in strangers[:3] if "colour" in table]
    changes += [(c, np.nan) for c in ("city", "colour", "price", "share") if c in table]
    changes += [(c, v) for c in ("price", "share") if c in table for v in SPECIAL if v == v]
    changes += [("size", v) for v in (-1, 6, 2 ** 24 + 1, 2 ** 40) if "size" in table]
    for column, value in changes:
        rows.append({**rows[rng.integers(ordinary)], column: value})
    out = pd.DataFrame(rows, columns=table.columns)
    texts = [c for c in table if table[c].dtype == object]
    return out.astype({c: object for c in texts})
