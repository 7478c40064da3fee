"""HTML: visible text by section, with the headings as titles. Scripts, styles and navigation are dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from engine.treatment.library import Document
from quantize.importers.source import Source, Unreadable, file_date, numbered

_DROPPED = frozenset(
    ["script", "style", "nav", "noscript", "template", "svg", "iframe", "object", "head", "form", "button"]
)
_HEADINGS = frozenset(["h1", "h2", "h3"])
_BLOCKS = frozenset(
    [
        "p", "div", "section", "article", "li", "tr", "table", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "br",
        "hr", "header", "footer", "main", "h4", "h5", "h6", "figcaption",
    ]
)
_VOID = frozenset(
    ["br", "hr", "img", "meta", "link", "input", "wbr", "source", "area", "base", "col", "embed", "track"]
)
_DATES = frozenset(
    ["date", "dcterms.modified", "dcterms.date", "article:modified_time", "article:published_time", "last-modified"]
)
MAX_CHARS = 40_000_000


@dataclass(slots=True)
class Section:
    """Text under one heading."""

    heading: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line)


class Page(HTMLParser):
    """Collects title, address, date and sections of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.address = self.date = ""
        self.sections = [Section("")]
        self._dropped: list[str] = []
        self._into: list[str] | None = None
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("rel", "").lower() == "canonical":
            self.address = given.get("href", "")
        elif tag == "meta" and (given.get("name") or given.get("property") or "").lower() in _DATES:
            self.date = self.date or given.get("content", "")[:10]
        elif tag == "title":
            self._collect(tag)
        elif tag in _DROPPED and tag not in _VOID:
            self._dropped.append(tag)
        elif not self._dropped and tag in _HEADINGS:
            self._collect(tag)
        elif not self._dropped and tag in _BLOCKS:
            self.sections[-1].parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open and self._into is not None:
            self._close(" ".join("".join(self._into).split()))
        elif tag in self._dropped:
            del self._dropped[self._dropped.index(tag):]
        elif not self._dropped and tag in _BLOCKS:
            self.sections[-1].parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)
        elif not self._dropped:
            self.sections[-1].parts.append(data)

    def _collect(self, tag: str) -> None:
        self._into, self._open = [], tag

    def _close(self, text: str) -> None:
        if self._open == "title":
            self.title = self.title or text
        elif text:
            self.sections.append(Section(text))
        self._into, self._open = None, ""


def read_page(markup: str) -> Page:
    """Return what one page says."""
    page = Page()
    page.feed(markup[:MAX_CHARS])
    page.close()
    return page


def read(path: Path) -> Source:
    """Return the sections of an HTML file. Raises Unreadable when it holds no text."""
    page = read_page(decoded(path.read_bytes()))
    title = page.title or next((section.heading for section in page.sections if section.heading), "") or path.stem
    documents = list(numbered(page_documents(page, title)))
    if not documents:
        raise Unreadable(f"{path.name}: an HTML file without any text")
    return Source(title, page.date or file_date(path), documents, page.address or path.name)


def page_documents(page: Page, title: str, kind: str = "reference") -> Iterator[Document]:
    """Yield one document for each section that has text."""
    for section in page.sections:
        if section.text:
            focus = title if section.heading in ("", title) else f"{title}: {section.heading}"
            yield Document(0, focus, kind, section.text, (), section.heading or title, page.address)


def decoded(data: bytes) -> str:
    """Return text in UTF-8, or in the encodings old Chinese and Western pages use; what fits nowhere is marked."""
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
