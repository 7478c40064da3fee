"""A narrative never makes Lantern certain; codes and answers are believed as measured."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.fusion import Place
from engine.diagnosis.narrative import CEILING, doubted
from engine.knowledge.index import KnowledgeIndex
from engine.text.entities import TextReader

SORE_THROAT = "Sore throat and fever for 3 days, swollen lymph nodes in the neck. No cough."


@pytest.fixture(scope="module")
def diagnoser(knowledge: KnowledgeIndex) -> Diagnoser:
    return Diagnoser(knowledge)


def test_a_narrative_is_never_certain(diagnoser: Diagnoser, knowledge: KnowledgeIndex) -> None:
    case = api.Case(age_years=31, sex="female", text=SORE_THROAT)
    told = diagnoser.diagnose(case, TextReader(knowledge).read(SORE_THROAT), 49)
    probabilities = [each.probability or 0 for each in told.hypotheses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[0] <= CEILING + 1e-6
    assert sum(probabilities) == pytest.approx(1, abs=1e-6)


def test_the_same_findings_by_code_are_believed_as_measured(diagnoser: Diagnoser) -> None:
    codes, table = [api.Finding(code) for code in ("E_97", "E_91", "E_9")], api.Practice("table")
    plain = diagnoser.diagnose(api.Case(age_years=31, sex="female", findings=codes))
    told = diagnoser.diagnose(api.Case(age_years=31, sex="female", findings=codes, text="as above"), practice=table)
    first, doubtful = plain.hypotheses[0], told.hypotheses[0]
    assert [each.code for each in plain.hypotheses] == [each.code for each in told.hypotheses]
    assert (doubtful.probability or 0) < (first.probability or 0)


@given(st.lists(st.floats(1e-9, 1), min_size=2, max_size=49))
def test_the_sum_and_the_order_stay(weights: list[float]) -> None:
    shares = sorted((weight / sum(weights) for weight in weights), reverse=True)
    places = [Place(number, share) for number, share in enumerate(shares)]
    shown = doubted(places)
    probabilities = [place.probability for place in shown]
    assert [place.number for place in shown] == [place.number for place in places]
    assert sum(probabilities) == pytest.approx(1)
    assert all(one >= other - 1e-12 for one, other in pairwise(probabilities))
    assert probabilities[0] <= max(CEILING, 1 / len(places)) + 1e-6
