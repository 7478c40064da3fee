"""Outcome values: read from the case, compared with each other and with a goal, and what they change in the plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import api
from engine.locations import resources
from engine.treatment.outcomes import FILE, Measure, problems, read_measures
from engine.treatment.plan import Planner
from engine.treatment.rows import ConditionRow, Goal, Statement

MEASURES = read_measures(resources() / "knowledge" / "treatment" / FILE)
ASTHMA = "Bronchospasm / acute asthma exacerbation"
FIRST = api.Case(date="2026-11-01", age_years=45, weight_kg=64, egfr_ml_min_1_73m2=90)
TAKING = replace(FIRST, medications=[api.Medication("Salbutamol")])


def measured(*values: tuple[str, float | str, str], code: str = "peak_flow") -> list[api.Measurement]:
    return [api.Measurement(code, value, unit or None, date) for date, value, unit in values]


def outcome(plan: api.Plan, code: str) -> api.Outcome:
    return next(each for each in plan.outcomes if each.code == code)


def visit(course: str, date: str = "2026-11-15", **more: object) -> api.FollowUp:
    return api.FollowUp(date, course, **more)  # type: ignore[arg-type]


def test_every_condition_measures_something_that_the_table_knows(conditions: list[ConditionRow]) -> None:
    assert problems(conditions, MEASURES) == []
    assert [row.code for row in conditions if not row.outcome_measures] == []


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.code)
def test_a_measure_that_is_compared_has_bounds_and_a_step_in_them(measure: Measure) -> None:
    assert measure.name.zh != measure.name.en or measure.code in ("tsh",)
    if measure.step is not None:
        assert measure.better is not None
        assert measure.low is not None
        assert measure.high is not None
        assert 0 < measure.step <= measure.high - measure.low


def test_values_stand_in_the_order_of_their_dates_whatever_the_order_of_entry(planner: Planner) -> None:
    values = measured(("2026-11-15", 350, ""), ("2026-11-01", 250, "L/min"))
    plan = planner.plan(replace(FIRST, outcomes=values), ASTHMA)
    assert [value.value for value in outcome(plan, "peak_flow").values] == [250, 350]
    assert outcome(plan, "peak_flow").trend == "better"


@pytest.mark.parametrize(("last", "trend"), [(220, "worse"), (221, "same"), (279, "same"), (280, "better")])
def test_only_a_change_of_a_step_counts(planner: Planner, last: float, trend: str) -> None:
    values = measured(("2026-11-01", 250, ""), ("2026-11-15", last, ""))
    assert outcome(planner.plan(replace(FIRST, outcomes=values), ASTHMA), "peak_flow").trend == trend


def test_one_value_is_no_trend(planner: Planner) -> None:
    plan = planner.plan(replace(FIRST, outcomes=measured(("2026-11-01", 250, ""))), ASTHMA)
    assert outcome(plan, "peak_flow").trend == "unknown"
    assert not any("Peak flow" in change.reason for change in plan.changes)


def test_vital_signs_weight_and_laboratory_of_the_case_are_the_first_values(planner: Planner) -> None:
    case = replace(FIRST, vitals=api.Vitals(systolic_mmhg=165), labs=[api.Lab("HbA1c", 9.1, "%", "2026-10-20")])
    assert outcome(planner.plan(case, "LNT:hypertension"), "systolic").values == [
        api.Measurement("systolic", 165, None, "2026-11-01")
    ]
    assert outcome(planner.plan(case, "LNT:type-2-diabetes"), "hba1c").values == [
        api.Measurement("hba1c", 9.1, "%", "2026-10-20")
    ]


def test_a_value_in_another_unit_is_not_compared_and_named(planner: Planner) -> None:
    case = replace(FIRST, labs=[api.Lab("HbA1c", 64, "mmol/mol")])
    plan = planner.plan(case, "LNT:type-2-diabetes")
    assert outcome(plan, "hba1c").values == []
    assert any("another unit" in note.en and "64 mmol/mol" in note.en for note in plan.notes)


@pytest.mark.parametrize("value", [3, 5000, -1])
def test_an_impossible_value_is_left_out_and_named(planner: Planner, value: float) -> None:
    plan = planner.plan(replace(FIRST, outcomes=measured(("2026-11-01", value, ""))), ASTHMA)
    assert outcome(plan, "peak_flow").values == []
    assert any("cannot be right" in note.en and "不合理" in note.zh for note in plan.notes)


def test_two_values_of_one_day_ask_for_a_new_measurement_and_decide_nothing(planner: Planner) -> None:
    values = measured(("2026-11-01", 250, ""), ("2026-11-15", 150, ""), ("2026-11-15", 350, ""))
    plan = planner.plan(replace(TAKING, outcomes=values), ASTHMA)
    assert outcome(plan, "peak_flow").trend == "unknown"
    assert [change.text for change in plan.changes] == ["Measure again: peak flow"]


def test_a_measure_that_got_worse_on_the_drug_moves_it_down_with_both_values_as_the_reason(planner: Planner) -> None:
    before = planner.plan(TAKING, ASTHMA)
    values = measured(("2026-11-01", 320, ""), ("2026-11-15", 220, ""))
    after = planner.plan(replace(TAKING, outcomes=values, follow_up=[visit("same")]), ASTHMA, before)

    def utility(plan: api.Plan) -> float:
        return next(each.utility for each in plan.options if each.name.startswith("Salbutamol"))

    assert utility(after) == utility(before) - 1.5
    change = next(each for each in after.changes if each.text.startswith("Peak flow is worse"))
    assert "320 L/min (2026-11-01), now 220 L/min (2026-11-15)" in change.reason
    assert change.display is not None
    assert "呼气峰流速" in change.display.zh


@pytest.mark.parametrize(
    "entry",
    [visit("same", adherence="missed most doses"), visit("better")],
    ids=["not taken as agreed", "the patient feels better"],
)
def test_a_worse_measure_blames_no_drug_not_taken_and_none_that_helped(planner: Planner, entry: api.FollowUp) -> None:
    values = measured(("2026-11-01", 320, ""), ("2026-11-15", 220, ""))
    plan = planner.plan(replace(TAKING, outcomes=values, follow_up=[entry]), ASTHMA)
    option = next(each for each in plan.options if each.name.startswith("Salbutamol"))
    assert "not_working" not in option.utility_terms


def test_feeling_and_measure_that_contradict_each_other_are_said(planner: Planner) -> None:
    down = measured(("2026-11-01", 320, ""), ("2026-11-15", 220, ""))
    up = measured(("2026-11-01", 220, ""), ("2026-11-15", 320, ""))
    better = planner.plan(replace(TAKING, outcomes=down, follow_up=[visit("better")]), ASTHMA)
    worse = planner.plan(replace(TAKING, outcomes=up, follow_up=[visit("worse")]), ASTHMA)
    assert any(change.text.startswith("Feels better, yet") for change in better.changes)
    assert any(change.text.startswith("Feels worse, yet") for change in worse.changes)
    option = next(each for each in worse.options if each.name.startswith("Salbutamol"))
    assert "not_working" not in option.utility_terms


def test_words_are_kept_and_never_compared(planner: Planner) -> None:
    values = measured(("2026-11-01", "clear", ""), ("2026-11-15", "purulent", ""), code="discharge")
    plan = planner.plan(replace(FIRST, outcomes=values), "LNT:gonorrhea")
    assert [value.value for value in outcome(plan, "discharge").values] == ["clear", "purulent"]
    assert outcome(plan, "discharge").trend == "unknown"


def test_a_goal_needs_a_measure_of_its_condition(conditions: list[ConditionRow]) -> None:
    goal = Goal("hba1c", Statement("Below 7 %.", "低于7%。", ["s"]), below=7)
    wrong = replace(conditions[0], goals=[goal])
    assert problems([wrong], MEASURES) == [f"{wrong.code}: goal of hba1c, which it does not measure"]
