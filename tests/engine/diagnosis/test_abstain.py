"""Silence over a narrative: a first place that is one of many, whatever follows it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Case
from engine.diagnosis import abstain
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import Place, Ranking
from engine.diagnosis.voice import Vote, normalised


@pytest.mark.parametrize(
    ("first", "is_silent"), [(abstain.LEAST_FIRST_TOLD - 0.01, True), (abstain.LEAST_FIRST_TOLD, False)]
)
def test_a_narrative_is_answered_from_the_first_place_on(first: float, is_silent: bool) -> None:
    text = "Heel pain with the first steps. It eases after walking. She runs."
    vote = Vote("text", 0, normalised(np.zeros(50)), (), 3)
    places = (Place(0, first), *(Place(number, (1 - first) / 49) for number in range(1, 50)))
    ranking = Ranking("common", places, (vote,))
    assert abstain.reasons(Case(text=text), CaseEvidence(text=text), ranking) == [abstain.AMBIGUOUS] * is_silent
