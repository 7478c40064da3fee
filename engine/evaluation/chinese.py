"""Measure findings read from Chinese sentences written for this purpose; nothing is tuned on the held halves.

Two sets. The first was written beside the lexicon, by the same hands. The second was written before its author had
opened the lexicon; every finding there carries all HPO terms that a clinician would accept, DDXPlus codes count through
the crosswalk, and answers that no HPO term stands for (a grade, a kind of pain) count neither way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from engine.api import SURE_FROM, Entity
from engine.diagnosis.crosswalk import Crosswalk
from engine.diagnosis.ontology import Ontology
from engine.evaluation.found import CHECKOUT_DATA
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.index import KnowledgeIndex

FILE_NAME = "chinese_findings.jsonl"
INDEPENDENT = "chinese_independent.jsonl"
AIM_F1 = 0.80


class Reads(Protocol):
    """What is measured: `engine.text.entities.TextReader`."""

    def read(self, text: str) -> list[Entity]: ...


class HasReader(Protocol):
    """The engine, as far as this measurement needs it."""

    @property
    def reader(self) -> Reads: ...


class HasReaderAndIndex(HasReader, Protocol):
    """The same, with the tables."""

    @property
    def index(self) -> KnowledgeIndex: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with the patient's own findings, present and denied. `half` is dev or held by a seeded rule."""

    id: str
    half: Literal["dev", "held"]
    text: str
    present: list[str]
    absent: list[str]


@dataclass(frozen=True, slots=True)
class OpenSentence:
    """A sentence of the independent set: for each finding the terms of which one is enough; `optional` are neutral."""

    id: str
    half: Literal["dev", "held"]
    text: str
    present: list[list[str]]
    absent: list[list[str]]
    optional: list[str]


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


def evaluate(engine: HasReaderAndIndex, data_dir: Path | None) -> MetricTable:
    """Return F1 of both halves of both sets. Raises FileNotFoundError when the folder does not hold the sentences."""
    folder = data_dir or CHECKOUT_DATA
    sentences = load_sentences(folder / FILE_NAME)
    independent = load_independent(folder / INDEPENDENT)
    terms = asked_terms(engine.index)
    metrics: list[Metric] = []
    for half in ("dev", "held"):
        chosen = [sentence for sentence in sentences if sentence.half == half]
        metrics += _figures(count(engine.reader, chosen), f"{half} half", len(chosen))
    for half in ("dev", "held"):
        open_ones = [sentence for sentence in independent if sentence.half == half]
        metrics += _figures(count_open(engine.reader, open_ones, terms), f"independent, {half} half", len(open_ones))
    notes = ["A finding counts with its polarity: present where the text denies it is both an extra and a miss."]
    return MetricTable("Findings in Chinese sentences", metrics, notes)


def _figures(counts: Counts, name: str, n: int) -> list[Metric]:
    return [
        Metric(f"F1, {name}", counts.f1, n, aim=AIM_F1),
        Metric(f"precision, {name}", counts.precision, n),
        Metric(f"recall, {name}", counts.recall, n),
    ]


def asked_terms(index: KnowledgeIndex) -> dict[str, str]:
    """Return the HPO term that each DDXPlus question asks for."""
    ontology = Ontology.load(index)
    return {code: ontology.code(term) for code, term in Crosswalk.load(index).terms.items()}


def load_independent(path: Path) -> list[OpenSentence]:
    """Return every sentence of the independent set."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [msgspec.convert(json.loads(line), OpenSentence) for line in lines]


def count_open(reader: Reads, sentences: Iterable[OpenSentence], terms: Mapping[str, str]) -> Counts:
    """Return the counts over sentences of the independent set; `terms` gives the HPO term of a DDXPlus code."""
    hits = extra = missed = 0
    for sentence in sentences:
        gold = [(frozenset(codes), True) for codes in sentence.present]
        gold += [(frozenset(codes), False) for codes in sentence.absent]
        met: set[int] = set()
        beside: set[tuple[frozenset[str], bool]] = set()
        for codes, present in _spoken(reader.read(sentence.text), terms):
            places = {n for n, (wanted, polarity) in enumerate(gold) if polarity == present and codes & wanted}
            met |= places
            if not places and not codes & set(sentence.optional):
                beside.add((codes, present))
        hits, extra, missed = hits + len(met), extra + len(beside), missed + len(gold) - len(met)
    return Counts(hits, extra, missed)


def _spoken(entities: Iterable[Entity], terms: Mapping[str, str]) -> list[tuple[frozenset[str], bool]]:
    """Return the patient's findings, one for each span and polarity, as HPO terms."""
    groups: dict[tuple[int, int, bool], set[str]] = {}
    for entity in entities:
        is_finding = entity.subject == "patient" and entity.label in ("symptom", "phenotype")
        code = terms.get(entity.code or "", entity.code or "")
        if is_finding and code.startswith("HP:") and (entity.score is None or entity.score >= SURE_FROM):
            groups.setdefault((entity.start, entity.end, entity.negated), set()).add(code)
    return [(frozenset(codes), not negated) for (_, _, negated), codes in groups.items()]


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
