"""Measure HPO terms read from abstracts (GSC+): micro-averaged over the set of terms of each document.

Gold terms are mapped to the current ids of the shipped ontology. A denied mention counts like any other in the first
figure, because the corpus marks what is mentioned; the second figure leaves out what the reader takes as denied.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.api import Entity
from engine.evaluation.chinese import Counts, HasReader
from engine.evaluation.found import nearest_file
from engine.evaluation.table import Metric, MetricTable
from engine.locations import resources
from engine.text.hpo_names import read_named_terms

FILE_NAME = "gsc_plus_dev.jsonl"
FILE_PATTERN = "gsc_plus*.jsonl"
DICTIONARY_FLOOR = 0.668
AIM_F1 = 0.76


@dataclass(frozen=True, slots=True)
class Document:
    """One abstract with the terms that annotators gave it."""

    id: str
    text: str
    terms: frozenset[str]


def evaluate(engine: HasReader, data_dir: Path | None) -> MetricTable:
    """Return document micro-F1 and speed. Raises FileNotFoundError without the corpus, which may not ship."""
    documents = load_documents(_corpus(data_dir or Path()))
    begun = time.perf_counter()
    read = [engine.reader.read(document.text) for document in documents]
    elapsed_s = time.perf_counter() - begun
    mentioned = _count(documents, read, lambda _: True)
    asserted = _count(documents, read, lambda entity: not entity.negated)
    n = len(documents)
    metrics = [
        Metric("document micro-F1, negation on", asserted.f1, n, DICTIONARY_FLOOR, AIM_F1),
        Metric("document micro-F1, every mention", mentioned.f1, n, DICTIONARY_FLOOR, AIM_F1),
        Metric("precision, every mention", mentioned.precision, n),
        Metric("recall, every mention", mentioned.recall, n),
        Metric("reading time", 1000 * elapsed_s / max(n, 1), n, unit="ms a document"),
    ]
    return MetricTable("HPO terms from text (GSC+)", metrics)


def _corpus(data_dir: Path) -> Path:
    """Return the corpus file in `data_dir` or anywhere below it. Raises FileNotFoundError."""
    return nearest_file(data_dir, FILE_PATTERN)


def load_documents(path: Path) -> list[Document]:
    """Return the documents of a corpus file, with gold terms under their current ids."""
    current = _current_ids()
    documents: list[Document] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        codes = (str(note).split("\t")[1].split(" | ")[0].strip().replace("_", ":") for note in row["annotations"])
        documents.append(Document(row["id"], row["text"], frozenset(current.get(code, code) for code in codes)))
    return documents


def _current_ids() -> dict[str, str]:
    terms = read_named_terms(resources() / "knowledge" / "hpo" / "hp.obo.gz")
    return {older: term.id for term in terms.values() for older in term.alternatives}


def _count(documents: list[Document], read: list[list[Entity]], counts_if: Callable[[Entity], bool]) -> Counts:
    counts = Counts()
    for document, entities in zip(documents, read, strict=True):
        found = {(entity.code, True) for entity in entities if _is_term(entity) and counts_if(entity)}
        counts = counts.plus({(str(code), True) for code, _ in found}, {(code, True) for code in document.terms})
    return counts


def _is_term(entity: Entity) -> bool:
    return entity.code is not None and entity.code.startswith("HP:")
