"""The sentinels hold with the real tables and speak up when a table is hollow."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.safety.sentinels import SENTINELS, failures
from engine.safety.verdict import SafetyChecker

TABLES = ("drugs", "thesaurus", "onc", "labels", "allergy", "patient", "dose", "dose_rows", "products")
SAFETY = tuple(f"safety.{name}" for name in TABLES)
GENOMICS = (
    *(f"genomics.{name}" for name in ("definitions", "phenotype_genes", "guidelines")),
    "genomics.phenotypes.CYP2D6",
)


def hollow(index: KnowledgeIndex, tmp_path: Path, entry: str, key: str) -> SafetyChecker:
    """A checker over the same tables with one of them emptied."""
    writer = IndexWriter(tmp_path / "hollow.sqlite")
    for name in (*SAFETY, *GENOMICS):
        table = index.json(name)
        if name == entry:
            table = {**table, key: []} if key else []
        writer.put_json(name, table)
    writer.close()
    return SafetyChecker(KnowledgeIndex(tmp_path / "hollow.sqlite"))


def test_all_sentinels_hold(checker: SafetyChecker) -> None:
    assert failures(checker) == []
    assert len({(sentinel.one, sentinel.other) for sentinel in SENTINELS}) == len(SENTINELS)


@pytest.mark.parametrize(
    ("entry", "key", "said"),
    [
        ("safety.thesaurus", "statements", "methotrexate + trimethoprim: contraindicated is not given"),
        ("safety.onc", "statements", "tizanidine + ciprofloxacin: contraindicated is not given"),
        ("safety.labels", "statements", "finerenone + clarithromycin: contraindicated is not given"),
        ("safety.patient", "rows", "metformin is not blocked at an eGFR of 20"),
        ("genomics.guidelines", "", "codeine is not blocked in a CYP2D6 poor metaboliser"),
        ("genomics.guidelines", "", "abacavir is not blocked in a carrier of HLA-B*57:01"),
        ("safety.allergy", "rules", "amoxicillin is not blocked in penicillin allergy"),
    ],
)
def test_an_emptied_table_is_noticed(
    safety_index: KnowledgeIndex, tmp_path: Path, entry: str, key: str, said: str
) -> None:
    assert said in failures(hollow(safety_index, tmp_path, entry, key))
