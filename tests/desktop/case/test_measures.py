"""Measured values as clinics type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.case import measures
from desktop.case.measures import ACCEPTED_UNITS, read_measure


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("38.5", "temperature_c", 38.5),
        ("38,5 °C", "temperature_c", 38.5),
        ("３８．５℃", "temperature_c", 38.5),
        ("101 F", "temperature_c", 38.333333),
        ("101°F", "temperature_c", 38.333333),
        ("39度", "temperature_c", 39),
        ("154 lb", "weight_kg", 69.853225),
        ("154lbs.", "weight_kg", 69.853225),
        ("120斤", "weight_kg", 60),
        ("3200 g", "weight_kg", 3.2),
        ("70公斤", "weight_kg", 70),
        ("1.75 m", "height_cm", 175),
        ("68 in", "height_cm", 172.72),
        ("1.2 mg/dL", "creatinine_umol_l", 106.0820),
        ("106 µmol/L", "creatinine_umol_l", 106),
        ("106 μmol/L", "creatinine_umol_l", 106),
        ("90 mg/dl", "glucose_mmol_l", 4.995670),
        ("16 kPa", "systolic_mmhg", 120.0099),
        ("91 %", "spo2_percent", 91),
        ("6 months", "age_years", 0.5),
        ("3岁", "age_years", 3),
        ("72次/分", "heart_rate_bpm", 72),
        ("-3", "weight_kg", -3),
    ],
)
def test_a_value_is_read_in_the_unit_of_its_field(typed: str, field: str, value: float) -> None:
    assert read_measure(typed, field) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("", "weight_kg"),
        ("heavy", "weight_kg"),
        ("70 stone", "weight_kg"),
        ("1O", "weight_kg"),
        ("1.2.3", "weight_kg"),
        ("70 kg kg", "weight_kg"),
        ("1.2 mmol/L", "creatinine_umol_l"),
        ("38 K", "temperature_c"),
        ("5 mg", "unknown_field"),
        ("1,000,000", "weight_kg"),
        ("nan", "weight_kg"),
        ("1e3", "weight_kg"),
    ],
)
def test_what_cannot_be_read_is_not_guessed(typed: str, field: str) -> None:
    assert read_measure(typed, field) is None


@given(st.floats(-500, 500), st.sampled_from(sorted(ACCEPTED_UNITS)))
def test_a_bare_number_is_in_the_fields_own_unit(value: float, field: str) -> None:
    assert read_measure(f"{value:.4f}", field) == pytest.approx(value, abs=1e-4)


@given(st.floats(0.1, 1000), st.floats(0.1, 1000))
def test_conversions_keep_the_order_and_the_ratio(low: float, high: float) -> None:
    for convert in (
        measures.pounds_to_kg,
        measures.inches_to_cm,
        measures.creatinine_to_umol_l,
        measures.glucose_to_mmol_l,
    ):
        assert convert(low) / convert(high) == pytest.approx(low / high)


@pytest.mark.parametrize(("fahrenheit", "celsius"), [(32, 0), (212, 100), (98.6, 37), (-40, -40)])
def test_fahrenheit_has_its_fixed_points(fahrenheit: float, celsius: float) -> None:
    assert measures.fahrenheit_to_celsius(fahrenheit) == pytest.approx(celsius)


@given(st.text(max_size=30), st.sampled_from(sorted(ACCEPTED_UNITS)))
def test_any_text_is_a_number_or_none(typed: str, field: str) -> None:
    value = read_measure(typed, field)
    assert value is None or isinstance(value, float)
