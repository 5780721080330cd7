"""What goes wrong for a short time, and gaps."""

import numpy as np

from .draw import chance, log_uniform, moments, recent_moment, sign


def _spikes(rng, span, values):
    """Single points far away; the next point is back."""
    places = moments(rng, span, log_uniform(rng, 1, 40), near_end=0.25, reach=3)
    heights = np.abs(rng.standard_t(3, len(places))) + 1
    direction = sign(rng) if chance(rng, 0.4) else 1.0
    values[places] += direction * heights * log_uniform(rng, 1, 8)
    return values


def _window(rng, span, values):
    """A fault that lasts a while, then ends as suddenly or fades."""
    near = chance(rng, 0.5)
    start = recent_moment(rng, span) if near else int(rng.integers(1, span.total))
    length = max(2, int(log_uniform(rng, 2, 100)))
    height = sign(rng) * log_uniform(rng, 0.7, 8)
    passed = np.arange(min(length * 3, span.total - start))
    if chance(rng, 0.3):
        values[start : start + len(passed)] += height * np.exp(-passed / length)
    else:
        values[start : start + length] += height
    return values


def _drops(rng, span, values):
    """Points at the lowest value: a report that found nothing."""
    places = moments(rng, span, log_uniform(rng, 1, 20), near_end=0.1, reach=3)
    values[places] = values.min() - rng.uniform(0, 1)
    return values


def faults(rng, span, values):
    for make, probability in ((_spikes, 0.2), (_window, 0.22), (_drops, 0.04)):
        if chance(rng, probability):
            values = make(rng, span, values)
    return values


def gaps(rng, span, values):
    """Some series lose points. The first ones and the last of the history are always there."""
    if not chance(rng, 0.15):
        return values
    lost = np.zeros(span.total, dtype=bool)
    if chance(rng, 0.6):
        lost |= rng.random(span.total) < log_uniform(rng, 0.003, 0.3)
    else:
        start = int(rng.integers(0, span.total))
        lost[start : start + int(log_uniform(rng, 2, max(3, span.origin / 4)))] = True
    lost[:3] = False
    lost[span.origin - 1] = False
    kept_enough = np.count_nonzero(~lost[: span.origin]) >= min(10, span.origin)
    return np.where(lost, np.nan, values) if kept_enough else values
