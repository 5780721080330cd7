"""Percentiles of durations in a sliding window, exact or from the buckets of a histogram."""

import numpy as np

from .draw import chance, log_uniform

LARGEST_WINDOW_DURATIONS = 64


def sliding_percentile(rng, scale):
    """A percentile of the durations that ended in the last points, whose typical length is given."""
    per_point = int(rng.integers(1, 9))
    points = int(rng.integers(1, max(2, LARGEST_WINDOW_DURATIONS // per_point) + 1))
    width = rng.uniform(0.1, 1.2)
    durations = scale[:, None] * np.exp(rng.normal(0, width, (len(scale), per_point)))
    padded = np.concatenate((np.repeat(durations[:1], points - 1, axis=0), durations))
    windows = np.lib.stride_tricks.sliding_window_view(padded.reshape(-1), points * per_point)
    windows = windows[::per_point][: len(scale)]
    share = float(rng.choice([0.5, 0.9, 0.95, 0.99]))
    rank = min(windows.shape[1] - 1, int(share * windows.shape[1]))
    values = np.partition(windows, rank, axis=1)[:, rank]
    return _bucketed(rng, values) if chance(rng, 0.3) else values


def _bucketed(rng, values):
    """As a histogram reports it: a place in a bucket, or the bucket's end."""
    steps = log_uniform(rng, 0.1, 0.9)
    number = np.ceil(np.log(np.maximum(values, 1e-12)) / steps)
    return np.exp(number * steps)
