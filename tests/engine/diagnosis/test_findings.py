"""Reading a case: codes old and new, answers of every kind, vital signs, contradictions, and what cannot be read."""

from __future__ import annotations

import pytest

from engine import api
from engine.diagnosis.answer_values import read_answer
from engine.diagnosis.ddxplus_source import Question
from engine.diagnosis.diagnose import Diagnoser

SITES, SITE_NAMES = ("V_123", "V_14", "V_89"), ("nowhere", "iliac wing(R)", "forehead")
GRADES = tuple(map(str, range(11)))
MANY = Question("E_55", "many_of", "Where?", SITES, SITE_NAMES, "V_123", "E_53", False)
GRADE = Question("E_56", "grade", "How bad?", GRADES, GRADES, "0", "E_53", False)
YES_NO = Question("E_91", "yes_no", "Fever?", ("no", "yes"), ("no", "yes"), "no", None, False)


@pytest.mark.parametrize(
    ("question", "raw", "read"),
    [
        (YES_NO, True, ("yes",)),
        (YES_NO, 0, ("no",)),
        (YES_NO, "maybe", None),
        (GRADE, 5, ("5",)),
        (GRADE, "5", ("5",)),
        (GRADE, 4.6, ("5",)),
        (GRADE, 11, None),
        (GRADE, False, ("0",)),
        (MANY, "V_89", ("V_89",)),
        (MANY, ["V_89", "V_14"], ("V_89", "V_14")),
        (MANY, ["V_89", "V_999"], None),
        (MANY, "E_55_@_V_89", ("V_89",)),
        (MANY, "forehead", ("V_89",)),
        (MANY, [], ("V_123",)),
        (MANY, float("nan"), None),
    ],
)
def test_answers_are_read_or_refused(question: Question, raw: api.Answer, read: tuple[str, ...] | None) -> None:
    assert read_answer(question, raw) == read


def test_an_obsolete_term_leads_to_its_replacement(diagnoser: Diagnoser) -> None:
    evidence = diagnoser.reader.read(api.Case(findings=[api.Finding(code="HP:0000057")]))
    assert [diagnoser.ontology.code(term) for term in evidence.present_terms] == ["HP:0008665"]


def test_a_measured_temperature_is_a_fever_and_a_normal_one_says_nothing(diagnoser: Diagnoser) -> None:
    hot = diagnoser.reader.read(api.Case(vitals=api.Vitals(temperature_c=38.0)))
    cool = diagnoser.reader.read(api.Case(vitals=api.Vitals(temperature_c=36.8)))
    assert hot.partial["E_91"] == (("yes",), ())
    assert not cool.partial


def test_a_kind_of_fever_is_a_fever_but_no_kind_is_not_no_fever(diagnoser: Diagnoser) -> None:
    kind = "HP:0001954"  # recurrent fever
    said = diagnoser.reader.read(api.Case(findings=[api.Finding(code=kind)]))
    denied = diagnoser.reader.read(api.Case(findings=[api.Finding(code=kind, present=False)]))
    assert said.partial["E_91"] == (("yes",), ())
    assert "E_91" not in denied.partial


def test_chest_pain_is_pain_somewhere_in_the_chest(diagnoser: Diagnoser) -> None:
    case = api.Case(findings=[api.Finding(code="HP:0100749"), api.Finding(code="E_50")], age_years=60, sex="male")
    evidence = diagnoser.reader.read(case)
    assert "V_29" in evidence.somewhere["E_55"][0]
    first = {row.code for row in diagnoser.diagnose(case).hypotheses[:4]}
    assert "DDX:Possible NSTEMI / STEMI" in first
    told = diagnoser.reader.read(api.Case(findings=case.findings, answers={"E_55": ["V_89"]}))
    assert not told.somewhere


def test_contradictions_count_as_unknown_and_are_reported(diagnoser: Diagnoser) -> None:
    both = [api.Finding(code="E_91"), api.Finding(code="E_91", present=False)]
    evidence = diagnoser.reader.read(api.Case(findings=both))
    assert evidence.contradictions == ("E_91_@_yes",)
    assert "E_91" not in evidence.partial


def test_an_answer_wins_over_the_text(diagnoser: Diagnoser) -> None:
    entity = api.Entity(0, 5, "fever", "symptom", "E_91")
    evidence = diagnoser.reader.read(api.Case(answers={"E_91": False}), [entity])
    assert evidence.answers["E_91"] == ("no",)
    assert "E_91" not in evidence.partial


def test_a_family_members_symptom_is_not_the_patients(diagnoser: Diagnoser) -> None:
    entity = api.Entity(0, 5, "fever", "symptom", "E_91", subject="family")
    assert not diagnoser.reader.read(api.Case(), [entity]).partial


def test_what_is_over_answers_history_and_speaks_for_no_present_symptom(diagnoser: Diagnoser) -> None:
    fever = api.Entity(0, 5, "fever", "symptom", "E_91", time=api.PAST)
    asthma = api.Entity(0, 6, "asthma", "symptom", "E_124", time=api.PAST)
    from_text = diagnoser.reader.read(api.Case(), [fever, asthma])
    assert set(from_text.partial) == {"E_124"}
    findings = [api.Finding(code="HP:0001945", past=True), api.Finding(code="E_124", past=True)]
    assert set(diagnoser.reader.read(api.Case(findings=findings)).partial) == {"E_124"}


def test_a_reading_that_is_only_a_suggestion_is_no_evidence(diagnoser: Diagnoser) -> None:
    unsure = api.Entity(0, 5, "hot", "symptom", "E_91", score=0.5)
    assert not diagnoser.reader.read(api.Case(), [unsure]).partial


def test_what_cannot_be_read_is_named(diagnoser: Diagnoser) -> None:
    findings = [api.Finding(code="HP:9999999"), api.Finding(name="quite unwell"), api.Finding(code="E_55_@_V_9999")]
    evidence = diagnoser.reader.read(api.Case(findings=findings, answers={"E_56": 99}))
    assert evidence.unrecognised == ("HP:9999999", "quite unwell", "E_55_@_V_9999", "E_56=99")
