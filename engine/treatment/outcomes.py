"""Outcome measures: what is measured at each visit, the values so far, and whether they go the right way.

The measures stand in `treatment/measures.json`. Which way is better is plain; the change that counts (`step`) is
Lantern's own, so that the noise of two readings moves nothing; a goal is there only where a source names one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

import msgspec

from engine.api import Bilingual, Case, Measurement, Outcome, PlanSentence
from engine.knowledge.index import KnowledgeIndex
from engine.treatment import outcome_wording as wording
from engine.treatment.names import plain
from engine.treatment.rows import ConditionRow, Goal

ENTRY = "treatment.measures"
FILE = "measures.json"
_BODY_FIELDS = frozenset({"weight_kg"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to measure. `low` and `high` bound what can be a value at all; without `better` it is only kept."""

    code: str
    name: Bilingual
    unit: Bilingual | None = None
    better: Literal["lower", "higher"] | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    taken_from: str | None = None
    """The vital sign or body measure of the case that is the same thing."""
    labs: list[str] = field(default_factory=list)
    """Names under which a laboratory value of the case is the same thing."""


@dataclass(frozen=True, slots=True)
class Histories:
    """The outcomes of one condition, and what was said but could not be taken, with the reason."""

    outcomes: list[Outcome]
    notes: list[Bilingual]


def read_measures(path: Path) -> list[Measure]:
    """Return the measures of the source file. Raises msgspec.ValidationError for another shape."""
    return msgspec.json.decode(path.read_bytes(), type=list[Measure])


def load_measures(index: KnowledgeIndex) -> dict[str, Measure]:
    """Return the measures of the compiled index by their code."""
    return {measure.code: measure for measure in msgspec.convert(index.json(ENTRY), list[Measure])}


def problems(conditions: Sequence[ConditionRow], measures: Sequence[Measure]) -> list[str]:
    """Return what is wrong between conditions and measures, one line each."""
    codes = [measure.code for measure in measures]
    wrong = [f"measure used twice: {code}" for code in sorted(set(codes)) if codes.count(code) > 1]
    wrong += [f"{row.code}: unknown measure {code}" for row in conditions for code in row.outcome_measures
              if code not in codes]
    wrong += [f"{row.code}: goal of {goal.measure}, which it does not measure" for row in conditions
              for goal in row.goals if goal.measure not in row.outcome_measures]
    return wrong


def histories(case: Case, condition: ConditionRow, measures: Mapping[str, Measure]) -> Histories:
    """Return each measure of the condition with its values from the case, its visits and its laboratory."""
    goals = {goal.measure: goal for goal in condition.goals}
    found, notes = [], []
    for code in condition.outcome_measures:
        measure = measures[code]
        values: list[Measurement] = []
        for value, note in _values(case, measure):
            values += [] if value is None else [value]
            notes += [] if note is None else [note]
        found.append(_outcome(measure, _by_date(values), goals.get(code)))
    return Histories(found, notes)


def _outcome(measure: Measure, values: list[Measurement], goal: Goal | None) -> Outcome:
    last = _number(values[-1]) if values else None
    sentence = None if goal is None else PlanSentence(
        goal.statement.en, list(goal.statement.sources), "supported", goal.statement.display, "goal")
    met = None if goal is None or last is None or disagreeing(values) else _meets(last, goal)
    return Outcome(measure.code, measure.name, measure.unit, measure.better, measure.low, measure.high, measure.step,
                   values, _trend(measure, values), sentence, met)


def _meets(value: float, goal: Goal) -> bool:
    return (goal.below is None or value < goal.below) and (goal.above is None or value > goal.above)


def _trend(measure: Measure, values: Sequence[Measurement]) -> Literal["better", "same", "worse", "unknown"]:
    last, before = last_two(values)
    if measure.better is None or measure.step is None or last is None or before is None:
        return "unknown"
    gained = (last - before) * (1 if measure.better == "higher" else -1)
    if abs(gained) < measure.step:
        return "same"
    return "better" if gained > 0 else "worse"


def last_two(values: Sequence[Measurement]) -> tuple[float | None, float | None]:
    """Return the last number and the one of the date before; None where there is none or one date says two things."""
    days = [list(group) for _, group in groupby(values, key=lambda value: value.date)][-2:]
    if len(days) < 2 or any(len({value.value for value in day}) > 1 for day in days):
        return None, None
    return _number(days[1][-1]), _number(days[0][-1])


def disagreeing(values: Sequence[Measurement]) -> bool:
    """Whether the newest date holds two different values."""
    newest = {value.value for value in values if value.date == values[-1].date}
    return len(newest) > 1


def _number(value: Measurement) -> float | None:
    return None if isinstance(value.value, str) else float(value.value)


def _by_date(values: Iterable[Measurement]) -> list[Measurement]:
    """Return the values oldest first, each once; of one date, in the order in which they were entered."""
    return list(dict.fromkeys(sorted(values, key=lambda value: value.date or "")))


def _values(case: Case, measure: Measure) -> Iterator[tuple[Measurement | None, Bilingual | None]]:
    """Yield what the case says of a measure, each value or the reason why it was not taken."""
    entered = [value for value in case.outcomes if plain(value.code) in _names(measure)]
    dates = {value.date or case.date for value in entered}
    for value in (*(value for value in _recorded(case, measure) if value.date not in dates), *entered):
        dated = replace(value, code=measure.code, date=value.date or case.date)
        refusal = _refusal(dated, measure)
        yield (dated if refusal is None else None), refusal


def _names(measure: Measure) -> set[str]:
    return {plain(measure.code), plain(measure.name.en), plain(measure.name.zh)}


def _recorded(case: Case, measure: Measure) -> Iterator[Measurement]:
    """Yield the vital sign, body measure and laboratory values of the case and its visits that are the same thing."""
    if measure.taken_from is not None:
        holder = case if measure.taken_from in _BODY_FIELDS else case.vitals
        value = getattr(holder, measure.taken_from)
        if value is not None:
            yield Measurement(measure.code, value, None, case.date)
    known = {plain(name) for name in measure.labs}
    labs = [(lab, lab.observed_at or case.date) for lab in case.labs]
    labs += [(lab, lab.observed_at or visit.date) for visit in case.follow_up for lab in visit.labs]
    for lab, date in labs:
        if plain(lab.name) in known and not isinstance(lab.value, str):
            yield Measurement(measure.code, lab.value, lab.unit or "", (date or "")[:10] or None)


def _refusal(value: Measurement, measure: Measure) -> Bilingual | None:
    """Return why a value cannot be compared with the others of its measure, or None where it can."""
    if value.unit is not None and _unit(value.unit) not in _units(measure):
        return wording.other_unit(measure.name, value)
    number = _number(value)
    if number is None:
        return None
    too_low = measure.low is not None and number < measure.low
    too_high = measure.high is not None and number > measure.high
    return wording.not_possible(measure.name, value) if too_low or too_high else None


def _units(measure: Measure) -> set[str]:
    return {""} if measure.unit is None else {_unit(measure.unit.en), _unit(measure.unit.zh)}


def _unit(text: str) -> str:
    return text.replace(" ", "").replace("μ", "µ").casefold()
