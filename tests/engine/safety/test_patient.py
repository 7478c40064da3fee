"""Every patient row fires where its source says, is quiet beside it, and stands in its source's excerpt."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.api import Alert, Case, IncompleteCheck, Medication, PastCondition
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.safety.patient import PatientChecks, has_long_qt, may_be_pregnant
from engine.safety.verdict import SafetyChecker

FOLDER = resources() / "knowledge/patient"
ROWS: list[dict[str, Any]] = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))["rows"]
SOURCES: dict[str, dict[str, str]] = json.loads((FOLDER / "sources.json").read_text(encoding="utf-8"))
HEALTHY = Case(age_years=40, sex="female", pregnant=False, lactating=False, egfr_ml_min_1_73m2=95, weight_kg=70)


def patient(when: dict[str, Any], drug: str) -> Case:
    """A patient in whom exactly the conditions of `when` hold."""
    case = replace(HEALTHY, medications=[Medication(drug)])
    if "renal_below" in when or "renal_at_least" in when:
        case = replace(case, egfr_ml_min_1_73m2=when.get("renal_at_least", when.get("renal_below", 95) - 1))
    if "age_years_below" in when:
        case = replace(case, age_years=when["age_years_below"] - 0.01, pregnant=None, lactating=None)
    if "age_years_at_least" in when:
        case = replace(case, age_years=when["age_years_at_least"])
    if "child_pugh" in when:
        case = replace(case, child_pugh=when["child_pugh"][0])
    if "long_qt" in when:
        case = replace(case, history=[PastCondition("Long QT syndrome")])
    return replace(case, pregnant=when.get("pregnant", case.pregnant), lactating=when.get("lactating", case.lactating))


def alerts(checker: SafetyChecker, case: Case) -> dict[str, Alert]:
    return {alert.rule_id: alert for alert in checker.check(case).alerts}


def incomplete(checker: SafetyChecker, case: Case, kind: str) -> list[IncompleteCheck]:
    return [item for item in checker.check(case).checks_incomplete if item.kind == kind]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_row_fires_for_each_of_its_drugs(checker: SafetyChecker, row: dict[str, Any]) -> None:
    for drug in row["drugs"]:
        found = alerts(checker, patient(row["when"], drug)).get(row["id"])
        assert found is not None, drug
        assert (found.kind, found.severity) == (row["kind"], row["severity"])
        assert found.interrupts == (row["severity"] in ("contraindicated", "avoid"))
        assert found.source == row["source"]
        assert found.display is not None
        assert row["text"]["zh"] in found.display.zh
        assert row["text"]["en"] in found.text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_row_is_quiet_in_a_healthy_adult(checker: SafetyChecker, row: dict[str, Any]) -> None:
    for drug in row["drugs"]:
        assert row["id"] not in alerts(checker, replace(HEALTHY, medications=[Medication(drug)]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_row_stops_exactly_at_its_limit(checker: SafetyChecker, row: dict[str, Any]) -> None:
    when, drug = row["when"], row["drugs"][0]
    case = patient(when, drug)
    if "renal_below" in when:
        case = replace(case, egfr_ml_min_1_73m2=when["renal_below"])
    elif "age_years_below" in when:
        case = replace(case, age_years=when["age_years_below"])
    elif "age_years_at_least" in when:
        case = replace(case, age_years=when["age_years_at_least"] - 0.01)
    else:
        case = replace(HEALTHY, medications=[Medication(drug)], child_pugh="A")
    assert row["id"] not in alerts(checker, case)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_row_stands_in_the_excerpt_of_its_source(row: dict[str, Any]) -> None:
    record = SOURCES[row["source"]]
    assert row["stated"] in record["excerpt"]
    assert len(record["excerpt"].split()) <= 25
    assert record["title"]
    assert record["address"].startswith("http")


def test_an_unknown_input_gives_a_note_and_never_an_interruption(checker: SafetyChecker) -> None:
    unknown = Case(sex="female", medications=[Medication("metformin"), Medication("lisinopril"), Medication("codeine")])
    result = checker.check(unknown)
    assert not any(alert.interrupts for alert in result.alerts if alert.kind not in ("interaction", "allergy"))
    needs = {(item.kind, item.drug, item.needs) for item in result.checks_incomplete}
    assert ("renal", "metformin", "kidney function") in needs
    assert ("pregnancy", "lisinopril", "pregnancy") in needs
    assert ("paediatric", "codeine", "age") in needs
    assert ("lactation", "codeine", "lactation") in needs


def test_a_man_is_not_asked_about_pregnancy(checker: SafetyChecker) -> None:
    man = Case(sex="male", age_years=30, medications=[Medication("lisinopril")])
    assert incomplete(checker, man, "pregnancy") == []


@pytest.mark.parametrize(
    ("sex", "age", "possible"),
    [
        ("male", 30, False),
        ("female", 11, False),
        ("female", 12, True),
        ("female", 55, True),
        ("female", 56, False),
        ("unknown", None, True),
    ],
)
def test_who_may_be_pregnant(sex: Any, age: float | None, possible: bool) -> None:
    assert may_be_pregnant(Case(sex=sex, age_years=age)) is possible


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"pregnant": True}, "pregnancy"),
        ({"lactating": True}, "lactation"),
        ({"egfr_ml_min_1_73m2": 40}, "renal"),
        ({"child_pugh": "B"}, "hepatic"),
        ({"age_years": 4}, "paediatric"),
    ],
)
def test_a_drug_without_a_row_is_said_for_the_patient_who_needs_one(
    checker: SafetyChecker, change: dict[str, Any], kind: str
) -> None:
    case = replace(HEALTHY, medications=[Medication("cetirizine")], **change)
    assert [(item.drug, item.needs) for item in incomplete(checker, case, kind)] == [("cetirizine", "table")]
    assert incomplete(checker, replace(HEALTHY, medications=[Medication("cetirizine")]), kind) == []


@pytest.mark.parametrize(
    ("name", "long"),
    [("Long QT syndrome", True), ("长QT综合征", True), ("torsades de pointes 2019", True), ("asthma", False)],
)
def test_long_qt_is_found_in_the_history(name: str, long: bool) -> None:
    assert has_long_qt(Case(history=[PastCondition(name)])) is long


def test_the_verdict_blocks_and_shows_the_working(checker: SafetyChecker) -> None:
    case = Case(age_years=70, sex="male", creatinine_umol_l=300, weight_kg=60)
    verdict = checker.verdict(case, "metformin", None)
    assert verdict.verdict == "blocked"
    assert "CKD-EPI 2021" in verdict.alerts[0].text


def test_metformin_counts_egfr_and_dabigatran_clearance(checker: SafetyChecker) -> None:
    """A light old woman: eGFR 40, clearance below 30."""
    case = Case(age_years=88, sex="female", weight_kg=42, creatinine_umol_l=115)
    assert "patient:metformin-30-to-45" in alerts(checker, replace(case, medications=[Medication("metformin")]))
    assert "patient:metformin-below-30" not in alerts(checker, replace(case, medications=[Medication("metformin")]))
    assert "patient:doac-below-30" in alerts(checker, replace(case, medications=[Medication("dabigatran")]))


@pytest.mark.parametrize(("egfr", "asked"), [(59.9, True), (60, False)])
def test_a_renal_row_is_asked_for_below_sixty(checker: SafetyChecker, egfr: float, asked: bool) -> None:
    case = replace(HEALTHY, egfr_ml_min_1_73m2=egfr, medications=[Medication("cetirizine")])
    assert bool(incomplete(checker, case, "renal")) is asked


@pytest.mark.parametrize(("age", "asked"), [(11.9, True), (12, False)])
def test_a_paediatric_row_is_asked_for_below_twelve(checker: SafetyChecker, age: float, asked: bool) -> None:
    case = replace(HEALTHY, age_years=age, medications=[Medication("cetirizine")])
    assert bool(incomplete(checker, case, "paediatric")) is asked


def test_a_row_that_is_ruled_out_asks_for_nothing(checker: SafetyChecker) -> None:
    adult = Case(age_years=40, sex="female", pregnant=False, lactating=False, egfr_ml_min_1_73m2=95)
    adult = replace(adult, medications=[Medication("codeine")])
    assert [item.kind for item in checker.check(adult).checks_incomplete if item.drug == "codeine"] == []
    young = Case(age_years=30, sex="male", medications=[Medication("diphenhydramine")])
    assert incomplete(checker, young, "elderly") == []
    unknown = Case(sex="male", medications=[Medication("diphenhydramine")])
    assert [item.needs for item in incomplete(checker, unknown, "elderly")] == ["age"]


def test_a_note_row_asks_for_nothing(checker: SafetyChecker) -> None:
    woman = Case(age_years=30, sex="female", medications=[Medication("paracetamol")])
    assert incomplete(checker, woman, "pregnancy") == []


@pytest.mark.parametrize(
    ("drug", "is_open"),
    [("metformin", True), ("methotrexate", True), ("amoxicillin", False), ("ciprofloxacin", False)],
)
def test_only_a_severe_row_that_lacks_an_input_keeps_a_check_open(
    checker: SafetyChecker, safety_index: KnowledgeIndex, drug: str, is_open: bool
) -> None:
    """Amoxicillin's rows lack the kidney function but are mild; ciprofloxacin's severe row lacks nothing."""
    case = Case(age_years=40, sex="male")
    assert PatientChecks(safety_index).is_open(checker.dictionary.find(drug), case, has_sourced_dose=True) is is_open
