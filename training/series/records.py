"""One record: how long, of which kind, and its values."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .draw import Mix, Span, chance, log_uniform, standardised
from .faults import faults, gaps
from .levels import LEVELS
from .metrics import measured
from .noise import noise
from .seasons import seasons
from .still import still
from .young import YOUNG

GENERATOR_VERSION = "2"

YOUNG_STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60]
STEPS_SECONDS = Mix({10: 8, 15: 8, 30: 10, 60: 28, 120: 4, 300: 24, 600: 4, 900: 5, 1800: 3, 3600: 6})
HORIZONS = [12, 30, 60, 60, 288, 360]
LENGTHS = Mix({"young": 45, "240": 25, "1000": 25, "2000": 5})
STILL_SHARE = 0.05
YOUNG_SHAPE_SHARE = {"young": 0.6, "240": 0.25, "1000": 0.0, "2000": 0.0}
# Most short histories of a long series are the end of a longer life: a part of a day, of a trend.
LIFE_SHARE = {"young": 0.8, "240": 0.6, "1000": 0.0, "2000": 0.0}
LONGEST_LIFE = 1500

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


@dataclass(frozen=True)
class _Made:
    maker: Callable
    values: np.ndarray
    bounds: int
    season: int = 0


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
    return Span(history + future, history, STEPS_SECONDS.draw(rng))


def _with_life_before(rng, span, age):
    life = int(rng.integers(20, LONGEST_LIFE)) if chance(rng, LIFE_SHARE[age]) else 0
    return Span(life + span.total, life + span.origin, span.step_seconds)


def _long_series(rng, shown, age):
    span = _with_life_before(rng, shown, age)
    make = _long.draw(rng)
    level = standardised(make(rng, span))
    repeated, season = seasons(rng, span)
    moved = level * (1.0 if chance(rng, 0.6) else log_uniform(rng, 0.1, 1)) + repeated
    moved = _scattered(rng, span, moved, 0.01, 2)
    values, bounds = measured(rng, span, faults(rng, span, moved))
    return _Made(make, values[-shown.total :], bounds, season)


def _young_series(rng, span):
    make = _young.draw(rng)
    shape = make(rng, span)
    height = np.ptp(shape)
    shape = shape / height if height > 1e-9 else shape
    moved = _scattered(rng, span, shape, 0.005, 0.7)
    if chance(rng, 0.15):
        moved = faults(rng, span, moved)
    values, bounds = measured(rng, span, moved)
    return _Made(make, values, bounds)


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
        made = _Made(still, *still(rng, span))
    elif chance(rng, YOUNG_SHAPE_SHARE[age]):
        span = replace(span, step_seconds=int(rng.choice(YOUNG_STEPS_SECONDS)))
        made = _young_series(rng, span)
    else:
        made = _long_series(rng, span, age)
    values = gaps(rng, span, made.values).astype(np.float32)
    return Record(span.origin, span.step_seconds, made.season, _numbers[made.maker], made.bounds, values)
