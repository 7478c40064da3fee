"""The interaction measurement counts what it says it counts."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.evaluation import interactions
from engine.evaluation.table import MetricTable
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.safety.compile import compile_into
from engine.safety.verdict import SafetyChecker


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> SafetyChecker:
    path = tmp_path_factory.mktemp("safety") / "safety.sqlite"
    writer = IndexWriter(path)
    compile_into(resources() / "knowledge", writer)
    writer.close()
    return SafetyChecker(KnowledgeIndex(path))


def measured(checker: SafetyChecker, folder: Path) -> dict[str, tuple[float, int]]:
    table: MetricTable = interactions.evaluate(SimpleNamespace(safety=checker), folder)  # type: ignore[arg-type]
    return {metric.name: (metric.value, metric.n) for metric in table.metrics}


def test_coverage_counts_known_pairs_only(checker: SafetyChecker, tmp_path: Path) -> None:
    (tmp_path / "interactions").mkdir()
    (tmp_path / "interactions" / "unseen_pairs.csv").write_text(
        "drug_a,drug_b\nsimvastatin,clarithromycin\nparacetamol,amoxicillin\nxyzol,warfarin\n", encoding="utf-8"
    )
    figures = measured(checker, tmp_path)
    assert figures["drugs of the pairs known to the dictionary"] == (5.0, 6)
    assert figures["pairs that alert at avoid or worse"] == (0.5, 2)
    assert figures["random pairs that interrupt"][0] <= 0.03
    assert figures["random pairs that interrupt"][1] == 2000


def test_the_random_pairs_are_the_committed_ones(checker: SafetyChecker) -> None:
    pairs = interactions.random_pairs(checker, 50)
    assert pairs == interactions.random_pairs(checker, 50)
    assert all(one != other for one, other in pairs)


def test_missing_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="do not ship"):
        interactions.find_pairs(None)
    with pytest.raises(FileNotFoundError, match="pairs"):
        interactions.find_pairs(tmp_path)
    assert interactions._share([]) == 0.0
