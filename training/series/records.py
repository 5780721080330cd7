"""One record: how long, of which kind, and its values."""

from dataclasses import dataclass

import numpy as np

from .draw import Mix, Span, chance, log_uniform, standardised
from .faults import faults, gaps
from .levels import LEVELS
from .metrics import measured
from .noise import noise
from .seasons import seasons
from .still import still
from .young import YOUNG

GENERATOR_VERSION = "1"

YOUNG_STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60]
STEPS_SECONDS = Mix({10: 8, 15: 8, 30: 10, 60: 28, 120: 4, 300: 24, 600: 4, 900: 5, 1800: 3, 3600: 6})
HORIZONS = [12, 30, 60, 60, 288, 360]
LENGTHS = Mix({"young": 45, "240": 25, "1000": 25, "2000": 5})
STILL_SHARE = 0.05
YOUNG_SHAPE_SHARE = {"young": 0.7, "240": 0.25, "1000": 0.0, "2000": 0.0}

_long = Mix(LEVELS)
_young = Mix(YOUNG)


def _name(make):
    return make.__name__.replace("_", " ")


KINDS = (
    ["still"]
    + [f"long {_name(make)}" for make in LEVELS]
    + [f"first hour {_name(make).removeprefix('young ')}" for make in YOUNG]
)
_numbers = {make: number for number, make in enumerate([still, *LEVELS, *YOUNG])}


@dataclass(frozen=True)
class Record:
    origin: int
    step_seconds: int
    season: int
    kind: int
    bounds: int
    values: np.ndarray

    @property
    def head(self):
        future = len(self.values) - self.origin
        return [self.origin, future, self.step_seconds, self.season, self.kind, self.bounds]


def _history_length(rng, age):
    if age == "young":
        return int(round(log_uniform(rng, 12, 300)))
    if age == "240":
        return int(rng.integers(200, 281))
    if age == "1000":
        return int(rng.integers(850, 1151))
    return int(rng.integers(1200, 2001))


def _span(rng, age):
    history = _history_length(rng, age)
    longest = max(4 * history // 3, 30 if history < 24 else 60)
    future = min(int(rng.choice(HORIZONS)), longest)
    young = age == "young"
    step = int(rng.choice(YOUNG_STEPS_SECONDS)) if young else STEPS_SECONDS.draw(rng)
    return Span(history + future, history, step)


def _long_series(rng, span):
    make = _long.draw(rng)
    level = standardised(make(rng, span))
    repeated, season = seasons(rng, span)
    moved = level * (1.0 if chance(rng, 0.6) else log_uniform(rng, 0.1, 1)) + repeated
    moved = _scattered(rng, span, moved, 0.01, 2)
    values, bounds = measured(rng, span, faults(rng, span, moved))
    return make, season, bounds, values


def _young_series(rng, span):
    make = _young.draw(rng)
    shape = make(rng, span)
    height = np.ptp(shape)
    shape = shape / height if height > 1e-9 else shape
    moved = _scattered(rng, span, shape, 0.005, 0.7)
    if chance(rng, 0.15):
        moved = faults(rng, span, moved)
    values, bounds = measured(rng, span, moved)
    return make, 0, bounds, values


def _scattered(rng, span, moved, least, most):
    if chance(rng, 0.08) and np.ptp(moved) > 0:
        return moved
    return moved + noise(rng, span, moved) * log_uniform(rng, least, most)


def record(seed, number):
    """The record with this number. It does not depend on the others."""
    rng = np.random.Generator(np.random.PCG64([seed, number]))
    age = LENGTHS.draw(rng)
    span = _span(rng, age)
    if chance(rng, STILL_SHARE):
        values, bounds = still(rng, span)
        make, season = still, 0
    elif chance(rng, YOUNG_SHAPE_SHARE[age]):
        make, season, bounds, values = _young_series(rng, span)
    else:
        make, season, bounds, values = _long_series(rng, span)
    values = gaps(rng, span, values).astype(np.float32)
    return Record(span.origin, span.step_seconds, season, _numbers[make], bounds, values)
