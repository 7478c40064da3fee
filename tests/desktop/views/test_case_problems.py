"""Every code of the case's validation has words in both languages, with its limits filled in."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.case.record import CaseRecord, DrugAllergy, LabValue, Patient, VitalSigns
from desktop.case.validate import CODES, Problem
from desktop.views.case_problems import TEXTS, form_name, shown_problems, words_for

TODAY = date(2026, 11, 22)


def test_every_code_has_words():
    assert set(TEXTS) == CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_words_leave_no_placeholder_open(chinese, code):
    words = words_for(Problem("age_years", code, low=0, high=125))
    assert "{" not in words
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words)


def test_limits_stand_in_the_words():
    assert "0 to 125" in words_for(Problem("age_years", "out_of_range", low=0, high=125))


@pytest.mark.parametrize(("path", "name"), [
    ("age_years", "age_years"), ("vitals.spo2_percent", "spo2_percent"), ("patient.birth_date", "birth_date"),
    ("labs.0.value", "labs"), ("text", "text"),
    ("no_known_allergies", "allergies"),
])
def test_name_of_the_field_in_the_form(path, name):
    assert form_name(path) == name


def test_what_is_impossible_stops_and_what_is_unlikely_does_not():
    record = CaseRecord(age_years=400, patient=Patient(birth_date="2027-01-01"), no_known_allergies=True,
                        allergies=(DrugAllergy("Penicillin"),), vitals=VitalSigns(systolic_mmhg=80, diastolic_mmhg=90),
                        labs=(LabValue("CRP", float("nan")),))
    shown = shown_problems(record, TODAY)
    assert {name for name, problem in shown.items() if problem.stops} == {
        "age_years", "birth_date", "diastolic_mmhg", "labs"}
    assert not shown["allergies"].stops


def test_sound_case_has_no_problem():
    assert shown_problems(replace(CaseRecord(), age_years=31.0, visit_date="2026-11-22"), TODAY) == {}
