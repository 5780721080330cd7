"""What the net is trained for: the CRPS of the weighted members, and the intervals."""

import torch

LEVELS = torch.tensor([0.025, 0.1, 0.9, 0.975])
# No row counts for more than this many usual errors, whatever happened to it.
MOST_USUAL_ERRORS = 3.0


# A limit is never this far from the median, in its units: what lies beyond only adds to the loss.
FURTHEST = 50.0


def _reached(records, weights):
    """The weight of the lowest forecast, of the two lowest, and so on: [N, R, T, M]."""
    order = records.order.long()
    return weights.unsqueeze(2).expand(order.shape).gather(3, order).cumsum(3)


def weighted_median(records, weights):
    """The smallest forecast at which half of the weight is reached: [N, R, T]."""
    return _median(records, _reached(records, weights))


def _median(records, reached):
    place = (reached < reached[..., -1:] / 2).sum(3, keepdim=True).clamp_max(reached.shape[3] - 1)
    return records.forecasts.gather(3, records.order.gather(3, place).long()).squeeze(3)


def row_mean(records, values):
    """Over the rows of a record, then over the records."""
    used = records.used
    of_record = torch.where(used, values, 0.0).sum(1) / used.sum(1).clamp_min(1)
    return of_record.mean()


def crps(records, weights):
    """E|X - y| - E|X - X'| / 2 of the members as a distribution: [N, R], limited."""
    return _crps(records, weights, _reached(records, weights))


def _crps(records, weights, reached):
    reached = reached[..., :-1]
    present = ~records.actual.isnan()
    half_apart = (records.steps * reached * (1 - reached)).sum(3) * present
    half_apart = half_apart.sum(2) / present.sum(2).clamp_min(1)
    score = ((weights * records.errors).sum(2) - half_apart).clamp_min(0)
    return score / (1 + score / MOST_USUAL_ERRORS)


def pinball(records, medians, factors):
    """
    Quantile losses of the four limits, [N, R]. They are counted in usual errors, or in half the
    width of the interval where that is more: then none dominates, and the best limit is the same.
    """
    with torch.no_grad():
        half_width = records.offsets.abs().mean(2)
        unit = torch.maximum(records.scale, half_width).unsqueeze(2)
        present = ~records.actual.isnan()
        beyond = ((records.actual - medians) / unit).nan_to_num(0).clamp(-FURTHEST, FURTHEST)
        offsets = records.offsets / unit
    distance = beyond.unsqueeze(3) - (offsets * factors).unsqueeze(2)
    losses = torch.maximum(LEVELS * distance, (LEVELS - 1) * distance).mean(3)
    return (losses * present).sum(2) / present.sum(2).clamp_min(1)


def loss_of(records, net, interval_share):
    weights, factors = net(records.globals, records.rows, records.weights)
    reached = _reached(records, weights)
    medians = _median(records, reached.detach())
    points = row_mean(records, _crps(records, weights, reached))
    return points + interval_share * row_mean(records, pinball(records, medians, factors))
