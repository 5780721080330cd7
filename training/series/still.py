"""Series that hardly ever change."""

import numpy as np

from .draw import chance, log_uniform, moments, pieces, sign
from .metrics import LOWER_ZERO, finished


def still(rng, span):
    """A constant, mostly exact; some with a rare step, a rare visit elsewhere, or a last digit."""
    base = float(rng.choice([0, 1, round(log_uniform(rng, 1, 500)), log_uniform(rng, 0.01, 100)]))
    values = np.full(span.total, base)
    draw = rng.random()
    if draw < 0.2:
        places = moments(rng, span, log_uniform(rng, 0.5, 10), near_end=0.3)
        values += pieces(rng, span, places, np.cumsum(rng.integers(-2, 3, len(places) + 1)))
    elif draw < 0.4:
        places = moments(rng, span, log_uniform(rng, 0.5, 15), near_end=0.25, reach=4)
        values[places] += sign(rng) * log_uniform(rng, 0.1, 10)
    elif draw < 0.5:
        values += (rng.random(span.total) < 0.3) * max(base, 1) * 1e-4
    return finished(rng, np.abs(values), LOWER_ZERO)
