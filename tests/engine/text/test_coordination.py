"""The halves that a coordination leaves unsaid, through the English matcher with the shipped index."""

from __future__ import annotations

import pytest

from engine.text.coordination import Found, Gapped, coordinated
from engine.text.entities import TextReader

SAID = {
    "thumb and ear anomalies": {"HP:0001172", "HP:0000598"},
    "short and broad fingers": {"HP:0009381", "HP:0001500"},
    "pits of the palms and soles": {"HP:0010610", "HP:0010612"},
    "pain in the knee and hip": {"HP:0030839", "HP:0030838"},
    "joint pain and swelling": {"HP:0002829", "HP:0001386"},
    "mild to moderate hearing loss": {"HP:0012712", "HP:0012713"},
    "hypoplasia of the thumbs and radius": {"HP:0009778", "HP:0002984"},
}


@pytest.mark.parametrize(("text", "codes"), SAID.items())
def test_both_halves_are_read(reader: TextReader, text: str, codes: set[str]) -> None:
    assert codes <= {entity.code for entity in reader.read(text)}


def test_a_finding_that_ends_before_the_join_shares_no_head(reader: TextReader) -> None:
    codes = {entity.code for entity in reader.read("triphalangeal thumb and ear anomalies")}
    assert "HP:0001172" not in codes
    assert {"HP:0001199", "HP:0000598"} <= codes


def test_spans_of_a_coordination_are_exact(reader: TextReader) -> None:
    text = "He has short and broad fingers."
    for entity in reader.read(text):
        assert entity.text == text[entity.start : entity.end]


def test_no_stretch_is_offered_without_a_finding_beside_the_join() -> None:
    assert coordinated(["salt", "and", "pepper", "here"], Found()) == set()


def test_a_list_before_a_head_reaches_back_over_its_commas() -> None:
    found = Found()
    found.add(6, 8)
    stretches = coordinated(["facial", ",", "nasal", ",", "and", "some", "oral", "anomalies"], found)
    assert Gapped(0, 8, 1, 7) in stretches
    assert Gapped(2, 8, 3, 7) in stretches
