"""Known names in a run of words: longest first, kinds apart, and the shipped names hold what they should."""

from __future__ import annotations

import pytest

from engine.knowledge.index import KnowledgeIndex
from engine.text.disease_codes import DiseaseCodes, NamedDisease
from engine.text.entity_names import ENTITY_NAMES_ENTRY, KINDS, NAME_CLASSES, NameClasses, folded, general

DISEASE, PHENOTYPE, DRUG = 1, 3, 9
BEGINS, CONTINUES = 1, 2


def test_the_longest_name_of_each_kind_is_found() -> None:
    classes = NameClasses([["ataxia", "spinocerebellar ataxia"], ["ataxia"], ["aspirin"]])
    assert classes.classes(["spinocerebellar", "ataxia", "and", "aspirin"]) == [
        BEGINS * DISEASE,
        CONTINUES * DISEASE + BEGINS * PHENOTYPE,
        0,
        BEGINS * DRUG,
    ]


def test_every_class_is_below_the_number_that_the_model_knows() -> None:
    every = NameClasses([["a b"]] * len(KINDS)).classes(["a", "b"])
    assert every == [(NAME_CLASSES - 1) // 2, NAME_CLASSES - 1]


def test_names_are_compared_by_their_words() -> None:
    assert folded("Creutzfeldt-Jakob  Disease") == folded("creutzfeldt - jakob disease")


@pytest.mark.parametrize(
    ("name", "wider"),
    [
        ("Noonan syndrome 1", "Noonan syndrome"),
        ("Spinocerebellar ataxia, autosomal recessive 12", "Spinocerebellar ataxia"),
        ("Diabetes mellitus type 2", "Diabetes mellitus"),
        ("Malaria", "Malaria"),
    ],
)
def test_a_name_without_its_number_is_the_wider_disease(name: str, wider: str) -> None:
    assert general(name) == wider


def test_the_shipped_names_are_there_in_every_kind(knowledge: KnowledgeIndex) -> None:
    diseases, phenotypes, drugs = map(set, knowledge.json(ENTITY_NAMES_ENTRY))
    assert {"cystic fibrosis", "pneumonia", "noonan syndrome"} <= diseases
    assert {"seizure", "abdominal pain"} <= phenotypes
    assert {"warfarin", "amoxicillin"} <= drugs


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Pneumonia", "DDX:Pneumonia"),
        ("Huntington's disease", "OMIM:143100"),
        ("huntington ' s disease", "OMIM:143100"),
        ("Cystic fibrosis", "OMIM:219700"),
        ("fever and rash", None),
        ("", None),
    ],
)
def test_a_disease_has_the_code_of_its_whole_name(knowledge: KnowledgeIndex, written: str, code: str | None) -> None:
    found = DiseaseCodes(knowledge).of(written)
    assert (found.code if found else None) == code


def test_a_code_comes_with_the_name_of_its_source(knowledge: KnowledgeIndex) -> None:
    assert DiseaseCodes(knowledge).of("HUNTINGTON DISEASE") == NamedDisease("OMIM:143100", "Huntington disease")
