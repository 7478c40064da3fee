"""Numbers with units, in both languages and in full width, become values; other numbers are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text.measure import age_years, measured


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("T 38.5 C", "temperature_c", 38.5),
        ("temp 101 F", "temperature_c", 38.3),
        ("fever of 39.2", "temperature_c", 39.2),
        ("38.5 C today", "temperature_c", 38.5),
        ("体温39度", "temperature_c", 39.0),
        ("体温３８．５℃", "temperature_c", 38.5),
        ("BP 150/95", "systolic_mmhg", 150.0),
        ("血压１５０／９５", "diastolic_mmhg", 95.0),
        ("150/95 mmHg", "systolic_mmhg", 150.0),
        ("heart rate is 110 bpm", "heart_rate_bpm", 110.0),
        ("心率110次/分", "heart_rate_bpm", 110.0),
        ("RR 24", "respiratory_rate_bpm", 24.0),
        ("SpO2 91%", "spo2_percent", 91.0),
        ("血氧饱和度91％", "spo2_percent", 91.0),
        ("glucose 180 mg/dL", "glucose_mmol_l", 10.0),
        ("血糖 10.2 mmol/L", "glucose_mmol_l", 10.2),
    ],
)
def test_value_is_read_in_the_standard_unit(text: str, measure: str, value: float) -> None:
    assert (measure, value) in [(found.measure, found.value) for found in measured(text)]


@pytest.mark.parametrize("text", ["room 38", "in 2019/20", "fever for 3 days", "T 5", "BP 20/80", "1/2 tablet"])
def test_other_numbers_are_no_vital_signs(text: str) -> None:
    assert measured(text) == []


@pytest.mark.parametrize(
    ("text", "years"),
    [("a 45-year-old man", 45), ("aged 7", 7), ("男，62岁", 62), ("6 months old", 0.5), ("no age", None)],
)
def test_age_in_years(text: str, years: float | None) -> None:
    assert age_years(text) == years


@given(st.text())
def test_every_span_lies_in_the_text(text: str) -> None:
    for value in measured(text):
        assert 0 <= value.start < value.end <= len(text)


@pytest.mark.parametrize(("text", "value"), [("体温38度5", 38.5), ("发烧39度2，咳嗽", 39.2), ("烧到40度", 40.0)])
def test_chinese_degrees_with_their_tenths(text: str, value: float) -> None:
    (found,) = measured(text)
    assert (found.measure, found.value) == ("temperature_c", value)


@pytest.mark.parametrize("text", ["42度白酒", "近视400度", "屈曲45度", "室温25度"])
def test_other_degrees_are_no_temperature(text: str) -> None:
    assert measured(text) == []
