"""Doses measured in products: never more than the dose, never far less, halves only where a source says so."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Bilingual
from engine.knowledge.index import KnowledgeIndex
from engine.locations import resources
from engine.safety.products import ENTRY, Product, Products, measured

SYRUP = Product("x", Bilingual("Syrup", "糖浆"), 120, "s", per_ml=5)
TABLET = Product("x", Bilingual("Tablet", "片剂"), 500, "s")
SCORED = Product("x", Bilingual("Tablet", "片剂"), 500, "s", halves=True)


@pytest.mark.parametrize(
    ("product", "low", "high", "pieces", "amount"),
    [
        (SYRUP, 120, 120, 5, 120),
        (SYRUP, 100, 100, 4.1, 98.4),
        (SYRUP, 150, 150, 6, 144),
        (SYRUP, 3, 3, 0.1, 2.4),
        (TABLET, 500, 1000, 2, 1000),
        (TABLET, 550, 550, 1, 500),
        (TABLET, 1000, 1000, 2, 1000),
        (SCORED, 250, 250, 0.5, 250),
        (SCORED, 800, 800, 1.5, 750),
    ],
)
def test_a_dose_in_a_product(product: Product, low: float, high: float, pieces: float, amount: float) -> None:
    found = measured(product, low, high)
    if amount < low * 0.9:
        assert found is None
    else:
        assert found is not None
        assert (found.pieces, found.amount_mg) == (pytest.approx(pieces), pytest.approx(amount))


@pytest.mark.parametrize(("product", "dose"), [(TABLET, 250), (TABLET, 499), (TABLET, 750), (SCORED, 240), (SYRUP, 2)])
def test_what_would_fall_short_is_not_proposed(product: Product, dose: float) -> None:
    assert measured(product, dose, dose) is None


def test_the_words_name_product_count_and_loss() -> None:
    exact, less = measured(TABLET, 1000, 1000), measured(SYRUP, 100, 100)
    assert exact is not None
    assert exact.text.en == "Tablet: 2 tablets = 1000 mg at a time."
    assert less is not None
    assert less.text.en == "Syrup: 4.1 mL = 98.4 mg at a time (2 % less)."
    assert less.text.zh == "糖浆：每次4.1 mL = 98.4 mg（少2%）。"
    one = measured(TABLET, 500, 500)
    assert one is not None
    assert "1 tablet =" in one.text.en


@given(st.floats(1, 3000), st.sampled_from([SYRUP, TABLET, SCORED]))
def test_a_product_never_gives_more_than_the_dose(dose: float, product: Product) -> None:
    found = measured(product, dose, dose)
    assert found is None or dose * 0.9 - 1e-6 <= found.amount_mg <= dose + 1e-6


def test_small_children_and_unknown_ages_get_liquids_only(safety_index: KnowledgeIndex) -> None:
    products = Products(safety_index)
    for age in (None, 3.0, 5.9):
        assert all(each.product.per_ml for each in products.measured("paracetamol", 500, 500, age))
    assert any(each.product.per_ml is None for each in products.measured("paracetamol", 500, 500, 6))
    assert products.measured("nosuchdrug", 500, 500, 30) == []


def test_the_strength_of_every_product_stands_in_its_source(safety_index: KnowledgeIndex) -> None:
    sources = json.loads((resources() / "knowledge" / "dose" / "sources.json").read_text(encoding="utf-8"))
    for product in safety_index.json(ENTRY):
        excerpt = sources[product["source"]]["excerpt"]
        numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", excerpt)}
        assert product["amount_mg"] in numbers, product
        assert product.get("per_ml", 5) in numbers or "per_ml" not in product


@pytest.mark.parametrize(
    ("age_years", "liquid", "solid"),
    [(None, True, False), (4, True, False), (8, True, True), (12, False, True), (45, False, True)],
)
def test_a_liquid_is_for_those_who_need_one(
    knowledge: KnowledgeIndex, age_years: float | None, liquid: bool, solid: bool
) -> None:
    found = Products(knowledge).measured("paracetamol", 500, 1000, age_years)
    assert any(each.product.per_ml is not None for each in found) == liquid
    assert any(each.product.per_ml is None for each in found) == solid
