"""What is wrong with a case as it was typed: a list of values, never an exception.

Errors are impossible (age 400, weight -3) and stop a save; warnings are unlikely or contradict each other and are
shown beside the field. The limits are read from `engine.api`, so the form and the engine can never disagree.
These are checks against typing mistakes; clinical judgement is the engine's.
"""

from __future__ import annotations

import math
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Meta

from desktop.case.record import (
    CaseRecord,
    DrugAllergy,
    DrugTaken,
    FamilyIllness,
    FindingState,
    LabValue,
    PastIllness,
    Sex,
)
from engine import api

MAX_NAME_CHARS = 200
MAX_SHORT_CHARS = 500
MAX_ROWS = {"medications": api.MAX_MEDICATIONS, "labs": 1000, "history": 200, "family_history": 200, "allergies": 100}
MAX_OUTCOMES = 2000
_UNLIKELY_BMI = (8.0, 90.0)
_PREGNANCY_AGES_YEARS = (9.0, 60.0)

Named = DrugTaken | DrugAllergy | LabValue | PastIllness | FamilyIllness
"""The rows of a case that stand in a list under their own name."""


class Gravity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a path such as `vitals.temperature_c` or `labs.0.value`; `code` has a text in both languages."""

    field: str
    code: str
    gravity: Gravity = Gravity.ERROR
    low: float | None = None
    high: float | None = None


CODES = frozenset({
    "out_of_range", "not_a_number", "too_long", "too_many", "bad_date", "date_in_future", "born_after_visit",
    "age_differs_from_birth_date", "diastolic_not_below_systolic", "unlikely_weight_for_height", "pregnant_and_male",
    "unlikely_pregnancy_age", "allergies_and_none_known", "confirmed_and_denied", "unreadable_characters", "unnamed",
})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one number; `low_open` leaves the lower bound itself out."""

    low: float
    high: float
    low_open: bool = False

    def hold(self, value: float) -> bool:
        """Return whether `value` lies within; NaN never does."""
        return (self.low < value if self.low_open else self.low <= value) and value <= self.high


def _limits_of(message: type[Any]) -> dict[str, Limits]:
    """Return the numeric bounds that the contract sets on the fields of `message`."""
    found: dict[str, Limits] = {}
    for name, hint in typing.get_type_hints(message, include_extras=True).items():
        for part in (hint, *typing.get_args(hint)):
            for meta in getattr(part, "__metadata__", ()):
                if isinstance(meta, Meta) and (meta.le is not None or meta.ge is not None or meta.gt is not None):
                    low = meta.gt if meta.gt is not None else meta.ge
                    found[name] = Limits(float(low or 0), float(math.inf if meta.le is None else meta.le),
                                         meta.gt is not None)
    return found


CASE_LIMITS = _limits_of(api.Case)
VITAL_LIMITS = _limits_of(api.Vitals)


def problems(record: CaseRecord, today: date) -> tuple[Problem, ...]:
    """Return everything that is wrong with `record`, errors first."""
    found = [
        *_numbers(record), *_dates(record, today), *_lengths(record), *_labs(record), *_contradictions(record),
    ]
    return tuple(sorted(found, key=lambda problem: problem.gravity is not Gravity.ERROR))


def errors_only(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems that stop a save."""
    return tuple(problem for problem in found if problem.gravity is Gravity.ERROR)


def refusal_of(record: CaseRecord, today: date) -> str:
    """Return the code with which a run of `record` is refused, empty where nothing stops it."""
    stopping = errors_only(problems(record, today))
    if not stopping:
        return ""
    return "too_large" if all(problem.code in {"too_long", "too_many"} for problem in stopping) else "out_of_range"


def read_date(text: str) -> date | None:
    """Return the date of an ISO text (a time after it is ignored), None when it is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def age_at(birth_date: str, on: str) -> float | None:
    """Return the age in years on a day, exact to the day, or None when a date is bad or the order is wrong."""
    born, day = read_date(birth_date), read_date(on)
    if born is None or day is None or born > day:
        return None
    years = day.year - born.year
    if _birthday(born, born.year + years) > day:
        years -= 1
    last, following = _birthday(born, born.year + years), _birthday(born, born.year + years + 1)
    return years + (day - last) / (following - last)


def age_of(record: CaseRecord) -> float | None:
    """Return the age on the day of the visit: from the birth date where there is one, else as entered."""
    if record.patient.birth_date and record.visit_date:
        return age_at(record.patient.birth_date, record.visit_date)
    return record.age_years


def _birthday(born: date, year: int) -> date:
    """Return the birthday in `year`; who was born on 29 February has it on 1 March of common years."""
    if (born.month, born.day) == (2, 29):
        return date(year, 2, 28) + timedelta(days=1)
    return born.replace(year=year)


def _numbers(record: CaseRecord) -> Iterator[Problem]:
    for field, limits in CASE_LIMITS.items():
        yield from _number(field, getattr(record, field, None), limits)
    for field, limits in VITAL_LIMITS.items():
        yield from _number(f"vitals.{field}", getattr(record.vitals, field), limits)
    age = age_of(record)
    if record.patient.birth_date and age is not None and not CASE_LIMITS["age_years"].hold(age):
        yield Problem("patient.birth_date", "out_of_range", low=0, high=CASE_LIMITS["age_years"].high)


def _number(field: str, value: float | None, limits: Limits) -> Iterator[Problem]:
    if value is not None and not limits.hold(value):
        yield Problem(field, "out_of_range", low=limits.low, high=limits.high)


def _dates(record: CaseRecord, today: date) -> Iterator[Problem]:
    named = {"visit_date": record.visit_date, "patient.birth_date": record.patient.birth_date,
             "vitals.observed_at": record.vitals.observed_at}
    named |= {f"labs.{i}.observed_at": lab.observed_at for i, lab in enumerate(record.labs)}
    named |= {f"follow_up.{i}.date": visit.date for i, visit in enumerate(record.follow_up)}
    named |= {f"outcomes.{i}.date": measured.date for i, measured in enumerate(record.outcomes)}
    for field, text in named.items():
        if not text:
            continue
        day = read_date(text)
        if day is None:
            yield Problem(field, "bad_date")
        elif day > today:
            yield Problem(field, "date_in_future")
    born, visit = read_date(record.patient.birth_date or ""), read_date(record.visit_date)
    if born and visit and born > visit:
        yield Problem("patient.birth_date", "born_after_visit")


def _lengths(record: CaseRecord) -> Iterator[Problem]:
    if len(record.text) > api.MAX_TEXT_CHARS:
        yield Problem("text", "too_long", high=api.MAX_TEXT_CHARS)
    if _has_surrogates(record.text):
        yield Problem("text", "unreadable_characters")
    for field, text in (("patient.name", record.patient.name), ("patient.local_number", record.patient.local_number),
                        ("patient.phone", record.patient.phone)):
        if len(text) > MAX_NAME_CHARS:
            yield Problem(field, "too_long", high=MAX_NAME_CHARS)
        if _has_surrogates(text):
            yield Problem(field, "unreadable_characters")
    if len(record.own_diagnosis or "") > MAX_SHORT_CHARS:
        yield Problem("own_diagnosis", "too_long", high=MAX_SHORT_CHARS)
    if len(record.findings) > api.MAX_FINDINGS:
        yield Problem("findings", "too_many", high=api.MAX_FINDINGS)
    if len(record.outcomes) > MAX_OUTCOMES:
        yield Problem("outcomes", "too_many", high=MAX_OUTCOMES)
    for field, most in MAX_ROWS.items():
        yield from _rows(field, getattr(record, field), most)


def _rows(field: str, rows: tuple[Named, ...], most: int) -> Iterator[Problem]:
    if len(rows) > most:
        yield Problem(field, "too_many", high=most)
    for i, row in enumerate(rows):
        if not row.name.strip():
            yield Problem(f"{field}.{i}.name", "unnamed")
        elif len(row.name) > MAX_SHORT_CHARS:
            yield Problem(f"{field}.{i}.name", "too_long", high=MAX_SHORT_CHARS)


def _labs(record: CaseRecord) -> Iterator[Problem]:
    for i, lab in enumerate(record.labs):
        if isinstance(lab.value, float) and not math.isfinite(lab.value):
            yield Problem(f"labs.{i}.value", "not_a_number")
    for i, drug in enumerate(record.medications):
        if drug.dose is not None and not 0 < drug.dose < math.inf:
            yield Problem(f"medications.{i}.dose", "out_of_range", low=0)


def _contradictions(record: CaseRecord) -> Iterator[Problem]:
    systolic, diastolic = record.vitals.systolic_mmhg, record.vitals.diastolic_mmhg
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        yield Problem("vitals.diastolic_mmhg", "diastolic_not_below_systolic")
    age = age_of(record)
    if age is not None and record.age_years is not None and abs(age - record.age_years) > 1:
        yield Problem("age_years", "age_differs_from_birth_date", Gravity.WARNING)
    if record.pregnant and record.patient.sex is Sex.MALE:
        yield Problem("pregnant", "pregnant_and_male", Gravity.WARNING)
    if record.pregnant and age is not None and not _PREGNANCY_AGES_YEARS[0] <= age <= _PREGNANCY_AGES_YEARS[1]:
        yield Problem("pregnant", "unlikely_pregnancy_age", Gravity.WARNING)
    if record.no_known_allergies and record.allergies:
        yield Problem("no_known_allergies", "allergies_and_none_known", Gravity.WARNING)
    yield from _body(record)
    confirmed = {finding.code for finding in record.findings if finding.state is FindingState.CONFIRMED}
    for i, finding in enumerate(record.findings):
        if finding.state is FindingState.DENIED and finding.code in confirmed:
            yield Problem(f"findings.{i}", "confirmed_and_denied", Gravity.WARNING)


def _body(record: CaseRecord) -> Iterator[Problem]:
    if record.weight_kg and record.height_cm and record.height_cm > 0:
        bmi = record.weight_kg / (record.height_cm / 100) ** 2
        if not _UNLIKELY_BMI[0] <= bmi <= _UNLIKELY_BMI[1]:
            yield Problem("weight_kg", "unlikely_weight_for_height", Gravity.WARNING)


def _has_surrogates(text: str) -> bool:
    """Return whether `text` holds half a character, which no file can store."""
    return any("\ud800" <= character <= "\udfff" for character in text)
