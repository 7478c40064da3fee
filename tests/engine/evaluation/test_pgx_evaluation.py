"""The star-allele figures are exact, and a wrong expectation lowers them and is named."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.evaluation.pgx import evaluate, find_vectors, whole_files
from engine.evaluation.table import MetricTable
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import Pharmacogenomics
from engine.knowledge.index import KnowledgeIndex

DATA = Path(__file__).parents[2] / "data" / "pgx"
VECTORS = "star_allele_vectors_dev.jsonl"


@pytest.fixture(scope="module")
def table(knowledge: KnowledgeIndex, tmp_path_factory: pytest.TempPathFactory) -> MetricTable:
    """The figures of all sets, with one vector more whose expectation is wrong."""
    folder = tmp_path_factory.mktemp("pgx")
    for each in DATA.iterdir():
        if each.name != VECTORS:
            (folder / each.name).symlink_to(each)
    lines = (DATA / VECTORS).read_text().splitlines()
    wrong = {**json.loads(lines[0]), "id": "wrong one", "expected": ["*1/*99"]}
    (folder / VECTORS).write_text("\n".join([*lines, json.dumps(wrong)]) + "\n")
    return evaluate(SimpleNamespace(index=knowledge), folder)  # type: ignore[arg-type]


def figure(table: MetricTable, begins: str) -> tuple[float, int]:
    """Return value and n of the figure whose name begins so."""
    (found,) = (metric for metric in table.metrics if metric.name.startswith(begins))
    return found.value, found.n


def test_the_published_vectors_are_met_and_a_wrong_one_is_named(table: MetricTable) -> None:
    assert figure(table, "all vectors") == (pytest.approx(14 / 15), 15)
    assert figure(table, "every candidate")[1] + figure(table, "best-scored")[1] == 15
    assert table.notes == ["wrong: wrong one"]


def test_all_unit_files_and_both_samples_give_what_was_published(table: MetricTable) -> None:
    assert figure(table, "unit files") == (1.0, 118)
    assert figure(table, "DPYD around HapB3") == (1.0, 218)
    assert figure(table, "published calls") == (1.0, 12)


def test_no_deleted_position_of_any_gene_is_read_as_normal(table: MetricTable) -> None:
    wrong, n = figure(table, "deleted positions")
    assert wrong == 0
    assert n > 2000


def test_a_folder_without_the_files_says_what_is_absent(knowledge: KnowledgeIndex, tmp_path: Path) -> None:
    genomics, tables = Pharmacogenomics(GenomicsTables(knowledge)), GenomicsTables(knowledge)
    metrics, notes = whole_files(genomics, tables, tmp_path)
    assert metrics == []
    assert len(notes) == 3


def test_the_vectors_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--data"):
        find_vectors(None)
    with pytest.raises(FileNotFoundError, match="star_allele_vectors"):
        find_vectors(tmp_path)
