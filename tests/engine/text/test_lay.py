"""What people say instead of the name of a finding, in both languages, with exact spans and the usual polarity."""

from __future__ import annotations

import json

import pytest

from engine.locations import resources
from engine.text.entities import TextReader
from engine.text.lay import LayChinese, LayEnglish
from engine.text.segment import tokenise

_TABLE = {
    "classes": {"phlegm": ["phlegm", "gunk"]},
    "patterns": [
        {"codes": ["E_77"], "say": ["cough* ~1 up ~2 <phlegm>"]},
        {"codes": ["E_66"], "say": ["can't breathe?"]},
    ],
}


def test_a_pattern_fits_across_its_gaps_and_not_further() -> None:
    lay = LayEnglish(_TABLE)
    text = "coughing it up, coughing up lots of gunk"
    assert [text[each.span.start : each.span.end] for each in lay.find(tokenise(text))] == ["coughing up lots of gunk"]
    assert not list(lay.find(tokenise("coughing up really very much old gunk")))


def test_a_shortened_not_is_one_word_and_what_may_be_missing_may_be_missing() -> None:
    spans = [each.span for each in LayEnglish(_TABLE).find(tokenise("I can’t sleep, can't breathe"))]
    assert [(span.start, span.end) for span in spans] == [(2, 7), (15, 28)]


def test_a_chinese_gap_ends_at_a_sign() -> None:
    lay = LayChinese({"classes": {}, "patterns": [{"codes": ["E_52"], "say": ["看 ~3 两个"]}]})
    assert [each.span.end for each in lay.find("看东西两个，看书，两个")] == [5]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("I'm coughing up green stuff and my ribs hurt when I breathe.", {"E_77", "E_220", "HP:0100749"}),
        ("My heart keeps racing and I can't catch my breath.", {"E_155", "E_66"}),
        ("She keeps throwing up and has the runs.", {"E_211", "E_51"}),
        ("Her mouth is drooping on one side.", {"E_156"}),
        ("吐黄痰，一喘气肋骨就疼", {"E_77", "E_220"}),
        ("这两天拉肚子，吃什么吐什么", {"E_51", "E_211"}),
        ("嘴角歪了，眼皮耷拉", {"E_156", "E_172"}),
    ],
)
def test_everyday_words_are_findings(reader: TextReader, text: str, codes: set[str]) -> None:
    found = reader.read(text)
    assert codes <= {entity.code for entity in found if not entity.negated}
    assert all(entity.text == text[entity.start : entity.end] for entity in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("He isn't throwing up.", "E_211"),
        ("She has no trouble breathing.", "HP:0002094"),
        ("没有拉肚子", "E_51"),
    ],
)
def test_everyday_words_are_denied_like_others(reader: TextReader, text: str, code: str) -> None:
    assert [entity.negated for entity in reader.read(text) if entity.code == code] == [True]


def test_a_complaint_of_not_being_able_to_is_no_denial(reader: TextReader) -> None:
    found = {entity.code: entity.negated for entity in reader.read("I'm not dizzy but I can't smell anything.")}
    assert found["E_103"] is False


def test_what_he_can_do_is_no_finding(reader: TextReader) -> None:
    assert "HP:0002094" not in {entity.code for entity in reader.read("He can breathe fine and sleeps well.")}


def test_every_code_of_the_patterns_exists(reader: TextReader) -> None:
    for language in ("en", "zh"):
        table = json.loads((resources() / "knowledge" / f"lexicon_{language}" / "lay_patterns.json").read_text("utf-8"))
        for row in table["patterns"]:
            for code in row["codes"]:
                assert reader._dictionaries.display(code) is not None, code


def test_bringing_something_up_is_not_bringing_up_blood(reader: TextReader) -> None:
    text = "coughing up green stuff"
    assert "HP:0002105" not in {entity.code for entity in reader.read(text)}
    assert "HP:0002105" in {entity.code for entity in reader.read("coughing up blood")}


def test_a_relative_who_has_it_is_not_denied_by_the_clause_before(reader: TextReader) -> None:
    found = {entity.code: entity.negated for entity in reader.read("没有拉肚子，母亲有哮喘。")}
    assert found["E_51"]
    assert found["E_142"] is False
