"""The window: keys of the clinic, pages of a case only with a case, nothing of the work visible before the unlock."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.case.record import CaseRecord, Role
from desktop.views.case_page import CasePage
from desktop.views.check import CheckPage
from desktop.views.clinic import ClinicPage
from desktop.views.differential import DifferentialPage
from desktop.views.models_page import ModelsPage
from desktop.views.plan import PlanPage
from desktop.views.shell import Pages, ShellWindow
from desktop.views.today import TodayPage


@pytest.fixture
def window(qtbot, languages):
    window = ShellWindow(Pages(TodayPage(), CasePage(), DifferentialPage(), PlanPage(), CheckPage(), ClinicPage(),
                               ModelsPage()))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def at_work(window):
    window.show_workplace()
    window.open_case(True)
    return window


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window, key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_before_the_unlock_only_the_language_key_works(qtbot, window):
    window.show_unlock()
    window.unlock.show_users(("lin",))
    with qtbot.assertNotEmitted(window.new_case_requested), qtbot.assertNotEmitted(window.lock_requested):
        press(window, Qt.Key.Key_N, CTRL)
        press(window, Qt.Key.Key_L, CTRL)
    with qtbot.waitSignal(window.language_requested):
        press(window, Qt.Key.Key_F9)


def test_letters_typed_as_a_password_are_no_commands(window):
    window.show_unlock()
    window.unlock.show_users(("lin",))
    QTest.keyClicks(window.unlock.password.editor, "dpc/")
    assert window.unlock.password.editor.text() == "dpc/"


def test_locked_window_shows_nothing_of_the_case(at_work):
    at_work.show_page("case")
    at_work.pages.case.show_case(CaseRecord(text="secret story"))
    at_work.show_unlock()
    assert not at_work.pages.case.isVisible()
    assert not at_work.status.isVisible()
    assert not at_work.is_at_work


def test_unlock_goes_back_to_the_same_page(at_work):
    at_work.show_page("plan")
    at_work.show_unlock()
    at_work.show_workplace()
    assert at_work.page == "plan"
    assert at_work.pages.plan.isVisible()


@pytest.mark.parametrize(("key", "signal"), [
    ((Qt.Key.Key_N, CTRL), "new_case_requested"), ((Qt.Key.Key_L, CTRL), "lock_requested"),
    ((Qt.Key.Key_F9,), "language_requested"), ((Qt.Key.Key_Escape,), "stop_requested")])
def test_keys_that_ask(qtbot, at_work, key, signal):
    at_work.show_page("case")
    with qtbot.waitSignal(getattr(at_work, signal)):
        press(at_work, *key)


@pytest.mark.parametrize(("key", "page"), [
    (Qt.Key.Key_P, "plan"), (Qt.Key.Key_C, "check"), (Qt.Key.Key_D, "differential")])
def test_keys_that_turn_to_a_page(at_work, key, page):
    at_work.pages.today.table.setFocus()
    press(at_work, key)
    assert at_work.page == page


def test_slash_searches_from_any_page(at_work):
    at_work.show_page("check")
    press(at_work, Qt.Key.Key_Slash)
    assert at_work.page == "today"
    assert at_work.focusWidget() is at_work.pages.today.search


def test_letters_in_the_story_are_text(at_work):
    at_work.show_page("case")
    at_work.pages.case.story.setFocus()
    QTest.keyClicks(at_work.pages.case.story, "cpd/")
    assert at_work.page == "case"
    assert at_work.pages.case.story.toPlainText() == "cpd/"


@pytest.mark.parametrize(("page", "key", "signal"), [("plan", Qt.Key.Key_P, "plan_requested")])
def test_page_with_its_own_meaning_of_a_key_gets_it(qtbot, at_work, page, key, signal):
    at_work.show_page(page)
    at_work.pages.plan.setFocus()
    with qtbot.waitSignal(getattr(getattr(at_work.pages, page), signal)):
        press(at_work, key)


def test_pages_of_a_case_wait_for_a_case(window):
    window.show_workplace()
    for name in ("case", "differential", "plan", "check"):
        assert not window.navigation.buttons[name].isEnabled()
        window.show_page(name)
        assert window.page == "today"
    window.open_case(True)
    window.navigation.buttons["case"].click()
    assert window.page == "case"


def test_error_above_the_pages_stays_until_closed_and_good_news_goes(at_work):
    at_work.show_failed("disk_full")
    at_work.show_page("case")
    assert at_work.banner.code == "disk_full"
    at_work.banner._close.click()
    assert at_work.banner.isHidden()


def test_who_is_at_work_is_named_in_the_language_of_the_screen(at_work, languages, qtbot):
    at_work.show_user("Dr Lin", Role.CLINICAL_LEAD)
    assert at_work.navigation.user.text() == "Dr Lin\nclinical lead"
    languages.use("zh")
    qtbot.waitUntil(lambda: "临床负责人" in at_work.navigation.user.text())
    assert at_work.navigation.buttons["plan"].text() == "方案"


def test_every_button_of_the_window_has_words(at_work):
    from PySide6.QtWidgets import QAbstractButton

    silent = [button for button in at_work.findChildren(QAbstractButton)
              if not (button.text() or button.accessibleName() or button.toolTip())
              and button.metaObject().className() not in ("QLineEditIconButton", "QTableCornerButton")]
    assert silent == []


def test_window_fits_the_clinics_screen(at_work):
    at_work.resize(1366, 768)
    for name in ("today", "case", "differential", "plan", "check"):
        at_work.show_page(name)
        assert at_work.minimumSizeHint().width() <= 1366, name
        assert at_work.minimumSizeHint().height() <= 768, name
