"""A library: documents cut into passages, with full text and vectors, in the tables of one SQLite file.

MedQuAD and the option rows lie in such tables inside the knowledge index; a clinic's own pack is a file of its own with
the same tables. Each document is stored once, compressed and unchanged; a passage is a span of characters in it, so an
offset is exact by construction. Writer and reader stand side by side here, and nothing in a text is ever executed.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine import errors

FORMAT = 1
LONGEST_PASSAGE_CHARS = 1400
LONGEST_RUN_CHARS = 4 * LONGEST_PASSAGE_CHARS
"""A text without a sentence's end for so long is no prose (a table, a scan) and is cut at blanks."""
MAX_DOCUMENT_CHARS = 4_000_000
BLOCK = 512
"""Vectors that are compared at a time."""
Matrix = npt.NDArray[np.int8]

SCHEMA = """
CREATE TABLE library_collection (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, title TEXT NOT NULL, edition TEXT NOT NULL, date TEXT NOT NULL,
    address TEXT NOT NULL, licence TEXT NOT NULL) STRICT;
CREATE TABLE library_document (
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, number INTEGER NOT NULL, focus TEXT NOT NULL,
    kind TEXT NOT NULL, place TEXT NOT NULL, address TEXT NOT NULL, packed BLOB NOT NULL) STRICT;
CREATE TABLE library_passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT;
CREATE TABLE library_vectors (
    id INTEGER PRIMARY KEY, dimensions INTEGER NOT NULL, encoder TEXT NOT NULL, data BLOB NOT NULL) STRICT;
CREATE VIRTUAL TABLE library_search USING fts5(
    focus, synonyms, kind, body, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_PARAGRAPH = re.compile(r"\n\s*\n|(?<=[.!?])\s+(?=[A-Z\-])|(?<=[。！？；])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_VECTOR_CHARS = 160


@dataclass(frozen=True, slots=True)
class Collection:
    """Where documents come from: one site, one book, one file of a clinic. `key` opens the ids of its passages."""

    key: str
    title: str
    edition: str
    date: str
    address: str
    licence: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `number` is its place in its collection, `place` says where it stands there ("page 12")."""

    number: int
    focus: str
    kind: str
    text: str
    synonyms: tuple[str, ...] = field(default=())
    place: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with its document and collection, as the tables hold it."""

    start: int
    stop: int
    text: str
    document: Document
    collection: Collection


class LibraryWriter:
    """Writes documents into the tables of one connection; `close` makes them searchable."""

    def __init__(self, tables: sqlite3.Connection, *, one_vector_each: bool = False) -> None:
        """`one_vector_each` gives a vector to each document's first passage only; the others share its title."""
        self._tables, self._one_vector_each = tables, one_vector_each
        tables.executescript(SCHEMA)
        self._collections = self._documents = self.passages = 0
        self.vector_texts: list[str] = []
        """What the encoder reads of each passage, in the order of their ids; empty for one that gets no vector."""

    def add(self, collection: Collection, documents: Iterable[Document]) -> Iterator[int]:
        """Write each document and yield the number of passages so far. Raises TooLarge for one beyond the limit."""
        self._collections += 1
        self._tables.execute("INSERT INTO library_collection VALUES (?,?,?,?,?,?,?)", (
            self._collections, collection.key, collection.title, collection.edition, collection.date,
            collection.address, collection.licence))
        for document in documents:
            if len(document.text) > MAX_DOCUMENT_CHARS:
                raise errors.TooLarge(f"a document of {len(document.text)} characters")
            self._write(document)
            yield self.passages

    def _write(self, document: Document) -> None:
        self._documents += 1
        packed = zlib.compress(document.text.encode("utf-8", "surrogatepass"), 9)
        self._tables.execute("INSERT INTO library_document VALUES (?,?,?,?,?,?,?,?)", (
            self._documents, self._collections, document.number, document.focus, document.kind, document.place,
            document.address, packed))
        for place, (start, stop) in enumerate(passage_spans(document.text)):
            self.passages += 1
            body = document.text[start:stop]
            self._tables.execute(
                "INSERT INTO library_passage VALUES (?,?,?,?)", (self.passages, self._documents, start, stop))
            self._tables.execute(
                "INSERT INTO library_search (rowid, focus, synonyms, kind, body) VALUES (?,?,?,?,?)",
                (self.passages, spaced(document.focus), spaced(" ; ".join(document.synonyms)), document.kind,
                 spaced(body)))
            silent = place > 0 and self._one_vector_each
            self.vector_texts.append("" if silent else vector_text(document.focus, document.kind, body))

    @contextmanager
    def undone_on_error(self, kind: type[Exception]) -> Iterator[None]:
        """Take back what was added inside when an error of `kind` comes out; the error goes on."""
        before = (self._collections, self._documents, self.passages)
        self._tables.execute("SAVEPOINT part")
        try:
            yield
        except kind:
            self._tables.execute("ROLLBACK TO part")
            self._collections, self._documents, self.passages = before
            del self.vector_texts[self.passages :]
            raise
        finally:
            self._tables.execute("RELEASE part")

    def put_vectors(self, vectors: Matrix, encoder: str) -> None:
        """Store one vector for each passage, in the order of their ids; zeros where a passage has none."""
        if len(vectors) != self.passages:
            raise ValueError(f"{len(vectors)} vectors for {self.passages} passages")
        self._tables.execute("INSERT INTO library_vectors VALUES (1,?,?,?)",
                             (vectors.shape[1], encoder, np.ascontiguousarray(vectors, dtype=np.int8).tobytes()))

    def close(self) -> None:
        """Pack the full text together."""
        self._tables.execute("INSERT INTO library_search (library_search) VALUES ('optimize')")


class Library:
    """Reads the tables of one connection. `name` tells libraries apart in a result."""

    def __init__(self, tables: sqlite3.Connection, name: str) -> None:
        self._tables = tables
        self.name = name
        self._vectors: Matrix | None = None
        row = tables.execute("SELECT dimensions, encoder FROM library_vectors").fetchone()
        self.encoder: str | None = None if row is None else row[1]
        """Name of the encoder that made the vectors, or None where there are none."""
        self._dimensions = 0 if row is None else int(row[0])

    def best_words(self, match: str, weights: tuple[float, float, float, float], limit: int) -> list[tuple[int, float]]:
        """Return (passage, BM25) of the full-text `match`, best first; higher is better."""
        rows = self._tables.execute(
            "SELECT rowid, bm25(library_search, ?, ?, ?, ?) AS score FROM library_search WHERE library_search MATCH ?"
            " ORDER BY score, rowid LIMIT ?", (*weights, match, limit)).fetchall()
        return [(rowid, -score) for rowid, score in rows]

    def nearest(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Return (passage, cosine) of the vectors nearest to a normalised `vector` (dimensions,) float32."""
        if self._dimensions != len(vector):
            return []
        if self._vectors is None:
            (data,) = self._tables.execute("SELECT data FROM library_vectors").fetchone()
            self._vectors = np.frombuffer(data, dtype=np.int8).reshape(-1, self._dimensions)
        cosines = similarities(self._vectors, vector)
        limit = min(limit, len(cosines))
        best = np.argpartition(-cosines, limit - 1)[:limit] if limit else np.zeros(0, dtype=np.int64)
        ordered = best[np.argsort(-cosines[best], kind="stable")]
        return [(int(row) + 1, float(cosines[row])) for row in ordered if cosines[row] > 0]

    def place(self, passage_id: int) -> Place:
        """Return a passage with its unchanged text."""
        row = self._tables.execute(
            "SELECT start, stop, number, focus, kind, place, library_document.address, packed, key, title, edition,"
            " date, library_collection.address, licence FROM library_passage"
            " JOIN library_document ON library_document.id = library_passage.document"
            " JOIN library_collection ON library_collection.id = library_document.collection"
            " WHERE library_passage.id=?", (passage_id,)).fetchone()
        start, stop, number, focus, kind, place, address, packed, key, title, edition, date, site, licence = row
        text = zlib.decompress(packed).decode("utf-8", "surrogatepass")
        return Place(start, stop, text[start:stop], Document(number, focus, kind, text, (), place, address),
                     Collection(key, title, edition, date, site, licence))

    def kinds(self, passage_ids: Iterable[int]) -> dict[int, str]:
        """Return the kind of each passage's document."""
        ids = list(passage_ids)
        rows = self._tables.execute(
            "SELECT library_passage.id, kind FROM library_passage JOIN library_document ON"
            " library_document.id = library_passage.document"
            f" WHERE library_passage.id IN ({','.join('?' * len(ids))})", ids).fetchall()
        return dict(rows)


def similarities(vectors: Matrix, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:  # (passages,) float32
    """Return cosines of int8 `vectors` (passages, dimensions), 127 meaning 1.

    In blocks that stay in the cache and are too small for the library below to share among threads: threads that wait
    for one another cost thirty times the work itself on a busy machine.
    """
    scaled = vector / np.float32(127)
    parts = [vectors[at : at + BLOCK].astype(np.float32) @ scaled for at in range(0, len(vectors), BLOCK)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def as_int8(vectors: npt.NDArray[np.float32]) -> Matrix:
    """Return normalised vectors as int8, 127 meaning 1."""
    return np.clip(np.rint(vectors * 127), -127, 127).astype(np.int8)


def vector_text(focus: str, kind: str, body: str) -> str:
    """Return what the encoder reads of a passage: what it is about, of what kind, and how it begins."""
    return f"{focus}. {kind}. {' '.join(body.split())[:_VECTOR_CHARS]}"


def spaced(text: str) -> str:
    """Return `text` with each Chinese character as a word of its own: the tokenizer knows no Chinese words."""
    return _HAN.sub(lambda match: f" {match.group()} ", text) if _HAN.search(text) else text


def passage_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the passages: whole sentences, at most LONGEST_PASSAGE_CHARS where the text can be broken.

    The spans do not overlap, are in order, and leave out only white space between them.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    stop = 0
    for piece_stop in _breaks(text):
        if piece_stop - start > LONGEST_PASSAGE_CHARS and stop > start:
            spans.append((start, stop))
            start = stop
        stop = piece_stop
    spans.append((start, len(text)))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


def _breaks(text: str) -> Iterator[int]:
    """Yield where the text may be broken: after sentences and paragraphs, and in a run without any, at a blank."""
    last = 0
    for stop in (*(match.start() for match in _PARAGRAPH.finditer(text)), len(text)):
        while stop - last > LONGEST_RUN_CHARS:
            blank = text.rfind(" ", last + 1, last + LONGEST_PASSAGE_CHARS)
            last = blank if blank > last else last + LONGEST_PASSAGE_CHARS
            yield last
        last = stop
        yield stop


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    piece = text[start:stop]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
