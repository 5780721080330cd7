"""How the level of a long series moves, before seasons and noise."""

import numpy as np

from .draw import autoregressive, chance, log_uniform, moments, pieces, sign


def constant(rng, span):
    return np.zeros(span.total)


def shifts(rng, span):
    places = moments(rng, span, log_uniform(rng, 0.5, 12), near_end=0.3)
    sizes = rng.standard_t(3, len(places) + 1)
    return pieces(rng, span, places, np.cumsum(sizes) if chance(rng, 0.5) else sizes)


def states(rng, span):
    """Two to four levels, each held for a time."""
    levels = rng.normal(size=int(rng.integers(2, 5)))
    mean_stay = log_uniform(rng, 4, span.total / 2)
    places = moments(rng, span, 1000 / mean_stay, near_end=0.2)
    steps = rng.integers(1, len(levels), len(places) + 1)
    return pieces(rng, span, places, levels[np.cumsum(steps) % len(levels)])


def walk(rng, span):
    heavy = chance(rng, 0.3)
    steps = rng.standard_t(3, span.total) if heavy else rng.normal(size=span.total)
    return np.cumsum(steps)


def rare_steps(rng, span):
    moved = rng.random(span.total) < log_uniform(rng, 0.005, 0.3)
    return np.cumsum(moved * rng.standard_t(4, span.total))


def autoregression(rng, span):
    coefficient = 1 - log_uniform(rng, 0.01, 0.5)
    warm_up = 200
    innovations = rng.normal(size=span.total + warm_up)
    return autoregressive(innovations, coefficient)[warm_up:]


def drift(rng, span):
    """A walk whose speed has a memory: it goes on for a while where it was going."""
    speed = autoregressive(rng.normal(size=span.total), 1 - log_uniform(rng, 0.005, 0.2))
    return np.cumsum(speed)


def saw(rng, span):
    """Growth with restarts, of even or random length, up or down."""
    cycle = log_uniform(rng, 8, span.total * 1.2)
    spread = 0.0 if chance(rng, 0.4) else rng.uniform(0.05, 0.6)
    lengths = cycle * np.exp(rng.normal(0, spread, int(span.total / cycle * 3) + 4))
    ends = np.cumsum(lengths) - rng.uniform(0, cycle)
    ends = ends[ends > 0]
    times = span.times
    number = np.searchsorted(ends, times, side="right")
    starts = np.concatenate(([ends[0] - cycle], ends))
    slopes = np.exp(rng.normal(0, rng.uniform(0, 0.4), len(starts)))
    bases = rng.normal(0, rng.uniform(0, 0.15) * cycle, len(starts))
    grown = (times - starts[number]) * slopes[number] + bases[number]
    return sign(rng) * (grown if chance(rng, 0.75) else cycle * np.sqrt(np.maximum(grown, 0) / cycle))


def line(rng, span):
    """A straight line that goes on to the end of the future."""
    return sign(rng) * span.times


def changing_trend(rng, span):
    places = moments(rng, span, log_uniform(rng, 0.7, 10), near_end=0.3)
    slopes = rng.standard_t(4, len(places) + 1)
    slopes[rng.random(len(slopes)) < 0.35] = 0
    return np.cumsum(pieces(rng, span, places, slopes))


def saturation(rng, span):
    """An approach to a level: fast at first, then ever slower. Or an S."""
    start = rng.uniform(-0.3, 0.9) * span.origin
    speed = log_uniform(rng, 0.02, 0.7) * span.total
    passed = np.maximum(span.times - start, 0) / speed
    if chance(rng, 0.3):
        return sign(rng) / (1 + np.exp(-(span.times - start) / speed * 3))
    return sign(rng) * (1 - np.exp(-passed))


def growth(rng, span):
    return sign(rng) * np.exp(rng.uniform(0.3, 3) * span.times / span.total)


def smooth(rng, span):
    """Slow waves of random lengths, none of which repeats."""
    count = int(rng.integers(2, 6))
    lengths = np.exp(rng.uniform(np.log(0.2), np.log(2.5), count))[:, None] * span.total
    phases = rng.uniform(0, 2 * np.pi, count)[:, None]
    heights = rng.normal(size=count)[:, None] * lengths / span.total
    return (heights * np.sin(2 * np.pi * span.times / lengths + phases)).sum(axis=0)


def walk_with_shifts(rng, span):
    """Slow movement with sudden changes on top of it."""
    moved = walk(rng, span)
    jumped = shifts(rng, span)
    return moved / (np.std(moved) + 1e-9) * log_uniform(rng, 0.1, 1) + jumped


LEVELS = {
    constant: 14,
    shifts: 10,
    states: 7,
    walk: 10,
    rare_steps: 6,
    autoregression: 12,
    drift: 4,
    saw: 8,
    line: 7,
    changing_trend: 6,
    saturation: 4,
    growth: 2,
    smooth: 4,
    walk_with_shifts: 6,
}
