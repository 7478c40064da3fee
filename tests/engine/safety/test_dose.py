"""Every limit fires just above its number and is quiet at it; what cannot be read is said, not assumed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.api import Alert, Case, Medication, Regimen
from engine.locations import resources
from engine.safety.frequency import times_per_day
from engine.safety.verdict import SafetyChecker

FOLDER = resources() / "knowledge/dose"
LIMITS: list[dict[str, Any]] = json.loads((FOLDER / "limits.json").read_text(encoding="utf-8"))["limits"]
SOURCES: dict[str, dict[str, str]] = json.loads((FOLDER / "sources.json").read_text(encoding="utf-8"))


def fired(checker: SafetyChecker, *medications: Medication, **patient: Any) -> dict[str, Alert]:
    case = Case(medications=list(medications), **patient)
    return {alert.rule_id: alert for alert in checker.check(case).alerts if alert.kind == "dose"}


def needs(checker: SafetyChecker, *medications: Medication, **patient: Any) -> list[tuple[str, str]]:
    case = Case(medications=list(medications), **patient)
    return [(item.drug, item.needs) for item in checker.check(case).checks_incomplete if item.kind == "dose"]


def patient_of(limit: dict[str, Any]) -> dict[str, Any]:
    return {
        "age_years": limit.get("age_years_at_least", 40),
        "egfr_ml_min_1_73m2": limit.get("renal_below", 100) - 1,
    }


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit["id"])
def test_each_limit_holds_to_the_milligram(checker: SafetyChecker, limit: dict[str, Any]) -> None:
    drug, who = limit["drugs"][0], patient_of(limit)
    if most := limit.get("max_daily_mg"):
        at = Medication(drug, dose=most / 2, unit="mg", frequency="twice daily")
        over = Medication(drug, dose=most / 2 + 1, unit="mg", frequency="twice daily")
        assert limit["id"] not in fired(checker, at, **who)
        assert fired(checker, over, **who)[limit["id"]].severity == limit["severity"]
    if most := limit.get("max_single_mg"):
        assert limit["id"] not in fired(checker, Medication(drug, dose=most, unit="mg", frequency="once daily"), **who)
        assert limit["id"] in fired(checker, Medication(drug, dose=most + 1, unit="mg", frequency="once daily"), **who)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit["id"])
def test_each_limit_is_for_its_patients_only(checker: SafetyChecker, limit: dict[str, Any]) -> None:
    drug = limit["drugs"][0]
    much = Medication(drug, dose=100, unit="g", frequency="once daily")
    who = patient_of(limit)
    assert limit["id"] in fired(checker, much, **who)
    if "age_years_at_least" in limit:
        assert limit["id"] not in fired(checker, much, **{**who, "age_years": limit["age_years_at_least"] - 0.1})
        assert limit["id"] in fired(checker, much, **{**who, "age_years": None})
    if "renal_below" in limit:
        assert limit["id"] not in fired(checker, much, **{**who, "egfr_ml_min_1_73m2": limit["renal_below"]})
        assert limit["id"] not in fired(checker, much, **{**who, "egfr_ml_min_1_73m2": None})
        assert (drug, "kidney function") in needs(checker, much, **{**who, "egfr_ml_min_1_73m2": None})


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit["id"])
def test_each_limit_stands_in_the_excerpt_of_its_source(limit: dict[str, Any]) -> None:
    record = SOURCES[limit["source"]]
    assert limit["stated"] in record["excerpt"]
    assert len(record["excerpt"].split()) <= 25
    numbers = [str(int(limit[key])) for key in ("max_single_mg", "max_daily_mg") if key in limit]
    assert any(number in record["excerpt"].replace(",", "") for number in numbers)


def test_the_day_is_summed_over_medications(checker: SafetyChecker) -> None:
    tablets = Medication("paracetamol", dose=1000, unit="mg", frequency="3 times daily")
    drops = Medication("Tylenol", dose=500, unit="mg", frequency="every 8 hours")
    assert "dose:paracetamol-adult" not in fired(checker, tablets, age_years=40)
    assert "dose:paracetamol-adult" in fired(checker, tablets, drops, age_years=40)


def test_a_unit_mistake_is_caught(checker: SafetyChecker) -> None:
    assert "dose:paracetamol-adult" in fired(
        checker, Medication("paracetamol", dose=500, unit="g", frequency="once daily"), age_years=40
    )


@pytest.mark.parametrize("dose", ["1O mg", "5OO mg", "1,5 g", "10", "two tablets"])
def test_a_dose_that_cannot_be_read_is_said(checker: SafetyChecker, dose: str) -> None:
    medication = Medication("paracetamol", dose=dose, frequency="daily")
    assert fired(checker, medication, age_years=40) == {}
    assert needs(checker, medication, age_years=40) == [("paracetamol", "readable dose")]


def test_what_a_dose_check_lacks_is_said(checker: SafetyChecker) -> None:
    assert needs(checker, Medication("paracetamol"), age_years=40) == [("paracetamol", "dose")]
    assert needs(checker, Medication("paracetamol", dose=500, unit="mg"), age_years=40) == [
        ("paracetamol", "frequency")
    ]
    assert needs(checker, Medication("paracetamol", dose=500, unit="mg", frequency="daily")) == [("paracetamol", "age")]
    assert needs(checker, Medication("loratadine", dose=10, unit="mg", frequency="daily")) == [("loratadine", "table")]
    assert needs(checker, Medication("cetirizine", dose=10, unit="mg", frequency="daily")) == []
    assert needs(checker, Medication("cetirizine")) == []


def test_a_combination_has_no_single_dose(checker: SafetyChecker) -> None:
    medication = Medication("paracetamol + codeine", dose=9000, unit="mg", frequency="daily")
    assert fired(checker, medication, age_years=40) == {}


def test_only_a_drug_with_a_limit_counts_as_covered(checker: SafetyChecker) -> None:
    assert "dose" in checker.coverage("paracetamol")["paracetamol"]
    assert "dose" not in checker.coverage("cetirizine")["cetirizine"]


FAR_OVER: list[tuple[str, float, str, dict[str, float]]] = [
    ("ceftriaxone", 2000, "IV", {"age_years": 40}),
    ("ceftriaxone", 1000, "IM", {"age_years": 40, "weight_kg": 60}),
    ("ceftriaxone", 2000, "", {"age_years": 40}),
    ("oseltamivir", 60, "oral", {"age_years": 3, "weight_kg": 12}),
    ("oseltamivir", 90, "oral", {"age_years": 3, "weight_kg": 15}),
    ("oseltamivir", 150, "oral", {"age_years": 3}),
    ("furosemide", 20, "IV", {"age_years": 5, "weight_kg": 10}),
    ("pyrazinamide", 4000, "oral", {"age_years": 15, "weight_kg": 80}),
    ("benznidazole", 420, "oral", {"age_years": 20, "weight_kg": 60}),
    ("epinephrine", 1, "IM", {"age_years": 20}),
]
"""Twice the highest sourced dose at a time for such a patient, worked out by hand from the rows."""


@pytest.mark.parametrize(("drug", "twice_mg", "route", "who"), FAR_OVER)
def test_a_dose_above_twice_the_highest_sourced_one_is_pointed_out(
    checker: SafetyChecker, drug: str, twice_mg: float, route: str, who: dict[str, float]
) -> None:
    at = Medication(drug, dose=twice_mg, unit="mg", route=route, frequency="once daily")
    above = Medication(drug, dose=twice_mg * 1.01, unit="mg", route=route, frequency="once daily")
    assert fired(checker, at, **who) == {}
    alert = fired(checker, above, **who)[f"dose:{drug}-far"]
    assert alert.severity == "caution"
    assert not alert.interrupts
    assert alert.source
    assert alert.drugs == [drug]
    assert alert.display is not None
    for text in (alert.display.en, alert.display.zh):
        assert f"{twice_mg * 1.01:g} mg" in text
        assert f"{twice_mg / 2:g} mg" in text


@pytest.mark.parametrize(
    ("medication", "who"),
    [
        (Medication("epinephrine", dose=50, unit="mg", route="nebulised"), {"age_years": 40}),
        (Medication("furosemide", dose=900, unit="mg", route="IV"), {"age_years": 5}),
        (Medication("amoxicillin + clavulanic acid", dose=90, unit="g", route="oral"), {"age_years": 40}),
    ],
)
def test_without_a_row_in_mass_for_the_patient_nothing_is_called_far_over(
    checker: SafetyChecker, medication: Medication, who: dict[str, float]
) -> None:
    assert not [rule for rule in fired(checker, medication, **who) if rule.endswith("-far")]


def test_far_over_is_not_said_beside_a_limit_nor_of_a_dose_that_lantern_proposes(checker: SafetyChecker) -> None:
    much = fired(checker, Medication("paracetamol", dose=50, unit="g", frequency="daily"), age_years=40)
    assert much
    assert "dose:paracetamol-far" not in much
    regimen = Regimen("ceftriaxone", amount=50, unit="g", route="intravenous", frequency="once daily")
    assert not [a for a in checker.verdict(Case(age_years=40), "ceftriaxone", regimen).alerts if a.kind == "dose"]


@pytest.mark.parametrize(
    ("times", "texts"),
    [
        (1, "once daily|nightly|each day|every night|each night|before bed|every morning|each morning|in the evening"),
        (1, "every evening|qam|qpm|o.d.|睡前|每早|晨起|每日|每天"),
        (2, "twice daily|b.d.|b.i.d.|morning and evening|morning and night|早晚|早晚各一次"),
        (3, "thrice daily|t.d.s.|t.i.d."),
        (4, "q.d.s.|q.i.d."),
        (1 / 2, "every other day|every second day|every 2 days|on alternate days|qod|隔日1次|隔天"),
        (1 / 7, "every week|once weekly|每周"),
        (3 / 7, "thrice weekly|每周3次|每星期3次"),
        (None, "once|single|twice|sometimes|once daily twice daily"),
    ],
)
def test_each_word_for_a_frequency_has_its_own_number(times: float | None, texts: str) -> None:
    given = {text: times_per_day(text) for text in texts.split("|")}
    assert given == dict.fromkeys(given, times)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("once daily", 1),
        ("OD", 1),
        ("twice a day", 2),
        ("bid", 2),
        ("3 times daily", 3),
        ("three times a day", 3),
        ("every 6 hours", 4),
        ("every 6 to 8 hours", 4),
        ("q8h", 3),
        ("8 hourly", 3),
        ("每日3次", 3),
        ("一日三次", 3),
        ("每8小时1次", 3),
        ("每晚", 1),
        ("weekly", 1 / 7),
        ("twice a week", 2 / 7),
        ("4/day", 4),
        ("every 0 hours", None),
        ("q.d", 1),
        ("qd", 1),
        ("every day", 1),
        ("daily", 1),
        ("nocte", 1),
        ("mane", 1),
        ("at night", 1),
        ("at bedtime", 1),
        ("in the morning", 1),
        ("qhs", 1),
        ("qn", 1),
        ("bd", 2),
        ("b.i.d", 2),
        ("tds", 3),
        ("tid", 3),
        ("t.i.d", 3),
        ("qds", 4),
        ("qid", 4),
        ("q.i.d", 4),
        ("qw", 1 / 7),
        ("睡前", 1),
        ("four times a day", 4),
        ("five times daily", 5),
        ("six times a day", 6),
        ("thrice daily", 3),
        ("one time a day", 1),
        ("two times a day", 2),
        ("一天一次", 1),
        ("每日二次", 2),
        ("每日两次", 2),
        ("日四次", 4),
        ("每天五次", 5),
        ("每天六次", 6),
        ("3 times a week", 3 / 7),
        ("as needed", None),
        ("", None),
        ("often", None),
    ],
)
def test_how_often(text: str, times: float | None) -> None:
    assert times_per_day(text) == times
