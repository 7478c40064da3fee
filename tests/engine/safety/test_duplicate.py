"""Duplicate therapy is told for the same ingredient and for two of a class, and for nothing else."""

from __future__ import annotations

import pytest

from engine.api import Case, Medication
from engine.knowledge.index import KnowledgeIndex
from engine.safety.duplicate import ONE_IS_ENOUGH
from engine.safety.verdict import SafetyChecker


def rules(checker: SafetyChecker, *names: str) -> list[str]:
    result = checker.check(Case(medications=[Medication(name) for name in names]))
    return [alert.rule_id for alert in result.alerts if alert.kind == "duplicate"]


def test_the_same_ingredient_under_two_names(checker: SafetyChecker) -> None:
    assert rules(checker, "Tylenol", "co-codamol") == ["duplicate:ingredient"]


@pytest.mark.parametrize("name", ONE_IS_ENOUGH)
def test_two_of_every_class(checker: SafetyChecker, safety_index: KnowledgeIndex, name: str) -> None:
    members = safety_index.json("safety.thesaurus")["classes"][name]
    assert f"duplicate:{name}" in rules(checker, *members[:2])


def test_different_classes_are_quiet(checker: SafetyChecker) -> None:
    assert rules(checker, "amlodipine", "simvastatin", "omeprazole") == []


def test_an_alert_is_inline_in_both_languages(checker: SafetyChecker) -> None:
    result = checker.check(Case(medications=[Medication("ibuprofen"), Medication("naproxen")]))
    alert = next(alert for alert in result.alerts if alert.kind == "duplicate")
    assert not alert.interrupts
    assert alert.display is not None
    assert "布洛芬" in alert.display.zh
