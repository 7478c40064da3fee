"""The verdict fails closed: a figure that is missing, NaN, infinite or beyond its limit has never passed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine import errors
from quantize.report import WORDS, page
from quantize.verdict import (
    NOT_APPLICABLE,
    THRESHOLDS,
    Changed,
    Figures,
    GateResult,
    Limit,
    judged,
    passed,
    read_thresholds,
)

LIMITS = {"a": Limit(at_most=1.0), "b": Limit(at_least=0.9)}


def verdict(**values: float) -> bool:
    return passed(judged(Figures(values, {}), LIMITS, "text"))


def test_all_limits_kept_is_passed() -> None:
    assert verdict(a=1.0, b=0.9)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.01])
def test_a_figure_that_is_no_number_or_too_high_is_not_passed(value: float) -> None:
    assert not verdict(a=value, b=0.95)


def test_a_missing_figure_is_not_passed_and_says_so() -> None:
    lines = judged(Figures({"a": 0.5}, {}), LIMITS, "text")
    assert not passed(lines)
    assert next(line for line in lines if line.name == "b").reason == "was not measured"


def test_a_figure_without_a_limit_that_is_no_number_is_said_so_and_keeps_the_result_readable() -> None:
    lines = judged(Figures({"a": 0.5, "b": 1.0, "c": math.nan}, {}), LIMITS, "text")
    assert (lines[2].name, lines[2].value, lines[2].reason) == ("c", None, "is no number")
    assert passed(lines)


def test_nothing_measured_and_no_limit_is_not_passed() -> None:
    assert not verdict()
    assert not passed(judged(Figures({"c": 1.0}, {}), {}, "text"))
    assert not Limit().holds(1.0)


def test_what_does_not_apply_is_said_and_counts_for_nothing() -> None:
    lines = judged(Figures({"a": 0.5, "b": 1.0}, {}), LIMITS, "encoder")
    absent = [line for line in lines if line.reason.startswith("not applicable")]
    assert {line.name for line in absent} == set(NOT_APPLICABLE["encoder"])
    assert passed(lines)


@pytest.mark.parametrize("task", ["text", "seq2seq", "encoder", "classifier", "tagger", "answer"])
def test_every_task_has_limits_and_every_limit_has_words(task: str) -> None:
    limits = read_thresholds(THRESHOLDS, task)
    assert limits
    assert set(limits) <= set(WORDS)
    assert not set(limits) & set(NOT_APPLICABLE[task])


@pytest.mark.parametrize("text", ["", "[encoder]\na = { at_most = 1 }", "[text", "[text]\na = 'much'"])
def test_a_file_without_limits_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.toml").write_text(text)
    with pytest.raises(errors.BadRequest):
        read_thresholds(tmp_path / "t.toml", "text")


def result(figures: Figures) -> GateResult:
    lines = judged(figures, LIMITS, "encoder")
    return GateResult("M <b>", "R", "encoder", passed(lines), lines, figures.changed, [], "2026-11-26", "Linux")


def test_the_page_says_the_verdict_first_and_escapes_what_it_shows() -> None:
    changed = [Changed(0.5, "Patient <script>", "Asthma", "Asthma 90%", "Croup 60%")]
    good, bad = page(result(Figures({"a": 0.5, "b": 1.0}, {}, changed))), page(result(Figures({"a": 2.0}, {})))
    assert "<b>Passed.</b>" in good
    assert "Not passed" in bad
    assert "Do not give it to clinicians" in bad
    assert "<script>" not in good
    assert "M &lt;b&gt;" in good
    assert "Croup 60%" in good
    assert "not applicable" in good
    assert "http" not in good
