"""The formula is the one that ranks: its words carry the weights, and each option's sum comes out as its utility."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine import api
from engine.treatment import utility
from engine.treatment.plan import Planner
from engine.treatment.rows import ConditionRow
from tests.engine.treatment.conftest import ToldSafety

PATIENT = api.Case(age_years=45, sex="female", weight_kg=64, egfr_ml_min_1_73m2=90, pregnant=False, lactating=False)


def summed(text: str) -> tuple[float, float]:
    """Return the sum of the terms as a reader would add them up, and the total that is written."""
    left, _, total = text.rpartition(" = ")
    terms = re.findall(r"(?:^|(?<= ))([−+] )?(\d+(?:\.\d+)?) (?=\D)", left)
    return sum(-float(value) if sign.startswith("−") else float(value) for sign, value in terms), float(total)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_option_shows_a_sum_that_adds_up_to_its_utility(
    planner: Planner, conditions: list[ConditionRow], safety: ToldSafety, language: str
) -> None:
    safety.alert("amoxicillin", api.Severity.CONTRAINDICATED, "allergy")
    safety.alert("warfarin", api.Severity.CAUTION)
    for row in conditions:
        for option in planner.plan(PATIENT, row.code).options:
            assert option.display_utility is not None
            added, total = summed(getattr(option.display_utility, language))
            assert added == pytest.approx(option.utility, abs=0.01)
            assert total == pytest.approx(option.utility, abs=0.001)


def test_the_formula_names_every_weight_in_both_languages() -> None:
    weights = [utility.HARM_WEIGHT, utility.COST_WEIGHT, utility.RULE_TERM["preferred"], utility.NOT_CHECKED_PENALTY,
               *utility.ALERT_PENALTY.values(), utility.SIDE_EFFECT_PENALTY, utility.NOT_WORKING_PENALTY]
    for text in (utility.FORMULA.en, utility.FORMULA.zh):
        assert {f"{weight:g}" for weight in weights} <= set(re.findall(r"\d+(?:\.\d+)?", text))


def test_the_plan_carries_formula_cost_and_outcome_measures(planner: Planner) -> None:
    plan = planner.plan(PATIENT, "Pneumonia")
    assert plan.utility_formula == utility.FORMULA
    assert plan.outcome_measures
    assert {option.cost_level for option in plan.options} <= {0, 1, 2, 3}


def test_an_allergy_is_a_term_of_the_sum(planner: Planner, safety: ToldSafety) -> None:
    safety.alert("amoxicillin", api.Severity.CONTRAINDICATED, "allergy")
    allergic = replace(PATIENT, allergies=[api.Allergy("penicillin")])
    option = next(each for each in planner.plan(allergic, "Pneumonia").options if each.name.startswith("Amoxicillin"))
    assert "− 10 allergy" in option.display_utility.en if option.display_utility else False
    assert option.verdict == "blocked"


def test_a_stop_rule_reaches_option_sentences_and_sources(planner: Planner) -> None:
    option = next(each for each in planner.plan(PATIENT, "Pneumonia").options if each.name.startswith("Amoxicillin"))
    assert option.stop
    assert option.display_stop is not None
