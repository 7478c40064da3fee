"""Golden cases: a few invented patients whose answer an intact installation must find."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.api import Case
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "golden.cases"


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """`expect` must stand within the first `within` hypotheses."""

    id: str
    expect: str
    case: Case
    within: int = 1


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Store the golden cases. Raises msgspec.ValidationError for one that breaks the contract."""
    raw = json.loads((sources / "golden" / "golden.json").read_text(encoding="utf-8"))
    msgspec.convert(raw, list[GoldenCase])
    writer.put_json(ENTRY, raw)


def load_golden(index: KnowledgeIndex) -> list[GoldenCase]:
    return msgspec.convert(index.json(ENTRY), list[GoldenCase])
