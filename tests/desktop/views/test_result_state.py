"""The state line: every state says what it is, and staleness never hides a failure."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.views.result_state import ResultState, State


@pytest.fixture
def line(qtbot: QtBot) -> ResultState:
    line = ResultState()
    qtbot.addWidget(line)
    return line


def _words(line: ResultState) -> str:
    return " ".join(label.text() for label in line.findChildren(QLabel) if label.isVisible())


def _buttons(line: ResultState) -> list[str]:
    return [button.text() for button in line.findChildren(QPushButton) if button.isVisible()]


def test_ready_and_empty_take_no_room(line: ResultState) -> None:
    line.show_empty()
    assert not line.isVisible()
    line.show_ready()
    assert not line.isVisible()


@pytest.mark.parametrize(("stage", "words"), [
    ("diagnose", "Ranking the diagnoses"), ("prose", "Writing sentences"), ("load_model", "Loading the language model"),
    ("a stage of a newer engine", "Working"),
])
def test_running_says_the_stage_and_offers_stop(line: ResultState, qtbot: QtBot, stage: str, words: str) -> None:
    line.show_running(stage)
    assert words in _words(line)
    assert _buttons(line) == ["Stop (Esc)"]
    with qtbot.waitSignal(line.stop_requested):
        qtbot.mouseClick(line.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)


def test_a_failure_has_a_code_and_a_way_on(line: ResultState) -> None:
    line.show_failed("engine_crashed")
    assert "engine_crashed" in _words(line)
    assert _buttons(line) == ["Run again"]


def test_a_stopped_run_says_that_things_are_kept(line: ResultState) -> None:
    line.show_stopped()
    assert "kept" in _words(line)
    assert _buttons(line) == ["Run again"]


def test_stale_is_said_beside_a_ready_result_and_never_hides_a_failure(line: ResultState) -> None:
    line.show_ready()
    line.set_stale(True)
    assert "Out of date" in _words(line)
    line.show_failed("engine_hung")
    assert "engine_hung" in _words(line)
    line.set_stale(False)
    assert line.state is State.FAILED
    assert "engine_hung" in _words(line)
