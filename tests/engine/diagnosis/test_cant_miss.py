"""What must not be missed comes from the tables and from the narrative, five at most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.api import Answer, Case
from engine.assembly import Engine
from engine.diagnosis.cant_miss import MOST, cant_miss
from engine.diagnosis.common_table import load_patients
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.voice import Vote, normalised

DISSECTION = "LNT:aortic-dissection"
EMBOLISM = "DDX:Pulmonary embolism"


def vote_for(diagnoser: Diagnoser, code: str, chance: float) -> Vote:
    """Return a text vote that gives `code` this chance and shares the rest out evenly."""
    count = diagnoser.catalogue.rare_first
    share = np.full(count, (1 - chance) / (count - 1))
    share[next(n for n in range(count) if diagnoser.catalogue.code(n) == code)] = chance
    return Vote("text", 0, normalised(np.log(share)), (), 1)


def test_a_life_threatening_condition_of_the_narrative_is_listed(diagnoser: Diagnoser) -> None:
    listed = cant_miss(None, vote_for(diagnoser, DISSECTION, 0.3), diagnoser.bayes.table, diagnoser.catalogue)
    assert [row.code for row in listed] == [DISSECTION]
    assert listed[0].display is not None
    assert listed[0].display.zh == "主动脉夹层"


def test_five_at_most_are_listed_likeliest_first(diagnoser: Diagnoser) -> None:
    catalogue = diagnoser.catalogue
    own = [n for n in range(catalogue.common_count, catalogue.rare_first) if catalogue.is_life_threatening(n)][:8]
    share = np.full(catalogue.rare_first, 1e-4)
    share[own] = np.linspace(0.05, 0.12, len(own))
    told = Vote("text", 0, normalised(np.log(share)), (), 1)
    listed = cant_miss(None, told, diagnoser.bayes.table, catalogue)
    assert [row.code for row in listed] == [catalogue.code(number) for number in reversed(own)][:MOST]


def test_a_harmless_condition_is_not_listed_however_likely(diagnoser: Diagnoser) -> None:
    listed = cant_miss(None, vote_for(diagnoser, "LNT:acute-cystitis", 0.9), diagnoser.bayes.table, diagnoser.catalogue)
    assert "LNT:acute-cystitis" not in {row.code for row in listed}


def test_a_common_condition_whose_picture_is_life_threatening_is_listed(diagnoser: Diagnoser) -> None:
    """DDXPlus grades pneumonia's severity 3 of 5."""
    told = vote_for(diagnoser, "DDX:Pneumonia", 0.3)
    (listed,) = cant_miss(None, told, diagnoser.bayes.table, diagnoser.catalogue)
    assert listed.code == "DDX:Pneumonia"
    assert "life-threatening" in listed.why


def test_silence_of_both_voices_lists_nothing(diagnoser: Diagnoser) -> None:
    assert cant_miss(None, None, diagnoser.bayes.table, diagnoser.catalogue) == []


@pytest.mark.parametrize(("chance", "lift", "is_listed"), [
    (0.0001, 2.0, False),  # the narrative speaks against it
    (0.0001, 20.0, False),  # in a patient with none of the 49 something dangerous is always left
    (0.002, 2.0, False),
    (0.002, 20.0, True),  # the narrative allows it, the findings raise it
    (0.02, 0.5, True),  # the narrative speaks for it
])  # fmt: skip
def test_a_condition_of_the_table_needs_the_narrative(
    diagnoser: Diagnoser, chance: float, lift: float, is_listed: bool
) -> None:
    table, catalogue = diagnoser.bayes.table, diagnoser.catalogue
    number = next(n for n in range(catalogue.common_count) if catalogue.code(n) == EMBOLISM)
    before = np.full(catalogue.common_count, 0.01)
    after = before.copy()
    after[number] *= lift
    vote = Vote("bayes", 0, normalised(np.log(after)), (), 3, normalised(np.log(before)))
    listed = [row.code for row in cant_miss(vote, vote_for(diagnoser, EMBOLISM, chance), table, catalogue)]
    assert (EMBOLISM in listed) is is_listed


@pytest.mark.parametrize(("believed", "is_listed"), [(0.95, True), (0.08, False)])
def test_what_the_findings_make_likely_needs_no_word_of_the_narrative(
    diagnoser: Diagnoser, believed: float, is_listed: bool
) -> None:
    """Here the findings make it less than ten times likelier, and the narrative speaks against it."""
    table, catalogue = diagnoser.bayes.table, diagnoser.catalogue
    number = next(n for n in range(catalogue.common_count) if catalogue.code(n) == EMBOLISM)
    before, after = (np.full(catalogue.common_count, (1 - chance) / (catalogue.common_count - 1))
                     for chance in (believed / 5, believed))
    before[number], after[number] = believed / 5, believed
    vote = Vote("bayes", 0, normalised(np.log(after)), (), 9, normalised(np.log(before)))
    listed = [row.code for row in cant_miss(vote, vote_for(diagnoser, EMBOLISM, 1e-5), table, catalogue)]
    assert (EMBOLISM in listed) is is_listed


def test_half_a_sentence_takes_no_warning_away(knowledge_path: Path, models: Path) -> None:
    engine = Engine(knowledge_path, models)
    table = engine.diagnoser.bayes.table
    severe = {each.name_given: table.code(n) for n, each in enumerate(table.conditions) if each.severity == 1}
    patients = [each for each in load_patients(engine.index) if each.condition in severe][:5]
    assert len(patients) == 5
    for patient in patients:
        answers: dict[str, Answer] = {code: list(given) for code, given in patient.answers.items()}
        case = Case(age_years=patient.age_years, sex="unknown", answers=answers)
        told = replace(case, text="Has felt unwell for two days and is worried.")
        silent, spoken = (
            {row.code for row in engine.diagnoser.diagnose(each, engine.reader.read(each.text), questions=0).cant_miss}
            for each in (case, told)
        )
        assert severe[patient.condition] in silent & spoken


def test_without_a_narrative_the_table_lists_what_it_leaves_possible(diagnoser: Diagnoser) -> None:
    even = Vote("bayes", 0, normalised(np.zeros(diagnoser.catalogue.common_count)), (), 1)
    assert len(cant_miss(even, None, diagnoser.bayes.table, diagnoser.catalogue)) == MOST
