"""Traditional characters and a scanner's slips are read character for character; the text and its places stay."""

from __future__ import annotations

import pytest

from engine.api import SURE_FROM
from engine.knowledge.index import KnowledgeIndex
from engine.text.entities import TextReader
from engine.text.legible import Legibility, simplified_forms

SCANNED = "He has fev3r and c0ugh, pa1n in the chest, n0t vomiting."
KNOWN = frozenset(["fever", "cough", "pain", "not", "lice", "bag", "bab"])


@pytest.fixture(scope="module")
def reader(knowledge: KnowledgeIndex) -> TextReader:
    return TextReader(knowledge)


def coded(reader: TextReader, text: str) -> dict[str, tuple[str, bool, float | None]]:
    return {each.code: (each.text, each.negated, each.score) for each in reader.read(text) if each.code}


def test_a_scanners_slip_is_offered_with_the_characters_that_stand_there_and_named(reader: TextReader) -> None:
    found = coded(reader, SCANNED)
    for code, written in (("HP:0001945", "fev3r"), ("HP:0012735", "c0ugh")):
        text, negated, score = found[code]
        assert (text, negated) == (written, False)
        assert score is not None
        assert score < SURE_FROM
    assert [(SCANNED[each.span.start : each.span.end], each.meant) for each in reader.misread(SCANNED)] == [
        ("fev3r", "fever"), ("c0ugh", "cough"), ("pa1n", "pain"), ("n0t", "not"),
    ]  # fmt: skip
    assert found["HP:0002013"] == ("vomiting", True, 1.0)  # a misread denial denies


@pytest.mark.parametrize(
    "text",
    ["HbA1c 7.1, SpO2 91%, B12 low, 10mg for 5 days, on the 8th day, T4 N0 M0, CA125, COVID19, H1N1, in his 50s",
     "L5S1, G6PD, p53, IL-6, CD4 count 350, 100g, http://a.b/c0ugh, A1c, FEV1, PaO2, hr 88bpm"],
)  # fmt: skip
def test_values_units_and_codes_are_no_slips(reader: TextReader, text: str) -> None:
    assert reader.misread(text) == []


def test_what_might_be_two_words_or_none_is_left_alone() -> None:
    legibility = Legibility({}, KNOWN.__contains__)
    assert [each.meant for each in legibility.of("fev3r l1ce").misread] == ["fever", "lice"]
    assert legibility.of("ba6 x9z3q7 fever").misread == ()


TRADITIONAL = "患者發熱三天，咳嗽，體溫39度，沒有胸痛。"
SIMPLIFIED = "患者发热三天，咳嗽，体温39度，没有胸痛。"


def test_traditional_characters_are_read_like_simplified_ones_at_the_same_places(reader: TextReader) -> None:
    told, plain = reader.read(TRADITIONAL), reader.read(SIMPLIFIED)
    assert [(each.start, each.end, each.code, each.negated, each.score) for each in told] == [
        (each.start, each.end, each.code, each.negated, each.score) for each in plain
    ]
    assert all(each.text == TRADITIONAL[each.start : each.end] for each in told)
    assert {("發熱", False), ("胸痛", True)} <= {(each.text, each.negated) for each in told}
    assert reader.misread(TRADITIONAL) == [] == reader.not_read(TRADITIONAL)


def test_only_single_characters_that_the_wordings_do_not_use_are_turned() -> None:
    table = "\n".join(["發\t发", "乾\t干 乾", "著\t着", "a comment", "同\t同", "一二\t一"])
    assert simplified_forms(table, own="著") == {"發": "发", "乾": "干"}


def test_a_legible_text_is_as_long_as_the_text() -> None:
    legibility = Legibility({"發": "发"}, KNOWN.__contains__)
    text = "發燒 fev3r pa1n"
    assert legibility.of(text).text == "发燒 fever pain"
