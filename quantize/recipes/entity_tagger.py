"""The entity tagger: diseases and chemicals in English text, from MiniLM, NCBI and BC5CDR, as an int8 ONNX file.

    lantern-quantize train entity-tagger CORPORA KNOWLEDGE ENCODER OUT_DIR

CORPORA holds `ncbi_disease/` and `bc5cdr/`, KNOWLEDGE is `resources/knowledge`, ENCODER the folder that the recipe
medical-encoder wrote. A few networks are taught by the train parts; their mean opinion, also on sentences of MedQuAD
that nobody labelled, then teaches the one that stays. Prints exact-span F1 on the development parts for the network
and for the int8 file. With --finish it then goes on over train and development parts for FINISH_EPOCHS at a low rate:
that is the file that ships, and only hidden test parts can measure it. Seeded; uses a graphics card where torch finds
one. A teacher whose file is there already is not taught again (--teacher N teaches that one alone).
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
from engine.text.segment import sentences, tokenise
from engine.text.tagger import Head, marked
from engine.text.tagger_words import words
from engine.treatment import medquad
from quantize.tagger_corpora import (
    CLASSES,
    NO_LABEL,
    Batch,
    Pieces,
    Reader,
    batch_of,
    batches,
    training_room,
    with_hints,
)
from quantize.tagger_network import INPUTS, TaggerNetwork, export, from_encoder

SEED = 0
TEACHERS, TEACHER_EPOCHS, EPOCHS = 4, 8, 5
STEP_SIZE, NEW_PARTS, WARM_UP, DECAY, BATCH_PIECES = 3e-4, 2, 0.08, 0.01, 1536
FINISH_EPOCHS, FINISH_STEP_SIZE = 1, 1.5e-4
UNLABELLED, LONGEST_UNLABELLED_WORDS = 14_000, 60
"""How many sentences of MedQuAD the teachers read out: about as much text as the two corpora have."""
MASKED, NAMELESS = 0.08, 0.1
"""Shares of pieces hidden, and of windows that must do without known names, so that neither is leaned on."""
AVERAGE, AVERAGE_EVERY = 0.99, 4
"""The shipped weights are a running average of the last hundred steps or so."""
_MASK_PIECE, _FIRST_WORD_PIECE = 103, 111
_DEV_ROOM = 192
_HINTED_PIECES = 6144
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "knowledge", "encoder", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--teacher", type=int, help="teach only this one, 1 and up, and stop")
    parser.add_argument("--finish", action="store_true", help="go on over the development parts, at the end")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    reader = Reader(arguments.encoder / "tokenizer.json", NameClasses(compiled_names(arguments.knowledge)))
    numbers = range(1, TEACHERS + 1) if arguments.teacher is None else [arguments.teacher]
    taught = reader.corpora(arguments.corpora, ["train"])
    teachers = [teacher(number, arguments.encoder, reader, taught, arguments.out) for number in numbers]
    if arguments.teacher is not None:
        return
    extra = list(unlabelled(reader, arguments.knowledge))
    network, chance = from_encoder(arguments.encoder), _seeded(SEED)
    lessons = [hinted(each, reader, teachers) for each in (*taught, extra)]
    fit(network, reader, lessons, EPOCHS, STEP_SIZE, chance, arguments.out / "train.pt")
    held = reader.corpora(arguments.corpora, ["devel"])
    report("network", reader, held, scorer(network))
    ship(network, arguments.out / "measured.onnx")
    report("int8", reader, held, file_scorer(arguments.out / "measured.onnx"))
    if arguments.finish:
        both = [hinted(each, reader, teachers) for each in reader.corpora(arguments.corpora, ["train", "devel"])]
        fit(network, reader, both, FINISH_EPOCHS, FINISH_STEP_SIZE, _seeded(SEED + 1), arguments.out / "finish.pt")
        ship(network, arguments.out / "model.onnx")


def teacher(number: int, encoder: Path, reader: Reader, taught: Sequence[list[Pieces]], out: Path) -> TaggerNetwork:
    """Return the teacher of that number, taught now unless its file is there."""
    network, kept = from_encoder(encoder), out / f"teacher-{number}.pt"
    if kept.is_file():
        network.load_state_dict(torch.load(kept, weights_only=True))
        network.eval()
        return network
    fit(network, reader, taught, TEACHER_EPOCHS, STEP_SIZE, _seeded(SEED + 100 + number), out / "teaching.pt")
    torch.save(network.state_dict(), kept)
    return network


def unlabelled(reader: Reader, knowledge: Path) -> Iterator[Pieces]:
    """Yield seeded sentences of MedQuAD, as the corpora's words would be cut."""
    found = [
        written
        for answer in medquad.read_answers(knowledge / "medquad" / medquad.FILE)
        for written in _sentences(" ".join(answer.text.split())[:4000])
        if 5 <= len(written) <= LONGEST_UNLABELLED_WORDS
    ]
    yield from (reader.unlabelled(list(each)) for each in random.Random(SEED).sample(found, UNLABELLED))


def _sentences(text: str) -> Iterator[tuple[str, ...]]:
    tokens = tokenise(text)
    for sentence in sentences(text, tokens):
        part = text[tokens[sentence.first].start : tokens[sentence.last - 1].end]
        yield tuple(part[span.start : span.end] for span in words(part))


def hinted(read: list[Pieces], reader: Reader, teachers: Sequence[TaggerNetwork]) -> list[Pieces]:
    """Return the sentences with the teachers' mean probabilities; they read one sentence at a time."""
    for network in teachers:
        network.to(DEVICE)
    order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
    made: dict[int, Pieces] = {}
    while order:
        room = max(1, _HINTED_PIECES // len(read[order[-1]].ids))
        group, order = order[-room:], order[:-room]
        batch = batch_of([reader.window([read[at]]) for at in group])
        mean = np.mean([_probabilities(network, batch) for network in teachers], axis=0)
        for at, shares in zip(group, mean, strict=True):
            made[at] = with_hints(read[at], shares[1 : 1 + len(read[at].ids)])
    return [made[at] for at in range(len(read))]


def _probabilities(network: TaggerNetwork, batch: Batch) -> Vectors:
    """Return (sentences, pieces, heads, 3)."""
    with torch.no_grad():
        scores = network(*(torch.from_numpy(each).to(DEVICE)
                           for each in (batch.ids, batch.shapes, batch.names, batch.mask)))
        shares: Vectors = scores.reshape(*scores.shape[:2], len(Head), CLASSES).softmax(-1).cpu().numpy()
    return shares


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
    network.to(DEVICE)
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
            torch.save({name: value.cpu() for name, value in average.items()}, kept)
    network.load_state_dict(average)
    network.to("cpu").eval()


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
    ids, shapes, names, mask, targets = (torch.from_numpy(each).to(DEVICE) for each in (
        batch.ids, batch.shapes, batch.names, batch.mask, batch.targets
    ))  # fmt: skip
    hidden = (torch.rand(ids.shape, device=DEVICE) < MASKED) & (ids >= _FIRST_WORD_PIECE)
    nameless = torch.rand((len(ids), 1), device=DEVICE) < NAMELESS
    scores = network(ids.masked_fill(hidden, _MASK_PIECE), shapes, names.masked_fill(nameless, 0), mask)
    shares = scores.float().reshape(targets.shape).log_softmax(-1)
    return -(targets * shares).sum() / targets.sum().clamp(min=1)


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
