"""The clinic's own confirmed cases: signed plans by the code of their diagnosis, each case once, nothing typed."""

from __future__ import annotations

import pytest

from desktop import errors
from desktop.case.confirmed import ConfirmedCases
from desktop.case.mapping import to_engine_case
from desktop.case.record import CaseRecord, Role
from desktop.store.cases import Cases
from desktop.store.decisions import Decisions
from desktop.store.own_cases import confirmed_cases
from desktop.store.results import Results
from desktop.store.session import NewUser, Session, switch_user
from desktop.store.users import Users
from engine import api
from tests.desktop.store.conftest import QUICK, a_case

EMPTY_CHECK = api.CheckResult([], [], [])


def plan_for(session: Session, case: CaseRecord, code: str, *, sign: bool) -> None:
    run = api.RunId("run")
    shown = api.Bilingual(code.partition(":")[2], "流感")
    plan = api.Plan(code, shown, True, [], [], [], [], [], [], [], {}, EMPTY_CHECK)
    results = Results(session)
    started = results.start(case, api.PlanRequest(run, to_engine_case(case), code), "0.1.0")
    results.finish(started, api.Done(run, api.Versions("a", "b"), 1.0), api.PlanTabled(run, plan))
    if sign:
        Decisions(session).sign(started)


def test_signed_plans_are_counted_by_disease(session: Session, cases: Cases) -> None:
    for code in ("DDX:Influenza", "DDX:Pneumonia", "DDX:Influenza"):
        plan_for(session, cases.save(a_case()), code, sign=True)
    plan_for(session, cases.save(a_case()), "DDX:URTI", sign=False)
    found = confirmed_cases(session)
    assert [(each.code, each.count) for each in found] == [("DDX:Influenza", 2), ("DDX:Pneumonia", 1)]
    assert found[0] == ConfirmedCases("DDX:Influenza", api.Bilingual("Influenza", "流感"), 2)


def test_a_case_counts_once_for_the_plan_signed_last(session: Session, cases: Cases) -> None:
    case = cases.save(a_case())
    plan_for(session, case, "DDX:Influenza", sign=True)
    plan_for(session, case, "DDX:Pneumonia", sign=True)
    assert [(each.code, each.count) for each in confirmed_cases(session)] == [("DDX:Pneumonia", 1)]


def test_what_somebody_typed_never_leaves_the_case_file(session: Session, cases: Cases) -> None:
    plan_for(session, cases.save(a_case()), "Zebulon's cough", sign=True)
    assert confirmed_cases(session) == ()


def test_a_role_that_reads_no_cases_counts_none(session: Session) -> None:
    Users(session, cost=QUICK).add(NewUser("it", "IT", Role.IT, "it password"))
    with pytest.raises(errors.NotAllowed):
        confirmed_cases(switch_user(session, "it", "it password"))
