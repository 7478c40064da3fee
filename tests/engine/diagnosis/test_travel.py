"""Fever after a stay where malaria may occur is a danger sign, told in a field or in either language."""

from __future__ import annotations

import pytest

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.knowledge.index import KnowledgeIndex
from engine.text.entities import TextReader

RULE = "RF-FEVER-TRAVEL"


@pytest.fixture(scope="module")
def reader(knowledge: KnowledgeIndex) -> TextReader:
    return TextReader(knowledge)


@pytest.fixture(scope="module")
def diagnoser(knowledge: KnowledgeIndex) -> Diagnoser:
    return Diagnoser(knowledge)


def flags(diagnoser: Diagnoser, reader: TextReader, case: api.Case) -> set[str]:
    return {flag.rule for flag in diagnoser.diagnose(case, reader.read(case.text)).red_flags}


@pytest.mark.parametrize("text", [
    "Fever and chills for 3 days, headache. Returned from Ghana 10 days ago.",
    "35-year-old man back from working in Nigeria two weeks ago. High fever with rigors every other day.",
    "Fever after a trip through Germany and Cambodia.",
    "男，35岁，从非洲打工回来两周，隔天发作寒战、高热、大汗，头痛。",
    "发热寒战3天，头痛，10天前从加纳回来。",
])  # fmt: skip
def test_fever_after_a_stay_alarms(diagnoser: Diagnoser, reader: TextReader, text: str) -> None:
    for age in (4.0, 9.0, 35.0):
        assert RULE in flags(diagnoser, reader, api.Case(text=text, age_years=age)), age


def test_the_field_for_travel_and_a_measured_fever_are_enough(diagnoser: Diagnoser, reader: TextReader) -> None:
    hot = api.Vitals(temperature_c=38.6)
    assert RULE in flags(diagnoser, reader, api.Case(age_years=40, travel=["Kenya"], vitals=hot))
    assert RULE not in flags(diagnoser, reader, api.Case(age_years=40, travel=["Norway"], vitals=hot))


@pytest.mark.parametrize("text", [
    "Headache for 3 days. Returned from Ghana 10 days ago.",
    "Fever and chills for 3 days. Has not travelled to Africa.",
    "Fever and cough. Returned from Norway last week.",
    "Fever. Keeps guinea pigs.",
    "发热咳嗽3天，没有去过非洲。",
    "发热3天，从北京回来。",
])  # fmt: skip
def test_no_fever_no_stay_or_another_place_is_quiet(diagnoser: Diagnoser, reader: TextReader, text: str) -> None:
    assert RULE not in flags(diagnoser, reader, api.Case(text=text, age_years=35))


def test_the_clinic_s_own_region_is_no_travel(diagnoser: Diagnoser, reader: TextReader) -> None:
    assert RULE not in flags(diagnoser, reader, api.Case(text="Fever for 3 days.", age_years=35, region="Uganda"))
