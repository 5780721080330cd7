"""The net as files: int8 rows with their scales, a manifest, and examples of inputs and outputs."""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from .net import BALLAST, FACTOR_LOG_LIMIT, FLOOR, INPUT_LIMIT

FORMAT = 1
LARGEST = 127
LAYERS = ("first", "second", "head", "output")
EXAMPLES = 20


@torch.no_grad()
def quantise(net):
    """Rounds the weights of the net to what int8 can say. Returns the whole numbers and scales."""
    rounded = {}
    for name in LAYERS:
        weight = getattr(net, name).weight
        scales = (weight.abs().amax(1) / LARGEST).clamp_min(1e-12)
        whole = torch.round(weight / scales.unsqueeze(1)).clamp(-LARGEST, LARGEST)
        weight.copy_(whole * scales.unsqueeze(1))
        rounded[name] = (whole.to(torch.int8).numpy(), scales.numpy())
    return rounded


class _Blob:
    """Bytes one after the other; numbers of four bytes begin at a multiple of four."""

    def __init__(self):
        self.bytes = bytearray()

    def add(self, values, kind):
        self.bytes.extend(b"\0" * (-len(self.bytes) % 4))
        start = len(self.bytes)
        self.bytes.extend(np.ascontiguousarray(values, dtype=kind).tobytes())
        return start


def write(folder, net, records, trained):
    """Writes gate.json and fixtures.json. The net is rounded on the way."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rounded, blob, layers = quantise(net), _Blob(), []
    for name in LAYERS:
        whole, scales = rounded[name]
        layers.append(
            {
                "name": name,
                "rows": whole.shape[0],
                "columns": whole.shape[1],
                "weights": blob.add(whole, "i1"),
                "scales": blob.add(scales, "<f4"),
                "biases": blob.add(getattr(net, name).bias.detach().numpy(), "<f4"),
            }
        )
    mean = blob.add(torch.cat((net.global_mean, net.row_mean)).numpy(), "<f4")
    scale = blob.add(torch.cat((net.global_scale, net.row_scale)).numpy(), "<f4")
    about = records.about
    manifest = {
        "format": FORMAT,
        "memberHash": about["memberHash"],
        "globalInputs": about["globalInputs"],
        "rowInputs": about["rowInputs"],
        "members": about["members"],
        "inputLimit": INPUT_LIMIT,
        "weightFloor": FLOOR,
        "ballast": BALLAST,
        "factorLogLimit": FACTOR_LOG_LIMIT,
        "layers": layers,
        "inputMean": mean,
        "inputScale": scale,
        "bytes": len(blob.bytes),
        "sha256": hashlib.sha256(blob.bytes).hexdigest(),
        "trained": trained,
        "licence": "synthetic series only",
    }
    stored = {**manifest, "data": base64.b64encode(blob.bytes).decode()}
    (folder / "gate.json").write_text(json.dumps(stored, indent=2) + "\n")
    (folder / "fixtures.json").write_text(json.dumps(_examples(net, records)) + "\n")
    return manifest


@torch.no_grad()
def _examples(net, records):
    """Inputs with the outputs of the rounded net, computed with double precision."""
    net = net.double().eval()
    examples = []
    for number in torch.linspace(0, len(records) - 1, EXAMPLES).long().tolist():
        used = records.used[number].nonzero()
        row = int(used[number % len(used)]) if len(used) > 0 else 0
        inputs = (records.globals[number], records.rows[number, row], records.weights[number, row])
        given = [values.double() for values in inputs]
        weights, factors = net(given[0][None], given[1][None, None], given[2][None, None])
        examples.append(
            {
                "globals": _shortest(inputs[0]),
                "row": _shortest(inputs[1]),
                "auto": _shortest(inputs[2]),
                "weights": _shortest(weights[0, 0]),
                "factors": _shortest(factors[0, 0]),
            }
        )
    net.float()
    return {"format": FORMAT, "examples": examples}


def _shortest(values):
    """With the fewest digits that give the same number of single precision."""
    return [float(str(value)) for value in values.float().numpy()]
