"""The clinic's own cases move the prior, but never push a dangerous condition below its floor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import api
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.local_prior import FLOOR, local_prevalence
from engine.knowledge.index import KnowledgeIndex


@pytest.fixture(scope="module")
def table(diagnosis_index: KnowledgeIndex) -> CommonTable:
    return CommonTable.load(diagnosis_index)


def test_no_cases_leave_the_table_as_it_is(table: CommonTable) -> None:
    assert local_prevalence(table, {}) == pytest.approx(table.model.prevalence)


def test_many_cases_of_one_condition_raise_it(table: CommonTable) -> None:
    number = table.code(0)
    assert local_prevalence(table, {number: 500})[0] > 0.5


@given(count=st.integers(0, 100_000))
def test_a_dangerous_condition_keeps_its_floor(diagnoser: Diagnoser, count: int) -> None:
    table = diagnoser.bayes.table
    prevalence = local_prevalence(table, {"DDX:URTI": count, "OMIM:1": 9})
    severe = np.array([condition.severity <= 2 for condition in table.conditions])
    assert prevalence.sum() == pytest.approx(1.0)
    assert (prevalence[severe] >= 0.5 * FLOOR * np.asarray(table.model.prevalence)[severe]).all()


def test_much_influenza_seen_ranks_it_higher(diagnosis_index: KnowledgeIndex, diagnoser: Diagnoser) -> None:
    local = Diagnoser(diagnosis_index, confirmed={"DDX:Influenza": 300})
    case = api.Case(findings=[api.Finding(code=code) for code in ("E_91", "E_201", "E_97", "E_144")])

    def influenza(engine: Diagnoser) -> float:
        ranked = engine.diagnose(case, top=49).hypotheses
        return next(row.votes.bayes or 0.0 for row in ranked if row.code == "DDX:Influenza")

    assert influenza(local) > influenza(diagnoser)
