"""With the text tables compiled, questions are asked as questions, answers read alone, and sources have titles."""

from __future__ import annotations

import pytest

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.knowledge.index import KnowledgeIndex


@pytest.fixture(scope="module")
def worded(knowledge: KnowledgeIndex) -> api.Differential:
    case = api.Case(findings=[api.Finding(code="E_55_@_V_89")], answers={"E_53": True}, age_years=40, sex="female")
    return Diagnoser(knowledge).diagnose(case)


def test_a_question_is_a_sentence_in_both_languages(worded: api.Differential) -> None:
    assert worded.next_questions
    for question in worded.next_questions:
        assert question.question.en[-1] in "?:", question.question.en
        assert question.question.zh[-1] in "？：", question.question.zh


def test_answers_do_not_repeat_what_was_asked(worded: api.Differential) -> None:
    for question in worded.next_questions:
        assert not any(": " in value.display.en for value in question.values)


def test_a_finding_with_a_value_says_its_question_once(knowledge: KnowledgeIndex) -> None:
    assert Diagnoser(knowledge)._explainer.display("E_55_@_V_89").en == "pain location: forehead"


def test_every_source_of_the_evidence_has_its_record(worded: api.Differential) -> None:
    named = {row.source for hypothesis in worded.hypotheses for row in hypothesis.evidence}
    assert named
    assert named <= set(worded.sources)
    assert worded.sources["src:ddxplus"].title.startswith("DDXPlus")
