"""What must not be missed comes from the tables and from the narrative, five at most."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnosis.cant_miss import MOST, cant_miss
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.voice import Vote, normalised

DISSECTION = "LNT:aortic-dissection"


def vote_for(diagnoser: Diagnoser, code: str, chance: float) -> Vote:
    """Return a text vote that gives `code` this chance and shares the rest out evenly."""
    count = diagnoser.catalogue.rare_first
    share = np.full(count, (1 - chance) / (count - 1))
    share[next(n for n in range(count) if diagnoser.catalogue.code(n) == code)] = chance
    return Vote("text", 0, normalised(np.log(share)), (), 1)


def test_a_life_threatening_condition_of_the_narrative_is_listed(diagnoser: Diagnoser) -> None:
    listed = cant_miss(None, vote_for(diagnoser, DISSECTION, 0.3), diagnoser.bayes.table, diagnoser.catalogue)
    assert listed[0].code == DISSECTION
    assert len(listed) == MOST
    assert listed[0].display is not None
    assert listed[0].display.zh == "主动脉夹层"


def test_a_harmless_condition_is_not_listed_however_likely(diagnoser: Diagnoser) -> None:
    listed = cant_miss(None, vote_for(diagnoser, "LNT:acute-cystitis", 0.9), diagnoser.bayes.table, diagnoser.catalogue)
    assert "LNT:acute-cystitis" not in {row.code for row in listed}


def test_silence_of_both_voices_lists_nothing(diagnoser: Diagnoser) -> None:
    assert cant_miss(None, None, diagnoser.bayes.table, diagnoser.catalogue) == []


@pytest.mark.parametrize("chance", [0.02, 0.9])
def test_a_condition_of_both_voices_counts_once_by_the_higher(diagnoser: Diagnoser, chance: float) -> None:
    table, catalogue = diagnoser.bayes.table, diagnoser.catalogue
    code = "DDX:Pulmonary embolism"
    even = Vote("bayes", 0, normalised(np.zeros(catalogue.common_count)), (), 1)
    listed = [row.code for row in cant_miss(even, vote_for(diagnoser, code, chance), table, catalogue)]
    assert listed.count(code) <= 1
    assert (code in listed) or chance < 1 / catalogue.common_count
