"""Every allergy rule fires through the public check; what cannot be read is said."""

from __future__ import annotations

import json

import pytest

from engine.api import Alert, Allergy, Case, Medication
from engine.locations import resources
from engine.safety.verdict import SafetyChecker

TABLE = json.loads((resources() / "knowledge/allergy/allergy.json").read_text(encoding="utf-8"))
SOURCES = json.loads((resources() / "knowledge/allergy/sources.json").read_text(encoding="utf-8"))


def alerts(checker: SafetyChecker, drug: str, *allergies: str) -> list[Alert]:
    case = Case(medications=[Medication(drug)], allergies=[Allergy(name) for name in allergies])
    return [alert for alert in checker.check(case).alerts if alert.kind == "allergy"]


@pytest.mark.parametrize("rule", TABLE["rules"], ids=lambda rule: rule["id"])
def test_every_rule_fires_for_some_pair(checker: SafetyChecker, rule: dict[str, str]) -> None:
    allergens, drugs = (TABLE["classes"][rule[side]]["members"] for side in ("allergen", "drug"))
    fired = {
        alert.rule_id
        for allergen in allergens
        for drug in drugs
        if drug != allergen
        for alert in alerts(checker, drug, allergen)
    }
    assert rule["id"] in fired


@pytest.mark.parametrize("rule", TABLE["rules"], ids=lambda rule: rule["id"])
def test_every_rule_names_a_record_that_was_read(rule: dict[str, str]) -> None:
    record = SOURCES[rule["source"]]
    assert record["title"]
    assert record["address"].startswith("https://")
    assert 0 < len(record["excerpt"].split()) <= 25


@pytest.mark.parametrize("key", TABLE["classes"])
def test_every_member_meets_its_own_class_by_each_of_its_names(checker: SafetyChecker, key: str) -> None:
    group = TABLE["classes"][key]
    rules = [rule for rule in TABLE["rules"] if rule["allergen"] == key and rule["drug"] == key]
    for name in group["names"] if rules else ():
        for member in group["members"]:
            assert alerts(checker, member, name), (member, name)


@pytest.mark.parametrize(
    ("drug", "allergy", "severity"),
    [
        ("co-amoxiclav", "penicillin", "contraindicated"),
        ("阿莫西林胶囊", "青霉素过敏", "contraindicated"),
        ("cefalexin", "amoxicillin", "avoid"),
        ("ceftriaxone", "penicillin", "caution"),
        ("cefazolin", "penicillin", "caution"),
        ("ibuprofen", "aspirin", "contraindicated"),
        ("celecoxib", "aspirin", "caution"),
        ("warfarin", "Warfarin 5 mg", "contraindicated"),
        ("aztreonam", "ceftazidime", "avoid"),
    ],
)
def test_known_cross_reactions(checker: SafetyChecker, drug: str, allergy: str, severity: str) -> None:
    found = alerts(checker, drug, allergy)
    assert [alert.severity for alert in found][:1] == [severity]
    assert found[0].interrupts == (severity != "caution")
    assert found[0].display is not None
    assert allergy in found[0].text


@pytest.mark.parametrize(
    ("drug", "allergy"), [("paracetamol", "aspirin"), ("azithromycin", "penicillin"), ("ceftriaxone", "aztreonam")]
)
def test_what_does_not_cross_react_is_quiet(checker: SafetyChecker, drug: str, allergy: str) -> None:
    assert alerts(checker, drug, allergy) == []


def test_an_unreadable_allergy_is_reported_and_no_known_allergy_is_not(checker: SafetyChecker) -> None:
    case = Case(medications=[Medication("paracetamol")], allergies=[Allergy("peanuts"), Allergy("NKDA"), Allergy("无")])
    result = checker.check(case)
    assert [(item.kind, item.drug) for item in result.checks_incomplete if item.kind == "allergy"] == [
        ("allergy", "peanuts")
    ]
    assert result.not_checked == []
