"""The condition rows are whole, sourced and bound to their vectors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.diagnosis.condition_index import compile_conditions, read_texts
from engine.diagnosis.condition_names import loose, looser
from engine.diagnosis.condition_source import Condition, read_conditions
from engine.diagnosis.ddxplus_source import read_conditions as read_ddxplus
from engine.locations import resources

KNOWLEDGE = resources() / "knowledge"


@pytest.fixture(scope="module")
def rows() -> tuple[Condition, ...]:
    return read_conditions(KNOWLEDGE / "conditions")


def test_there_are_hundreds_and_each_says_something(rows: tuple[Condition, ...]) -> None:
    assert len(rows) > 550
    texts = read_texts(KNOWLEDGE)
    told = {phrase.owner for phrase in texts.phrases if phrase.text != rows[phrase.owner].name}
    assert told == set(range(len(rows)))


def test_every_common_condition_has_a_picture(rows: tuple[Condition, ...]) -> None:
    common = {f"DDX:{condition.name_given}" for condition in read_ddxplus(KNOWLEDGE / "ddxplus")}
    codes = {row.code for row in rows}
    assert common <= codes
    assert {code.partition(":")[0] for code in codes} == {"DDX", "LNT"}


def test_every_row_names_both_languages_and_possible_ages(rows: tuple[Condition, ...]) -> None:
    for row in rows:
        assert row.name, row.code
        assert row.zh, row.code
        assert 0 <= row.typical_ages[0] < row.typical_ages[1] <= 120, row.code


def test_a_row_without_a_known_source_is_refused(tmp_path: Path) -> None:
    row = json.loads((KNOWLEDGE / "conditions" / "eye.json").read_text(encoding="utf-8"))[0]
    (tmp_path / "sources.json").write_text("{}")
    (tmp_path / "eye.json").write_text(json.dumps([row]))
    with pytest.raises(ValueError, match="no known source"):
        read_conditions(tmp_path)


def test_a_code_used_twice_is_refused(tmp_path: Path) -> None:
    shutil.copyfile(KNOWLEDGE / "conditions" / "sources.json", tmp_path / "sources.json")
    shutil.copyfile(KNOWLEDGE / "conditions" / "eye.json", tmp_path / "eye.json")
    shutil.copyfile(KNOWLEDGE / "conditions" / "eye.json", tmp_path / "eyes.json")
    with pytest.raises(ValueError, match="used twice"):
        read_conditions(tmp_path)


def test_rows_that_changed_do_not_compile_with_the_old_vectors(tmp_path: Path) -> None:
    for name in ("conditions", "medquad"):
        shutil.copytree(KNOWLEDGE / name, tmp_path / name)
    path = tmp_path / "conditions" / "eye.json"
    path.write_text(path.read_text(encoding="utf-8").replace("gritty", "sandy", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="condition_vectors"):
        compile_conditions(tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haemorrhoids", "hemorrhoid"),
        ("Crohn's Disease", "Crohn disease"),
        ("Tumour of the brain", "brain tumor"),
        ("Oesophageal varices", "Esophageal Varices"),
    ],
)
def test_spellings_plurals_and_fillers_do_not_matter(one: str, other: str) -> None:
    assert loose(one) == loose(other)


def test_words_that_tell_conditions_apart_do_matter() -> None:
    assert loose("Type 1 diabetes") != loose("Type 2 diabetes")
    assert loose("Acute pancreatitis") != loose("Chronic pancreatitis")
    assert looser("Acute pancreatitis (mild)") == looser("pancreatitis")
