"""The reader orders the candidates in front anew and names none of its own; unasked it votes only if it earned it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine import api
from engine.diagnosis import reader_gate
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.fusion import Place, Ranking
from engine.diagnosis.reader_gate import GateResult
from engine.diagnosis.reader_voice import (
    LEAST_PLACES,
    LONGEST_CASE_CHARS,
    MOST_PLACES,
    Reader,
    read_places,
    with_reader,
)
from engine.diagnosis.voice import normalised
from engine.runtime.base import Cancelled, Prompt, Score, never_cancelled
from engine.runtime.scripted import ScriptedRuntime

LABELS = ["Asthma", "Pneumonia", "Gout"]
PASSING = GateResult("small 1.0", 400, 0.40, 0.45, 0.60, 0.62)


class Favouring(ScriptedRuntime):
    """A language model to which a case is the more likely after one label; it counts what it is asked."""

    def __init__(self, label: str, context_tokens: int = 4096) -> None:
        super().__init__(context_tokens=context_tokens)
        self._label = label
        self.asked: list[str] = []
        self.largest = 0

    def score(
        self, prompt: Prompt | str, continuations: Sequence[str], cancelled: Cancelled = never_cancelled
    ) -> list[Score]:
        self.asked += continuations
        self.largest = max(self.largest, sum(self.count_tokens(text) for text in continuations))
        if cancelled():
            return []
        return [Score(-len(text) / 4 + 9.0 * (self._label in text and "cough" in text), 3) for text in continuations]


def ranking(count: int) -> Ranking:
    shares = np.linspace(2, 1, count) / np.linspace(2, 1, count).sum()
    return Ranking("common", tuple(Place(number, float(share)) for number, share in enumerate(shares)), ())


def test_the_label_under_which_the_case_is_likelier_gains() -> None:
    reading = Reader(Favouring("Pneumonia")).read("cough and fever", LABELS)
    assert reading is not None
    assert LABELS[int(reading.log_probability.argmax())] == "Pneumonia"
    assert np.exp(reading.log_probability).sum() == pytest.approx(1)
    assert not reading.is_cut


def test_a_label_is_asked_alone_only_once() -> None:
    model = Favouring("Gout")
    reader = Reader(model)
    reader.read("cough and fever", LABELS)
    first = len(model.asked)
    reader.read("cough and a rash", LABELS)
    assert len(model.asked) - first == 2 * len(LABELS)


def test_more_candidates_than_the_context_holds_are_read_in_turns() -> None:
    model = Favouring("Gout", context_tokens=300)
    case = "cough " * 60
    assert Reader(model).read(case, LABELS * 3) is not None
    assert model.largest <= 300


def test_a_long_case_is_cut_and_says_so() -> None:
    reading = Reader(Favouring("Gout")).read("cough " * LONGEST_CASE_CHARS, LABELS)
    assert reading is not None
    assert reading.is_cut


def test_cancelled_or_without_a_choice_there_is_no_opinion() -> None:
    reader = Reader(Favouring("Gout"))
    assert reader.read("cough", LABELS, cancelled=lambda: True) is None
    assert reader.read("cough", LABELS[:1]) is None
    assert reader.read("   ", LABELS) is None


def test_only_places_within_reach_of_the_first_are_read() -> None:
    flat = [Place(number, 1 / 30) for number in range(30)]
    sure = [Place(0, 0.9), *(Place(number, 0.002) for number in range(1, 50))]
    assert len(read_places(flat)) == MOST_PLACES
    assert len(read_places(sure)) == LEAST_PLACES
    assert len(read_places([*(Place(number, 0.2) for number in range(4)), Place(4, 0.03), Place(5, 0.01)])) == 4


def test_only_the_places_that_were_read_move_and_their_sum_stays() -> None:
    before = ranking(15)
    opinion = normalised(np.linspace(-2, 2, MOST_PLACES))
    after = with_reader(before, opinion)
    assert {place.number for place in after.places[:MOST_PLACES]} == set(range(MOST_PLACES))
    assert after.places[MOST_PLACES:] == before.places[MOST_PLACES:]
    held = [sum(place.probability for place in each.places[:MOST_PLACES]) for each in (before, after)]
    assert held[0] == pytest.approx(held[1])
    assert [place.number for place in after.places] != [place.number for place in before.places]


def test_it_is_named_among_the_voices_and_only_then(diagnoser: Diagnoser) -> None:
    case = api.Case(text="Cough and wheeze at night.", findings=[api.Finding("E_201"), api.Finding("E_66")])
    silent = diagnoser.diagnose(case)
    read = diagnoser.diagnose(case, reader=Reader(Favouring("asthma")))
    assert "reader" not in silent.voted
    assert "reader" in read.voted
    assert {row.code for row in read.hypotheses} == {row.code for row in silent.hypotheses}


def test_a_measured_gain_of_this_very_model_opens_the_gate(tmp_path: Path) -> None:
    reader_gate.store(tmp_path, PASSING)
    assert reader_gate.may_vote(tmp_path, "small 1.0")
    assert reader_gate.measured_model(tmp_path) == "small 1.0"
    assert not reader_gate.may_vote(tmp_path, "small 1.1")


@pytest.mark.parametrize(
    "result",
    [
        GateResult("small 1.0", 99, 0.40, 0.45, 0.60, 0.62),
        GateResult("small 1.0", 400, 0.40, 0.41, 0.60, 0.62),
        GateResult("small 1.0", 400, 0.40, 0.45, 0.60, 0.59),
        GateResult("small 1.0", 400, 0.40, float("nan"), 0.60, 0.62),
    ],
)
def test_too_few_cases_no_gain_or_a_loss_keep_it_shut(tmp_path: Path, result: GateResult) -> None:
    reader_gate.store(tmp_path, result)
    assert not reader_gate.may_vote(tmp_path, "small 1.0")


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"model": "small 1.0"}', b"[]"])
def test_a_missing_or_damaged_result_keeps_it_shut(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / reader_gate.FILE).write_bytes(content)
    assert not reader_gate.may_vote(tmp_path, "small 1.0")
    assert reader_gate.measured_model(tmp_path) is None
