"""Every danger sign fires at its limit and not beyond it, and only in the patients it was written for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import api
from engine.diagnosis.red_flags import Rule, Sign, fired, load_rules
from engine.knowledge.index import KnowledgeIndex
from engine.knowledge.sources import load_sources

PATIENTS = {
    "adult": api.Case(age_years=40),
    "child": api.Case(age_years=3),
    "newborn": api.Case(age_years=0.05),
    "pregnancy": api.Case(age_years=28, sex="female", pregnant=True),
    "anyone": api.Case(age_years=9),
}


@pytest.fixture(scope="module")
def rules(diagnosis_index: KnowledgeIndex) -> tuple[Rule, ...]:
    return load_rules(diagnosis_index)


def ids(rules: tuple[Rule, ...], case: api.Case, present: frozenset[str] = frozenset()) -> set[str]:
    return {flag.rule for flag in fired(rules, case, present)}


def at_limit(sign: Sign) -> float | str:
    """Return a value at which the sign is just seen."""
    if sign.one_of:
        return sign.one_of[0]
    for limit, step in ((sign.at_least, 0.0), (sign.at_most, 0.0), (sign.above, 0.1), (sign.below, -0.1)):
        if limit is not None:
            return limit + step
    raise AssertionError("a vital sign without a limit")


def beyond_limit(sign: Sign) -> float | str:
    """Return a value at which the sign is just not seen any more."""
    if sign.one_of:
        return "alert"
    for limit, step in ((sign.at_least, -0.1), (sign.at_most, 0.1), (sign.above, 0.0), (sign.below, 0.0)):
        if limit is not None:
            return limit + step
    raise AssertionError("a vital sign without a limit")


def seen(rule: Rule, signs: tuple[Sign, ...]) -> tuple[api.Case, frozenset[str]]:
    """Return a patient of the rule's kind in whom just these signs are seen."""
    vitals = {sign.vital: at_limit(sign) for sign in signs if sign.vital}
    present = frozenset(code for sign in signs for code in sign.finding[:1])
    return replace(PATIENTS[rule.who], vitals=api.Vitals(**vitals)), present  # type: ignore[arg-type]


def test_every_rule_fires_on_its_own_signs(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        for condition in rule.only_with or (None,):
            signs = rule.signs[: rule.needed] + ((condition,) if condition else ())
            assert rule.id in ids(rules, *seen(rule, signs)), rule.id


def test_every_single_sign_of_a_rule_that_needs_one_fires_it(rules: tuple[Rule, ...]) -> None:
    for rule in (rule for rule in rules if rule.needed == 1):
        for sign in rule.signs:
            for code in sign.finding or (None,):
                narrowed = replace(sign, finding=(code,)) if code else sign
                assert rule.id in ids(rules, *seen(rule, (narrowed, *rule.only_with[:1]))), (rule.id, code)


def test_every_vital_sign_is_silent_just_beyond_its_limit(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        for sign in (sign for sign in rule.signs if sign.vital):
            vitals = api.Vitals(**{sign.vital: beyond_limit(sign)})  # type: ignore[arg-type]
            assert rule.id not in ids(rules, replace(PATIENTS[rule.who], vitals=vitals)), rule.id


def test_every_rule_with_a_condition_is_silent_without_it(rules: tuple[Rule, ...]) -> None:
    conditional = [rule for rule in rules if rule.only_with]
    assert {rule.id for rule in conditional} == {"RF-QSOFA", "RF-NG51-CYANOSIS", "RF-NG51-RASH", "RF-FEVER-TRAVEL"}
    for rule in conditional:
        assert rule.id not in ids(rules, *seen(rule, rule.signs)), rule.id


def test_every_rule_is_silent_in_other_patients(rules: tuple[Rule, ...]) -> None:
    for rule in (rule for rule in rules if rule.who != "anyone"):
        for name in PATIENTS.keys() - {rule.who}:
            case, present = seen(rule, (*rule.signs, *rule.only_with[:1]))
            other = replace(PATIENTS[name], vitals=case.vitals)
            assert rule.id not in ids(rules, other, present), (rule.id, name)


def test_no_rule_fires_on_a_well_patient(rules: tuple[Rule, ...]) -> None:
    well = api.Vitals(36.8, 80, 16, 120, 75, 98, None, "alert")
    for name in ("adult", "child", "pregnancy"):
        assert not ids(rules, replace(PATIENTS[name], vitals=well))
    assert not ids(rules, replace(PATIENTS["newborn"], vitals=replace(well, respiratory_rate_bpm=45)))


@pytest.mark.parametrize(("rate", "is_danger"), [(24, False), (25, True), (9, False), (8, True)])
def test_adult_breathing_limits(rules: tuple[Rule, ...], rate: float, is_danger: bool) -> None:
    found = ids(rules, replace(PATIENTS["adult"], vitals=api.Vitals(respiratory_rate_bpm=rate)))
    assert bool({"RF-NEWS2-RR-HIGH", "RF-NEWS2-RR-LOW"} & found) is is_danger


def test_qsofa_needs_two_signs(rules: tuple[Rule, ...]) -> None:
    one = api.Vitals(respiratory_rate_bpm=22)
    two = replace(one, systolic_mmhg=100)
    infected = frozenset({"HP:0001945"})
    assert "RF-QSOFA" not in ids(rules, replace(PATIENTS["adult"], vitals=one), infected)
    assert "RF-QSOFA" in ids(rules, replace(PATIENTS["adult"], vitals=two), infected)


def test_an_unknown_age_gets_the_adult_rules(rules: tuple[Rule, ...]) -> None:
    assert "RF-NEWS2-SPO2" in ids(rules, api.Case(vitals=api.Vitals(spo2_percent=88)))


def test_every_rule_names_a_recorded_source_and_has_both_languages(
    rules: tuple[Rule, ...], knowledge: KnowledgeIndex
) -> None:
    sources = load_sources(knowledge)
    for rule in rules:
        assert rule.source in sources
        assert sources[rule.source].excerpt
        assert rule.en != rule.zh
