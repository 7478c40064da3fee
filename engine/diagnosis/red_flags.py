"""Danger signs as fixed, sourced rules over vital signs and findings: they never wait for a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from engine.api import Bilingual, Case, RedFlag
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.ddxplus_source import split_code
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.travel import TROPICS
from engine.knowledge.index import KnowledgeIndex

ENTRY = "diagnosis.red_flags"

ADULT_FROM_YEARS = 16.0
"""NEWS2 is for people of 16 and over who are not pregnant (src:news2-ages)."""
CHILD_UNDER_YEARS = 5.0
NEWBORN_UNDER_YEARS = 2 / 12
"""General danger signs are for two months up to five years (src:oppia-child-danger), newborn signs for below two months
(src:newborn-danger-age)."""

Who = Literal["adult", "child", "newborn", "pregnancy", "anyone"]


@dataclass(frozen=True, slots=True)
class Sign:
    """Either a vital sign within stated limits, or any of `finding` present."""

    vital: str | None = None
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    one_of: tuple[str, ...] = ()
    finding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One danger sign: it fires when `needed` of its `signs` are seen in a patient of the kind `who`.

    Where the source holds only under a condition, one of `only_with` must be seen as well.
    """

    id: str
    who: Who
    signs: tuple[Sign, ...]
    needed: int
    en: str
    zh: str
    source: str
    only_with: tuple[Sign, ...] = ()


def checked_rules(raw: Sequence[Mapping[str, Any]], ontology: Ontology, table: CommonTable) -> tuple[Rule, ...]:
    """Return the rules of the source file. Raises ValueError for a code that nothing knows or an id used twice."""
    rules = msgspec.convert(raw, tuple[Rule, ...])
    questions = {question.code for question in table.questions}
    for code in (code for rule in rules for sign in (*rule.signs, *rule.only_with) for code in sign.finding):
        if code != TROPICS and split_code(code)[0] not in questions and ontology.find(code) is None:
            raise ValueError(f"danger sign names an unknown finding: {code}")
    if len({rule.id for rule in rules}) != len(rules):
        raise ValueError("danger sign id used twice")
    return rules


def load_rules(index: KnowledgeIndex) -> tuple[Rule, ...]:
    """Return the compiled rules."""
    return msgspec.convert(index.json(ENTRY), tuple[Rule, ...])


def fired(rules: Iterable[Rule], case: Case, present: frozenset[str]) -> list[RedFlag]:
    """Return the danger signs of `case`; `present` holds the codes of findings that are there, with their ancestors."""
    kinds = kinds_of_patient(case)
    return [
        RedFlag(rule.id, rule.en, rule.source, Bilingual(rule.en, rule.zh))
        for rule in rules
        if rule.who in kinds and _fires(rule, case, present)
    ]


def _fires(rule: Rule, case: Case, present: frozenset[str]) -> bool:
    if rule.only_with and not any(_seen(sign, case, present) for sign in rule.only_with):
        return False
    return sum(_seen(sign, case, present) for sign in rule.signs) >= rule.needed


def kinds_of_patient(case: Case) -> frozenset[Who]:
    """Return which rules apply. An unknown age gets the adult rules, because silence would be worse."""
    age = case.age_years
    kinds: set[Who] = {"anyone"}
    if case.pregnant:
        kinds.add("pregnancy")
    if (age is None or age >= ADULT_FROM_YEARS) and not case.pregnant:
        kinds.add("adult")
    if age is not None and NEWBORN_UNDER_YEARS <= age < CHILD_UNDER_YEARS:
        kinds.add("child")
    if age is not None and age < NEWBORN_UNDER_YEARS:
        kinds.add("newborn")
    return frozenset(kinds)


def _seen(sign: Sign, case: Case, present: frozenset[str]) -> bool:
    if sign.vital is None:
        return not present.isdisjoint(sign.finding)
    value = getattr(case.vitals, sign.vital)
    if value is None:
        return False
    if sign.one_of:
        return value in sign.one_of
    return (
        (sign.at_least is None or value >= sign.at_least)
        and (sign.above is None or value > sign.above)
        and (sign.at_most is None or value <= sign.at_most)
        and (sign.below is None or value < sign.below)
    )
