"""Markdown and plain text: one document for each section, its characters unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.treatment.library import Document
from quantize.importers.html import decoded
from quantize.importers.source import Source, Unreadable, file_date, numbered

_HEADING = re.compile(r"^(#{1,3})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")


def read(path: Path) -> Source:
    """Return the sections of a Markdown or text file. Raises Unreadable when it holds no text."""
    sections = list(_sections(decoded(path.read_bytes())))
    title = next((heading for heading, _ in sections if heading), "") or path.stem
    documents = list(numbered(
        Document(0, title if heading in ("", title) else f"{title}: {heading}", "reference", text, (), heading or title)
        for heading, text in sections))
    if not documents:
        raise Unreadable(f"{path.name}: a file without any text")
    return Source(title, file_date(path), documents, path.name)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading with the lines under it; a sign inside a fenced block is no heading."""
    lines: list[str] = []
    heading, fenced = "", False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _HEADING.match(line)
        if found:
            yield heading, "\n".join(lines).strip()
            heading, lines = found.group(2), []
        else:
            lines.append(line)
    yield heading, "\n".join(lines).strip()
