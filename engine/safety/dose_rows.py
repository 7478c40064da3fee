"""The dose rows of one index by drug: what the sourced tables give, for sentences and prescriptions alike.

They are compiled from the treatment options' own lines and from `dose/rows.json` for drugs outside them, so that no
number stands in two tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

import msgspec

from engine.knowledge.index import KnowledgeIndex
from engine.safety.dose_row import Bounds, DoseRow
from engine.safety.units import Kind, unit

ENTRY = "safety.dose_rows"


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One line as the sources' tables hold it; see `engine.treatment.rows.DoseBand`, whose fields these are."""

    drug: str
    amount: float
    unit: str
    route: str
    sources: list[str]
    amount_high: float | None = None
    per_kg: bool = False
    per_m2: bool = False
    max_amount: float | None = None
    times_per_day: float | None = None
    every_hours: float | None = None
    once: bool = False
    divided_doses: int | None = None
    duration_days: float | None = None
    duration_days_high: float | None = None
    age_years: Bounds = (None, None)
    weight_kg: Bounds = (None, None)
    renal: list[object] = field(default_factory=list)
    note: object = None


class DoseRows:
    """Rows by ingredient. Raises KnowledgeDamaged when the table is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._of: defaultdict[str, list[DoseRow]] = defaultdict(list)
        for line in msgspec.convert(index.json(ENTRY), list[DoseLine]):
            row = as_row(line)
            if row not in self._of[line.drug]:
                self._of[line.drug].append(row)

    def of(self, inn: str) -> list[DoseRow]:
        """Return the rows of an ingredient, empty where there are none."""
        return self._of.get(inn, [])

    def by_drug(self) -> dict[str, list[DoseRow]]:
        """Return every row by ingredient."""
        return dict(self._of)


def as_row(line: DoseLine) -> DoseRow:
    """Return a line as the dose check sees it, its numbers exact."""
    often = (
        line.times_per_day if line.times_per_day is not None else 24 / line.every_hours if line.every_hours else None
    )
    low_days = None if line.duration_days is None else _exact(line.duration_days)
    high_days = low_days if line.duration_days_high is None else _exact(line.duration_days_high)
    return DoseRow(
        low=_exact(line.amount),
        unit=line.unit,
        high=None if line.amount_high is None else _exact(line.amount_high),
        per_kg=line.per_kg,
        per_m2=line.per_m2,
        times_per_day=None if line.divided_doses else often,
        divided=line.divided_doses,
        is_single=line.once,
        days=None if low_days is None or high_days is None else (low_days, high_days),
        most=None if line.max_amount is None else _exact(line.max_amount),
        route=line.route,
        age_years=line.age_years,
        weight_kg=line.weight_kg,
        sources=tuple(line.sources),
    )


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def is_for(row: DoseRow, age_years: float | None, weight_kg: float | None) -> bool:
    """Whether a row is for a patient of this age and weight; what is unknown excludes nothing."""
    measured = ((age_years, row.age_years), (weight_kg, row.weight_kg))
    return all(
        value is None or ((low is None or value >= low) and (high is None or value < high))
        for value, (low, high) in measured
    )


def at_most_mg(row: DoseRow, weight_kg: float | None) -> float | None:
    """Return a row's largest single dose in mg, None where it is no mass or the weight that it needs is unknown."""
    measure = unit(row.unit)
    if measure.kind is not Kind.MASS or row.per_m2 or (row.per_kg and weight_kg is None):
        return None
    amount = row.top / (row.divided or 1)
    if row.per_kg:
        amount *= Fraction(str(weight_kg))
        amount = amount if row.most is None else min(amount, row.most)
    return float(amount * measure.factor)
