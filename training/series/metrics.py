"""What a metric makes of what happens: units, counts, ratios, rates over windows, held values."""

import numpy as np

from .draw import Mix, chance, log_uniform, moving_mean, standardised
from .percentiles import sliding_percentile

NO_BOUNDS, LOWER_ZERO, ZERO_TO_ONE = 0, 1, 2


def _gauge(rng, span, load):
    """A value around a base: memory, heap, temperature, connections."""
    base = log_uniform(rng, 1, 3000)
    values = base * (1 + log_uniform(rng, 0.002, 0.8) * load)
    return np.maximum(values, 0), LOWER_ZERO


def _free(rng, span, load):
    """A value that may be negative: a difference, a balance, a lag."""
    return (load + rng.normal() * log_uniform(rng, 0.1, 10)) * log_uniform(rng, 0.1, 100), NO_BOUNDS


def _positive(rng, span, load):
    """Latencies, bytes, rates: what multiplies instead of adding."""
    return log_uniform(rng, 0.01, 3000) * np.exp(log_uniform(rng, 0.03, 1.1) * load), LOWER_ZERO


def _utilisation(rng, span, load):
    """CPU or disk as a share, or in percent; it stops at full."""
    middle, height = rng.uniform(0.03, 0.9), log_uniform(rng, 0.003, 0.3)
    if chance(rng, 0.4):
        odds = np.log(middle / (1 - middle))
        share = 1 / (1 + np.exp(-np.clip(odds + height * 4 * load, -30, 30)))
    else:
        share = np.clip(middle + height * load, 0, 1)
    return (share * 100, LOWER_ZERO) if chance(rng, 0.4) else (share, ZERO_TO_ONE)


def _rates(rng, load):
    return log_uniform(rng, 0.05, 1000) * np.exp(np.clip(log_uniform(rng, 0.1, 1.2) * load, -12, 6))


def _counts(rng, span, load):
    return rng.poisson(_rates(rng, load)).astype(np.float64), LOWER_ZERO


def _window(rng, span):
    return int(rng.integers(2, 31))


def _windowed_rate(rng, span, load):
    """Requests a second over a sliding window, from zero where the process is young."""
    counts = rng.poisson(_rates(rng, load)).astype(np.float64)
    if span.origin <= 300 and chance(rng, 0.35):
        counts[: int(rng.integers(1, max(2, span.origin // 3)))] = 0
    return moving_mean(counts, _window(rng, span)) / span.step_seconds, LOWER_ZERO


def _ratio_of_counts(rng, span, load):
    """The share of errors or of successes: of few requests at a time, often over a window."""
    requests = rng.poisson(log_uniform(rng, 1, 2000), span.total).astype(np.float64)
    typical = log_uniform(rng, 0.001, 0.5)
    errors = np.clip(typical * np.exp(np.clip(log_uniform(rng, 0.2, 1.6) * load, -12, 6)), 0, 1)
    failed = rng.binomial(requests.astype(np.int64), errors).astype(np.float64)
    if chance(rng, 0.6):
        window = _window(rng, span)
        requests, failed = moving_mean(requests, window), moving_mean(failed, window)
    share = np.divide(failed, requests, out=np.zeros(span.total), where=requests > 1e-9)
    return (1 - share if chance(rng, 0.45) else share), ZERO_TO_ONE


def _percentile(rng, span, load):
    """The median, p95 or p99 of durations in a sliding window: plateaus that end suddenly."""
    scale = log_uniform(rng, 0.01, 3000) * np.exp(np.clip(log_uniform(rng, 0.05, 1) * load, -12, 6))
    return sliding_percentile(rng, scale), LOWER_ZERO


def _queue(rng, span, load):
    """A queue, in whole tasks: it fills while more comes than is served."""
    arrivals = rng.poisson(np.exp(np.clip(load * rng.uniform(0.1, 0.8), -6, 4)) * log_uniform(rng, 0.3, 30))
    served = max(0.5, arrivals.mean() * rng.uniform(0.9, 1.6))
    balance = np.cumsum(arrivals - served)
    waiting = balance - np.minimum(np.minimum.accumulate(balance), 0)
    return np.floor(waiting), LOWER_ZERO


def _whole(rng, span, load):
    """Few whole units: instances, threads, open files."""
    values = log_uniform(rng, 1, 60) + log_uniform(rng, 0.2, 10) * load
    return np.maximum(np.round(values), 0), LOWER_ZERO


METRICS = Mix(
    {
        _gauge: 24,
        _free: 5,
        _positive: 20,
        _utilisation: 14,
        _counts: 9,
        _windowed_rate: 10,
        _ratio_of_counts: 7,
        _percentile: 6,
        _queue: 3,
        _whole: 5,
    }
)


def _held(rng, values):
    """A value that is read less often than it is reported."""
    if chance(rng, 0.5):
        every = int(rng.integers(2, 13))
        fresh = np.arange(len(values)) % every == 0
    else:
        fresh = rng.random(len(values)) < rng.uniform(0.1, 0.7)
        fresh[0] = True
    return values[np.maximum.accumulate(np.where(fresh, np.arange(len(values)), 0))]


def _rounded(rng, values):
    unit = np.std(values) * log_uniform(rng, 0.02, 2)
    if unit <= 0:
        return values
    unit = 10.0 ** np.floor(np.log10(unit)) * rng.choice([1, 2, 5])
    return np.round(values / unit) * unit


def measured(rng, span, load):
    """A metric of the given load: its values, and the bounds that are known of them."""
    values, bounds = METRICS.draw(rng)(rng, span, standardised(load))
    if chance(rng, 0.15):
        values = moving_mean(values, _window(rng, span))
    if chance(rng, 0.1):
        values = _held(rng, values)
    if chance(rng, 0.18):
        values = _rounded(rng, values)
    return finished(rng, values, bounds)


def finished(rng, values, bounds):
    """Other units, sometimes the other sign; bounds are not always known."""
    if bounds == ZERO_TO_ONE:
        return np.clip(values, 0, 1), bounds if chance(rng, 0.8) else NO_BOUNDS
    values = values * 10.0 ** rng.integers(-3, 7)
    if chance(rng, 0.03):
        return -values, NO_BOUNDS
    return values, bounds if chance(rng, 0.7) else NO_BOUNDS
