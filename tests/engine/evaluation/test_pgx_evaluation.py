"""The star-allele figures are exact, and a wrong expectation lowers them and is named."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.evaluation.pgx import VECTORS_FILE, evaluate, find_vectors
from engine.knowledge.index import KnowledgeIndex

DATA = Path(__file__).parents[2] / "data" / "pgx"


def engine(knowledge: KnowledgeIndex) -> Any:
    return SimpleNamespace(index=knowledge)


def test_the_published_vectors_are_met(knowledge: KnowledgeIndex) -> None:
    figures = {metric.name: metric for metric in evaluate(engine(knowledge), DATA).metrics}
    assert (figures["all vectors"].value, figures["all vectors"].n) == (1.0, 14)
    assert figures["every candidate asked"].n + figures["best-scored candidates asked"].n == 14


def test_a_wrong_expectation_is_counted_and_named(knowledge: KnowledgeIndex, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (DATA / VECTORS_FILE).read_text().splitlines()][:2]
    lines[0]["expected"] = ["*1/*99"]
    (tmp_path / VECTORS_FILE).write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    table = evaluate(engine(knowledge), tmp_path)
    assert table.metrics[0].value == 0.5
    assert table.notes == [f"wrong: {lines[0]['id']}"]


def test_the_vectors_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--data"):
        find_vectors(None)
    with pytest.raises(FileNotFoundError, match=VECTORS_FILE):
        find_vectors(tmp_path)
