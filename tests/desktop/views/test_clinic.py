"""The Clinic page: everybody sees what is in force, only the lead's controls answer, in both languages."""

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.case.confirmed import ConfirmedCases
from desktop.models.clinic_view import ClinicView
from desktop.views.clinic import CASES_SHOWN, ClinicPage
from engine import api

SEEN = (ConfirmedCases("DDX:Influenza", api.Bilingual("Influenza", "流行性感冒"), 7),)


@pytest.fixture
def page(qtbot, languages):
    page = ClinicPage()
    qtbot.addWidget(page)
    return page


def test_the_leads_switch_is_emitted_as_it_was_set(qtbot, page):
    page.show_policy(ClinicView(may_change=True, confirmed=SEEN))
    with qtbot.waitSignal(page.own_cases_switched) as said:
        page.switch.click()
    assert said.args == [True]
    assert page.cases.text().splitlines() == ["7 confirmed cases", "Influenza: 7"]


def test_for_others_the_controls_rest_and_the_page_says_why(page):
    page.show_policy(ClinicView(own_cases_on=True, confirmed=SEEN))
    assert page.switch.isChecked()
    assert not any(control.isEnabled() for control in (page.switch, page.choose_button, page.remove_button))
    assert "Only the clinical lead" in page._priors_note.text()


def test_what_was_refused_is_told_in_the_engines_words(page):
    page.show_policy(ClinicView(may_change=True, refused="row 3: give either per_100000_years or times"))
    assert "row 3" in page.refused.text()
    assert page.refused.isVisibleTo(page)


def test_own_rates_in_force_are_named_and_can_be_given_up(qtbot, page):
    page.show_policy(ClinicView(may_change=True, priors=api.ClinicPriors("Ours", rows=[api.PriorRow("URTI", 1.0)])))
    assert "Ours: 1 own rows" in page.priors.text()
    with qtbot.waitSignal(page.priors_removed):
        page.remove_button.click()


def test_many_diseases_are_cut_short_with_their_number(page):
    many = tuple(ConfirmedCases(f"OMIM:{n}", api.Bilingual(f"d{n}", f"d{n}"), 1) for n in range(CASES_SHOWN + 3))
    page.show_policy(ClinicView(confirmed=many))
    assert page.cases.text().splitlines()[-1] == "and 3 further diseases"


def test_it_speaks_chinese_at_once(page, languages):
    page.show_policy(ClinicView(may_change=True, confirmed=SEEN))
    page.show()
    languages.use("zh")
    QCoreApplication.sendPostedEvents()
    assert page.header.title() == "诊所"
    assert page.cases.text().splitlines() == ["确诊病例 7 例", "流行性感冒: 7"]
