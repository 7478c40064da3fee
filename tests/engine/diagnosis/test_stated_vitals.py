"""A vital sign typed into the story alone raises its danger sign, and nothing else of it counts."""

from __future__ import annotations

from engine import api
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.stated_vitals import with_stated_vitals


def measure(code: str, value: float, **more: object) -> api.Entity:
    return api.Entity(0, 4, "said", "test", code, value=value, **more)  # type: ignore[arg-type]


def test_an_empty_vital_sign_takes_the_last_stated_value() -> None:
    said = [measure("spo2_percent", 84.0), measure("spo2_percent", 91.0), measure("heart_rate_bpm", 120.0)]
    vitals = with_stated_vitals(api.Case(), said).vitals
    assert (vitals.spo2_percent, vitals.heart_rate_bpm, vitals.systolic_mmhg) == (91.0, 120.0, None)


def test_a_field_that_was_filled_stands() -> None:
    case = api.Case(vitals=api.Vitals(spo2_percent=98.0))
    assert with_stated_vitals(case, [measure("spo2_percent", 84.0)]) is case


def test_what_is_past_of_a_relative_denied_or_impossible_is_left_out() -> None:
    said = [
        measure("spo2_percent", 84.0, time=api.PAST),
        measure("heart_rate_bpm", 150.0, subject="family"),
        measure("temperature_c", 41.0, negated=True),
        measure("systolic_mmhg", 900.0),
        measure("sodium", 120.0),
    ]
    assert with_stated_vitals(api.Case(), said).vitals == api.Vitals()


def test_a_danger_sign_does_not_wait_for_the_field(diagnoser: Diagnoser) -> None:
    case = api.Case(age_years=50, text="SpO2 84%")
    result = diagnoser.diagnose(case, [measure("spo2_percent", 84.0)])
    assert "RF-NEWS2-SPO2" in {flag.rule for flag in result.red_flags}
    assert "vitals.spo2_percent" not in result.missing
