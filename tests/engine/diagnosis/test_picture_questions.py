"""Questions over a narrative: what leading conditions' pictures name and nobody said; answers move the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.api import Case, Differential
from engine.assembly import Engine
from engine.diagnosis.answer_values import yes_or_no

CYSTITIS = Case(
    text="Burning when passing urine for two days, has to go every half hour, a dull ache above the pubic bone.",
    age_years=24,
    sex="female",
)
TIRED = Case(text="Tired for months, gained weight, constipated, always cold.", age_years=44, sex="female")
ZH = Case(text="女，28岁，尿频、尿急、尿痛一天，下腹坠胀。", age_years=28, sex="female")


@pytest.fixture(scope="module")
def engine(knowledge_path: Path, models: Path) -> Engine:
    return Engine(knowledge_path, models)


def diagnosed(engine: Engine, case: Case) -> Differential:
    return engine.diagnoser.diagnose(case, engine.reader.read(case.text), top=20)


def chance(found: Differential, code: str) -> float:
    return next((row.votes.text or 0.0 for row in found.hypotheses if row.code == code), 0.0)


@pytest.mark.parametrize("case", [CYSTITIS, TIRED, ZH])
def test_a_narrative_beyond_the_tables_is_asked_about_in_both_languages(engine: Engine, case: Case) -> None:
    found = diagnosed(engine, case)
    assert found.hypotheses[0].code.startswith("LNT:")
    assert 0 < len(found.next_questions) <= 3
    for question in found.next_questions:
        assert question.code.startswith("HP:")
        assert question.kind == "yes_no"
        assert [value.id for value in question.values] == ["yes", "no"] == list(question.if_answer)
        assert question.question.en != question.question.zh
        assert question.gain_bits > 0
        assert question.speaks_for
    gains = [question.gain_bits for question in found.next_questions]
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize("case", [CYSTITIS, TIRED, ZH])
def test_an_answer_moves_the_list_as_the_question_said_and_is_not_asked_again(engine: Engine, case: Case) -> None:
    before = diagnosed(engine, case)
    question = before.next_questions[0]
    spoken_for = question.speaks_for[0].code
    there, not_there = (diagnosed(engine, replace(case, answers={question.code: said})) for said in (True, False))
    assert chance(there, spoken_for) > chance(before, spoken_for) > chance(not_there, spoken_for)
    for said, value in ((there, "yes"), (not_there, "no")):
        assert question.code not in {each.code for each in said.next_questions}
        assert said.hypotheses[0].code == question.if_answer[value].code
        if said.status == "ranked":
            assert said.hypotheses[0].probability == pytest.approx(question.if_answer[value].probability, abs=0.01)
        assert said.unrecognised == []


def test_what_the_patient_does_not_know_changes_nothing_and_is_not_asked_again(engine: Engine) -> None:
    before = diagnosed(engine, CYSTITIS)
    code = before.next_questions[0].code
    after = diagnosed(engine, replace(CYSTITIS, answers={code: None}))
    assert [(row.code, row.probability) for row in after.hypotheses] == [
        (row.code, row.probability) for row in before.hypotheses
    ]
    assert code not in {question.code for question in after.next_questions}


def test_what_is_said_or_denied_is_not_asked(engine: Engine) -> None:
    said = replace(CYSTITIS, text=f"{CYSTITIS.text} Cloudy urine. No fever.")
    asked = {question.code for question in diagnosed(engine, said).next_questions}
    assert not asked & {"HP:0031967", "HP:0001945"}


def test_an_answer_that_cannot_be_read_is_named(engine: Engine) -> None:
    found = diagnosed(engine, replace(CYSTITIS, answers={"HP:0031967": "perhaps", "HP:9999999": True}))
    assert found.unrecognised == ["HP:0031967=perhaps", "HP:9999999"]


@pytest.mark.parametrize(
    ("raw", "meant"), [(True, True), ("no", False), ("有", True), (None, None), ("不知道", None), ("V_1", None)]
)
def test_yes_and_no_are_read_as_people_write_them(raw: bool | str | int | None, meant: bool | None) -> None:
    assert yes_or_no(raw) is meant


@pytest.mark.parametrize("text", [
    "Burning when passing urine for two days, going often, no fever.",
    "A sore with honey-coloured crusts around the mouth of a child for three days, spreading.",
])  # fmt: skip
def test_an_interview_over_a_narrative_comes_to_its_end(engine: Engine, text: str) -> None:
    """Answers that leave the first place where it is make further questions not worth asking."""
    case, entities = Case(text=text, age_years=25), engine.reader.read(text)
    for _ in range(25):
        _, question = engine.diagnoser.next_step(case, entities)
        if question is None:
            return
        case = replace(case, answers={**case.answers, question.code: False})
    pytest.fail("25 questions and no end")
