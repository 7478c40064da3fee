"""The rare index: leaving a paper out, merging, names and old codes, and the order of its scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import api
from engine.diagnosis import rare_fold
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.phenotype import absent_penalty, ranking_scores
from engine.diagnosis.rare_features import FEATURES, RareFeatures
from engine.diagnosis.rare_fit import ClosedFrequency
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.reranker import Reranker
from engine.diagnosis.string_table import NameTable, Strings, fold
from engine.knowledge.index import KnowledgeIndex

MARFAN = ("HP:0001083", "HP:0002616", "HP:0001166", "HP:0000767")


@pytest.fixture(scope="module")
def ontology(diagnosis_index: KnowledgeIndex) -> Ontology:
    return Ontology.load(diagnosis_index)


@pytest.fixture(scope="module")
def rare(diagnosis_index: KnowledgeIndex) -> RareIndex:
    return RareIndex.load(diagnosis_index)


@pytest.fixture(scope="module")
def features(ontology: Ontology, rare: RareIndex) -> RareFeatures:
    return RareFeatures(ontology, rare)


def stored(rare: RareIndex, disease: int) -> ClosedFrequency:
    """Return one disease's row, read back from the columns."""
    places = np.flatnonzero(rare.disease == disease)
    terms = np.searchsorted(rare.start, places, side="right") - 1
    return ClosedFrequency(terms.astype(np.int32), rare.rate[places].astype(np.float64))


def test_a_row_worked_out_alone_equals_its_row_of_the_matrix(
    ontology: Ontology, rare: RareIndex, features: RareFeatures
) -> None:
    terms = rare_fold.terms_of(ontology, MARFAN)
    matrix = features.matrix(terms, [features.log_ratios(term) for term in terms])
    for name in ("OMIM:154700", "OMIM:162200"):
        disease = rare.find.find(name)[0]
        assert features.row(terms, stored(rare, disease), True) == pytest.approx(matrix[disease], rel=2e-2, abs=2e-2)


def test_features_do_not_depend_on_the_order_of_findings(ontology: Ontology, features: RareFeatures) -> None:
    terms = rare_fold.terms_of(ontology, MARFAN)
    forward = features.matrix(terms, [features.log_ratios(term) for term in terms])
    backward = features.matrix(terms[::-1], [features.log_ratios(term) for term in terms[::-1]])
    assert forward == pytest.approx(backward, abs=1e-4)
    assert forward.shape[1] == len(FEATURES)


def test_every_disease_gets_a_finite_score(
    ontology: Ontology, features: RareFeatures, diagnosis_index: KnowledgeIndex
) -> None:
    term = ontology.find("HP:0001250")
    assert term is not None
    scores = ranking_scores(features.matrix([term], [features.log_ratios(term)]), Reranker.load(diagnosis_index))
    assert np.isfinite(scores).all()


def test_an_excluded_finding_speaks_softly_against_what_shows_it() -> None:
    penalty = absent_penalty(np.array([0.0, 0.5, 0.98], dtype=np.float32))
    assert penalty[0] == 0
    assert penalty[2] < penalty[1] < 0
    assert penalty[2] > -0.5


def test_merged_orpha_codes_and_synonyms_lead_to_the_omim_row(rare: RareIndex) -> None:
    by_code, by_name = rare.find.find("ORPHA:558"), rare.find.find("marfan  SYNDROME")
    assert [rare.codes[number] for number in by_name] == ["OMIM:154700"]
    assert by_code == by_name


def test_a_hypothesis_names_the_codes_that_were_merged_into_it(diagnoser: Diagnoser) -> None:
    case = api.Case(findings=[api.Finding(code=code) for code in MARFAN])
    marfan = next(row for row in diagnoser.diagnose(case).hypotheses if row.code == "OMIM:154700")
    assert "ORPHA:558" in marfan.other_codes


@pytest.mark.parametrize(
    ("old", "new"),
    [("HP:0004715", "HP:0000003"), ("HP:0000057", "HP:0008665"), ("HP:0001122", "HP:0000610")],
)
def test_merged_replaced_and_obsolete_ids_lead_to_a_living_term(ontology: Ontology, old: str, new: str) -> None:
    term = ontology.find(old)
    assert term is not None
    assert ontology.code(term) == new


def test_folds_keep_all_cases_of_a_disease_together() -> None:
    fold_of = rare_fold.fold_of(np.array([5, 7, 5, 5]))
    assert len({fold_of[0], fold_of[2], fold_of[3]}) == 1


def test_near_identical_subtypes_of_one_gene_share_a_group(diagnoser: Diagnoser, rare: RareIndex) -> None:
    named = [rare.groups[number] for number in range(len(rare)) if rare.groups[number]]
    assert named
    assert max(named.count(group) for group in set(named)) >= 2


@given(st.dictionaries(st.text(max_size=12), st.integers(0, 50), max_size=20))
def test_names_are_found_whatever_their_case(names: dict[str, int]) -> None:
    table = NameTable.pack(names.items())
    for name, number in names.items():
        if fold(name):
            assert number in table.find(name)


@given(st.lists(st.text(max_size=8), max_size=20))
def test_packed_strings_come_back(texts: list[str]) -> None:
    packed = Strings.pack(texts)
    assert [packed[number] for number in range(len(packed))] == texts


def test_sources_are_shipped_unaltered_with_a_licence() -> None:
    folder = Path(__file__).parents[3] / "resources" / "knowledge"
    for name in ("hpo", "ddxplus", "phenopackets"):
        assert "icence" in (folder / name / "README.md").read_text(encoding="utf-8")
