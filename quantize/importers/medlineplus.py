"""MedlinePlus health topics in XML, as the National Library of Medicine publishes them weekly.

Source: "MedlinePlus XML files", medlineplus.gov/xml.html. A topic's summary is HTML inside the XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from engine.treatment.library import Document
from quantize.importers.html import read_page
from quantize.importers.source import Source, Unreadable, file_date, numbered

LANGUAGES = ("English", "Chinese, Simplified", "Chinese")


def read(path: Path) -> Source:
    """Return the topics of one file. Raises Unreadable for XML of another kind or damaged XML."""
    source = Source("MedlinePlus", "", (), "https://medlineplus.gov")
    source.date, source.edition = _made(path)
    source.documents = numbered(_topics(path, source))
    return source


def _made(path: Path) -> tuple[str, str]:
    """Return the day the file was generated and the total it announces."""
    try:
        for _, element in ElementTree.iterparse(path, events=("start",)):
            if element.tag != "health-topics":
                break
            total, day = element.get("total", ""), element.get("date-generated", "")
            return _iso(day) or file_date(path), f"{total} topics" if total else ""
    except ElementTree.ParseError as damaged:
        raise Unreadable(f"{path.name}: damaged XML ({damaged})") from damaged
    raise Unreadable(f"{path.name}: XML, but not MedlinePlus health topics")


def _topics(path: Path, source: Source) -> Iterator[Document]:
    skipped = 0
    try:
        for _, element in ElementTree.iterparse(path, events=("end",)):
            if element.tag != "health-topic":
                continue
            if element.get("language", "English") in LANGUAGES:
                yield _topic(element)
            else:
                skipped += 1
            element.clear()
    except ElementTree.ParseError as damaged:
        raise Unreadable(f"{path.name}: damaged XML ({damaged})") from damaged
    if skipped:
        source.left_out.append(f"{path.name}: {skipped} topics in other languages than English and Chinese")


def _topic(element: ElementTree.Element) -> Document:
    names = tuple(name.text.strip() for name in element.iter("also-called") if name.text)
    page = read_page(element.findtext("full-summary") or "")
    text = "\n".join(part for section in page.sections for part in (section.heading, section.text) if part)
    title = element.get("title", "")
    made = _iso(element.get("date-created", ""))
    place = f"topic {element.get('id', '')}" + (f", created {made}" if made else "")
    return Document(0, title, "information", text, names, place, element.get("url", ""))


def _iso(day: str) -> str:
    """Return ``11/22/2026 02:30:02`` as ``2026-11-22``; empty for anything else."""
    parts = day.split(" ")[0].split("/")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return ""
    month, date, year = parts
    return f"{year}-{int(month):02d}-{int(date):02d}"
