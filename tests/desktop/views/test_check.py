"""The Check page: one list by harm, plain gaps, the age of every table, and an empty list that says what was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from desktop.i18n import Languages
from desktop.views.check import CheckPage
from desktop.views.rich_delegate import toned
from engine.api import Severity, SourceRecord
from tests.desktop import samples


@pytest.fixture
def page(qtbot: QtBot) -> CheckPage:
    page = CheckPage(today=lambda: date(2026, 11, 22))
    qtbot.addWidget(page)
    page.show_case(samples.case_record())
    page.show()
    return page


def _tables(*named: tuple[str, str]) -> dict[str, SourceRecord]:
    return {title: SourceRecord(title, edition, "", "", reviewed=False) for title, edition in named}


def test_before_a_check_the_page_says_that_nothing_was_checked(page: CheckPage) -> None:
    assert page.summary() == "Nothing has been checked yet: warfarin, metformin, Fuzheng herbal mixture."
    page.show_case(replace(samples.case_record(), medications=()))
    assert page.summary() == "Nothing has been checked: no medication is recorded."


def test_alerts_are_one_list_with_the_worst_first(page: CheckPage) -> None:
    page.show_check(samples.check_result())
    rows = [page.model.record(page.filter.mapToSource(page.filter.index(row, 0))) for row in range(4)]
    assert [alert.severity for alert in rows if alert is not None] == list(Severity)


def test_a_filter_says_how_many_it_hides(page: CheckPage) -> None:
    page.show_check(samples.check_result())
    page.severity_box.setCurrentIndex(page.severity_box.findData(Severity.AVOID))
    assert page.filter.rowCount() == 2
    assert "2 of 4 alerts shown" in page.summary()
    page.words_field.setText("amoxicillin")
    assert page.filter.rowCount() == 1


def test_unknown_drugs_and_unfinished_checks_are_shown_plainly(page: CheckPage) -> None:
    page.show_check(samples.check_result())
    text = page.gaps.text()
    assert "Fuzheng herbal mixture" in text
    assert "Did you mean ginseng?" in text
    assert "Warfarin: no kidney row in the tables; look it up." in text
    assert "Liver function for clarithromycin: needs Child-Pugh class" in text
    assert "Fuzheng" not in page.summary()


def test_an_empty_list_says_which_drugs_and_tables_were_asked(page: CheckPage) -> None:
    page.show_check(replace(samples.clear_check(), tables=_tables(("ANSM thesaurus", "20-10-2020"))))
    assert page.summary() == ("Checked: warfarin, metformin, Fuzheng herbal mixture. "
                              "None of the tables named below raised an alert on these.")
    assert "ANSM thesaurus, 20-10-2020" in page.gaps.text()


def test_the_age_of_a_table_is_said_in_words(page: CheckPage) -> None:
    tables = _tables(("new", "2026-11-01"), ("older", "2026-04-01"), ("old", "20-10-2020"), ("undated", "3rd"))
    page.show_check(replace(samples.clear_check(), tables=tables))
    text = page.gaps.text()
    assert "✓ 21 day" in text
    assert "△ 235 day" in text
    assert "more than half a year" in text
    assert "! 2224 day" in text
    assert "more than a year" in text
    assert "? no date" in text


def test_the_button_and_escape_ask_for_a_check_and_a_stop(page: CheckPage, qtbot: QtBot) -> None:
    page.activateWindow()
    with qtbot.waitSignal(page.check_requested):
        qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.stop_requested):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_everything_changes_language_live(page: CheckPage, languages: Languages) -> None:
    page.show_check(samples.check_result())
    languages.use("zh")
    QCoreApplication.processEvents()
    assert page.summary() == "已核查：warfarin, metformin。 4 条警示，最严重在前。"
    assert "未核查：知识表中没有" in page.gaps.text()
    assert page.severity_box.itemText(0) == "提示"


def test_without_medication_or_named_tables_nothing_is_claimed(page: CheckPage) -> None:
    page.show_check(samples.clear_check())
    assert "No row of the installed tables raised an alert" in page.summary()
    page.show_case(replace(samples.case_record(), medications=()))
    page.show_check(samples.clear_check())
    assert page.summary() == "No medication is recorded, so there was nothing to check."


def test_without_medication_the_page_says_what_it_is_for_and_leads_to_the_case(page: CheckPage, qtbot: QtBot) -> None:
    page.show_case(replace(samples.case_record(), medications=()))
    assert page.no_medication.isVisible()
    assert not page.run_button.isEnabled()
    with qtbot.waitSignal(page.medication_requested):
        page.no_medication.button.click()
    page.update_case(samples.case_record())
    assert not page.no_medication.isVisible()
    assert page.summary().startswith("Nothing has been checked yet: warfarin")


def test_an_alert_names_its_source_by_title_and_that_source_s_own_age(page: CheckPage) -> None:
    result = samples.check_result()
    record = SourceRecord("A thesaurus", "2020-10-20", "", "", reviewed=False)
    page.show_check(replace(result, sources={result.alerts[0].source: record}))
    assert page.model.source(result.alerts[0]) == ("A thesaurus", "2020-10-20")
    assert "A thesaurus, 2020-10-20" in page.gaps.text()


@pytest.mark.parametrize(("edition", "said", "tone"), [
    ("2026-11-01", "✓ 21 day(s) old", "ok"),
    ("2026-04", "△ 235 day(s) old, more than half a year", "warning"),
    ("2016-08-31", "! 3735 day(s) old, more than a year", "danger"),
    ("as mirrored 2026-11", "? no date", "warning"),
])
def test_each_alert_shows_its_own_source_s_age_in_its_colour(
        page: CheckPage, edition: str, said: str, tone: str) -> None:
    alert = replace(samples.check_result().alerts[0], source="fda-2016", edition="2026-11-26")
    record = SourceRecord("A safety communication", edition, "", "", reviewed=False)
    page.show_check(replace(samples.check_result(), alerts=[alert], sources={"fda-2016": record}))
    markup = page._markup(page.filter.index(0, 0))
    assert f"A safety communication, {edition}" in markup
    assert toned(said, tone) in markup
