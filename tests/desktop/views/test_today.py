"""Today asks for lists, shows them, and says what to do when there is nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.models.today_model import TodayRow
from desktop.views.today import CaseQuery, TodayPage

ROWS = tuple(TodayRow(f"c{number}", f"Patient {number}", "", "female", 30.0, "2026-11-22", "open", None, frozenset())
             for number in range(3))


@pytest.fixture
def page(qtbot, languages):
    page = TodayPage()
    qtbot.addWidget(page)
    page.show()
    return page


def test_typing_asks_once_after_a_pause(qtbot, page):
    seen = []
    page.query_changed.connect(seen.append)
    QTest.keyClicks(page.search, " li ")
    qtbot.waitUntil(lambda: seen == [CaseQuery("li", today_only=True)])


def test_all_days_is_asked_for_at_once(qtbot, page):
    with qtbot.waitSignal(page.query_changed) as asked:
        page.all_button.click()
    assert asked.args == [CaseQuery("", today_only=False)]


def test_enter_in_the_search_box_opens_the_first_case(qtbot, page):
    page.show_rows(ROWS)
    with qtbot.waitSignal(page.case_chosen) as chosen:
        QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert chosen.args == ["c0"]


def test_enter_while_still_typing_searches_instead_of_opening_the_wrong_case(qtbot, page):
    page.show_rows(ROWS)
    QTest.keyClicks(page.search, "okafor")
    with qtbot.waitSignal(page.query_changed), qtbot.assertNotEmitted(page.case_chosen):
        QTest.keyClick(page.search, Qt.Key.Key_Return)


def test_table_opens_by_keyboard_and_mouse(qtbot, page):
    page.show_rows(ROWS)
    page.table.selectRow(1)
    with qtbot.waitSignal(page.case_chosen) as chosen:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert chosen.args == ["c1"]
    with qtbot.waitSignal(page.case_chosen) as chosen:
        page.table.doubleClicked.emit(page.model.index(2, 0))
    assert chosen.args == ["c2"]


def test_tab_leaves_the_table(page):
    assert not page.table.tabKeyNavigation()


@pytest.mark.parametrize(("typed", "all_days", "words"), [
    ("", False, "No cases today yet"), ("", True, "The case file is empty"), ("zzz", False, "Nothing found")])
def test_empty_list_says_why_and_what_to_do(page, typed, all_days, words):
    page.search.setText(typed)
    (page.all_button if all_days else page.today_button).setChecked(True)
    page.show_rows(())
    assert page._empty_title.text() == words
    assert page._empty_title.isVisible()
    assert page._empty_text.text()


def test_count_is_said_in_words(page):
    page.show_rows(ROWS[:1])
    assert page._count.text() == "1 case"
    page.show_rows(ROWS)
    assert page._count.text() == "3 cases"


def test_failure_is_said_above_the_list_and_goes_with_the_next_list(page):
    page.show_failed("not_allowed")
    assert page.banner.code == "not_allowed"
    page.show_rows(ROWS)
    assert page.banner.isHidden()


def test_new_case_button(qtbot, page):
    with qtbot.waitSignal(page.new_case_requested):
        page.new_button.click()
