"""Runs of the engine in the case file: progress, endings, interruption, staleness, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop import errors
from desktop.case.mapping import to_engine_case
from desktop.case.record import CaseRecord, Patient, ResultId, Role
from desktop.store.cases import Cases
from desktop.store.records import CaseFlag, CaseStatus, ResultStatus, Verdict
from desktop.store.results import Results, request_hash
from desktop.store.session import NewUser, Session, switch_user
from desktop.store.users import Users
from engine import api
from tests.desktop.store.conftest import QUICK, a_case

RUN = api.RunId("run")
BOTH = api.Bilingual("angina", "心绞痛")
DONE = api.Done(RUN, api.Versions("0.1", "k7", {"gguf": "smol"}), 812.5, {"diagnose": 40.0})
CHECK = api.CheckResult(
    [api.Alert("interaction", api.Severity.AVOID, True, ["warfarin", "aspirin"], "R1", "bleeding", "ansm", "2020")],
    [], [], knowledge_rows=["safety.row1@2020"],
)


def a_differential() -> api.Differential:
    hypothesis = api.Hypothesis(1, "DDX:Angina", "Angina", BOTH, 0.7, api.Votes(0.7), [])
    return api.Differential("ranked", [hypothesis], [], None, None, [], [], [], [], knowledge_rows=["dx.row9@1"])


def a_plan() -> api.Plan:
    option = api.TreatmentOption(1, "aspirin", "drug", None, "relief", "bleeding", "", 0.5, "blocked", ["allergy"], [])
    rows = ["plan.row2@3"]
    return api.Plan("DDX:Angina", BOTH, True, [option], [], [], [], [], [], [], {}, CHECK, knowledge_rows=rows)


def a_request(case: CaseRecord) -> api.DiagnoseRequest:
    return api.DiagnoseRequest(RUN, to_engine_case(case))


@pytest.fixture
def case(cases: Cases) -> CaseRecord:
    return cases.save(a_case())


@pytest.fixture
def results(session: Session) -> Results:
    return Results(session)


def ranked(results: Results, case: CaseRecord) -> ResultId:
    result_id = results.start(case, a_request(case), "0.1.0")
    results.finish(result_id, DONE, api.Ranked(RUN, a_differential(), []))
    return result_id


def test_a_finished_run_comes_back_with_everything(results: Results, case: CaseRecord) -> None:
    loaded = results.load(ranked(results, case))
    assert loaded.status is ResultStatus.OK
    assert loaded.request == a_request(case)
    assert loaded.differential() == a_differential()
    assert loaded.versions == DONE.versions
    assert (loaded.elapsed_ms, loaded.timings_ms, loaded.case_revision) == (812.5, {"diagnose": 40.0}, 1)
    assert loaded.knowledge_rows == ("dx.row9@1",)
    assert not loaded.stale


def test_a_plan_keeps_verdicts_and_every_row_it_used(results: Results, case: CaseRecord) -> None:
    result_id = results.start(case, api.PlanRequest(RUN, to_engine_case(case), "DDX:Angina"), "0.1.0")
    sentence = api.SentenceWritten(RUN, api.PlanSentence("Rest.", ["s1"], "supported"))
    loaded = results.finish(result_id, DONE, api.PlanTabled(RUN, a_plan()), sentence)
    assert loaded.plan() == a_plan()
    assert [written.text for written in loaded.sentences()] == ["Rest."]
    assert loaded.verdicts == (Verdict("aspirin", "blocked"),)
    assert loaded.knowledge_rows == ("plan.row2@3", "safety.row1@2020")
    assert results.using_knowledge_row("safety.row1@2020") == (result_id,)


def test_a_check_keeps_its_alerts(results: Results, case: CaseRecord) -> None:
    result_id = results.start(case, api.CheckRequest(RUN, to_engine_case(case)), "0.1.0")
    loaded = results.finish(result_id, DONE, api.Checked(RUN, CHECK))
    assert loaded.check() == CHECK
    assert loaded.verdicts == (Verdict("warfarin + aspirin", "avoid"),)


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [(api.Failed(RUN, "engine_crashed", "signal 11"), ResultStatus.FAILED, "engine_crashed"),
     (api.Cancelled(RUN), ResultStatus.CANCELLED, None)],
)
def test_a_run_that_did_not_succeed_says_how(
    results: Results, case: CaseRecord, ending: api.Terminal, status: ResultStatus, code: str | None
) -> None:
    loaded = results.finish(results.start(case, a_request(case), "0.1.0"), ending)
    assert (loaded.status, loaded.error_code, loaded.versions) == (status, code, None)


def test_a_run_cut_short_is_interrupted_and_keeps_what_it_had(
    results: Results, case: CaseRecord, session: Session, reopen: Callable[[], Session]
) -> None:
    result_id = results.start(case, a_request(case), "0.1.0")
    results.add_events(result_id, api.Stage(RUN, "diagnose"), api.Ranked(RUN, a_differential(), []))
    assert results.load(result_id).status is ResultStatus.STARTED
    session.case_file.close()
    again = reopen()
    loaded = Results(again).load(result_id)
    assert loaded.status is ResultStatus.INTERRUPTED
    assert loaded.differential() == a_differential()
    assert CaseFlag.INTERRUPTED in Cases(again).recent()[0].flags


def test_a_closed_run_takes_nothing_more(results: Results, case: CaseRecord) -> None:
    result_id = ranked(results, case)
    with pytest.raises(errors.StaleRevision):
        results.finish(result_id, api.Cancelled(RUN))
    assert results.load(result_id).status is ResultStatus.OK


def test_an_edit_that_matters_makes_the_result_stale(results: Results, cases: Cases, case: CaseRecord) -> None:
    result_id = ranked(results, case)
    cases.save(replace(case, text="now also fever"))
    assert results.load(result_id).stale
    assert CaseFlag.STALE in cases.recent()[0].flags


@pytest.mark.parametrize("change", [{"own_diagnosis": "angina"}, {"patient": Patient(phone="555")}])
def test_own_diagnosis_and_identity_do_not_make_a_result_stale(
    results: Results, cases: Cases, case: CaseRecord, change: dict[str, object]
) -> None:
    if "patient" in change:
        change = {"patient": replace(case.patient, phone="13800138000")}
    result_id = ranked(results, case)
    cases.save(replace(case, **change))  # type: ignore[arg-type]
    assert not results.load(result_id).stale


def test_going_back_to_the_earlier_content_makes_it_fresh_again(
    results: Results, cases: Cases, case: CaseRecord
) -> None:
    result_id = ranked(results, case)
    changed = cases.save(replace(case, text="typo"))
    cases.save(replace(changed, text=case.text))
    assert not results.load(result_id).stale


def test_the_list_shows_how_far_a_case_came(results: Results, cases: Cases, case: CaseRecord) -> None:
    ranked(results, case)
    assert cases.recent()[0].status is CaseStatus.RANKED
    results.finish(results.start(case, api.PlanRequest(RUN, to_engine_case(case), "x"), "0.1.0"), DONE)
    assert cases.recent()[0].status is CaseStatus.PLANNED


def test_the_latest_result_of_a_kind_is_found(results: Results, case: CaseRecord) -> None:
    ranked(results, case)
    second = ranked(results, case)
    latest = results.latest(case.id, "diagnose")
    assert latest is not None
    assert latest.id == second
    assert results.latest(case.id, "plan") is None
    assert len(results.of_case(case.id)) == 2


def test_the_request_hash_leaves_out_the_run_id_and_nothing_else(case: CaseRecord) -> None:
    request = a_request(case)
    assert request_hash(request) == request_hash(replace(request, run_id=api.RunId("other")))
    assert request_hash(request) != request_hash(replace(request, top=11))


def test_a_stored_result_cannot_be_changed(results: Results, case: CaseRecord, session: Session) -> None:
    ranked(results, case)
    for table in ("results", "result_events", "result_endings", "result_knowledge_rows"):
        with pytest.raises(Exception, match="append-only"), session.case_file.transaction() as work:
            work.execute(f"DELETE FROM {table}")


def test_a_run_on_an_unsaved_case_is_refused(results: Results) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        results.start(a_case(), a_request(a_case()), "0.1.0")


def test_it_staff_start_no_runs(results: Results, case: CaseRecord, session: Session) -> None:
    Users(session, cost=QUICK).add(NewUser("it", "IT", Role.IT, "some password"))
    with pytest.raises(errors.NotAllowed):
        Results(switch_user(session, "it", "some password")).start(case, a_request(case), "0.1.0")
