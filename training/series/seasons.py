"""What repeats: days, hours, jobs of some minutes."""

import numpy as np

from .draw import Mix, autoregressive, chance, log_uniform

DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600

LENGTHS = Mix({"day": 50, "hour": 20, "minutes": 15, "other": 15})


def _length_seconds(rng, span):
    name = LENGTHS.draw(rng)
    if name == "day":
        return DAY_SECONDS
    if name == "hour":
        return HOUR_SECONDS
    if name == "minutes":
        return int(rng.choice([300, 600, 900, 1800]))
    return log_uniform(rng, 4, span.total / 2) * span.step_seconds


def _sine(rng, phase):
    angle = 2 * np.pi * phase
    second = rng.uniform(0, 0.6) * np.sin(2 * angle + rng.uniform(0, 6.3))
    return np.sin(angle) + second


def _plateau(rng, phase):
    """High for a part of the cycle, with soft edges."""
    share, edge = rng.uniform(0.15, 0.8), log_uniform(rng, 0.01, 0.12)
    distance = np.abs(phase - 0.5) - share / 2
    return 1 / (1 + np.exp(np.clip(distance / edge * 4, -50, 50)))


def _pulse(rng, phase):
    """A job that runs for a few points of each cycle."""
    return (phase < log_uniform(rng, 0.003, 0.15)).astype(np.float64) * log_uniform(rng, 1, 5)


def _square(rng, phase):
    return (phase < rng.uniform(0.2, 0.8)).astype(np.float64)


def _ramp(rng, phase):
    turn = rng.uniform(0.02, 0.98)
    return np.where(phase < turn, phase / turn, (1 - phase) / (1 - turn))


def _random(rng, phase):
    """Any closed shape: a few random supports, joined by lines."""
    supports = rng.normal(size=int(rng.integers(4, 25)))
    places = np.linspace(0, 1, len(supports) + 1)
    return np.interp(phase, places, np.append(supports, supports[0]))


SHAPES = Mix({_sine: 30, _plateau: 22, _pulse: 16, _square: 8, _ramp: 10, _random: 14})


def _phase(rng, span, period):
    phase = span.times / period + rng.random()
    if chance(rng, 0.15):
        jitter = rng.normal(0, log_uniform(rng, 0.005, 0.05), int(phase[-1]) + 2)
        phase = phase + jitter[phase.astype(np.int64)]
    return phase


def _heights(rng, span, phase, is_day):
    """How high each cycle is: even, changing slowly, or low on weekends."""
    cycles = np.floor(phase).astype(np.int64)
    cycles -= cycles.min()
    count = int(cycles.max()) + 1
    heights = np.ones(count)
    if chance(rng, 0.3):
        heights *= np.exp(autoregressive(rng.normal(0, log_uniform(rng, 0.03, 0.3), count), 0.8))
    if is_day and chance(rng, 0.4):
        weekday = (np.arange(count) + int(rng.integers(0, 7))) % 7
        heights = np.where(weekday >= 5, heights * rng.uniform(0, 0.7), heights)
    return heights[cycles]


def season(rng, span):
    """One season of about unit height, and its length in steps; 0 where no length fits."""
    seconds = _length_seconds(rng, span)
    period = seconds / span.step_seconds
    if not 3 <= period <= span.total * 1.5:
        return np.zeros(span.total), 0
    phase = _phase(rng, span, period)
    shape = SHAPES.draw(rng)(rng, phase % 1)
    whole = abs(period - round(period)) < 1e-6
    return shape * _heights(rng, span, phase, seconds == DAY_SECONDS), round(period) if whole else 0


def seasons(rng, span):
    """No season, one, or two, with the length of the first in steps."""
    count = int(rng.choice([0, 1, 2], p=[0.45, 0.43, 0.12]))
    total, length = np.zeros(span.total), 0
    for _ in range(count):
        values, period = season(rng, span)
        total += values * log_uniform(rng, 0.2, 1.5)
        length = length or period
    return total, length
