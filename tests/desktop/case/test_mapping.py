"""The engine's view of a case: everything clinical, nobody in particular."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.case.mapping import case_hash, rounded_age, to_engine_case, variants_name
from desktop.case.record import (
    CaseFinding,
    CaseRecord,
    Course,
    DrugAllergy,
    DrugTaken,
    FamilyIllness,
    FindingOrigin,
    FindingState,
    FollowUpVisit,
    LabValue,
    Lifestyle,
    PastIllness,
    Patient,
    Sex,
    VitalSigns,
)
from engine import api

NAME, NUMBER, PHONE, STREET, BORN = "Zebulon Quartermaine", "MRN-004217", "13800138000", "12 Elm Street", "1980-03-01"
PATIENT = Patient(name=NAME, birth_date=BORN, sex=Sex.FEMALE, local_number=NUMBER, address=STREET, phone=PHONE)
SECRETS = ("Zebulon", "Quartermaine", "004217", PHONE, "Elm Street", BORN, PATIENT.id)
LEAK = f"{NAME} {NUMBER} {PHONE} {STREET} {BORN}"


def chip(state: FindingState, origin: FindingOrigin = FindingOrigin.FORM, name: str = "Fever") -> CaseFinding:
    return CaseFinding("HP:0001945", name, "发热", state, origin, value=LEAK, onset_days=3)


FULL = CaseRecord(
    patient=PATIENT, visit_date="2026-03-01", region="Yunnan", text=f"{LEAK} has fever",
    findings=(chip(FindingState.CONFIRMED, name=LEAK), chip(FindingState.DENIED)),
    answers=(("E_55", ("V_29", "V_89")), ("E_91", False)),
    vitals=VitalSigns(temperature_c=38.5, systolic_mmhg=120, diastolic_mmhg=80, consciousness="alert"),
    labs=(LabValue(LEAK, LEAK, "mmol/L", "2026-03-01"),), history=(PastIllness(LEAK, "C1", "2010"),),
    family_history=(FamilyIllness(LEAK, f"mother {NAME}"),), lifestyle=Lifestyle(smoking=LEAK, occupation=LEAK),
    travel=(LEAK,), medications=(DrugTaken(LEAK, 5.0, "mg", "oral", "daily", "2020"),),
    allergies=(DrugAllergy(LEAK, LEAK),), weight_kg=70.0, height_cm=170.0, creatinine_umol_l=80.0, child_pugh="B",
    pregnant=True, lactating=False, vcf_path=f"/home/{NAME}.vcf", image_paths=(f"/home/{NAME}.png",),
    outside_calls=(("CYP2D6", "*1/*4"),),
    follow_up=(FollowUpVisit("2026-03-08", Course.WORSE, LEAK, (LEAK,), (LabValue(LEAK, 1.0),)),), own_diagnosis=LEAK,
)


def test_nothing_that_identifies_is_in_any_field() -> None:
    sent = msgspec.json.encode(to_engine_case(FULL)).decode()
    assert [secret for secret in (*SECRETS, FULL.id) if secret in sent] == []


def test_everything_clinical_is_there() -> None:
    case = to_engine_case(FULL)
    assert (case.age_years, case.sex, case.region, case.date) == (46.0, "female", "Yunnan", "2026-03-01")
    assert [(finding.code, finding.present, finding.onset_days) for finding in case.findings] == [
        ("HP:0001945", True, 3), ("HP:0001945", False, 3)]
    assert case.answers == {"E_55": ["V_29", "V_89"], "E_91": False}
    assert case.vitals == api.Vitals(38.5, systolic_mmhg=120, diastolic_mmhg=80, consciousness="alert")
    assert (case.labs[0].unit, case.history[0].code, case.history[0].since) == ("mmol/L", "C1", "2010")
    assert (case.medications[0].dose, case.medications[0].frequency) == (5.0, "daily")
    assert (case.weight_kg, case.height_cm, case.creatinine_umol_l) == (70.0, 170.0, 80.0)
    assert (case.child_pugh, case.pregnant, case.lactating) == ("B", True, False)
    assert (case.outside_calls, case.follow_up[0].course) == ({"CYP2D6": "*1/*4"}, "worse")
    assert (case.vcf, case.image) == (variants_name(f"/home/{NAME}.vcf"), None)
    assert to_engine_case(replace(FULL, vcf_path=None)).vcf is None


def test_stripped_copies_are_passed_on() -> None:
    case = to_engine_case(FULL, vcf="/private/1.vcf", images=("/private/1.png",))
    assert (case.vcf, case.image) == ("/private/1.vcf", ["/private/1.png"])


def test_the_contract_accepts_what_is_sent() -> None:
    case = to_engine_case(FULL)
    assert api.decode_case(api.encode(case)) == case


def test_spans_of_the_text_stay_exact() -> None:
    sent = to_engine_case(FULL).text
    start = FULL.text.index("fever")
    assert sent[start : start + 5] == "fever"


@pytest.mark.parametrize("state", [FindingState.SUGGESTED, FindingState.REJECTED])
def test_only_what_a_clinician_said_goes_along(state: FindingState) -> None:
    assert to_engine_case(CaseRecord(findings=(chip(state),))).findings == []


@pytest.mark.parametrize("state", list(FindingState))
def test_the_engine_never_adds_findings_of_its_own_from_the_text(state: FindingState) -> None:
    record = CaseRecord(text="Fever.", findings=(chip(state, FindingOrigin.TEXT),))
    assert to_engine_case(record).findings_confirmed
    assert to_engine_case(CaseRecord(text="Fever.")).findings_confirmed


@pytest.mark.parametrize(
    ("age", "rounded"),
    [(None, None), (46.9, 46), (2.0, 2), (1.99, 23 / 12), (0.5, 0.5), (0.09, 1 / 12), (0.05, 18 / 365.25), (0, 0),
     (float("nan"), None)],
)
def test_ages_are_rounded_down_so_that_no_birthday_follows(age: float | None, rounded: float | None) -> None:
    assert rounded_age(age) == (None if rounded is None else pytest.approx(rounded))


@given(st.floats(0, 125))
def test_a_rounded_age_is_never_higher_and_stays_the_same_when_rounded_again(age: float) -> None:
    once = rounded_age(age)
    assert once is not None
    assert once <= age + 1e-9
    assert rounded_age(once) == pytest.approx(once)


def test_the_hash_covers_the_case_but_not_the_own_diagnosis_or_identity() -> None:
    base = case_hash(to_engine_case(FULL))
    assert hash_with(own_diagnosis="angina") == base
    assert hash_with(weight_kg=71.0) != base
    assert hash_with(pregnant=None) != base


def hash_with(**changes: object) -> str:
    return case_hash(to_engine_case(replace(FULL, **changes)))  # type: ignore[arg-type]


@given(st.text(alphabet="ab王小明 .\n痛", max_size=200))
def test_the_text_keeps_its_length(text: str) -> None:
    assert len(to_engine_case(CaseRecord(patient=Patient(name="王小明"), text=text)).text) == len(text)


def test_a_name_typed_beside_a_genotype_is_masked():
    case = to_engine_case(replace(FULL, outside_calls=(("CYP2D6", f"*1/*4 {NAME}"),)))
    assert NAME not in case.outside_calls["CYP2D6"]
    assert case.outside_calls["CYP2D6"].startswith("*1/*4")
