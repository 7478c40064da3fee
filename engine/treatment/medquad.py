"""MedQuAD (NIH and CDC answers, CC BY 4.0) as passages for full-text search, with exact offsets into the answers.

The shipped file stays unaltered; the index holds each answer once, compressed, and a contentless FTS5 table beside it,
so that the text is not stored twice. Written and read here, so that the two stand side by side.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.knowledge.index import IndexWriter

FILE = "medquad_answered.jsonl.gz"
EDITION = "MedQuAD 577bd37"
LICENCE = "CC BY 4.0"
DATE = "2019"
"""Year of the collection; the answers themselves carry no date."""
LONGEST_PASSAGE_CHARS = 1400
_SITES = {
    "1_CancerGov_QA": ("National Cancer Institute", "https://www.cancer.gov"),
    "2_GARD_QA": ("Genetic and Rare Diseases Information Center", "https://rarediseases.info.nih.gov"),
    "3_GHR_QA": ("Genetics Home Reference", "https://ghr.nlm.nih.gov"),
    "4_MPlus_Health_Topics_QA": ("MedlinePlus Health Topics", "https://www.nlm.nih.gov/medlineplus"),
    "5_NIDDK_QA": ("National Institute of Diabetes and Digestive and Kidney Diseases", "https://www.niddk.nih.gov"),
    "6_NINDS_QA": ("National Institute of Neurological Disorders and Stroke", "https://www.ninds.nih.gov"),
    "7_SeniorHealth_QA": ("NIHSeniorHealth", "https://nihseniorhealth.gov"),
    "8_NHLBI_QA_XML": ("National Heart, Lung, and Blood Institute", "https://www.nhlbi.nih.gov"),
    "9_CDC_QA": ("Centers for Disease Control and Prevention", "https://www.cdc.gov"),
}

_SCHEMA = """
CREATE TABLE medquad_answer (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, focus TEXT NOT NULL, kind TEXT NOT NULL, packed BLOB NOT NULL) STRICT;
CREATE TABLE medquad_passage (
    id INTEGER PRIMARY KEY, answer INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT;
CREATE VIRTUAL TABLE medquad_search USING fts5(
    focus, synonyms, kind, body, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_PARAGRAPH = re.compile(r"\n\s*\n|(?<=[.!?])\s+(?=[A-Z\-])")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the shipped file; `id` is its line number, counted from 0."""

    id: int
    site: str
    focus: str
    synonyms: tuple[str, ...]
    kind: str
    text: str


def read_answers(path: Path) -> Iterator[Answer]:
    """Yield every answer of the shipped file, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            yield Answer(number, row["src"], row["focus"], tuple(row["synonyms"]), row["qtype"], row["answer"])


def write_tables(answers: Iterator[Answer], writer: IndexWriter) -> int:
    """Create the search tables and return the number of passages."""
    tables = writer.tables
    tables.executescript(_SCHEMA)
    passage_id = 0
    for answer in answers:
        packed = zlib.compress(answer.text.encode(), 9)
        tables.execute(
            "INSERT INTO medquad_answer VALUES (?,?,?,?,?)", (answer.id, answer.site, answer.focus, answer.kind, packed)
        )
        for start, stop in passage_spans(answer.text):
            passage_id += 1
            tables.execute("INSERT INTO medquad_passage VALUES (?,?,?,?)", (passage_id, answer.id, start, stop))
            tables.execute(
                "INSERT INTO medquad_search (rowid, focus, synonyms, kind, body) VALUES (?,?,?,?,?)",
                (passage_id, answer.focus, " ; ".join(answer.synonyms), answer.kind, answer.text[start:stop]),
            )
    tables.execute("INSERT INTO medquad_search (medquad_search) VALUES ('optimize')")
    return passage_id


def passage_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the passages: whole sentences, at most LONGEST_PASSAGE_CHARS where the text can be broken.

    The spans do not overlap, are in order, and leave out only white space between them.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    stop = 0
    for piece_stop in [*(match.start() for match in _PARAGRAPH.finditer(text)), len(text)]:
        if piece_stop - start > LONGEST_PASSAGE_CHARS and stop > start:
            spans.append((start, stop))
            start = stop
        stop = piece_stop
    spans.append((start, len(text)))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    piece = text[start:stop]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def answer_text(tables: sqlite3.Connection, answer_id: int) -> str:
    """Return the unchanged text of one answer."""
    (packed,) = tables.execute("SELECT packed FROM medquad_answer WHERE id=?", (answer_id,)).fetchone()
    return zlib.decompress(packed).decode()


def site_name(site: str) -> tuple[str, str]:
    """Return the institute and its address for one source code of the file."""
    return _SITES.get(site, (site, "https://github.com/abachaa/MedQuAD"))
