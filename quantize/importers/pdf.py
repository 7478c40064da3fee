"""PDF: one document for each page, with the text that the file itself holds.

A page without text is a picture of text; no recognition is tried, and such pages are named.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from engine.treatment.library import Document
from quantize.importers.source import Source, Unreadable, few, file_date, numbered

MAX_PAGES = 50_000
_KIND = "reference"


def read(path: Path) -> Source:
    """Return the pages of a PDF. Raises Unreadable for a damaged, locked or wholly scanned file."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns about every small flaw of a file
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{path.name}: locked with a password; save a copy without one")
        pages = len(reader.pages)
        title = _title(reader) or path.stem
        date = _date(reader) or file_date(path)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as damaged:
        raise Unreadable(f"{path.name}: not a PDF that can be read ({type(damaged).__name__})") from damaged
    if pages > MAX_PAGES:
        raise Unreadable(f"{path.name}: {pages} pages; at most {MAX_PAGES} are read, split the file")
    source = Source(title, date, (), path.name)
    source.documents = numbered(_pages(reader, pages, title, path, source))
    return source


def _pages(reader: PdfReader, pages: int, title: str, path: Path, source: Source) -> Iterator[Document]:
    empty: list[str] = []
    broken: list[str] = []
    for number in range(1, pages + 1):
        try:
            text = reader.pages[number - 1].extract_text()
        except Exception:  # noqa: BLE001 - a page can fail in any way inside the parser; it is named, the rest is read
            broken.append(str(number))
            continue
        if text.strip():
            yield Document(0, title, _KIND, text.encode("utf-8", "replace").decode(), (), f"page {number}")
        else:
            empty.append(str(number))
    if len(empty) + len(broken) == pages:
        raise Unreadable(
            f"{path.name}: none of its {pages} pages holds text, so it is a scan; run text recognition (OCR) first")
    if empty:
        source.left_out.append(f"{path.name}: {len(empty)} of {pages} pages hold no text (scanned): {few(empty)}")
    if broken:
        source.left_out.append(f"{path.name}: {len(broken)} of {pages} pages could not be read: {few(broken)}")


def _title(reader: PdfReader) -> str:
    title = reader.metadata.title if reader.metadata else None
    return " ".join(str(title).split())[:200] if title else ""


def _date(reader: PdfReader) -> str:
    try:
        made = (reader.metadata.modification_date or reader.metadata.creation_date) if reader.metadata else None
    except (ValueError, TypeError):  # dates are free text in many files
        return ""
    return made.date().isoformat() if made else ""
