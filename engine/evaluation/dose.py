"""Dose text: 1,000 doses written from the rows must be accepted, 1,000 with one mistake must not.

How they are written, and the mistakes, is `dose_writing`. A mistake that happens to be another valid row of the same
drug is left out, because nobody could tell it from a right one.
"""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from engine.evaluation.dose_writing import ROUTES, Written, mistaken, written
from engine.evaluation.table import Metric, MetricTable
from engine.safety.dose_row import DoseRow
from engine.safety.dose_rows import DoseRows
from engine.safety.dose_text import is_supported
from engine.safety.units import unit

if TYPE_CHECKING:
    from engine.assembly import Engine

SEED = 20260102
COUNT = 1000
WRITABLE_UNITS = frozenset({"mg", "mcg", "microgram", "g", "units", "mL"})
SHOWN = 5
"""Failures that are shown word for word."""


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return how many true doses are accepted and how many mistaken ones are."""
    del data_dir
    of_drug = DoseRows(engine.index).by_drug()
    rows = [(drug, row) for drug, found in of_drug.items() for row in found if is_writable(row)]
    rng = random.Random(SEED)
    true = [(drug, written(row, rng)) for drug, row in (rng.choice(rows) for _ in range(COUNT))]
    refused = [f"{drug}: {text}" for drug, text in true if not is_supported(text, of_drug[drug])]
    mutants = list(make_mutants(rows, of_drug, rng))
    slipped = [f"{drug}: {wrong.text}" for drug, wrong in mutants if is_supported(wrong.text, of_drug[drug])]
    return MetricTable(
        title="dose text against the dose rows",
        metrics=[
            Metric("true doses accepted", 1 - len(refused) / len(true), len(true), aim=0.98),
            Metric("mistaken doses accepted", float(len(slipped)), len(mutants), aim=0.0),
        ],
        notes=[
            f"written from {len(rows)} rows of {len(of_drug)} drugs, English and Chinese, seed {SEED}",
            *(f"refused: {text}" for text in refused[:SHOWN]),
            *(f"accepted: {text}" for text in slipped[:SHOWN]),
        ],
    )


def is_writable(row: DoseRow) -> bool:
    """Whether the unit, way and rhythm of a row are among those that are written out (puffs and drops are not)."""
    often = row.doses_a_day
    usual = often is None or often >= 1 or often in (Fraction(1, 7), Fraction(1, 2))
    return row.unit in WRITABLE_UNITS and usual and (not row.route or row.route in ROUTES)


def make_mutants(
    rows: list[tuple[str, DoseRow]], of_drug: dict[str, list[DoseRow]], rng: random.Random
) -> list[tuple[str, Written]]:
    """Return `COUNT` doses with one mistake each that no row of the drug would excuse."""
    mutants: list[tuple[str, Written]] = []
    while len(mutants) < COUNT:
        drug, row = rng.choice(rows)
        wrong = mistaken(row, rng)
        if wrong.row is None or not any(_is_said_by(wrong.row, other) for other in of_drug[drug]):
            mutants.append((drug, wrong))
    return mutants


def _is_said_by(wrong: DoseRow, other: DoseRow) -> bool:
    """Whether another row of the drug gives the very dose that the mistake makes."""
    low, high = _at_a_time(wrong)
    other_low, other_high = _at_a_time(other)
    same_amount = (low, high) == (other_low, other_high) or (low == high and low in (other_low, other_high))
    return (
        unit(wrong.unit).kind is unit(other.unit).kind
        and same_amount
        and (wrong.per_kg, wrong.per_m2) == (other.per_kg, other.per_m2)
        and wrong.doses_a_day in (None, other.doses_a_day)
        and (not wrong.is_single or other.is_single)
        and wrong.days in (None, other.days)
        and wrong.most in (None, other.most)
        and wrong.route == other.route
    )


def _at_a_time(row: DoseRow) -> tuple[Fraction, Fraction]:
    """Return the bounds of one dose in the base unit; a row's amount for the day goes into its doses."""
    share = unit(row.unit).factor / (row.divided or 1)
    return row.low * share, row.top * share
