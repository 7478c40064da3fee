"""Compile the treatment tables and the reference library. Refuses a row whose numbers its sources do not hold."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.api import SourceRecord
from engine.knowledge.index import IndexWriter
from engine.treatment import medquad, outcomes, row_passages
from engine.treatment.library import LibraryWriter
from engine.treatment.row_check import problems
from engine.treatment.rows import ENTRY, ConditionRow, read_condition
from engine.treatment.vectors import FOLDER, KeptVectors

ROWS_EDITION = "as compiled"


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write every condition of ``treatment/conditions``, and MedQuAD with the option rows as a library.

    Raises ValueError naming each wrong row, and msgspec.ValidationError for a file of another shape.
    """
    folder = sources / "treatment"
    records = read_records(folder)
    conditions = read_conditions(folder / "conditions")
    wrong = [problem for condition in conditions for problem in problems(condition, records)]
    wrong += _repeated(conditions)
    measures = outcomes.read_measures(folder / outcomes.FILE)
    wrong += outcomes.problems(conditions, measures)
    if wrong:
        raise ValueError("treatment rows:\n" + "\n".join(wrong))
    writer.put_json(ENTRY, msgspec.to_builtins(conditions))
    writer.put_json(outcomes.ENTRY, msgspec.to_builtins(measures))
    library = write_library(sources, conditions, records, writer)
    kept = KeptVectors.read(sources / FOLDER)
    library.put_vectors(kept.for_texts(library.vector_texts), kept.encoder)
    library.close()


def write_library(
    sources: Path, conditions: list[ConditionRow], records: dict[str, SourceRecord], writer: IndexWriter
) -> LibraryWriter:
    """Write the documents of MedQuAD and of the rows, and return the writer, still without vectors."""
    library = LibraryWriter(writer.tables, one_vector_each=True)
    parts = [
        *medquad.collections(sources / "medquad" / medquad.FILE),
        (row_passages.collection(ROWS_EDITION), list(row_passages.documents(conditions, records))),
    ]
    for collection, documents in parts:
        for _ in library.add(collection, documents):
            pass
    return library


def read_records(folder: Path) -> dict[str, SourceRecord]:
    """Return the source records beside the rows."""
    return msgspec.json.decode((folder / "sources.json").read_bytes(), type=dict[str, SourceRecord])


def read_conditions(folder: Path) -> list[ConditionRow]:
    """Return every condition of a folder, ordered by code."""
    return sorted((read_condition(path.read_bytes()) for path in folder.glob("*.json")), key=lambda row: row.code)


def _repeated(conditions: list[ConditionRow]) -> list[str]:
    ids = [option.id for condition in conditions for option in condition.options] + [row.code for row in conditions]
    return [f"id used twice: {name}" for name in sorted(set(ids)) if ids.count(name) > 1]
