"""The interview panel: a nurse answers with the number keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.views.differential_questions import QuestionPanel
from engine.api import Bilingual, NamedDisease
from tests.desktop import samples


@pytest.fixture
def panel(qtbot: QtBot) -> QuestionPanel:
    panel = QuestionPanel()
    qtbot.addWidget(panel)
    panel.show_questions(samples.differential())
    panel.show()
    return panel


@pytest.mark.parametrize(("key", "value"), [
    (Qt.Key.Key_1, True), (Qt.Key.Key_2, False), (Qt.Key.Key_Period, None),
])
def test_yes_no_and_unknown(panel: QuestionPanel, qtbot: QtBot, key: Qt.Key, value: bool | None) -> None:
    with qtbot.waitSignal(panel.answer_given) as given:
        qtbot.keyClick(panel.view, key)
    assert given.args == ["E_148", value]


def test_several_answers_are_ticked_and_confirmed(panel: QuestionPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.skip, Qt.MouseButton.LeftButton)
    assert not panel.confirm.isEnabled()
    qtbot.keyClick(panel.view, Qt.Key.Key_2)
    qtbot.keyClick(panel.view, Qt.Key.Key_4)
    with qtbot.waitSignal(panel.answer_given) as given:
        qtbot.mouseClick(panel.confirm, Qt.MouseButton.LeftButton)
    assert given.args == ["E_54", ("V_72", "V_74")]


def test_a_grade_is_a_number(panel: QuestionPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(panel.skip, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.skip, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.answer_given) as given:
        qtbot.keyClick(panel.view, Qt.Key.Key_7)
    assert given.args == ["E_56", 7]


def test_a_key_without_an_answer_does_nothing(panel: QuestionPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.answer_given):
        qtbot.keyClick(panel.view, Qt.Key.Key_9)


def test_return_gives_the_selected_answer(panel: QuestionPanel, qtbot: QtBot) -> None:
    panel.view.setCurrentIndex(panel.model.index(1))
    with qtbot.waitSignal(panel.answer_given) as given:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert given.args == ["E_148", False]


def test_what_a_yes_speaks_for_is_named_once_effects_are_shown(panel: QuestionPanel) -> None:
    spoken_for = [NamedDisease("LNT:measles", Bilingual("Measles", "麻疹"))]
    asked = replace(samples.differential().next_questions[0], code="HP:0000613", speaks_for=spoken_for)
    shown = replace(samples.differential(), next_questions=[asked])
    panel.show_questions(shown, with_effects=False)
    assert "Measles" not in panel._hint.text()
    panel.show_questions(shown)
    assert "A yes speaks for: Measles." in panel._hint.text()


def test_an_abstained_list_shows_no_percentage_after_an_answer(panel: QuestionPanel) -> None:
    panel.show_questions(samples.differential())
    spoken = [panel.model.text(record) for record in panel.model.records()]
    assert any("then first: Pulmonary embolism" in line and "%" in line for line in spoken)
    panel.show_questions(replace(samples.abstained(), next_questions=samples.differential().next_questions))
    silent = [panel.model.text(record) for record in panel.model.records()]
    assert any("then first: Pulmonary embolism" in line for line in silent)
    assert not any("%" in line for line in silent)


def test_says_when_no_question_would_help(panel: QuestionPanel) -> None:
    panel.show_questions(replace(samples.differential(), next_questions=[]))
    assert panel.question_text() == "Lantern knows no further question that would change the decision."
    assert not panel.view.isVisible()


def test_long_lists_can_be_searched_and_short_ones_cannot(panel: QuestionPanel) -> None:
    assert not panel.search.isVisible()
    question = samples.questions()[1]
    many = replace(question, values=[replace(question.values[0], id=f"V_{n}") for n in range(30)])
    panel.show_questions(replace(samples.differential(), next_questions=[many]))
    assert panel.search.isVisible()
