"""Names that the synonym lists of the health texts add to HPO terms."""

from __future__ import annotations

from engine.text.entities import TextReader
from engine.text.health_names import further_names

OWNERS = {("acoustic", "neuroma"): {"HP:0009588"}, ("tumor",): {"HP:1", "HP:2"}}


def _bag(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.lower().split()))


def test_a_title_that_names_one_term_gives_it_the_other_names() -> None:
    groups = {"Acoustic Neuroma": {"Acoustic neurinoma", "Neurinoma"}, "Tumor": {"A growth"}}
    assert list(further_names(groups, OWNERS, _bag)) == [("HP:0009588", "Acoustic neurinoma")]


def test_they_are_read_in_a_text(reader: TextReader) -> None:
    assert "HP:0009588" in {entity.code for entity in reader.read("She had an acoustic neurinoma removed.")}


def test_names_of_merged_terms_are_read_as_their_successor(reader: TextReader) -> None:
    assert "HP:0001382" in {entity.code for entity in reader.read("ligamentous laxity")}
