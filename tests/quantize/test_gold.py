"""Right answers in a file: what token labels mean as whole names, and which lines are refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine import errors
from engine.runtime.onnx_head import Label
from quantize import gold
from quantize.gold import AnsweredQuestion, LabelledText, MarkedText, Span

TEXT = "renal failure and amoxicillin"


def tokens(*marks: tuple[str, int, int]) -> list[Label]:
    return [Label(name, 1.0, start, end) for name, start, end in marks]


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([("B-D", 0, 5), ("I-D", 6, 13), ("O", 14, 17)], {("D", 0, 13)}),
        ([("D", 0, 5), ("D", 6, 13), ("O", 14, 17)], {("D", 0, 13)}),
        ([("B-D", 0, 5), ("B-D", 6, 13)], {("D", 0, 5), ("D", 6, 13)}),
        ([("I-D", 0, 5), ("I-C", 6, 13)], {("D", 0, 5), ("C", 6, 13)}),
        ([("O", 0, 13), ("B-C", 18, 23), ("B-C", 23, 29)], {("C", 18, 29)}),  # pieces of one word
        ([("O", 0, 5), ("O", 6, 13)], set()),
        ([], set()),
    ],
)
def test_token_labels_mean_whole_names(marks: list[tuple[str, int, int]], found: gold.Found) -> None:
    assert gold.entities_of(tokens(*marks), TEXT) == found


def test_f1_counts_exact_names_with_their_label_over_all_texts() -> None:
    one, other, label = ("D", 0, 5), ("D", 6, 13), ("C", 0, 5)
    assert gold.f1([({one}, {one})]) == 1
    assert gold.f1([({one}, {label})]) == 0
    assert gold.f1([({one, other}, {one}), (set(), {other})]) == 0.5
    assert math.isnan(gold.f1([(set(), set())]))


def test_an_answer_is_right_in_any_of_its_places_and_nowhere_where_there_is_none() -> None:
    line = AnsweredQuestion("q", TEXT, [Span(0, 5), Span(18, 29)])
    assert gold.is_right((18, 29), line)
    assert not gold.is_right((18, 28), line)
    assert not gold.is_right(None, line)
    assert gold.is_right(None, AnsweredQuestion("q", TEXT, []))
    assert not gold.is_right((0, 5), AnsweredQuestion("q", TEXT, []))


def test_lines_are_read_up_to_the_number_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"text": "a", "label": "x"}\n\n{"text": "b", "label": "y", "cant_miss": true}\n{"text": "c"')
    assert gold.read(file, LabelledText, 2) == [LabelledText("a", "x"), LabelledText("b", "y", cant_miss=True)]
    with pytest.raises(errors.BadRequest, match="line 4"):
        gold.read(file, LabelledText, 3)


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"\xff", b'{"text": "ab", "entities": [{"start": 1, "end": 9, "label": "D"}]}',
     b'{"text": "ab", "entities": [{"start": 1, "end": 1, "label": "D"}]}',
     b'{"text": "ab", "entities": [{"start": -1, "end": 1, "label": "D"}]}'],
)  # fmt: skip
def test_a_line_that_is_none_or_points_outside_its_text_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "gold.jsonl").write_bytes(line)
    with pytest.raises(errors.BadRequest):
        gold.read(tmp_path / "gold.jsonl", MarkedText, 10)


def test_a_right_label_that_the_model_cannot_say_is_refused() -> None:
    gold.check_labels({"flu"}, ("flu", "gout"), "g")
    with pytest.raises(errors.BadRequest, match="measles"):
        gold.check_labels({"measles"}, ("flu", "gout"), "g")
