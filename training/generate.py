"""Writes synthetic series: python3 training/generate.py --seed 1 --count 40000 --out FOLDER/train"""

import argparse
import json
from pathlib import Path

import numpy as np

from series.records import GENERATOR_VERSION, KINDS, record

FORMAT = 1


def write(seed, count, out):
    """`out`.bin holds the records one after the other, `out`.json describes them."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{out}.bin", "wb") as file:
        for number in range(count):
            made = record(seed, number)
            file.write(np.asarray(made.head, dtype="<i4").tobytes())
            file.write(made.values.astype("<f4").tobytes())
    manifest = {
        "format": FORMAT,
        "seed": seed,
        "count": count,
        "kinds": KINDS,
        "generator": GENERATOR_VERSION,
    }
    Path(f"{out}.json").write_text(json.dumps(manifest, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="path without .bin and .json")
    options = parser.parse_args()
    write(options.seed, options.count, options.out)


if __name__ == "__main__":
    main()
