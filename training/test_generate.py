"""Tests of the generator: python3 -m unittest discover -s training. They need only numpy."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from generate import write
from series.draw import Span, autoregressive, moments, moving_mean
from series.records import KINDS, LENGTHS, YOUNG, record

HEAD_NUMBERS = 6


def read(path):
    """The records of a file, as the format says."""
    raw = Path(path).read_bytes()
    records, offset = [], 0
    while offset < len(raw):
        head = np.frombuffer(raw, "<i4", HEAD_NUMBERS, offset)
        offset += HEAD_NUMBERS * 4
        count = int(head[0] + head[1])
        records.append((head, np.frombuffer(raw, "<f4", count, offset)))
        offset += count * 4
    return records


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(self):
        for name, seed in (("one", 5), ("two", 5), ("three", 6)):
            write(seed, 60, self.folder / name)
        one, two, three = ((self.folder / f"{name}.bin").read_bytes() for name in ("one", "two", "three"))
        self.assertEqual(one, two)
        self.assertNotEqual(one, three)

    def test_the_files_hold_what_the_records_are(self):
        write(7, 50, self.folder / "v1.2")
        manifest = json.loads((self.folder / "v1.2.json").read_text())
        self.assertEqual((manifest["format"], manifest["seed"], manifest["count"]), (1, 7, 50))
        self.assertEqual(manifest["kinds"], KINDS)
        records = read(self.folder / "v1.2.bin")
        self.assertEqual(len(records), 50)
        for number, (head, values) in enumerate(records):
            expected = record(7, number)
            self.assertEqual(head.tolist(), expected.head)
            np.testing.assert_array_equal(values, expected.values)


class Records(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.records = [record(11, number) for number in range(2000)]

    def test_lengths_and_steps_are_in_range(self):
        for made in self.records:
            future = len(made.values) - made.origin
            self.assertTrue(12 <= made.origin <= 2000)
            self.assertTrue(12 <= future <= 360)
            self.assertLessEqual(future, max(60, 4 * made.origin / 3))
            self.assertTrue(1 <= made.step_seconds <= 3600)
            self.assertTrue(made.season == 0 or made.season >= 3)

    def test_values_are_finite_or_gaps_and_within_their_bounds(self):
        for made in self.records:
            present = made.values[~np.isnan(made.values)]
            self.assertTrue(np.isfinite(present).all())
            self.assertFalse(np.isnan(made.values[[0, 1, 2, made.origin - 1]]).any())
            self.assertGreaterEqual(np.count_nonzero(~np.isnan(made.values[: made.origin])), 10)
            if made.bounds > 0:
                self.assertGreaterEqual(present.min(), 0)
            if made.bounds == 2:
                self.assertLessEqual(present.max(), 1)

    def test_every_kind_and_every_age_occurs(self):
        self.assertEqual({made.kind for made in self.records}, set(range(len(KINDS))))
        young = sum(made.origin <= 300 for made in self.records) / len(self.records)
        self.assertAlmostEqual(young, 0.7, delta=0.04)
        self.assertEqual(len(LENGTHS.values), 4)

    def test_about_one_in_twenty_is_still(self):
        share = sum(made.kind == 0 for made in self.records) / len(self.records)
        self.assertAlmostEqual(share, 0.05, delta=0.015)


class Shapes(unittest.TestCase):
    def test_young_shapes_end_where_the_series_ends(self):
        for history, future in ((12, 12), (12, 60), (300, 360)):
            span = Span(history + future, history, 10)
            for make in YOUNG:
                shape = make(np.random.default_rng(3), span)
                self.assertEqual(shape.shape, (span.total,), make.__name__)
                self.assertTrue(np.isfinite(shape).all(), make.__name__)

    def test_changes_are_as_frequent_after_the_origin_as_before(self):
        rng = np.random.default_rng(1)
        span = Span(1200, 600, 60)
        places = np.concatenate([moments(rng, span, 5) for _ in range(2000)])
        self.assertAlmostEqual(np.mean(places >= span.origin), 0.5, delta=0.02)

    def test_an_autoregression_is_what_a_loop_gives(self):
        innovations = np.random.default_rng(2).normal(size=300)
        for coefficient in (0.5, 0.99, -0.7):
            expected, last = [], 0.0
            for innovation in innovations:
                last = coefficient * last + innovation
                expected.append(last)
            np.testing.assert_allclose(autoregressive(innovations, coefficient), expected, atol=1e-8)

    def test_a_moving_mean_has_fewer_points_at_the_start(self):
        np.testing.assert_allclose(moving_mean(np.array([2.0, 4, 6, 8]), 3), [2, 3, 4, 6])


if __name__ == "__main__":
    unittest.main()
