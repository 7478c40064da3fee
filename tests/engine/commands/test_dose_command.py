"""`dose` as outsiders call it: supported, unsupported, unreadable or not checked, and never guessed."""

from __future__ import annotations

import pytest

from tests.engine.commands.conftest import Ask


@pytest.mark.parametrize(
    ("drug", "text", "verdict"),
    [
        ("amoxicillin", "500 mg PO TDS", "supported"),
        ("阿莫西林", "每次 0.5 g，每日三次", "supported"),
        ("amoxicillin", "5 g three times a day", "unsupported"),
        ("amoxicillin", "500 mcg three times a day", "unsupported"),
        ("amoxicillin", "500 mg IV three times a day", "unsupported"),
        ("paracetamol", "15 mg/lb every 6 hours", "unreadable"),
        ("amoxicillin", "5OO mg three times a day", "unreadable"),
        ("amoxicillin", ".5 g three times a day", "unreadable"),
        ("blorbazine", "500 mg", "not_checked"),
        ("adalimumab", "40 mg", "not_checked"),
    ],
)
def test_a_dose_in_a_text(ask: Ask, drug: str, text: str, verdict: str) -> None:
    (result,) = ask("dose", {"id": "d", "drug": drug, "text": text})
    assert result["verdict"] == verdict
    assert (verdict == "supported") == bool(verdict == "supported" and result["rows"])
    if verdict == "supported":
        assert all(row["sources"] for row in result["rows"])


def test_only_rows_for_such_a_patient_count(ask: Ask) -> None:
    adult, child = ask(
        "dose",
        {"drug": "prednisolone", "text": "50 mg once daily", "age_years": 40},
        {"drug": "prednisolone", "text": "50 mg once daily", "age_years": 4},
    )
    assert (adult["verdict"], child["verdict"]) == ("supported", "unsupported")


@pytest.mark.parametrize(
    ("dose", "unit", "route", "alert"),
    [
        ("5 g", None, "oral", True),
        (5, "g", "口服", True),
        ("400 mg", None, "oral", False),
        ("5 g", None, "IV", False),
        ("5000 mcg", None, "oral", False),
    ],
)
def test_check_points_out_a_slip_of_ten(ask: Ask, dose: object, unit: str | None, route: str, alert: bool) -> None:
    medication = {"name": "doxycycline", "dose": dose, "unit": unit, "route": route, "frequency": "twice daily"}
    (result,) = ask("check", {"id": "c", "age_years": 40, "medications": [medication]})
    far = [each for each in result["alerts"] if each["rule_id"] == "dose:doxycycline-far"]
    assert bool(far) is alert
    assert not any(each["interrupts"] for each in far)
    assert all(each["source"] for each in far)


@pytest.mark.parametrize("dose", ["1O mg", "10 lb", "1,5 mg", ".5 mg", "5 mg 10"])
def test_check_says_that_a_dose_cannot_be_read(ask: Ask, dose: str) -> None:
    (result,) = ask("check", {"id": "c", "age_years": 40, "medications": [{"name": "prednisolone", "dose": dose}]})
    assert [each["needs"] for each in result["checks_incomplete"] if each["kind"] == "dose"] == ["readable dose"]
