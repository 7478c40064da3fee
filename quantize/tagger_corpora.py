"""The corpora that teach the entity tagger, as the very word pieces, shapes and name classes that it will read later.

Each corpus teaches only its own heads: what NCBI calls a disease says nothing about what BC5CDR would call one, so the
other heads get no label there. Networks that were taught so can hint at what is missing: their mean opinion then stands
beside the labels, and alone where there are none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from engine.evaluation.entities import Annotated, read_tsv
from engine.runtime.base import Vectors
from engine.runtime.onnx_tagger import MAX_PIECES, MAX_WORD_PIECES
from engine.text.entity_names import NameClasses
from engine.text.tagger import Head
from engine.text.tagger_words import MARK_SHAPE, shape

CLASSES = 3
"""None, begins, continues."""
NO_LABEL = -100
"""What the loss leaves out: later pieces of a word, the marks, and heads that a corpus does not teach."""
ROOMS = (64, 128, 192, 224)
SINGLE_SHARE = 0.35
"""How often a window is one sentence, and how many pieces the others may have: the engine reads both kinds of text."""
HINT_SHARE, HINT_WEIGHT = 0.5, 0.5
"""How far hints soften a label, and what a hint without a label counts beside one."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """One sentence or window. `labels` is (pieces, heads) int64, 0 none, 1 begins, 2 continues, or NO_LABEL.

    `opens` says which pieces begin a word: only they are ever decided. `hints` are other networks' probabilities,
    (pieces, heads, 3) float32.
    """

    ids: list[int]
    shapes: list[int]
    names: list[int]
    labels: list[list[int]]
    opens: list[bool]
    hints: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of like length; every array is (windows, pieces) int64, `labels` (windows, pieces, heads).

    `targets` is what the loss asks for, (windows, pieces, heads, 3) float32; a row of zeros asks for nothing.
    """

    ids: npt.NDArray[np.int64]
    shapes: npt.NDArray[np.int64]
    names: npt.NDArray[np.int64]
    mask: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    targets: Vectors


class Reader:
    """Turns sentences of a corpus into pieces."""

    def __init__(self, tokenizer: Path, names: NameClasses) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._names = names
        self._first, self._last, self._unknown = (self._mark(mark) for mark in ("[CLS]", "[SEP]", "[UNK]"))
        self._known: dict[str, list[int]] = {}

    def corpora(self, folder: Path, parts: Sequence[str]) -> tuple[list[Pieces], list[Pieces]]:
        """Return the sentences of NCBI disease and of BC5CDR, of all `parts` in order."""
        ncbi: list[Pieces] = []
        bc5cdr: list[Pieces] = []
        for part in parts:
            only_disease = read_tsv(folder / "ncbi_disease" / f"{part}.tsv")
            ncbi += [self._pieces(each.words, {Head.NCBI_DISEASE: each}) for each in only_disease]
            diseases = read_tsv(folder / "bc5cdr" / f"disease_{part}.tsv")
            chemicals = read_tsv(folder / "bc5cdr" / f"chem_{part}.tsv")
            bc5cdr += [
                self._pieces(one.words, {Head.BC5CDR_DISEASE: one, Head.BC5CDR_CHEMICAL: other})
                for one, other in zip(diseases, chemicals, strict=True)
            ]
        return ncbi, bc5cdr

    def _pieces(self, words: Sequence[str], taught: dict[Head, Annotated]) -> Pieces:
        labels = np.full((len(words), len(Head)), NO_LABEL)
        for head, annotated in taught.items():
            labels[:, head] = 0
            for first, end in annotated.names:
                labels[first, head] = 1
                labels[first + 1 : end, head] = 2
        made = Pieces([], [], [], [], [])
        classes = self._names.classes([word.lower() for word in words])
        for word, name, label in zip(words, classes, labels.tolist(), strict=True):
            ids = self._ids(word)
            made.ids.extend(ids)
            made.shapes.extend([shape(word)] * len(ids))
            made.names.extend([name] * len(ids))
            made.labels.extend([label, *([[NO_LABEL] * len(Head)] * (len(ids) - 1))])
            made.opens.extend([True, *([False] * (len(ids) - 1))])
        return made

    def unlabelled(self, words: Sequence[str]) -> Pieces:
        """Return the words of a sentence that no corpus has labelled."""
        return self._pieces(words, {})

    def _ids(self, word: str) -> list[int]:
        if word not in self._known:
            ids = self._tokenizer.encode(word, add_special_tokens=False).ids
            self._known[word] = (ids or [self._unknown])[:MAX_WORD_PIECES]
        return self._known[word]

    def _mark(self, mark: str) -> int:
        number = self._tokenizer.token_to_id(mark)
        if number is None:
            raise ValueError(f"a vocabulary without {mark}")
        return number

    def window(self, sentences: Sequence[Pieces]) -> Pieces:
        """Return consecutive sentences as the model reads them, between its two marks."""
        nothing = [NO_LABEL] * len(Head)
        cut = slice(MAX_PIECES)
        return Pieces(
            [self._first, *[piece for each in sentences for piece in each.ids][cut], self._last],
            [MARK_SHAPE, *[number for each in sentences for number in each.shapes][cut], MARK_SHAPE],
            [0, *[number for each in sentences for number in each.names][cut], 0],
            [nothing, *[label for each in sentences for label in each.labels][cut], nothing],
            [False, *[first for each in sentences for first in each.opens][cut], False],
            _joined_hints(sentences),
        )

    def windows(self, sentences: Sequence[Pieces], room: Callable[[], int]) -> list[Pieces]:
        """Return windows of consecutive sentences; `room` says how many pieces each may have, at least a sentence."""
        made: list[Pieces] = []
        waiting: list[Pieces] = []
        allowed = room()
        for sentence in sentences:
            if waiting and sum(len(each.ids) for each in waiting) + len(sentence.ids) > allowed:
                made.append(self.window(waiting))
                waiting, allowed = [], room()
            waiting.append(sentence)
        return [*made, self.window(waiting)] if waiting else made


def training_room(chance: random.Random) -> int:
    """Return how many pieces the next training window may have."""
    return 1 if chance.random() < SINGLE_SHARE else chance.choice(ROOMS)


def batches(windows: Sequence[Pieces], pieces: int, chance: random.Random | None) -> list[Batch]:
    """Return batches of at most `pieces` pieces each, padding included; in random order where there is `chance`."""
    order = sorted(
        range(len(windows)), key=lambda n: len(windows[n].ids) + (chance.random() * 8 if chance else 0)
    )
    made: list[Batch] = []
    rows: list[Pieces] = []
    for place in order:
        longest = max(len(each.ids) for each in [*rows, windows[place]])
        if rows and (len(rows) + 1) * longest > pieces:
            made.append(batch_of(rows))
            rows = []
        rows.append(windows[place])
    made += [batch_of(rows)] if rows else []
    if chance:
        chance.shuffle(made)
    return made


def _joined_hints(sentences: Sequence[Pieces]) -> Vectors | None:
    """Return the hints of a window between its marks; a sentence without any gets zeros."""
    if all(each.hints is None for each in sentences):
        return None
    mark = np.zeros((1, len(Head), CLASSES), dtype=np.float32)
    rows = [np.zeros((len(each.ids), len(Head), CLASSES), np.float32) if each.hints is None else each.hints
            for each in sentences]
    return np.concatenate([mark, np.concatenate(rows)[:MAX_PIECES], mark])


def batch_of(rows: Sequence[Pieces]) -> Batch:
    """Return windows as one batch, in their order."""
    size = (len(rows), max(len(each.ids) for each in rows))
    ids, shapes, names, mask = (np.zeros(size, dtype=np.int64) for _ in range(4))
    labels = np.full((*size, len(Head)), NO_LABEL, dtype=np.int64)
    targets = np.zeros((*size, len(Head), CLASSES), dtype=np.float32)
    for row, each in enumerate(rows):
        used = slice(len(each.ids))
        ids[row, used], shapes[row, used], names[row, used], mask[row, used] = each.ids, each.shapes, each.names, 1
        labels[row, used] = each.labels
        targets[row, used] = _targets(each)
    return Batch(ids, shapes, names, mask, labels, targets)


def _targets(row: Pieces) -> Vectors:
    """Return what the loss asks of a window: labels, hints, or labels softened by hints."""
    labels = np.asarray(row.labels)
    sure: Vectors = (labels[:, :, None] == np.arange(CLASSES)).astype(np.float32)
    if row.hints is None:
        return sure
    taught = labels != NO_LABEL
    mixed = np.where(taught[:, :, None], (1 - HINT_SHARE) * sure + HINT_SHARE * row.hints, HINT_WEIGHT * row.hints)
    return np.asarray(mixed * np.asarray(row.opens)[:, None, None], dtype=np.float32)


def with_hints(sentence: Pieces, probabilities: Vectors) -> Pieces:
    """Return the sentence with what other networks think of it, (pieces, heads, 3); nothing where they did not read."""
    hints = np.zeros((len(sentence.ids), len(Head), CLASSES), dtype=np.float32)
    hints[: len(probabilities)] = probabilities
    return replace(sentence, hints=hints)
