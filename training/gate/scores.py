"""How good forecasts are: errors over those of naive, quantile losses, how often intervals hold."""

import torch

from .losses import LEVELS, weighted_median

LEAST_WEIGHT = 0.03
# Errors below this share of the usual one are as good as none.
NEGLIGIBLE = 0.02
AGES = {"12-30": (0, 30), "31-60": (31, 60), "61-120": (61, 120), "121-300": (121, 300), ">300": (301, 10**9)}
BATCH = 1024


@torch.no_grad()
def judged(records, net):
    """Logarithms of error ratios, losses and hits of auto and of the net, [N, R] and [N, R, 2]."""
    net.eval()
    parts = []
    for start in range(0, len(records), BATCH):
        some = records.at(slice(start, start + BATCH))
        weights, factors = net(some.globals, some.rows, some.weights)
        weights = torch.where(weights < LEAST_WEIGHT, 0.0, weights)
        points = weighted_median(some, weights)
        parts.append(
            {
                "auto": _log_ratio(some, some.auto),
                "net": _log_ratio(some, points),
                **_intervals("auto", some, some.auto, some.offsets),
                **_intervals("net", some, points, some.offsets * factors),
            }
        )
    net.train()
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


def _log_ratio(records, points):
    error = (points - records.actual).abs().nanmean(2) / records.scale
    naive = records.actual.abs().nanmean(2) / records.scale
    return torch.log((error + NEGLIGIBLE) / (naive + NEGLIGIBLE))


def _intervals(name, records, points, offsets):
    distance = (records.actual - points).unsqueeze(3) - offsets.unsqueeze(2)
    losses = torch.maximum(LEVELS * distance, (LEVELS - 1) * distance).nanmean((2, 3)) / records.scale
    inside = (distance[..., [1, 0]] >= 0) & (distance[..., [2, 3]] <= 0)
    present = (~records.actual.isnan()).unsqueeze(3)
    held = (inside & present).sum(2) / present.sum(2).clamp_min(1)
    return {f"{name} loss": losses, f"{name} held": held}


def summary(records, scores, chosen):
    """One line of figures for the chosen cells, a mask [N, R]."""
    chosen = chosen & records.used
    auto, net = (scores[name][chosen].mean().exp().item() for name in ("auto", "net"))
    limited = {name: scores[f"{name} loss"][chosen].clamp_max(10).mean().item() for name in ("auto", "net")}
    held = {name: scores[f"{name} held"][chosen].mean(0).tolist() for name in ("auto", "net")}
    return {
        "cells": int(chosen.sum()),
        "auto": auto,
        "net": net,
        "change": net / auto - 1,
        "loss auto": limited["auto"],
        "loss net": limited["net"],
        "80 % auto": held["auto"][0],
        "80 % net": held["net"][0],
        "95 % auto": held["auto"][1],
        "95 % net": held["net"][1],
    }


def groups(records):
    """All cells, then those of each age, row and kind."""
    everything = torch.ones_like(records.used)
    yield "all", everything
    length = records.length.unsqueeze(1)
    for name, (least, most) in AGES.items():
        yield f"n {name}", everything & (length >= least) & (length <= most)
    for row in range(records.used.shape[1]):
        yield f"row {row}", everything & (torch.arange(records.used.shape[1]) == row)
    for number, name in enumerate(records.about["kinds"]):
        yield name, everything & (records.kind.unsqueeze(1) == number)


def table(records, scores):
    lines = []
    for name, chosen in groups(records):
        if not (chosen & records.used).any():
            continue
        figures = summary(records, scores, chosen)
        lines.append(
            f"{name:34s} {figures['cells']:7d}  {figures['auto']:.3f} {figures['net']:.3f} "
            f"{figures['change']:+.1%}  loss {figures['loss auto']:.3f} {figures['loss net']:.3f}  "
            f"80 % {figures['80 % auto']:.3f} {figures['80 % net']:.3f}  "
            f"95 % {figures['95 % auto']:.3f} {figures['95 % net']:.3f}"
        )
    return "\n".join(lines)
