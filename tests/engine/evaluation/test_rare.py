"""The rare figures on a folder of cases: both columns are always there, and a plain case is found."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.evaluation import rare
from engine.knowledge.index import KnowledgeIndex

MARFAN = {
    "id": "case-1", "pos": ["HP:0001083", "HP:0002616", "HP:0001166", "HP:0000767"], "neg": ["HP:0001250"],
    "disease": ["OMIM:154700"], "label": ["Marfan syndrome"], "pmid": ["1"], "sex": "MALE",
}  # fmt: skip


def test_both_columns_are_printed_and_a_plain_case_is_found(knowledge: KnowledgeIndex, tmp_path: Path) -> None:
    unknown = {**MARFAN, "id": "case-2", "disease": ["OMIM:999999"], "label": ["No such disease"]}
    lines = [json.dumps(MARFAN), json.dumps(unknown)]
    (tmp_path / "cases_hidden.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = rare.evaluate(SimpleNamespace(index=knowledge), tmp_path)  # type: ignore[arg-type]
    figures = {metric.name: metric for metric in table.metrics}
    assert figures["shipped top-10"].value == 1.0
    assert figures["shipped top-10"].n == figures["honest top-10"].n == 1
    assert figures["shipped top-10 of all"].value == 0.5


def test_a_folder_without_cases_is_said_so(knowledge: KnowledgeIndex, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        rare.evaluate(SimpleNamespace(index=knowledge), tmp_path)  # type: ignore[arg-type]
