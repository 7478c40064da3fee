"""The Plan page: table at once, sentences as they pass, overrides with a reason, signing, and every key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from desktop.case.record import Role
from desktop.i18n import Languages
from desktop.models.options import Column
from desktop.models.records import RecordRole
from desktop.models.sentences import Standing
from desktop.report.decisions import Decisions, Override
from desktop.views import plan_markup
from desktop.views.plan import PlanPage
from desktop.views.result_state import State
from engine.api import PlanSentence
from tests.desktop import samples


@pytest.fixture
def page(qtbot: QtBot) -> PlanPage:
    page = PlanPage()
    qtbot.addWidget(page)
    page.show_signer("Dr Li Hua", Role.CLINICIAN)
    page.show_plan(samples.plan())
    page.resize(1130, 640)
    page.show()
    page.activateWindow()
    return page


def _select_sentence(page: PlanPage, start: str) -> None:
    rows = page.sentences.model.records()
    row = next(place for place, entry in enumerate(rows) if entry.text.startswith(start))
    page.sentences.view.setCurrentIndex(page.sentences.model.index(row))


def test_the_table_is_there_before_any_sentence(page: PlanPage) -> None:
    page.show_plan(replace(samples.plan(), sentences=[]))
    page.show_running("prose")
    assert page.table.options.rowCount() == 6
    page.add_sentence(PlanSentence("The first one.", ["ansm-2020"], "supported"))
    assert any(row.text == "The first one." and row.markers == (2,) for row in page.sentences.model.records())


def test_a_blocked_option_is_struck_through_with_the_reason_beside_it(page: PlanPage) -> None:
    options = page.table.options
    blocked = options.index(2, Column.OPTION).data(RecordRole)
    assert plan_markup.option_cell(options, blocked, Column.OPTION).startswith("<s><b>Amoxicillin</b>")
    assert "<s>" not in plan_markup.option_cell(options, blocked, Column.VERDICT)
    assert "Penicillin allergy with swelling." in plan_markup.option_cell(options, blocked, Column.VERDICT)
    allowed = options.index(0, Column.OPTION).data(RecordRole)
    assert "<s>" not in plan_markup.option_cell(options, allowed, Column.OPTION)


def test_large_text_folds_three_columns_into_one(page: PlanPage) -> None:
    assert not page.table.isColumnHidden(Column.HARM)
    page.table.resize(400, 200)
    assert page.table.isColumnHidden(Column.HARM)
    assert page.table.isColumnHidden(Column.MONITORING)
    option = page.table.options.index(0, 0).data(RecordRole)
    folded = plan_markup.option_effects(page.table.options, option)
    for text in (option.benefit, option.harm, option.monitoring):
        assert text in folded


def test_only_sentences_without_a_source_can_be_adopted(page: PlanPage, qtbot: QtBot) -> None:
    _select_sentence(page, "Consider doxycycline")
    assert not page.sentences.adopt_button.isEnabled()
    _select_sentence(page, "A second film")
    with qtbot.waitSignal(page.sentence_adopted) as adopted:
        qtbot.mouseClick(page.sentences.adopt_button, Qt.MouseButton.LeftButton)
    assert adopted.args == [samples.decisions().own_words[0].sentence]


def test_a_sentence_is_reworded_in_place_and_not_in_a_popup(page: PlanPage, qtbot: QtBot) -> None:
    _select_sentence(page, "Walk a little")
    page.sentences.open_editor()
    assert page.sentences.editor.window() is page
    page.sentences.field.setPlainText("  ")
    assert not page.sentences.save_button.isEnabled()
    page.sentences.field.setPlainText("每天散步")
    with qtbot.waitSignal(page.sentence_edited) as edited:
        qtbot.mouseClick(page.sentences.save_button, Qt.MouseButton.LeftButton)
    assert edited.args == [samples.decisions().own_words[1].sentence, "每天散步"]


def test_escape_leaves_the_editor_before_it_stops_anything(page: PlanPage, qtbot: QtBot) -> None:
    _select_sentence(page, "Walk a little")
    page.sentences.open_editor()
    with qtbot.assertNotEmitted(page.stop_requested):
        qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.sentences.editor.isVisible()
    with qtbot.waitSignal(page.stop_requested):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_decisions_are_shown(page: PlanPage) -> None:
    page.show_decisions(samples.decisions())
    own = [row.text for row in page.sentences.model.records() if row.standing is Standing.OWN]
    assert len(own) == 2
    alert = page.tabs.alerts.model.records()[1]
    shown = plan_markup.alert(page.tabs.alerts.model, alert, samples.decisions().override_of(alert))
    assert "I will monitor the patient. INR on day 3" in shown


def test_an_alert_is_set_aside_only_with_a_reason(page: PlanPage, qtbot: QtBot) -> None:
    page.tabs.alerts.view.setCurrentIndex(page.tabs.alerts.model.index(1))
    qtbot.keyClick(page, Qt.Key.Key_O)
    assert page.lower.currentWidget() is page.override
    assert not page.override.button.isEnabled()
    with qtbot.assertNotEmitted(page.override_given):
        qtbot.keyClick(page.override.note, Qt.Key.Key_Return)
    qtbot.keyClick(page.override.reasons.buttons()[0], Qt.Key.Key_2)
    qtbot.waitUntil(lambda: page.override.reasons.checkedId() == 1)
    page.override.note.setText("INR on day 3")
    with qtbot.waitSignal(page.override_given) as given:
        qtbot.keyClick(page.override.note, Qt.Key.Key_Return)
    assert given.args == ["ansm.avk.macrolides (clarithromycin + warfarin)", "will_monitor: INR on day 3"]
    assert page.lower.currentIndex() == 0


def test_there_are_five_reasons_and_none_is_chosen_beforehand(page: PlanPage) -> None:
    page.override.ask(samples.alerts()[1])
    assert len(page.override.reasons.buttons()) == 5
    assert page.override.reasons.checkedId() == -1


def test_signing_takes_the_key_twice_and_shows_the_difference(page: PlanPage, qtbot: QtBot) -> None:
    page.show_decisions(samples.decisions())
    with qtbot.assertNotEmitted(page.sign_requested):
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.lower.currentWidget() is page.sign
    assert page.sign.model.rowCount() == 4
    with qtbot.waitSignal(page.sign_requested):
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_an_open_severe_alert_keeps_the_plan_unsigned(page: PlanPage, qtbot: QtBot) -> None:
    page.show_decisions(Decisions())
    page.open_sign()
    assert not page.sign.button.isEnabled()
    assert "must be set aside with a reason" in page.sign.reason.text()
    with qtbot.assertNotEmitted(page.sign_requested):
        page.open_sign()


def test_severe_alerts_interrupt_once_in_one_list_and_milder_ones_never(page: PlanPage, qtbot: QtBot) -> None:
    plan = samples.plan()
    options = [replace(option, verdict="caution") for option in plan.options]
    page.show_plan(replace(plan, options=options))
    assert page.lower.currentIndex() == 0
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [alert.rule_id for alert in page.sign.open_alerts.records()] == [
        "allergy.penicillin.amoxicillin", "ansm.avk.macrolides"]
    assert page.sign.alert_view.isVisible()
    assert page.sign.current_alert() == page.sign.open_alerts.records()[0]
    page.show_decisions(samples.decisions())
    assert [alert.rule_id for alert in page.sign.open_alerts.records()] == ["allergy.penicillin.amoxicillin"]
    page.show_decisions(replace(samples.decisions(), overrides=(
        *samples.decisions().overrides, Override("allergy.penicillin.amoxicillin", "will_monitor"))))
    assert not page.sign.alert_view.isVisible()
    assert page.sign.may_sign()


def test_an_alert_is_set_aside_from_the_signing_and_leads_back_to_it(page: PlanPage, qtbot: QtBot) -> None:
    page.show_decisions(Decisions())
    page.open_sign()
    page.sign.alert_view.activated.emit(page.sign.alert_view.currentIndex())
    assert page.lower.currentWidget() is page.override
    page.override.reasons.buttons()[0].setChecked(True)
    with qtbot.waitSignal(page.override_given) as given:
        page.override.button.click()
    assert given.args[0] == "ansm.avk.macrolides (clarithromycin + warfarin)"
    assert page.lower.currentWidget() is page.sign
    page.close_panel()
    assert page.lower.currentIndex() == 0


@pytest.mark.parametrize(("role", "allowed"), [
    (Role.CLINICIAN, True), (Role.CLINICAL_LEAD, True), (Role.NURSE, False), (Role.IT, False),
])
def test_only_clinicians_and_the_lead_sign(page: PlanPage, role: Role, allowed: bool) -> None:
    page.show_decisions(samples.decisions())
    page.show_signer("Somebody", role)
    assert page.sign.may_sign() is allowed


def test_a_signed_plan_says_who_and_when_and_is_not_signed_twice(page: PlanPage) -> None:
    page.show_decisions(samples.decisions())
    page.show_signature(samples.signature())
    assert page.header.subtitle().startswith("Signed by Dr Li Hua 李华, 2026-11-22 11:05")
    assert not page.sign.may_sign()
    page.show_signature(None)
    assert page.header.subtitle().startswith("Draft, not signed")
    assert page.sign.may_sign()


def test_keys_for_build_alerts_basis_and_print(page: PlanPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.plan_requested) as asked:
        qtbot.keyClick(page, Qt.Key.Key_P)
    assert asked.args == [False]
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert page.tabs.currentWidget() is page.tabs.basis
    qtbot.keyClick(page, Qt.Key.Key_C)
    assert page.tabs.currentWidget() is page.tabs.alerts
    with qtbot.waitSignal(page.print_requested):
        qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_buttons_for_prose_and_pdf(page: PlanPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.plan_requested) as asked:
        qtbot.mouseClick(page.prose_button, Qt.MouseButton.LeftButton)
    assert asked.args == [True]
    with qtbot.waitSignal(page.pdf_requested):
        qtbot.mouseClick(page.pdf_button, Qt.MouseButton.LeftButton)


def test_without_a_plan_there_is_nothing_to_print_or_sign(page: PlanPage, qtbot: QtBot) -> None:
    page.show_empty()
    assert not page.print_button.isEnabled()
    assert not page.sign_button.isEnabled()
    with qtbot.assertNotEmitted(page.print_requested):
        qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)


def test_an_uncovered_diagnosis_offers_passages_and_no_signature(page: PlanPage) -> None:
    page.show_plan(samples.uncovered())
    assert page.stack.currentWidget() is page.uncovered
    assert "Cystic fibrosis affects the lungs" in page.uncovered.passages.text()
    assert "Sample leaflet" in page.uncovered.passages.text()
    assert not page.sign_button.isEnabled()


def test_changes_are_a_tab_only_where_there_are_some(page: PlanPage) -> None:
    place = page.tabs.indexOf(page.tabs.changes)
    assert page.tabs.isTabVisible(place)
    page.show_plan(replace(samples.plan(), changes=[]))
    assert not page.tabs.isTabVisible(place)


def test_a_failed_or_stopped_run_keeps_the_table(page: PlanPage) -> None:
    page.show_failed("model_missing")
    assert page.state.state is State.FAILED
    page.show_stopped()
    assert page.state.state is State.STOPPED
    assert page.table.options.rowCount() == 6


def test_everything_changes_language_live(page: PlanPage, languages: Languages) -> None:
    page.show_decisions(samples.decisions())
    languages.use("zh")
    QCoreApplication.processEvents()
    assert page.header.title() == "治疗方案：肺炎"
    assert page.table.options.headerData(Column.VERDICT, Qt.Orientation.Horizontal) == "安全核查"
    assert any(row.text.startswith("可考虑多西环素") for row in page.sentences.model.records())
    assert page.tabs.tabText(0) == "警示 (C)"
    page.open_sign()
    assert any(change.before.startswith("六周后") for change in page.sign.model.records())
