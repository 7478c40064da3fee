"""Measure names of diseases and drugs (NCBI disease, BC5CDR) by exact characters of a text made from the corpus' words.

Each sentence is read by itself with a space between all words, and once more as print would set it, ten sentences a
text: places must be right either way. The corpora were used for training; only their test parts, which Lantern does not
have, are new to the shipped tagger, and its card gives the figures of a tagger that never saw the development parts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import errors
from engine.assembly import Engine
from engine.evaluation.chinese import Counts
from engine.evaluation.table import Metric, MetricTable
from engine.text.named import Guideline
from engine.text.segment import Span

PARTS = ("test", "devel")
"""The parts of a corpus that are measured where they are there."""
SENTENCES_PER_TEXT = 10
_NOTE_CHARS = 2000
_CLOSE_BEFORE = re.compile(r"[.,;:!?)\]%'’-]|/")
_CLOSE_AFTER = re.compile(r"[(\['’/-]")


@dataclass(frozen=True, slots=True)
class Corpus:
    """One kind of name in one corpus. `files` is tried with each of PARTS."""

    title: str
    folder: str
    file: str
    guideline: Guideline
    label: str
    aim: float


CORPORA = (
    Corpus("NCBI disease", "ncbi_disease", "{}.tsv", Guideline.NCBI, "disease", 0.82),
    Corpus("BC5CDR disease", "bc5cdr", "disease_{}.tsv", Guideline.BC5CDR, "disease", 0.80),
    Corpus("BC5CDR chemical", "bc5cdr", "chem_{}.tsv", Guideline.BC5CDR, "drug", 0.88),
)


@dataclass(frozen=True, slots=True)
class Annotated:
    """Words of one sentence and the names in it, as (first word, end word)."""

    words: tuple[str, ...]
    names: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """How a corpus was read: what was right, and how quickly."""

    counts: Counts
    elapsed_s: float
    characters: int

    def row(self, name: str, aim: float) -> Metric:
        return Metric(name, self.counts.f1, self.counts.hits + self.counts.missed, aim=aim)


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return exact-span F1 of each corpus and the reading speed. Raises FileNotFoundError without a corpus."""
    if engine.tagger is None:
        raise errors.ModelMissing("no tagger pack is installed")
    metrics: list[Metric] = []
    printed: list[_Read] = []
    for corpus, part, path in _present(data_dir or Path()):
        sentences = read_tsv(path)
        apart = _read(engine, corpus, sentences, 1)
        printed.append(_read(engine, corpus, sentences, SENTENCES_PER_TEXT))
        name = f"{corpus.title}, {part}"
        metrics += [
            apart.row(f"{name}: F1, sentence by sentence", corpus.aim),
            Metric(f"{name}: precision", apart.counts.precision, apart.counts.hits + apart.counts.extra),
            Metric(f"{name}: recall", apart.counts.recall, apart.counts.hits + apart.counts.missed),
            printed[-1].row(f"{name}: F1, as printed text", corpus.aim),
        ]
    characters = sum(each.characters for each in printed)
    per_note_ms = 1000 * _NOTE_CHARS * sum(each.elapsed_s for each in printed) / max(characters, 1)
    speed = Metric(f"reading {_NOTE_CHARS} characters", per_note_ms, characters, aim=100, unit="ms")
    notes = ["the tagger that ships was also trained on the development parts: believe the test parts, and its card"]
    return MetricTable("Names of diseases and drugs", [*metrics, speed], notes)


def _present(data_dir: Path) -> list[tuple[Corpus, str, Path]]:
    """Return each corpus file in `data_dir` or in its own folder anywhere below. Raises FileNotFoundError."""
    found = [
        (corpus, part, path)
        for corpus in CORPORA
        for part in PARTS
        for path in _places(data_dir, corpus.folder, corpus.file.format(part))
    ]
    if not found:
        raise FileNotFoundError(f"no ncbi_disease/devel.tsv, bc5cdr/disease_devel.tsv or the like below {data_dir}")
    return found


def _places(data_dir: Path, folder: str, file: str) -> list[Path]:
    return [*data_dir.glob(file), *sorted(data_dir.rglob(f"{folder}/{file}"))]


def read_tsv(path: Path) -> list[Annotated]:
    """Return the sentences of a corpus file: a word and its B-, I- or O label a line, a blank line between."""
    sentences: list[Annotated] = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split("\t") for line in block.splitlines() if line.strip()]
        if rows:
            labels = [row[-1][:1] for row in rows]
            sentences.append(Annotated(tuple(row[0] for row in rows), tuple(_runs(labels))))
    return sentences


def _runs(labels: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = -1
    for place, label in enumerate([*labels, "O"]):
        if first >= 0 and label != "I":
            yield first, place
            first = -1
        if label == "B" or (label == "I" and first < 0):
            first = place


def written(sentences: Sequence[Annotated], spaced: bool) -> tuple[str, set[tuple[int, int]]]:
    """Return a text made of the sentences' words, and the places of its names in characters."""
    text, names = "", set()
    for sentence in sentences:
        places: list[Span] = []
        for number, word in enumerate(sentence.words):
            before = sentence.words[number - 1] if number else ""
            text += "" if not text or (not spaced and number and _closes(before, word)) else " "
            places.append(Span(len(text), len(text) + len(word)))
            text += word
        names |= {(places[first].start, places[end - 1].end) for first, end in sentence.names}
    return text, names


def _closes(before: str, word: str) -> bool:
    """Whether print sets no space between two words."""
    return bool(_CLOSE_BEFORE.fullmatch(word) or _CLOSE_AFTER.fullmatch(before))


def _read(engine: Engine, corpus: Corpus, sentences: Sequence[Annotated], at_once: int) -> _Read:
    counts, elapsed_s, characters = Counts(), 0.0, 0
    for first in range(0, len(sentences), at_once):
        text, gold = written(sentences[first : first + at_once], spaced=at_once == 1)
        begun = time.perf_counter()
        entities = engine.reader.read(text, guideline=corpus.guideline)
        elapsed_s += time.perf_counter() - begun
        characters += len(text)
        counts = counts.plus({(each.start, each.end) for each in entities if each.label == corpus.label}, gold)
    return _Read(counts, elapsed_s, characters)
