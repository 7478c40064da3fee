"""Source records: every clinical row names one, and a screen can always show where a statement comes from.

Each folder under `resources/knowledge/` may hold a `sources.json`: an object of source id -> record, where a record
has title, edition, section, address, licence, date, excerpt (at most 25 words) and reviewed (by a clinician).
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from engine.api import SourceRecord
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "sources"
LONGEST_EXCERPT_WORDS = 25


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Gather every `sources.json`. Raises ValueError for an id used twice or an excerpt that is too long."""
    records: dict[str, object] = {}
    for path in sorted(sources.glob("*/sources.json")):
        for source_id, record in json.loads(path.read_text(encoding="utf-8")).items():
            if source_id in records:
                raise ValueError(f"source id used twice: {source_id}")
            checked = msgspec.convert(record, SourceRecord)
            if len(checked.excerpt.split()) > LONGEST_EXCERPT_WORDS:
                raise ValueError(f"excerpt of {source_id} is longer than {LONGEST_EXCERPT_WORDS} words")
            records[source_id] = record
    writer.put_json(ENTRY, records)


def load_sources(index: KnowledgeIndex) -> dict[str, SourceRecord]:
    """Return every source record by id."""
    return msgspec.convert(index.json(ENTRY), dict[str, SourceRecord])
