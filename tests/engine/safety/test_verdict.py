"""The verdict on a proposed drug fails closed; the list is sorted by harm and has no doubles."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Allergy, Case, Medication, Regimen, Severity
from engine.safety.alerts import ORDER
from engine.safety.verdict import SafetyChecker

TWELVE = (
    "warfarin", "aspirin", "amiodarone", "simvastatin", "clarithromycin", "ramipril", "spironolactone", "metformin",
    "fluoxetine", "tramadol", "digoxin", "furosemide",
)  # fmt: skip


def case(*names: str, allergies: tuple[str, ...] = ()) -> Case:
    return Case(medications=[Medication(name) for name in names], allergies=[Allergy(name) for name in allergies])


def regimen(drug: str, amount: float | None, unit: str = "mg") -> Regimen:
    return Regimen(drug=drug, amount=amount, unit=unit, route="oral", frequency="once daily")


@pytest.mark.parametrize(
    ("current", "proposed", "decision"),
    [
        (("simvastatin",), "clarithromycin", "blocked"),
        (("atazanavir",), "omeprazole", "blocked"),
        (("warfarin",), "amiodarone", "caution"),
        (("warfarin",), "fluoxetine", "ok"),
        (("warfarin",), "xyzol", "not_checked"),
        (("xyzol",), "paracetamol", "caution"),
    ],
)
def test_decisions(checker: SafetyChecker, current: tuple[str, ...], proposed: str, decision: str) -> None:
    assert checker.verdict(case(*current), proposed, None).verdict == decision


def test_an_unknown_proposal_is_never_ok(checker: SafetyChecker) -> None:
    verdict = checker.verdict(case(), "xyzol", None)
    assert verdict.verdict == "not_checked"
    assert [item.drug for item in verdict.incomplete] == ["xyzol"]
    assert verdict.alerts == ()


def test_alerts_between_the_other_medications_are_left_out(checker: SafetyChecker) -> None:
    verdict = checker.verdict(case("simvastatin", "clarithromycin"), "paracetamol", None)
    assert all("paracetamol" in alert.drugs for alert in verdict.alerts)


def test_an_allergy_blocks(checker: SafetyChecker) -> None:
    verdict = checker.verdict(case(allergies=("penicillin",)), "amoxicillin", regimen("amoxicillin", 500))
    assert verdict.verdict == "blocked"
    assert verdict.alerts[0].kind == "allergy"
    assert verdict.knowledge_rows == tuple(f"{a.rule_id}@{a.edition}" for a in verdict.alerts)


def test_an_allergy_that_cannot_be_read_is_a_caution(checker: SafetyChecker) -> None:
    verdict = checker.verdict(case(allergies=("blue pill",)), "paracetamol", None)
    assert verdict.verdict == "caution"
    assert "allergy" in {item.kind for item in verdict.incomplete}


def test_the_proposed_dose_counts(checker: SafetyChecker) -> None:
    man = replace(case("warfarin"), age_years=60, sex="male")
    low = checker.verdict(man, "aspirin", regimen("aspirin", 75))
    high = checker.verdict(man, "aspirin", regimen("aspirin", 1000))
    unknown = checker.verdict(man, "aspirin", regimen("aspirin", None))
    assert {low.verdict, high.verdict, unknown.verdict} == {"ok", "blocked"}
    assert high.verdict == unknown.verdict == "blocked"


def test_not_checked_holds_exactly_the_unknown_names(checker: SafetyChecker) -> None:
    result = checker.check(case("warfarin", "xyzol", "amoxicilin", "xyzol", "阿司匹林"))
    assert result.not_checked == ["xyzol", "amoxicilin"]
    assert "amoxicillin" in result.suggestions["amoxicilin"]
    assert "xyzal" in result.suggestions["xyzol"]


READ = [
    "  Amoxicillin 500mg caps ",
    "ＷＡＲＦＡＲＩＮ",
    "泰诺林",
    "co-amoxiclav 625 mg",
    "losartan + hydrochlorothiazide 50/12.5 mg",
    "盐酸二甲双胍缓释片",
    "Percocet 5/325",
    "心痛定 10mg",
    "Seretide Diskus",
    "paracétamol",
]
UNREAD = [
    "amoxicilin",
    "blue pill",
    "阿莫西令",
    "xyzzol 10 mg",
    "losartan + xyzzol",
    "Amoxicillin 1O mg",
    "warfarin?aspirin",
]


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.sampled_from([*READ, *UNREAD]), max_size=10))
def test_not_checked_holds_the_unread_names_in_any_mixture(checker: SafetyChecker, names: list[str]) -> None:
    assert checker.check(case(*names)).not_checked == list(dict.fromkeys(name for name in names if name in UNREAD))


def test_every_alert_names_its_drugs_for_the_screen(checker: SafetyChecker) -> None:
    alerts = checker.check(case("simvastatin", "克拉霉素")).alerts
    assert alerts
    for alert in alerts:
        assert [name.en for name in alert.display_drugs] == alert.drugs
    assert "辛伐他汀（simvastatin）" in [name.zh for name in alerts[0].display_drugs]


def test_no_medications_no_alerts(checker: SafetyChecker) -> None:
    result = checker.check(Case())
    assert (result.alerts, result.not_checked, result.checks_incomplete) == ([], [], [])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*TWELVE, "xyzol", "ibuprofen", "verapamil", "lithium"]), max_size=8))
def test_the_list_is_sorted_by_harm_without_doubles(checker: SafetyChecker, names: list[str]) -> None:
    result = checker.check(case(*names, allergies=("penicillin",)))
    order = [ORDER[alert.severity] for alert in result.alerts]
    assert order == sorted(order)
    keys = [(alert.kind, alert.rule_id, frozenset(alert.drugs)) for alert in result.alerts]
    assert len(set(keys)) == len(keys)
    assert all(
        alert.interrupts == (alert.severity in (Severity.CONTRAINDICATED, Severity.AVOID)) for alert in result.alerts
    )
    assert set(result.not_checked) == {name for name in names if name == "xyzol"}


def test_order_of_entry_does_not_matter(checker: SafetyChecker) -> None:
    forwards = checker.check(case(*TWELVE)).alerts
    backwards = checker.check(case(*reversed(TWELVE))).alerts
    assert {(a.severity, frozenset(a.drugs)) for a in forwards} == {(a.severity, frozenset(a.drugs)) for a in backwards}


def test_twelve_drugs_are_checked_within_the_budget(checker: SafetyChecker) -> None:
    twelve = case(*TWELVE, allergies=("penicillin",))
    timings = []
    for _ in range(7):
        start = time.process_time()
        checker.check(twelve)
        timings.append(time.process_time() - start)
    assert min(timings) <= 0.020


def test_the_checker_tells_how_many_severe_statements_say_what_happens(checker: SafetyChecker) -> None:
    words = checker.words_of_severe_statements()
    assert words.with_mechanism == words.statements >= 760


def test_coverage_is_told_for_each_ingredient(checker: SafetyChecker) -> None:
    assert checker.coverage("co-trimoxazole") == {
        "sulfamethoxazole": frozenset({"interaction", "paediatric", "hepatic", "pregnancy", "qt", "renal"}),
        "trimethoprim": frozenset({"interaction", "pregnancy"}),
    }
    assert checker.coverage("paracetamol")["paracetamol"] >= {"dose", "interaction", "pregnancy"}
    assert checker.coverage("oseltamivir") == {"oseltamivir": frozenset()}
    assert checker.coverage("xyzol") == {}


ADULT = Case(age_years=40, sex="male", egfr_ml_min_1_73m2=95)


@pytest.mark.parametrize(
    "drug", ["paracetamol", "amoxicillin", "nitroglycerin", "oseltamivir", "ipratropium bromide", "metoprolol"]
)
def test_an_ordinary_adult_gets_ordinary_drugs(checker: SafetyChecker, drug: str) -> None:
    assert checker.verdict(ADULT, drug, regimen(drug, 1)).verdict == "ok"


@pytest.mark.parametrize(
    ("change", "drug", "decision"),
    [
        ({"egfr_ml_min_1_73m2": None}, "metformin", "caution"),
        ({"egfr_ml_min_1_73m2": None}, "amoxicillin", "ok"),
        ({"age_years": None}, "codeine", "caution"),
        ({"age_years": 30, "sex": "female"}, "lisinopril", "caution"),
        ({"age_years": 30, "sex": "female", "pregnant": False}, "lisinopril", "ok"),
        ({"age_years": 30, "sex": "female", "pregnant": True}, "lisinopril", "blocked"),
        ({"age_years": 30, "sex": "female", "pregnant": True}, "cetirizine", "caution"),
        ({"age_years": 30, "sex": "female", "pregnant": True}, "paracetamol", "ok"),
        ({"egfr_ml_min_1_73m2": 40}, "cetirizine", "caution"),
        ({"age_years": 5}, "cetirizine", "ok"),
    ],
)
def test_open_checks_decide_only_where_they_matter(
    checker: SafetyChecker, change: dict[str, Any], drug: str, decision: str
) -> None:
    assert checker.verdict(replace(ADULT, **change), drug, regimen(drug, 1)).verdict == decision


def test_a_child_without_a_sourced_dose_is_a_caution(checker: SafetyChecker) -> None:
    child = replace(ADULT, age_years=5)
    assert checker.verdict(child, "cetirizine", None).verdict == "caution"
    assert checker.verdict(child, "cetirizine", regimen("cetirizine", None)).verdict == "caution"


def test_a_proposed_dose_that_cannot_be_read_is_a_caution(checker: SafetyChecker) -> None:
    verdict = checker.verdict(ADULT, "cetirizine", regimen("cetirizine", 2, "spoons"))
    assert verdict.verdict == "caution"
    assert "readable dose" in {item.needs for item in verdict.incomplete}


def test_a_counted_dose_is_read(checker: SafetyChecker) -> None:
    assert checker.verdict(ADULT, "salbutamol", regimen("salbutamol", 2, "puffs")).verdict == "ok"
