"""Doses written from the dose rows are accepted, mistaken ones are not."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from engine.evaluation import dose
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.safety.compile import compile_into


def test_true_doses_pass_and_no_mistake_does(tmp_path: Path) -> None:
    writer = IndexWriter(tmp_path / "treatment.sqlite")
    compile_into(resources() / "knowledge", writer)
    writer.close()
    index = KnowledgeIndex(tmp_path / "treatment.sqlite")
    table = dose.evaluate(SimpleNamespace(index=index), None)  # type: ignore[arg-type]
    accepted, slipped = table.metrics
    assert accepted.n == slipped.n == 1000
    assert accepted.value >= 0.98
    assert slipped.value == 0
