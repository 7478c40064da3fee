"""A sourced dose as rows give it, and whether what a sentence says is that dose in every part it states.

What a row does not say, the sentence may not say either; what the sentence leaves out is not held against it, except
where leaving it out makes another dose: the day's total of a drug is not its single dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.safety.units import Amount, Kind, Unit, unit

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A dose that a sentence may state; amounts are in `unit`, of a single dose, or of the day where `divided` says
    into how many doses the day's amount goes. `most` is the most at a time. `times_per_day` is None for a single dose.
    `age_years` and `weight_kg`: the patients whom the row is for, upper bounds not included."""

    low: Fraction
    unit: str
    high: Fraction | None = None
    per_kg: bool = False
    times_per_day: float | None = None
    is_single: bool = False
    days: tuple[Fraction, Fraction] | None = None
    most: Fraction | None = None
    per_m2: bool = False
    divided: int | None = None
    route: str = ""
    age_years: Bounds = (None, None)
    weight_kg: Bounds = (None, None)
    sources: tuple[str, ...] = ()

    @property
    def top(self) -> Fraction:
        """The upper end of the range, or the amount itself."""
        return self.low if self.high is None else self.high

    @property
    def doses_a_day(self) -> Fraction | None:
        """How many doses a day, None where the row does not say."""
        if self.divided is not None:
            return Fraction(self.divided)
        return None if self.times_per_day is None else Fraction(self.times_per_day).limit_denominator(168)


@dataclass(frozen=True, slots=True)
class ReadDose:
    """What a sentence says of one dose; None and "" are "not said". `most_is_daily`: the ceiling is for a day."""

    low: Amount
    high: Amount
    per_kg: bool = False
    per_day: bool = False
    times_per_day: Fraction | None = None
    is_single: bool = False
    days: tuple[Fraction, Fraction] | None = None
    most: Amount | None = None
    most_is_daily: bool = False
    most_doses: Fraction | None = None
    per_m2: bool = False
    divided: Fraction | None = None
    route: str = ""


def matches(dose: ReadDose, row: DoseRow) -> bool:
    """Whether everything `dose` states is stated by `row`."""
    row_unit = unit(row.unit)
    if not _same_kind(dose.low.unit, row_unit) or (dose.per_kg, dose.per_m2) != (row.per_kg, row.per_m2):
        return False
    if dose.route and dose.route != row.route:
        return False
    return _amount_matches(dose, row, row_unit) and _timing_matches(dose, row) and _most_matches(dose, row, row_unit)


def _same_kind(one: Unit, other: Unit) -> bool:
    """Whether two units measure the same; a puff is no drop."""
    return one.kind is other.kind and (one.kind is not Kind.COUNT or one.name == other.name)


def _amount_matches(dose: ReadDose, row: DoseRow, row_unit: Unit) -> bool:
    share = _share(dose, row)
    if share is None:
        return False
    bounds = [value * row_unit.factor * share for value in (row.low, row.top)]
    stated = [dose.low.in_base, dose.high.in_base]
    return stated == bounds or (stated[0] == stated[1] and stated[0] in bounds)


def _share(dose: ReadDose, row: DoseRow) -> Fraction | None:
    """Return what turns the row's amount into that of the sentence, which is a day's or a single dose's, or None."""
    is_total = dose.per_day or dose.divided is not None
    often = row.doses_a_day
    if row.divided is not None:
        if is_total:
            return Fraction(1)
        return Fraction(1, row.divided) if dose.times_per_day == often else None
    if not is_total:
        return Fraction(1)
    return often


def _timing_matches(dose: ReadDose, row: DoseRow) -> bool:
    if dose.is_single and not row.is_single:
        return False
    said = [often for often in (dose.times_per_day, dose.divided) if often is not None]
    if any(often != row.doses_a_day for often in said):
        return False
    return dose.days is None or (row.days is not None and dose.days == row.days)


def _most_matches(dose: ReadDose, row: DoseRow, row_unit: Unit) -> bool:
    """Whether the ceilings are the row's: the most at a time, and what that comes to in a day."""
    often = row.doses_a_day
    if dose.most_doses is not None and dose.most_doses != often:
        return False
    if dose.most is None:
        return True
    if not _same_kind(dose.most.unit, row_unit):
        return False
    is_by_size = row.per_kg or row.per_m2
    at_a_time = row.most if row.most is not None else None if is_by_size or row.divided else row.top
    if not dose.most_is_daily:
        return row.most is not None and dose.most.in_base == row.most * row_unit.factor
    if at_a_time is None or often is None:
        return False
    return dose.most.in_base == at_a_time * row_unit.factor * often
