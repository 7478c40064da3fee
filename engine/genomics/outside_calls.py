"""Diplotypes that another laboratory called: CYP2D6, HLA, G6PD, MT-RNR1 and any gene the patient already knows."""

from __future__ import annotations

import re

from engine.genomics.definitions import PhenotypeTable, pair_key

_COPIES = re.compile(r"^(?P<allele>.+?)x(?P<count>\d+)$")


def phenotype_of(diplotype: str, table: PhenotypeTable) -> tuple[str | None, str | None]:
    """Return (phenotype, lookup key) of a diplotype as a laboratory writes it, or (None, None) when it is not covered.

    Tandems and copies (`*36x2+*10`) are added up by activity value; one unknown part makes the whole unknown.
    A single allele (a hemizygous or mitochondrial gene) counts as both.
    """
    parts = [_as_in_table(part.strip(), table) for part in diplotype.split("/")]
    first, second = parts[0], parts[-1]
    key = pair_key(first, second)
    if key in table.lookups:
        return table.phenotypes[key], table.lookups[key]
    if pair_key(first, "MALE") in table.lookups and len(parts) == 1:
        return table.phenotypes[pair_key(first, "MALE")], table.lookups[pair_key(first, "MALE")]
    activities = [_activity(part, table) for part in (first, second)]
    if len(parts) != 2 or None in activities:
        return None, None
    total = sum(activity for activity in activities if activity is not None)
    for known, lookup in table.lookups.items():
        if _number(lookup) == total:
            return table.phenotypes[known], lookup
    return None, None


def _as_in_table(written: str, table: PhenotypeTable) -> str:
    """Return the table's name for an allele given by either half of it: `*2A` is `c.1905+1G>A (*2A)`.

    Where the table's reference has no number, `*1` means the reference.
    """
    if written in table.functions or written == "":
        return written
    if written == "*1" and "Reference" in table.functions:
        return "Reference"
    halves = (name for name in table.functions if name.endswith(f"({written})") or name.startswith(f"{written} ("))
    return next(halves, written)


def hla_statuses(diplotype: str, asked: list[str]) -> list[str]:
    """Return `*57:01 positive` or `negative` for each allele in `asked`; negative needs both alleles to be known."""
    carried = {_two_field(part) for part in diplotype.split("/") if part.strip()}
    statuses = []
    for allele in asked:
        if allele in carried:
            statuses.append(f"{allele} positive")
        elif len(diplotype.split("/")) == 2 and all(re.fullmatch(r"\*\d+:\d+", known) for known in carried):
            statuses.append(f"{allele} negative")
    return statuses


def _two_field(allele: str) -> str:
    """`HLA-B*57:01:01` and `57:01` both mean `*57:01`."""
    digits = re.search(r"(\d+:\d+)", allele)
    return f"*{digits.group(1)}" if digits else allele.strip()


def _activity(haplotype: str, table: PhenotypeTable) -> float | None:
    total = 0.0
    for part in haplotype.split("+"):
        copies = _COPIES.match(part.strip())
        allele, count = (copies["allele"], int(copies["count"])) if copies else (part.strip(), 1)
        value = _number(table.activities.get(allele, ""))
        if value is None:
            return None
        total += value * count
    return total


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
