"""With the text tables compiled, questions are asked as questions, answers read alone, and sources have titles."""

from __future__ import annotations

import pytest

from engine import api
from engine.diagnosis.catalogue import TEXT_QUESTIONS, TEXT_VALUES, load_wording
from engine.diagnosis.common_table import CommonTable
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


def test_all_223_questions_and_their_values_are_worded_in_both_languages(knowledge: KnowledgeIndex) -> None:
    table = CommonTable.load(knowledge)
    questions, values = load_wording(knowledge, TEXT_QUESTIONS), load_wording(knowledge, TEXT_VALUES)
    assert len(table.questions) == 223
    for question in table.questions:
        row = questions[question.code]
        assert row["en"].strip()
        assert _is_chinese(row["zh"]), question.code
        for value in question.values:
            if value.startswith("V_"):
                assert values[value]["en"].strip()
                assert _is_chinese(values[value]["zh"]), value


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
