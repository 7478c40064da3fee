"""What is measured at each visit: asked for by the plan, kept by day, shown as a history, never lost in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.case.mapping import case_hash, to_engine_case
from desktop.case.record import CaseRecord, Course, FollowUpVisit, OutcomeValue
from desktop.i18n import Languages
from desktop.outcome_words import history_line, outcome_line
from desktop.views.case_form import CaseForm
from engine.api import Bilingual, Measurement, Outcome, PlanSentence

LITRES = Bilingual("L/min", "L/min")
PEAK_FLOW = Outcome("peak_flow", Bilingual("Peak flow", "呼气峰流速"), LITRES, "higher", 30, 900, 30)
DISCHARGE = Outcome("discharge", Bilingual("Discharge", "分泌物"))
HELD = CaseRecord(
    visit_date="2026-11-01",
    outcomes=(OutcomeValue("2026-11-01", "peak_flow", 250.0, "L/min", "Peak flow", "呼气峰流速"),),
    follow_up=(FollowUpVisit("2026-11-15", Course.BETTER),),
)


@pytest.fixture
def form(qtbot: QtBot) -> CaseForm:
    form = CaseForm()
    qtbot.addWidget(form)
    form.show()
    return form


def type_into(form: CaseForm, code: str, text: str) -> None:
    field = next(each for each in form.outcomes.measures if each.outcome.code == code)
    editor = field.field.editor
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def test_nothing_is_asked_before_there_is_a_plan(form: CaseForm) -> None:
    form.show_record(CaseRecord(visit_date="2026-11-01"))
    assert not form.outcomes.isVisible()
    form.show_measures([PEAK_FLOW])
    assert form.outcomes.isVisible()


def test_values_come_back_unchanged_with_and_without_a_plan(form: CaseForm) -> None:
    form.show_record(HELD)
    assert form.record(HELD).outcomes == HELD.outcomes
    assert form.outcomes.isVisible()
    form.show_measures([PEAK_FLOW, DISCHARGE])
    assert form.record(HELD).outcomes == HELD.outcomes


def test_a_value_is_kept_for_the_day_of_the_last_visit(form: CaseForm) -> None:
    form.show_record(HELD)
    form.show_measures([PEAK_FLOW, DISCHARGE])
    type_into(form, "peak_flow", "350")
    type_into(form, "discharge", "clear")
    kept = form.record(HELD).outcomes
    assert [(value.date, value.code, value.value) for value in kept] == [
        ("2026-11-01", "peak_flow", 250.0), ("2026-11-15", "peak_flow", 350.0), ("2026-11-15", "discharge", "clear")]
    assert kept[0] == HELD.outcomes[0]


def test_another_day_shows_its_own_values(form: CaseForm) -> None:
    form.show_record(HELD)
    form.show_measures([PEAK_FLOW])
    type_into(form, "peak_flow", "350")
    form.outcomes.day.editor.setText("2026-11-01")  # type: ignore[attr-defined]
    editor = form.outcomes.measures[0].field.editor
    assert editor.text() == "250"  # type: ignore[attr-defined]
    assert [value.value for value in form.record(HELD).outcomes] == [250.0, 350.0]


@pytest.mark.parametrize("text", ["2900", "abc", "-3"])
def test_what_cannot_be_is_marked_and_not_kept(form: CaseForm, text: str) -> None:
    form.show_record(HELD)
    form.show_measures([PEAK_FLOW])
    type_into(form, "peak_flow", text)
    assert form.record(HELD).outcomes == HELD.outcomes
    assert "30" in form.outcomes.measures[0].field.problem


def test_a_day_that_is_no_date_is_marked_and_takes_nothing(form: CaseForm) -> None:
    form.show_record(HELD)
    form.show_measures([PEAK_FLOW])
    form.outcomes.day.editor.setText("yesterday")  # type: ignore[attr-defined]
    type_into(form, "peak_flow", "350")
    assert form.record(HELD).outcomes == HELD.outcomes
    assert form.outcomes.day.problem


def test_values_of_another_plan_stay_and_are_shown(form: CaseForm) -> None:
    form.show_record(HELD)
    form.show_measures([DISCHARGE])
    assert form.record(HELD).outcomes == HELD.outcomes
    assert "Peak flow: 250 (2026-11-01) L/min" in form.outcomes._others.text()


def test_an_entry_is_an_edit_and_the_language_follows(form: CaseForm, qtbot: QtBot, languages: Languages) -> None:
    form.show_record(HELD)
    form.show_measures([PEAK_FLOW])
    with qtbot.waitSignal(form.edited, timeout=1000):
        type_into(form, "peak_flow", "350")
    languages.use("zh")
    QCoreApplication.sendPostedEvents()
    assert form.outcomes.measures[0].field.label.text() == "呼气峰流速 (L/min)"


def test_the_engine_gets_every_value_with_day_and_unit_and_a_new_one_makes_the_plan_stale() -> None:
    case = to_engine_case(HELD)
    assert case.outcomes == [Measurement("peak_flow", 250.0, "L/min", "2026-11-01")]
    more = replace(HELD, outcomes=(*HELD.outcomes, OutcomeValue("2026-11-15", "peak_flow", 350.0, "L/min")))
    assert case_hash(to_engine_case(more)) != case_hash(case)


def test_a_history_reads_as_one_line_and_says_when_it_is_cut() -> None:
    values = [Measurement("peak_flow", 200 + day, None, f"2026-11-{day:02}") for day in range(1, 9)]
    line = history_line(values, PEAK_FLOW.unit, "en")
    assert line.startswith("… 203 (2026-11-03) → ")
    assert line.endswith("208 (2026-11-08) L/min")


def test_a_measure_reads_with_trend_and_goal_in_both_languages() -> None:
    goal = PlanSentence("Above 300.", ["s"], "supported", Bilingual("Above 300.", "高于300。"), "goal")
    values = [Measurement("peak_flow", 320, None, "2026-11-01"), Measurement("peak_flow", 220, None, "2026-11-15")]
    outcome = replace(PEAK_FLOW, values=values, trend="worse", goal=goal, goal_met=False)
    assert outcome_line(outcome, "en") == "Peak flow: 320 (2026-11-01) → 220 (2026-11-15) L/min, worse. Above 300."
    assert outcome_line(outcome, "zh") == "呼气峰流速：320 (2026-11-01) → 220 (2026-11-15) L/min，变差。高于300。"
