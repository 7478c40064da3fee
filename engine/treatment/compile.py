"""Compile the treatment tables and the reference passages. Refuses a row whose numbers its sources do not hold."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.api import SourceRecord
from engine.knowledge.index import IndexWriter
from engine.treatment import medquad
from engine.treatment.row_check import problems
from engine.treatment.rows import ENTRY, ConditionRow, read_condition


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write every condition of ``treatment/conditions`` and the MedQuAD passages.

    Raises ValueError naming each wrong row, and msgspec.ValidationError for a file of another shape.
    """
    folder = sources / "treatment"
    records = msgspec.json.decode((folder / "sources.json").read_bytes(), type=dict[str, SourceRecord])
    conditions = read_conditions(folder / "conditions")
    wrong = [problem for condition in conditions for problem in problems(condition, records)]
    wrong += _repeated(conditions)
    if wrong:
        raise ValueError("treatment rows:\n" + "\n".join(wrong))
    writer.put_json(ENTRY, msgspec.to_builtins(conditions))
    archive = sources / "medquad" / medquad.FILE
    medquad.write_tables(medquad.read_answers(archive), writer)


def read_conditions(folder: Path) -> list[ConditionRow]:
    """Return every condition of a folder, ordered by code."""
    return sorted((read_condition(path.read_bytes()) for path in folder.glob("*.json")), key=lambda row: row.code)


def _repeated(conditions: list[ConditionRow]) -> list[str]:
    ids = [option.id for condition in conditions for option in condition.options] + [row.code for row in conditions]
    return [f"id used twice: {name}" for name in sorted(set(ids)) if ids.count(name) > 1]
