"""Dose text: 1,000 doses written from the treatment rows must be accepted, 1,000 with one mistake must not.

Mistakes are a factor of ten, a swapped unit, a wrong frequency, a lost "per kg", a letter O, another duration. One
that happens to be another valid row of the same drug is left out, because nobody could tell it from a right one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from engine.evaluation.table import Metric, MetricTable
from engine.safety.dose_text import DoseRow, is_supported
from engine.safety.units import decimal

if TYPE_CHECKING:
    from engine.assembly import Engine
    from engine.treatment.rows import DoseBand

SEED = 20260102
COUNT = 1000
_SWAPS = {
    "mg": ("mcg", "g", "IU", "mmol"),
    "mcg": ("mg", "IU"),
    "microgram": ("mg", "g"),
    "g": ("mg", "mcg"),
    "units": ("mg",),
    "mL": ("mg", "g"),
}
"""Units that dose text is written in, each with those it is mistaken for."""
_WORDS = {1.0: "once daily", 2.0: "twice daily", 3.0: "3 times daily", 4.0: "4 times daily"}
_WORDS_ZH = {1.0: "每日1次", 2.0: "每日2次", 3.0: "每日3次", 4.0: "每日4次"}


@dataclass(frozen=True, slots=True)
class WrittenDose:
    """A row and its words."""

    drug: str
    row: DoseRow
    text: str


def evaluate(engine: Engine, data_dir: Path | None) -> MetricTable:
    """Return how many true doses are accepted and how many mistaken ones are."""
    del data_dir
    from engine.treatment.rows import load_conditions

    options = [option for condition in load_conditions(engine.index) for option in condition.options if option.drug]
    rows = [(option.drug or "", row_of(band)) for option in options for band in option.doses if is_plain(band)]
    rng = random.Random(SEED)
    of_drug = {drug: [row for name, row in rows if name == drug] for drug, _ in rows}
    true = [written(*rng.choice(rows), rng) for _ in range(COUNT)]
    mutants = make_mutants(rows, of_drug, rng)
    accepted = sum(is_supported(dose.text, of_drug[dose.drug]) for dose in true)
    slipped = sum(is_supported(dose.text, of_drug[dose.drug]) for dose in mutants)
    return MetricTable(
        title="dose text against the treatment rows",
        metrics=[
            Metric("true doses accepted", accepted / len(true), len(true), aim=0.98),
            Metric("mistaken doses accepted", float(slipped), len(mutants), aim=0.0),
        ],
        notes=[f"written from {len(rows)} dose rows of {len(of_drug)} drugs, English and Chinese, seed {SEED}"],
    )


def is_plain(band: DoseBand) -> bool:
    """Whether the unit of a row is one that dose text can be read in (puffs and drops are not)."""
    return band.unit in _SWAPS


def row_of(band: DoseBand) -> DoseRow:
    """Return a treatment row as the dose check sees it."""
    often = (
        band.times_per_day if band.times_per_day is not None else 24 / band.every_hours if band.every_hours else None
    )
    low_days = None if band.duration_days is None else _exact(band.duration_days)
    high_days = low_days if band.duration_days_high is None else _exact(band.duration_days_high)
    return DoseRow(
        low=_exact(band.amount),
        unit=band.unit,
        high=None if band.amount_high is None else _exact(band.amount_high),
        per_kg=band.per_kg,
        times_per_day=often,
        is_single=band.once,
        days=None if low_days is None or high_days is None else (low_days, high_days),
        most=None if band.max_amount is None else _exact(band.max_amount),
    )


def written(drug: str, row: DoseRow, rng: random.Random) -> WrittenDose:
    """Return a row in one of several wordings."""
    text = english(row) if rng.random() < 0.5 else chinese(row)
    return WrittenDose(drug, row, f"{drug} {text}" if rng.random() < 0.5 else text)


def english(row: DoseRow) -> str:
    """Return a row in English: ``500 mg 3 times daily for 3 to 5 days``."""
    parts = [f"{_range(row)} {row.unit}{'/kg' if row.per_kg else ''}", _often(row, _WORDS, "every {} hours")]
    parts += ["as a single dose" if row.is_single else "", _period(row, "for {} to {} days", "for {} days")]
    if row.most is not None:
        parts.append(f", maximum {decimal(row.most)} {row.unit}")
    return " ".join(part for part in parts if part)


def chinese(row: DoseRow) -> str:
    """Return a row in Chinese: ``每次500 mg，每日3次，共3至5天``."""
    parts = [f"{_range(row)} {row.unit}{'/kg' if row.per_kg else ''}", _often(row, _WORDS_ZH, "每{}小时1次")]
    parts += ["单次给药" if row.is_single else "", _period(row, "共{}至{}天", "共{}天")]
    if row.most is not None:
        parts.append(f"最多{decimal(row.most)} {row.unit}")
    return "，".join(part for part in parts if part)


def make_mutants(
    rows: list[tuple[str, DoseRow]], of_drug: dict[str, list[DoseRow]], rng: random.Random
) -> list[WrittenDose]:
    """Return `COUNT` doses with one mistake each that no row of the drug would excuse."""
    mutants: list[WrittenDose] = []
    while len(mutants) < COUNT:
        drug, row = rng.choice(rows)
        text = mistaken(row, rng)
        wrong = text not in (english(row), chinese(row))
        if wrong and not any(text in (english(other), chinese(other)) for other in of_drug[drug]):
            mutants.append(WrittenDose(drug, row, text))
    return mutants


def mistaken(row: DoseRow, rng: random.Random) -> str:
    """Return the words of a row with one mistake."""
    kind = rng.choice(["ten", "tenth", "unit", "frequency", "kg", "letter", "days"])
    words = english if rng.random() < 0.5 else chinese
    if kind in ("ten", "tenth"):
        factor = Fraction(10) if kind == "ten" else Fraction(1, 10)
        return words(replace(row, low=row.low * factor, high=None if row.high is None else row.high * factor))
    if kind == "unit":
        return words(replace(row, unit=rng.choice(_SWAPS[row.unit])))
    if kind == "frequency" and row.times_per_day is not None:
        return words(replace(row, times_per_day=row.times_per_day * 2))
    if kind == "days" and row.days is not None:
        return words(replace(row, days=(row.days[0] + 4, row.days[1] + 4)))
    if kind == "letter":
        return words(row).replace("0", "O", 1)
    return words(replace(row, per_kg=not row.per_kg))


def _range(row: DoseRow) -> str:
    return decimal(row.low) if row.high is None else f"{decimal(row.low)} to {decimal(row.high)}"


def _often(row: DoseRow, words: dict[float, str], hours: str) -> str:
    if row.times_per_day is None:
        return ""
    return words.get(row.times_per_day) or hours.format(decimal(Fraction(24) / Fraction(row.times_per_day)))


def _period(row: DoseRow, range_words: str, words: str) -> str:
    if row.days is None:
        return ""
    low, high = (decimal(value) for value in row.days)
    return words.format(low) if low == high else range_words.format(low, high)


def _exact(value: float) -> Fraction:
    return Fraction(str(value))
