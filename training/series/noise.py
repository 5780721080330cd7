"""What scatters around the level."""

import numpy as np

from .draw import Mix, autoregressive, chance, log_uniform


def _gauss(rng, count):
    return rng.normal(size=count)


def _heavy(rng, count):
    return rng.standard_t(rng.uniform(1.8, 6), count)


def _one_sided(rng, count):
    """Mostly low, with a long tail up, as durations are."""
    return np.exp(rng.normal(0, rng.uniform(0.4, 1.3), count)) - 1


def _with_memory(rng, count):
    coefficient = rng.uniform(0.2, 0.95)
    return autoregressive(rng.normal(size=count), coefficient) * np.sqrt(1 - coefficient**2)


def _alternating(rng, count):
    """What is high now is low next: loads that are moved between two reports."""
    return autoregressive(rng.normal(size=count), -rng.uniform(0.2, 0.8))


def _bursts(rng, count):
    """Calm and wild times."""
    stay = log_uniform(rng, 4, 200)
    switched = np.cumsum(rng.random(count) < 1 / stay) % 2
    return rng.normal(size=count) * np.where(switched == 1, 1.0, log_uniform(rng, 0.02, 0.4))


def _rare(rng, count):
    """Mostly none."""
    return (rng.random(count) < log_uniform(rng, 0.02, 0.4)) * rng.standard_t(4, count)


def _uniform(rng, count):
    return rng.uniform(-1.7, 1.7, count)


SHAPES = Mix(
    {
        _gauss: 32,
        _heavy: 16,
        _one_sided: 12,
        _with_memory: 16,
        _alternating: 2,
        _bursts: 8,
        _rare: 10,
        _uniform: 4,
    }
)


def noise(rng, span, followed):
    """Noise of about unit height. With some chance it is higher where `followed` is higher."""
    values = np.clip(SHAPES.draw(rng)(rng, span.total), -40, 40)
    if not chance(rng, 0.2):
        return values
    lowest, highest = followed.min(), followed.max()
    if highest - lowest < 1e-9:
        return values
    return values * (0.2 + 1.6 * (followed - lowest) / (highest - lowest))
