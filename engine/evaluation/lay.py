"""Measure findings read from everyday speech, English and Chinese.

Two columns. The narratives were written for this purpose by the authors of the patterns, before the patterns but with
the same head, so that figure flatters. The other is independent: conversations of MTS-Dialog, where the findings that a
clinician's note asserts are looked for in what the patient alone says. Its ceiling is well below one, because a patient
often only answers "yes", and its notes are read by the same dictionaries.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.api import Entity
from engine.evaluation.chinese import HasReader
from engine.evaluation.found import CHECKOUT_DATA
from engine.evaluation.table import Metric, MetricTable

FILE_NAME = "lay_narratives.jsonl"
DIALOGUES = ("train.csv", "validation.csv")
SECTIONS = frozenset({"GENHX", "CC", "ROS", "EDCOURSE"})
SPEAKERS = ("patient", "guest")
_COMPLAINTS = ("symptom", "phenotype")


@dataclass(frozen=True, slots=True)
class Narrative:
    """What a person says, with its findings; each is a list of codes of which one is enough."""

    id: str
    text: str
    present: list[list[str]]
    absent: list[list[str]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The section of a note, and what the patient said."""

    note: str
    said: str


def evaluate(engine: HasReader, data_dir: Path | None) -> MetricTable:
    """Return recall by language, and over the dialogues where `data_dir` has them. Raises FileNotFoundError."""
    folder = data_dir or CHECKOUT_DATA
    found = [*folder.glob(FILE_NAME), *CHECKOUT_DATA.glob(FILE_NAME)]
    if not found:
        raise FileNotFoundError(f"no {FILE_NAME} in {folder}")
    narratives = load_narratives(found[0])
    metrics: list[Metric] = []
    for language, name in (("en", "English"), ("zh", "Chinese")):
        chosen = [each for each in narratives if each.id.startswith(language)]
        hits, wanted, beside = _count(engine, chosen)
        metrics += [
            Metric(f"recall, {name} narratives (same authors)", hits / max(wanted, 1), len(chosen)),
            Metric(f"findings beside the wanted ones, {name}", beside / max(len(chosen), 1), len(chosen), unit="each"),
        ]
    dialogues = list(load_conversations(folder))
    if dialogues:
        hits, wanted = _heard(engine, dialogues)
        metrics.append(Metric("recall, patients' own words in MTS-Dialog", hits / max(wanted, 1), len(dialogues)))
    return MetricTable("Findings in everyday speech", metrics)


def load_narratives(path: Path) -> list[Narrative]:
    """Return every narrative of a JSON-lines file."""
    return [msgspec.convert(json.loads(line), Narrative) for line in path.read_text(encoding="utf-8").splitlines()]


def load_conversations(data_dir: Path) -> Iterator[Conversation]:
    """Yield the conversations about complaints under `data_dir`; none where there are no such files."""
    for folder in (data_dir, data_dir / "mts_dialog", data_dir / "ship" / "mts_dialog"):
        for name in DIALOGUES:
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8", newline="") as rows:
                    for row in csv.DictReader(rows):
                        if row["section_header"] in SECTIONS:
                            yield Conversation(row["section_text"], _said(row["dialogue"]))


def _said(dialogue: str) -> str:
    turns = (line.partition(":") for line in dialogue.splitlines())
    return " ".join(words.strip() for who, _, words in turns if who.strip().lower().startswith(SPEAKERS))


def _count(engine: HasReader, narratives: Iterable[Narrative]) -> tuple[int, int, int]:
    """Return how many findings were found, how many were wanted, and how many others were read."""
    hits = wanted = beside = 0
    for narrative in narratives:
        own = [entity for entity in engine.reader.read(narrative.text) if _is_complaint(entity)]
        present = {entity.code for entity in own if not entity.negated}
        absent = {entity.code for entity in own if entity.negated}
        hits += sum(not present.isdisjoint(codes) for codes in narrative.present)
        hits += sum(not absent.isdisjoint(codes) for codes in narrative.absent)
        wanted += len(narrative.present) + len(narrative.absent)
        known = {code for codes in [*narrative.present, *narrative.absent] for code in codes}
        explained = {entity.start for entity in own if entity.code in known}
        beside += len({entity.start for entity in own if entity.start not in explained})
    return hits, wanted, beside


def _heard(engine: HasReader, conversations: Iterable[Conversation]) -> tuple[int, int]:
    """Return how many of the findings that the notes assert the patient's words gave, and how many there are."""
    hits = wanted = 0
    for each in conversations:
        noted = {entity.code for entity in engine.reader.read(each.note) if _is_asserted(entity)}
        heard = {entity.code for entity in engine.reader.read(each.said) if _is_asserted(entity)}
        hits += len(noted & heard)
        wanted += len(noted)
    return hits, wanted


def _is_complaint(entity: Entity) -> bool:
    return entity.code is not None and entity.subject == "patient" and entity.label in _COMPLAINTS


def _is_asserted(entity: Entity) -> bool:
    return _is_complaint(entity) and not entity.negated and entity.time is None
