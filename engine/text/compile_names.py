"""Compile the names that the entity tagger reads beside the words, and the codes of diseases by name."""

from __future__ import annotations

from pathlib import Path

from engine.knowledge.index import IndexWriter
from engine.text.disease_codes import DISEASE_CODES_ENTRY, compiled_codes
from engine.text.entity_names import ENTITY_NAMES_ENTRY, compiled_names


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write both entries. Raises FileNotFoundError when a source is missing."""
    writer.put_json(ENTITY_NAMES_ENTRY, compiled_names(sources))
    writer.put_json(DISEASE_CODES_ENTRY, compiled_codes(sources))
