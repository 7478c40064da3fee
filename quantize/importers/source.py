"""What every importer gives: one source with its documents, and what was left out, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from engine import errors
from engine.treatment.library import Document

Say = Callable[[str], None]
MAX_FILE_BYTES = 8 << 30


class Unreadable(errors.InputError):
    """A file that holds nothing an importer can use; the detail says why and what to do."""

    code = "reference_unreadable"


@dataclass(slots=True)
class Source:
    """One file or archive. `left_out` grows while `documents` is read: complete only after the last document."""

    title: str
    date: str
    documents: Iterable[Document]
    address: str = ""
    edition: str = ""
    left_out: list[str] = field(default_factory=list)


def file_date(path: Path) -> str:
    """Return the day a file was last written, for sources that carry no date themselves."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def numbered(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the documents that have any text, numbered in order."""
    number = 0
    for document in documents:
        if document.text.strip():
            yield replace(document, number=number)
            number += 1


def few(items: list[str], most: int = 8) -> str:
    """Return a list in words, cut where it is long, with the count."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")
