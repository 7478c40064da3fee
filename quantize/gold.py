"""Texts whose right answer a person wrote down: what taggers, classifiers and answering models are measured against.

One JSON object a line. Places count characters from 0, the end is the first one behind.

    {"text": "Fever since Monday.", "label": "influenza", "cant_miss": false}
    {"text": "Fever since Monday.", "entities": [{"start": 0, "end": 5, "label": "Disease"}]}
    {"question": "Since when?", "passage": "Fever since Monday.", "answers": [{"start": 12, "end": 18}]}

`answers` is empty where the passage does not say; where it says so in several places, each of them is right. Files that
a model learned from prove nothing about it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from engine import errors
from engine.runtime.onnx_head import Label

MAX_LINES = 100_000
NOTHING = "O"
"""The label of a token that belongs to no entity."""
Place = tuple[int, int]
Found = set[tuple[str, int, int]]
"""Entities as (label, start, end)."""


@dataclass(frozen=True, slots=True)
class Span:
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=1)]
    label: str = ""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """`cant_miss`: a disease that must not be overlooked."""

    text: str
    label: str
    cant_miss: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    text: str
    entities: list[Span]

    @property
    def spans(self) -> Found:
        return {(each.label, each.start, each.end) for each in self.entities}


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    question: str
    passage: str
    answers: list[Span]


Line = TypeVar("Line", LabelledText, MarkedText, AnsweredQuestion)


def read(path: Path, kind: type[Line], most: int) -> list[Line]:
    """Return at most so many lines. Raises BadRequest with the number of a line that is not as above."""
    found: list[Line] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            if len(found) == min(most, MAX_LINES):
                break
            try:
                found.append(msgspec.json.decode(line, type=kind))
                _check_places(found[-1])
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as refused:
                raise errors.BadRequest(f"{path.name}, line {number}: {refused}") from refused
    if not found:
        raise errors.BadRequest(f"{path.name} has no lines")
    return found


def _check_places(line: LabelledText | MarkedText | AnsweredQuestion) -> None:
    match line:
        case MarkedText():
            text, spans = line.text, line.entities
        case AnsweredQuestion():
            text, spans = line.passage, line.answers
        case _:
            return
    if any(not span.start < span.end <= len(text) for span in spans):
        raise ValueError("a place outside the text")


def entities_of(tokens: Sequence[Label], text: str) -> Found:
    """Return the entities that token labels mean: B- begins one, I- goes on, and so does a plain label that repeats.

    Word pieces without a space between them are one word: its later pieces go on whatever their mark is.
    """
    found: Found = set()
    kind, start, end = "", 0, 0
    for token in tokens:
        mark, _, name = token.name.rpartition("-")
        name = "" if token.name == NOTHING else name
        inside_word = bool(kind) and token.start == end and text[token.start - 1 : token.start + 1].isalnum()
        goes_on = name == kind and (mark not in ("B", "S", "U") or inside_word)
        if kind and not goes_on:
            found.add((kind, start, end))
        if not goes_on:
            start = token.start
        kind, end = name, token.end
    if kind:
        found.add((kind, start, end))
    return found


def check_labels(given: set[str], known: Collection[str], name: str) -> None:
    """Raise BadRequest where a right label is none of the model's: it could never be found."""
    if unknown := sorted(given - set(known)):
        raise errors.BadRequest(f"{name} has the label {unknown[0]!a}; the model knows {', '.join(sorted(known)[:8])}")


def is_right(place: Place | None, line: AnsweredQuestion) -> bool:
    """Whether exactly one of the right places was found, or rightly none."""
    right = {(span.start, span.end) for span in line.answers}
    return place in right if right else place is None


def f1(pairs: Sequence[tuple[Found, Found]]) -> float:
    """Return F1 over all (found, gold) pairs of exact spans with their labels; NaN where neither has any."""
    hits = sum(len(found & gold) for found, gold in pairs)
    both = sum(len(found) + len(gold) for found, gold in pairs)
    return 2 * hits / both if both else float("nan")
