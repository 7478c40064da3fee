"""CKD-EPI 2021 and Cockcroft-Gault against values worked out by hand from the published equations."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Case
from engine.safety.renal import KidneyFunction, ckd_epi_2021, clearance_for_doses, cockcroft_gault, kidney_function


@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "egfr"),
    [
        (1.0, 50, "male", 92),
        (1.0, 50, "female", 69),
        (0.7, 40, "female", 112),
        (0.9, 60, "male", 98),
        (2.5, 75, "male", 26),
        (0.5, 25, "female", 133),
        (4.0, 65, "female", 12),
    ],
)
def test_ckd_epi_2021_vectors(creatinine: float, age: float, sex: str, egfr: int) -> None:
    assert round(ckd_epi_2021(creatinine, age, sex)) == egfr  # type: ignore[arg-type]


def test_ckd_epi_is_continuous_at_kappa_and_exact() -> None:
    assert ckd_epi_2021(0.9, 18, "male") == pytest.approx(142 * 0.9938**18)
    assert ckd_epi_2021(0.7, 18, "female") == pytest.approx(142 * 0.9938**18 * 1.012)
    assert ckd_epi_2021(1.8, 30, "male") == pytest.approx(142 * 2**-1.2 * 0.9938**30)
    assert ckd_epi_2021(0.45, 30, "male") == pytest.approx(142 * 0.5**-0.302 * 0.9938**30)
    assert ckd_epi_2021(0.35, 30, "female") == pytest.approx(142 * 0.5**-0.241 * 0.9938**30 * 1.012)


def test_cockcroft_gault_is_exact() -> None:
    assert cockcroft_gault(1.0, 68, 72, "male") == pytest.approx(72.0)
    assert cockcroft_gault(1.0, 68, 72, "female") == pytest.approx(61.2)
    assert cockcroft_gault(2.0, 68, 72, "male") == pytest.approx(36.0)


@pytest.mark.parametrize("age", [0.5, 10, 17.9])
def test_children_get_no_adult_formula(age: float) -> None:
    with pytest.raises(ValueError, match="adults"):
        ckd_epi_2021(1.0, age, "male")
    with pytest.raises(ValueError, match="adults"):
        cockcroft_gault(1.0, age, 30, "male")
    assert not kidney_function(Case(age_years=age, sex="male", creatinine_umol_l=50, weight_kg=30)).is_known


def test_from_the_eighteenth_birthday_the_adult_formulas_hold() -> None:
    assert cockcroft_gault(1.0, 18, 72, "male") == pytest.approx(122.0)
    known = kidney_function(Case(age_years=18, sex="male", creatinine_umol_l=88.42, weight_kg=72))
    assert known.egfr == pytest.approx(ckd_epi_2021(1.0, 18, "male"))
    assert known.clearance_ml_min == pytest.approx(122.0)
    assert known.working == (
        "eGFR 112 mL/min/1.73 m² (CKD-EPI 2021, creatinine 1.00 mg/dL); clearance 122 mL/min (Cockcroft-Gault, 72 kg)"
    )
    assert known.working_zh == (
        "eGFR 112 mL/min/1.73 m²（CKD-EPI 2021，肌酐 1.00 mg/dL）；肌酐清除率 122 mL/min（Cockcroft-Gault，72 kg）"
    )


@pytest.mark.parametrize(
    "case",
    [
        Case(),
        Case(age_years=50, sex="male"),
        Case(age_years=50, creatinine_umol_l=90),
        Case(sex="male", creatinine_umol_l=90),
        Case(age_years=50, sex="other", creatinine_umol_l=90, weight_kg=70),
    ],
)
def test_nothing_is_assumed(case: Case) -> None:
    known = kidney_function(case)
    assert (known.egfr, known.clearance_ml_min, known.working) == (None, None, "")
    assert clearance_for_doses(case) is None


def test_a_recorded_egfr_goes_first_and_the_lower_value_counts_for_doses() -> None:
    case = Case(age_years=80, sex="female", creatinine_umol_l=88.42, weight_kg=45, egfr_ml_min_1_73m2=60)
    known = kidney_function(case)
    assert known.egfr == 60
    assert known.clearance_ml_min == pytest.approx(60 * 45 / 72 * 0.85)
    assert "as recorded" in known.working
    assert clearance_for_doses(case) == known.clearance_ml_min


def test_without_a_weight_only_egfr_is_known() -> None:
    known = kidney_function(Case(age_years=50, sex="male", creatinine_umol_l=88.42))
    assert known.clearance_ml_min is None
    assert known.egfr is not None
    assert round(known.egfr) == 92


@given(st.floats(0.2, 15), st.floats(18, 110), st.sampled_from(["male", "female"]))
def test_more_creatinine_or_age_never_means_better_kidneys(creatinine: float, age: float, sex: str) -> None:
    base = ckd_epi_2021(creatinine, age, sex)  # type: ignore[arg-type]
    assert ckd_epi_2021(creatinine + 0.1, age, sex) < base  # type: ignore[arg-type]
    assert ckd_epi_2021(creatinine, age + 1, sex) < base  # type: ignore[arg-type]
    assert math.isfinite(base)


def test_the_measure_that_a_rule_asks_for_is_used_and_the_other_stands_in() -> None:
    assert KidneyFunction(50.0, 25.0).by("egfr") == 50.0
    assert KidneyFunction(50.0, 25.0).by("clearance") == 25.0
    assert KidneyFunction(None, 25.0).by("egfr") == 25.0
    assert KidneyFunction(50.0, None).by("clearance") == 50.0
    assert KidneyFunction(None, None).by("egfr") is None


def test_one_measure_is_enough_to_be_known() -> None:
    assert KidneyFunction(50.0, None).is_known
    assert KidneyFunction(None, 25.0).is_known
    assert not KidneyFunction(None, None).is_known
