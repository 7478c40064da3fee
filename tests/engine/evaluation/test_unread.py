"""Phrases that no dictionary may know: suggestions count only where no sure finding was right already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.api import Entity
from engine.evaluation.unread import FILE_NAME, evaluate
from engine.knowledge.index import KnowledgeIndex


class _Reader:
    """Knows one phrase, guesses one rightly and one wrongly, and guesses at what is no finding."""

    def read(self, text: str, *, suggest: bool = False) -> list[Entity]:
        assert suggest
        said = {"头痛": ("HP:0002315", 1.0), "夜盲": ("HP:0000662", 0.5), "脚痒": ("HP:0002315", 0.5),
                "家住北京": ("HP:0002315", 0.5)}  # fmt: skip
        code, score = said[text]
        return [Entity(0, len(text), text, "phenotype", code, score=score)]


class _Engine:
    def __init__(self, index: KnowledgeIndex) -> None:
        self.reader = _Reader()
        self.index = index


def test_figures_of_a_small_set(tmp_path: Path, knowledge: KnowledgeIndex) -> None:
    rows = [("头痛", "HP:0002315"), ("夜盲", "HP:0000662"), ("脚痒", "HP:0000989"), ("家住北京", None)]
    lines = [
        json.dumps({"tongue": tongue, "text": text, "codes": [code] if code else []})
        for tongue in ("chinese", "other")
        for text, code in rows
    ]
    (tmp_path / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
    metrics = evaluate(_Engine(knowledge), tmp_path).metrics
    assert [metric.value for metric in metrics] == pytest.approx([1 / 3, 2 / 3, 1 / 2, 1] * 2)
    assert [metric.n for metric in metrics] == [3, 3, 2, 1] * 2
