"""
Trains the gate on exported records and writes its weights:

    python3 training/train.py --records ONE.bin OTHER.bin --validation THIRD.bin --out FOLDER
"""

import argparse
import copy
import time
from pathlib import Path

import torch

from gate import scores, weights
from gate.losses import crps, loss_of, pinball, row_mean, weighted_median
from gate.net import Gate
from gate.records import read


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--records", nargs="+", required=True, help="each described by a .json beside it")
    parser.add_argument("--validation", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=9_000)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=1e-2)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--head", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--interval-share", type=float, default=1.0)
    parser.add_argument("--check-every", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--limit", type=int, default=None, help="use only the first records")
    return parser.parse_args()


@torch.no_grad()
def validation_loss(records, net):
    net.eval()
    total = torch.zeros(2)
    for start in range(0, len(records), scores.BATCH):
        some = records.at(slice(start, start + scores.BATCH))
        given, factors = net(some.globals, some.rows, some.weights)
        medians = weighted_median(some, given)
        losses = (row_mean(some, crps(some, given)), row_mean(some, pinball(some, medians, factors)))
        total += torch.stack(losses) * len(some)
    net.train()
    return (total / len(records)).tolist()


def train(records, validation, options):
    """The net of the step at which the validation loss was lowest."""
    net = Gate(records.about, options.width, options.head, options.dropout)
    net.standardise_by(records)
    optimiser = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=options.decay)
    warm_up = torch.optim.lr_scheduler.LinearLR(optimiser, 0.05, total_iters=options.steps // 20 + 1)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, options.steps)
    best, kept, shuffled = float("inf"), None, torch.empty(0, dtype=torch.long)
    started = time.monotonic()
    for step in range(options.steps + 1):
        if step % options.check_every == 0 or step == options.steps:
            points, intervals = validation_loss(validation, net)
            loss = points + options.interval_share * intervals
            if loss < best:
                best, kept = loss, (step, copy.deepcopy(net.state_dict()))
            passed = time.monotonic() - started
            print(f"step {step}: CRPS {points:.5f}, intervals {intervals:.5f}, {passed:.0f} s", flush=True)
        if len(shuffled) < options.batch:
            shuffled = torch.randperm(len(records))
        some, shuffled = records.at(shuffled[: options.batch]), shuffled[options.batch :]
        loss = loss_of(some, net, options.interval_share)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        warm_up.step()
        cosine.step()
    net.load_state_dict(kept[1])
    print(f"kept the net of step {kept[0]}")
    return net, kept[0]


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    records, validation = read(options.records, options.limit), read(options.validation)
    print(f"{len(records)} records to train on, {len(validation)} to validate with")
    net, kept = train(records, validation, options)
    trained = {
        "seed": options.seed,
        "steps": options.steps,
        "keptStep": kept,
        "records": len(records),
        "generator": records.about.get("generator", ""),
        "torch": torch.__version__,
    }
    manifest = weights.write(options.out, net, validation, trained)
    print(f"{manifest['bytes']} bytes, SHA-256 {manifest['sha256']}")
    print(scores.table(validation, scores.judged(validation, net)))


if __name__ == "__main__":
    main()
