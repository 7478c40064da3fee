"""Measure what is suggested for phrases that the dictionaries may not know: Chinese, and other languages.

The Chinese phrases come from a public list of symptom names that nobody looked at while the lexicon was written, those
in other languages were written for this; each carries the HPO terms that a clinician would accept. Clauses of no
finding stand beside them. The thresholds of the multilingual encoder were read off these very phrases.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from engine.api import SURE_FROM, Entity
from engine.evaluation.chinese import asked_terms
from engine.evaluation.found import CHECKOUT_DATA
from engine.evaluation.table import Metric, MetricTable
from engine.knowledge.index import KnowledgeIndex

FILE_NAME = "unread_phrases.jsonl"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase; `codes` are the HPO terms of which one is right, none where it is no finding."""

    text: str
    tongue: Literal["chinese", "other"]
    codes: list[str]


class Suggests(Protocol):
    """What is measured: `engine.text.entities.TextReader`."""

    def read(self, text: str, *, suggest: bool = False) -> list[Entity]: ...


class HasReaderAndIndex(Protocol):
    """The engine, as far as this measurement needs it."""

    @property
    def reader(self) -> Suggests: ...
    @property
    def index(self) -> KnowledgeIndex: ...


def evaluate(engine: HasReaderAndIndex, data_dir: Path | None) -> MetricTable:
    """Return recall with and without suggestions, and what is suggested wrongly. Raises FileNotFoundError."""
    lines = ((data_dir or CHECKOUT_DATA) / FILE_NAME).read_text(encoding="utf-8").splitlines()
    phrases = [msgspec.convert(json.loads(line), Phrase) for line in lines]
    terms = asked_terms(engine.index)
    metrics: list[Metric] = []
    for tongue in ("chinese", "other"):
        chosen = [phrase for phrase in phrases if phrase.tongue == tongue]
        metrics += _measured(engine.reader, chosen, terms, "other languages" if tongue == "other" else "Chinese")
    return MetricTable("Phrases that no dictionary may know", metrics)


def _measured(reader: Suggests, phrases: list[Phrase], terms: dict[str, str], name: str) -> list[Metric]:
    read = suggested = right = beside = 0
    findings = [phrase for phrase in phrases if phrase.codes]
    for phrase in phrases:
        found = [each for each in reader.read(phrase.text, suggest=True) if each.code and each.label != "test"]
        sure = {terms.get(str(each.code), str(each.code)) for each in found if (each.score or 1) >= SURE_FROM}
        guessed = {terms.get(str(each.code), str(each.code)) for each in found if (each.score or 1) < SURE_FROM}
        beside += not phrase.codes and bool(sure | guessed)
        if phrase.codes:
            read += bool(sure & set(phrase.codes))
            suggested += bool(guessed)
            right += not sure & set(phrase.codes) and bool(guessed & set(phrase.codes))
    others = len(phrases) - len(findings)
    return [
        Metric(f"read rightly by the dictionaries, {name}", read / len(findings), len(findings)),
        Metric(f"read or suggested rightly, {name}", (read + right) / len(findings), len(findings)),
        Metric(f"share of suggestions that are right, {name}", right / max(suggested, 1), suggested),
        Metric(f"clauses of no finding with a finding or suggestion, {name}", beside / max(others, 1), others),
    ]
