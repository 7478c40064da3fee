"""A diagnosis by code, name, synonym or Chinese name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.treatment.names import ConditionNames, plain
from engine.treatment.rows import ConditionRow


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guillain-Barré syndrome", "guillain barre syndrome"),
        ("ＣＯＰＤ", "copd"),
        ("HIV (initial infection)", "hiv initial infection"),
    ],
)
def test_case_accents_width_and_punctuation_do_not_matter(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_name_of_two_conditions_finds_neither(conditions: list[ConditionRow]) -> None:
    twins = [replace(conditions[0], synonyms=["the twin"]), replace(conditions[1], synonyms=["The Twin"])]
    assert ConditionNames(twins, {}).find("the twin") is None


def test_names_of_the_text_tables_are_known_too(conditions: list[ConditionRow]) -> None:
    names = ConditionNames(conditions, {conditions[0].code: {"en": "Something else", "zh": "别名"}})
    assert names.find("别名") is conditions[0]


def test_every_condition_is_found_by_its_own_names(conditions: list[ConditionRow]) -> None:
    names = ConditionNames(conditions, {})
    for row in conditions:
        for name in (row.code, row.code.removeprefix("DDX:"), row.name.en, row.name.zh):
            assert names.find(name) is row, name


def test_no_synonym_is_lost_to_another_condition(conditions: list[ConditionRow]) -> None:
    names = ConditionNames(conditions, {})
    lost = [(row.code, synonym) for row in conditions for synonym in row.synonyms if names.find(synonym) is not row]
    assert lost == []
