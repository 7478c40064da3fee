"""The clinic's own cases move the prior, but never push a dangerous condition below its floor."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import api
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.local_prior import FLOOR, own_cases
from engine.knowledge.index import KnowledgeIndex


@pytest.fixture(scope="module")
def table(diagnosis_index: KnowledgeIndex) -> CommonTable:
    return CommonTable.load(diagnosis_index)


def shares(table: CommonTable) -> npt.NDArray[np.float64]:
    return np.asarray(table.model.prevalence, dtype=np.float64)


def test_no_cases_leave_the_table_as_it_is(table: CommonTable) -> None:
    assert own_cases(table, shares(table), {}) == pytest.approx(shares(table))


def test_many_cases_of_one_condition_raise_it(table: CommonTable) -> None:
    number = table.code(0)
    assert own_cases(table, shares(table), {number: 500})[0] > 0.5


@given(count=st.integers(0, 100_000))
def test_a_dangerous_condition_keeps_its_floor(diagnoser: Diagnoser, count: int) -> None:
    table = diagnoser.bayes.table
    prevalence = own_cases(table, shares(table), {"ddx:urti": count, "OMIM:1": 9})
    severe = np.array([condition.severity <= 2 for condition in table.conditions])
    assert prevalence.sum() == pytest.approx(1.0)
    assert (prevalence[severe] >= FLOOR * shares(table)[severe] - 1e-12).all()


@pytest.mark.parametrize("prior", ["table", "published"])
def test_much_influenza_seen_ranks_it_higher(diagnoser: Diagnoser, prior: Literal["table", "published"]) -> None:
    seen = api.Practice(prior, confirmed={"DDX:Influenza": 300})
    case = api.Case(findings=[api.Finding(code=code) for code in ("E_91", "E_201", "E_97", "E_144")])

    def influenza(practice: api.Practice) -> float:
        ranked = diagnoser.diagnose(case, top=49, practice=practice).hypotheses
        return next(row.votes.bayes or 0.0 for row in ranked if row.code == "DDX:Influenza")

    assert influenza(seen) > influenza(api.Practice(prior))


def test_what_was_used_says_how_many_own_cases_moved_it(diagnoser: Diagnoser) -> None:
    used = diagnoser.diagnose(api.Case(), practice=api.Practice(confirmed={"DDX:Influenza": 3, "OMIM:1": 5})).prior
    assert used is not None
    assert used.confirmed_cases == 3
