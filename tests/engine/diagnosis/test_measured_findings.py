"""A vital sign or a laboratory value in its own field counts like the same number in the text."""

from __future__ import annotations

import pytest

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.measured_findings import FieldReader
from engine.knowledge.index import KnowledgeIndex
from engine.text.entities import TextReader


@pytest.fixture(scope="module")
def fields(knowledge: KnowledgeIndex) -> FieldReader:
    return FieldReader.load(knowledge)


@pytest.mark.parametrize(
    ("vitals", "written"),
    [
        (api.Vitals(spo2_percent=88), "SpO2 88 %"),
        (api.Vitals(systolic_mmhg=82, diastolic_mmhg=50), "BP 82/50"),
        (api.Vitals(systolic_mmhg=168, diastolic_mmhg=101), "BP 168/101"),
        (api.Vitals(respiratory_rate_bpm=28), "RR 28/min"),
        (api.Vitals(heart_rate_bpm=125), "HR 125"),
        (api.Vitals(heart_rate_bpm=44), "pulse 44"),
        (api.Vitals(temperature_c=39.2), "temperature 39.2 C"),
    ],
)
def test_a_vital_sign_in_its_field_is_what_it_is_in_the_text(
    fields: FieldReader, knowledge: KnowledgeIndex, vitals: api.Vitals, written: str
) -> None:
    told = TextReader(knowledge).read(f"A 45 year old woman. {written}.")
    from_text = {entity.code for entity in told if entity.label in ("phenotype", "symptom")}
    assert from_text
    assert set(fields.read(api.Case(age_years=45, sex="female", vitals=vitals)).codes) == from_text


@pytest.mark.parametrize(
    ("lab", "code"),
    [
        (api.Lab("Hb", 82.0, "g/L"), "HP:0001903"),
        (api.Lab("Haemoglobin", 8.2, "g/dL"), "HP:0001903"),
        (api.Lab("血红蛋白", 82.0, "g/L"), "HP:0001903"),
        (api.Lab("WBC", 18.0, "10^9/L"), "HP:0001974"),
        (api.Lab("platelets", 60.0, "10^9/L"), "HP:0001873"),
    ],
)
def test_a_laboratory_value_is_a_finding(fields: FieldReader, lab: api.Lab, code: str) -> None:
    assert code in fields.read(api.Case(age_years=45, sex="female", labs=[lab])).codes


def test_normal_values_say_nothing_and_are_no_absence(fields: FieldReader) -> None:
    vitals = api.Vitals(37.0, 72, 14, 122, 78, 98)
    labs = [api.Lab("Hb", 135.0, "g/L"), api.Lab("WBC", 7.0, "10^9/L")]
    read = fields.read(api.Case(age_years=45, sex="female", vitals=vitals, labs=labs))
    assert read.codes == ()
    assert read.unread == ()


def test_age_and_sex_decide(fields: FieldReader) -> None:
    pulse = api.Vitals(heart_rate_bpm=130)
    assert not fields.read(api.Case(age_years=2, vitals=pulse)).codes
    assert fields.read(api.Case(age_years=30, vitals=pulse)).codes
    assert not fields.read(api.Case(vitals=pulse)).codes  # no age: a pulse of 130 may be a child's
    low = [api.Lab("Hb", 125.0, "g/L")]
    assert fields.read(api.Case(age_years=40, sex="male", labs=low)).codes
    assert not fields.read(api.Case(age_years=40, sex="female", labs=low)).codes


def test_what_no_table_reads_is_named(diagnoser_with_fields: Diagnoser) -> None:
    labs = [api.Lab("Zonulin", 55.0, "ng/mL"), api.Lab("WBC", 18.0, "10^9/L")]
    evidence = diagnoser_with_fields.reader.read(api.Case(age_years=40, labs=labs))
    assert evidence.unrecognised == ("Zonulin 55 ng/mL",)


def test_it_reaches_the_ranking_without_opening_the_rare_list(diagnoser_with_fields: Diagnoser) -> None:
    case = api.Case(age_years=40, vitals=api.Vitals(spo2_percent=86, systolic_mmhg=150))
    evidence = diagnoser_with_fields.reader.read(case)
    assert len(evidence.present_terms) == 2
    assert evidence.measured_terms == frozenset(evidence.present_terms)
    assert not evidence.native_terms


@pytest.fixture(scope="module")
def diagnoser_with_fields(knowledge: KnowledgeIndex) -> Diagnoser:
    return Diagnoser(knowledge)
