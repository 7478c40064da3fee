"""A worked-out dose in what the pharmacy has: whole tablets, halves only where a source says so, millilitres.

Nothing is rounded up: the amount given is at most the dose, and where it would fall more than a tenth short the product
is not proposed. Source: the products' own leaflets, one row each.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import msgspec

from engine.api import Bilingual
from engine.knowledge.index import KnowledgeIndex

ENTRY = "safety.products"
MOST_SHORT = 0.1
"""How much of the dose may be lost by rounding down."""
FINE_ML, COARSE_ML, COARSE_FROM_ML = 0.1, 0.5, 5.0
"""Steps of an oral syringe, below and from 5 mL."""
TABLETS_FROM_YEARS = 6.0
"""Below this age, and where the age is unknown, only liquids are proposed: our own choice."""
LIQUIDS_UNTIL_YEARS = 12.0
"""From this age on no liquid is proposed: 40 mL of a child's suspension help nobody. Our own choice."""


@dataclass(frozen=True, slots=True)
class Product:
    """`amount_mg` of the drug in one tablet, or in `per_ml` millilitres. `halves`: the tablet may be divided."""

    drug: str
    name: Bilingual
    amount_mg: float
    source: str
    per_ml: float | None = None
    halves: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of a product, the amount that this gives, and both in words."""

    product: Product
    pieces: float
    amount_mg: float
    text: Bilingual


class Products:
    """Products by ingredient. Raises KnowledgeDamaged when the table is missing."""

    def __init__(self, index: KnowledgeIndex) -> None:
        self._of: defaultdict[str, list[Product]] = defaultdict(list)
        for product in msgspec.convert(index.json(ENTRY), list[Product]):
            self._of[product.drug].append(product)

    def measured(self, drug: str, low_mg: float, high_mg: float, age_years: float | None) -> list[Measured]:
        """Return each product of `drug` in which a dose from `low_mg` to `high_mg` can be given to this patient.

        Tablets are for the old enough, liquids for children and where the age is unknown.
        """
        tablets = age_years is not None and age_years >= TABLETS_FROM_YEARS
        liquids = age_years is None or age_years < LIQUIDS_UNTIL_YEARS
        products = [each for each in self._of.get(drug, ()) if (tablets if each.per_ml is None else liquids)]
        return [found for each in products if (found := measured(each, low_mg, high_mg)) is not None]


def measured(product: Product, low_mg: float, high_mg: float) -> Measured | None:
    """Return the most of a product that is not above the dose, None where that falls too short of it."""
    exact = high_mg / product.amount_mg * (product.per_ml or 1.0)
    pieces = _rounded_down(exact, _step(product, exact))
    amount = pieces * product.amount_mg / (product.per_ml or 1.0)
    if pieces <= 0 or amount < low_mg * (1 - MOST_SHORT):
        return None
    return Measured(product, pieces, amount, _text(product, pieces, amount, low_mg))


def _step(product: Product, exact: float) -> float:
    if product.per_ml is None:
        return 0.5 if product.halves else 1.0
    return FINE_ML if exact < COARSE_FROM_ML else COARSE_ML


def _rounded_down(value: float, step: float) -> float:
    return round(math.floor(value / step + 1e-9) * step, 9)


def _text(product: Product, pieces: float, amount_mg: float, low_mg: float) -> Bilingual:
    count, given = _number(pieces), _number(amount_mg)
    unit_en, unit_zh = ("mL", "mL") if product.per_ml is not None else ("tablet" if pieces <= 1 else "tablets", "片")
    short = round(100 * (1 - amount_mg / low_mg))
    less_en, less_zh = (f" ({short} % less)", f"（少{short}%）") if short >= 1 else ("", "")
    return Bilingual(
        f"{product.name.en}: {count} {unit_en} = {given} mg at a time{less_en}.",
        f"{product.name.zh}：每次{count} {unit_zh} = {given} mg{less_zh}。",
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
