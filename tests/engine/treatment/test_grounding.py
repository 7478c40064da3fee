"""Sentences against their sources: true ones pass, planted errors do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.grounding import CAUGHT_AIM, KINDS, LOST_AIM, build_examples, judge
from engine.knowledge.index import KnowledgeIndex
from engine.treatment.grounding import Grounding, Problem
from engine.treatment.rows import ConditionRow
from engine.treatment.terms import ClinicalTerms, clinical_terms, looks_like_drug

FACT = "Consider amoxicillin: 500 mg by mouth three times a day for 5 days. Fever should have gone within 3 to 4 days."
OTHER = "Do not give aspirin to children with pneumonia."
CHECK = Grounding({"A": FACT, "B": OTHER}, ClinicalTerms(["pneumonia", "influenza", "pulmonary embolism"]))


@pytest.mark.parametrize(
    ("sentence", "cited", "problem"),
    [
        ("Amoxicillin 500 mg three times a day for 5 days.", ["A"], None),
        ("Amoxicillin 500 mg by mouth for 1 week.", ["A"], Problem.NUMBER),
        ("Amoxicillin 250 mg three times a day.", ["A"], Problem.NUMBER),
        ("Amoxicillin 500 g three times a day.", ["A"], Problem.NUMBER),
        ("Azithromycin 500 mg three times a day for 5 days.", ["A"], Problem.NAME),
        ("Fever should not have gone within 3 to 4 days.", ["A"], Problem.NEGATION),
        ("Give aspirin to children with pneumonia.", ["B"], Problem.NEGATION),
        ("Do not give aspirin to children with influenza.", ["B"], Problem.NAME),
        ("Oxygen makes the lungs shine brightly.", ["A"], Problem.NEGATION),
        ("Do not give aspirin to children with pneumonia.", ["C"], Problem.UNKNOWN_SOURCE),
        ("Do not give aspirin to children with pneumonia.", [], Problem.NO_SOURCE),
        ("", ["A"], Problem.EMPTY),
        ("It is what it is.", ["A"], Problem.EMPTY),
    ],
)
def test_releases_only_what_the_cited_source_says(sentence: str, cited: list[str], problem: Problem | None) -> None:
    assert CHECK.check(sentence, cited).problem == problem


def test_a_source_that_was_not_cited_does_not_help() -> None:
    assert CHECK.check("Do not give aspirin to children with pneumonia.", ["A"]).problem is not None


def test_several_sources_may_be_cited_together() -> None:
    assert CHECK.check("Amoxicillin 500 mg; do not give aspirin to children.", ["A", "B"]).problem is None


@pytest.mark.parametrize("word", ["amoxicillin", "metoprolol", "lisinopril", "cefalexin", "rivaroxaban", "omeprazole"])
def test_drug_names_are_seen_by_their_stems(word: str) -> None:
    assert looks_like_drug(word)


@pytest.mark.parametrize("word", ["medicine", "examine", "patient", "determine", "treatment", "chest"])
def test_plain_words_are_no_drugs(word: str) -> None:
    assert not looks_like_drug(word)


def test_a_longer_name_hides_the_shorter_one_inside() -> None:
    terms = ClinicalTerms(["embolism", "pulmonary embolism"])
    assert terms.found("A pulmonary embolism.") == {"pulmonary embolism"}


def test_catches_planted_errors_and_keeps_true_sentences(
    treatment_index: KnowledgeIndex, conditions: list[ConditionRow]
) -> None:
    terms = clinical_terms(conditions)
    held_out = [example for example in build_examples(treatment_index) if example.held_out]
    planted = [example for example in held_out if example.kind != "true"]
    true = [example for example in held_out if example.kind == "true"]
    assert len(planted) >= 200
    assert {example.kind for example in planted} == set(KINDS)
    caught = sum(judge(example, terms).problem is not None for example in planted) / len(planted)
    lost = sum(judge(example, terms).problem is not None for example in true) / len(true)
    assert caught >= CAUGHT_AIM
    assert lost <= LOST_AIM


@given(st.text(max_size=300), st.lists(st.sampled_from(["A", "B", "C"]), max_size=3))
def test_no_text_gets_through_without_support(text: str, cited: list[str]) -> None:
    checked = CHECK.check(text, cited)
    assert checked.problem is not None or (cited and checked.support > 0)
