"""Lantern's own condition rows: what each looks like, as facts with the document they were read from.

A row names findings in three classes (hallmarks, common, risks), what speaks against it, whom it meets and how it
begins. Rows that were read from MedQuAD also carry sentences of those answers, which are shipped unaltered.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from engine.diagnosis.condition_names import loose

MOST_PASSAGES = 10
_LONGEST_PASSAGE_CHARS = 200
_SHORTEST_PASSAGE_CHARS = 15
_BOUNDARY = re.compile(r"(?<=[.:])\s+|\s+-\s+")
_NOT_PROSE = "Human Phenotype Ontology"
"""Answers that only list annotation terms say nothing that the phenotype tables do not say."""


class Kind(IntEnum):
    """What a phrase of a condition is; the order is kept in the compiled index."""

    HALLMARK = 0
    COMMON = 1
    RISK = 2
    PASSAGE = 3
    NAME = 4


@dataclass(frozen=True, slots=True)
class Condition:
    """One row. `typical_ages` are years; `serious` 3 is life-threatening; `frequency` 5 is an everyday complaint."""

    code: str
    name: str
    zh: str
    also: tuple[str, ...]
    sex: Literal["any", "female", "male", "mostly female", "mostly male"]
    typical_ages: tuple[int, int]
    course: Literal["sudden", "acute", "subacute", "chronic", "episodic"]
    hallmarks: tuple[str, ...]
    common: tuple[str, ...]
    risks: tuple[str, ...]
    against: tuple[str, ...]
    serious: Annotated[int, msgspec.Meta(ge=1, le=3)]
    frequency: Annotated[int, msgspec.Meta(ge=1, le=5)]
    sources: tuple[str, ...]
    read: tuple[str, ...] = ()
    """The names under which the answers stand in MedQuAD."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase about condition number `owner`."""

    text: str
    owner: int
    kind: Kind


def read_conditions(folder: Path) -> tuple[Condition, ...]:
    """Return every row, in the order of files and lines. Raises ValueError for a code used twice or no source."""
    known = set(json.loads((folder / "sources.json").read_text(encoding="utf-8")))
    rows: list[Condition] = []
    for path in sorted(folder.glob("*.json")):
        if path.name != "sources.json":
            rows += msgspec.json.decode(path.read_bytes(), type=list[Condition])
    codes = [row.code for row in rows]
    if len(set(codes)) != len(codes):
        raise ValueError(f"a condition code is used twice: {sorted({code for code in codes if codes.count(code) > 1})}")
    for row in rows:
        if not row.sources or not known.issuperset(row.sources):
            raise ValueError(f"{row.code} names no known source")
    return tuple(rows)


def phrases(conditions: Sequence[Condition], medquad: Path) -> list[Phrase]:
    """Return all phrases of all conditions, condition by condition."""
    answers = _answers(medquad)
    return [phrase for number, row in enumerate(conditions) for phrase in _phrases(number, row, answers)]


def _phrases(number: int, row: Condition, answers: Mapping[str, list[dict[str, str]]]) -> Iterator[Phrase]:
    for kind, texts in (
        (Kind.HALLMARK, row.hallmarks),
        (Kind.COMMON, row.common),
        (Kind.RISK, row.risks),
        (Kind.PASSAGE, _passages(row, answers)),
        (Kind.NAME, (row.name,)),
    ):
        for text in texts:
            yield Phrase(text, number, kind)


def _passages(row: Condition, answers: Mapping[str, list[dict[str, str]]]) -> list[str]:
    """Return the first sentences of what MedQuAD says about the symptoms, else of what it is."""
    found = next((hits for name in row.read if (hits := answers.get(loose(name)))), [])
    symptoms = [hit["answer"] for hit in found if hit["qtype"] == "symptoms" and _NOT_PROSE not in hit["answer"][:400]]
    told = symptoms[:2] or [hit["answer"] for hit in found if hit["qtype"] == "information"][:1]
    sentences = [part.strip() for part in _BOUNDARY.split(re.sub(r"\s+", " ", " ".join(told)))]
    return [part for part in sentences if _SHORTEST_PASSAGE_CHARS < len(part) < _LONGEST_PASSAGE_CHARS][:MOST_PASSAGES]


def _answers(medquad: Path) -> Mapping[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(medquad, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for name in {loose(row["focus"]), *(loose(other) for other in row["synonyms"])}:
                found[name].append(row)
    return found


def document(condition: Condition, own: Sequence[Phrase]) -> str:
    """Return the condition as one short text, for comparison with a whole case."""
    told = [phrase.text for phrase in own if phrase.kind in (Kind.HALLMARK, Kind.COMMON)]
    passages = [phrase.text for phrase in own if phrase.kind is Kind.PASSAGE][:6]
    return " ".join([f"{condition.name}.", *(f"{text}." for text in told), *passages])[:900]
