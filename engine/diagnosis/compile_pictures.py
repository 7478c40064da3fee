"""Compile the coded findings that the pictures of conditions name. Runs last: the compiled dictionaries read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.diagnosis.condition_index import ConditionIndex
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.picture_findings import KIND_WEIGHT, PictureRows
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.text.entities import TextReader


def compile_into(_sources: Path, writer: IndexWriter) -> None:
    """Write the findings of every hallmark and common sign that the dictionaries read."""
    index = KnowledgeIndex(writer.written())
    rows = sorted(set(_rows(ConditionIndex.load(index), Ontology.load(index), TextReader(index))))
    index.close()
    owner, kind, term = np.array(rows, dtype=np.int32).reshape(-1, 3).T
    PictureRows(owner, term, kind.astype(np.uint8)).put(writer)


def _rows(conditions: ConditionIndex, ontology: Ontology, reader: TextReader) -> Iterator[tuple[int, int, int]]:
    """Yield condition, kind and term of what a picture says is there."""
    for number in np.flatnonzero(np.isin(conditions.kind, list(KIND_WEIGHT))).tolist():
        for entity in reader.read(conditions.phrases[number]):
            term = ontology.find(entity.code or "")
            if term is not None and not entity.negated and entity.subject == "patient":
                yield int(conditions.owner[number]), int(conditions.kind[number]), term
