"""First start: names, two equal passwords, and a recovery code that must be typed back."""

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.views.printing import recovery_sheet
from desktop.views.setup import SetupPage
from desktop.views.unlock import Credentials

CODE = "HJ12-K7W1-MGJ6-T2DN"


@pytest.fixture
def page(qtbot):
    page = SetupPage()
    qtbot.addWidget(page)
    page.show()
    return page


def fill(page, name="Dr Lin", first="three odd words", second="three odd words"):
    page.user_name.editor.setText(name)
    page.password.editor.setText(first)
    page.repeated.editor.setText(second)


def test_complete_form_asks_to_create_and_forgets_the_password(qtbot, page):
    fill(page)
    with qtbot.waitSignal(page.create_requested) as asked:
        page.create_button.click()
    assert asked.args == [Credentials("Dr Lin", "three odd words")]
    assert page.password.editor.text() == page.repeated.editor.text() == ""


@pytest.mark.parametrize(("change", "field"), [
    ({"name": "  "}, "user_name"), ({"first": "short", "second": "short"}, "password"),
    ({"second": "three odd wordz"}, "repeated"),
])
def test_what_is_missing_is_said_under_its_field(qtbot, page, change, field):
    fill(page, **change)
    with qtbot.assertNotEmitted(page.create_requested):
        page.create_button.click()
    wrong = {name for name in ("user_name", "password", "repeated") if getattr(page, name).problem}
    assert wrong == {field}


def test_strength_is_hinted_while_typing(page):
    page.password.editor.setText("12345678")
    assert "guess" in page.strength_hint.text()
    page.password.editor.setText("lamp river copper seven")
    assert page.strength_hint.text() == "Good."
    page.password.editor.clear()
    assert page.strength_hint.text() == ""


def test_recovery_code_must_be_typed_back_before_work_starts(qtbot, page):
    page.show_recovery_code(CODE)
    assert page.code.text() == CODE
    assert not page.finish_button.isEnabled()
    page.confirmation.editor.setText("T2DX")
    assert not page.finish_button.isEnabled()
    page.confirmation.editor.setText("t2dn")
    assert page.finish_button.isEnabled()
    with qtbot.waitSignal(page.finished):
        page.finish_button.click()


def test_three_characters_are_not_enough(page):
    page.show_recovery_code(CODE)
    page.confirmation.editor.setText("2DN")
    assert not page.finish_button.isEnabled()


def test_copy_and_print_hand_out_the_code(qtbot, page):
    page.show_recovery_code(CODE)
    page.copy_button.click()
    assert QGuiApplication.clipboard().text() == CODE
    with qtbot.waitSignal(page.print_requested) as asked:
        page.print_button.click()
    assert asked.args == [CODE]


def test_printed_sheet_holds_the_code_and_a_warning(qapp):
    text = recovery_sheet(CODE).toPlainText()
    assert CODE in text
    assert "Lock it away" in text


def test_failure_leaves_the_form_ready_for_another_try(page):
    fill(page)
    page.show_working()
    assert not page.create_button.isEnabled()
    page.show_failed("disk_full")
    assert page.create_button.isEnabled()
    assert page.banner.code == "disk_full"
    assert page.user_name.editor.text() == "Dr Lin"
