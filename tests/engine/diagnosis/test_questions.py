"""What a question is expected to bring: information always, and better treatment where a threshold is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.interview import LEAST_BENEFIT, open_gains
from engine.diagnosis.questions import expected_gains

COUGH_AND_FEVER = {"E_201": True, "E_91": True}


def gains_of(diagnoser: Diagnoser, treat_from: dict[int, float], evidence: CaseEvidence) -> dict[str, float]:
    bayes = diagnoser.bayes
    belief = bayes.belief(evidence)
    found = expected_gains(bayes.answers, belief.log_joint, belief.heard, (), treat_from)
    return {bayes.answers.questions[gain.question].code: gain.benefit for gain in found}


def test_without_a_threshold_nothing_has_a_benefit(diagnoser: Diagnoser) -> None:
    assert set(gains_of(diagnoser, {}, CaseEvidence(answers={"E_91": ("yes",)})).values()) == {0.0}


@settings(max_examples=20, deadline=None)
@given(threshold=st.floats(0.01, 0.99), condition=st.integers(0, 48))
def test_the_benefit_is_what_the_decision_gains_by_the_answer(
    diagnoser: Diagnoser, threshold: float, condition: int
) -> None:
    bayes, evidence = diagnoser.bayes, CaseEvidence(age_years=40, sex="female", answers={"E_201": ("yes",)})
    belief = bayes.belief(evidence)
    row = bayes.answers.row["E_91"]
    table = bayes.answers.table_of(row, belief.heard).sum(axis=1).astype(float)  # one kind of patient
    now = np.exp(belief.log_probability)
    answer = table @ now
    after = table[:, condition] * now[condition] / answer

    def worth(probability: float) -> float:
        return max(0.0, probability - threshold) / (1 - threshold)

    expected = sum(chance * worth(p) for chance, p in zip(answer, after, strict=True)) - worth(now[condition])
    assert gains_of(diagnoser, {condition: threshold}, evidence)["E_91"] == pytest.approx(max(0.0, expected), abs=1e-5)


def test_the_question_that_may_decide_a_treatment_comes_first_and_says_which(diagnoser: Diagnoser) -> None:
    case = api.Case(text="cough and fever", answers=COUGH_AND_FEVER, age_years=70, sex="male")
    ours = api.ClinicPriors(
        "Ours",
        rows=[api.PriorRow("Pneumonia", 20_000.0)],
        thresholds=[api.ThresholdRow("Pneumonia", 0.3)],
    )
    asked = diagnoser.diagnose(case, practice=api.Practice(priors=ours)).next_questions[0]
    assert asked.decides == "DDX:Pneumonia"
    assert asked.benefit >= LEAST_BENEFIT
    by_information = diagnoser.diagnose(case, practice=api.Practice("table")).next_questions[0]
    assert by_information.decides is None
    assert by_information.benefit == 0.0


def test_by_codes_alone_information_chooses(diagnoser: Diagnoser) -> None:
    bayes = diagnoser.bayes
    evidence = CaseEvidence(age_years=30, sex="male", answers={"E_201": ("yes",)})
    gains = open_gains(bayes, evidence, bayes.belief(evidence))
    assert [gain.worth for gain in gains] == sorted((gain.worth for gain in gains), reverse=True)
    assert all(gain.worth >= gain.bits - 1e-6 for gain in gains)  # the first place cannot lose by an answer
