"""What the export has written: inputs, the forecasts of all members, and what came."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

FORMAT = 1
META, OFFSETS = 4, 4
# Errors are counted in the usual error of naive at a row, but at least this share of its mean.
LEAST_SCALE = 0.05
# In the loss, they are counted in the width of auto's intervals, which is at least this share.
LEAST_UNIT = 0.1
CHUNK_RECORDS = 2048


@dataclass
class Records:
    """
    Tensors of N records with R rows (horizons), T targets each and M members. `order` sorts the
    forecasts of the members, `steps` are the distances between them in that order, and `errors` are
    the mean errors of the members at a row; both are counted in `unit`.
    """

    about: dict
    kind: torch.Tensor
    length: torch.Tensor
    globals: torch.Tensor
    rows: torch.Tensor
    weights: torch.Tensor
    forecasts: torch.Tensor
    order: torch.Tensor
    steps: torch.Tensor
    actual: torch.Tensor
    offsets: torch.Tensor
    auto: torch.Tensor
    scale: torch.Tensor
    unit: torch.Tensor
    used: torch.Tensor
    errors: torch.Tensor

    def __len__(self):
        return len(self.kind)

    def at(self, index):
        """Some of the records."""
        picked = {name: value[index] for name, value in vars(self).items() if name != "about"}
        return Records(about=self.about, **picked)


def sections(about):
    """The shape of each part of a record, in their order."""
    rows, targets, members = about["rows"], about["targets"], about["members"]
    return {
        "meta": (META,),
        "globals": (about["globalInputs"],),
        "rows": (rows, about["rowInputs"]),
        "weights": (rows, members),
        "forecasts": (rows, targets, members),
        "actual": (rows, targets),
        "offsets": (rows, OFFSETS),
        "auto": (rows, targets),
        "scale": (rows,),
    }


def read(paths, limit=None):
    """The records of each file, one after the other. Each PATH.bin is described by PATH.json."""
    files = [_raw(str(path).removesuffix(".bin")) for path in paths]
    about, shapes = files[0][0], sections(files[0][0])
    for path, (other, _) in zip(paths, files):
        if sections(other) != shapes or other["memberHash"] != about["memberHash"]:
            raise ValueError(f"{path}: other members or inputs than {paths[0]}")
    raw = np.concatenate([values for _, values in files])[:limit]
    parts, start = {}, 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        part = np.ascontiguousarray(raw[:, start : start + size])
        parts[name] = torch.from_numpy(part.reshape(len(raw), *shape))
        start += size
    return _prepared(about, parts)


def _raw(path):
    about = json.loads(Path(f"{path}.json").read_text())
    if about["format"] != FORMAT:
        raise ValueError(f"{path}: format {about['format']}, expected {FORMAT}")
    width = sum(int(np.prod(shape)) for shape in sections(about).values())
    raw = np.memmap(f"{path}.bin", dtype="<f4", mode="r")
    if len(raw) != about["count"] * width:
        raise ValueError(f"{path}: {len(raw)} numbers, expected {about['count']} x {width}")
    return about, raw.reshape(about["count"], width)


def _prepared(about, parts):
    meta, actual = parts.pop("meta"), parts["actual"]
    row = torch.arange(about["rows"])
    used = (row < meta[:, 3:4]) & (~actual.isnan()).any(2)
    for name in ("globals", "rows", "weights", "forecasts", "offsets", "auto", "scale"):
        _require_finite(name, parts[name])
    scale = _floored(parts["scale"], used)
    parts["weights"] = parts["weights"] / parts["weights"].sum(2, keepdim=True).clamp_min(1e-9)
    unit = _unit(scale, parts["offsets"])
    order = torch.empty(parts["forecasts"].shape, dtype=torch.uint8)
    steps = torch.empty(*order.shape[:3], order.shape[3] - 1)
    errors = torch.empty(parts["weights"].shape)
    for start in range(0, len(actual), CHUNK_RECORDS):
        chunk = slice(start, start + CHUNK_RECORDS)
        forecasts = parts["forecasts"][chunk]
        ascending, places = forecasts.sort(3)
        order[chunk] = places.to(torch.uint8)
        steps[chunk] = ascending.diff(dim=3) / unit[chunk, :, None, None]
        distance = (forecasts - actual[chunk].unsqueeze(3)).abs()
        errors[chunk] = distance.nanmean(2).nan_to_num(0) / unit[chunk].unsqueeze(2)
    return Records(
        about=about,
        kind=meta[:, 0].long(),
        length=meta[:, 1].long(),
        used=used,
        order=order,
        steps=steps,
        errors=errors,
        **{**parts, "scale": scale, "unit": unit},
    )


def _require_finite(name, values):
    if not values.isfinite().all():
        first = (~values.isfinite()).reshape(len(values), -1).any(1).nonzero()[0].item()
        raise ValueError(f"{name} of record {first} is not finite")


def _unit(scale, offsets):
    """How far auto's own 80 % limits are; no more than the usual error of naive."""
    distance = (offsets[..., 2] - offsets[..., 1]) / 2
    return torch.minimum(torch.maximum(distance, scale * LEAST_UNIT), scale)


def _floored(scale, used):
    mean = (scale * used).sum(1, keepdim=True) / used.sum(1, keepdim=True).clamp_min(1)
    floored = torch.maximum(scale, mean * LEAST_SCALE)
    return torch.where(used & (floored > 0), floored, 1.0)
