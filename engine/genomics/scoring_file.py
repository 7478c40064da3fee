"""Read a table of variant effects in the scoring-file format of the PGS Catalog (tab-separated, `#` header lines).

Columns used: rsID (or chr_name and chr_position), effect_allele, other_allele, effect_weight, and where present
allelefrequency_effect and standard_error. A weight is a natural-log odds ratio for each copy of the effect allele
unless the header's weight_type says `OR` or `HR`. Where the columns say so, the weight counts for carriers only
(is_dominant) or for two copies only (is_recessive). Interactions, haplotypes and separate weights for each number of
copies are refused: one weight times the copies does not tell them.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRequest

MOST_VARIANTS = 2_000_000
_JOINT = ("is_interaction", "is_haplotype", "is_diplotype")


@dataclass(frozen=True, slots=True)
class VariantEffect:
    """`weight` and `standard_error` are log odds ratios per copy; `frequency` is the effect allele's, 0 to 1."""

    name: str
    effect_allele: str
    other_allele: str
    weight: float
    frequency: float | None
    standard_error: float | None
    place: tuple[str, int] | None
    scale: tuple[float, float, float] = (0.0, 1.0, 2.0)
    """How many weights 0, 1 and 2 copies count for."""


@dataclass(frozen=True, slots=True)
class ScoringFile:
    """`header` keeps the `#key=value` lines: identifier, trait, build, citation, licence."""

    header: dict[str, str]
    effects: tuple[VariantEffect, ...]


def read_scoring_file(path: Path) -> ScoringFile:
    """Return the table. Raises BadRequest with the line that cannot be used; no line is skipped silently."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadRequest(f"the table cannot be read: {path.name}") from unreadable
    header = dict(line.lstrip("#").split("=", 1) for line in lines if line.startswith("#") and "=" in line)
    body = [line for line in lines if line and not line.startswith("#")]
    if len(body) > MOST_VARIANTS:
        raise BadRequest(f"the table has more than {MOST_VARIANTS} variants")
    as_ratio = header.get("weight_type", "").strip().upper() in ("OR", "HR")
    rows = csv.DictReader(body, delimiter="\t")
    if any((column or "").startswith("dosage_") for column in rows.fieldnames or ()):
        raise BadRequest("the table has a weight for each number of copies: such tables are not read")
    missing = {"effect_allele", "effect_weight"} - set(rows.fieldnames or ())
    if missing:
        raise BadRequest(f"the table has no column {', '.join(sorted(missing))}")
    effects = tuple(_effect(number, row, as_ratio) for number, row in enumerate(rows, 1))
    names = Counter(effect.name for effect in effects)
    if twice := [name for name, count in names.items() if count > 1]:
        raise BadRequest(f"the table names {twice[0]} more than once")
    return ScoringFile(header, effects)


def _effect(number: int, row: dict[str, str | None], as_ratio: bool) -> VariantEffect:
    if joint := [column for column in _JOINT if (row.get(column) or "").strip().lower() in ("true", "1", "yes")]:
        raise BadRequest(f"variant {number} of the table is no single variant ({joint[0]}): such tables are not read")
    weight = _number(number, row, "effect_weight")
    if weight is None or (as_ratio and weight <= 0):
        raise BadRequest(f"variant {number} of the table has no usable effect_weight")
    frequency = _number(number, row, "allelefrequency_effect")
    if frequency is not None and not 0 < frequency < 1:
        raise BadRequest(f"variant {number} of the table has a frequency outside 0 to 1")
    place = _place(number, row)
    name = row.get("rsID") or (f"{place[0]}:{place[1]}" if place else "")
    if not name:
        raise BadRequest(f"variant {number} of the table has neither rsID nor position")
    return VariantEffect(
        name,
        (row["effect_allele"] or "").upper(),
        (row.get("other_allele") or row.get("hm_inferOtherAllele") or "").upper(),
        math.log(weight) if as_ratio else weight,
        frequency,
        _number(number, row, "standard_error"),
        place,
        _scale(number, row),
    )


def _scale(number: int, row: dict[str, str | None]) -> tuple[float, float, float]:
    """Return how many weights each number of copies counts for: as many as copies unless the row says otherwise."""
    said = [column for column in ("is_dominant", "is_recessive") if (row.get(column) or "").strip().lower() == "true"]
    if len(said) == 2:
        raise BadRequest(f"variant {number} of the table is called both dominant and recessive")
    if said:
        return (0.0, 1.0, 1.0) if said == ["is_dominant"] else (0.0, 0.0, 1.0)
    return (0.0, 1.0, 2.0)


def _place(number: int, row: dict[str, str | None]) -> tuple[str, int] | None:
    chromosome = row.get("hm_chr") or row.get("chr_name")
    position = row.get("hm_pos") or row.get("chr_position")
    if not (chromosome and position):
        return None
    if not position.isdigit():
        raise BadRequest(f"variant {number} of the table has a position that is no number")
    return (chromosome if chromosome.startswith("chr") else f"chr{chromosome}", int(position))


def positions_are_grch38(table: ScoringFile) -> bool:
    """Whether the table says that its positions, harmonised or its own, are on GRCh38."""
    build = table.header.get("HmPOS_build") or table.header.get("genome_build", "")
    return "38" in build


def _number(number: int, row: dict[str, str | None], column: str) -> float | None:
    text = row.get(column)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as refused:
        raise BadRequest(f"variant {number} of the table: {column} is no number") from refused
    if not math.isfinite(value):
        raise BadRequest(f"variant {number} of the table: {column} is not finite")
    return value
