"""What a follow-up entry changes in the plan, and why."""

from __future__ import annotations

from dataclasses import replace

from engine import api
from engine.treatment.plan import Planner

FIRST = api.Case(age_years=45, weight_kg=64, egfr_ml_min_1_73m2=90, date="2026-11-22")
TAKING = replace(FIRST, medications=[api.Medication("Amoxicillin", 1, "g")])


def visit(course: str, **more: object) -> api.FollowUp:
    return api.FollowUp("2026-11-25", course, **more)  # type: ignore[arg-type]


def rank(plan: api.Plan, name: str) -> int:
    return next(each.rank for each in plan.options if each.name.startswith(name))


def test_a_reported_side_effect_moves_the_drug_down_with_the_reason(planner: Planner) -> None:
    before = planner.plan(TAKING, "Pneumonia")
    after = planner.plan(
        replace(TAKING, follow_up=[visit("same", side_effects="rash from amoxicillin")]), "Pneumonia", before
    )
    assert rank(after, "Amoxicillin") > rank(before, "Amoxicillin")
    moved = next(change for change in after.changes if change.text.startswith("Amoxicillin"))
    assert "side effect" in moved.reason
    assert moved.display is not None


def test_no_side_effects_is_not_a_side_effect(planner: Planner) -> None:
    plan = planner.plan(replace(TAKING, follow_up=[visit("better", side_effects="none")]), "Pneumonia")
    assert not any("side effect" in change.text for change in plan.changes)


def test_worse_on_the_drug_moves_it_down(planner: Planner) -> None:
    before = planner.plan(TAKING, "Pneumonia")
    after = planner.plan(replace(TAKING, follow_up=[visit("worse", adherence="good")]), "Pneumonia", before)
    assert rank(after, "Amoxicillin") > rank(before, "Amoxicillin")


def test_worse_without_taking_it_blames_adherence_not_the_drug(planner: Planner) -> None:
    before = planner.plan(TAKING, "Pneumonia")
    after = planner.plan(
        replace(TAKING, follow_up=[visit("worse", adherence="missed most doses")]), "Pneumonia", before
    )
    assert rank(after, "Amoxicillin") == rank(before, "Amoxicillin")
    assert any("missed" in change.reason for change in after.changes)


def test_contradictory_entries_of_one_day_ask_again(planner: Planner) -> None:
    plan = planner.plan(replace(TAKING, follow_up=[visit("better"), visit("worse")]), "Pneumonia")
    assert [change.text for change in plan.changes] == ["Ask again how the patient is"]
    assert rank(plan, "Amoxicillin") == 1


def test_only_the_newest_visit_counts(planner: Planner) -> None:
    old = api.FollowUp("2026-11-01", "worse")
    plan = planner.plan(replace(TAKING, follow_up=[visit("better"), old]), "Pneumonia")
    assert any("end of the treatment" in change.text for change in plan.changes)


def test_a_new_fact_shows_as_a_difference_with_its_reason(planner: Planner, safety) -> None:
    before = planner.plan(FIRST, "Pneumonia")
    safety.alert("amoxicillin", api.Severity.CONTRAINDICATED, "allergy")
    after = planner.plan(FIRST, "Pneumonia", before)
    changed = next(change for change in after.changes if change.text.startswith("Amoxicillin"))
    assert "ok to blocked" in changed.text
    assert changed.reason == "allergy of amoxicillin"


def test_the_same_case_twice_changes_nothing(planner: Planner) -> None:
    assert planner.plan(FIRST, "Pneumonia", planner.plan(FIRST, "Pneumonia")).changes == []
