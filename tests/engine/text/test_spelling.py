"""One slip in a long word is mended; short, ambiguous and endless words are left alone."""

from __future__ import annotations

import pytest

from engine.text.entities import TextReader
from engine.text.spelling import Spelling

KNOWN = Spelling(["hemoptysis", "palpitation", "convulsion", "compulsion", "jaundice"])


@pytest.mark.parametrize("slip", ["hemoptisis", "hemoptyssis", "hemoptyss", "hemotpysis"])
def test_one_slip_is_mended(slip: str) -> None:
    assert KNOWN.mend(slip) == "hemoptysis"


@pytest.mark.parametrize("word", ["hemoptysis", "fevre", "hemptsis", "xemoptysis", "1" * 200_000, "咳嗽"])
def test_everything_else_is_left_alone(word: str) -> None:
    assert KNOWN.mend(word) is None


@pytest.mark.parametrize("text", ["familiar", "She is familiar with the disease.", "competition", "conversion"])
def test_an_everyday_word_is_never_turned_into_a_finding(reader: TextReader, text: str) -> None:
    assert not reader.read(text)


def test_an_everyday_word_is_right_as_it_stands() -> None:
    assert Spelling(["familial"]).mend("familiar") == "familial"
    assert Spelling(["familial"], ["familiar"]).mend("familiar") is None


def test_two_ways_to_mend_is_no_way() -> None:
    assert Spelling(["abcdefgh", "abcdefgi"]).mend("abcdefgx") is None


def test_a_mended_finding_keeps_its_spelling_and_says_it_is_less_sure(reader: TextReader) -> None:
    found = [entity for entity in reader.read("hemoptisis since Monday") if entity.code == "E_45"]
    assert [(entity.text, entity.score) for entity in found] == [("hemoptisis", 0.6)]
