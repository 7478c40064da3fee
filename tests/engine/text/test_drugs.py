"""Drugs in a text: their codes, both languages, and whether the patient takes them."""

from __future__ import annotations

import pytest

from engine import api
from engine.knowledge.index import KnowledgeIndex
from engine.safety.drugs import DrugDictionary
from engine.text.entities import TextReader

WARFARIN, ASPIRIN, IBUPROFEN = "RXNORM:11289", "RXNORM:1191", "RXNORM:5640"


@pytest.fixture(scope="module")
def drug_reader(knowledge: KnowledgeIndex) -> TextReader:
    return TextReader(knowledge, drugs=DrugDictionary(knowledge))


def drugs(reader: TextReader, text: str) -> list[api.Entity]:
    return [entity for entity in reader.read(text) if entity.label == "drug"]


@pytest.mark.parametrize(
    ("text", "taken", "denied"),
    [
        ("Takes warfarin and ibuprofen.", {WARFARIN, IBUPROFEN}, set()),
        ("not taking warfarin", set(), {WARFARIN}),
        ("Denies warfarin or aspirin use", set(), {WARFARIN, ASPIRIN}),
        ("未服用华法林", set(), {WARFARIN}),
        ("未服用华法林，服用阿司匹林", {ASPIRIN}, {WARFARIN}),
        ("服用华法林3年", {WARFARIN}, set()),
    ],
)
def test_a_drug_is_taken_or_denied(drug_reader: TextReader, text: str, taken: set[str], denied: set[str]) -> None:
    found = drugs(drug_reader, text)
    assert {entity.code for entity in found if not entity.negated} == taken
    assert {entity.code for entity in found if entity.negated} == denied


def test_the_name_is_shown_in_both_languages_at_its_place(drug_reader: TextReader) -> None:
    (found,) = drugs(drug_reader, "On Warfarin now")
    assert (found.start, found.text, found.display) == (3, "Warfarin", api.Bilingual("warfarin", "华法林"))


def test_a_combination_comes_apart_into_its_ingredients(drug_reader: TextReader) -> None:
    names = [entity.display.en for entity in drugs(drug_reader, "augmentin") if entity.display]
    assert names == ["amoxicillin", "clavulanic acid"]


@pytest.mark.parametrize("text", ["Stopped taking warfarin", "已停用华法林", "曾服用华法林"])
def test_a_stopped_drug_is_past(drug_reader: TextReader, text: str) -> None:
    assert [entity.time for entity in drugs(drug_reader, text)] == [api.PAST]


def test_a_relatives_drug_is_the_relatives(drug_reader: TextReader) -> None:
    assert [entity.subject for entity in drugs(drug_reader, "His mother takes warfarin")] == ["family"]


def test_an_imagined_drug_carries_no_code(drug_reader: TextReader) -> None:
    assert [entity.code for entity in drugs(drug_reader, "return if warfarin causes bleeding")] == [None]
