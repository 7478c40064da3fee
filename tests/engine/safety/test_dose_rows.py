"""Dose rows come from the treatment options and their own table, exact, each once."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest

from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.safety.dose_row import DoseRow
from engine.safety.dose_rows import DoseLine, DoseRows, as_row, at_most_mg, is_for
from engine.treatment.rows import read_condition


def test_every_dose_of_a_treatment_option_is_a_row_of_its_drug(safety_index: KnowledgeIndex) -> None:
    rows = {row for found in DoseRows(safety_index).by_drug().values() for row in found}
    amounts = {(row.low, row.unit, row.route) for row in rows}
    for path in sorted((resources() / "knowledge" / "treatment" / "conditions").glob("*.json")):
        for option in read_condition(path.read_bytes()).options:
            for band in option.doses:
                assert (Fraction(str(band.amount)), band.unit, band.route) in amounts


def test_a_row_stands_once_and_an_unknown_drug_has_none(safety_index: KnowledgeIndex) -> None:
    rows = DoseRows(safety_index)
    assert all(len(set(found)) == len(found) for found in rows.by_drug().values())
    assert rows.of("paracetamol")
    assert rows.of("nosuchdrug") == []


def test_what_a_line_does_not_say_is_not_in_its_row() -> None:
    assert as_row(DoseLine("x", 40, "mg", "oral", ["s"])) == DoseRow(
        low=Fraction(40),
        unit="mg",
        high=None,
        per_kg=False,
        per_m2=False,
        times_per_day=None,
        is_single=False,
        days=None,
        most=None,
        divided=None,
        route="oral",
        age_years=(None, None),
        weight_kg=(None, None),
        sources=("s",),
    )


def test_a_line_becomes_an_exact_row() -> None:
    line = DoseLine("x", 0.15, "mg", "oral", ["s"], per_kg=True, every_hours=6, duration_days=3, duration_days_high=5)
    row = as_row(line)
    assert (row.low, row.times_per_day, row.days) == (Fraction(3, 20), 4.0, (Fraction(3), Fraction(5)))
    total = as_row(DoseLine("x", 40, "mg", "oral", ["s"], divided_doses=2, every_hours=12))
    assert (total.divided, total.times_per_day, total.doses_a_day) == (2, None, Fraction(2))


@pytest.mark.parametrize(
    ("age", "weight", "expected"),
    [(None, None, True), (12, None, True), (11.9, None, False), (18, None, False), (12, 40, False), (12, 39, True)],
)
def test_a_row_is_for_its_patients(age: float | None, weight: float | None, expected: bool) -> None:
    row = DoseRow(Fraction(1), "mg", age_years=(12, 18), weight_kg=(None, 40))
    assert is_for(row, age, weight) is expected


@pytest.mark.parametrize(
    ("row", "weight", "most"),
    [
        (DoseRow(Fraction(1), "g", high=Fraction(2)), None, 2000),
        (DoseRow(Fraction(15), "mg", per_kg=True), None, None),
        (DoseRow(Fraction(15), "mg", per_kg=True), 10, 150),
        (DoseRow(Fraction(15), "mg", per_kg=True, most=Fraction(100)), 10, 100),
        (DoseRow(Fraction(40), "mg", per_kg=True, divided=2), 10, 200),
        (DoseRow(Fraction(100), "mg", per_m2=True), 10, None),
        (DoseRow(Fraction(10), "units"), None, None),
    ],
)
def test_the_largest_single_dose_in_mg(row: DoseRow, weight: float | None, most: float | None) -> None:
    assert at_most_mg(row, weight) == most


def test_every_number_of_the_own_rows_stands_in_their_sources() -> None:
    sources = json.loads((resources() / "knowledge" / "dose" / "sources.json").read_text(encoding="utf-8"))
    rows = json.loads((resources() / "knowledge" / "dose" / "rows.json").read_text(encoding="utf-8"))["rows"]
    assert rows
    for row in rows:
        said = {float(number) for source in row["sources"] for number in _numbers(sources[source]["excerpt"])}
        assert {row["amount"], row["max_amount"]} <= said, row
        assert ("/m²" if row.get("per_m2") else "/kg") in sources[row["sources"][0]]["excerpt"]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)
