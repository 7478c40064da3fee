"""Units are told apart or refused; nothing is repaired."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.safety.units import UNITS, Kind, UnreadableAmount, decimal, milligrams, read_amount, read_number, unit


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("500 mg", 500),
        ("0.5 g", 500),
        ("250 µg", 0.25),
        ("250μg", 0.25),
        ("250 mcg", 0.25),
        ("1,000 mg", 1000),
        ("1.5克", 1500),
    ],
)
def test_masses_in_mg(text: str, mg: float) -> None:
    assert milligrams(read_amount(text)) == mg


@pytest.mark.parametrize(
    "text", ["40 IU", "10 mmol", "5 ml", "20 mEq", "100 units", "0.6 million units", "2 puffs", "3 drops", "1片"]
)
def test_what_is_no_mass_never_becomes_one(text: str) -> None:
    assert milligrams(read_amount(text)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1O mg", "letter"),
        ("l0 mg", "letter"),
        ("5OO mg", "letter"),
        ("500", "unit"),
        ("500 m", "unit"),
        ("500 μ", "unit"),
        ("500 万单位", "unit"),
        ("1,5 mg", "decimal"),
        (".5 mg", "decimal"),
        ("0 mg", "number"),
        ("5..0 mg", "number"),
        ("mg", "number"),
        ("-5 mg", "number"),
        ("5 mg 10", "number"),
        ("", "number"),
    ],
)
def test_what_could_be_misread_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_amount(text)
    assert refused.value.reason == reason


@given(st.integers(1, 10**7), st.sampled_from(sorted(UNITS)))
def test_an_amount_survives_being_written(value: int, name: str) -> None:
    number = Fraction(value, 1000)
    word = {"MIU": "million IU", "piece": "puffs"}.get(name, name)
    written = f"{decimal(number)} {word}"
    amount = read_amount(written)
    assert amount.value == number
    assert amount.unit.name == name
    assert amount.in_base == number * UNITS[name].factor


@pytest.mark.parametrize(
    ("text", "kind", "in_base"),
    [
        ("3 mg", Kind.MASS, 3),
        ("3 g", Kind.MASS, 3000),
        ("3 mcg", Kind.MASS, Fraction(3, 1000)),
        ("3 ng", Kind.MASS, Fraction(3, 1_000_000)),
        ("3 ml", Kind.VOLUME, 3),
        ("3 l", Kind.VOLUME, 3000),
        ("3 IU", Kind.ACTIVITY, 3),
        ("3 million units", Kind.ACTIVITY, 3_000_000),
        ("3 mmol", Kind.SUBSTANCE, 3),
        ("3 mEq", Kind.CHARGE, 3),
        ("3 %", Kind.SHARE, 3),
        ("3 tablets", Kind.COUNT, 3),
    ],
)
def test_each_unit_has_its_kind_and_factor(text: str, kind: Kind, in_base: Fraction) -> None:
    amount = read_amount(text)
    assert (amount.unit.kind, amount.in_base) == (kind, in_base)


def test_kinds_are_never_mixed() -> None:
    assert {UNITS[name].kind for name in ("mg", "mcg", "g", "ng")} == {Kind.MASS}
    assert len({unit(name).kind for name in ("mg", "IU", "mmol", "mEq", "ml")}) == 5


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(5), "5"), (Fraction(1, 2), "0.5"), (Fraction(100), "100"), (Fraction(1, 3), "0.3333")]
)
def test_no_trailing_zero_is_written(value: Fraction, text: str) -> None:
    assert decimal(value) == text


def test_thousands_need_whole_groups() -> None:
    assert read_number("10,000.5") == Fraction(20001, 2)
    with pytest.raises(UnreadableAmount):
        read_number("10,00")


def test_an_unknown_unit_is_refused() -> None:
    for spelling in ("blobs", "", "m", "μ", "万单位"):
        with pytest.raises(UnreadableAmount):
            unit(spelling)
    assert unit("MG").name == "mg"
    assert unit("mg.").name == "mg"
