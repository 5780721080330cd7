"""Tests of the training: python3 -m unittest discover -s training. Without torch, they are skipped."""

import base64
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

try:
    import torch
except ImportError as missing:
    raise unittest.SkipTest("torch is not installed") from missing

from gate import losses, weights
from gate.net import Gate
from gate.records import read, sections

ABOUT = {
    "format": 1,
    "memberHash": "0a",
    "members": 3,
    "globalInputs": 5,
    "rowInputs": 4,
    "rows": 2,
    "targets": 3,
    "count": 40,
    "kinds": ["one"],
}


def write_records(folder, change=lambda parts: None):
    """Random records, of which the second row is not used in every other one."""
    rng, raw = np.random.default_rng(4), []
    for number in range(ABOUT["count"]):
        parts = {name: rng.normal(size=shape) for name, shape in sections(ABOUT).items()}
        parts["meta"] = np.array([0, 30, 12, 1 + number % 2])
        parts["weights"] = rng.uniform(0, 2, parts["weights"].shape)
        parts["offsets"] = np.tile([-2.0, -1, 1, 0], (2, 1))
        parts["scale"] = np.array([0.5, 2])
        parts["actual"][0, 1] = np.nan
        if number % 2 == 0:
            for name in ("rows", "weights", "forecasts", "offsets", "auto", "scale"):
                parts[name][1] = 0
            parts["actual"][1] = np.nan
        change(parts)
        raw.extend(values.reshape(-1) for values in parts.values())
    np.concatenate(raw).astype("<f4").tofile(folder / "records.bin")
    (folder / "records.json").write_text(json.dumps(ABOUT))


class Training(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        write_records(self.folder)
        self.records = read([self.folder / "records.bin"])
        torch.manual_seed(1)
        self.net = Gate(ABOUT, width=8, head=6)
        self.net.standardise_by(self.records)

    def test_an_infinite_input_is_named(self):
        write_records(self.folder, lambda parts: parts["globals"].fill(np.inf))
        with self.assertRaisesRegex(ValueError, "globals of record 0 is not finite"):
            read([self.folder / "records"])

    def test_files_are_read_one_after_the_other(self):
        path = self.folder / "records"
        both = read([path, f"{path}.bin"])
        self.assertEqual(len(both), 2 * len(self.records))
        torch.testing.assert_close(both.globals[len(self.records) :], self.records.globals)

    def test_a_new_net_keeps_the_weights_and_intervals_of_auto(self):
        self.net.eval()
        given, factors = self.net(self.records.globals, self.records.rows, self.records.weights)
        used = self.records.used
        torch.testing.assert_close(given[used], self.records.weights[used], atol=2e-3, rtol=0)
        torch.testing.assert_close(factors, torch.ones_like(factors))

    def test_the_weighted_median_is_the_smallest_value_with_half_of_the_weight(self):
        given = torch.rand(self.records.weights.shape)
        medians = losses.weighted_median(self.records, given)
        for place in np.ndindex(*medians.shape):
            values, heard = self.records.forecasts[place], given[place[:2]]
            enough = [v for v in values.tolist() if heard[values <= v].sum() >= heard.sum() / 2]
            self.assertEqual(medians[place].item(), min(enough))

    def test_the_crps_is_that_of_its_definition(self):
        given = self.records.weights
        scores = losses.crps(self.records, given)
        for record, row in self.records.used.nonzero().tolist():
            total, count = 0.0, 0
            for target, actual in enumerate(self.records.actual[record, row].tolist()):
                if np.isnan(actual):
                    continue
                values, heard = self.records.forecasts[record, row, target], given[record, row]
                apart = (values[:, None] - values[None]).abs()
                total += ((values - actual).abs() @ heard - heard @ apart @ heard / 2).item()
                count += 1
            score = total / count / self.records.unit[record, row].item()
            self.assertAlmostEqual(scores[record, row].item(), score / (1 + score / losses.MOST_USUAL_ERRORS), places=5)

    def test_rows_that_are_not_used_do_not_count(self):
        before = losses.loss_of(self.records, self.net.eval(), 1.0)
        self.records.rows[~self.records.used] = 7
        after = losses.loss_of(self.records, self.net, 1.0)
        self.assertEqual(before.item(), after.item())
        self.assertEqual(int(self.records.used.sum()), 60)

    def test_the_files_give_the_outputs_of_the_examples(self):
        torch.nn.init.normal_(self.net.output.weight)
        manifest = weights.write(self.folder, self.net, self.records, {"seed": 1})
        blob = base64.b64decode(json.loads((self.folder / "gate.json").read_text())["data"])
        self.assertEqual(len(blob), manifest["bytes"])
        examples = json.loads((self.folder / "fixtures.json").read_text())["examples"]
        self.assertEqual(len(examples), 20)
        for example in examples:
            given, factors = _by_hand(manifest, blob, example)
            np.testing.assert_allclose(given, example["weights"], atol=1e-6)
            np.testing.assert_allclose(factors, example["factors"], rtol=1e-5)


def _by_hand(manifest, blob, example):
    def numbers(start, count, kind="<f4"):
        return np.frombuffer(blob, kind, count, start).astype(np.float64)

    def layer(number, inputs):
        about = manifest["layers"][number]
        rows, columns = about["rows"], about["columns"]
        whole = numbers(about["weights"], rows * columns, "i1").reshape(rows, columns)
        scaled = whole @ inputs * numbers(about["scales"], rows)
        return scaled + numbers(about["biases"], rows)

    count = manifest["globalInputs"] + manifest["rowInputs"]
    mean, scale = numbers(manifest["inputMean"], count), numbers(manifest["inputScale"], count)
    raw = np.float32(example["globals"] + example["row"]).astype(np.float64)
    inputs = np.clip((raw - mean) * scale, -5, 5)
    first = np.maximum(layer(0, inputs[: manifest["globalInputs"]]), 0)
    second = first + np.maximum(layer(1, first), 0)
    joined = np.concatenate((second, inputs[manifest["globalInputs"] :]))
    output = layer(3, np.maximum(layer(2, joined), 0))
    auto = np.float32(example["auto"]).astype(np.float64)
    gate = (auto + manifest["weightFloor"]) * np.exp(output[: manifest["members"]])
    share = manifest["ballast"]
    return (1 - share) * gate / gate.sum() + share * auto, np.exp(np.clip(output[manifest["members"] :], -2, 2))


if __name__ == "__main__":
    unittest.main()
