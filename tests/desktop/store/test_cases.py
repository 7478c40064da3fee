"""Saving, revisions, drafts, lists and search of cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop import errors
from desktop.case.record import CaseFinding, CaseRecord, DrugAllergy, FindingOrigin, FindingState, Patient, Role
from desktop.store.cases import Cases
from desktop.store.records import CaseFlag, CaseStatus
from desktop.store.session import NewUser, Session, switch_user
from desktop.store.users import Users
from tests.desktop.store.conftest import QUICK, a_case


def test_a_saved_case_comes_back_equal(cases: Cases) -> None:
    finding = CaseFinding("HP:0002094", "Dyspnea", "呼吸困难", FindingState.CONFIRMED, FindingOrigin.FORM, value=3.0)
    answers = (("E_55", ("V_29", "V_89")), ("E_91", True), ("E_56", 5), ("E_59", None))
    record = a_case(findings=(finding,), answers=answers)
    saved = cases.save(record)
    assert cases.load(record.id) == saved == replace(record, revision=1)


def test_a_change_makes_a_new_revision_and_keeps_the_old_one(cases: Cases) -> None:
    first = cases.save(a_case())
    second = cases.save(replace(first, text="changed"))
    assert second.revision == 2
    assert cases.load(first.id, revision=1) == first
    assert [revision.revision for revision in cases.revisions(first.id)] == [1, 2]


def test_a_revision_cannot_be_overwritten_even_by_sql(cases: Cases, session: Session) -> None:
    cases.save(a_case())
    with pytest.raises(Exception, match="append-only"), session.case_file.transaction() as work:
        work.execute("UPDATE case_revisions SET record = '{}'")


def test_saving_over_a_newer_revision_is_refused_and_changes_nothing(cases: Cases) -> None:
    first = cases.save(a_case())
    newer = cases.save(replace(first, text="by the nurse"))
    with pytest.raises(errors.StaleRevision):
        cases.save(replace(first, text="by the doctor"))
    assert cases.load(first.id) == newer


def test_saving_the_same_content_again_makes_no_revision(cases: Cases) -> None:
    first = cases.save(a_case())
    assert cases.save(replace(first, revision=0)) == first
    assert len(cases.revisions(first.id)) == 1


def test_a_draft_survives_reopening_and_is_dropped_by_the_save(
    cases: Cases, session: Session, reopen: Callable[[], Session]
) -> None:
    saved = cases.save(a_case())
    cases.save_draft(replace(saved, text="half a sen"))
    session.case_file.close()
    cases = Cases(reopen())
    draft = cases.load_draft(saved.id)
    assert draft is not None
    assert draft.record.text == "half a sen"
    cases.save(draft.record)
    assert cases.load_draft(saved.id) is None


def test_a_never_saved_draft_stands_on_top_of_today(cases: Cases) -> None:
    cases.save(a_case())
    typed = a_case(name="李四")
    cases.save_draft(typed)
    first, second = cases.on_day("2026-03-01")
    assert (first.id, first.revision, first.flags) == (typed.id, 0, frozenset({CaseFlag.DRAFT}))
    assert second.revision == 1


def test_today_shows_name_age_diagnosis_and_flags(cases: Cases) -> None:
    cases.save(a_case(allergies=(DrugAllergy("penicillin"),), pregnant=True, emergency=True, own_diagnosis="angina"))
    (line,) = cases.on_day("2026-03-01")
    assert (line.name, line.age_years, line.own_diagnosis) == ("Zebulon Quartermaine", 46.0, "angina")
    assert line.status is CaseStatus.OPEN
    assert line.flags == {CaseFlag.ALLERGY, CaseFlag.PREGNANT, CaseFlag.EMERGENCY}


def test_today_leaves_out_other_days(cases: Cases) -> None:
    cases.save(a_case(visit_date="2026-02-28"))
    assert cases.on_day("2026-03-01") == ()
    assert len(cases.recent()) == 1


def test_history_of_a_patient_lists_every_visit_latest_first(cases: Cases) -> None:
    first = cases.save(a_case())
    later = cases.save(CaseRecord(patient=first.patient, visit_date="2026-04-01"))
    cases.save(a_case())
    assert [line.id for line in cases.of_patient(first.patient.id)] == [later.id, first.id]


@pytest.mark.parametrize(
    "typed",
    ["胸痛", "痛", "王小明", "小明", "chest", "CHEST", "ch", "jose", "A-17", "１７", "胸痛 王", "Dyspn", "呼吸"],
)
def test_search_finds_by_any_part_of_a_word_in_both_languages(cases: Cases, typed: str) -> None:
    finding = CaseFinding("HP:0002094", "Dyspnea", "呼吸困难", FindingState.CONFIRMED, FindingOrigin.TEXT)
    patient = Patient(name="王小明 José", local_number="A-17")
    wanted = cases.save(
        CaseRecord(patient=patient, visit_date="2026-03-01", text="Chest pain 胸痛三天", findings=(finding,))
    )
    cases.save(CaseRecord(patient=Patient(name="Other"), visit_date="2026-03-01", text="fever"))
    assert [line.id for line in cases.search(typed)] == [wanted.id]


@pytest.mark.parametrize("typed", ['"', "a OR b", "NEAR(", "%", "_", "\\", "*", "name:x", "-", "'; DROP TABLE audit"])
def test_search_signs_are_text_not_operators(cases: Cases, typed: str) -> None:
    cases.save(a_case(text="plain", name="x"))
    assert cases.search(typed) == ()


@pytest.mark.parametrize("typed", ["\ud83d", "a\ud83d b", "a\x00zz", "x" * 5000])
def test_strange_search_words_find_nothing_and_break_nothing(cases: Cases, typed: str) -> None:
    cases.save(a_case())
    assert cases.search(typed) == ()


def test_a_name_typed_full_width_is_found_plain(cases: Cases) -> None:
    cases.save(a_case(name="Ｌｉ Ｍｉｎｇ"))
    assert len(cases.search("li ming")) == 1


def test_search_follows_a_changed_case(cases: Cases) -> None:
    saved = cases.save(a_case(text="migraine"))
    cases.save(replace(saved, text="sinusitis"))
    assert cases.search("migraine") == ()
    assert len(cases.search("sinusitis")) == 1


@pytest.mark.parametrize("typed", ["", "  ", "\x00"])
def test_an_empty_search_lists_everything(cases: Cases, typed: str) -> None:
    cases.save(a_case())
    assert len(cases.search(typed)) == 1


def test_text_with_half_a_character_is_stored_with_a_replacement(cases: Cases) -> None:
    saved = cases.save(a_case(text="bad \ud83d end"))
    loaded = cases.load(saved.id)
    assert loaded is not None
    assert loaded.text == "bad ? end"


def test_it_staff_see_no_patient(cases: Cases, session: Session) -> None:
    cases.save(a_case())
    Users(session, cost=QUICK).add(NewUser("it", "IT", Role.IT, "some password"))
    it_cases = Cases(switch_user(session, "it", "some password"))
    for reading in (it_cases.recent, it_cases.drafts, lambda: it_cases.search("chest")):
        with pytest.raises(errors.NotAllowed):
            reading()
