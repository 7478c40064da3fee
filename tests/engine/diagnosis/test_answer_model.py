"""Answers that may be wrong: nothing is excluded, details hang on their parent question, order does not matter."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnosis.bayes import BayesVoice
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.interview import open_gains
from engine.knowledge.index import KnowledgeIndex


@pytest.fixture(scope="module")
def voice(diagnosis_index: KnowledgeIndex) -> BayesVoice:
    return BayesVoice(CommonTable.load(diagnosis_index))


def probability(voice: BayesVoice, evidence: CaseEvidence, name: str) -> float:
    names = [condition.name_given for condition in voice.table.conditions]
    return float(np.exp(voice.belief(evidence).log_probability[names.index(name)]))


def test_every_pattern_table_sums_to_one(voice: BayesVoice) -> None:
    heard = voice.answers.hear({"E_53": ("yes",), "E_91": ("no",)}, {})
    for row in range(len(voice.answers.questions)):
        assert voice.answers.table_of(row, heard).sum(axis=0) == pytest.approx(1.0, abs=1e-3)


def test_parts_add_up_to_the_belief_in_any_order(voice: BayesVoice) -> None:
    answers = {"E_55": ("V_29",), "E_53": ("yes",), "E_57": ("V_123",), "E_91": ("yes",)}
    forward = voice.belief(CaseEvidence(answers=answers)).log_joint
    backward = voice.belief(CaseEvidence(answers=dict(reversed(answers.items())))).log_joint
    assert forward == pytest.approx(backward)


def test_a_site_of_pain_speaks_for_conditions_that_hurt(voice: BayesVoice) -> None:
    nothing, site = CaseEvidence(), CaseEvidence(partial={"E_55": (("V_89",), ())})
    assert probability(voice, site, "Cluster headache") > probability(voice, nothing, "Cluster headache")
    assert probability(voice, site, "Whooping cough") < probability(voice, nothing, "Whooping cough")


def test_one_impossible_answer_costs_but_does_not_exclude(voice: BayesVoice) -> None:
    fits = {"E_214": ("yes",), "E_124": ("yes",), "E_46": ("yes",)}
    name = "Bronchospasm / acute asthma exacerbation"
    wrong = {**fits, "E_188": ("yes",)}  # pale stools are not part of asthma in the table
    before, after = (probability(voice, CaseEvidence(answers=answers), name) for answers in (fits, wrong))
    assert 0.001 < after < before


def test_unknown_moves_nothing(voice: BayesVoice) -> None:
    some = CaseEvidence(answers={"E_91": ("yes",)})
    assert voice.belief(some.with_unanswered("E_201")).log_joint == pytest.approx(voice.belief(some).log_joint)


def test_gains_are_never_negative_and_never_offer_an_answered_question(voice: BayesVoice) -> None:
    evidence = CaseEvidence(answers={"E_91": ("yes",)}).with_unanswered("E_201")
    gains = open_gains(voice, evidence, voice.belief(evidence))
    offered = {voice.answers.questions[gain.question].code for gain in gains}
    assert offered.isdisjoint({"E_91", "E_201"})
    assert all(gain.bits >= 0 for gain in gains)
    assert [gain.worth for gain in gains] == sorted((gain.worth for gain in gains), reverse=True)
