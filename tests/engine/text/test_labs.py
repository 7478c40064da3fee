"""Laboratory values: names, units and sizes in both languages, and what is high or low by age and sex."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.text.entities import TextReader
from engine.text.labs import LabReader, load_labs
from engine.text.measure import sex_of


@pytest.fixture(scope="module")
def labs(text_index: KnowledgeIndex) -> LabReader:
    return load_labs(text_index)


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("Hb 9.1 g/dL", "Hb", 91),
        ("haemoglobin was 132 g/L", "Hb", 132),
        ("Hgb 8.7", "Hb", 87),
        ("血红蛋白 85 g/L", "Hb", 85),
        ("WBC 15.2 x10^9/L", "WBC", 15.2),
        ("white cell count of 15,200/mm3", "WBC", 15.2),
        ("白细胞１８．５×10⁹/L", "WBC", 18.5),
        ("白细胞 1.2万/μL", "WBC", 12),
        ("platelets 45,000 /µL", "PLT", 45),
        ("血小板 60", "PLT", 60),
        ("Na 128 mmol/L", "NA", 128),
        ("K+ 6.1", "K", 6.1),
        ("potassium: 2.9 mEq/L", "K", 2.9),
        ("血钾 5.8 mmol/L", "K", 5.8),
        ("creatinine 2.0 mg/dL", "CREA", 176.84),
        ("肌酐 210 μmol/L", "CREA", 210),
        ("ALT 230 U/L", "ALT", 230),
        ("谷丙转氨酶 120 U/L", "ALT", 120),
        ("total bilirubin 3.5 mg/dl", "TBIL", 59.85),
        ("albumin 2.8", "ALB", 28),
        ("calcium 12.1 mg/dL", "CA", 3.019),
        ("pH 7.21", "PH", 7.21),
        ("lactate 4.5 mmol/L", "LACT", 4.5),
        ("INR 3.2", "INR", 3.2),
        ("CRP of 85 mg/L", "CRP", 85),
        ("C反应蛋白 56 mg/L", "CRP", 56),
        ("ESR 60 mm/hr", "ESR", 60),
        ("eGFR 35", "EGFR", 35),
        ("BUN 40 mg/dL", "BUN", 14.28),
        ("TSH 0.02 mIU/L", "TSH", 0.02),
        ("促甲状腺激素 12.5 μIU/mL", "TSH", 12.5),
        ("free T4 3.5 ng/dL", "FT4", 45.045),
        ("D-dimer 3.2 mg/L FEU", "DDIMER", 3200),
        ("D-二聚体 850 ng/mL", "DDIMER", 850),
        ("total cholesterol 260 mg/dL", "CHOL", 6.724),
        ("甘油三酯 4.2 mmol/L", "TG", 4.2),
        ("bicarbonate 12 mEq/L", "HCO3", 12),
    ],
)
def test_a_value_is_read_in_the_standard_unit(labs: LabReader, text: str, measure: str, value: float) -> None:
    assert [(found.measure, found.value) for found in labs.find(text)] == [(measure, pytest.approx(value, abs=0.01))]


@pytest.mark.parametrize("text", ["vitamin K 10 mg", "K2 level", "Hb 900", "alt 0", "pH 12", "WBC seen in 3 days"])
def test_what_no_patient_or_unit_can_have_is_left_alone(labs: LabReader, text: str) -> None:
    assert labs.find(text) == []


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("A 45-year-old woman, Hb 12.5 g/dL", "HP:0001903", False),
        ("A 45-year-old man, Hb 12.5 g/dL", "HP:0001903", True),
        ("Hb 12.5 g/dL", "HP:0001903", False),
        ("A 3-year-old girl, Hb 10.5 g/dL", "HP:0001903", True),
        ("Na 128, K 6.1", "HP:0002902", True),
        ("Na 128, K 6.1", "HP:0002153", True),
        ("Na 138, K 4.1", "HP:0002153", False),
        ("A 2-year-old boy, creatinine 130 umol/L", "HP:0003259", False),
        ("The baby has K 6.1", "HP:0002153", False),
        ("男，62岁，血钾 2.9 mmol/L", "HP:0002900", True),
        ("女，30岁，血红蛋白 98 g/L", "HP:0001903", True),
        ("血小板 60×10^9/L", "HP:0001873", True),
        ("glucose 250 mg/dL", "HP:0003074", True),
        ("血糖 3.1 mmol/L", "HP:0001943", True),
        ("BP 150/95", "HP:0004421", True),
        ("血压 118/76", "HP:0004421", False),
        ("SpO2 91%", "HP:0012418", True),
        ("a 1-year-old boy, HR 180", "HP:0001649", True),
        ("HbA1c 9.8%", "HP:0040217", True),
        ("HbA1c 5.4%", "HP:0040217", False),
        ("TSH 0.02 mIU/L", "HP:0031098", True),
        ("TSH 2.1 mIU/L", "HP:0002925", False),
        ("A 45-year-old woman, D-dimer 650 ng/mL", "HP:0033106", True),
        ("A 75-year-old woman, D-dimer 650 ng/mL", "HP:0033106", False),
        ("TC 6.9mmol/L，TG 4.2mmol/L", "HP:0003124", True),
        ("TC 6.9mmol/L，TG 4.2mmol/L", "HP:0002155", True),
        ("A 2-month-old infant, WBC 18 x10^9/L", "HP:0001974", False),
        ("A 3-year-old girl, WBC 18 x10^9/L", "HP:0001974", True),
        ("A 3-year-old girl, neutrophils 1.1 x10^9/L", "HP:0001875", True),
        ("A 10-year-old girl, WBC 18 x10^9/L", "HP:0001974", False),
    ],
)
def test_high_and_low_follow_age_and_sex(reader: TextReader, text: str, code: str, found: bool) -> None:
    assert (code in {entity.code for entity in reader.read(text)}) is found


@pytest.mark.parametrize(
    ("text", "sex"),
    [("a 45-year-old woman", "female"), ("62M with cough", "male"), ("患者，女，30岁", "female"), ("男性患者", "male"),
     ("cough", None), ("女儿说", None)],
)  # fmt: skip
def test_the_sex_a_text_names_first(text: str, sex: str | None) -> None:
    assert sex_of(text) == sex


def test_every_limit_names_a_source_record_and_a_test() -> None:
    folder = resources() / "knowledge" / "lab_ranges"
    sources, rows, tests = (
        json.loads((folder / name).read_text("utf-8")) for name in ("sources.json", "ranges.json", "tests.json")
    )
    assert {row["source"] for row in rows} == set(sources)
    assert {row["measure"] for row in rows} <= {test["measure"] for test in tests} | {"glucose_mmol_l"}
    assert not any(source["reviewed"] for source in sources.values())


@given(st.text())
def test_every_span_lies_in_the_text(labs: LabReader, text: str) -> None:
    for value in labs.find(text):
        assert 0 <= value.start < value.end <= len(text)
