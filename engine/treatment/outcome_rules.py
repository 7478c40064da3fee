"""What the measured outcomes change in the plan: explicit rules, each with the two values as its reason.

The rules are Lantern's own way of working. They never name a drug or a dose: they say what to ask, and whether a drug
that the patient takes as agreed counts as not working.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.api import Bilingual, FollowUp, Measurement, Outcome, PlanChange
from engine.treatment import outcome_wording as wording
from engine.treatment.outcomes import disagreeing
from engine.treatment.wording import number


def failing(outcomes: Sequence[Outcome], entry: FollowUp | None) -> Bilingual | None:
    """Return why the present treatment counts as not working by the measures, or None.

    At least one measure is worse and none is better: measures that go apart decide nothing.
    """
    trends = {outcome.trend for outcome in outcomes}
    if "worse" not in trends or "better" in trends or (entry is not None and entry.course == "better"):
        return None
    return wording.worse_by(_moved(next(each for each in outcomes if each.trend == "worse")))


def improving(outcomes: Sequence[Outcome]) -> bool:
    """Whether the measures speak against a patient who feels worse: one is better and none is worse."""
    trends = {outcome.trend for outcome in outcomes}
    return "better" in trends and "worse" not in trends


def changes(outcomes: Sequence[Outcome], entry: FollowUp | None) -> list[PlanChange]:
    """Return what the measures ask for, one line for each measure that says something."""
    found = [change for outcome in outcomes if (change := _change_of(outcome, entry)) is not None]
    if entry is not None and entry.course == "worse" and improving(outcomes):
        better = next(outcome for outcome in outcomes if outcome.trend == "better")
        found.append(_change(wording.FEELS_WORSE, _moved(better)))
    return found


def _change_of(outcome: Outcome, entry: FollowUp | None) -> PlanChange | None:
    if outcome.values and disagreeing(outcome.values):
        return _change(wording.measure_again(outcome.name), wording.two_values(_said(outcome, outcome.values[-1])))
    if outcome.trend == "worse" and entry is not None and entry.course == "better":
        return _change(wording.FEELS_BETTER, _moved(outcome))
    if outcome.goal_met and outcome.goal is not None:
        return _change(wording.GOAL_REACHED, _against_goal(outcome))
    if outcome.trend == "worse":
        return _change(wording.measured_worse(outcome.name), _moved(outcome))
    if outcome.goal_met is False and outcome.trend == "same":
        return _change(wording.GOAL_NOT_REACHED, _against_goal(outcome))
    return _change(wording.measured_better(outcome.name), _moved(outcome)) if outcome.trend == "better" else None


def _against_goal(outcome: Outcome) -> Bilingual:
    assert outcome.goal is not None, outcome.code
    said = _said(outcome, outcome.values[-1])
    goal = outcome.goal.display or Bilingual(outcome.goal.text, outcome.goal.text)
    return Bilingual(f"{said.en}; {goal.en}", f"{said.zh}；{goal.zh}")


def _moved(outcome: Outcome) -> Bilingual:
    """Return the last value and the one before it, with their dates."""
    last = outcome.values[-1]
    before = next(value for value in reversed(outcome.values) if value.date != last.date)
    return wording.from_to(outcome.name, _amount(outcome, before), before.date, _amount(outcome, last), last.date)


def _said(outcome: Outcome, value: Measurement) -> Bilingual:
    amount = _amount(outcome, value)
    return Bilingual(f"{outcome.name.en} {amount.en} ({value.date or '?'})",
                     f"{outcome.name.zh} {amount.zh}（{value.date or '?'}）")


def _amount(outcome: Outcome, value: Measurement) -> Bilingual:
    shown = value.value if isinstance(value.value, str) else number(value.value)
    unit = outcome.unit or Bilingual("", "")
    return Bilingual(f"{shown} {unit.en}".strip(), f"{shown} {unit.zh}".strip())


def _change(text: Bilingual, reason: Bilingual) -> PlanChange:
    shown = Bilingual(f"{text.en} ({reason.en})", f"{text.zh}（{reason.zh}）")
    return PlanChange("changed", text.en, reason.en, shown)
