"""Amounts with units that are never confused: mg, mcg, g, IU and mmol are told apart or the amount is refused.

A letter O for a zero, a missing unit, "m" alone, a bare "μ", a comma that may be a thousand or a decimal: each is
refused with a reason, because a wrong factor of ten or a thousand kills.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What an amount measures; kinds are never converted into each other."""

    MASS = "mass"
    VOLUME = "volume"
    ACTIVITY = "activity"
    SUBSTANCE = "substance"
    CHARGE = "charge"
    SHARE = "share"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` turns an amount into the base unit of its kind: mg, ml, IU, mmol, mEq, one piece."""

    name: str
    kind: Kind
    factor: Fraction


_PIECES = {
    "puff": "puff puffs inhalation inhalations actuation actuations 揿 吸",
    "spray": "spray sprays 喷",
    "drop": "drop drops gtt 滴",
    "tablet": "tablet tablets tab tabs 片",
    "capsule": "capsule capsules cap caps 粒",
    "sachet": "sachet sachets 袋",
    "patch": "patch patches",
    "ampoule": "ampoule ampoules 支",
    "vial": "vial vials",
    "suppository": "suppository suppositories 枚",
}
"""Counted forms, each with its spellings; one is never taken for another."""
_UNITS = (
    Unit("mg", Kind.MASS, Fraction(1)),
    Unit("g", Kind.MASS, Fraction(1000)),
    Unit("mcg", Kind.MASS, Fraction(1, 1000)),
    Unit("ng", Kind.MASS, Fraction(1, 1_000_000)),
    Unit("ml", Kind.VOLUME, Fraction(1)),
    Unit("l", Kind.VOLUME, Fraction(1000)),
    Unit("IU", Kind.ACTIVITY, Fraction(1)),
    Unit("MIU", Kind.ACTIVITY, Fraction(1_000_000)),
    Unit("mmol", Kind.SUBSTANCE, Fraction(1)),
    Unit("mEq", Kind.CHARGE, Fraction(1)),
    Unit("%", Kind.SHARE, Fraction(1)),
    *(Unit(piece, Kind.COUNT, Fraction(1)) for piece in _PIECES),
)
_SPELLINGS = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "毫克": "mg",
    "g": "g", "gram": "g", "grams": "g", "gm": "g", "克": "g",
    "mcg": "mcg", "ug": "mcg", "µg": "mcg", "μg": "mcg", "microgram": "mcg", "micrograms": "mcg", "微克": "mcg",
    "ng": "ng", "nanogram": "ng", "nanograms": "ng", "纳克": "ng",
    "ml": "ml", "millilitre": "ml", "millilitres": "ml", "milliliter": "ml", "milliliters": "ml", "毫升": "ml",
    "l": "l", "litre": "l", "litres": "l", "liter": "l", "liters": "l", "升": "l",
    "iu": "IU", "unit": "IU", "units": "IU", "international units": "IU", "国际单位": "IU", "单位": "IU",
    "million units": "MIU", "million iu": "MIU", "mega units": "MIU", "万单位": "",
    "mgs": "mg", "gs": "", "microg": "mcg", "mcgs": "mcg", "u": "", "cc": "ml", "percent": "%", "%": "%",
    "mmol": "mmol", "millimole": "mmol", "millimoles": "mmol", "毫摩尔": "mmol",
    "meq": "mEq", "毫当量": "mEq",
}  # fmt: skip
_SPELLINGS.update({spelling: piece for piece, spellings in _PIECES.items() for spelling in spellings.split()})
UNITS = {unit.name: unit for unit in _UNITS}
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_AMOUNT = re.compile(r"(?P<number>[\d.,]+)\s*(?P<unit>[^\d\s.,][^\d]*)?")


class UnreadableAmount(ValueError):
    """The text is not one number with one known unit. `reason` is a stable word: letter, unit, number, decimal."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason}: {text}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Amount:
    """A positive amount with its unit, exact."""

    value: Fraction
    unit: Unit

    @property
    def in_base(self) -> Fraction:
        """The amount in the base unit of its kind."""
        return self.value * self.unit.factor


def unit(spelling: str) -> Unit:
    """Return the unit for a spelling. Raises UnreadableAmount for one that is unknown or could be two."""
    name = _SPELLINGS.get(spelling.strip().strip(".").lower() if spelling.strip() != "MG" else "mg", "")
    if not name:
        raise UnreadableAmount("unit", spelling)
    return UNITS[name]


def read_amount(text: str) -> Amount:
    """Return the amount in `text` ("500 mg", "0.5 g", "250 µg"). Raises UnreadableAmount, repairs nothing."""
    tidy = text.strip()
    if re.search(r"\d[oOlI]|[oOlI]\d", tidy):
        raise UnreadableAmount("letter", text)
    match = _AMOUNT.fullmatch(tidy)
    if match is None or match["unit"] is None:
        raise UnreadableAmount("unit" if re.fullmatch(r"[\d.,\s]+", tidy) else "number", text)
    return Amount(read_number(match["number"]), unit(match["unit"]))


def read_number(text: str) -> Fraction:
    """Return a positive decimal number. "1,5" is refused: it may be one and a half or fifteen hundred cut short."""
    if not _NUMBER.fullmatch(text):
        raise UnreadableAmount("decimal" if "," in text or text.startswith(".") else "number", text)
    value = Fraction(text.replace(",", ""))
    if value <= 0:
        raise UnreadableAmount("number", text)
    return value


def milligrams(amount: Amount) -> float | None:
    """Return a mass in mg; None for any other kind of amount, which is never turned into a mass."""
    return float(amount.in_base) if amount.unit.kind is Kind.MASS else None


def decimal(value: Fraction) -> str:
    """Return `value` as people write it, at most four decimals, no trailing zero (a trailing zero has killed)."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
