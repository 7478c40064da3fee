"""The interview: the questions most worth asking now, what each answer would do, and when to stop asking."""

from __future__ import annotations

import numpy as np

from engine.api import AnswerValue, LeadingAfter, NextQuestion
from engine.diagnosis.bayes import BayesVoice, Belief
from engine.diagnosis.catalogue import Wording, worded
from engine.diagnosis.explain import Explainer
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.questions import Gain, expected_gains

LEAST_GAIN_BITS = 0.01
"""Below this the best question is not worth the patient's time."""
LEAST_BENEFIT = 0.005
"""Below this a question's expected gain in treating the right patients is too small to put it first. A choice."""
SURE_ABOVE = 0.997
"""At this probability of the first place more answers would not change the decision."""


def open_gains(bayes: BayesVoice, evidence: CaseEvidence, belief: Belief) -> list[Gain]:
    """Return the questions still open by what they are worth, best first."""
    said = (*evidence.answers, *evidence.partial, *evidence.unanswered)
    closed = (bayes.answers.row[code] for code in said if code in bayes.answers.row)
    treat_from = evidence.prior.treat_from if evidence.prior is not None else {}
    return expected_gains(bayes.answers, belief.log_joint, belief.heard, closed, treat_from)


def worth_asking(bayes: BayesVoice, evidence: CaseEvidence, belief: Belief) -> list[Gain]:
    """Return the open questions that may still change the decision, best first; empty when it is time to stop.

    Questions that may decide a treatment with a known threshold come first, by their benefit; then the others by worth.
    """
    gains = open_gains(bayes, evidence, belief)
    deciding = sorted((gain for gain in gains if gain.benefit >= LEAST_BENEFIT), key=lambda gain: -gain.benefit)
    if float(np.exp(belief.log_probability.max())) >= SURE_ABOVE:
        return deciding
    telling = (gain for gain in gains if gain.benefit < LEAST_BENEFIT and gain.bits >= LEAST_GAIN_BITS)
    return [*deciding, *telling]


class Interviewer:
    """Chooses questions with the Bayes voice's own tables."""

    def __init__(self, bayes: BayesVoice, explainer: Explainer, questions: Wording, values: Wording) -> None:
        """`questions` and `values` word what is asked and answered; where they are empty the findings' names stand."""
        self._bayes = bayes
        self._explainer = explainer
        self._questions, self._values = questions, values

    def next_questions(self, evidence: CaseEvidence, count: int) -> list[NextQuestion]:
        """Return the best `count` questions for one form, best first; empty when more would not change the decision.

        A form asks no detail beside the question that it hangs on.
        """
        belief = self._bayes.belief(evidence)
        chosen: list[Gain] = []
        for gain in worth_asking(self._bayes, evidence, belief):
            if len(chosen) == count:
                break
            if not self._is_detail_of(gain.question, chosen):
                chosen.append(gain)
        return [self._question(gain, belief) for gain in chosen]

    def _is_detail_of(self, row: int, chosen: list[Gain]) -> bool:
        """Whether a question is a detail of one that is on the form already, or that one of it."""
        parent_of = self._bayes.answers.parent_of
        return any(parent_of(row) == gain.question or parent_of(gain.question) == row for gain in chosen)

    def _question(self, gain: Gain, belief: Belief) -> NextQuestion:
        question = self._bayes.answers.questions[gain.question]
        values = [
            AnswerValue(value, worded(self._values, value, self._explainer.display_value(question.code, value)))
            for value in question.values
        ]
        return NextQuestion(
            code=question.code,
            question=worded(self._questions, question.code, self._explainer.display(question.code)),
            kind=question.kind,
            values=values,
            gain_bits=round(gain.bits, 4),
            if_answer=self._leading_after(gain.question, belief),
            worth_bits=round(gain.worth, 4),
            benefit=round(gain.benefit, 4),
            decides=self._decides(gain),
        )

    def _leading(self, number: int, probability: float) -> LeadingAfter:
        return LeadingAfter(self._bayes.table.code(number), round(probability, 4), self._explainer.numbered(number))

    def _decides(self, gain: Gain) -> str | None:
        """Return the condition whose treatment the question was chosen for, None where information chose it."""
        chosen_for_it = gain.decides is not None and gain.benefit >= LEAST_BENEFIT
        return self._bayes.table.code(gain.decides) if chosen_for_it and gain.decides is not None else None

    def _leading_after(self, row: int, belief: Belief) -> dict[str, LeadingAfter]:
        """Return the first place after each single answer."""
        answers = self._bayes.answers
        posterior = np.exp(belief.log_joint - belief.log_joint.max())
        after = np.einsum("pkc,kc->pc", answers.table_of(row, belief.heard)[answers.single_patterns(row)], posterior)
        chance = after.max(axis=1) / after.sum(axis=1)
        return {
            value: self._leading(int(first), float(probability))
            for value, first, probability in zip(
                answers.questions[row].values, after.argmax(axis=1), chance, strict=True
            )
        }
