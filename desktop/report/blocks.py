"""The building blocks of a report: frozen, without layout, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.words import Language


class Tone(StrEnum):
    """How a text stands on paper. Each tone is also said in words, for printers without colour."""

    NORMAL = "normal"
    MUTED = "muted"
    DANGER = "danger"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph. `struck` texts are printed, with a line through them."""

    text: str
    tone: Tone = Tone.NORMAL
    struck: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value, such as the vital signs; `in_line` sets short ones one after the other."""

    pairs: tuple[tuple[str, str], ...]
    in_line: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; a cell is one or more paragraphs. The header repeats on every page."""

    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Text, ...], ...], ...]
    widths_percent: tuple[int, ...]


Block = Heading | Text | Bullets | Facts | Table


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is printed. `draft_mark` is empty once the report is signed.

    `header` and `footer` are repeated on every page; the renderer adds "page n of m".
    """

    language: Language
    title: str
    header: str
    footer: str
    draft_mark: str
    page_word: str
    """"Page %1 of %2" in the language of the report."""
    blocks: tuple[Block, ...]
    large: bool = False
    """Set in larger letters: for patients."""
