"""The Differential page: what never waits, commit first, ranking, silence, states and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.i18n import Languages
from desktop.views.differential import DifferentialPage
from desktop.views.result_state import State
from tests.desktop import samples


@pytest.fixture
def page(qtbot: QtBot) -> DifferentialPage:
    page = DifferentialPage()
    qtbot.addWidget(page)
    page.show_case(samples.case_record())
    page.resize(1130, 640)
    page.show()
    page.activateWindow()
    return page


def _is_current(page: DifferentialPage, panel: QWidget) -> bool:
    return page.stack.currentWidget() is panel


def test_danger_signs_and_cant_miss_never_wait_for_the_own_diagnosis(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), None, commit_first=True)
    assert _is_current(page, page.commit)
    assert page.danger.isVisible()
    assert "Oxygen saturation 91 %" in page.danger.lines.text()
    assert page.cant_miss.isVisible()


def test_nothing_of_the_ranking_leaks_before_the_own_diagnosis(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), None, commit_first=True)
    assert page.model.rowCount() == 0
    assert not page.tabs.questions.model.show_effects
    assert [page.tabs.isTabEnabled(place) for place in range(4)] == [False, True, False, False]
    assert not page.plan_button.isEnabled()


def test_the_own_diagnosis_is_given_with_return_and_never_empty(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), None, commit_first=True)
    page.commit.field.setText("   ")
    assert not page.commit.button.isEnabled()
    page.commit.field.setText(" Bronchitis ")
    with qtbot.waitSignal(page.own_diagnosis_given) as given:
        qtbot.keyClick(page.commit.field, Qt.Key.Key_Return)
    assert given.args == ["Bronchitis"]


def test_the_list_follows_with_agreement_in_words(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "Bronchitis", commit_first=True)
    assert _is_current(page, page.view)
    assert page.model.rowCount() == 6
    standing = page.standing_text()
    assert "Your diagnosis: Bronchitis." in standing
    assert "in the list, but not first" in standing
    assert "The voices are split" in standing
    assert "qi deficiency" in standing


def test_without_commit_first_the_list_is_shown_at_once(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), None, commit_first=False)
    assert _is_current(page, page.view)


def test_at_most_five_cant_miss_and_a_link_selects_the_row(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    text = page.cant_miss.lines.text()
    assert text.count("<a href") == 5
    assert "A sixth one" not in text
    page.cant_miss.chosen.emit("DDX:Tuberculosis")
    selected = page.selected()
    assert selected is not None
    assert selected.code == "DDX:Tuberculosis"


def test_evidence_follows_the_selected_row(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    first = page.tabs.evidence.model.rowCount()
    page.view.setCurrentIndex(page.model.index(5))
    assert (first, page.tabs.evidence.model.rowCount()) == (6, 2)


def test_an_abstained_case_shows_reasons_and_no_probability(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.abstained(), "Bronchitis", commit_first=True)
    assert _is_current(page, page.abstained)
    assert "Several diagnoses fit equally well." in page.abstained.reasons.text()
    qtbot.mouseClick(page.abstained.button, Qt.MouseButton.LeftButton)
    assert _is_current(page, page.view)
    assert "Candidates only" in page.standing_text()
    assert all("%" not in page.model.spoken(entry) for entry in page.model.records())


def test_an_abstained_case_without_candidates_offers_none(page: DifferentialPage) -> None:
    page.show_differential(replace(samples.abstained(), hypotheses=[]), "x", commit_first=True)
    assert not page.abstained.button.isVisible()


def test_what_would_change_it_names_finding_and_disease(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    qtbot.keyClick(page, Qt.Key.Key_W)
    assert page.tabs.currentWidget() is page.tabs.change
    assert page.tabs.change.text() == ("If “Swelling of one leg” were present instead of absent, "
                                  "Pulmonary embolism would be first.")


def test_f2_opens_the_basis_with_versions_date_and_gaps(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    page.show_versions(samples.VERSIONS, samples.MADE_AT)
    qtbot.keyClick(page, Qt.Key.Key_F2)
    assert page.tabs.currentWidget() is page.tabs.basis
    text = page.tabs.basis.plain_text()
    for part in ("0.1.0", "2026-11-20", "minilm-int8", "2026-11-22 10:42", "Weight, Temperature", "qi deficiency"):
        assert part in text
    assert "not reviewed by a clinician" in text


def test_p_asks_for_the_plan_of_the_selected_disease(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    page.view.setCurrentIndex(page.model.index(2))
    with qtbot.waitSignal(page.plan_requested) as asked:
        qtbot.keyClick(page, Qt.Key.Key_P)
    assert asked.args == ["DDX:Bronchitis"]


def test_d_opens_the_own_diagnosis_and_escape_leaves_it(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), "Bronchitis", commit_first=True)
    qtbot.keyClick(page, Qt.Key.Key_D)
    assert _is_current(page, page.commit)
    assert page.commit.field.text() == "Bronchitis"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert _is_current(page, page.view)


def test_return_runs_and_escape_stops(page: DifferentialPage, qtbot: QtBot) -> None:
    page.setFocus()
    with qtbot.waitSignal(page.run_requested):
        qtbot.keyClick(page, Qt.Key.Key_Return)
    page.show_running("diagnose")
    with qtbot.waitSignal(page.stop_requested):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_letters_typed_into_the_own_diagnosis_are_no_commands(page: DifferentialPage, qtbot: QtBot) -> None:
    page.show_differential(samples.differential(), None, commit_first=True)
    qtbot.keyClicks(page.commit.field, "dwp")
    assert page.commit.field.text() == "dwp"
    assert _is_current(page, page.commit)


def test_an_earlier_result_stays_while_a_new_one_runs_and_when_it_fails(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    page.show_running("diagnose")
    assert _is_current(page, page.view)
    page.show_failed("engine_crashed")
    assert page.state.state is State.FAILED
    assert page.model.rowCount() == 6


def test_a_stale_result_says_so_and_a_new_one_does_not(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    page.set_stale(True)
    assert page.state.isVisible()
    page.show_differential(samples.differential(), "x", commit_first=True)
    assert not page.state.isVisible()


def test_a_new_case_clears_everything(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    page.show_case(samples.case_record())
    assert page.model.rowCount() == 0
    assert not page.danger.isVisible()
    assert not page.cant_miss.isVisible()
    assert page.tabs.evidence.model.rowCount() == 0


def test_everything_on_the_page_changes_language_live(page: DifferentialPage, languages: Languages) -> None:
    page.show_differential(samples.differential(), "Bronchitis", commit_first=True)
    languages.use("zh")
    QCoreApplication.processEvents()
    assert "您的诊断：Bronchitis" in page.standing_text()
    assert "血氧饱和度 91 %" in page.danger.lines.text()
    assert page.model.text(page.model.records()[0]) == "1. 肺炎"
    assert page.tabs.tabText(0) == "支持与不支持"
    assert "肺栓塞" in page.tabs.change.text()
    languages.use("en")
    QCoreApplication.processEvents()
    assert page.model.text(page.model.records()[0]) == "1. Pneumonia"


def test_text_of_a_record_never_becomes_markup(page: DifferentialPage) -> None:
    flag = replace(samples.red_flags()[0], text="<i>x</i> & y", display=None)
    page.show_differential(replace(samples.differential(), red_flags=[flag]), "x", commit_first=True)
    assert "&lt;i&gt;x&lt;/i&gt; &amp; y" in page.danger.lines.text()


def test_findings_that_were_not_counted_are_said_without_stopping_anybody(page: DifferentialPage) -> None:
    page.show_differential(samples.differential(), "x", commit_first=True)
    assert not page.waiting_findings.isVisible()
    page.waiting_findings.show_count(7)
    assert page.waiting_findings.isVisible()
    assert "7 finding" in page.waiting_findings.accessibleName()
    assert _is_current(page, page.view)
    page.waiting_findings.show_count(0)
    assert not page.waiting_findings.isVisible()
