"""Vital signs and laboratory values of a case's own fields, turned into findings by the limits that texts are read by.

What the same number in the narrative would be, it is here: a saturation of 88 typed into its field says as much as one
typed into the text. Laboratory values are read under their name with their unit, by the same table of tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from engine.api import Case, Lab, Vitals
from engine.knowledge.index import KnowledgeIndex
from engine.text.labs import LabReader, load_labs
from engine.text.measure import ASSUMED_ADULT_YEARS, Measured, age_years, measured, sex_of, speaks_of_child
from engine.text.vitals import AGED_VITALS, RANGES_ENTRY, VitalLimit, codes_of, load_limits

_VITALS = tuple(field.name for field in fields(Vitals) if field.name != "consciousness")


@dataclass(frozen=True, slots=True)
class FieldFindings:
    """The findings that fields state, each once, and what no table reads ("TSH 0.01 mIU/L")."""

    codes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class FieldReader:
    """Reads the measured fields of cases by the limits of one index."""

    def __init__(self, limits: Sequence[VitalLimit], labs: LabReader) -> None:
        self._limits = limits
        self._labs = labs

    @staticmethod
    def load(index: KnowledgeIndex) -> FieldReader:
        """Return the reader of an index; one without tables of limits reads nothing but says so of each value."""
        if RANGES_ENTRY not in index:
            return FieldReader((), LabReader(()))
        return FieldReader(load_limits(index), load_labs(index))

    def read(self, case: Case) -> FieldFindings:
        """Return what the vital signs and laboratory values of `case` are at its age and sex."""
        results = [(lab, self.values_of(lab)) for lab in case.labs]
        values = [*_vital_values(case.vitals), *(value for _, found in results for value in found)]
        codes = dict.fromkeys(code for value in values for code in self._codes(value, case))
        return FieldFindings(tuple(codes), tuple(_written(lab) for lab, found in results if not found))

    def values_of(self, lab: Lab) -> list[Measured]:
        """Return the value of one laboratory result in the standard unit; nothing where no table knows the test."""
        written = _written(lab)
        return [value for value in (*measured(written), *self._labs.find(written)) if value.measure not in _NOT_LABS]

    def _codes(self, value: Measured, case: Case) -> list[str]:
        age = case.age_years if case.age_years is not None else age_years(case.text)
        if age is None and value.measure not in AGED_VITALS and not speaks_of_child(case.text):
            age = ASSUMED_ADULT_YEARS
        sex = case.sex if case.sex in ("female", "male") else sex_of(case.text)
        return codes_of(value, self._limits, age, sex)


_NOT_LABS = frozenset(_VITALS) - {"glucose_mmol_l"}


def _vital_values(vitals: Vitals) -> Iterator[Measured]:
    for name in _VITALS:
        number = getattr(vitals, name)
        if number is not None:
            yield Measured(0, 0, name, float(number), "")


def _written(lab: Lab) -> str:
    value = f"{lab.value:g}" if isinstance(lab.value, float) else str(lab.value)
    return " ".join(filter(None, (lab.name, value, lab.unit)))
