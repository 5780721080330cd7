"""What a process shows in its first hour: shapes of unit height, before noise."""

import numpy as np

from .draw import (
    autoregressive,
    chance,
    log_uniform,
    moments,
    one_moment,
    pieces,
    recent_moment,
    sign,
)


def _since(span, moment):
    """Points since the moment, 0 before it."""
    return np.maximum(span.times - moment, 0)


def _on(span, moment):
    return (span.times >= moment).astype(np.float64)


def warm_up(rng, span):
    """High at the start, as code is loaded and caches fill, then settling."""
    fading = np.exp(-span.times / log_uniform(rng, 1.5, span.origin))
    if chance(rng, 0.3):
        fading = 1 / (1 + span.times / log_uniform(rng, 1, span.origin / 2))
    return fading if chance(rng, 0.8) else -fading


def fall(rng, span):
    """A fall to nearly nothing. Mostly it stays."""
    moment = one_moment(rng, span)
    gone = _on(span, moment)
    if chance(rng, 0.35):
        gone[moment + int(log_uniform(rng, 2, 120)) :] = 0
    return -gone


def shift(rng, span):
    """A new level that stays, reached at once or within some points."""
    passed = _since(span, one_moment(rng, span) - 1)
    reached = np.minimum(passed / (1 if chance(rng, 0.7) else log_uniform(rng, 1, 15)), 1)
    return sign(rng) * reached


def spike(rng, span):
    """A spike of one to three points, often just now, that returns."""
    values = np.zeros(span.total)
    near = chance(rng, 0.6)
    moment = recent_moment(rng, span, 4) if near else int(rng.integers(1, span.total))
    length = int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))
    values[moment : moment + length] = 1
    for place in moments(rng, span, log_uniform(rng, 0.5, 30)):
        values[place] += abs(rng.normal())
    return values if chance(rng, 0.85) else -values


def burst(rng, span):
    """Work for some minutes, that ends or fades."""
    moment, length = one_moment(rng, span), log_uniform(rng, 3, 90)
    if chance(rng, 0.35):
        return _on(span, moment) * np.exp(-_since(span, moment) / length)
    rise = np.minimum(_since(span, moment - 1) / log_uniform(rng, 1, 8), 1)
    return rise * (span.times < moment + length)


def leak(rng, span):
    """Growth that begins and goes on in a line; some end later."""
    start = -1 if chance(rng, 0.3) else one_moment(rng, span)
    grown = _since(span, start)
    if chance(rng, 0.2):
        grown = np.minimum(grown, log_uniform(rng, 5, span.total))
    return sign(rng) * grown if chance(rng, 0.3) else grown


def acceleration(rng, span):
    """Growth that begins slowly and gets faster; some end at a limit."""
    passed = _since(span, one_moment(rng, span)) / log_uniform(rng, 4, span.total)
    grown = np.expm1(np.minimum(passed, 4)) if chance(rng, 0.5) else passed ** rng.uniform(1.3, 2.5)
    return np.minimum(grown, log_uniform(rng, 0.3, 20)) if chance(rng, 0.5) else grown


def filling_queue(rng, span):
    """More comes than is served, for a time; then the queue empties again."""
    start = one_moment(rng, span)
    filling = _since(span, start)
    if chance(rng, 0.6):
        turn = start + log_uniform(rng, 3, 120)
        emptied = _since(span, turn) * rng.uniform(1.1, 6)
        return np.maximum(filling - emptied, 0)
    return filling


def plateaus(rng, span):
    places = moments(rng, span, 1000 / log_uniform(rng, 5, 150), near_end=0.4)
    sizes = rng.normal(size=len(places) + 1)
    return pieces(rng, span, places, np.cumsum(sizes) if chance(rng, 0.4) else sizes)


def ramp(rng, span):
    """A ramp to a level: straight, or ever slower. Pools and caches that fill."""
    passed = _since(span, 0 if chance(rng, 0.4) else one_moment(rng, span))
    length = log_uniform(rng, 3, span.total)
    if chance(rng, 0.5):
        return sign(rng) * (1 - np.exp(-passed / length))
    return sign(rng) * np.minimum(passed / length, 1)


def tasks(rng, span):
    """Tasks in progress: they begin at random and last for some points."""
    begun = rng.poisson(log_uniform(rng, 0.03, 4), span.total)
    starts = np.repeat(np.arange(span.total), begun)
    spread = rng.uniform(0.2, 1)
    lengths = np.maximum(1, np.exp(rng.normal(np.log(log_uniform(rng, 1, 40)), spread, len(starts))))
    ends = (starts + lengths).astype(np.int64)
    change = begun.astype(np.float64)
    change -= np.bincount(ends[ends < span.total], minlength=span.total)
    return np.cumsum(change)


def sessions(rng, span):
    """Work and silence in turn."""
    busy, idle = log_uniform(rng, 2, 60), log_uniform(rng, 2, 100)
    count = int(span.total / (busy + idle) * 3) + 6
    lengths = np.stack((rng.exponential(busy, count), rng.exponential(idle, count)), axis=1) + 1
    ends = np.cumsum(lengths.reshape(-1)) - rng.uniform(0, busy + idle)
    number = np.searchsorted(ends, span.times, side="right")
    heights = np.exp(rng.normal(0, rng.uniform(0, 0.8), 2 * count + 1))
    return heights[number] * (number % 2 == 0)


def oscillation(rng, span):
    phase = span.times / log_uniform(rng, 4, span.origin) + rng.random()
    shape = rng.random()
    if shape < 0.5:
        return np.sin(2 * np.pi * phase)
    if shape < 0.75:
        return (phase % 1 < rng.uniform(0.1, 0.9)).astype(np.float64)
    return phase % 1


def collected_heap(rng, span):
    """A heap that grows until it is collected, on a base that may leak."""
    cycle = log_uniform(rng, 3, 50)
    jitter = np.cumsum(1 + rng.uniform(0, 0.3) * rng.normal(size=span.total)) / cycle
    leaked = span.times / span.total * (rng.uniform(0, 3) if chance(rng, 0.4) else 0)
    return (jitter + rng.random()) % 1 + leaked


def young_walk(rng, span):
    return np.cumsum(rng.normal(size=span.total))


def young_autoregression(rng, span):
    coefficient = rng.uniform(0.3, 0.97)
    return autoregressive(rng.normal(size=span.total + 60), coefficient)[60:]


def young_line(rng, span):
    return sign(rng) * span.times


def quiet(rng, span):
    """Nothing but noise: the most frequent of all."""
    return np.zeros(span.total)


YOUNG = {
    quiet: 14,
    warm_up: 9,
    fall: 7,
    shift: 10,
    spike: 8,
    burst: 7,
    leak: 8,
    acceleration: 4,
    filling_queue: 3,
    plateaus: 7,
    ramp: 6,
    tasks: 6,
    sessions: 5,
    oscillation: 4,
    collected_heap: 4,
    young_walk: 6,
    young_autoregression: 6,
    young_line: 5,
}
