"""Random choices that all parts of the generator share."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Span:
    """The points of a series: `origin` points of history, then the future, to `total`."""

    total: int
    origin: int
    step_seconds: int

    @property
    def times(self):
        return np.arange(self.total, dtype=np.float64)


class Mix:
    """Draws one of several values, each with its weight."""

    def __init__(self, weights):
        self.values = list(weights)
        self._cumulative = np.cumsum(list(weights.values())).tolist()

    def draw(self, rng):
        place = rng.random() * self._cumulative[-1]
        return self.values[min(bisect_right(self._cumulative, place), len(self.values) - 1)]


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def sign(rng):
    return 1.0 if rng.random() < 0.5 else -1.0


def chance(rng, probability):
    return rng.random() < probability


def autoregressive(innovations, coefficient):
    """y[t] = coefficient * y[t-1] + innovation[t], by doubling: log2(n) passes without a loop."""
    values = np.array(innovations, dtype=np.float64)
    reach, power = 1, coefficient
    while reach < len(values) and abs(power) > 1e-9:
        values[reach:] += power * values[:-reach]
        reach *= 2
        power *= power
    return values


def moving_mean(values, window):
    """The mean of the last `window` points, of fewer at the start."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - window, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def moments(rng, span, expected_per_thousand, near_end=0.0, reach=20):
    """
    Sorted moments of changes: as many per point in the future as in the history. With the chance
    `near_end`, one more lies in the last `reach` points before the origin.
    """
    count = rng.poisson(expected_per_thousand * span.total / 1000)
    places = rng.integers(1, span.total, min(count, span.total - 1))
    if chance(rng, near_end):
        places = np.append(places, recent_moment(rng, span, reach))
    return np.unique(places)


def recent_moment(rng, span, reach=20):
    return max(1, span.origin - int(rng.integers(0, min(reach, span.origin - 1) + 1)))


def one_moment(rng, span):
    """The one change of a young series: often recent, sometimes long ago, sometimes to come."""
    if chance(rng, 0.5):
        return recent_moment(rng, span)
    return int(rng.integers(1, span.total))


def pieces(rng, span, places, sizes):
    """The number of the piece that each point is in, mapped to the given values of the pieces."""
    marks = np.zeros(span.total, dtype=np.int64)
    marks[places] = 1
    return np.asarray(sizes)[np.cumsum(marks)]


def standardised(values):
    deviation = float(np.std(values))
    return (values - np.mean(values)) / deviation if deviation > 1e-12 else values * 0.0
