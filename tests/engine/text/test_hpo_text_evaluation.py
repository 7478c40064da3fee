"""Document micro-F1 counts sets of current term ids, and says what negation costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.evaluation.hpo_text import FILE_NAME, evaluate
from engine.text.entities import TextReader


class _Engine:
    def __init__(self, reader: TextReader) -> None:
        self.reader = reader


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    rows = [
        {
            "id": "1",
            "text": "Seizures and ataxia.",
            "annotations": ["[0::8]\tHP_0001275 | Seizures", "[13::19]\tHP_0001251 | ataxia"],
        },
        {"id": "2", "text": "No cataract.", "annotations": ["[3::11]\tHP_0000518 | cataract"]},
    ]
    (tmp_path / FILE_NAME).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return tmp_path


def test_older_ids_count_as_current_ones_and_negation_is_shown_apart(reader: TextReader, corpus: Path) -> None:
    table = evaluate(_Engine(reader), corpus)
    values = {metric.name: metric.value for metric in table.metrics}
    assert values["document micro-F1, every mention"] == 1.0
    assert values["document micro-F1, negation on"] == pytest.approx(0.8)


def test_a_missing_corpus_is_said(reader: TextReader, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        evaluate(_Engine(reader), tmp_path)
