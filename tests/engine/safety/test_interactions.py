"""Interactions: sentinels, levels that depend on drug, dose, route and age, and quiet on unrelated pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.api import Alert, Case, Medication, Severity
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.safety.drugs import DrugDictionary
from engine.safety.interactions import ENTRIES, Interactions, Taken
from engine.safety.prescribed import Prescribed, prescribed
from engine.safety.sentinels import QUIET, SENTINELS, Sentinel
from engine.safety.verdict import SafetyChecker

RANDOM_PAIRS = Path(__file__).parents[2] / "data" / "safety" / "random_pairs_seed_20260101.json"


def alert(
    checker: SafetyChecker, one: Medication | str, other: Medication | str, age: float | None = None
) -> Alert | None:
    drugs = [Medication(drug) if isinstance(drug, str) else drug for drug in (one, other)]
    found = [a for a in checker.check(Case(age_years=age, medications=drugs)).alerts if a.kind == "interaction"]
    assert len({frozenset(a.drugs) for a in found}) == len(found)
    return found[0] if found else None


@pytest.mark.parametrize("sentinel", SENTINELS, ids=str)
def test_sentinel_pairs(checker: SafetyChecker, sentinel: Sentinel) -> None:
    found = alert(checker, sentinel.one, sentinel.other)
    assert found is not None
    assert found.severity == sentinel.severity
    assert found.interrupts == (sentinel.severity in (Severity.CONTRAINDICATED, Severity.AVOID))
    assert found.edition
    assert found.source
    assert found.quote
    assert found.display is not None
    assert found.display.zh != found.display.en


@pytest.mark.parametrize(("one", "other"), QUIET)
def test_unrelated_pairs_are_quiet(checker: SafetyChecker, one: str, other: str) -> None:
    assert alert(checker, one, other) is None


def test_the_same_ingredient_twice_is_no_interaction(checker: SafetyChecker) -> None:
    assert alert(checker, "amiodarone", "Amiodarone 200 mg tab") is None


def test_a_fixed_combination_is_not_checked_against_itself_but_a_typed_list_is(checker: SafetyChecker) -> None:
    assert checker.check(Case(medications=[Medication("sacubitril-valsartan")])).alerts == []
    assert [
        a.severity for a in checker.check(Case(medications=[Medication("simvastatin + clarithromycin")])).alerts
    ] == ["contraindicated"]


def test_levels_follow_the_dose_of_aspirin(checker: SafetyChecker) -> None:
    def with_aspirin(dose: float | None, unit: str = "mg") -> str:
        found = alert(checker, Medication("aspirin", dose=dose, unit=unit), "warfarin")
        assert found is not None
        return found.severity

    assert with_aspirin(None) == "contraindicated"
    assert with_aspirin(100) == "note"
    assert with_aspirin(375) == "note"
    assert with_aspirin(376) == "contraindicated"
    assert with_aspirin(0.1, "g") == "note"
    assert with_aspirin(100, "IU") == "contraindicated"


def test_a_high_dose_can_raise_the_level(checker: SafetyChecker) -> None:
    low = alert(checker, Medication("rosuvastatin", dose=10, unit="mg"), "fenofibrate")
    high = alert(checker, Medication("rosuvastatin", dose=40, unit="mg"), "fenofibrate")
    unknown = alert(checker, "rosuvastatin", "fenofibrate")
    assert low is not None
    assert high is not None
    assert unknown is not None
    assert (low.severity, high.severity, unknown.severity) == ("avoid", "contraindicated", "avoid")


def test_levels_follow_the_route(checker: SafetyChecker) -> None:
    def with_route(drug: str, other: str, route: str | None) -> str | None:
        found = alert(checker, Medication(drug, route=route), other)
        return found.severity if found else None

    assert with_route("diltiazem", "amiodarone", "oral") == "caution"
    assert with_route("diltiazem", "amiodarone", "IV") == "avoid"
    assert with_route("diltiazem", "amiodarone", None) == "avoid"
    assert with_route("midazolam", "clarithromycin", "IV") == "caution"
    assert with_route("midazolam", "clarithromycin", None) == "avoid"


def test_levels_follow_the_age(checker: SafetyChecker) -> None:
    ages = {age: alert(checker, "eszopiclone", "clarithromycin", age) for age in (40, 64.9, 65, None)}
    assert {age: found and found.severity for age, found in ages.items()} == {
        40: "caution",
        64.9: "caution",
        65: "contraindicated",
        None: "contraindicated",
    }


def test_an_exempted_drug_gets_no_alert(safety_index: KnowledgeIndex, checker: SafetyChecker) -> None:
    interactions = Interactions(safety_index)
    assert interactions.covers("osimertinib")
    assert not interactions.covers("xyzol")
    rows = {row["title"]: row for row in safety_index.json("safety.thesaurus")["statements"]}
    exempting = rows["INHIBITEURS DE TYROSINE KINASES MÉTABOLISÉS + INHIBITEURS PUISSANTS DU CYP3A4"]
    found = alert(checker, "osimertinib", "ketoconazole")
    assert found is None or found.rule_id != exempting["id"]


def test_milder_rows_of_a_pair_are_named(checker: SafetyChecker) -> None:
    found = alert(checker, "amiodarone", "sotalol")
    assert found is not None
    assert found.severity == "contraindicated"
    assert found.see_also
    assert found.rule_id not in found.see_also


def test_every_statement_reaches_a_patient(safety_index: KnowledgeIndex) -> None:
    """Each row of the tables fires through the public function for one of its pairs, as worst row or beside it."""
    interactions = Interactions(safety_index)
    dictionary = DrugDictionary(safety_index)
    for entry in ENTRIES:
        for row in safety_index.json(entry)["statements"]:
            assert _fires(interactions, dictionary, row), row["id"]


SEVERE = {"contraindicated", "avoid"}


def _statements(index: KnowledgeIndex) -> list[dict[str, Any]]:
    return [row for entry in ENTRIES for row in index.json(entry)["statements"]]


def test_every_severe_statement_says_what_happens(safety_index: KnowledgeIndex) -> None:
    words = Interactions(safety_index).words_of_severe_statements()
    assert words.statements >= 760
    assert words.with_mechanism == words.statements
    severe = [row for row in _statements(safety_index) if {each["level"] for each in row["levels"]} & SEVERE]
    assert words.statements == len(severe)
    own = [row for row in severe if row.get("text") or row.get("management")]
    assert 0 < words.with_own_management == len(own) < words.statements


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("sacubitril", "enalapril", ("angioedema", "血管性水肿")),
        ("simvastatin", "itraconazole", ("stop the statin", "停用他汀")),
        ("colchicine", "clarithromycin", ("choose another drug", "应更换药物")),
    ],
)
def test_a_severe_alert_says_what_to_do(checker: SafetyChecker, one: str, other: str, said: tuple[str, str]) -> None:
    found = alert(checker, one, other)
    assert found is not None
    assert found.display is not None
    assert said[0].lower() in found.text.lower()
    assert said[1] in found.display.zh


def _fires(interactions: Interactions, dictionary: object, row: dict[str, object]) -> bool:
    for one in row["one"]:  # type: ignore[attr-defined]
        for other in row["other"]:  # type: ignore[attr-defined]
            if one == other:
                continue
            taken = [Taken(dictionary.drug(inn), Prescribed(inn, (dictionary.drug(inn),))) for inn in (one, other)]  # type: ignore[attr-defined]
            for found in interactions.alerts(taken):
                if row["id"] in (found.rule_id, *found.see_also):
                    return True
    only_itself = {*row["one"], *row["other"]}  # type: ignore[misc]
    return len(only_itself) == 1


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("Paxlovid", "simvastatin", "contraindicated"),
        ("Paxlovid", "carbamazepine", "contraindicated"),
        ("finerenone", "clarithromycin", "contraindicated"),
        ("clopidogrel", "omeprazole", "avoid"),
        ("morphine", "diazepam", "avoid"),
        ("edoxaban", "rifampicin", "avoid"),
        ("warfarin", "metronidazole", "avoid"),
        ("dofetilide", "co-trimoxazole", "contraindicated"),
        ("lurasidone", "nefazodone", "contraindicated"),
        ("vericiguat", "Viagra", "avoid"),
        ("finerenone", "verapamil", "caution"),
    ],
)
def test_newer_drugs_and_gaps_of_the_thesaurus_come_from_labels(
    checker: SafetyChecker, one: str, other: str, severity: str
) -> None:
    found = alert(checker, one, other)
    assert found is not None
    assert found.severity == severity
    assert found.source not in ("ansm-thesaurus-2020-10", "onc-high-priority-2012")
    assert found.quote
    assert len(found.quote.split()) <= 25


def test_a_pair_in_two_tables_gives_one_alert(checker: SafetyChecker) -> None:
    result = checker.check(Case(medications=[Medication("warfarin"), Medication("amiodarone")]))
    interactions = [item for item in result.alerts if item.kind == "interaction"]
    assert len(interactions) == 1
    assert [rule for rule in interactions[0].see_also if rule.startswith("ansm-2020-10:")]


def test_random_pairs_seldom_interrupt(safety_index: KnowledgeIndex, checker: SafetyChecker) -> None:
    pairs = json.loads(RANDOM_PAIRS.read_text(encoding="utf-8"))["pairs"]
    assert len(pairs) == 2000
    found = [alert(checker, one, other) for one, other in pairs]
    interrupting = sum(1 for a in found if a is not None and a.interrupts)
    assert interrupting <= 0.03 * len(pairs)


def test_every_torsades_prone_drug_of_the_thesaurus_is_in_the_class_rule(safety_index: KnowledgeIndex) -> None:
    members = safety_index.json("safety.thesaurus")["classes"][
        "substances susceptibles de donner des torsades de pointes"
    ]
    rule = next(row for row in safety_index.json("safety.onc")["statements"] if row["id"] == "onc-2012:qt-qt")
    assert set(members) <= set(rule["one"])


def test_fifteen_class_rules_are_there() -> None:
    rules = json.loads((resources() / "knowledge/interactions_onc/rules.json").read_text())["rules"]
    assert len({rule["quote"] for rule in rules}) == 15
    assert all(rule["text"]["en"] and rule["text"]["zh"] for rule in rules)


def test_a_drug_outside_the_tables_is_said(checker: SafetyChecker) -> None:
    result = checker.check(Case(medications=[Medication("oseltamivir"), Medication("warfarin")]))
    assert [(item.kind, item.drug) for item in result.checks_incomplete if item.kind == "interaction"] == [
        ("interaction", "oseltamivir")
    ]


def test_route_words_are_read() -> None:
    item = Prescribed("x", (), route="po")
    assert item.is_oral
    assert not item.is_parenteral


def test_severity_order_is_that_of_harm() -> None:
    assert list(Severity) == ["contraindicated", "avoid", "caution", "note"]


def test_an_unreadable_dose_is_kept_as_written(checker: SafetyChecker) -> None:
    read = prescribed(Medication("aspirin", dose="1OO mg"), checker.dictionary)
    assert read.single_dose_mg is None
    assert read.unreadable_dose == "1OO mg"
    assert prescribed(Medication("aspirin", dose="100 mg"), checker.dictionary).single_dose_mg == 100
    assert prescribed(Medication("aspirin"), checker.dictionary).unreadable_dose == ""
