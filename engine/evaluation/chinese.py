"""Measure findings read from Chinese sentences written for this purpose; nothing is tuned on the held half."""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from engine.api import Entity
from engine.evaluation.table import Metric, MetricTable

FILE_NAME = "chinese_findings.jsonl"
AIM_F1 = 0.80


class Reads(Protocol):
    """What is measured: `engine.text.entities.TextReader`."""

    def read(self, text: str) -> list[Entity]: ...


class HasReader(Protocol):
    """The engine, as far as this measurement needs it."""

    @property
    def reader(self) -> Reads: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the patient's own findings, present and denied. `half` is dev or held by a seeded rule."""

    id: str
    half: Literal["dev", "held"]
    text: str
    present: list[str]
    absent: list[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives, and the F1 they make."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def plus(self, found: Set[object], gold: Set[object]) -> Counts:
        return Counts(self.hits + len(found & gold), self.extra + len(found - gold), self.missed + len(gold - found))

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.extra + self.missed) if self.hits else 0.0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits else 0.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits else 0.0


def evaluate(engine: HasReader, data_dir: Path | None) -> MetricTable:
    """Return F1 of both halves. Raises FileNotFoundError when the folder does not hold the sentences."""
    sentences = load_sentences((data_dir or Path("tests/data")) / FILE_NAME)
    metrics: list[Metric] = []
    for half in ("dev", "held"):
        chosen = [sentence for sentence in sentences if sentence.half == half]
        counts = count(engine.reader, chosen)
        metrics += [
            Metric(f"F1, {half} half", counts.f1, len(chosen), aim=AIM_F1),
            Metric(f"precision, {half} half", counts.precision, len(chosen)),
            Metric(f"recall, {half} half", counts.recall, len(chosen)),
        ]
    notes = ["A finding counts with its polarity: present where the text denies it is both an extra and a miss."]
    return MetricTable("Findings in Chinese sentences", metrics, notes)


def load_sentences(path: Path) -> list[Sentence]:
    """Return every sentence of a JSON-lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [msgspec.convert(json.loads(line), Sentence) for line in lines]


def count(reader: Reads, sentences: Iterable[Sentence]) -> Counts:
    """Return the counts over `sentences`."""
    counts = Counts()
    for sentence in sentences:
        gold = {(code, True) for code in sentence.present} | {(code, False) for code in sentence.absent}
        counts = counts.plus(findings(reader.read(sentence.text)), gold)
    return counts


def findings(entities: Iterable[Entity]) -> set[tuple[str, bool]]:
    """Return the patient's own findings with polarity: a DDXPlus code where the span has one, else its HPO term."""
    by_span: dict[tuple[int, int], list[Entity]] = {}
    for entity in entities:
        if entity.code and entity.subject == "patient" and entity.label in ("symptom", "phenotype"):
            by_span.setdefault((entity.start, entity.end), []).append(entity)
    found: set[tuple[str, bool]] = set()
    for same in by_span.values():
        common = [entity for entity in same if entity.label == "symptom"]
        found |= {(str(entity.code), not entity.negated) for entity in common or same}
    return found
