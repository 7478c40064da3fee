"""Turn measured vital signs and laboratory values into findings by sourced limits for the patient's age and sex.

The limits are rows of `vital_ranges/ranges.json` and `lab_ranges/ranges.json`, each with its source. A row that holds
for some ages or one sex only makes no finding when the age or sex is unknown; laboratory values of a text that names no
age and no child are read as an adult's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import msgspec

from engine.api import Entity, Vitals
from engine.knowledge.index import KnowledgeIndex
from engine.text.measure import Measured

RANGES_ENTRY = "text.vital_ranges"
OLDEST_YEARS = 125.0
AGED_VITALS = frozenset(field.name for field in fields(Vitals)) - {"glucose_mmol_l"}
"""Measures whose limits are never taken for an age that the text does not state."""


@dataclass(frozen=True, slots=True)
class VitalLimit:
    """A measure beyond `limit` is the finding `codes` from age `from_years` to below `to_years`; `source` is an id."""

    measure: str
    from_years: float
    to_years: float
    when: Literal["above", "below", "from"]
    limit: float
    codes: tuple[str, ...]
    source: str
    sex: Literal["", "male", "female"] = ""

    def holds_for(self, sex: str | None) -> bool:
        """Whether this row is for a patient of that sex."""
        return self.sex in ("", sex)

    def holds_at(self, age_years: float | None) -> bool:
        """Whether this row is for a patient of that age; an unknown age fits only rows for every age."""
        if age_years is None:
            return self.from_years == 0 and self.to_years >= OLDEST_YEARS
        return self.from_years <= age_years < self.to_years

    def is_beyond(self, value: float) -> bool:
        """Whether `value` is a finding."""
        match self.when:
            case "above":
                return value > self.limit
            case "from":
                return value >= self.limit
            case "below":
                return value < self.limit


def load_limits(index: KnowledgeIndex) -> list[VitalLimit]:
    """Return every row of the index."""
    return msgspec.convert(index.json(RANGES_ENTRY), list[VitalLimit])


def codes_of(
    measured: Measured, limits: Sequence[VitalLimit], age_years: float | None, sex: str | None = None
) -> list[str]:
    """Return the findings that one measured value is at this age and sex."""
    return [
        code
        for limit in limits
        if limit.measure == measured.measure and limit.is_beyond(measured.value)
        if limit.holds_at(age_years) and limit.holds_for(sex)
        for code in limit.codes
    ]


def vitals_of(entities: Iterable[Entity]) -> Vitals:
    """Return the vital signs among `entities` as the case record keeps them; of several the last written counts."""
    known = {field.name for field in fields(Vitals)}
    values = {
        entity.code: entity.value
        for entity in entities
        if entity.label == "test" and entity.code in known and isinstance(entity.value, float)
    }
    return msgspec.convert(values, Vitals)
