"""The part of a narrative that is worth a language model's time: the sentences in which findings are told.

A language model reads the case once for each candidate, so each sentence is paid for many times. Sentences are taken
by how many findings they tell for their length, those that tell none last, and stand in the order of the narrative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.api import Entity

_END = re.compile(r"(?<=[.;!?])\s+|(?<=[。；！？])|[\r\n]+")
_FINDINGS = ("symptom", "phenotype", "disease", "test")


def digest(text: str, entities: Sequence[Entity], most_chars: int) -> str:
    """Return at most `most_chars` characters of `text`: all of it, else its sentences that tell most findings."""
    whole = text.strip()
    if len(whole) <= most_chars:
        return whole
    parts = list(_sentences(text))
    told = [_told(entities, start, end) / (end - start) for start, end in parts]
    chosen: list[int] = []
    left = most_chars
    for number in sorted(range(len(parts)), key=lambda number: -told[number]):
        length = parts[number][1] - parts[number][0] + 1
        if length <= left:
            chosen.append(number)
            left -= length
    return " ".join(text[slice(*parts[number])].strip() for number in sorted(chosen)) or whole[:most_chars]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in [*_END.finditer(text), None]:
        end = boundary.end() if boundary else len(text)
        if text[start:end].strip():
            yield start, end
        start = end


def _told(entities: Sequence[Entity], start: int, end: int) -> int:
    """Return how many different findings of the patient begin between two places of the text."""
    return len(
        {
            entity.code or entity.text.lower()
            for entity in entities
            if start <= entity.start < end
            and entity.label in _FINDINGS
            and entity.subject == "patient"
            and not entity.negated
        }
    )
