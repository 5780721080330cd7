"""What the net is trained for: the CRPS of the weighted members, and the intervals."""

import torch

LEVELS = torch.tensor([0.025, 0.1, 0.9, 0.975])
# No row counts for more than this many usual errors, whatever happened to it.
MOST_USUAL_ERRORS = 10.0


def weighted_median(records, weights):
    """The smallest forecast at which half of the weight is reached: [N, R, T]."""
    order = records.order.long()
    spread = weights.unsqueeze(2).expand(order.shape)
    reached = spread.gather(3, order).cumsum(3)
    place = (reached < reached[..., -1:] / 2).sum(3, keepdim=True).clamp_max(order.shape[3] - 1)
    return records.forecasts.gather(3, order.gather(3, place)).squeeze(3)


def _distances(records):
    """The mean distance between each two members at a row, in usual errors: [N, R, M, M]."""
    forecasts, present = records.forecasts, ~records.actual.isnan()
    total = 0
    for target in range(forecasts.shape[2]):
        values = forecasts[:, :, target]
        distance = (values.unsqueeze(3) - values.unsqueeze(2)).abs()
        total = total + distance * present[:, :, target, None, None]
    counted = present.sum(2).clamp_min(1) * records.scale
    return total / counted[:, :, None, None]


def row_mean(records, values):
    """Over the rows of a record, then over the records."""
    used = records.used
    of_record = torch.where(used, values, 0.0).sum(1) / used.sum(1).clamp_min(1)
    return of_record.mean()


def crps(records, weights):
    """E|X - y| - E|X - X'| / 2 of the members as a distribution: [N, R], limited."""
    with torch.no_grad():
        distances = _distances(records)
    apart = (torch.matmul(distances, weights.unsqueeze(3)).squeeze(3) * weights).sum(2)
    score = ((weights * records.errors).sum(2) - apart / 2).clamp_min(0)
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
        beyond = ((records.actual - medians) / unit).nan_to_num(0)
        offsets = records.offsets / unit
    distance = beyond.unsqueeze(3) - (offsets * factors).unsqueeze(2)
    losses = torch.maximum(LEVELS * distance, (LEVELS - 1) * distance).mean(3)
    return (losses * present).sum(2) / present.sum(2).clamp_min(1)


def loss_of(records, net, interval_share):
    weights, factors = net(records.globals, records.rows, records.weights)
    medians = weighted_median(records, weights.detach())
    points = row_mean(records, crps(records, weights))
    return points + interval_share * row_mean(records, pinball(records, medians, factors))
