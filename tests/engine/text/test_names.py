"""Every code of DDXPlus has a name, a question and answers in both languages."""

from __future__ import annotations

import json

import pytest

from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.text.names import Names, zh_name

DDXPLUS = resources() / "knowledge" / "ddxplus"
EVIDENCES = json.loads((DDXPLUS / "release_evidences.json").read_text(encoding="utf-8"))
CONDITIONS = json.loads((DDXPLUS / "release_conditions.json").read_text(encoding="utf-8"))


def has_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.fixture(scope="session")
def names(text_index: KnowledgeIndex) -> Names:
    return Names(text_index)


def test_every_question_is_named_and_worded_in_both_languages(names: Names) -> None:
    for code in EVIDENCES:
        name, question = names.of(code), names.question(code)
        assert name is not None, code
        assert question is not None, code
        assert has_han(name.zh), code
        assert not has_han(name.en), code
        assert question.zh.endswith(("？", "：")), code
        assert question.en, code


def test_every_answer_is_named_as_a_finding_of_its_own(names: Names) -> None:
    for code, evidence in EVIDENCES.items():
        for value in map(str, evidence["possible-values"]):
            name = names.of(f"{code}_@_{value}")
            assert name is not None, (code, value)
            assert has_han(name.zh)
            assert value.isdigit() or names.value(value) is not None


def test_every_condition_has_a_chinese_name(names: Names) -> None:
    for condition in CONDITIONS.values():
        name = names.of(f"DDX:{condition['condition_name']}")
        assert name is not None, condition["condition_name"]
        assert has_han(name.zh)


def test_question_wording_is_the_source_but_for_mended_misprints(names: Names) -> None:
    changed = [code for code, row in EVIDENCES.items() if names.question(code).en != row["question_en"]]
    assert set(changed) <= {"E_40", "E_111", "E_146", "E_149", "E_161", "E_207"}


def test_four_hundred_hpo_terms_have_chinese_names(text_index: KnowledgeIndex) -> None:
    named = [code for code in text_index.json("text.names") if code.startswith("HP:")]
    assert len(named) >= 400


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E_91", "发热"),
        ("E_55_@_V_89", "疼痛部位：前额"),
        ("E_56_@_5", "疼痛程度：5/10"),
        ("DDX:GERD", "胃食管反流病"),
        ("HP:0002094", "呼吸困难"),
    ],
)
def test_chinese_name_of_a_code(text_index: KnowledgeIndex, code: str, name: str) -> None:
    assert zh_name(text_index, code) == name


def test_unknown_code_has_no_name(text_index: KnowledgeIndex, names: Names) -> None:
    assert zh_name(text_index, "E_999") is None
    assert names.of("HP:9999999") is None
