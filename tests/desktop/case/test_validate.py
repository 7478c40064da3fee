"""What is said about a case as it was typed."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.case.record import (
    CaseFinding,
    CaseRecord,
    DrugAllergy,
    DrugTaken,
    FindingOrigin,
    FindingState,
    FollowUpVisit,
    LabValue,
    Patient,
    Sex,
    VitalSigns,
)
from desktop.case.validate import (
    CASE_LIMITS,
    CODES,
    VITAL_LIMITS,
    Gravity,
    Limits,
    age_at,
    age_of,
    errors_only,
    problems,
    read_date,
)
from engine import api

TODAY = date(2026, 3, 2)
GOOD = CaseRecord(
    patient=Patient(name="A", birth_date="1980-03-01"), visit_date="2026-03-01", weight_kg=70, height_cm=175
)


def found(record: CaseRecord) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in problems(record, TODAY)}


def chip(state: FindingState) -> CaseFinding:
    return CaseFinding("HP:0001945", "Fever", "发热", state, FindingOrigin.FORM)


def test_a_usual_case_and_an_empty_one_have_no_problem() -> None:
    assert problems(GOOD, TODAY) == ()
    assert problems(CaseRecord(), TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"age_years": 400}, "age_years", "out_of_range"),
        ({"age_years": -1}, "age_years", "out_of_range"),
        ({"weight_kg": -3}, "weight_kg", "out_of_range"),
        ({"weight_kg": 0.0}, "weight_kg", "out_of_range"),
        ({"weight_kg": math.nan}, "weight_kg", "out_of_range"),
        ({"weight_kg": math.inf}, "weight_kg", "out_of_range"),
        ({"height_cm": 1.75}, "height_cm", "out_of_range"),
        ({"creatinine_umol_l": 0.0}, "creatinine_umol_l", "out_of_range"),
        ({"egfr_ml_min_1_73m2": 300}, "egfr_ml_min_1_73m2", "out_of_range"),
        ({"vitals": VitalSigns(temperature_c=101)}, "vitals.temperature_c", "out_of_range"),
        ({"vitals": VitalSigns(spo2_percent=101)}, "vitals.spo2_percent", "out_of_range"),
        (
            {"vitals": VitalSigns(systolic_mmhg=80, diastolic_mmhg=120)},
            "vitals.diastolic_mmhg",
            "diastolic_not_below_systolic",
        ),
        ({"visit_date": "2026-02-30"}, "visit_date", "bad_date"),
        ({"visit_date": "yesterday"}, "visit_date", "bad_date"),
        ({"visit_date": "2026-03-03"}, "visit_date", "date_in_future"),
        (
            {"patient": Patient(birth_date="2026-03-02"), "visit_date": "2026-03-01"},
            "patient.birth_date",
            "born_after_visit",
        ),
        ({"patient": Patient(birth_date="1850-01-01")}, "patient.birth_date", "out_of_range"),
        ({"labs": (LabValue("K", 4.1, observed_at="2027-01-01"),)}, "labs.0.observed_at", "date_in_future"),
        ({"labs": (LabValue("K", math.nan),)}, "labs.0.value", "not_a_number"),
        ({"labs": (LabValue(" ", 1.0),)}, "labs.0.name", "unnamed"),
        ({"medications": (DrugTaken("x", dose=-5),)}, "medications.0.dose", "out_of_range"),
        ({"medications": (DrugTaken("x" * 501),)}, "medications.0.name", "too_long"),
        ({"medications": tuple(DrugTaken("x") for _ in range(101))}, "medications", "too_many"),
        ({"findings": tuple(chip(FindingState.DENIED) for _ in range(501))}, "findings", "too_many"),
        ({"text": "x" * 250_001}, "text", "too_long"),
        ({"text": "\ud83d"}, "text", "unreadable_characters"),
        ({"patient": Patient(name="\udc00")}, "patient.name", "unreadable_characters"),
        ({"patient": Patient(phone="1" * 201)}, "patient.phone", "too_long"),
        ({"own_diagnosis": "x" * 501}, "own_diagnosis", "too_long"),
        ({"follow_up": (FollowUpVisit("2026-13-01", "same"),)}, "follow_up.0.date", "bad_date"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_is_an_error(changes: dict[str, object], field: str, code: str) -> None:
    record = replace(GOOD, **changes)  # type: ignore[arg-type]
    assert (field, code) in {(problem.field, problem.code) for problem in errors_only(problems(record, TODAY))}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"age_years": 30}, "age_years", "age_differs_from_birth_date"),
        ({"pregnant": True, "patient": Patient(sex=Sex.MALE)}, "pregnant", "pregnant_and_male"),
        ({"pregnant": True, "patient": Patient(), "age_years": 70}, "pregnant", "unlikely_pregnancy_age"),
        (
            {"no_known_allergies": True, "allergies": (DrugAllergy("penicillin"),)},
            "no_known_allergies",
            "allergies_and_none_known",
        ),
        ({"weight_kg": 154, "height_cm": 100}, "weight_kg", "unlikely_weight_for_height"),
        ({"findings": (chip(FindingState.CONFIRMED), chip(FindingState.DENIED))}, "findings.1", "confirmed_and_denied"),
    ],
)
def test_what_is_unlikely_is_a_warning_and_stops_nothing(changes: dict[str, object], field: str, code: str) -> None:
    all_found = problems(replace(GOOD, **changes), TODAY)  # type: ignore[arg-type]
    assert [(problem.field, problem.code, problem.gravity) for problem in all_found] == [(field, code, Gravity.WARNING)]


def test_errors_come_before_warnings_and_carry_their_limits() -> None:
    first, second = problems(replace(GOOD, age_years=400), TODAY)
    assert (first.gravity, first.low, first.high) == (Gravity.ERROR, 0, 125)
    assert second.gravity is Gravity.WARNING


def test_every_code_is_on_the_list_to_translate() -> None:
    bad = CaseRecord(
        patient=Patient(name="\ud83d", birth_date="2030-01-01", sex=Sex.MALE),
        visit_date="x",
        age_years=-1,
        pregnant=True,
        text="x" * 250_001,
        labs=tuple(LabValue("", math.nan) for _ in range(1001)),
    )
    assert {code for _, code in found(bad)} <= CODES


def test_the_limits_are_those_of_the_contract() -> None:
    assert CASE_LIMITS["age_years"] == Limits(0, 125)
    assert CASE_LIMITS["weight_kg"] == Limits(0.2, 700, low_open=True)
    assert set(VITAL_LIMITS) == {name for name in api.Vitals.__dataclass_fields__ if name != "consciousness"}


@given(st.floats(0, 125), st.floats(0.21, 700), st.floats(15.1, 280))
def test_what_the_form_accepts_the_engine_accepts(age: float, weight: float, height: float) -> None:
    record = CaseRecord(age_years=age, weight_kg=weight, height_cm=height)
    assert errors_only(problems(record, TODAY)) == ()
    line = api.encode(api.Case(age_years=age, weight_kg=weight, height_cm=height))
    assert api.decode_case(line).weight_kg == weight


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1980-03-01", "2026-03-01", 46),
        ("1980-03-01", "2026-02-28", 45 + 364 / 365),
        ("2026-03-01", "2026-03-01", 0),
        ("2024-02-29", "2025-02-28", 365 / 366),
        ("2024-02-29", "2025-03-01", 1),
        ("2026-01-01", "2026-01-11", 10 / 365),
    ],
)
def test_age_is_exact_to_the_day(born: str, on: str, years: float) -> None:
    assert age_at(born, on) == pytest.approx(years, abs=1e-9)


@pytest.mark.parametrize(
    ("born", "on"), [("2026-03-02", "2026-03-01"), ("", "2026-03-01"), ("1980-13-01", "2026-03-01")]
)
def test_no_age_without_two_good_dates_in_order(born: str, on: str) -> None:
    assert age_at(born, on) is None


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 36_000))
def test_age_never_falls_from_one_day_to_the_next(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    today, tomorrow = (
        age_at(born.isoformat(), on.isoformat()),
        age_at(born.isoformat(), (on + timedelta(1)).isoformat()),
    )
    assert today is not None
    assert tomorrow is not None
    assert 0 < tomorrow - today < 1 / 364


def test_the_birth_date_wins_over_the_entered_age() -> None:
    assert age_of(replace(GOOD, age_years=3.0)) == 46
    assert age_of(CaseRecord(age_years=3.0)) == 3.0


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_none(text: str) -> None:
    day = read_date(text)
    assert day is None or day.isoformat() == text[:10] or date.fromisoformat(text[:10]) == day
