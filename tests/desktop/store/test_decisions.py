"""The clinician's own diagnosis, edits, overrides and signatures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop import errors
from desktop.case.mapping import to_engine_case
from desktop.case.record import CaseRecord, ResultId, Role
from desktop.store.audit import Audit
from desktop.store.cases import Cases
from desktop.store.decisions import Decisions
from desktop.store.records import CaseStatus
from desktop.store.results import Results
from desktop.store.session import NewUser, Session, switch_user
from desktop.store.users import Users
from engine import api
from tests.desktop.store.conftest import QUICK, a_case

RUN = api.RunId("run")


@pytest.fixture
def case(cases: Cases) -> CaseRecord:
    return cases.save(a_case())


@pytest.fixture
def result_id(session: Session, case: CaseRecord) -> ResultId:
    results = Results(session)
    started = results.start(case, api.PlanRequest(RUN, to_engine_case(case), "DDX:Angina"), "0.1.0")
    results.finish(started, api.Done(RUN, api.Versions("a", "b"), 1.0))
    return started


@pytest.fixture
def decisions(session: Session) -> Decisions:
    return Decisions(session)


def as_nurse(session: Session) -> Session:
    Users(session, cost=QUICK).add(NewUser("nurse", "Nurse Li", Role.NURSE, "nurse password"))
    return switch_user(session, "nurse", "nurse password")


def test_the_last_own_diagnosis_is_valid_and_the_first_is_kept(decisions: Decisions, case: CaseRecord) -> None:
    assert decisions.own_diagnosis(case.id) is None
    decisions.give_own_diagnosis(case.id, "pleurisy")
    decisions.give_own_diagnosis(case.id, "angina")
    assert [given.text for given in decisions.own_diagnoses(case.id)] == ["pleurisy", "angina"]
    valid = decisions.own_diagnosis(case.id)
    assert valid is not None
    assert valid.text == "angina"


def test_the_list_and_the_search_know_the_own_diagnosis(decisions: Decisions, cases: Cases, case: CaseRecord) -> None:
    decisions.give_own_diagnosis(case.id, "胸膜炎")
    assert cases.recent()[0].own_diagnosis == "胸膜炎"
    assert len(cases.search("胸膜")) == 1


def test_an_own_diagnosis_in_the_form_counts_as_given(decisions: Decisions, cases: Cases, case: CaseRecord) -> None:
    saved = cases.save(replace(case, own_diagnosis="gout"))
    cases.save(replace(saved, text="more"))
    assert [given.text for given in decisions.own_diagnoses(case.id)] == ["gout"]


def test_edits_are_kept_in_order(decisions: Decisions, result_id: ResultId) -> None:
    decisions.edit_sentence(result_id, "plan", 2, "edited", "Take aspirin.", "Take paracetamol.")
    decisions.edit_sentence(result_id, "plan", 3, "adopted", "Rest.", "Rest.")
    kept = [(edit.position, edit.action) for edit in decisions.sentence_edits(result_id)]
    assert kept == [(2, "edited"), (3, "adopted")]


def test_an_override_keeps_its_reason_for_the_next_user(
    decisions: Decisions, session: Session, case: CaseRecord, result_id: ResultId
) -> None:
    decisions.override(case.id, "R1", "  benefit outweighs  ", result_id)
    (seen,) = Decisions(as_nurse(session)).overrides(case.id)
    assert (seen.rule_id, seen.reason, seen.given_by) == ("R1", "benefit outweighs", session.user.id)


def test_an_override_is_seen_at_the_patients_next_visit(
    decisions: Decisions, cases: Cases, case: CaseRecord
) -> None:
    given = decisions.override(case.id, "R1", "benefit")
    cases.save(CaseRecord(patient=case.patient, visit_date="2026-04-01"))
    assert decisions.overrides_of_patient(case.patient.id) == (given,)
    assert decisions.overrides_of_patient(a_case().patient.id) == ()


def test_half_a_character_in_a_decision_is_stored_with_a_replacement(decisions: Decisions, case: CaseRecord) -> None:
    decisions.give_own_diagnosis(case.id, "flu \ud83d")
    valid = decisions.own_diagnosis(case.id)
    assert valid is not None
    assert valid.text == "flu ?"


def test_an_override_without_a_reason_is_a_bug_of_the_caller(decisions: Decisions, case: CaseRecord) -> None:
    with pytest.raises(ValueError, match="reason"):
        decisions.override(case.id, "R1", "  ")


def test_a_signature_names_signer_content_and_changes(
    decisions: Decisions, session: Session, cases: Cases, case: CaseRecord, result_id: ResultId
) -> None:
    decisions.edit_sentence(result_id, "plan", 2, "edited", "Take aspirin.", "Take paracetamol.")
    decisions.override(case.id, "R1", "benefit", result_id)
    signed = decisions.sign(result_id)
    assert (signed.signed_by, signed.signer_name, signed.case_revision) == (session.user.id, "Dr Lead", 1)
    assert signed.changes == ("edited: Take aspirin. → Take paracetamol.", "overridden: R1: benefit")
    assert decisions.signatures(case.id) == (signed,)
    assert decisions.still_holds(signed)
    assert cases.recent()[0].status is CaseStatus.SIGNED
    assert Audit(session.case_file).latest(1)[0].detail == signed.content_hash


def test_a_signature_no_longer_holds_after_any_change(
    decisions: Decisions, cases: Cases, case: CaseRecord, result_id: ResultId
) -> None:
    first = decisions.sign(result_id)
    decisions.edit_sentence(result_id, "plan", 1, "removed", "Rest.", "")
    assert not decisions.still_holds(first)
    second = decisions.sign(result_id)
    cases.save(replace(case, patient=replace(case.patient, phone="1")))
    assert not decisions.still_holds(second)
    assert cases.recent()[0].status is CaseStatus.PLANNED


def test_a_stale_result_cannot_be_signed(
    decisions: Decisions, cases: Cases, case: CaseRecord, result_id: ResultId
) -> None:
    cases.save(replace(case, text="different"))
    with pytest.raises(errors.StaleRevision):
        decisions.sign(result_id)


def test_a_nurse_neither_signs_nor_overrides(session: Session, case: CaseRecord, result_id: ResultId) -> None:
    nurse = Decisions(as_nurse(session))
    with pytest.raises(errors.NotAllowed):
        nurse.sign(result_id)
    with pytest.raises(errors.NotAllowed):
        nurse.override(case.id, "R1", "because")
    nurse.give_own_diagnosis(case.id, "cold")
    assert nurse.signatures(case.id) == ()
