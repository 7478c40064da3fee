"""The case page: typing is handed out after a pause, Enter runs, impossible values stop, chips work by keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.case.record import CaseFinding, CaseRecord, FindingOrigin, FindingState
from desktop.views.case_page import CasePage
from engine.api import Bilingual

TEXT = "😀 Fever, no cough. 发热"


def finding(code, start, end, **changes):
    given = CaseFinding(code, code, code, FindingState.SUGGESTED, FindingOrigin.TEXT, start=start, end=end)
    return replace(given, **changes)


FINDINGS = (finding("fever", 2, 7), finding("cough", 12, 17, negated=True))
RECORD = CaseRecord(visit_date="2026-11-22", text=TEXT, findings=FINDINGS)


@pytest.fixture
def page(qtbot):
    page = CasePage()
    qtbot.addWidget(page)
    page.resize(1150, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.show_case(RECORD)
    return page


def test_showing_a_case_is_no_edit(qtbot, page):
    with qtbot.assertNotEmitted(page.edited, wait=400):
        page.show_case(replace(RECORD, text="other"))


def test_typing_is_handed_out_once_after_the_pause(qtbot, page):
    seen = []
    page.edited.connect(seen.append)
    with qtbot.waitSignal(page.edited):
        page.story.insertPlainText("a")
        page.story.insertPlainText("b")
    assert [record.text for record in seen] == [f"ab{TEXT}"]


def test_leaving_the_page_hands_typing_out_at_once(qtbot, page):
    page.form.fields["weight_kg"].editor.setText("61")
    with qtbot.waitSignal(page.edited) as edited:
        page.flush()
    assert edited.args[0].weight_kg == 61
    with qtbot.assertNotEmitted(page.edited):
        page.flush()


def test_enter_in_a_field_runs_with_what_was_just_typed(qtbot, page):
    order = []
    page.edited.connect(lambda record: order.append(record.weight_kg))
    page.run_requested.connect(lambda: order.append("run"))
    field = page.form.fields["weight_kg"].editor
    field.setFocus()
    QTest.keyClicks(field, "61")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert order == [61, "run"]


def test_enter_in_the_story_is_a_new_line_and_ctrl_enter_runs(qtbot, page):
    page.story.setFocus()
    with qtbot.assertNotEmitted(page.run_requested):
        QTest.keyClick(page.story, Qt.Key.Key_Return)
    assert page.story.toPlainText().startswith("\n")
    with qtbot.waitSignal(page.run_requested):
        QTest.keyClick(page.story, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(("field", "typed"), [("age_years", "400"), ("weight_kg", "-3"), ("height_cm", "tall"),
                                              ("birth_date", "31.3.1990"), ("temperature_c", "64")])
def test_impossible_value_stops_the_run_at_its_field(qtbot, page, field, typed):
    page.form.fields[field].editor.setText(typed)
    with qtbot.assertNotEmitted(page.run_requested):
        page.ask_run()
    assert page.form.fields[field].problem
    assert page.banner.code == "out_of_range"
    assert page.focusWidget() is page.form.fields[field].editor


def test_unlikely_value_warns_and_does_not_stop(qtbot, page):
    page.form.fields["weight_kg"].editor.setText("200")
    page.form.fields["height_cm"].editor.setText("100")
    with qtbot.waitSignal(page.run_requested):
        page.ask_run()
    assert page.form.fields["weight_kg"].problem


def test_typed_finding_is_asked_for_and_does_not_run(qtbot, page):
    page.finding_edit.setFocus()
    QTest.keyClicks(page.finding_edit, "stiff neck")
    with qtbot.waitSignal(page.finding_typed) as typed, qtbot.assertNotEmitted(page.run_requested):
        QTest.keyClick(page.finding_edit, Qt.Key.Key_Return)
    assert typed.args == ["stiff neck"]
    assert page.finding_edit.text() == ""


@pytest.mark.parametrize(("row", "key", "state"), [
    (0, Qt.Key.Key_Return, FindingState.CONFIRMED), (1, Qt.Key.Key_Return, FindingState.DENIED),
    (0, Qt.Key.Key_F, FindingState.DENIED), (1, Qt.Key.Key_F, FindingState.CONFIRMED),
    (0, Qt.Key.Key_Delete, FindingState.REJECTED),
])
def test_chip_is_decided_by_key(qtbot, page, row, key, state):
    page.chips.setFocus()
    page.chips.setCurrentIndex(page.chips.chips.index(row))
    with qtbot.waitSignal(page.finding_decided) as decided, qtbot.assertNotEmitted(page.run_requested):
        QTest.keyClick(page.chips, key)
    assert decided.args == [(FINDINGS[row].id,), state]


def test_arrows_move_between_chips_and_light_up_the_place_in_the_text(page):
    page.chips.setFocus()
    page.chips.setCurrentIndex(page.chips.chips.index(0))
    QTest.keyClick(page.chips, Qt.Key.Key_Right)
    assert page.chips.currentIndex().row() == 1
    marks = page.story.extraSelections()
    assert marks[-1].cursor.selectedText() == "cough"


def test_marks_stand_at_the_right_characters_after_an_emoji_and_the_text_is_unchanged(page):
    assert [mark.cursor.selectedText() for mark in page.story.extraSelections()] == ["Fever", "cough"]
    assert page.story.toPlainText() == TEXT


def test_cursor_in_a_marked_word_chooses_its_chip(page):
    cursor = page.story.textCursor()
    cursor.setPosition(TEXT.index("cough") + 3)  # one more UTF-16 unit than characters, because of the emoji
    page.story.setTextCursor(cursor)
    assert page.chips.currentIndex().row() == 1


def test_place_of_the_keyboard_survives_a_decision(page):
    page.chips.setFocus()
    page.chips.setCurrentIndex(page.chips.chips.index(1))
    page.show_findings((FINDINGS[0], replace(FINDINGS[1], state=FindingState.DENIED)))
    assert page.chips.currentIndex().row() == 1
    page.show_findings((FINDINGS[0],))
    assert page.chips.currentIndex().row() == 0


def test_mark_beyond_a_shortened_text_is_left_out(page):
    page.story.setPlainText("short")
    page.show_findings(FINDINGS)
    assert page.story.extraSelections() == []


def test_what_is_kept_is_said(page):
    page.show_saved(False)
    keeping = page._saved.text()
    page.show_saved(True)
    assert page._saved.text() not in ("", keeping)


def test_full_disk_is_said_until_a_later_save_succeeds(page):
    page.show_failed("disk_full")
    page.show_saved(False)
    assert page.banner.code == "disk_full"
    page.show_saved(True)
    assert page.banner.isHidden()


def test_too_long_text_is_said_under_the_story(page):
    page.show_case(replace(RECORD, text="cough\n" * 41_667, findings=()))
    assert "250,000" in page._text_problem.text()


@pytest.mark.parametrize(("target", "key", "modifiers"), [
    ("story", Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
    ("chips", Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)])
def test_one_key_confirms_all_as_read_and_runs_nothing(qtbot, page, target, key, modifiers):
    decided = []
    page.finding_decided.connect(lambda ids, state: decided.append((ids, state)))
    widget = getattr(page, target)
    widget.setFocus()
    with qtbot.assertNotEmitted(page.run_requested):
        QTest.keyClick(widget, key, modifiers)
    assert decided == [((FINDINGS[0].id,), FindingState.CONFIRMED), ((FINDINGS[1].id,), FindingState.DENIED)]
    assert page.story.toPlainText() == TEXT


def test_undecided_findings_are_counted_in_words_until_they_are_decided(page):
    assert page.waiting_line.isVisible()
    assert page.waiting_line.text().startswith("2 ")
    page.show_findings((replace(FINDINGS[0], state=FindingState.REJECTED),
                        replace(FINDINGS[1], state=FindingState.DENIED)))
    assert not page.waiting_line.isVisible()
    assert not page.confirm_button.isVisible()


def test_what_was_not_read_is_said_under_the_text_and_goes_with_the_case(page):
    assert not page.reading.isVisible()
    page.reading.show_notes((Bilingual("not read", "未读"),))
    assert page.reading.note.isVisible()
    assert page.reading.note.text() == "not read"
    page.show_case(replace(RECORD, text="other"))
    assert not page.reading.isVisible()


def test_drugs_of_the_text_that_the_list_lacks_go_into_it_by_a_key(qtbot, page):
    page.reading.show_drugs((Bilingual("metformin", "二甲双胍"), Bilingual("warfarin", "华法林")))
    assert "metformin, warfarin" in page.reading.drugs_line.text()
    with qtbot.waitSignal(page.edited):
        QTest.keyClick(page.reading.drugs_button, Qt.Key.Key_Space)
    assert [taken.name for taken in page.record().medications] == ["metformin", "warfarin"]
    assert not page.reading.isVisible()
    page.reading.show_drugs((Bilingual("warfarin", "华法林"),))
    assert not page.reading.isVisible()
